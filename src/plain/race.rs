//! A race in lines: the offer, who is in it, how it stands now and then, the result.

use std::time::{Duration, Instant};

use super::reading::{PRESS, QUIT, act, quit};
use super::words::{Line, Verb};
use super::{Plain, Step};
use crate::game::race::{Race, RaceId, Racer, Standing};
use crate::message::Action;
use crate::state::{Contest, Context, LastRaces, Live, RacePhase, Stage, State};
use crate::ui::sentences;
use crate::words::Say;

/// How many seconds before the end it is told how everyone stands.
const MARKS: [u64; 6] = [50, 40, 30, 20, 10, 5];

/// How many seconds before the start it is told to get ready.
const READY: u64 = 3;

/// The least time between two lines about who has joined.
const PACE: Duration = Duration::from_secs(2);

/// The most racers that are named in a line, and in a result.
const NAMED: usize = 5;
const LISTED: usize = 10;

/// How many past races are told.
const PAST: usize = 5;

/// What was told of races.
#[derive(Debug, Default)]
pub struct Told {
    /// The race that somebody else has opened.
    offer: Option<RaceId>,
    /// The one that is seen.
    seen: Seen,
}

/// What was told of the race that is seen.
#[derive(Debug, Default)]
struct Seen {
    /// How far it is.
    part: Part,
    /// How many of its racers were named.
    racers: usize,
    /// When somebody was.
    named_at: Option<Instant>,
    /// The whole seconds to its start or its end.
    seconds: Option<u64>,
    /// Whether it was told that one has left it.
    left: bool,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    #[default]
    Nothing,
    Past,
    Starting,
    Running,
    Ended,
    Closed,
    Void,
}

/// Whether the database is still to say something of a race that a line has asked for.
pub fn is_asked_for(state: &State) -> bool {
    state.contest().is_some_and(|contest| {
        matches!(
            contest.phase,
            RacePhase::Choosing(LastRaces::NotYet)
                | RacePhase::Entering(_)
                | RacePhase::Awaited(..)
        )
    })
}

impl Plain {
    /// Reads a line while there is a race to be seen.
    pub(super) fn read_in_race(
        &mut self,
        line: Line<'_>,
        state: &State,
        now: Instant,
    ) -> Vec<Step> {
        let back = act(Context::Racing, Action::Back);
        let over = state.contest().is_none_or(Contest::is_over);
        let live = state.contest().and_then(live);
        match (line, live) {
            (Line::Blank(blanks), _) => self.press(Context::Racing, blanks),
            (Line::Word(PRESS, ""), _) => self.press(Context::Racing, 0),
            (Line::Word(QUIT, _), _) => quit(),
            // The first gives up, if there is something to be given up, and the second goes.
            (Line::Word(Verb::Stop, _), _) if !over => vec![back.clone(), back],
            (Line::Word(Verb::Where, _), Some(live)) if !over => {
                self.say_standings(live, state);
                Vec::new()
            }
            _ if !over => {
                let own = live.is_none_or(Live::is_racing);
                self.say(match own {
                    true => &Say::RaceIsYours,
                    false => &Say::RaceIsTheirs,
                });
                Vec::new()
            }
            _ => {
                let mut steps = vec![back];
                steps.extend(self.play(line, state, now));
                steps
            }
        }
    }

    /// Tells that a race can be joined, and how far one is.
    pub(super) fn follow_race(&mut self, state: &State, now: Instant) {
        self.follow_offer(state);
        let Some(contest) = state.contest() else {
            self.race.seen = Seen::default();
            return;
        };
        match &contest.phase {
            RacePhase::Choosing(last) => self.follow_last_races(last),
            RacePhase::Entering(_) | RacePhase::Awaited(..) => self.race.seen = Seen::default(),
            RacePhase::On(live) => self.follow_live(live, state, now),
            RacePhase::Void(why) => {
                if self.turns_to(Part::Void) {
                    self.say(why);
                }
            }
        }
    }

    /// Whether it is news that the race is so far.
    fn turns_to(&mut self, part: Part) -> bool {
        self.race
            .seen
            .seconds
            .take_if(|_| self.race.seen.part != part);
        std::mem::replace(&mut self.race.seen.part, part) != part
    }

