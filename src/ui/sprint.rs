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
use crate::words::Say;

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
        Phase::Choosing => Say::Sprint,
        _ => Say::SprintOver {
            seconds: seconds(sprint.length),
        },
    };
    let title = format!(" {} ", look.words.say(&title));
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
    let above = Rect { height: 6, ..inner };
    let below = Rect {
        y: above.bottom(),
        height: inner.height - above.height,
        ..inner
    };
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
    let say = |lines: &mut Vec<Line<'static>>, what: &Say, style: Style| {
        let words = look.words.say(what);
        let wrapped = text::wrap(&words, columns, rows.saturating_sub(lines.len()).max(1));
        lines.extend(wrapped.into_iter().map(|line| Line::styled(line, style)));
    };
    match &sprint.phase {
        Phase::Choosing => {
            lines.extend(Length::ALL.map(|length| choice(sprint, length, look)));
            board(state, sprint, look, (columns, rows), &mut lines);
        }
        Phase::Countdown(start) => {
            let seconds = sprint.seconds_to(*start);
            say(&mut lines, &Say::GetReady { seconds }, theme.strong);
            let rival = match (sprint.best(), &sprint.bests) {
                (Some(presses), _) => Say::BestIs { presses },
                (None, Known::Read(_)) => Say::BestIsNone,
                (None, _) => Say::BestIsUnknown,
            };
            say(&mut lines, &rival, Style::new());
            say(&mut lines, &Say::EarlyPresses, theme.quiet);
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
            say(&mut lines, &Say::SprintSaving, theme.saving);
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
                Kept::NotYet => say(&mut lines, &Say::SprintKeeping, theme.saving),
                Kept::Yes => say(&mut lines, &Say::Saved, theme.saved),
                Kept::Nothing => {}
                Kept::No(why) => {
                    let why = why.clone().into();
                    say(&mut lines, &Say::ResultUnkept { why }, theme.trouble);
                }
            }
            board(state, sprint, look, (columns, rows), &mut lines);
        }
        Phase::Void(why) => {
            let why = why.clone().into();
            say(&mut lines, &Say::SprintVoid { why }, theme.trouble);
            say(&mut lines, &Say::PressesCount, Style::new());
        }
    }
    lines.truncate(rows);
    lines
}

/// A length with the player's best over it.
fn choice(sprint: &Sprint, length: Length, look: &Look) -> Line<'static> {
    let best = match &sprint.bests {
        Known::Read(bests) => match bests.own(length) {
            Some(best) => look
                .words
                .say(&Say::ChoiceBest {
                    presses: best.presses,
                })
                .into_owned(),
            None => look.words.say(&Say::ChoiceNoBest).into_owned(),
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
    let time = Say::Seconds {
        n: format!("{:>2}", length.seconds()),
    };
    Line::from(vec![
        Span::styled(if chosen { "▶ " } else { "  " }, look.theme.accent),
        Span::styled(look.words.say(&time).into_owned(), style),
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
            return lines.push(quiet(&Say::BoardReading, columns, look));
        }
        Known::Not(why) => {
            let why = why.clone().into();
            let why = look.words.say(&Say::BoardUnread { why }).into_owned();
            let why = text::wrap(&why, columns, left.max(1));
            return lines.extend(why.into_iter().map(|l| Line::styled(l, look.theme.trouble)));
        }
    };
    let board = bests.board(sprint.length);
    if left < 2 {
        return lines.push(quiet(&Say::BoardNoRoom, columns, look));
    }
    let seconds = seconds(sprint.length);
    let heading = look.words.say(&Say::BoardOver { seconds }).into_owned();
    lines.push(Line::styled(
        text::cut(&heading, columns),
        look.theme.strong,
    ));
    if board.is_empty() {
        return lines.push(quiet(&Say::BoardEmpty, columns, look));
    }
    for place in board {
        let Some(player) = state.player(place.player) else {
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
            Span::styled(text::fit(&look.name(&player.name), room), style),
            Span::styled(format!(" {presses}"), style),
        ]));
    }
}

/// One line that matters less.
fn quiet(what: &Say, columns: usize, look: &Look) -> Line<'static> {
    let words = text::cut(&look.words.say(what), columns);
    Line::styled(words, look.theme.quiet)
}

fn clock(sprint: &Sprint, run: &Run, look: &Look, columns: usize) -> Line<'static> {
    let left = sprint.length.time().saturating_sub(sprint.elapsed(run));
    time_left(left, sprint.length, look, columns)
}

