//! Contests in lines: what every kind has in common.

use std::mem::Discriminant;
use std::time::{Duration, Instant};

use super::reading::{PRESS, QUIT, act, quit};
use super::words::{Request, Verb};
use super::{Plain, Step};
use crate::game::contest::{Stage, whole_seconds};
use crate::message::Action;
use crate::state::{Contest, Context, Fetched, Phase, Rival, State};
use crate::words::Say;

/// What was already said about a contest.
#[derive(Debug, Default)]
pub struct ToldContest {
    stage: Option<Discriminant<Stage>>,
    /// The whole seconds to its start or end that were said last.
    pub seconds: Option<u64>,
    /// Whether the database's answer was said at this stage: the best results, the last races, or
    /// whether the result is kept.
    answered: bool,
    /// Whether it was said that a race begins.
    pub begun: bool,
    /// How many racers were named.
    pub racers: usize,
    /// When racers were last named.
    pub named_at: Option<Instant>,
    /// Whether it was said that the player has left it.
    pub left: bool,
}

impl ToldContest {
    /// Whether the database's answer is still to be said. Asking notes that it is said.
    pub fn answers(&mut self) -> bool {
        !std::mem::replace(&mut self.answered, true)
    }
}

/// Whether the answer to a line about a race is still to come.
pub fn is_asked_for(state: &State) -> bool {
    state.contest().is_some_and(|contest| {
        let choosing = contest.is_choice();
        contest.phase == Phase::Entering
            || matches!(&contest.rival, Rival::Racers(r) if choosing && r.last == Fetched::Pending)
    })
}

impl Plain {
    /// Reads a line during a contest.
    pub(super) fn read_in_contest(
        &mut self,
        within: Context,
        line: Request<'_>,
        contest: &Contest,
        state: &State,
        now: Instant,
    ) -> Vec<Step> {
        let back = act(within, Action::Back);
        match line {
            Request::Blank(blanks) => return self.press(within, blanks),
            Request::Word(PRESS, "") => return self.press(within, 0),
            Request::Word(QUIT, _) => return quit(),
            Request::Word(Verb::Do(Action::Card), "") if contest.has_result() => {
                return vec![act(within, Action::Card)];
            }
            Request::Word(Verb::Do(Action::Replay), "") if contest.is_over() => {
                self.say_replay(state);
                return Vec::new();
            }
            _ if contest.is_over() => {
                let mut steps = vec![back];
                steps.extend(self.play(line, state, now));
                return steps;
            }
            _ => {}
        }
        match (line, &contest.rival) {
            (Request::Word(Verb::Stop, _), Rival::Ghost(_)) => return vec![back],
            // The first one gives up, if that is possible, and the second one leaves the view.
            (Request::Word(Verb::Stop, _), Rival::Racers(_)) => return vec![back.clone(), back],
            (Request::Word(Verb::Where, _), Rival::Racers(racers)) if contest.is_on() => {
                self.say_standings(contest, racers);
            }
            (_, Rival::Ghost(_)) => self.say(&Say::SprintIsOn),
            (_, Rival::Racers(racers)) => self.say(match !contest.is_on() || racers.is_racing() {
                true => &Say::RaceIsYours,
                false => &Say::RaceIsTheirs,
            }),
        }
        Vec::new()
    }

    /// Says that a race can be joined, and what is new in a contest.
    pub(super) fn follow_contest(&mut self, state: &State, now: Instant) {
        self.follow_offer(state);
        let entered = |contest: &&Contest| contest.phase != Phase::Entering;
        let Some(contest) = state.contest().filter(entered) else {
            self.contest = ToldContest::default();
            return;
        };
        let stage = Some(std::mem::discriminant(&contest.stage()));
        let is_new = self.contest.stage != stage;
        if is_new {
            self.contest.stage = stage;
            self.contest.seconds = None;
            self.contest.answered = false;
        }
        match &contest.rival {
            Rival::Ghost(ghost) => self.follow_sprint(contest, ghost, is_new, state),
            Rival::Racers(racers) => self.follow_race(contest, racers, is_new, state, now),
        }
    }

    /// Whether one of these numbers of seconds left was just reached.
    pub(super) fn passes_mark(&mut self, marks: &[u64], left: Duration, contest: &Contest) -> bool {
        let seconds = whole_seconds(left);
        let told = self.contest.seconds.replace(seconds);
        let told = told.unwrap_or(contest.length.seconds().into());
        let passed = |mark: &u64| seconds <= *mark && told > *mark;
        marks.iter().any(passed)
    }
}
