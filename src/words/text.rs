//! Makes text safe for a terminal, and fits it into columns.

use std::borrow::Cow;
use std::fmt::Display;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// The most bytes of a grapheme cluster that are shown. A letter with hundreds of combining marks
/// would otherwise take a kilobyte in a single cell.
const CLUSTER_BYTES: usize = 48;

/// The text without characters that a terminal would act on or that could reorder a line.
///
/// Control characters become their Unicode pictures, others U+FFFD. Joiners are kept, because emoji
/// and Persian need them.
pub fn harmless(text: &str) -> Cow<'_, str> {
    if text.chars().all(|c| visible(c) == Some(c)) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().filter_map(visible).collect())
}

fn visible(c: char) -> Option<char> {
    match c {
        '\0'..='\x1f' => char::from_u32(0x2400 + u32::from(c)),
        '\x7f' => Some('\u{2421}'),
        // C1 controls; line and paragraph separators; bidirectional overrides and isolates.
        '\u{80}'..='\u{9f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}'
        | '\u{fff9}'..='\u{fffb}' => Some('\u{fffd}'),
        // Characters without a width or a visible form.
        '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{feff}' | '\u{ad}' => None,
        _ => Some(c),
    }
}

/// The width of a safe text, in columns.
pub fn width(text: &str) -> usize {
    if is_plain(text) {
        return text.len();
    }
    text.graphemes(true).map(cluster_width).sum()
}

/// Whether every byte is a character of one column, which is the usual case. Anything else takes
/// fifty times as long to measure.
pub fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}

fn cluster_width(cluster: &str) -> usize {
    capped(cluster).width()
}

fn capped(cluster: &str) -> &str {
    let mut end = cluster.len().min(CLUSTER_BYTES);
    while !cluster.is_char_boundary(end) {
        end -= 1;
    }
    &cluster[..end]
}

/// The text, made safe and cut to at most `columns`; a cut shows as `…`.
pub fn cut(text: &str, columns: usize) -> String {
    if text.len() <= columns && is_plain(text) {
        return text.to_owned();
    }
    // A column of twenty does not need a name of a megabyte to be examined.
    let near: String = text.chars().take(columns * CLUSTER_BYTES + 1).collect();
    let text = harmless(&near);
    let mut out = String::new();
    let mut used = 0;
    let mut clusters = text.graphemes(true).filter(|c| cluster_width(c) > 0);
    while let Some(cluster) = clusters.next() {
        let wide = cluster_width(cluster);
        let more = clusters.clone().next().is_some();
        if used + wide + usize::from(more) > columns {
            if used < columns && (more || used + wide > columns) {
                out.push('…');
            }
            break;
        }
        out.push_str(capped(cluster));
        used += wide;
    }
    out
}

/// The text, made safe, then cut or padded to exactly `columns`.
pub fn fit(text: &str, columns: usize) -> String {
    let mut out = cut(text, columns);
    let used = width(&out);
    out.extend(std::iter::repeat_n(' ', columns.saturating_sub(used)));
    out
}

/// What stands between two facts of one sentence.
const DOT: &str = " · ";

/// The text, made safe and broken into lines of at most `columns`: between facts if possible, where
/// the dot is left out, otherwise between words. If it needs more than `rows` lines, it is cut,
/// which shows as `…`.
pub fn wrap(text: &str, columns: usize, rows: usize) -> Vec<String> {
    let text = harmless(text);
    let mut lines = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() && columns > 0 && lines.len() < rows {
        if lines.len() + 1 == rows {
            lines.push(cut(rest, columns));
            break;
        }
        let (line, more) = rest.split_at(line_end(rest, columns));
        let line = line.trim_end();
        lines.push(line.strip_suffix(" ·").unwrap_or(line).to_owned());
        rest = more.trim_start();
        rest = rest.strip_prefix("· ").unwrap_or(rest);
    }
    lines
}

/// Characters that must not begin a line.
const STOPS: &str = "。，、：；！？）”….,:;!?)";

/// Characters that must not end a line.
const OPENINGS: [char; 2] = ['（', '“'];

/// Where the first line of a text ends, in bytes. It has at least one cluster.
fn line_end(text: &str, columns: usize) -> usize {
    let mut used = 0;
    let mut last_break = None;
    let mut after_wide = false;
    for (at, cluster) in text.grapheme_indices(true) {
        let wide = cluster_width(cluster);
        used += wide;
        // A line may break between wide characters, but not before their punctuation.
        let between = (after_wide || wide == 2) && at > 0 && !STOPS.contains(cluster);
        if cluster == " " || (between && !text[..at].ends_with(OPENINGS)) {
            last_break = Some(at);
        }
        if used > columns && cluster != " " {
            let between_facts = text[..at].rfind(DOT).filter(|dot| {
                let fact = &text[dot + DOT.len()..];
                let fact = fact.split_once(DOT).map_or(fact, |(fact, _)| fact);
                width(fact) <= columns
            });
            return between_facts
                .or(last_break)
                .unwrap_or(at.max(cluster.len()));
        }
        after_wide = wide == 2;
    }
    text.len()
}

/// A player's name for the command line. If it has no visible character, a placeholder.
pub fn name(name: &str) -> Cow<'_, str> {
    visible_name(name).unwrap_or(Cow::Borrowed("(no name)"))
}

/// A player's name, made safe; `None` if it has no visible character.
pub fn visible_name(name: &str) -> Option<Cow<'_, str>> {
    let shown = harmless(name);
    let visible = !shown.trim().is_empty() && width(&shown) > 0;
    visible.then_some(shown)
}

/// `1 press`, `2,000 presses`.
pub fn presses(n: u64) -> String {
    match n {
        1 => "1 press".to_owned(),
        n => format!("{} presses", grouped(n)),
    }
}

/// An integer with grouped digits, as in English and Chinese: `999`, `1,000`, `-1,234,567`.
pub fn grouped(n: impl Display) -> String {
    let written = n.to_string();
    let digits = written.trim_start_matches('-');
    let mut out = String::from(&written[..written.len() - digits.len()]);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
