//! A race: joining, the common start, reports to the database, and the end.

use std::time::{Duration, Instant};

use clickoff::game::contest::{Kind, Length, Stage, Trace};
use clickoff::game::race::{Entered, Entrance, GRACE, Race, RaceId, Racer, Standing};
use clickoff::game::{ClockReading, HeldKeys, PlayerId};
use clickoff::message::{
    Action, Command, ContestCommand, Effect, Farewell, Message, Progress, Question, Reply, Rights,
    Stop,
};
use clickoff::state::{AGAIN, Contest, Context, Fetched, Phase, REPORTED, RESULT_PATIENCE, Rival};
use jiff::{SignedDuration, Timestamp};

use super::common::{Game, NOON, player, presses};

const P1: PlayerId = PlayerId(1);
const RACE: RaceId = RaceId(7);

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// A game, and a database whose clock is so far before this machine's.
#[derive(Clone)]
struct Track {
    game: Game,
    zero: (Instant, Timestamp),
    race: Race,
}

/// A dozen players, `p1` picked; a race over five seconds that starts ten after now.
fn track(skew: i64) -> Track {
    let game = Game::of_a_dozen().still();
    let noon: Timestamp = NOON.parse().expect("a time");
    let zero = (game.now, noon + SignedDuration::from_millis(skew));
    let race = Race {
        id: RACE,
        length: Length::Five,
        start: zero.1 + ms(10_000),
        closed: false,
        racers: vec![racer(1, 2), racer(2, 1)],
    };
    Track { game, zero, race }
}

/// A racer for a player.
fn racer(number: i64, player: i64) -> Racer {
    Racer {
        number,
        player: PlayerId(player),
        name: format!("p{player}"),
        presses: 0,
        standing: Standing::Racing,
        trace: None,
    }
}

impl Track {
    /// What the clock shows, by an answer that took so long there and so long back.
    fn measured(&self, there: Duration, back: Duration) -> ClockReading {
        let shows = self.game.now - self.zero.0;
        ClockReading {
            time: self.zero.1 + shows - back,
            at: self.game.now - (there + back) / 2,
            took: there + back,
        }
    }

    fn sample(&self) -> ClockReading {
        self.measured(ms(1), ms(1))
    }

    /// How the race stands is seen.
    fn see(&mut self) -> Vec<Command> {
        let reply = Reply::RaceSeen(RACE, Some(self.race.clone()), self.sample());
        self.game.reply(reply)
    }

    /// Somebody else has opened it.
    fn offered(mut self) -> Self {
        let reply = Reply::RaceOpened(self.race.clone(), self.sample());
        self.game.reply(reply);
        self
    }

    /// `p1` has joined as the second racer and sees it.
    fn joined(self) -> Self {
        let mut track = self.offered();
        let joined = track.game.act(Action::Join);
        assert_eq!(
            joined,
            [Command::Contest(ContestCommand::EnterRace(
                P1,
                Entrance::Join(RACE)
            ))]
        );
        let entered = Entered {
            race: RACE,
            racer: 2,
        };
        track.game.reply(Reply::RaceEntered(P1, entered));
        track.see();
        track
    }

    /// The same at the start, with two presses before it of which one is committed.
    fn started(self) -> Self {
        let mut track = self.joined();
        track.at(9_000);
        track.game.press(2);
        counted(&mut track, 1);
        track.at(10_000);
        track
    }

    /// Lets the time come that is so many milliseconds after the beginning, with all ticks before.
    fn at(&mut self, millis: u64) -> Vec<Command> {
        let end = self.zero.0 + ms(millis);
        let mut told = Vec::new();
        while let Some(at) = self
            .game
            .state
            .wake_at(self.game.now)
            .filter(|at| *at < end)
        {
            assert!(at > self.game.now, "it would never sleep");
            self.game.now = at;
            told.extend(self.game.tell(Message::Tick));
        }
        self.game.now = end;
        told.extend(self.game.tell(Message::Tick));
        told
    }

    fn stage(&self) -> Stage {
        self.contest().stage()
    }

    fn contest(&self) -> &Contest {
        self.game.state.contest().expect("a race")
    }

    fn closed(&mut self, presses: [u64; 2]) {
        self.race.closed = true;
        for (racer, presses) in self.race.racers.iter_mut().zip(presses) {
            racer.presses = presses;
            racer.standing = Standing::Done;
        }
        self.see();
    }
}