    fn follow_offer(&mut self, state: &State) {
        let Some(offer) = &state.offer else {
            return;
        };
        let contest = state.contest();
        let seen = contest.and_then(Contest::race) == Some(offer.race);
        if seen {
            self.race.offer = Some(offer.race);
        }
        let free = match state.context() {
            Context::Play => true,
            Context::Sprinting => state.sprint().is_some_and(|sprint| !sprint.is_on()),
            Context::Racing => contest.is_some_and(Contest::is_over),
            _ => false,
        };
        if self.quiet || !free || self.race.offer == Some(offer.race) {
            return;
        }
        self.race.offer = Some(offer.race);
        let name = super::text::cut(&self.look.name(&offer.opener), super::NAME);
        let seconds = offer.length.seconds().into();
        self.say(&if offer.open && state.rights.play {
            let race = Say::RaceOffered { name, seconds }.into();
            Say::RaceToJoin { race }
        } else {
            let race = Say::RaceIsOn { name, seconds }.into();
            Say::RaceToWatch { race }
        });
    }

    fn follow_last_races(&mut self, last: &LastRaces) {
        if *last == LastRaces::NotYet || !self.turns_to(Part::Past) {
            return;
        }
        let races = match last {
            LastRaces::Read(races) => races,
            LastRaces::NotYet => return,
            LastRaces::Not(why) => {
                let why = why.clone().into();
                return self.say(&Say::LastRacesUnread { why });
            }
        };
        let run: Vec<&Race> = races
            .iter()
            .filter(|race| race.was_run())
            .take(PAST)
            .collect();
        let count = match run.len() {
            0 => Say::LastRacesEmpty,
            count => count.to_string().into(),
        };
        self.say_heading(&Say::LastRaces, &count);
        for race in run {
            let racers = race.ranked().into_iter().map(|(rank, racer)| {
                let racer = self.racer(racer, racer.presses, true);
                format!("{rank}. {racer}").into()
            });
            let what = shortened(racers.collect(), NAMED).into();
            let seconds = race.length.seconds().into();
            self.say(&Say::OverLength { seconds, what });
        }
    }

    fn follow_live(&mut self, live: &Live, state: &State, now: Instant) {
        let stage = live.stage();
        if self.race.seen.part < Part::Starting && stage != Stage::Closed {
            self.say_what_begins(live, state);
            self.race.seen.named_at = Some(now);
        }
        let left = live.own.as_ref().and_then(|own| own.left.clone());
        if let Some(why) = left.filter(|_| !std::mem::replace(&mut self.race.seen.left, true)) {
            let why = why.into();
            self.say(&Say::RaceLeft { why });
        }
        match stage {
            Stage::Starting(seconds) => {
                self.turns_to(Part::Starting);
                self.follow_racers(live, now);
                let before = self.race.seen.seconds.replace(seconds);
                if seconds <= READY && before.is_some_and(|before| before > READY) {
                    self.say(&Say::GetReady { seconds });
                }
            }
            Stage::Running(left) => {
                if self.turns_to(Part::Running) {
                    self.say(&Say::SprintGo);
                }
                self.follow_running(left, live, state);
            }
            Stage::Ended => {
                if self.turns_to(Part::Ended) {
                    self.say(&Say::RaceSaving);
                }
            }
            Stage::Closed => {
                if self.turns_to(Part::Closed) {
                    self.say_result(live);
                }
            }
        }
    }

    fn say_what_begins(&mut self, live: &Live, state: &State) {
        let seconds = live.race.length.seconds().into();
        let racers = &live.race.racers;
        let own = live.own.as_ref().filter(|own| own.left.is_none());
        match (own, live.stage()) {
            (Some(own), Stage::Starting(wait)) => {
                let name = self.name_of(own.player, state);
                let begins = Say::RaceBegins {
                    seconds,
                    name,
                    wait,
                };
                self.say(&begins.and(Say::EarlyPresses));
            }
            (Some(_), _) => self.say(&Say::RaceIsYours),
            (None, _) => {
                let opener = racers.first().map_or("", |racer| &racer.name);
                let name = super::text::cut(&self.look.name(opener), super::NAME);
                self.say(&Say::RaceWatched { seconds, name });
            }
        }
        let own = own.map(|own| own.number);
        let others = racers.iter().filter(|r| Some(r.number) != own);
        self.say_racers(&others.collect::<Vec<_>>());
        self.race.seen.racers = racers.len();
    }

