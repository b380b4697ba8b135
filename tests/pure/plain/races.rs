//! Races in the plain mode: the offer, the start, progress, the result, and leaving.

use std::time::{Duration, Instant};

use clickoff::game::contest::{Length, Trace};
use clickoff::game::race::{Entered, Entrance, Race, RaceId, Racer, Standing};
use clickoff::game::{ClockReading, PlayerId};
use clickoff::message::{Command, ContestCommand, Progress, Question, Reply};
use clickoff::words::Language;
use jiff::Timestamp;

use super::Lines;
use crate::common::{Game, NOON, offline, player, presses};

const RACE: RaceId = RaceId(7);
const ADA: PlayerId = PlayerId(1);
const SECOND: Duration = Duration::from_secs(1);

/// A race that Bob opens, which starts ten seconds after the beginning.
struct Track {
    lines: Lines,
    zero: Instant,
    race: Race,
}

fn racer(number: i64, player: i64, name: &str) -> Racer {
    Racer {
        number,
        player: PlayerId(player),
        name: name.into(),
        presses: 0,
        standing: Standing::Racing,
        trace: None,
    }
}

fn noon() -> Timestamp {
    NOON.parse().expect("a time")
}

impl Track {
    fn of(length: Length) -> Self {
        Self::with(Lines::of_two(), length)
    }

    fn with(lines: Lines, length: Length) -> Self {
        let zero = lines.game.now;
        let race = Race {
            id: RACE,
            length,
            start: noon() + 10 * SECOND,
            closed: false,
            racers: vec![racer(1, 2, "Bob")],
        };
        Self { lines, zero, race }
    }

    fn sample(&self) -> ClockReading {
        ClockReading {
            time: noon() + (self.lines.game.now - self.zero),
            at: self.lines.game.now,
            took: Duration::ZERO,
        }
    }

    fn offered(&mut self) {
        let opened = Reply::RaceOpened(self.race.clone(), self.sample());
        self.lines.reply(opened);
    }

    fn see(&mut self) -> Vec<Command> {
        let seen = Reply::RaceSeen(RACE, Some(self.race.clone()), self.sample());
        self.lines.reply(seen)
    }

    /// So many seconds after the beginning, it is seen five times a second.
    fn at(&mut self, seconds: u64) {
        let end = self.zero + Duration::from_secs(seconds);
        while self.lines.game.now < end {
            self.lines.after(SECOND / 5);
            self.see();
        }
    }

    /// Ada has joined; all that was said so far is read.
    fn joined(&mut self) {
        self.offered();
        assert_eq!(
            self.lines.line("join"),
            [Command::Contest(ContestCommand::EnterRace(
                ADA,
                Entrance::Join(RACE)
            ))]
        );
        self.enters(2);
        self.lines.said();
    }

    /// There is a place for Ada.
    fn enters(&mut self, number: i64) {
        let entered = Entered {
            race: RACE,
            racer: number,
        };
        self.race.racers.push(racer(number, 1, "Ada"));
        self.lines.reply(Reply::RaceEntered(ADA, entered));
        self.see();
    }

    fn press(&mut self, upto: u64) {
        self.lines.line("");
        self.lines.reply(Reply::Counted {
            player: ADA,
            counted: upto,
            score: 3 + upto as i64,
        });
        self.race.racers[1].presses = upto;
    }

    fn closes(&mut self) {
        self.race.closed = true;
        for racer in &mut self.race.racers {
            if racer.standing == Standing::Racing {
                racer.standing = Standing::Done;
            }
        }
        self.see();
    }
}

#[test]
fn a_race_is_offered_joined_run_and_told_to_its_result() {
    let mut track = Track::of(Length::Ten);
    track.offered();
    track
        .lines
        .says(&["Bob opens a race over 10 s: join takes part."]);
    track.at(1);
    track.offered();
    track.lines.says(&[]);
    assert_eq!(
        track.lines.line("R"),
        [Command::Contest(ContestCommand::EnterRace(
            ADA,
            Entrance::Join(RACE)
        ))]
    );
    track.enters(2);
    track.lines.says(&[
        "Race over 10 s for Ada, in 9 s: each Enter is a press, stop gives up. Presses \
         before the start count only for the score.",
        "Also in it: Bob.",
    ]);
    track.at(4);
    for (number, name) in [(3, "Cleo"), (4, "Dan")] {
        track.race.racers.push(racer(number, number, name));
    }
    track.see();
    track.lines.says(&["Also in it: Cleo · Dan."]);
    track.at(10);
    track.lines.says(&["Get ready: 3", "Go!"]);
    track.race.racers[0].presses = 1;
    track.press(1);
    track.press(2);
    track.race.racers[3].standing = Standing::Left;
    track.at(19);
    track
        .lines
        .says(&["5 s left: Ada 2 · Bob 1 · Cleo 0 · Dan 0 left"]);
    track.at(20);
    track
        .lines
        .says(&["Over: the last presses are being saved…", "Ada: 5, saved."]);
    track.closes();
    track.lines.says(&[
        "You win! 2 presses.",
        "best second 2 · no false start",
        "1. Ada: 2 presses",
        "2. Bob: 1 press · best second 1",
        "3. Cleo: 0 presses · best second 0",
        "3. Dan: 0 presses · left",
    ]);
    assert_eq!(track.lines.line(""), presses(1, 1), "the game goes on");
}

