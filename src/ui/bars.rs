//! The header, with the place of the database, and the footer, with hints of the keys.

use std::time::Duration;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span, Text};
use ratatui::widgets::{Clear, Paragraph};

use super::layout::Full;
use super::{Look, clicker, contest, status};
use crate::message::Action;
use crate::state::{Contest, Context, Kind, Mode, State};
use crate::words::{Say, text};

/// Draws the header. If there is a race to join, its offer covers the header.
pub fn header(state: &State, look: &Look, full: &Full, frame: &mut Frame) {
    if let Some(offer) = contest::offer(state, look, full.header.width.into()) {
        return frame.render_widget(offer, full.header);
    }
    let link = link(state, look);
    let room = usize::from(full.header.width).saturating_sub(12 + text::width(&link));
    let place = cut_left(&state.place, room);
    let link_style = if state.is_offline() {
        look.theme.trouble
    } else {
        look.theme.quiet
    };
    let place = Line::from(vec![
        Span::styled(place, look.theme.quiet),
        Span::styled(link, link_style),
        Span::raw(" "),
    ]);
    frame.render_widget(place.right_aligned(), full.header);
    let name = Span::styled(" clickoff", look.theme.strong);
    frame.render_widget(name, full.header);
}

/// The state of the connection to a server; empty for a file.
fn link(state: &State, look: &Look) -> String {
    match state.round_trip {
        _ if state.is_offline() => format!(" · {}", look.say(&Say::ShortOffline)),
        Some(time) => format!(" · {}", round_trip(time)),
        None => String::new(),
    }
}

/// `0.4 ms`, `12 ms`, `1.3 s`.
fn round_trip(time: Duration) -> String {
    let ms = time.as_secs_f64() * 1000.0;
    if ms < 9.95 {
        format!("{ms:.1} ms")
    } else if ms < 999.5 {
        format!("{ms:.0} ms")
    } else {
        format!("{:.1} s", ms / 1000.0)
    }
}

/// Cuts off the beginning, because the end of a path is more useful.
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

/// The most rows of a sentence at the bottom. It never covers the button.
const BOTTOM_ROWS: u16 = 4;

/// Draws the footer: a sentence if there is one, else the hints of the keys.
pub fn footer(state: &State, look: &Look, full: &Full, frame: &mut Frame) {
    let sentence = sentence(state, look, full);
    if sentence.is_empty() {
        let line = hints(state, look, full.footer.width.into());
        return frame.render_widget(line, full.footer);
    }
    let style = match state.notice {
        Some(_) => look.theme.strong,
        None => look.theme.trouble,
    };
    let lines = sentence.into_iter();
    let lines = lines.map(|line| Line::raw(format!(" {line}")));
    let area = bottom(state, look, full);
    frame.render_widget(Clear, area);
    frame.render_widget(Paragraph::new(Text::from_iter(lines)).style(style), area);
}

/// The area of the footer. A sentence of several lines covers the lowest rows of the panes.
pub fn bottom(state: &State, look: &Look, full: &Full) -> Rect {
    let rows = sentence(state, look, full).len().max(1) as u16;
    Rect {
        y: full.footer.bottom() - rows,
        height: rows,
        ..full.footer
    }
}

/// A notice, or a trouble that does not fit into the status line.
fn sentence(state: &State, look: &Look, full: &Full) -> Vec<String> {
    let columns = usize::from(full.footer.width).saturating_sub(2);
    let rows = full.footer.bottom().saturating_sub(full.button.bottom());
    let rows = rows.clamp(1, BOTTOM_ROWS).into();
    let wrap = |words: &str| text::wrap(words, columns, rows);
    match &state.notice {
        Some(notice) => wrap(&look.say(notice)),
        None if status::trouble(state).is_some()
            && (contest::covers_status(state, full) || !status::fits(state, look, full)) =>
        {
            wrap(&status::words(state, look))
        }
        None => Vec::new(),
    }
}