fn counted(track: &mut Track, counted: u64) -> Vec<Command> {
    track.game.reply(Reply::Counted {
        player: P1,
        counted,
        score: 120 + counted as i64,
    })
}

fn told(presses: u64, standing: Standing) -> Command {
    Command::Contest(ContestCommand::ReportRace(Progress {
        race: RACE,
        player: P1,
        presses,
        standing,
        trace: None,
    }))
}

/// All are told, with when they were made.
fn done(presses: u64, trace: &str) -> Command {
    Command::Contest(ContestCommand::ReportRace(Progress {
        race: RACE,
        player: P1,
        presses,
        standing: Standing::Done,
        trace: Trace::parse(trace, Length::Five),
    }))
}

#[test]
fn a_race_is_opened_over_a_length_and_the_last_ones_are_shown() {
    let mut track = track(0);
    assert_eq!(
        track.game.act(Action::Contest(Kind::Race)),
        [Command::Ask(Question::Races)]
    );
    assert_eq!(track.game.state.context(), Context::Choosing(Kind::Race));
    track.game.reply(Reply::Races(vec![track.race.clone()]));
    let shown = track.contest();
    assert_eq!(shown.phase, Phase::Choosing);
    let Rival::Racers(racers) = &shown.rival else {
        panic!("{shown:?}");
    };
    assert!(matches!(&racers.last, Fetched::Ready(races) if races.len() == 1));
    track.game.act(Action::Down);
    let opened = track.game.act(Action::Accept);
    assert_eq!(
        opened,
        [Command::Contest(ContestCommand::EnterRace(
            P1,
            Entrance::Open(Length::Thirty)
        ))]
    );
    track.game.reply(Reply::RaceMissed("No right.".into()));
    let shown = &track.contest().phase;
    assert_eq!(shown, &Phase::Void("No right.".into()));
    track.game.act(Action::Back);
    assert_eq!(track.game.state.context(), Context::Play);
}

#[test]
fn all_start_at_the_same_moment_however_far_the_clocks_are_apart() {
    for skew in [-5_000, 0, 5_000, 3_600_000] {
        let mut track = track(skew).joined();
        // A slower answer, all of it on its way back, changes nothing.
        track.at(4_000);
        let slow = Reply::RaceSeen(
            RACE,
            Some(track.race.clone()),
            track.measured(ms(0), ms(900)),
        );
        track.game.reply(slow);
        assert_eq!(track.stage(), Stage::Starting(6), "{skew}");
        track.at(9_999);
        assert_eq!(track.stage(), Stage::Starting(1));
        track.at(10_000);
        assert_eq!(track.stage(), Stage::Running(ms(5_000)));
        track.at(14_999);
        assert_eq!(track.stage(), Stage::Running(ms(1)));
        track.at(15_000);
        assert_eq!(track.stage(), Stage::Saving);
    }
}

#[test]
fn a_faster_answer_moves_the_start_before_it_has_come() {
    let mut track = track(0).offered();
    track.game.act(Action::Join);
    let entered = Entered {
        race: RACE,
        racer: 2,
    };
    track.game.reply(Reply::RaceEntered(P1, entered));
    // Read at once, and half a second on its way back: the clock seems a quarter behind.
    let first = track.measured(ms(0), ms(500));
    track
        .game
        .reply(Reply::RaceSeen(RACE, Some(track.race.clone()), first));
    track.at(9_900);
    assert_eq!(track.stage(), Stage::Starting(1));
    track.see();
    track.at(10_000);
    assert_eq!(track.stage(), Stage::Running(ms(5_000)));
}

#[test]
fn only_committed_presses_from_the_start_to_the_end_are_told() {
    let mut track = track(0).started();
    assert_eq!(track.game.press(5), presses(1, 5), "by the same way as any");
    assert_eq!(counted(&mut track, 2), [], "those of before the start");
    assert_eq!(counted(&mut track, 4), [told(2, Standing::Racing)]);
    assert_eq!(
        counted(&mut track, 6),
        [],
        "not more than five times a second"
    );
    let due = track.game.state.wake_at(track.game.now).expect("a wake-up");
    assert!(due <= track.game.now + REPORTED);
    assert_eq!(track.at(10_300), [told(4, Standing::Racing)]);
    track.at(14_999);
    track.game.press(3);
    track.at(15_000);
    track.game.press(9);
    assert_eq!(counted(&mut track, 9), [told(7, Standing::Racing)]);
    let all = format!("5{}3", ",".repeat(49));
    assert_eq!(counted(&mut track, 19), [done(8, &all)]);
    assert_eq!(counted(&mut track, 19), [], "it is said once");
    assert_eq!(track.game.state.tallies[&P1].pressed, 19, "and all score");
}

