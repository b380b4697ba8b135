//! The header, which says where the scores live, and the footer, which says what the keys do now.

use ratatui::Frame;
use ratatui::text::{Line, Span};

use super::layout::Full;
use super::{Look, text};
use crate::state::{Context, State};

/// Draws the header.
pub fn header(state: &State, look: &Look, full: &Full, frame: &mut Frame) {
    let room = usize::from(full.header.width).saturating_sub(12);
    let place = cut_left(&state.place, room);
    let line = Line::from(vec![Span::styled(" clickoff", look.theme.strong)]);
    frame.render_widget(line, full.header);
    let place = Line::styled(format!("{place} "), look.theme.quiet);
    frame.render_widget(place.right_aligned(), full.header);
}

/// Cuts the beginning, because the end of a path says more.
fn cut_left(place: &str, columns: usize) -> String {
    use unicode_segmentation::UnicodeSegmentation;
    let place = text::harmless(place);
    if text::width(&place) <= columns {
        return place.into_owned();
    }
    let mut used = 1;
    let mut kept: Vec<&str> = Vec::new();
    for cluster in place.graphemes(true).rev() {
        used += text::width(cluster);
        if used > columns {
            break;
        }
        kept.push(cluster);
    }
    kept.push("…");
    kept.reverse();
    kept.concat()
}

/// Draws the footer: a notice to read, else the hints of the keymap.
pub fn footer(state: &State, look: &Look, full: &Full, frame: &mut Frame) {
    let room = usize::from(full.footer.width);
    let line = match &state.notice {
        Some(notice) => Line::styled(
            format!(" {}", text::cut(notice, room.saturating_sub(2))),
            look.theme.strong,
        ),
        None => hints(state.context(), look, room),
    };
    frame.render_widget(line, full.footer);
}

/// As many hints as there is room for, the first ones first.
pub fn hints(context: Context, look: &Look, room: usize) -> Line<'static> {
    let mut spans = Vec::new();
    let mut used = 0;
    for binding in look.keymap.of(context).filter(|b| !b.hint.is_empty()) {
        let Some(key) = binding.keys.first() else {
            continue;
        };
        let key = format!(" {}", key.label());
        let word = format!(" {} ", binding.hint);
        used += text::width(&key) + text::width(&word);
        if used > room {
            break;
        }
        spans.push(Span::styled(key, look.theme.key));
        spans.push(Span::styled(word, look.theme.quiet));
    }
    Line::from(spans)
}
