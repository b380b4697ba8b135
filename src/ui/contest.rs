//! A contest: before it starts in the place of the list, then on the stage that covers both panes.

mod chart;
mod lanes;
mod page;
mod race;
mod replay;
mod result;
mod sprint;
mod stage;
pub mod words;

use std::borrow::Cow;
use std::time::Duration;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::widgets::Paragraph;

use super::layout::{FULL, Full, upper};
use super::{Look, digits};
use crate::game::contest::{Length, Stage};
use crate::message::Action;
use crate::state::{Contest, Fetched, Kind, Phase, Rival, SprintKept, State};
use crate::words::{Say, text};
use chart::Graph;
use page::Page;
use stage::{Moment, StageRun};

pub use race::{offer, offer_action};

/// If the list is at least this wide, the contest takes only its place, and the clicker pane stays
/// visible.
const BESIDE: u16 = 30;

/// The area of the contest: before and without a run the list's place, or both panes if that is
/// narrow; during a run and for its result the stage.
fn place(contest: &Contest, full: &Full) -> Rect {
    let seen = contest.is_on() || contest.phase == Phase::Over || contest.replay.is_some();
    if full.list.width >= BESIDE && !seen {
        full.list
    } else {
        full.list.union(full.pane)
    }
}

/// Whether it covers the status line.
pub fn covers_status(state: &State, full: &Full) -> bool {
    let contest = state.contest();
    contest.is_some_and(|contest| place(contest, full).intersects(full.status))
}

/// The action of a click; `None` outside of the contest. While the player competes, the whole stage
/// is the button.
pub fn click(
    contest: &Contest,
    full: &Full,
    at: ratatui::layout::Position,
) -> Option<Option<Action>> {
    let competes = contest.is_on() && contest.player.is_some();
    let hit = place(contest, full).contains(at);
    hit.then(|| competes.then_some(Action::Press))
}

/// Draws the contest that is on the screen.
pub fn draw(state: &State, contest: &Contest, look: &Look, full: &Full, frame: &mut Frame) {
    let place = place(contest, full);
    let lively = state.is_lively();
    let moment = match contest.stage() {
        Stage::Running(left) if contest.replay.is_none() => {
            Moment::of(left, contest.length, lively)
        }
        _ => Moment::Calm,
    };
    let title = format!(" {} ", look.say(&title(contest)));
    let inner = stage::frame_of(&title, moment, look, place, frame);
    if let Some(shown) = &contest.replay {
        return replay::draw(shown, look, inner, frame);
    }
    match contest.stage() {
        Stage::Choosing | Stage::Entering | Stage::Void => {
            let mut page = Page::new(look, inner);
            if contest.is_choice() {
                for length in Length::ALL {
                    let chosen = contest.length == length;
                    let words = match &contest.rival {
                        Rival::Ghost(ghost) => sprint::choice(ghost, length, look),
                        Rival::Racers(_) if chosen => look.say(&Say::RaceChoice),
                        Rival::Racers(_) => String::new(),
                    };
                    page.length(length, chosen, &words);
                }
            }
            match &contest.rival {
                Rival::Ghost(ghost) => sprint::write(state, contest, ghost, &mut page),
                Rival::Racers(racers) => race::write(contest, racers, &mut page),
            }
            page.draw(frame);
        }
        Stage::Starting(seconds) => starting(state, contest, seconds, look, inner, frame),
        Stage::Running(left) => running(state, contest, Some(left), moment, look, inner, frame),
        Stage::Saving => running(state, contest, None, moment, look, inner, frame),
        Stage::Over => over(state, contest, look, inner, frame),
    }
}

fn title(contest: &Contest) -> Say {
    let replay = contest.replay.as_ref();
    let length = replay.map_or(contest.length, |replay| replay.recording().length);
    let seconds = length.seconds().into();
    let has_length = replay.is_some() || contest.is_on() || contest.phase == Phase::Over;
    let title = match contest.kind() {
        Kind::Sprint if contest.is_choice() && !has_length => Say::Sprint,
        Kind::Sprint => Say::SprintOver { seconds },
        Kind::Race if has_length => Say::RaceOver { seconds },
        Kind::Race => Say::Race,
    };
    match replay {
        Some(_) => Say::Replay { what: title.into() },
        None => title,
    }
}