#[test]
fn a_race_without_a_press_is_done_at_its_end() {
    let mut track = track(0).started();
    assert_eq!(track.at(15_000), [done(0, "")]);
}

#[test]
fn refused_presses_are_not_of_the_race() {
    let (player, presses) = (P1, 4);
    let refused = Reply::Refused {
        player,
        presses,
        why: "4 presses were not counted.".into(),
    };
    let over_rate = Reply::OverRate {
        player,
        presses,
        limit: Some(10),
    };
    for refusal in [refused, over_rate] {
        let mut track = track(0).started();
        counted(&mut track, 2);
        track.game.press(6);
        assert_eq!(counted(&mut track, 4), [told(2, Standing::Racing)]);
        assert_eq!(track.game.reply(refusal), []);
        assert_eq!(track.at(15_000), [told(2, Standing::Done)]);
        track.game.press(4);
        assert_eq!(counted(&mut track, 8), []);
        assert_eq!(track.at(15_500), [], "it is done");
    }
}

#[test]
fn a_held_key_makes_the_presses_of_a_race_that_it_scores() {
    for (held, each) in [(HeldKeys::Once, 0), (HeldKeys::Count, 1)] {
        let mut track = track(0).started();
        counted(&mut track, 2);
        track.game.send(Message::KeysReported);
        track.game.state.held_keys = Some(held);
        track.game.press(1);
        for _ in 0..20 {
            assert_eq!(track.game.tell(Message::Held), presses(1, each));
        }
        let made = 1 + 20 * each as u64;
        let all = told(made, Standing::Racing);
        assert_eq!(counted(&mut track, 2 + made), [all]);
    }
    // Where it can only be guessed: after a pause as long as a keyboard's delay.
    let mut track = track(0).started();
    track.game.state.held_keys = Some(HeldKeys::Once);
    counted(&mut track, 2);
    let scored = track.game.hold(40);
    assert_eq!(scored, 16, "the first and fifteen repeats");
    assert_eq!(counted(&mut track, 2 + 16), [told(16, Standing::Racing)]);
}

#[test]
fn the_result_is_what_the_database_has_and_then_nothing_moves_any_more() {
    let mut track = track(0).started();
    track.game.press(4);
    counted(&mut track, 6);
    track.at(15_100);
    track.closed([9, 4]);
    assert_eq!(track.stage(), Stage::Over);
    track.game.state.button_down_until = None;
    let frames = track.game.rest();
    assert!(frames.is_empty(), "idle again: {frames:?}");
    assert_eq!(track.game.state.offer, None);
    assert_eq!(track.game.press(3), presses(1, 3));
    assert_eq!(counted(&mut track, 9), []);
}

#[test]
fn one_key_is_the_rematch_for_all_who_were_in_the_race() {
    let again = Action::Contest(Kind::Race);
    let mut track = track(0).started();
    assert_eq!(track.game.act(again), [], "not while it is on");
    track.at(15_100);
    track.closed([9, 4]);
    // The first opens one over the same length, whatever was chosen for the next.
    let opens = Command::Contest(ContestCommand::EnterRace(P1, Entrance::Open(Length::Five)));
    assert_eq!(track.game.clone().act(again), std::slice::from_ref(&opens));
    // The others join what one of them has opened.
    let mut rematch = track.race.clone();
    rematch.id = RaceId(RACE.0 + 1);
    rematch.closed = false;
    rematch.start += Duration::from_secs(60);
    let sample = track.measured(ms(0), ms(0));
    track.game.reply(Reply::RaceOpened(rematch.clone(), sample));
    let offer = track.game.state.offer.clone().expect("an offer");
    assert!(offer.again, "{offer:?}");
    let joins = Command::Contest(ContestCommand::EnterRace(P1, Entrance::Join(rematch.id)));
    assert_eq!(track.game.clone().act(again), [joins]);
    // Too late for that one: another.
    let mut late = rematch;
    late.start = track.race.start;
    track.game.reply(Reply::RaceOpened(late, sample));
    assert_eq!(track.game.act(again), [opens]);
    assert_eq!(track.game.state.context(), Context::Competing(Kind::Race));
}

