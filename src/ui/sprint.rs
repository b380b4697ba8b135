//! A sprint in the place of the list: the choice, the clock and the ghost, the result and the board.

use std::time::Duration;

use ratatui::Frame;
use ratatui::layout::{Margin, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span, Text};
use ratatui::widgets::{Block, BorderType, Clear, Paragraph};

use super::layout::{FULL, Full};
use super::{Look, clicker, text};
use crate::game::sprint::{Length, Run, Trace};
use crate::state::{Kept, Known, Phase, Sprint, State};

/// The fewest columns beside which the clicker pane stays in sight.
const BESIDE: u16 = 30;

/// The fewest rows in which a number is drawn large.
const LARGE: u16 = 14;

/// Where it stands: in the list's place, or in both panes' where that is narrow.
pub fn place(full: &Full) -> Rect {
    if full.list.width >= BESIDE {
        full.list
    } else {
        full.list.union(full.pane)
    }
}

/// Whether it stands where the line of state else is.
pub fn covers_status(state: &State, full: &Full) -> bool {
    let covers = state.sprint().is_some() || state.contest().is_some();
    covers && place(full) != full.list
}

/// Draws the sprint that is on the screen.
pub fn draw(state: &State, sprint: &Sprint, look: &Look, full: &Full, frame: &mut Frame) {
    let title = match sprint.phase {
        Phase::Choosing => " Sprint ".to_owned(),
        _ => format!(" Sprint over {} s ", sprint.length.seconds()),
    };
    let number = match &sprint.phase {
        Phase::Countdown(start) => Some(sprint.seconds_to(*start)),
        Phase::Running(run) => Some(run.trace().total()),
        Phase::Saving { run, .. } => Some(run.trace().total()),
        Phase::Done { trace, .. } => Some(trace.total()),
        Phase::Choosing | Phase::Void(_) => None,
    };
    let words = pane(title, number, look, full, frame);
    let room = (usize::from(words.width), usize::from(words.height));
    let lines = lines(state, sprint, look, room);
    frame.render_widget(Paragraph::new(Text::from_iter(lines)), words);
}

/// An empty bordered box in its place, with a number that is drawn large if there is room for it;
/// gives what is left for words.
pub fn pane(
    title: String,
    number: Option<u64>,
    look: &Look,
    full: &Full,
    frame: &mut Frame,
) -> Rect {
    let place = place(full);
    let block = Block::bordered()
        .border_type(BorderType::Rounded)
        .border_style(look.theme.accent)
        .title(Span::styled(title, look.theme.strong));
    let inner = block.inner(place).inner(Margin::new(1, 0));
    frame.render_widget(Clear, place);
    frame.render_widget(block, place);
    let Some(number) = number.filter(|_| inner.height >= LARGE) else {
        return inner;
    };
    let [above, below] = inner.layout(&ratatui::layout::Layout::vertical([
        ratatui::layout::Constraint::Length(6),
        ratatui::layout::Constraint::Fill(1),
    ]));
    clicker::digits(number.cast_signed(), None, look, above, frame);
    below
}

/// What there is to say, on so many columns and rows.
fn lines(
    state: &State,
    sprint: &Sprint,
    look: &Look,
    (columns, rows): (usize, usize),
) -> Vec<Line<'static>> {
    let theme = &look.theme;
    let mut lines = Vec::new();
    let say = |lines: &mut Vec<Line<'static>>, words: &str, style: Style| {
        let wrapped = text::wrap(words, columns, rows.saturating_sub(lines.len()).max(1));
        lines.extend(wrapped.into_iter().map(|line| Line::styled(line, style)));
    };
    match &sprint.phase {
        Phase::Choosing => {
            lines.extend(Length::ALL.map(|length| choice(sprint, length, look)));
            board(state, sprint, look, (columns, rows), &mut lines);
        }
        Phase::Countdown(start) => {
            let ready = format!("Get ready: {}", sprint.seconds_to(*start));
            say(&mut lines, &ready, theme.strong);
            let rival = match (sprint.best(), &sprint.bests) {
                (Some(best), _) => format!("Your best is {best}."),
                (None, Known::Read(_)) => "There is no best to beat yet.".to_owned(),
                (None, _) => "Your best is not known.".to_owned(),
            };
            say(&mut lines, &rival, Style::new());
            let early = "What is pressed before the start counts for the score alone.";
            say(&mut lines, early, theme.quiet);
        }
        Phase::Running(run) => {
            lines.push(clock(sprint, run, look, columns));
            lines.extend(duel(sprint, run, look, columns));
        }
        Phase::Saving { run, .. } => {
            let presses = run.trace().total();
            say(
                &mut lines,
                &presses_in(presses, sprint.length),
                theme.strong,
            );
            say(&mut lines, "saving…", theme.saving);
        }
        Phase::Done {
            trace,
            before,
            kept,
        } => {
            let presses = trace.total();
            say(
                &mut lines,
                &presses_in(presses, sprint.length),
                theme.strong,
            );
            say(&mut lines, &verdict(sprint, trace, *before), theme.accent);
            match kept {
                Kept::NotYet => say(&mut lines, "keeping it…", theme.saving),
                Kept::Yes => say(&mut lines, "saved", theme.saved),
                Kept::Nothing => {}
                Kept::No(why) => {
                    let why = format!("The result was not kept: {}", text::harmless(why));
                    say(&mut lines, &why, theme.trouble);
                }
            }
            board(state, sprint, look, (columns, rows), &mut lines);
        }
        Phase::Void(why) => {
            say(&mut lines, &format!("Void: {why}."), theme.trouble);
            say(
                &mut lines,
                "Its presses count for the score like any others.",
                Style::new(),
            );
        }
    }
    lines.truncate(rows);
    lines
}