#[test]
fn however_fast_everyone_presses_a_minute_is_told_in_six_lines() {
    let mut track = Track::of(Length::Sixty);
    track.joined();
    track.at(10);
    track.lines.said();
    for n in 1..=59 {
        track.press(n);
        track.race.racers[0].presses = 2 * n;
        track.at(10 + n);
    }
    let said = track.lines.said();
    assert_eq!(said.len(), 6, "{said:?}");
    assert_eq!(said[0], "50 s left: Bob 20 · Ada 10");
    assert_eq!(said[5], "5 s left: Bob 110 · Ada 55");
}

#[test]
fn where_tells_how_it_stands_and_other_words_wait_for_the_end() {
    let mut track = Track::of(Length::Ten);
    track.joined();
    track.lines.line("where");
    track.lines.says(&["Starts in 10 s: Bob 0 · Ada 0"]);
    track.at(12);
    track.lines.said();
    track.press(1);
    track.lines.line("w");
    track.lines.says(&["8 s left: Ada 1 · Bob 0"]);
    assert_eq!(track.lines.line("bob"), []);
    track
        .lines
        .says(&["A race is on: Enter presses, where shows the standings, stop gives up."]);
    assert_eq!(track.lines.game.picked(), "Ada");
}

#[test]
fn a_race_is_opened_with_a_length_or_after_a_question_with_the_last_ones() {
    let mut track = Track::of(Length::Five);
    let opens = Command::Contest(ContestCommand::EnterRace(
        ADA,
        Entrance::Open(Length::Thirty),
    ));
    assert_eq!(
        track.lines.line("race 30"),
        [Command::Ask(Question::Races), opens.clone()]
    );
    track.lines.says(&[]);
    track.lines.reply(Reply::RaceMissed("No right.".into()));
    track.lines.says(&["No right."]);
    assert_eq!(track.lines.line("r"), [Command::Ask(Question::Races)]);
    track
        .lines
        .says(&["How many seconds (5, 10, 30, 60)? Anything else cancels."]);
    track.race.racers.push(Racer {
        presses: 12,
        standing: Standing::Left,
        ..racer(2, 1, "Ada")
    });
    let races = vec![track.race.clone()];
    track.lines.reply(Reply::Races(races));
    track
        .lines
        .says(&["The last races: 1", "5 s: 1. Ada 12 left · 2. Bob 0"]);
    assert_eq!(track.lines.line("30"), [opens]);
    track.lines.reply(Reply::RaceMissed("No right.".into()));
    track.lines.line("r");
    track.lines.reply(Reply::Races(vec![]));
    track.lines.said();
    track.lines.line("never");
    track.lines.says(&["Nothing was done."]);
    track.lines.line("join");
    track.lines.says(&["No race is open: open one yourself."]);
}

#[test]
fn what_was_pressed_is_told_again_second_by_second() {
    let mut track = Track::of(Length::Five);
    track.lines.line("replay");
    track
        .lines
        .says(&["Type sprint or race first: there, or after one that is over, you can replay it."]);
    track.lines.line("race");
    track.lines.reply(Reply::Races(vec![]));
    track.lines.said();
    let question = "How many seconds (5, 10, 30, 60)? Anything else cancels.";
    track.lines.line("replay");
    let nothing = "There is nothing to replay here.";
    track.lines.says(&[nothing, question]);
    track.lines.line("no");
    track.joined();
    track.at(15);
    for (racer, trace) in track.race.racers.iter_mut().zip(["1,,2,,,,,,,,,4", "1"]) {
        racer.trace = Trace::parse(trace, Length::Five);
        racer.presses = racer.trace.as_ref().map_or(0, Trace::total);
    }
    track.closes();
    track.lines.said();
    track.lines.line("replay");
    track.lines.says(&[
        "Over 5 s, second by second:",
        "Bob 7: 3 4 0 0 0",
        "Ada 1: 1 0 0 0 0",
    ]);
    assert_eq!(track.lines.line(""), presses(1, 1), "the game goes on");
}

