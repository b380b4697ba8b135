//! A card as an SVG picture. Its colours follow the light or dark mode of the page it is on.

use std::fmt;

use crate::words::text;

/// The size of the picture.
const SIZE: (usize, usize) = (560, 232);

/// The height of the highest bar, and the y coordinate of the baseline.
const BARS: (u64, u64) = (64, 140);

/// The margin on the left and on the right.
const MARGIN: usize = 28;

/// The style page, for light and dark pages.
const STYLE: &str = "\
.card{fill:#fdfcff;stroke:#d8d3e3}
.name{font:600 22px system-ui,sans-serif;fill:#241f31}
.number{font:700 44px system-ui,sans-serif;fill:#8a2be2}
.unit,.facts{font:400 15px system-ui,sans-serif;fill:#4f4860}
.note,.promise{font:400 13px system-ui,sans-serif;fill:#6a6280}
.bar{fill:#8a2be2}
.none{fill:#d8d3e3}
@media (prefers-color-scheme:dark){
.card{fill:#17141f;stroke:#3b3550}
.name{fill:#f3effc}
.number{fill:#c890ff}
.unit,.facts{fill:#c9c1dc}
.note,.promise{fill:#a79fbd}
.bar{fill:#c890ff}
.none{fill:#3b3550}
}";

/// What a card shows.
#[derive(Debug)]
pub struct Picture {
    /// The player's name.
    pub name: String,
    /// The large number.
    pub number: String,
    /// What it counts.
    pub unit: String,
    /// What the bars show.
    pub note: String,
    /// More facts, in one line.
    pub facts: String,
    /// The line at the bottom, with the program's promise.
    pub promise: String,
    /// The heights of the bars.
    pub curve: Vec<u64>,
}

impl fmt::Display for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (width, height) = SIZE;
        let right = width - MARGIN;
        let title = escaped(&format!("{}: {} {}", self.name, self.number, self.unit));
        writeln!(
            f,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
             viewBox=\"0 0 {width} {height}\" role=\"img\">\n<title>{title}</title>\n\
             <style>{STYLE}</style>\n<rect class=\"card\" x=\"1\" y=\"1\" width=\"{}\" \
             height=\"{}\" rx=\"14\"/>",
            width - 2,
            height - 2,
        )?;
        write_text(f, "name", (MARGIN, 46), "start", &self.name)?;
        write_text(f, "number", (MARGIN, 108), "start", &self.number)?;
        write_text(f, "unit", (MARGIN, 134), "start", &self.unit)?;
        self.bars(f)?;
        write_text(f, "note", (right, 160), "end", &self.note)?;
        write_text(f, "facts", (MARGIN, 182), "start", &self.facts)?;
        write_text(f, "promise", (MARGIN, 210), "start", &self.promise)?;
        writeln!(f, "</svg>")
    }
}

impl Picture {
    /// Writes the curve on the right half. A value of 0 is a thin line.
    fn bars(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (height, ground) = BARS;
        let most = self.curve.iter().copied().max().unwrap_or(0).max(1);
        let room = SIZE.0 / 2 - MARGIN;
        let step = room / self.curve.len().max(1);
        let width = (step * 4 / 5).max(1);
        for (at, n) in self.curve.iter().enumerate() {
            let x = SIZE.0 - MARGIN - (self.curve.len() - at) * step + (step - width);
            let part = u128::from(*n) * u128::from(height) / u128::from(most);
            let (class, high) = match n {
                0 => ("none", 2),
                _ => ("bar", (part as u64).max(3)),
            };
            writeln!(
                f,
                "<rect class=\"{class}\" x=\"{x}\" y=\"{}\" width=\"{width}\" height=\"{high}\" \
                 rx=\"1\"/>",
                ground - high
            )?;
        }
        Ok(())
    }
}

fn write_text(
    f: &mut fmt::Formatter<'_>,
    class: &str,
    (x, y): (usize, usize),
    anchor: &str,
    words: &str,
) -> fmt::Result {
    if words.is_empty() {
        return Ok(());
    }
    let words = escaped(words);
    writeln!(
        f,
        "<text class=\"{class}\" x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\">{words}</text>"
    )
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
        let name = "</text><script>alert(1)</script>\"'&\u{ffff}\x1b[31m\u{202e}";
        let picture = Picture {
            name: name.to_owned(),
            number: "7".to_owned(),
            unit: "points".to_owned(),
            note: String::new(),
            facts: "a & b".to_owned(),
            promise: "never".to_owned(),
            curve: vec![0, 1, u64::MAX],
        };
        let svg = picture.to_string();
        let shown = "&lt;/text&gt;&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;\u{fffd}␛[31m\u{fffd}";
        assert!(svg.contains(&format!(">{shown}</text>")), "{svg}");
        assert!(!svg.contains("<script") && !svg.contains('\x1b'), "{svg}");
        assert_eq!(svg.matches("class=\"bar\"").count(), 2);
        assert!(svg.contains("height=\"64\""), "{svg}");
        assert!(svg.contains("a &amp; b"));
    }
}
