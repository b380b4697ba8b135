//! A race in lines: the offer, the racers, the standings, and the result.

use std::time::{Duration, Instant};

use super::Plain;
use crate::game::contest::Stage;
use crate::game::race::{Race, Racer, Standing};
use crate::state::{Contest, Context, Fetched, Phase, Racers, State};
use crate::ui::sentences::contest as words;
use crate::words::{Say, text};

/// The seconds before the end at which the standings are said.
const MARKS: [u64; 6] = [50, 40, 30, 20, 10, 5];

/// The seconds before the start at which players are told to get ready.
const READY: u64 = 3;

/// The least time between two lines about who has joined.
const PACE: Duration = Duration::from_secs(2);

/// The most racers that are named in a line and in a result.
const NAMED: usize = 5;
const LISTED: usize = 10;

/// How many past races are listed.
const PAST: usize = 5;

impl Plain {
    /// Says what is new in a race. `is_new` if it has just reached its stage.
    pub(super) fn follow_race(
        &mut self,
        contest: &Contest,
        racers: &Racers,
        is_new: bool,
        state: &State,
        now: Instant,
    ) {
        match &contest.phase {
            Phase::Choosing => return self.follow_last_races(&racers.last),
            Phase::Void(why) if is_new => return self.say(why),
            _ => {}
        }
        if contest.is_on() && !std::mem::replace(&mut self.contest.begun, true) {
            self.contest.named_at = Some(now);
            self.say_what_begins(contest, racers, state);
        }
        if let Some(why) = racers.left()
            && !std::mem::replace(&mut self.contest.left, true)
        {
            self.say(&Say::RaceLeft { why: why.into() });
        }
        match contest.stage() {
            Stage::Starting(seconds) => {
                self.follow_racers(racers, now);
                let before = self.contest.seconds.replace(seconds);
                if seconds <= READY && before.is_some_and(|before| before > READY) {
                    self.say(&Say::GetReady { seconds });
                }
            }
            Stage::Running(left) => {
                if is_new {
                    self.say(&Say::SprintGo);
                }
                if self.passes_mark(&MARKS, left, contest) {
                    self.say_standings(contest, racers);
                }
            }
            Stage::Saving if is_new => self.say(&Say::RaceSaving),
            Stage::Over if is_new => self.say_result(contest, racers),
            _ => {}
        }
    }

    pub(super) fn follow_offer(&mut self, state: &State) {
        let Some(offer) = &state.offer else {
            return;
        };
        if state.watched_race() == Some(offer.race) {
            self.offered = Some(offer.race);
        }
        let free = match state.context() {
            Context::Play => true,
            Context::Competing(_) => state.contest().is_some_and(Contest::is_over),
            _ => false,
        };
        if self.quiet || !free || self.offered == Some(offer.race) {
            return;
        }
        self.offered = Some(offer.race);
        let name = self.short(&offer.opener);
        let joins = offer.open && state.rights.play;
        let race = words::offer(offer, name, joins).into();
        self.say(&match joins {
            true => Say::RaceToJoin { race },
            false => Say::RaceToWatch { race },
        });
    }

