//! What only a race shows: an offered race, everyone's lane, and the last races.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::time::Duration;

use ratatui::style::{Modifier, Style};
use ratatui::text::Line;

use super::lanes::{self, Lane};
use super::page::Page;
use super::words::{self, note, short};
use crate::game::contest::{Run, Stage, Trace};
use crate::game::race::{Race, Racer};
use crate::message::Action;
use crate::state::{Contest, Context, Fetched, Kind, Phase, Racers, State};
use crate::ui::Look;
use crate::words::{Say, text};

/// The action of a click on an offered race; `None` if no key does it.
pub fn offer_action(state: &State, look: &Look) -> Option<Action> {
    let offered = offer(state, look, 0).is_some();
    let mut bound = look.keymap.of(state.context());
    let joins = bound.any(|binding| binding.action == Action::Join);
    (offered && joins).then_some(Action::Join)
}

/// The bar for a race that others have opened, in this width. `None` if there is none, it is
/// already on the screen, or the row is needed for other keys.
pub fn offer(state: &State, look: &Look, room: usize) -> Option<Line<'static>> {
    let offer = state.offer.as_ref()?;
    let context = state.context();
    let asks = matches!(
        context,
        Context::Form | Context::Namesake | Context::Confirm | Context::Leaving
    );
    if asks || state.watched_race() == Some(offer.race) {
        return None;
    }
    let name = short(&offer.opener, look);
    let over = state.contest().is_some_and(Contest::is_over);
    let join = match context {
        // After a race, the same key joins the rematch, whoever opens it.
        Context::Competing(Kind::Race) if over && offer.open => Action::Contest(Kind::Race),
        _ => Action::Join,
    };
    let key = look.keymap.label(context, join);
    let joins = offer.open && state.rights.play;
    let race = words::offer(offer, name.clone(), joins);
    // If little fits, the key is the most important.
    let forms = if key.is_empty() {
        vec![race]
    } else {
        let (race, long) = (race.into(), key.clone());
        match joins {
            true => vec![
                Say::RaceJoin { race, key: long },
                Say::ShortRaceJoin { name, key },
            ],
            false => vec![
                Say::RaceWatch { race, key: long },
                Say::ShortRaceWatch { name, key },
            ],
        }
    };
    let words = look.first_that_fits(&forms, room.saturating_sub(1));
    let words = format!(" {}", words.unwrap_or_default());
    let style = look
        .theme
        .button
        .add_modifier(Modifier::REVERSED | Modifier::BOLD);
    Some(Line::styled(text::fit(&words, room), style))
}

/// Writes the text for a race that does not run.
pub fn write(contest: &Contest, racers: &Racers, page: &mut Page) {
    let theme = &page.look.theme;
    match contest.stage() {
        Stage::Choosing => last_races(&racers.last, page),
        Stage::Entering => page.say(&Say::RaceEntering, theme.saving),
        _ => {
            if let Phase::Void(why) = &contest.phase {
                page.say(why, theme.trouble);
            }
        }
    }
}

/// The player's own part in the race, or that there is none.
pub fn notes(state: &State, contest: &Contest, racers: &Racers, look: &Look) -> Vec<(Say, Style)> {
    if let Some(why) = racers.left() {
        vec![(Say::RaceLeft { why: why.into() }, look.theme.trouble)]
    } else if state.is_offline() && contest.is_on() {
        vec![(Say::RaceLinkLost, look.theme.trouble)]
    } else if racers.own.is_none() {
        vec![(Say::RaceOnlyWatched, look.theme.quiet)]
    } else {
        Vec::new()
    }
}

/// Writes the last races below the lengths.
fn last_races(last: &Fetched<Vec<Race>>, page: &mut Page) {
    let theme = &page.look.theme;
    page.gap();
    match last {
        Fetched::Pending => page.say(&Say::LastRacesReading, theme.quiet),
        Fetched::Failed(why) => page.say(&Say::LastRacesUnread { why: why.into() }, theme.trouble),
        Fetched::Ready(_) if page.left() < 2 => {
            page.say(&Say::LastRacesNoRoom, theme.quiet);
        }
        Fetched::Ready(races) => {
            page.say(&Say::LastRaces, theme.strong);
            let mut run = races.iter().filter(|race| race.was_run()).peekable();
            if run.peek().is_none() {
                page.say(&Say::LastRacesEmpty, theme.quiet);
            }
            for race in run.take(page.left()) {
                let line = past(race, page.columns, page.look);
                page.push(Line::raw(line));
            }
        }
    }
}