#[test]
fn stop_gives_a_race_up_and_says_so_and_the_presses_stay() {
    let mut track = Track::of(Length::Ten);
    track.joined();
    track.at(10);
    track.press(1);
    track.lines.said();
    let left = Progress {
        race: RACE,
        player: ADA,
        presses: 1,
        standing: Standing::Left,
        trace: None,
    };
    let told = track.lines.line("stop");
    assert_eq!(
        told,
        [
            Command::Contest(ContestCommand::ReportRace(left)),
            Command::WatchRace(None)
        ]
    );
    track
        .lines
        .says(&["You left: you gave it up.", "Ada: 4, saved."]);
    assert_eq!(track.lines.line(""), presses(1, 1));
    track.lines.line("stop");
    track.lines.says(&["Neither a sprint nor a race is on."]);
}

#[test]
fn a_race_that_is_on_is_watched_and_left_with_nothing_said_of_giving_up() {
    let mut track = Track::of(Length::Ten);
    track.at(11);
    track.offered();
    track
        .lines
        .says(&["Bob's race over 10 s is on: join watches it."]);
    assert_eq!(track.lines.line("join"), [Command::WatchRace(Some(RACE))]);
    track.see();
    track.lines.says(&[
        "You are watching Bob's race over 10 s: stop ends watching.",
        "Also in it: Bob.",
        "Go!",
    ]);
    track.at(15);
    track.lines.says(&["5 s left: Bob 0"]);
    assert_eq!(track.lines.line("stop"), [Command::WatchRace(None)]);
    track.lines.says(&[]);
}

#[test]
fn pasted_presses_leave_a_race_as_they_void_a_sprint() {
    let piped = Lines::by(Game::of(&[player(1, "Ada", 3)]), Language::English, false);
    let mut track = Track::with(piped, Length::Ten);
    track.joined();
    track.at(10);
    track.lines.said();
    let told = track.lines.line("");
    assert_eq!(told.last(), presses(1, 1).first());
    track.lines.says(&["You left: presses were pasted."]);
    track.lines.reply(Reply::Counted {
        player: ADA,
        counted: 1,
        score: 4,
    });
    track.at(15);
    track
        .lines
        .says(&["Ada: 4, saved.", "5 s left: Bob 0 · Ada 0"]);
}

#[test]
fn a_lost_link_is_told_in_a_race_and_a_result_that_never_comes_too() {
    let mut track = Track::of(Length::Five);
    track.joined();
    track.at(11);
    track.lines.said();
    track.lines.reply(Reply::Trouble(offline(5)));
    let said = track.lines.said();
    assert!(said[0].starts_with("offline, next try in"), "{said:?}");
    track.lines.after(60 * SECOND);
    let said = track.lines.said().join("\n");
    let unresolved = "There was no result in time: it may be among the last races later.";
    assert!(said.contains(unresolved), "{said}");
}

#[test]
fn an_offer_is_held_back_by_a_question_and_left_out_by_quiet() {
    let mut track = Track::of(Length::Ten);
    track.lines.line("remove");
    track.lines.said();
    track.offered();
    track.lines.says(&[]);
    track.lines.line("no");
    track.lines.says(&[
        "Nothing was done.",
        "Bob opens a race over 10 s: join takes part.",
    ]);
    let mut track = Track::of(Length::Ten);
    track.lines.line("quiet");
    track.lines.said();
    track.offered();
    track.lines.says(&[]);
    assert_eq!(
        track.lines.line("join"),
        [Command::Contest(ContestCommand::EnterRace(
            ADA,
            Entrance::Join(RACE)
        ))]
    );
}

#[test]
fn a_race_is_told_in_chinese() {
    let game = Game::of(&[player(1, "小明", 3), player(2, "Bob", 2)]);
    let mut track = Track::with(Lines::by(game, Language::Chinese, true), Length::Five);
    track.lines.said();
    track.offered();
    track.lines.says(&["Bob 发起 5 秒比赛：输入 join 参加。"]);
    track.lines.line("join");
    track.enters(2);
    track.lines.said();
    track.at(15);
    track.closes();
    let said = track.lines.said();
    assert_eq!(
        said[..3],
        ["准备：3", "开始！", "时间到：正在保存最后的点击…"]
    );
    assert_eq!(said[4], "最快一秒 0 次 · 没有抢跑");
    assert_eq!(said[5], "1. Bob：0 次 · 最快一秒 0 次");
}
