//! A card to share: a few lines of plain text that can be pasted into a chat.

use jiff::civil::Date;

use super::about::words::{by_second, curve, last_days, races};
use super::contest::words::{presses_in, race_verdict, short, sprint_verdict};
use super::{Look, numbers};
use crate::game::Past;
use crate::game::contest::{Length, Run, Trace};
use crate::game::record::OwnSprint;
use crate::state::{Racers, Rival, State};
use crate::words::{Say, text};

/// The number of days in a player's curve.
pub const DAYS: usize = 30;

/// The largest width of a name.
const NAME: usize = 32;

/// The most racers on a card.
const RACERS: usize = 5;

/// The card of what is on the screen: the result of a contest, else the picked player. `None` if
/// that is not known.
pub fn of(state: &State, look: &Look) -> Option<Vec<String>> {
    let Some(contest) = state.contest() else {
        let player = state.picked_player()?;
        let (past, today) = state.times.past_and_today()?;
        return Some(of_player(&player.name, past, today, look));
    };
    let (length, trace) = (contest.length, contest.run.as_ref().map(Run::trace));
    match &contest.rival {
        Rival::Ghost(ghost) => {
            let player = state.player(contest.player?)?;
            let presses = trace?.total();
            let verdict = sprint_verdict(ghost, presses);
            let result = (length, presses, trace);
            Some(of_sprint(&player.name, result, Some(verdict), look))
        }
        Rival::Racers(racers) => of_race(length, racers, trace, look),
    }
}

/// The card of a player.
pub fn of_player(name: &str, past: &Past, today: Date, look: &Look) -> Vec<String> {
    let points = text::grouped(past.score());
    let days = Say::CardDays {
        curve: curve(&last_days(past, today, DAYS)),
        days: DAYS as u64,
    };
    let mut card = vec![
        Say::CardPlayer {
            name: named(name, look),
            points,
        },
        days,
    ];
    card.extend(player_facts(past, today));
    lines(card, look)
}

/// The streak, the fastest of the best sprints and the races won, as far as there are any.
pub fn player_facts(past: &Past, today: Date) -> Option<Say> {
    let best = past.sprints().iter().map(|(_, sprint)| sprint);
    let rate = |sprint: &OwnSprint| sprint.length.rate(sprint.presses);
    let best = best.max_by(|a, b| rate(a).total_cmp(&rate(b)));
    let facts = [
        numbers::streak(past.streak(today)),
        best.map(|best| presses_in(best.presses, best.length)),
        races(past),
    ];
    let facts: Vec<Say> = facts.into_iter().flatten().collect();
    (!facts.is_empty()).then_some(Say::Beside(facts))
}

/// The card of a sprint: presses, length, date, and how it compares with the player's best.
pub fn of_sprint(
    name: &str,
    (length, presses, trace): (Length, u64, Option<&Trace>),
    verdict: Option<Say>,
    look: &Look,
) -> Vec<String> {
    let name = Say::from(named(name, look));
    let mut card = vec![Say::Beside(vec![name, presses_in(presses, length)])];
    card.extend(trace.map(|trace| Say::from(curve(&by_second(trace, length)))));
    card.extend(verdict);
    lines(card, look)
}

/// The card of a race; `None` if no racer is known.
fn of_race(
    length: Length,
    racers: &Racers,
    own: Option<&Trace>,
    look: &Look,
) -> Option<Vec<String>> {
    let ranked = racers.ranked();
    if ranked.is_empty() {
        return None;
    }
    let seconds = length.seconds().into();
    let title = vec![Say::RaceOver { seconds }, race_verdict(racers, look)];
    let mut card = vec![Say::Beside(title)];
    card.extend(
        ranked
            .iter()
            .take(RACERS)
            .map(|(rank, racer)| Say::RaceRow {
                rank: *rank as u64,
                name: short(&racer.name, look),
                presses: racer.presses,
            }),
    );
    let more = ranked.len().saturating_sub(RACERS) as u64;
    card.extend((more > 0).then_some(Say::MoreRacers { racers: more }));
    card.extend(own.map(|trace| Say::from(curve(&by_second(trace, length)))));
    Some(lines(card, look))
}

/// Turns the lines into text without control characters, and adds the promise below.
fn lines(mut card: Vec<Say>, look: &Look) -> Vec<String> {
    card.push(Say::CardPromise);
    let say = |what: &Say| text::harmless(&look.say(what)).into_owned();
    card.iter().map(say).collect()
}

/// A name as it stands on a card.
pub fn named(name: &str, look: &Look) -> String {
    text::cut(&look.name(name), NAME)
}