/// The action of a click on the header or the footer.
pub fn click(state: &State, look: &Look, full: &Full, at: Position) -> Option<Action> {
    if full.header.contains(at) {
        return contest::offer_action(state, look);
    }
    let hinted = sentence(state, look, full).is_empty();
    hinted.then(|| hint_at(state, look, full.footer, at))?
}

/// The action of the hint at this position of a row of hints.
pub fn hint_at(state: &State, look: &Look, row: Rect, at: Position) -> Option<Action> {
    if !row.contains(at) {
        return None;
    }
    let mut right = row.x;
    let hints = shown_hints(state, look, row.width.into());
    let mut hints = hints.into_iter();
    let (action, _) = hints.find(|(_, spans)| {
        right += spans.iter().map(|s| text::width(&s.content)).sum::<usize>() as u16;
        at.x < right
    })?;
    Some(action)
}

/// As many hints as fit: the first, then how to leave and the help, then the rest.
pub fn hints(state: &State, look: &Look, room: usize) -> Line<'static> {
    let hints = shown_hints(state, look, room);
    Line::from_iter(hints.into_iter().flat_map(|(_, spans)| spans))
}

/// The hints that fit, each with its action.
fn shown_hints(state: &State, look: &Look, room: usize) -> Vec<(Action, [Span<'static>; 2])> {
    let bindings = look.keymap.of(state.context());
    let useful = bindings.filter(|binding| works(state, binding.action));
    let useful = useful.filter_map(|b| Some((b, b.keys.first()?, b.hint?)));
    let mut hints = Vec::new();
    for (mut at, (binding, key, hint)) in (1..).zip(useful) {
        let need = match binding.action {
            // Where nobody is picked, everything begins with a new player.
            Action::Add if clicker::subject(state).is_none() => 0,
            _ if at == 1 => 0,
            Action::Quit | Action::Back => 1,
            Action::Help if state.context() == Context::Play => 2,
            _ => 3,
        };
        if need == 0 && binding.action == Action::Add {
            at = 0;
        }
        hints.push((need, at, binding.action, key, hint));
    }
    hints.sort_by_key(|(need, at, ..)| (*need, *at));
    let mut used = 0;
    let fits = hints.into_iter().map_while(|(_, at, action, key, hint)| {
        let key = Span::styled(format!(" {}", key.label()), look.theme.key);
        let hint = match (&state.mode, action) {
            (Mode::Form(form), Action::NextField) if !form.has_email => &Say::HintEmail,
            _ => hint,
        };
        let word = Span::styled(format!(" {} ", look.say(hint)), look.theme.quiet);
        used += text::width(&key.content) + text::width(&word.content);
        (used <= room).then_some((at, action, [key, word]))
    });
    let mut shown: Vec<_> = fits.collect();
    shown.sort_by_key(|(at, ..)| *at);
    let shown = shown.into_iter();
    shown.map(|(_, action, spans)| (action, spans)).collect()
}

/// Whether an action can do something now, so that its hint is useful.
fn works(state: &State, action: Action) -> bool {
    if !state.rights.allow(action) {
        return false;
    }
    match action {
        Action::Press => clicker::has_button(state),
        Action::Contest(Kind::Race) if state.context() == Context::Competing(Kind::Race) => {
            state.contest().is_some_and(Contest::is_over)
        }
        Action::Replay if state.context() != Context::Replay => state
            .contest()
            .is_some_and(|contest| contest.is_choice() || contest.is_over()),
        Action::Contest(_) if state.contest().is_some_and(Contest::is_on) => false,
        Action::Card => match state.contest() {
            Some(contest) => contest.has_result(),
            None => state.times.past.is_some(),
        },
        Action::Contest(_) | Action::Edit | Action::Remove | Action::History | Action::About => {
            state.picked_player().is_some()
        }
        Action::Add => state.loaded && state.adding.is_none(),
        Action::Filter | Action::Period => state.loaded,
        Action::Help => !state.contest().is_some_and(Contest::is_on),
        _ => true,
    }
}
