//! What only a sprint shows: the ghost's lane, the result and the board.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::time::Duration;

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::lanes::Lane;
use super::page::Page;
use super::words;
use crate::game::contest::{Length, Stage, Trace};
use crate::state::{Contest, Fetched, Ghost, Phase, SprintKept, State};
use crate::ui::Look;
use crate::words::{Say, text};

/// The player's best over a length to choose.
pub fn choice(ghost: &Ghost, length: Length, look: &Look) -> String {
    match &ghost.bests {
        Fetched::Ready(bests) => look.say(&words::choice(bests, length)),
        Fetched::Pending => "…".to_owned(),
        Fetched::Failed(_) => String::new(),
    }
}

/// Writes the text for a sprint that does not run.
pub fn write(state: &State, contest: &Contest, ghost: &Ghost, page: &mut Page) {
    let theme = &page.look.theme;
    let presses = contest.presses().unwrap_or_default();
    match contest.stage() {
        Stage::Choosing => board(state, contest, ghost, page),
        Stage::Entering | Stage::Running(_) | Stage::Saving => {}
        Stage::Starting(seconds) => {
            page.say(&Say::GetReady { seconds }, theme.strong);
            page.say(&words::best(ghost, contest.length), Style::new());
            page.say(&Say::EarlyPresses, theme.quiet);
        }
        Stage::Over => {
            page.say(&words::presses_in(presses, contest.length), theme.strong);
            page.say(&words::sprint_verdict(ghost, presses), theme.accent);
            if let Some(run) = &contest.run {
                let told = words::best_second(run.trace(), contest.early);
                page.say(&told, Style::new());
            }
            match &ghost.kept {
                SprintKept::NotYet => page.say(&Say::SprintKeeping, theme.saving),
                SprintKept::Yes => page.say(&Say::Saved, theme.saved),
                SprintKept::Nothing => {}
                SprintKept::No(why) => {
                    page.say(&Say::ResultUnkept { why: why.into() }, theme.trouble);
                }
            }
            board(state, contest, ghost, page);
        }
        Stage::Void => {
            if let Phase::Void(why) = &contest.phase {
                page.say(&Say::SprintVoid { why: why.into() }, theme.trouble);
            }
            page.say(&Say::PressesCount, Style::new());
        }
    }
}

/// Writes the board of the length, as much of it as fits.
fn board(state: &State, contest: &Contest, ghost: &Ghost, page: &mut Page) {
    let theme = &page.look.theme;
    page.gap();
    let bests = match &ghost.bests {
        Fetched::Ready(bests) => bests,
        Fetched::Pending => return page.say_cut(&Say::BoardReading, theme.quiet),
        Fetched::Failed(why) => {
            return page.say(&Say::BoardUnread { why: why.into() }, theme.trouble);
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

/// The lanes of the player and of the ghost, at this time after the start.
pub fn lanes<'a>(
    contest: &'a Contest,
    ghost: Option<&'a Trace>,
    elapsed: Duration,
    look: &Look,
) -> Vec<Lane<'a>> {
    let own = contest.run.as_ref().map(|run| Lane {
        name: look.say(&Say::DuelYou),
        presses: run.trace().total(),
        own: true,
        pace: Some(run.trace().last_second(elapsed)),
        trace: Some(Cow::Borrowed(run.trace())),
        ..Lane::default()
    });
    let ghost = ghost.map(|ghost| Lane {
        name: look.say(&Say::DuelGhost),
        presses: ghost.total_at(elapsed),
        pace: Some(ghost.last_second(elapsed)),
        trace: Some(Cow::Borrowed(ghost)),
        ..Lane::default()
    });
    own.into_iter().chain(ghost).collect()
}

/// Who leads and by how much, or why there is no ghost.
pub fn duel(contest: &Contest, ghost: &Ghost, elapsed: Duration, look: &Look) -> (Say, Style) {
    let made = contest.presses().unwrap_or_default();
    let Some(trace) = ghost.trace(contest.length) else {
        let words = match (ghost.best(contest.length), &ghost.bests) {
            (Some(presses), _) => Say::DuelBest { presses },
            (None, Fetched::Ready(_)) => Say::DuelNoBest,
            (None, _) => Say::DuelBestUnknown,
        };
        return (words, look.theme.quiet);
    };
    let there = trace.total_at(elapsed);
    let presses = made.abs_diff(there);
    match made.cmp(&there) {
        Ordering::Greater => (Say::DuelAhead { presses }, look.theme.saved),
        Ordering::Less => (Say::DuelBehind { presses }, look.theme.trouble),
        Ordering::Equal => (Say::DuelLevel, look.theme.strong),
    }
}

/// The sprint in one line, except while it runs.
pub fn summary(contest: &Contest, ghost: &Ghost) -> Say {
    let seconds = contest.length.seconds().into();
    let presses = contest.presses().unwrap_or_default();
    match (contest.stage(), &contest.phase) {
        (_, Phase::Void(why)) => Say::ShortVoid { why: why.into() },
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