    /// Tells who has joined since somebody was named.
    fn follow_racers(&mut self, live: &Live, now: Instant) {
        let new = live.race.racers.get(self.race.seen.racers..);
        let Some(new @ [_, ..]) = new else {
            return;
        };
        if let Some(next) = self.race.seen.named_at.map(|at| at + PACE)
            && now < next
        {
            return self.wake(next);
        }
        self.race.seen.named_at = Some(now);
        self.race.seen.racers = live.race.racers.len();
        self.say_racers(&new.iter().collect::<Vec<_>>());
    }

    fn say_racers(&mut self, racers: &[&Racer]) {
        if racers.is_empty() {
            return;
        }
        let names = racers.iter().map(|racer| self.racer_name(racer).into());
        let names = shortened(names.collect(), NAMED);
        let who = self.look.words.say(&names).into_owned();
        self.say(&Say::RacersNow { who });
    }

    /// Says how everyone stands, a few times.
    fn follow_running(&mut self, left: Duration, live: &Live, state: &State) {
        let seconds = left.as_secs() + u64::from(left.subsec_nanos() > 0);
        let told = self.race.seen.seconds.replace(seconds);
        let told = told.unwrap_or(live.race.length.seconds().into());
        if MARKS.iter().any(|mark| seconds <= *mark && told > *mark) {
            self.say_standings(live, state);
        }
    }

    /// Says how everyone stands, the first first.
    fn say_standings(&mut self, live: &Live, state: &State) {
        let title = match live.stage() {
            Stage::Starting(seconds) => Say::RaceStarts { seconds },
            Stage::Running(left) => {
                let seconds = left.as_secs() + u64::from(left.subsec_nanos() > 0);
                let n = seconds.to_string();
                let time = Say::Seconds { n }.into();
                Say::TimeLeft { time }
            }
            Stage::Ended | Stage::Closed => return self.say(&Say::RaceSaving),
        };
        let own = live.own.as_ref();
        let mine = own.and_then(|own| live.own_presses(state.tally(own.player)));
        let mut racers: Vec<(&Racer, u64)> =
            live.race.racers.iter().map(|r| (r, r.presses)).collect();
        for (racer, presses) in &mut racers {
            if let Some((made, _)) = mine
                && own.is_some_and(|own| own.number == racer.number && own.left.is_none())
            {
                // One's own are known before the database says them.
                *presses = made.max(*presses);
            }
        }
        racers.sort_by_key(|(racer, presses)| (u64::MAX - presses, racer.number));
        let shown = racers
            .iter()
            .map(|(racer, presses)| self.racer(racer, *presses, false).into());
        let shown = shortened(shown.collect(), NAMED);
        self.say_heading(&title, &shown);
    }

    fn say_result(&mut self, live: &Live) {
        let verdict = sentences::race_verdict(live, &self.look);
        self.say(&verdict);
        let ranked = live.race.ranked();
        let own = live.own.as_ref().map(|own| own.number);
        let mut hidden = 0;
        for (at, (rank, racer)) in ranked.into_iter().enumerate() {
            if at >= LISTED && Some(racer.number) != own {
                hidden += 1;
                continue;
            }
            let row = Say::RaceRow {
                rank: rank as u64,
                name: self.racer_name(racer),
                presses: racer.presses,
            };
            let row = match racer.standing {
                Standing::Left => Say::Beside(vec![row, Say::RacerLeft]),
                _ => row,
            };
            self.say(&row);
        }
        if hidden > 0 {
            self.say(&Say::MoreRacers { racers: hidden });
        }
    }

    /// A racer with presses, as “Bob 9”, and whether it has left.
    fn racer(&self, racer: &Racer, presses: u64, closed: bool) -> String {
        let name = self.racer_name(racer);
        let note = sentences::race_note(racer.standing, closed, &self.look);
        format!("{name} {presses}{note}")
    }

    fn racer_name(&self, racer: &Racer) -> String {
        super::text::cut(&self.look.name(&racer.name), super::NAME)
    }

    fn say_heading(&mut self, title: &Say, what: &Say) {
        let words = &self.look.words;
        let (title, players) = (words.say(title).into_owned(), words.say(what).into_owned());
        self.say(&Say::ListHeading { title, players });
    }
}

fn live(contest: &Contest) -> Option<&Live> {
    match &contest.phase {
        RacePhase::On(live) => Some(live),
        _ => None,
    }
}

/// The first of these beside one another, and how many more there are.
fn shortened(mut all: Vec<Say>, most: usize) -> Say {
    let more = all.len().saturating_sub(most) as u64;
    all.truncate(most);
    all.extend((more > 0).then_some(Say::MoreRacers { racers: more }));
    Say::Beside(all)
}