    fn follow_last_races(&mut self, last: &Fetched<Vec<Race>>) {
        let races = match last {
            Fetched::Pending => return,
            _ if !self.contest.answers() => return,
            Fetched::Ready(races) => races,
            Fetched::Failed(why) => return self.say(&Say::LastRacesUnread { why: why.into() }),
        };
        let run: Vec<&Race> = races
            .iter()
            .filter(|race| race.was_run())
            .take(PAST)
            .collect();
        let count = match run.len() {
            0 => Say::LastRacesEmpty,
            count => text::grouped(count).into(),
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

    fn say_what_begins(&mut self, contest: &Contest, racers: &Racers, state: &State) {
        let seconds = contest.length.seconds().into();
        let player = contest.player.filter(|_| racers.left().is_none());
        match (player, contest.stage()) {
            (Some(player), Stage::Starting(wait)) => {
                let name = self.name_of(player, state);
                let begins = Say::RaceBegins {
                    seconds,
                    name,
                    wait,
                };
                self.say(&begins.and(Say::EarlyPresses));
            }
            (Some(_), _) => self.say(&Say::RaceIsYours),
            (None, _) => {
                let opener = racers.all().first().map_or("", |racer| &racer.name);
                let name = self.short(opener);
                self.say(&Say::RaceWatched { seconds, name });
            }
        }
        let own = racers.own_number().filter(|_| player.is_some());
        let others = racers.all().iter();
        let others = others.filter(|r| Some(r.number) != own);
        self.say_racers(&others.collect::<Vec<_>>());
        self.contest.racers = racers.all().len();
    }

    /// Says who has joined since racers were last named.
    fn follow_racers(&mut self, racers: &Racers, now: Instant) {
        let new = racers.all().get(self.contest.racers..);
        let Some(new @ [_, ..]) = new else {
            return;
        };
        if let Some(next) = self.contest.named_at.map(|at| at + PACE)
            && now < next
        {
            return self.wake(next);
        }
        self.contest.named_at = Some(now);
        self.contest.racers = racers.all().len();
        self.say_racers(&new.iter().collect::<Vec<_>>());
    }

    fn say_racers(&mut self, racers: &[&Racer]) {
        if racers.is_empty() {
            return;
        }
        let names = racers.iter().map(|racer| self.short(&racer.name).into());
        let who = shortened(names.collect(), NAMED).into();
        self.say(&Say::RacersNow { who });
    }

    /// Says the standings, best first.
    pub(super) fn say_standings(&mut self, contest: &Contest, racers: &Racers) {
        let title = match contest.stage() {
            Stage::Starting(seconds) => Say::RaceStarts { seconds },
            Stage::Running(left) => words::time_left(left, false),
            _ => return self.say(&Say::RaceSaving),
        };
        let own = racers.own_number().filter(|_| racers.left().is_none());
        let mine = contest.presses();
        let mut racers: Vec<(&Racer, u64)> = racers.all().iter().map(|r| (r, r.presses)).collect();
        for (racer, presses) in &mut racers {
            if let Some(made) = mine.filter(|_| own == Some(racer.number)) {
                // The player's own presses are known before the database reports them.
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

    fn say_result(&mut self, contest: &Contest, racers: &Racers) {
        let verdict = words::race_verdict(racers, &self.look);
        self.say(&verdict);
        if let Some(run) = contest.run.as_ref().filter(|_| racers.left().is_none()) {
            self.say(&words::best_second(run.trace(), contest.early));
        }
        let own = racers.own_number();
        let mut hidden = 0;
        for (at, (rank, racer)) in racers.ranked().into_iter().enumerate() {
            if at >= LISTED && Some(racer.number) != own {
                hidden += 1;
                continue;
            }
            let row = Say::RaceRow {
                rank: rank as u64,
                name: self.short(&racer.name),
                presses: racer.presses,
            };
            let trace = racers.trace(racer);
            let trace = trace.filter(|_| racers.known_from(racer).is_zero());
            let row = match (racer.standing, trace) {
                (Standing::Left, _) => Say::Beside(vec![row, Say::RacerLeft]),
                (_, Some(trace)) if Some(racer.number) != own => {
                    let presses = trace.best_second();
                    Say::Beside(vec![row, Say::BestSecond { presses }])
                }
                _ => row,
            };
            self.say(&row);
        }
        if hidden > 0 {
            self.say(&Say::MoreRacers { racers: hidden });
        }
    }

    /// A racer with presses, as “Bob 9”, and a note if the racer has left.
    fn racer(&self, racer: &Racer, presses: u64, closed: bool) -> String {
        let name = self.short(&racer.name);
        let note = words::note(racer.standing, closed, &self.look);
        format!("{name} {presses}{note}")
    }

    pub(super) fn say_heading(&mut self, title: &Say, what: &Say) {
        let (title, players) = (title.into(), what.into());
        self.say(&Say::ListHeading { title, players });
    }
}

/// The first of these in one line, and how many more there are.
fn shortened(mut all: Vec<Say>, most: usize) -> Say {
    let more = all.len().saturating_sub(most) as u64;
    all.truncate(most);
    all.extend((more > 0).then_some(Say::MoreRacers { racers: more }));
    Say::Beside(all)
}