#[test]
fn presses_before_the_start_are_false_starts_and_of_no_race() {
    let track = track(0).started();
    let race = track.game.state.contest().expect("a race");
    assert_eq!((race.early, race.presses()), (2, Some(0)));
}

#[test]
fn a_race_is_watched_again_and_nothing_is_scored_by_it() {
    let mut track = track(0).started();
    track.game.press(4);
    counted(&mut track, 6);
    track.at(15_100);
    assert_eq!(track.game.act(Action::Replay), [], "not while it is on");
    assert_eq!(track.game.state.context(), Context::Competing(Kind::Race));
    track.closed([9, 4]);
    track.game.act(Action::Replay);
    let notice = track.game.notice().to_owned();
    assert!(notice.contains("nothing to replay here"), "{notice}");
    let nine = Trace::parse("4,,5", Length::Five);
    track.race.racers[0].trace = nine.clone();
    track.see();
    track.game.act(Action::Replay);
    assert_eq!(track.game.state.context(), Context::Replay);
    for action in [Action::Press, Action::Accept, Action::Accept, Action::Join] {
        assert_eq!(track.game.act(action), [], "{action:?}");
    }
    assert_eq!(track.game.tell(Message::Paste("   ".into())), []);
    assert_eq!(track.game.tell(Message::Held), []);
    track.at(15_350);
    let replay = track.game.state.contest().and_then(|c| c.replay.as_ref());
    let replay = replay.expect("a replay");
    let shown = &replay.recording().lanes[0].trace;
    assert_eq!((Some(shown), replay.elapsed()), (nine.as_ref(), ms(250)));
    let frames = track.game.rest();
    assert!(frames.len() <= 5, "seconds until its end: {frames:?}");
    track.game.act(Action::Back);
    assert_eq!(track.game.state.context(), Context::Competing(Kind::Race));
    assert_eq!(track.stage(), Stage::Over);
    assert_eq!(track.game.state.tallies[&P1].pressed, 6);
}

#[test]
fn the_last_races_are_gone_through_from_the_choice() {
    let mut track = track(0);
    track.game.act(Action::Contest(Kind::Race));
    let run = |id, trace: Option<&str>| {
        let mut race = track.race.clone();
        race.id = RaceId(id);
        race.racers.truncate(1);
        race.racers[0].trace = trace.and_then(|trace| Trace::parse(trace, Length::Five));
        race
    };
    let races = vec![run(3, Some("3")), run(2, None), run(1, Some("1"))];
    track.game.reply(Reply::Races(races));
    track.game.act(Action::Replay);
    let shown = |track: &Track| {
        let replay = track.game.state.contest().and_then(|c| c.replay.as_ref());
        let replay = replay.expect("a replay");
        (replay.recording().lanes[0].trace.total(), replay.place())
    };
    assert_eq!(shown(&track), (3, (1, 2)), "what has no trace is left out");
    track.game.act(Action::Earlier);
    assert_eq!(shown(&track), (1, (2, 2)));
    track.game.act(Action::Later);
    assert_eq!(shown(&track), (3, (1, 2)));
    track.game.act(Action::Back);
    assert_eq!(track.game.state.context(), Context::Choosing(Kind::Race));
}

#[test]
fn a_race_that_nobody_closes_is_closed_by_those_who_are_left() {
    let mut track = track(0).started();
    track.at(15_000);
    let deadline = 15_000 + GRACE.as_millis() as u64;
    assert_eq!(track.at(deadline - 1), []);
    assert_eq!(track.at(deadline), [done(0, "")]);
    assert_eq!(track.at(deadline + 999), []);
    assert_eq!(track.at(deadline + 1_000), [done(0, "")]);
    // The link is lost: nobody waits for ever.
    track.game.blinded();
    let last = track.at(deadline + RESULT_PATIENCE.as_millis() as u64);
    assert!(last.contains(&Command::WatchRace(None)), "{last:?}");
    let shown = &track.contest().phase;
    assert!(matches!(shown, Phase::Void(_)), "{shown:?}");
}

