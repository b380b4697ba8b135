//! The measurements: each function plays, checks that every press was scored, and returns its rows.

use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use crate::crowd;
use crate::game::{BOTH, Game, Place, Program, in_turn, score_in};
use crate::machine;
use crate::pty::Session;
use crate::table::{Random, Row, ms, percentile};

/// The rounds of the latency measurement. In each, both programs play one game.
const LATENCY_ROUNDS: usize = 20;
/// The timed presses of each game.
const LATENCY_PRESSES: u32 = 50;
/// The presses before them: the first one also creates a row for this client.
const WARM_UP: u32 = 5;
/// The longest pause between two presses, so that they don't follow the programs' own rhythms.
const PAUSE: Duration = Duration::from_millis(30);

const STARTS: usize = 15;

const BURST: u32 = 4000;
const BURST_ROUNDS: usize = 3;
const STREAM_RATE: u32 = 1000;
const STREAM_SECONDS: u32 = 5;
const STREAM_ROUNDS: usize = 3;

/// If the disk stalls once for a tenth of a second, that decides a p99; the median of three is not
/// affected.
const CROWD_ROUNDS: usize = 3;

/// Until the mark of who plays is gone, and nothing of the start remains to be done.
const SETTLE: Duration = Duration::from_secs(7);
const IDLE: Duration = Duration::from_secs(10);

/// The presses made and scored. The benchmark fails if they differ.
#[derive(Default)]
pub struct Count {
    made: [u64; 2],
    scored: [i64; 2],
    /// In words.
    pub wrong: Vec<String>,
}

impl Count {
    /// Compares the score in a file with the number of presses.
    fn check(&mut self, what: &str, program: Program, file: &Path, presses: u32) {
        let score = score_in(file);
        self.made[program as usize] += u64::from(presses);
        self.scored[program as usize] += score;
        if score != i64::from(presses) {
            let words = format!("{what}, {program:?}: {presses} presses, a score of {score}");
            self.wrong.push(words);
        }
    }

    /// The last row: all presses of the run.
    pub fn row(&self) -> Row {
        let [clickoff, floor] = [0, 1].map(|n| format!("{} of {}", self.scored[n], self.made[n]));
        Row::plain(
            "presses scored, of all that were made",
            clickoff,
            floor,
            "all",
        )
    }
}

/// A value for each program, in the order of the table.
fn of_both<T>(value: impl FnMut(Program) -> T) -> [T; 2] {
    BOTH.map(value)
}

/// The times of both programs, indexed by [`Program`].
type Times = [Vec<Duration>; 2];

/// From a key press to the committed score on the screen.
pub fn latency(place: &Place, count: &mut Count) -> Vec<Row> {
    let files = of_both(|program| place.database(program, "latency"));
    let mut times = Times::default();
    for round in 0..LATENCY_ROUNDS {
        for program in in_turn(round) {
            let game = Game::start(place, program, &files[program as usize]);
            for _ in 0..WARM_UP {
                game.press();
            }
            let mut random = Random::new(round as u64 + 1); // both pause alike
            for _ in 0..LATENCY_PRESSES {
                thread::sleep(random.up_to(PAUSE));
                times[program as usize].push(game.press());
            }
            game.quit();
        }
    }
    for program in BOTH {
        let presses = LATENCY_ROUNDS as u32 * (WARM_UP + LATENCY_PRESSES);
        count.check("latency", program, &files[program as usize], presses);
    }
    let row = |(percent, target): (usize, &str)| {
        let both = of_both(|program| percentile(&mut times[program as usize], percent));
        let what = format!("press to committed score on the screen, p{percent}");
        Row::times(&what, both, target)
    };
    [(50, "ratio 6, 3 ms"), (90, ""), (99, "10 ms")]
        .map(row)
        .into()
}

