//! What only a sprint shows: the ghost beside oneself, the result and the board.

use std::time::Duration;

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::page::{Page, bar};
use super::words;
use crate::game::contest::{Length, Run, Stage, Trace};
use crate::state::{Contest, Ghost, Kept, Known, Phase, State};
use crate::ui::Look;
use crate::ui::layout::FULL;
use crate::words::{Say, text};

/// The player's best over a length that can be chosen.
pub fn choice(ghost: &Ghost, length: Length, look: &Look) -> String {
    let best = match &ghost.bests {
        Known::Read(bests) => match bests.own(length) {
            Some(best) => Say::ChoiceBest {
                presses: best.presses,
            },
            None => Say::ChoiceNoBest,
        },
        Known::NotYet => return "…".to_owned(),
        Known::Not(_) => return String::new(),
    };
    look.words.say(&best).into_owned()
}

/// Writes how the sprint is.
pub fn draw(state: &State, contest: &Contest, ghost: &Ghost, page: &mut Page) {
    let theme = &page.look.theme;
    let presses = contest.presses().unwrap_or_default();
    match contest.stage() {
        Stage::Choosing => board(state, contest, ghost, page),
        Stage::Entering => {}
        Stage::Starting(seconds) => {
            page.say(&Say::GetReady { seconds }, theme.strong);
            page.say(&words::best(ghost, contest.length), Style::new());
            page.say(&Say::EarlyPresses, theme.quiet);
        }
        Stage::Running(left) => {
            page.time_left(left, contest.length);
            if let Some(run) = &contest.run {
                duel(
                    ghost,
                    run,
                    contest.length,
                    contest.length.time() - left,
                    page,
                );
            }
        }
        Stage::Saving => {
            page.say(&words::presses_in(presses, contest.length), theme.strong);
            page.say(&Say::SprintSaving, theme.saving);
        }
        Stage::Over => {
            page.say(&words::presses_in(presses, contest.length), theme.strong);
            page.say(&words::sprint_verdict(ghost, presses), theme.accent);
            match &ghost.kept {
                Kept::NotYet => page.say(&Say::SprintKeeping, theme.saving),
                Kept::Yes => page.say(&Say::Saved, theme.saved),
                Kept::Nothing => {}
                Kept::No(why) => {
                    let why = why.clone().into();
                    page.say(&Say::ResultUnkept { why }, theme.trouble);
                }
            }
            board(state, contest, ghost, page);
        }
        Stage::Void => {
            if let Phase::Void(why) = &contest.phase {
                let why = why.clone().into();
                page.say(&Say::SprintVoid { why }, theme.trouble);
            }
            page.say(&Say::PressesCount, Style::new());
        }
    }
}

/// The board of the length, as much of it as there are rows for.
fn board(state: &State, contest: &Contest, ghost: &Ghost, page: &mut Page) {
    let theme = &page.look.theme;
    page.gap();
    let bests = match &ghost.bests {
        Known::Read(bests) => bests,
        Known::NotYet => return page.say_cut(&Say::BoardReading, theme.quiet),
        Known::Not(why) => {
            let why = why.clone().into();
            return page.say(&Say::BoardUnread { why }, theme.trouble);
        }
    };
    let board = bests.board(contest.length);
    if page.left() < 2 {
        return page.say_cut(&Say::BoardNoRoom, theme.quiet);
    }
    let seconds = contest.length.seconds().into();
    page.say_cut(&Say::BoardOver { seconds }, theme.strong);
    if board.is_empty() {
        return page.say_cut(&Say::BoardEmpty, theme.quiet);
    }
    for place in board {
        let Some(player) = state.player(place.player) else {
            continue;
        };
        let rank = 1 + board.iter().filter(|p| p.presses > place.presses).count();
        let own = Some(place.player) == contest.player;
        let marker = if own { "▶" } else { " " };
        let presses = text::grouped(place.presses);
        let room = page.columns.saturating_sub(5 + presses.len());
        let style = if own { theme.picked } else { Style::new() };
        page.push(Line::from(vec![
            Span::styled(marker, theme.accent),
            Span::styled(format!("{rank:>2} "), theme.quiet),
            Span::styled(text::fit(&page.look.name(&player.name), room), style),
            Span::styled(format!(" {presses}"), style),
        ]));
    }
}