/// The time that is left, in words and as a bar that gets shorter.
pub fn time_left(left: Duration, length: Length, look: &Look, columns: usize) -> Line<'static> {
    let all = length.time();
    let time = tenths(left).into();
    let words = format!("{} ", look.words.say(&Say::TimeLeft { time }));
    let room = columns.saturating_sub(text::width(&words));
    // Thinner than those of presses, which come below it and would grow together with it.
    let bar = "━".repeat(part_of(left.as_millis(), all.as_millis(), room));
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
    let (you, ghost_name) = (
        look.words.say(&Say::DuelYou),
        look.words.say(&Say::DuelGhost),
    );
    let wide = text::width(&you).max(text::width(&ghost_name));
    let runner = |who: &str, presses: u64, trace: &Trace, style: Style| {
        let who = text::fit(who, wide);
        let words = format!("{who} {presses:>4} {:>3}/s ", trace.last_second(elapsed));
        let room = columns.saturating_sub(text::width(&words));
        let bar = bar(presses.into(), goal.into(), room);
        Line::from(vec![Span::raw(words), Span::styled(bar, style)])
    };
    let mut lines = vec![runner(&you, made, run.trace(), look.theme.accent)];
    let Some(ghost) = sprint.ghost() else {
        let words = match (sprint.best(), &sprint.bests) {
            (Some(presses), _) => Say::DuelBest { presses },
            (None, Known::Read(_)) => Say::DuelNoBest,
            (None, _) => Say::DuelBestUnknown,
        };
        lines.push(quiet(&words, columns, look));
        return lines;
    };
    let there = ghost.by(elapsed);
    lines.push(runner(&ghost_name, there, ghost, look.theme.quiet));
    let (words, style) = if made > there {
        let presses = made - there;
        (Say::DuelAhead { presses }, look.theme.saved)
    } else if made < there {
        let presses = there - made;
        (Say::DuelBehind { presses }, look.theme.trouble)
    } else {
        (Say::DuelLevel, look.theme.strong)
    };
    let words = look.words.say(&words);
    lines.push(Line::styled(text::cut(&words, columns), style));
    lines
}

/// A part of a whole in full blocks, and nothing of one that has none.
pub fn bar(part: u128, whole: u128, columns: usize) -> String {
    "█".repeat(part_of(part, whole, columns))
}

/// How many of these columns a part of a whole takes.
fn part_of(part: u128, whole: u128, columns: usize) -> usize {
    (part.min(whole) * columns as u128 / whole.max(1)) as usize
}

/// `3.4 s`, rounded up, so that nought is the end.
pub fn tenths(time: Duration) -> Say {
    let tenths = time.as_millis().div_ceil(100);
    let n = format!("{}.{}", tenths / 10, tenths % 10);
    Say::Seconds { n }
}

fn seconds(length: Length) -> u64 {
    length.seconds().into()
}

/// How many presses over a length, and how fast.
pub fn presses_in(presses: u64, length: Length) -> Say {
    let rate = presses as f64 / f64::from(length.seconds());
    Say::PressesIn {
        presses,
        seconds: seconds(length),
        rate: format!("{rate:.1}"),
    }
}

/// How a result compares with the best before.
pub fn verdict(sprint: &Sprint, trace: &Trace, before: Option<u64>) -> Say {
    let presses = trace.total();
    match before {
        _ if presses == 0 => Say::NothingToKeep,
        Some(best) if presses > best => Say::NewBest { best },
        Some(best) if presses == best => Say::AsGoodAsBest,
        Some(best) => {
            let presses = best - presses;
            Say::BehindBest { presses, best }
        }
        None if sprint.read().is_some() => Say::FirstOver,
        None => Say::BestBeforeUnknown,
    }
}

/// All of it in one line, for a screen too small for more.
pub fn summary(sprint: &Sprint, look: &Look) -> String {
    let seconds = seconds(sprint.length);
    let summary = match &sprint.phase {
        Phase::Choosing => match sprint.best() {
            Some(best) => Say::ShortChoiceBest { seconds, best },
            None => Say::ShortChoice { seconds },
        },
        Phase::Countdown(start) => {
            let seconds = sprint.seconds_to(*start);
            Say::ShortReady { seconds }
        }
        Phase::Running(run) => {
            let elapsed = sprint.elapsed(run);
            let left = tenths(sprint.length.time().saturating_sub(elapsed));
            let made = run.trace().total();
            let lead = sprint.ghost().map_or_else(String::new, |ghost| {
                let lead = i128::from(made) - i128::from(ghost.by(elapsed));
                format!(" {lead:+}")
            });
            return format!("{} {made}{lead}", look.words.say(&left));
        }
        Phase::Saving { run, .. } => {
            let presses = run.trace().total();
            Say::ShortSaving { presses }
        }
        Phase::Done { trace, before, .. } => {
            let presses = trace.total();
            match *before {
                Some(best) if presses > best => Say::ShortNewBest { presses },
                Some(best) => Say::ShortBehind { presses, best },
                None => Say::ShortResult { presses, seconds },
            }
        }
        Phase::Void(why) => {
            let why = why.clone().into();
            Say::ShortVoid { why }
        }
    };
    look.words.say(&summary).into_owned()
}

/// What a screen of few rows shows below that line, and what it has no room for.
pub fn small_print(sprint: &Sprint, look: &Look) -> String {
    let (columns, rows) = (FULL.0.into(), FULL.1.into());
    let print = match &sprint.phase {
        Phase::Done {
            kept: Kept::No(why),
            ..
        } => {
            let why = why.clone().into();
            Say::ResultUnkept { why }
        }
        Phase::Choosing | Phase::Done { .. } => match &sprint.bests {
            Known::Not(why) => {
                let why = why.clone().into();
                Say::BoardUnread { why }
            }
            _ => Say::BoardNeeds { columns, rows },
        },
        Phase::Running(_) | Phase::Countdown(_) => Say::BarsNeed { columns, rows },
        Phase::Void(_) => Say::ShortPressesCount,
        Phase::Saving { .. } => return String::new(),
    };
    look.words.say(&print).into_owned()
}