/// The time from the start of the process to the first complete frame, for clickoff on an existing
/// database. The floor is measured twice: creating its file, and with an existing one.
pub fn start(place: &Place, count: &mut Count) -> Vec<Row> {
    let files = of_both(|program| place.database(program, "start"));
    let mut times = Times::default();
    let mut making = Vec::new();
    let time = |program, file: &Path| {
        let game = Game::start(place, program, file);
        let took = game.start;
        game.quit();
        took
    };
    for round in 0..=STARTS {
        let fresh = place.directory().join(format!("fresh-{round}.db"));
        making.push(time(Program::Floor, &fresh));
        for program in in_turn(round) {
            times[program as usize].push(time(program, &files[program as usize]));
        }
    }
    // The very first start reads the program from the disk, and creates the directories.
    for times in times.iter_mut().chain([&mut making]) {
        times.remove(0);
    }
    for program in BOTH {
        count.check("start", program, &files[program as usize], 0);
    }
    let [clickoff, floor] = of_both(|program| percentile(&mut times[program as usize], 50));
    let making = percentile(&mut making, 50);
    vec![
        Row::times(
            "start to first complete frame, median",
            [clickoff, making],
            "20 ms",
        ),
        Row::times(
            "the same, the floor's file being there already",
            [clickoff, floor],
            "ratio 4",
        ),
    ]
}

/// Sends thousands of presses, and measures how long after the last one all are shown as saved.
pub fn flood(place: &Place, count: &mut Count) -> Vec<Row> {
    let mut burst = Times::default();
    let mut stream = Times::default();
    for round in 0..BURST_ROUNDS {
        for program in in_turn(round) {
            let file = place.database(program, &format!("burst-{round}"));
            let game = Game::start(place, program, &file);
            let spaces = vec![b' '; BURST as usize];
            game.session.bytes(&spaces);
            let last = Instant::now();
            let current = game.wait_for(BURST.into());
            // Zero if the screen was up to date before the write had returned.
            burst[program as usize].push(current.saturating_duration_since(last));
            game.quit();
            count.check("at once", program, &file, BURST);
        }
    }
    for round in 0..STREAM_ROUNDS {
        for program in in_turn(round) {
            let file = place.database(program, &format!("stream-{round}"));
            let game = Game::start(place, program, &file);
            let presses = STREAM_RATE * STREAM_SECONDS;
            let slot = Duration::from_secs(1) / STREAM_RATE;
            let begun = Instant::now();
            let dues = (0..presses).map(|n| begun + slot * n);
            let last = press_at(&game.session, dues);
            let current = game.wait_for(presses.into());
            stream[program as usize].push(current.saturating_duration_since(last));
            game.quit();
            count.check("in a stream", program, &file, presses);
        }
    }
    let row = |what: &str, times: &mut Times| {
        let [clickoff, floor] = of_both(|program| percentile(&mut times[program as usize], 50));
        Row::plain(what, ms(clickoff), ms(floor), "100 ms")
    };
    let at_once = "4,000 presses at once: screen current after the last";
    let in_a_stream = "1,000 presses a second for 5 s: the same";
    vec![row(at_once, &mut burst), row(in_a_stream, &mut stream)]
}

/// Presses at these times, or at once if a time has passed; returns when the last press was sent.
fn press_at(session: &Session, dues: impl Iterator<Item = Instant>) -> Instant {
    let mut sent = Instant::now();
    for due in dues {
        thread::sleep(due.saturating_duration_since(Instant::now()));
        sent = Instant::now();
        session.keys(" ");
    }
    sent
}