/// Draws the seconds to the start, and the participants below.
fn starting(
    state: &State,
    contest: &Contest,
    seconds: u64,
    look: &Look,
    inner: Rect,
    frame: &mut Frame,
) {
    let mut page = Page::new(look, inner);
    match &contest.rival {
        Rival::Ghost(ghost) => sprint::write(state, contest, ghost, &mut page),
        Rival::Racers(racers) => {
            page.say(&Say::RaceStarts { seconds }, look.theme.strong);
            for (words, style) in race::notes(state, contest, racers, look) {
                page.say(&words, style);
            }
            let rows = page
                .left()
                .saturating_sub(1)
                .min(1 + usize::from(inner.height) / 3);
            let lanes = race::lanes(state, contest, racers, Duration::ZERO, look);
            for line in lanes::lines(&lanes, false, look, (inner.width.into(), rows)) {
                page.push(line);
            }
            // The number above is more important than this.
            let words = look.say(&Say::EarlyPresses);
            let lines = text::wrap(&words, page.columns, usize::MAX).len();
            if racers.own.is_some() && page.left() >= lines + usize::from(digits::LEAST) {
                page.say(&Say::EarlyPresses, look.theme.quiet);
            }
        }
    }
    // The seconds are as large as they fit above the text.
    let lines = page.lines();
    let (above, below) = upper(inner, inner.height.saturating_sub(lines.len() as u16));
    frame.render_widget(Paragraph::new(lines), below);
    if above.height >= digits::LEAST {
        digits::huge(seconds.cast_signed(), look, above, frame);
    }
}

/// Draws the run. After its time is over, the last presses are still being saved.
fn running(
    state: &State,
    contest: &Contest,
    left: Option<Duration>,
    moment: Moment,
    look: &Look,
    inner: Rect,
    frame: &mut Frame,
) {
    let length = contest.length;
    let elapsed = length.time() - left.unwrap_or_default();
    let player = contest.player.and_then(|player| state.player(player));
    let mut words = Vec::new();
    if left.is_none() {
        let saving = match contest.kind() {
            Kind::Sprint => Say::SprintSaving,
            Kind::Race => Say::RaceSaving,
        };
        words.push((saving, look.theme.saving));
    }
    let (lanes, duel, rival) = match &contest.rival {
        Rival::Ghost(ghost) => {
            let rival = ghost.trace(length);
            let lanes = sprint::lanes(contest, rival, elapsed, look);
            let duel = Some(sprint::duel(contest, ghost, elapsed, look));
            let rival = rival.map(|trace| (Say::GapToGhost, Cow::Borrowed(trace)));
            (lanes, duel, rival)
        }
        Rival::Racers(racers) => {
            words.extend(race::notes(state, contest, racers, look));
            let lanes = race::lanes(state, contest, racers, elapsed, look);
            let duel = race::duel(contest, racers, look);
            (lanes, duel, race::rival(racers, look))
        }
    };
    let graph = match (&contest.run, rival) {
        (Some(run), Some((title, rival))) => {
            Some(Graph::gap(title, length, run.trace(), &rival, elapsed))
        }
        _ => Graph::pace(length, &lanes, elapsed),
    };
    let run = StageRun {
        clock: left.map(|left| (left, length)),
        lively: state.is_lively(),
        words,
        count: contest.presses(),
        total: player.map(|player| player.score),
        lanes,
        duel,
        graph,
    };
    stage::draw(&run, moment, look, inner, frame);
}

