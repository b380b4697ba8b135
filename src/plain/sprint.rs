//! A sprint in a few lines: the choice, the countdown, a word now and then, the result.

use super::Plain;
use super::words::LENGTHS;
use crate::game::sprint::{Bests, Length, Run};
use crate::state::{Kept, Known, Phase, Sprint, State};
use crate::ui::sentences;
use crate::words::Say;

/// How many seconds before the end something is said.
const MARKS: [u64; 3] = [30, 10, 5];

/// What was told of a sprint.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// The choice, or the best of the one that begins.
    bests: bool,
    /// The seconds of the countdown, or of the run.
    seconds: Option<u64>,
    /// How far it is.
    stage: Stage,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    #[default]
    None,
    Choosing,
    Countdown,
    Running,
    Saving,
    Done,
    Kept,
    Void,
}

impl Plain {
    /// Tells how far a sprint is.
    pub(super) fn follow_sprint(&mut self, state: &State) {
        let Some(sprint) = state.sprint() else {
            self.sprint = Told::default();
            return;
        };
        let stage = match &sprint.phase {
            Phase::Choosing => Stage::Choosing,
            Phase::Countdown(_) => Stage::Countdown,
            Phase::Running(_) => Stage::Running,
            Phase::Saving { .. } => Stage::Saving,
            Phase::Done {
                kept: Kept::NotYet, ..
            } => Stage::Done,
            Phase::Done { .. } => Stage::Kept,
            Phase::Void(_) => Stage::Void,
        };
        let before = self.sprint.stage;
        if before != stage {
            self.sprint = Told {
                stage,
                // What was known in the choice is still to be told of the one that begins.
                bests: false,
                seconds: None,
            };
        }
        match &sprint.phase {
            Phase::Choosing => self.follow_choice(sprint, state),
            Phase::Countdown(start) => {
                self.follow_countdown(sprint, sprint.seconds_to(*start), state);
            }
            Phase::Running(run) => {
                if before != stage {
                    self.say(&Say::SprintGo);
                }
                self.follow_run(sprint, run);
            }
            Phase::Saving { .. } => {}
            Phase::Done {
                trace,
                before: best,
                kept,
            } => {
                if before < Stage::Done {
                    let result = sentences::presses_in(trace.total(), sprint.length);
                    let verdict = sentences::verdict(sprint, trace, *best);
                    self.say(&result);
                    self.say(&verdict);
                }
                if before != Stage::Kept && stage == Stage::Kept {
                    if let Kept::No(why) = kept {
                        let why = why.clone().into();
                        self.say(&Say::ResultUnkept { why });
                    }
                    self.say(&Say::PressesCount);
                }
            }
            Phase::Void(why) if before != stage => {
                let why = why.clone().into();
                self.say(&Say::SprintVoid { why }.and(Say::PressesCount));
            }
            Phase::Void(_) => {}
        }
    }

    /// Asks for a length.
    pub(super) fn ask_length(&mut self) {
        let seconds = LENGTHS.map(|(name, _)| name).join(", ");
        self.say(&Say::AskSeconds { seconds });
    }

    fn follow_choice(&mut self, sprint: &Sprint, state: &State) {
        if self.sprint.bests {
            return;
        }
        match &sprint.bests {
            Known::NotYet => return,
            Known::Not(why) => {
                let why = why.clone().into();
                self.say(&Say::BoardUnread { why });
            }
            Known::Read(bests) => {
                for length in Length::ALL {
                    self.say_best(bests, length);
                    self.say_board(bests, length, state);
                }
            }
        }
        self.sprint.bests = true;
    }

    fn say_best(&mut self, bests: &Bests, length: Length) {
        let best = match bests.own(length) {
            Some(best) => Say::ChoiceBest {
                presses: best.presses,
            },
            None => Say::ChoiceNoBest,
        };
        self.say(&Say::OverLength {
            seconds: length.seconds().into(),
            what: best.into(),
        });
    }

    /// The three best of a length, in one line.
    fn say_board(&mut self, bests: &Bests, length: Length, state: &State) {
        let places = bests.board(length).iter().take(3);
        let places = places.filter_map(|place| {
            let player = state.player(place.player)?;
            let named = format!("{} {}", self.name(player), place.presses);
            Some(Say::from(named))
        });
        let places: Vec<Say> = places.collect();
        if !places.is_empty() {
            let title = Say::BoardOver {
                seconds: length.seconds().into(),
            };
            let title = self.look.words.say(&title).into_owned();
            let players = self.look.words.say(&Say::Beside(places)).into_owned();
            self.say(&Say::ListHeading { title, players });
        }
    }

    fn follow_countdown(&mut self, sprint: &Sprint, seconds: u64, state: &State) {
        if self.sprint.seconds.is_none() {
            self.say(&Say::SprintBegins {
                seconds: sprint.length.seconds().into(),
                name: self.name_of(sprint.player, state),
            });
        }
        if !self.sprint.bests && !matches!(sprint.bests, Known::NotYet) {
            self.sprint.bests = true;
            self.say(&match (sprint.best(), &sprint.bests) {
                (Some(presses), _) => Say::BestIs { presses },
                (None, Known::Read(_)) => Say::BestIsNone,
                (None, _) => Say::BestIsUnknown,
            });
        }
        if self.sprint.seconds.replace(seconds) != Some(seconds) {
            self.say(&Say::GetReady { seconds });
        }
    }

    /// Says how it goes, a few times.
    fn follow_run(&mut self, sprint: &Sprint, run: &Run) {
        let (all, elapsed) = (sprint.length.time(), sprint.elapsed(run));
        let left = all.saturating_sub(elapsed);
        let seconds = left.as_secs() + u64::from(left.subsec_nanos() > 0);
        let told = self.sprint.seconds.replace(seconds);
        let told = told.unwrap_or(all.as_secs());
        let passed = |mark: &u64| seconds <= *mark && told > *mark;
        if left.is_zero() || !MARKS.iter().any(passed) {
            return;
        }
        let presses = run.trace().total();
        let time = Say::Seconds {
            n: seconds.to_string(),
        };
        let left = Box::new(Say::TimeLeft { time: time.into() });
        let so_far = Say::SprintSoFar { left, presses };
        let Some(ghost) = sprint.ghost().map(|ghost| ghost.by(elapsed)) else {
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
