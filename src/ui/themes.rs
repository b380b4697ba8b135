//! The list of themes: each row has the colours of its theme, and the screen those of the chosen
//! one.

use ratatui::Frame;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::layout::last_row;
use super::theme::Theme;
use super::{Look, bars, popup};
use crate::state::State;
use crate::words::{Say, text};

/// The width of a theme's name; longer ones are cut.
const NAME: usize = 18;

/// The style of a sample in a theme.
type Sample = fn(&Theme) -> Style;

/// The samples that show a theme, beside its name.
const SAMPLES: [(&str, Sample); 6] = [
    (" 123", |theme| theme.accent),
    (" ▶ Ada ", |theme| theme.picked),
    (" ●", |theme| theme.saved),
    (" ●", |theme| theme.saving),
    (" ●", |theme| theme.trouble),
    (" ? ", |theme| theme.key),
];

/// The size of the list with its border and its hints.
pub fn size(look: &Look) -> (u16, u16) {
    let rows = look.themes.names().len() + 3;
    let samples = SAMPLES.iter().map(|(sample, _)| text::width(sample));
    let width = 2 + NAME + samples.sum::<usize>();
    (width as u16 + 2, rows.try_into().unwrap_or(u16::MAX))
}

/// Draws the box and the hints.
pub fn draw(state: &State, look: &Look, frame: &mut Frame) {
    let inner = popup::open(&look.say(&Say::Themes), size(look), look, frame);
    let (_, last) = last_row(inner);
    frame.render_widget(bars::hints(state, look, last.width.into()), last);
}

/// Draws the visible themes, each in its own colours. This comes after everything else, because a
/// theme may use the terminal's own background, which must not be replaced.
pub fn draw_rows(state: &State, look: &Look, frame: &mut Frame) {
    let inner = popup::inner(frame.area(), size(look));
    let rows = usize::from(inner.height.saturating_sub(1));
    let names = look.themes.names();
    // The chosen one is in the middle, unless it is near an end of the list.
    let top = state.theme.saturating_sub(rows / 2);
    let top = top.min(names.len().saturating_sub(rows));
    let shown = names.iter().enumerate().skip(top);
    for (place, (at, name)) in last_row(inner).0.rows().zip(shown) {
        let theme = look.themes.theme(at);
        let (marker, style) = match state.theme == at {
            true => ("▶ ", theme.strong),
            false => ("  ", theme.text),
        };
        let head = [
            Span::styled(marker, theme.accent),
            Span::styled(text::fit(&text::harmless(name), NAME), style),
        ];
        let samples = SAMPLES.iter();
        let samples = samples.map(|(sample, style)| Span::styled(*sample, style(&theme)));
        let ground = Style::reset().patch(theme.text);
        frame.buffer_mut().set_style(place, ground);
        let line = Line::from_iter(head.into_iter().chain(samples));
        frame.render_widget(line.style(ground), place);
    }
}