/// The player beside the ghost, each with presses, presses of the last second and a bar, and who is
/// ahead.
fn duel(ghost: &Ghost, run: &Run, length: Length, elapsed: Duration, page: &mut Page) {
    let look = page.look;
    let columns = page.columns;
    let made = run.trace().total();
    let best = ghost.best(length);
    let goal = best.unwrap_or(0).max(made).max(1);
    let (you, ghost_name) = (
        look.words.say(&Say::DuelYou),
        look.words.say(&Say::DuelGhost),
    );
    let wide = text::width(&you).max(text::width(&ghost_name));
    let runner = |who: &str, presses: u64, trace: &Trace, style: Style| {
        let who = text::fit(who, wide);
        let rate = trace.last_second(elapsed);
        let words = format!("{who} {:>4} {rate:>3}/s ", text::grouped(presses));
        let bar = bar(presses, goal, columns.saturating_sub(text::width(&words)));
        Line::from(vec![Span::raw(words), Span::styled(bar, style)])
    };
    page.push(runner(&you, made, run.trace(), look.theme.accent));
    let Some(trace) = ghost.trace(length) else {
        let words = match (best, &ghost.bests) {
            (Some(presses), _) => Say::DuelBest { presses },
            (None, Known::Read(_)) => Say::DuelNoBest,
            (None, _) => Say::DuelBestUnknown,
        };
        return page.say_cut(&words, look.theme.quiet);
    };
    let there = trace.by(elapsed);
    page.push(runner(&ghost_name, there, trace, look.theme.quiet));
    let presses = made.abs_diff(there);
    let (words, style) = if made > there {
        (Say::DuelAhead { presses }, look.theme.saved)
    } else if made < there {
        (Say::DuelBehind { presses }, look.theme.trouble)
    } else {
        (Say::DuelLevel, look.theme.strong)
    };
    page.say_cut(&words, style);
}

/// All of it in one line, but while it runs.
pub fn summary(contest: &Contest, ghost: &Ghost) -> Say {
    let seconds = contest.length.seconds().into();
    let presses = contest.presses().unwrap_or_default();
    match (contest.stage(), &contest.phase) {
        (_, Phase::Void(why)) => {
            let why = why.clone().into();
            Say::ShortVoid { why }
        }
        (Stage::Starting(seconds), _) => Say::ShortReady { seconds },
        (Stage::Saving, _) => Say::ShortSaving { presses },
        (Stage::Over, _) => match ghost.before {
            Some(best) if presses > best => Say::ShortNewBest { presses },
            Some(best) => Say::ShortBehind { presses, best },
            None => Say::ShortResult { presses, seconds },
        },
        _ => match ghost.best(contest.length) {
            Some(best) => Say::ShortChoiceBest { seconds, best },
            None => Say::ShortChoice { seconds },
        },
    }
}

/// What a screen of few rows shows below that line, but while it runs.
pub fn small_print(contest: &Contest, ghost: &Ghost) -> Option<Say> {
    let (columns, rows) = (FULL.0.into(), FULL.1.into());
    match (contest.stage(), &ghost.kept, &ghost.bests) {
        (Stage::Void, ..) => Some(Say::ShortPressesCount),
        (Stage::Over, Kept::No(why), _) => {
            let why = why.clone().into();
            Some(Say::ResultUnkept { why })
        }
        (Stage::Choosing | Stage::Over, _, Known::Not(why)) => {
            let why = why.clone().into();
            Some(Say::BoardUnread { why })
        }
        (Stage::Choosing | Stage::Over, ..) => Some(Say::BoardNeeds { columns, rows }),
        _ => None,
    }
}