/// A length with the player's best over it.
fn choice(sprint: &Sprint, length: Length, look: &Look) -> Line<'static> {
    let best = match &sprint.bests {
        Known::Read(bests) => match bests.own(length) {
            Some(best) => format!("your best {}", best.presses),
            None => "no best yet".to_owned(),
        },
        Known::NotYet => "…".to_owned(),
        Known::Not(_) => String::new(),
    };
    length_line(length, sprint.length == length, &best, look)
}

/// A length that can be chosen, with a few words.
pub fn length_line(length: Length, chosen: bool, words: &str, look: &Look) -> Line<'static> {
    let style = if chosen {
        look.theme.picked
    } else {
        Style::new()
    };
    Line::from(vec![
        Span::styled(if chosen { "▶ " } else { "  " }, look.theme.accent),
        Span::styled(format!("{:>2} s", length.seconds()), style),
        Span::styled(format!("   {words}"), look.theme.quiet),
    ])
}

/// The board of the length, as much of it as there are rows for.
fn board(
    state: &State,
    sprint: &Sprint,
    look: &Look,
    (columns, rows): (usize, usize),
    lines: &mut Vec<Line<'static>>,
) {
    if rows >= lines.len() + 4 {
        lines.push(Line::default());
    }
    let left = rows.saturating_sub(lines.len());
    let bests = match &sprint.bests {
        Known::Read(bests) => bests,
        Known::NotYet => {
            return lines.push(Line::styled("The board is being read…", look.theme.quiet));
        }
        Known::Not(why) => {
            let why = format!("The board can't be read: {}", text::harmless(why));
            let why = text::wrap(&why, columns, left.max(1));
            return lines.extend(why.into_iter().map(|l| Line::styled(l, look.theme.trouble)));
        }
    };
    let board = bests.board(sprint.length);
    if left < 2 {
        return lines.push(Line::styled(
            "There is no room for the board.",
            look.theme.quiet,
        ));
    }
    let heading = format!("The best over {} s", sprint.length.seconds());
    lines.push(Line::styled(
        text::cut(&heading, columns),
        look.theme.strong,
    ));
    if board.is_empty() {
        return lines.push(Line::styled("nobody yet", look.theme.quiet));
    }
    for place in board {
        let Some(player) = state.standings.get(place.player) else {
            continue;
        };
        let rank = 1 + board.iter().filter(|p| p.presses > place.presses).count();
        let own = place.player == sprint.player;
        let marker = if own { "▶" } else { " " };
        let presses = place.presses.to_string();
        let room = columns.saturating_sub(5 + presses.len());
        let style = if own { look.theme.picked } else { Style::new() };
        lines.push(Line::from(vec![
            Span::styled(marker, look.theme.accent),
            Span::styled(format!("{rank:>2} "), look.theme.quiet),
            Span::styled(text::fit(&text::name(&player.name), room), style),
            Span::styled(format!(" {presses}"), style),
        ]));
    }
}

fn clock(sprint: &Sprint, run: &Run, look: &Look, columns: usize) -> Line<'static> {
    let left = sprint.length.time().saturating_sub(sprint.elapsed(run));
    time_left(left, sprint.length, look, columns)
}

/// The time that is left, in words and as a bar that gets shorter.
pub fn time_left(left: Duration, length: Length, look: &Look, columns: usize) -> Line<'static> {
    let all = length.time();
    let words = format!("{} left ", tenths(left));
    let bar = bar(
        left.as_millis(),
        all.as_millis(),
        columns.saturating_sub(words.len()),
    );
    Line::from(vec![
        Span::styled(words, look.theme.strong),
        Span::styled(bar, look.theme.accent),
    ])
}