/// What leaves a race in its countdown, while it runs and while it is saved; the presses stay.
#[track_caller]
fn leaves(how: impl Fn(&mut Track) -> Vec<Command>, why: &str) {
    for (millis, committed) in [(9_500, 0), (11_000, 3), (15_000, 3)] {
        let mut track = track(0).joined();
        track.at(10_000.min(millis));
        if millis >= 10_000 {
            track.game.press(5);
            counted(&mut track, 3);
            track.at(millis);
        }
        let told_of_it = how(&mut track);
        let left = told(committed, Standing::Left);
        assert!(
            told_of_it.contains(&left),
            "{why} at {millis}: {told_of_it:?}"
        );
        // Nothing revives it.
        track.game.now = track.zero.0 + ms(16_000);
        let mut later = counted(&mut track, 5);
        later.extend(track.game.tell(Message::Tick));
        let told_again = |c: &Command| matches!(c, Command::Contest(ContestCommand::ReportRace(_)));
        assert!(!later.iter().any(told_again), "{why}: {later:?}");
    }
}

#[test]
fn leaving_is_told_with_what_is_committed() {
    leaves(|track| track.game.act(Action::Back), "given up");
    leaves(|track| track.game.gone(1), "the player went");
    leaves(
        |track| track.game.tell(Message::Paste("    ".into())),
        "pasted",
    );
    leaves(|track| track.game.reply(Reply::ClockMoved), "slept");
    leaves(|track| track.game.act(Action::Quit), "quit");
    leaves(
        |track| track.game.tell(Message::Stop(Stop::Signal(15))),
        "a signal",
    );
}

#[test]
fn who_has_left_sees_the_race_and_then_closes_it() {
    let mut track = track(0).started();
    track.game.act(Action::Back);
    assert_eq!(track.game.state.context(), Context::Competing(Kind::Race));
    assert_eq!(track.game.press(2), presses(1, 2));
    let closing = track.game.act(Action::Back);
    assert_eq!(closing, [Command::WatchRace(None)]);
    assert_eq!(track.game.state.context(), Context::Play);
}

#[test]
fn a_place_that_comes_too_late_is_given_back() {
    let mut track = track(0);
    track.game.act(Action::Contest(Kind::Race));
    track.game.act(Action::Accept);
    track.game.act(Action::Back);
    let entered = Entered {
        race: RACE,
        racer: 1,
    };
    let back = track.game.reply(Reply::RaceEntered(P1, entered));
    assert_eq!(back, [told(0, Standing::Left), Command::WatchRace(None)]);
}

#[test]
fn a_place_that_is_given_twice_is_one() {
    let mut track = track(0).joined();
    let entered = Entered {
        race: RACE,
        racer: 2,
    };
    assert_eq!(track.game.reply(Reply::RaceEntered(P1, entered)), []);
    assert_eq!(track.stage(), Stage::Starting(10));
}

#[test]
fn an_offer_is_told_until_it_is_over_and_costs_nothing_else() {
    let mut track = track(5_000).offered();
    let offer = track.game.state.offer.clone().expect("an offer");
    assert_eq!((offer.opener.as_str(), offer.open), ("p2", true));
    let begun = track.game.now;
    track.game.state.take_redraw();
    let mut frames = Vec::new();
    while let Some(at) = track.game.state.wake_at(track.game.now) {
        track.game.now = at;
        track.game.send(Message::Tick);
        if track.game.state.take_redraw() {
            frames.push((track.game.now - begun).as_millis().div_ceil(100));
        }
    }
    assert_eq!(frames, [100, 150], "at its start and at its end");
    assert_eq!(track.game.state.offer, None);
    track.game.act(Action::Join);
    assert!(track.game.notice().contains("No race is open"));
}

#[test]
fn what_can_not_be_joined_is_watched() {
    let mut late = track(0).offered();
    late.at(11_000);
    let watch = [Command::WatchRace(Some(RACE))];
    assert_eq!(late.game.act(Action::Join), watch);
    late.see();
    assert_eq!(late.stage(), Stage::Running(ms(4_000)));
    assert_eq!(late.game.press(1), presses(1, 1));
    let effects = late.game.send(Message::Tick);
    assert!(!effects.iter().any(|e| matches!(
        e,
        Effect::Send(Command::Contest(ContestCommand::ReportRace(_)))
    )));
    assert_eq!(late.game.act(Action::Back), [Command::WatchRace(None)]);

    let mut watcher = track(0);
    let rights = Rights {
        play: false,
        ..Rights::ALL
    };
    watcher.game.opened_with(&[player(1, "Ada", 0)], rights);
    let mut watcher = watcher.offered();
    assert_eq!(watcher.game.act(Action::Join), watch);
    watcher.game.act(Action::Back);
    assert_eq!(watcher.game.act(Action::Contest(Kind::Race)), []);
    assert!(watcher.game.notice().contains("watch, not play"));
}