/// The cost of an idle game.
pub fn idle(place: &Place, count: &mut Count) -> Vec<Row> {
    let files = of_both(|program| place.database(program, "idle"));
    let games = of_both(|program| Game::start(place, program, &files[program as usize]));
    for game in &games {
        for _ in 0..WARM_UP {
            game.press();
        }
    }
    thread::sleep(SETTLE);
    let spent = |game: &Game| {
        let session = &game.session;
        let written = session.bytes_written();
        (written, cpu_time(session), session.voluntary_switches())
    };
    let before = games.each_ref().map(spent);
    thread::sleep(IDLE);
    let after = games.each_ref().map(spent);
    let seconds = IDLE.as_secs_f64();
    let of = |figure: &dyn Fn(usize) -> String| of_both(|program| figure(program as usize));
    let bytes = of(&|n| format!("{} bytes", after[n].0 - before[n].0));
    let cpu = of(&|n| {
        let spent = after[n].1.saturating_sub(before[n].1).as_secs_f64();
        format!("{:.3} %", spent / seconds * 100.0)
    });
    let wakes = of(&|n| {
        let switches = after[n].2.saturating_sub(before[n].2);
        format!("{:.1}", switches as f64 / seconds)
    });
    let memory = of(&|n| format!("{:.1} MB", games[n].session.rss_kb() as f64 * 1.024e-3));
    for game in games {
        let program = game.program;
        game.quit();
        count.check("idle", program, &files[program as usize], WARM_UP);
    }
    let row =
        |what, [clickoff, floor]: [String; 2], target| Row::plain(what, clickoff, floor, target);
    vec![
        row("idle for 10 s: written to the terminal", bytes, "0 bytes"),
        row("idle: of one core", cpu, "0.1 %"),
        row("idle: wake-ups a second", wakes, "4"),
        row("idle: resident memory", memory, "14 MB"),
    ]
}

/// Clickoff's limit is a few ticks of 10 ms in ten seconds. Ticks are used if the kernel has no
/// finer count.
fn cpu_time(session: &Session) -> Duration {
    machine::cpu_time(session.pid())
        .unwrap_or_else(|| Duration::from_millis(10 * session.cpu_ticks()))
}

/// Eight processes for one player: complete games for the sum, then workers for the times.
pub fn together(place: &Place, count: &mut Count) -> Vec<Row> {
    let file = place.database(Program::Clickoff, "together");
    let start = |_| Game::start(place, Program::Clickoff, &file);
    let games: Vec<Game> = (0..crowd::MEMBERS).map(start).collect();
    let sessions = games.iter().map(|game| &game.session);
    let last = thread::scope(|scope| {
        let begun = Instant::now();
        let play = |session| scope.spawn(move || press_at(session, crowd::dues(begun)));
        let players: Vec<_> = sessions.map(play).collect();
        let ends = players
            .into_iter()
            .map(|p| p.join().expect("a player's thread"));
        ends.max().expect("there are players")
    });
    let current = games
        .iter()
        .map(|game| game.wait_for(crowd::PRESSES.into()));
    let current = current.max().expect("there are games");
    games.into_iter().for_each(Game::quit);
    count.check("together", Program::Clickoff, &file, crowd::PRESSES);
    let agreed = ms(current.saturating_duration_since(last));

    let mut rounds = <[Vec<Vec<Duration>>; 2]>::default();
    for round in 0..CROWD_ROUNDS {
        for program in in_turn(round) {
            let file = place.database(program, &format!("crowd-{round}"));
            let mode = ["writer", "floor-writer"][program as usize];
            rounds[program as usize].push(crowd::run(mode, &file));
            count.check("crowd", program, &file, crowd::PRESSES);
        }
    }
    let mut row = |percent, target| {
        let both = of_both(|program| {
            let rounds = rounds[program as usize].iter_mut();
            let mut times: Vec<_> = rounds.map(|times| percentile(times, percent)).collect();
            percentile(&mut times, 50)
        });
        let what = format!("8 processes, 30 presses a second each: press to committed, p{percent}");
        Row::times(&what, both, target)
    };
    let all = "8 clickoffs, 30 presses a second each: all screens agree after the last";
    vec![
        row(50, ""),
        row(99, "20 ms"),
        Row::plain(all, agreed, "", "500 ms"),
    ]
}

/// The size of the program.
pub fn size(place: &Place, _: &mut Count) -> Vec<Row> {
    let data = std::fs::metadata(&place.clickoff).expect("the program is there");
    let size = format!("{:.1} MB", data.len() as f64 / 1e6);
    vec![Row::plain("the program's file", size, "", "14 MB")]
}