/// The player beside the ghost, each with presses, presses of the last second and a bar, and who is
/// ahead.
fn duel(sprint: &Sprint, run: &Run, look: &Look, columns: usize) -> Vec<Line<'static>> {
    let elapsed = sprint.elapsed(run);
    let made = run.trace().total();
    let goal = sprint.best().unwrap_or(0).max(made).max(1);
    let runner = |who: &str, presses: u64, trace: &Trace, style: Style| {
        let words = format!("{who:<5} {presses:>4} {:>3}/s ", trace.last_second(elapsed));
        let room = columns.saturating_sub(words.len());
        let bar = bar(presses.into(), goal.into(), room);
        Line::from(vec![Span::raw(words), Span::styled(bar, style)])
    };
    let mut lines = vec![runner("you", made, run.trace(), look.theme.accent)];
    let Some(ghost) = sprint.ghost() else {
        let words = match (sprint.best(), &sprint.bests) {
            (Some(best), _) => format!("your best is {best}"),
            (None, Known::Read(_)) => "there is no best to beat yet".to_owned(),
            (None, _) => "your best is not known".to_owned(),
        };
        lines.push(Line::styled(text::cut(&words, columns), look.theme.quiet));
        return lines;
    };
    let there = ghost.by(elapsed);
    lines.push(runner("ghost", there, ghost, look.theme.quiet));
    let (words, style) = if made > there {
        (
            format!("▲ {} ahead of your best", made - there),
            look.theme.saved,
        )
    } else if made < there {
        (
            format!("▼ {} behind your best", there - made),
            look.theme.trouble,
        )
    } else {
        ("= level with your best".to_owned(), look.theme.strong)
    };
    lines.push(Line::styled(text::cut(&words, columns), style));
    lines
}

/// A part of a whole in full blocks, and nothing of one that has none.
pub fn bar(part: u128, whole: u128, columns: usize) -> String {
    let blocks = part.min(whole) * columns as u128 / whole.max(1);
    "█".repeat(blocks as usize)
}

/// `3.4 s`, rounded up, so that nought is the end.
pub fn tenths(time: Duration) -> String {
    let tenths = time.as_millis().div_ceil(100);
    format!("{}.{} s", tenths / 10, tenths % 10)
}

fn presses_in(presses: u64, length: Length) -> String {
    let rate = presses as f64 / f64::from(length.seconds());
    let presses = text::presses(presses);
    format!("{presses} in {} s: {rate:.1}/s", length.seconds())
}

/// How a result compares with the best before.
fn verdict(sprint: &Sprint, trace: &Trace, before: Option<u64>) -> String {
    let presses = trace.total();
    match before {
        _ if presses == 0 => "No press: there is nothing to keep.".to_owned(),
        Some(best) if presses > best => format!("A new best! It was {best}."),
        Some(best) if presses == best => "Just as good as your best.".to_owned(),
        Some(best) => format!("{} behind your best of {best}.", best - presses),
        None if sprint.read().is_some() => "Your first over this length.".to_owned(),
        None => "Your best before is not known.".to_owned(),
    }
}

/// All of it in one line, for a screen too small for more.
pub fn summary(sprint: &Sprint) -> String {
    let seconds = sprint.length.seconds();
    match &sprint.phase {
        Phase::Choosing => match sprint.best() {
            Some(best) => format!("Sprint {seconds} s, best {best}"),
            None => format!("Sprint {seconds} s?"),
        },
        Phase::Countdown(start) => format!("Ready: {}", sprint.seconds_to(*start)),
        Phase::Running(run) => {
            let elapsed = sprint.elapsed(run);
            let left = tenths(sprint.length.time().saturating_sub(elapsed));
            let made = run.trace().total();
            let lead = sprint.ghost().map_or_else(String::new, |ghost| {
                let lead = i128::from(made) - i128::from(ghost.by(elapsed));
                format!(" {lead:+}")
            });
            format!("{left} {made}{lead}")
        }
        Phase::Saving { run, .. } => format!("{} saving…", run.trace().total()),
        Phase::Done { trace, before, .. } => {
            let presses = trace.total();
            match before {
                Some(best) if presses > *best => format!("{presses}: new best"),
                Some(best) => format!("{presses}, best {best}"),
                None => format!("{presses} in {seconds} s"),
            }
        }
        Phase::Void(why) => format!("Void: {why}"),
    }
}

/// What a screen of few rows shows below that line, and what it has no room for.
pub fn small_print(sprint: &Sprint) -> String {
    let (columns, rows) = FULL;
    match &sprint.phase {
        Phase::Done {
            kept: Kept::No(why),
            ..
        } => format!("The result was not kept: {}", text::harmless(why)),
        Phase::Choosing | Phase::Done { .. } => match &sprint.bests {
            Known::Not(why) => format!("The board can't be read: {}", text::harmless(why)),
            _ => format!("The board needs {columns}x{rows}."),
        },
        Phase::Running(_) | Phase::Countdown(_) => {
            format!("The bars need {columns}x{rows}.")
        }
        Phase::Void(_) => "Its presses count for the score.".to_owned(),
        Phase::Saving { .. } => String::new(),
    }
}