/// A past race in one line: its length, and everyone's presses, the winner first.
fn past(race: &Race, columns: usize, look: &Look) -> String {
    let racer = |(rank, racer): (usize, &Racer)| {
        let name = short(&racer.name, look);
        let note = note(racer.standing, true, look);
        format!("{rank} {name} {}{note}", text::grouped(racer.presses))
    };
    let racers: Vec<String> = race.ranked().into_iter().map(racer).collect();
    let time = Say::Seconds {
        n: format!("{:>2}", race.length.seconds()),
    };
    let line = format!("{}  {}", look.say(&time), racers.join(" · "));
    text::cut(&line, columns)
}

/// Everyone's lane at this time after the start: in the order of joining until the result is known,
/// with the rank so far.
pub fn lanes<'a>(
    state: &State,
    contest: &'a Contest,
    racers: &'a Racers,
    elapsed: Duration,
    look: &Look,
) -> Vec<Lane<'a>> {
    let own = racers.own_number();
    let mine = contest.committed(state);
    let closed = contest.is_over();
    let ranked: Vec<(Option<usize>, &Racer)> = if closed {
        let ranked = racers.ranked().into_iter();
        ranked.map(|(rank, racer)| (Some(rank), racer)).collect()
    } else {
        racers.all().iter().map(|racer| (None, racer)).collect()
    };
    let lane = |(rank, racer): (Option<usize>, &'a Racer)| {
        let is_own = Some(racer.number) == own;
        // The local run is more current than what the database knows.
        let run = contest.run.as_ref().filter(|_| is_own && !closed);
        let trace = run.map(Run::trace).or_else(|| racers.trace(racer));
        let known_from = match run {
            Some(_) => Duration::ZERO,
            None => racers.known_from(racer),
        };
        let pace = match closed {
            true => trace
                .filter(|_| known_from.is_zero())
                .map(Trace::best_second),
            false => trace.map(|trace| trace.last_second(elapsed)),
        };
        Lane {
            rank,
            name: look.name(&racer.name).into_owned(),
            presses: match mine {
                Some(mine) if is_own && !closed => mine.max(racer.presses),
                _ => racer.presses,
            },
            own: is_own,
            note: note(racer.standing, closed, look),
            pace,
            trace: trace.map(Cow::Borrowed),
            known_from,
        }
    };
    let mut lanes: Vec<Lane> = ranked.into_iter().map(lane).collect();
    if !closed && !matches!(contest.stage(), Stage::Starting(_)) {
        lanes::rank(&mut lanes);
    }
    lanes
}

/// How far the player is ahead of the best of the others.
pub fn duel(contest: &Contest, racers: &Racers, look: &Look) -> Option<(Say, Style)> {
    let made = contest.presses().filter(|_| racers.left().is_none())?;
    let rival = racers.best_other()?;
    let name = short(&rival.name, look);
    let presses = made.abs_diff(rival.presses);
    Some(match made.cmp(&rival.presses) {
        Ordering::Greater => (Say::RivalAhead { presses, name }, look.theme.saved),
        Ordering::Less => (Say::RivalBehind { presses, name }, look.theme.trouble),
        Ordering::Equal => (Say::RivalLevel { name }, look.theme.strong),
    })
}

/// The best of the others, with the title of the chart of the gap. None for a watcher.
pub fn rival<'a>(racers: &'a Racers, look: &Look) -> Option<(Say, Cow<'a, Trace>)> {
    let rival = racers.best_other().filter(|_| racers.left().is_none())?;
    let name = short(&rival.name, look);
    let trace = racers.trace(rival).map(Cow::Borrowed);
    Some((Say::GapTo { name }, trace.unwrap_or_default()))
}

/// The race in one line, except while it runs.
pub fn summary(contest: &Contest, racers: &Racers, look: &Look) -> Say {
    match (contest.stage(), &contest.phase) {
        (_, Phase::Void(why)) => why.clone(),
        (Stage::Choosing, _) => Say::ShortRaceChoice {
            seconds: contest.length.seconds().into(),
        },
        (Stage::Starting(seconds), _) => Say::ShortRaceStarts {
            seconds,
            racers: racers.all().len() as u64,
        },
        (Stage::Saving, _) => Say::ShortRaceSaving,
        (Stage::Over, _) => words::race_verdict(racers, look),
        _ => Say::ShortRaceEntering,
    }
}