/// Draws the result.
fn over(state: &State, contest: &Contest, look: &Look, inner: Rect, frame: &mut Frame) {
    let length = contest.length;
    match &contest.rival {
        // The board replaces the lanes: it contains the player's own best.
        Rival::Ghost(ghost) => {
            let lanes = sprint::lanes(contest, ghost.raced.as_ref(), length.time(), look);
            let graph = Graph::pace(length, &lanes, length.time());
            let graph = graph.filter(|_| contest.presses() > Some(0));
            let words = |place: Rect, frame: &mut Frame| {
                let place = result::number(contest.presses(), look, place, frame);
                let mut page = Page::new(look, place);
                sprint::write(state, contest, ghost, &mut page);
                page.draw(frame);
            };
            result::draw(words, graph.as_ref(), look, inner, frame);
        }
        Rival::Racers(racers) => {
            let mut told = vec![(words::race_verdict(racers, look), look.theme.accent)];
            if let Some(run) = contest.run.as_ref().filter(|_| racers.left().is_none()) {
                let best = words::best_second(run.trace(), contest.early);
                told.push((best, Style::new()));
            }
            told.extend(race::notes(state, contest, racers, look));
            let lanes = race::lanes(state, contest, racers, length.time(), look);
            let graph = Graph::pace(length, &lanes, length.time());
            let words = |place: Rect, frame: &mut Frame| {
                let presses = contest.presses().filter(|_| place.height >= result::TALL);
                let place = result::number(presses, look, place, frame);
                result::places(&told, &lanes, look, place, frame);
            };
            result::draw(words, graph.as_ref(), look, inner, frame);
        }
    }
}

/// The contest in one line, for a small screen.
pub fn summary(state: &State, contest: &Contest, look: &Look) -> String {
    if let Some(shown) = &contest.replay {
        return look.say(&replay::summary(shown, look));
    }
    if let Stage::Running(left) = contest.stage() {
        let tenths = state.is_lively();
        let elapsed = contest.length.time() - left;
        let left = look.say(&words::seconds(left, tenths));
        let Some(made) = contest.presses() else {
            return left;
        };
        let there = match &contest.rival {
            Rival::Ghost(ghost) => ghost
                .trace(contest.length)
                .map(|trace| trace.total_at(elapsed)),
            Rival::Racers(racers) => racers.best_other().map(|racer| racer.presses),
        };
        let lead = there.map_or_else(String::new, |there| {
            let sign = if made < there { "-" } else { "+" };
            format!(" {sign}{}", text::grouped(made.abs_diff(there)))
        });
        return format!("{left} {}{lead}", text::grouped(made));
    }
    let summary = match &contest.rival {
        Rival::Ghost(ghost) => sprint::summary(contest, ghost),
        Rival::Racers(racers) => race::summary(contest, racers, look),
    };
    look.say(&summary)
}

/// Further text below that line, for a screen with few rows.
pub fn small_print(contest: &Contest, look: &Look) -> String {
    let (columns, rows) = (FULL.0.into(), FULL.1.into());
    let print = match (contest.stage(), &contest.rival) {
        _ if contest.replay.is_some() => Say::ReplayScoresNothing,
        (Stage::Running(_) | Stage::Starting(_), _) | (Stage::Saving, Rival::Racers(_)) => {
            Say::BarsNeed { columns, rows }
        }
        (Stage::Void, Rival::Ghost(_)) => Say::ShortPressesCount,
        (Stage::Choosing | Stage::Over, Rival::Ghost(ghost)) => match (&ghost.kept, &ghost.bests) {
            (SprintKept::No(why), _) => Say::ResultUnkept { why: why.into() },
            (_, Fetched::Failed(why)) => Say::BoardUnread { why: why.into() },
            _ => Say::BoardNeeds { columns, rows },
        },
        (Stage::Choosing, Rival::Racers(racers)) => match &racers.last {
            Fetched::Failed(why) => Say::LastRacesUnread { why: why.into() },
            _ => Say::LastRacesNeed { columns, rows },
        },
        (Stage::Over, Rival::Racers(_)) => Say::ResultNeeds { columns, rows },
        _ => return String::new(),
    };
    look.say(&print)
}