#[test]
fn of_what_was_pressed_before_one_watched_nobody_says_when_it_was() {
    let watch = |from: u64, until: u64| {
        let mut track = track(0);
        track.race.length = Length::Ten;
        let mut track = track.offered();
        track.at(10_000 + from);
        track.game.act(Action::Join);
        for at in (from..=until).step_by(200) {
            track.at(10_000 + at);
            // Ten presses a second.
            track.race.racers[0].presses = at / 100;
            track.see();
        }
        let Rival::Racers(racers) = &track.contest().rival else {
            panic!("racers");
        };
        let racer = racers.all()[0].clone();
        let heard = racers.trace(&racer).cloned().expect("a trace");
        assert_eq!(heard.total(), until / 100, "none is missing");
        (heard.last_second(ms(until)), racers.known_from(&racer))
    };
    assert_eq!(watch(400, 4_000), (10, ms(0)), "from the beginning");
    let (pace, from) = watch(7_000, 7_000);
    assert_eq!((pace, from), (0, ms(7_000)), "and not 70 a second");
    assert_eq!(watch(7_000, 9_000), (10, ms(7_000)));

    // What the racers tell at the end is known from the beginning.
    let mut track = track(0).offered();
    track.at(14_000);
    track.game.act(Action::Join);
    track.race.racers[0].presses = 40;
    track.see();
    track.closed([50, 0]);
    let Rival::Racers(racers) = &track.contest().rival else {
        panic!("racers");
    };
    let told = racers.all().iter().filter(|racer| racer.trace.is_some());
    told.for_each(|racer| assert_eq!(racers.known_from(racer), ms(0)));
    let heard = racers.all().iter().filter(|racer| racer.trace.is_none());
    heard.for_each(|racer| assert_eq!(racers.known_from(racer), ms(4_000)));
}

#[test]
fn nobody_races_offline_or_for_nobody() {
    let mut track = track(0).offered();
    track.game.blinded();
    assert_eq!(track.game.act(Action::Contest(Kind::Race)), []);
    assert_eq!(track.game.act(Action::Join), []);
    assert!(track.game.notice().contains("can't be reached"));
    let mut nobody = Game::of(&[]);
    nobody.act(Action::Back);
    assert_eq!(nobody.act(Action::Contest(Kind::Race)), []);
    assert!(nobody.notice().contains("Nobody is picked"));
}

#[test]
fn without_motion_it_is_drawn_once_a_second_and_else_ten_times() {
    for (motion, frames) in [
        (clickoff::game::Motion::None, 5),
        (clickoff::game::Motion::Full, 50),
    ] {
        let mut track = track(0);
        track.game = track.game.moving(motion);
        let mut track = track.joined();
        track.at(10_000);
        track.game.state.take_redraw();
        let mut drawn = 0;
        let end = track.zero.0 + ms(15_000);
        while let Some(at) = track
            .game
            .state
            .wake_at(track.game.now)
            .filter(|at| *at <= end)
        {
            track.game.now = at;
            // Others' presses are seen five times a second.
            track.race.racers[0].presses += 1;
            track.see();
            track.game.send(Message::Tick);
            drawn += i32::from(track.game.state.take_redraw());
        }
        assert_eq!(drawn, frames, "{motion:?}");
    }
}

#[test]
fn the_program_ends_in_a_race_as_anywhere() {
    let mut track = track(0).started();
    track.game.act(Action::Quit);
    track.game.reply(Reply::Left(Farewell::default()));
    assert!(track.game.state.ended.is_some());
}

#[test]
fn the_page_about_the_player_is_read_again_once_a_race_is_closed() {
    let mut track = track(0).started();
    track.at(15_100);
    track.closed([9, 4]);
    let recall = Effect::Send(Command::Ask(Question::Recall(P1)));
    assert_eq!(track.game.after(AGAIN), [recall]);
    track.see();
    assert_eq!(track.game.after(AGAIN), [], "once");
}
