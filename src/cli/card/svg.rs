//! A card as an SVG picture. Its colours follow the light or dark mode of the page it is on.

use crate::words::text;

/// The picture, with a `$` and a name where something is to be put in.
const TEMPLATE: &str = include_str!("../../../assets/card.svg");

/// The bars: the highest one, the y coordinate of their baseline, the x coordinate of their right
/// end, and the width of all together.
const BARS: (u64, u64, usize, usize) = (64, 140, 532, 252);

/// The picture with these texts by their names, and a curve.
pub fn picture(texts: &[(&str, String)], curve: &[u64]) -> String {
    let mut parts = TEMPLATE.split('$');
    let mut svg = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, rest) = part.split_once('<').unwrap_or((part, ""));
        let text = texts.iter().find(|(known, _)| *known == name);
        svg += &text.map_or_else(|| bars(curve), |(_, text)| escaped(text));
        svg.push('<');
        svg += rest;
    }
    svg
}

/// The bars of a curve. A value of 0 is a thin line.
fn bars(curve: &[u64]) -> String {
    let (height, ground, right, room) = BARS;
    let most = curve.iter().copied().max().unwrap_or(0).max(1);
    let step = room / curve.len().max(1);
    let width = (step * 4 / 5).max(1);
    let bars = curve.iter().enumerate().map(|(at, n)| {
        let x = right - (curve.len() - at) * step + (step - width);
        let part = u128::from(*n) * u128::from(height) / u128::from(most);
        let (class, high) = match n {
            0 => ("none", 2),
            _ => ("bar", (part as u64).max(3)),
        };
        let y = ground - high;
        format!(
            "<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{high}\" \
             rx=\"1\"/>\n"
        )
    });
    bars.collect()
}

/// Escapes a text for XML, and leaves out characters that XML forbids.
fn escaped(words: &str) -> String {
    let mut out = String::new();
    for c in text::harmless(words).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_leaves_its_place_and_no_bar_its_own() {
        let name = "$unit</text><script>alert(1)</script>\"'&\u{ffff}\x1b[31m\u{202e}";
        let texts = [
            "title", "name", "number", "unit", "note", "facts", "promise",
        ];
        let texts = texts.map(|known| match known {
            "name" => (known, name.to_owned()),
            "facts" => (known, "a & b".to_owned()),
            _ => (known, String::new()),
        });
        let svg = picture(&texts, &[0, 1, u64::MAX]);
        let shown = "$unit&lt;/text&gt;&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;\u{fffd}␛[31m\u{fffd}";
        assert!(svg.contains(&format!(">{shown}</text>")), "{svg}");
        assert!(!svg.contains("<script") && !svg.contains('\x1b'), "{svg}");
        assert_eq!(svg.matches("class=\"bar\"").count(), 2);
        assert!(svg.contains("height=\"64\""), "{svg}");
        assert!(svg.contains("a &amp; b"));
    }
}
