//! A sprint in lines: the choice, the countdown, the progress, and the result.

use std::time::Duration;

use super::Plain;
use crate::game::contest::{Length, Stage};
use crate::game::sprint::Bests;
use crate::state::{Contest, Fetched, Ghost, Phase, SprintKept, State};
use crate::ui::sentences::contest as words;
use crate::words::Say;

/// The seconds before the end at which the progress is said.
const MARKS: [u64; 3] = [30, 10, 5];

impl Plain {
    /// Says what is new in a sprint. `is_new` if it has just reached its stage.
    pub(super) fn follow_sprint(
        &mut self,
        contest: &Contest,
        ghost: &Ghost,
        is_new: bool,
        state: &State,
    ) {
        match contest.stage() {
            Stage::Choosing => self.follow_choice(ghost, state),
            Stage::Starting(seconds) => self.follow_countdown(contest, ghost, seconds, state),
            Stage::Running(left) => {
                if is_new {
                    self.say(&Say::SprintGo);
                }
                self.follow_run(contest, ghost, left);
            }
            Stage::Over => {
                if is_new {
                    let presses = contest.presses().unwrap_or_default();
                    self.say(&words::presses_in(presses, contest.length));
                    self.say(&words::sprint_verdict(ghost, presses));
                    if let Some(run) = contest.run.as_ref().filter(|_| presses > 0) {
                        self.say(&words::best_second(run.trace(), contest.early));
                    }
                }
                if ghost.kept != SprintKept::NotYet && self.contest.answers() {
                    if let SprintKept::No(why) = &ghost.kept {
                        self.say(&Say::ResultUnkept { why: why.into() });
                    }
                    self.say(&Say::PressesCount);
                }
            }
            Stage::Saving | Stage::Entering | Stage::Void => {}
        }
        if let Phase::Void(why) = &contest.phase
            && is_new
        {
            self.say(&Say::SprintVoid { why: why.into() }.and(Say::PressesCount));
        }
    }

    fn follow_choice(&mut self, ghost: &Ghost, state: &State) {
        match &ghost.bests {
            Fetched::Pending => {}
            _ if !self.contest.answers() => {}
            Fetched::Failed(why) => {
                self.say(&Say::BoardUnread { why: why.into() });
            }
            Fetched::Ready(bests) => {
                for length in Length::ALL {
                    let seconds = length.seconds().into();
                    let what = words::choice(bests, length).into();
                    self.say(&Say::OverLength { seconds, what });
                    self.say_board(bests, length, state);
                }
            }
        }
    }

    /// The best three of a length, in one line.
    fn say_board(&mut self, bests: &Bests, length: Length, state: &State) {
        let places = bests.board(length).iter().take(3);
        let places = places.filter_map(|place| {
            let player = state.player(place.player)?;
            let named = format!("{} {}", self.name(player), place.presses);
            Some(Say::from(named))
        });
        let places: Vec<Say> = places.collect();
        if !places.is_empty() {
            let seconds = length.seconds().into();
            self.say_heading(&Say::BoardOver { seconds }, &Say::Beside(places));
        }
    }

    fn follow_countdown(&mut self, contest: &Contest, ghost: &Ghost, seconds: u64, state: &State) {
        if self.contest.seconds.is_none()
            && let Some(player) = contest.player
        {
            self.say(&Say::SprintBegins {
                seconds: contest.length.seconds().into(),
                name: self.name_of(player, state),
            });
        }
        if ghost.bests != Fetched::Pending && self.contest.answers() {
            self.say(&words::best(ghost, contest.length));
        }
        if self.contest.seconds.replace(seconds) != Some(seconds) {
            self.say(&Say::GetReady { seconds });
        }
    }

    /// Says the progress at a few times.
    fn follow_run(&mut self, contest: &Contest, ghost: &Ghost, left: Duration) {
        if !self.passes_mark(&MARKS, left, contest) {
            return;
        }
        let presses = contest.presses().unwrap_or_default();
        let elapsed = contest.length.time() - left;
        let left = Box::new(words::time_left(left, false));
        let so_far = Say::SprintSoFar { left, presses };
        let Some(ghost) = ghost
            .trace(contest.length)
            .map(|ghost| ghost.total_at(elapsed))
        else {
            return self.say(&so_far);
        };
        let duel = match (presses.checked_sub(ghost), ghost.saturating_sub(presses)) {
            (Some(0), _) => Say::SprintLevel,
            (Some(presses), _) => Say::SprintAhead { presses },
            (None, presses) => Say::SprintBehind { presses },
        };
        self.say(&so_far.and(duel));
    }
}
