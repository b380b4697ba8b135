//! The plain mode: on simple terminals, through pipes, and during accidents.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, Command, Output, Stdio};

use rustix::process::{Pid, kill_process};

use crate::db::Db;
use crate::faults::full_disk;
use crate::game::{CLICKOFF, Game, Home, is_summary, login, until};
use crate::pty::{Session, Signal, key};

/// The program in lines, with this home and no other environment.
fn in_lines(home: &Home) -> Command {
    let mut command = Command::new(CLICKOFF);
    command
        .arg("--plain")
        .env_clear()
        .env("HOME", home.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// Runs it on these lines, to its end.
#[track_caller]
fn run(mut command: Command, lines: &str) -> Output {
    let mut child = command.spawn().expect("it starts");
    let mut input = child.stdin.take().expect("a pipe");
    input.write_all(lines.as_bytes()).expect("written");
    drop(input);
    child.wait_with_output().expect("an end")
}

/// What it said, where it ended well.
#[track_caller]
fn said(output: &Output) -> String {
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!((output.status.code(), &*errors), (Some(0), ""));
    plain(&output.stdout)
}

/// Text in which there are whole lines and nothing that a terminal would obey.
#[track_caller]
fn plain(bytes: &[u8]) -> String {
    let text = String::from_utf8(bytes.to_owned()).expect("text");
    assert!(text.ends_with('\n') || text.is_empty(), "{text:?}");
    let control = |c: char| c.is_control() && c != '\n';
    assert!(!text.contains(control), "{text:?}");
    text
}

/// A game that goes on, through pipes.
struct Piped {
    child: Child,
    input: ChildStdin,
    output: BufReader<std::process::ChildStdout>,
    heard: String,
}

impl Piped {
    #[track_caller]
    fn start(mut command: Command) -> Self {
        let mut child = command.spawn().expect("it starts");
        let input = child.stdin.take().expect("a pipe");
        let output = BufReader::new(child.stdout.take().expect("a pipe"));
        let heard = String::new();
        Self {
            child,
            input,
            output,
            heard,
        }
    }

    fn line(&mut self, line: &str) {
        writeln!(self.input, "{line}").expect("written");
    }

    /// Reads until a line has this in it.
    #[track_caller]
    fn hears(&mut self, words: &str) {
        loop {
            let mut line = String::new();
            let read = self.output.read_line(&mut line).expect("text");
            assert!(read > 0, "it ended without {words:?} after\n{}", self.heard);
            self.heard += &line;
            if line.contains(words) {
                return;
            }
        }
    }

    fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).expect("it runs");
    }

    /// Waits for its end; gives the exit code if it has one, and all that it said in it.
    fn ends(self) -> (Option<i32>, String, String) {
        let Self {
            mut child,
            input,
            mut output,
            mut heard,
        } = self;
        output.read_to_string(&mut heard).expect("text");
        drop(input);
        let mut errors = String::new();
        let stderr = child.stderr.take();
        stderr
            .expect("a pipe")
            .read_to_string(&mut errors)
            .expect("text");
        let status = child.wait().expect("an end");
        (status.code(), plain(heard.as_bytes()), errors)
    }
}

#[test]
fn a_dumb_terminal_is_played_on_in_lines_and_left_as_it_is() {
    let home = Home::new();
    let game = Game::begin(home.game().env("TERM", "dumb").size(120, 40));
    game.wait_text("TERM is dumb, so the game is played in lines.");
    game.wait_text("Who is the first player?");
    game.keys("\r");
    game.wait_text("is picked: 0 points.");
    game.keys("\r");
    game.wait_text(&format!("{}: 1, saved.", login()));
    game.keys("  \r");
    game.wait_text(&format!("{}: 3, saved.", login()));
    game.keys("help\r");
    game.wait_text("quit, q: save all and leave");
    // It may be written over in the terminal's own line.
    game.keys("quiz\u{7f}t\r");
    assert_eq!(game.wait_exit().code(), Some(0));
    game.terminal_restored();
    let raw = game.raw();
    let raw = String::from_utf8_lossy(&raw)
        .replace("\r\n", "\n")
        .replace("\u{8} \u{8}", "");
    plain(raw.as_bytes());
    assert!(raw.contains(": 3 points this time, best "), "{raw}");
    let lines = raw.split_inclusive('\n');
    let raw: String = lines.filter(|line| !is_summary(line)).collect();
    assert!(
        raw.ends_with("You have left. Every press is saved.\n"),
        "{raw}"
    );
    assert_eq!(home.score(&login()), 3);
}

#[test]
fn ctrl_d_ctrl_c_and_a_closed_terminal_end_it_as_they_end_the_screen() {
    let home = Home::with(&[("Ada", 0)]);
    type End = (i32, fn(&Game));
    let ends: [End; 4] = [
        (0, |game| game.keys(key::CTRL_D)),
        (130, |game| game.keys(key::CTRL_C)),
        (143, |game| game.signal(Signal::TERM)),
        (129, |game| game.hang_up()),
    ];
    for (at, (code, end)) in ends.into_iter().enumerate() {
        let game = Game::begin(home.game().arg("--plain"));
        game.wait_text("Ada is picked");
        game.keys("\r\r\r");
        let score = 3 * (at as i64 + 1);
        game.wait_text(&format!("Ada: {score}, saved."));
        end(&game);
        assert_eq!(game.wait_exit().code(), Some(code));
        assert_eq!(home.score("Ada"), score);
    }
    let game = Game::begin(home.game().arg("--plain").ignore_sighup());
    game.wait_text("Ada is picked");
    game.hang_up();
    assert_eq!(
        game.wait_exit().code(),
        Some(129),
        "hung up without a signal"
    );
}

#[test]
fn ctrl_z_and_fg_work_as_on_the_screen() {
    let home = Home::with(&[("Ada", 0)]);
    let script = "set -m; \"$GAME\"; printf 'stopped %s.\n' $?; read x; fg; printf 'ended %s.' $?";
    let shell = Session::builder("sh").args(["-c", script]);
    let shell = shell.env("GAME", CLICKOFF).env("HOME", home.path());
    let mut game = Game::begin(shell.env("CLICKOFF_PLAIN", "1"));
    game.wait_text("Ada is picked");
    game.follow_foreground();
    game.keys("\r\r");
    game.wait_text("Ada: 2, saved.");
    game.keys(key::CTRL_Z);
    game.wait_text("stopped 147.");
    game.keys("\r");
    game.wait_text("Ada is picked: 2 points.");
    game.keys("\r");
    game.wait_text("Ada: 3, saved.");
    game.keys("q\r");
    game.wait_text("ended 0.");
    assert_eq!(home.score("Ada"), 3);
}

#[test]
fn lines_through_a_pipe_are_done_in_their_order() {
    let home = Home::new();
    let lines = "Ada\n\n\nadd Bob\n\n   \nadd 王小明 the very long one\n\nlist\n2\nhistory\n\
                 remove\nyes\n/bo\nquit\n";
    let said = said(&run(in_lines(&home), lines));
    for line in [
        "Players: 3\n1. Bob: 4 points\n2. Ada: 2 points\n",
        "History of Ada: today 2",
        "Remove Ada with 2 points? This can't be undone. Yes or no?\nAda is removed.\n",
        "Players: 1 of 2\n1. Bob: 4 points\n",
        "王小明 the very long one: 1, saved.\n",
    ] {
        assert!(said.contains(line), "no {line:?} in\n{said}");
    }
    assert!(
        said.ends_with("You have left. Every press is saved.\n"),
        "{said}"
    );
    assert_eq!(
        (home.score("Bob"), home.score("王小明 the very long one")),
        (4, 1)
    );
}

#[test]
fn a_flood_of_lines_is_scored_to_the_last_and_told_in_few() {
    let home = Home::with(&[("Ada", 0)]);
    let said = said(&run(in_lines(&home), &"\n".repeat(5_000)));
    assert!(said.contains("Ada: 5,000, saved."), "{said}");
    assert_eq!(home.score("Ada"), 5_000);
    let lines = said.lines().count();
    assert!(lines < 100, "{lines} lines");
}

#[test]
fn a_chinese_locale_is_answered_in_chinese() {
    let home = Home::with(&[("Ada", 0)]);
    let mut command = in_lines(&home);
    command.env("LANG", "zh_CN.UTF-8");
    let said = said(&run(command, "\nwhere\nlist\nqiut\n"));
    for line in [
        "玩家：1",
        "已选中 Ada：",
        "Ada：1，已保存。",
        "是否想输入 quit？",
    ] {
        assert!(said.contains(line), "no {line:?} in\n{said}");
    }
    assert!(said.ends_with("已退出，所有点击均已保存。\n"), "{said}");
}

#[test]
fn names_that_could_be_obeyed_are_shown_harmless() {
    let home = Home::with(&[
        ("\u{1b}]0;title\u{7}\u{1b}[2J\r\n", 1),
        ("\u{202e}ab\u{9b}", 0),
        ("", 0),
    ]);
    let said = said(&run(in_lines(&home), "1\n\n2\nremove\n\n3\nwhere\n"));
    assert!(said.contains("1. ␛]0;title␇␛[2J␍␊: 1 point\n"), "{said}");
    assert!(said.contains("3. (no name): 0 points\n"), "{said}");
}

#[test]
fn told_to_end_in_the_middle_it_saves_what_was_pressed() {
    let home = Home::with(&[("Ada", 0)]);
    for (signal, code, score) in [
        (Signal::TERM, 143, 7),
        (Signal::HUP, 129, 14),
        (Signal::INT, 130, 21),
    ] {
        let mut game = Piped::start(in_lines(&home));
        for _ in 0..7 {
            game.line("");
        }
        game.hears(&format!("Ada: {score}, saved."));
        game.signal(signal);
        let (ended, _, errors) = game.ends();
        assert_eq!((ended, errors.as_str()), (Some(code), ""));
        assert_eq!(home.score("Ada"), score);
    }
}

#[test]
fn what_was_told_as_saved_survives_kill_9() {
    let home = Home::with(&[("Ada", 0)]);
    let mut sent = 0;
    for _ in 0..5 {
        let mut game = Piped::start(in_lines(&home));
        game.hears("Ada is picked");
        for _ in 0..200 {
            game.line("");
        }
        sent += 200;
        game.hears("saved.");
        game.signal(Signal::KILL);
        let (code, said, _) = game.ends();
        assert_eq!(code, None);
        let told = said.lines().filter_map(|line| {
            let points = line.strip_prefix("Ada: ")?.split_once(", saved.")?.0;
            points.replace(',', "").parse::<i64>().ok()
        });
        let (told, score) = (told.max().expect("a score"), home.score("Ada"));
        assert!(
            told <= score && score <= sent,
            "{told} told, {score} kept, {sent} sent"
        );
    }
}

#[test]
fn a_locked_file_is_told_and_waited_for_or_left_to_the_next_start() {
    let home = Home::with(&[("Ada", 0)]);
    home.play().quit(); // switches the file to WAL, in which it can be locked and read
    let mut db = Db::open(&home.database());
    let mut game = Piped::start(in_lines(&home));
    game.hears("Ada is picked");
    db.lock();
    game.line("  ");
    game.hears("2 not saved yet:");
    db.unlock();
    game.hears("The database answers again.");
    game.hears("Ada: 2, saved.");
    assert!(!game.heard.contains("Ada: 0, saved."), "{}", game.heard);
    db.lock();
    game.line("   ");
    game.hears("3 not saved yet:");
    game.line("quit");
    let (code, said, errors) = game.ends();
    assert_eq!(code, Some(8), "{said}{errors}");
    assert!(errors.contains("3 presses not saved in"), "{errors}");
    assert!(!said.contains("Every press is saved"), "{said}");
    db.unlock();
    let output = run(in_lines(&home), "\n");
    assert!(self::said(&output).contains("Ada: 6, saved."));
    assert_eq!((home.score("Ada"), home.letters().as_str()), (6, ""));
}

#[test]
fn a_full_disk_is_told_and_waited_for() {
    let home = Home::with(&[("Ada", 0)]);
    let disk = full_disk(&home.join(".local/share"));
    let mut command = in_lines(&home);
    command.envs(disk.env());
    let mut game = Piped::start(command);
    game.line("");
    game.hears("Ada: 1, saved.");
    disk.fill();
    game.line("  ");
    game.hears("is full: make room and it goes on.");
    disk.free();
    game.hears("Ada: 3, saved.");
    drop(game.input);
    assert_eq!(game.child.wait().expect("an end").code(), Some(0));
    assert_eq!(home.score("Ada"), 3);
}

#[test]
fn a_reader_who_does_not_read_keeps_nothing_from_being_saved() {
    let home = Home::with(&[("Ada", 0)]);
    let mut game = Piped::start(in_lines(&home));
    game.hears("Ada is picked");
    let mut points = 0;
    for _ in 0..300 {
        game.line("help");
        game.line("  ");
        points += 2;
    }
    until("all presses to be saved", || home.score("Ada") == points);
    game.hears(&format!("Ada: {points}, saved."));
    game.line("quit");
    assert_eq!(game.ends().0, Some(0));
}

#[test]
fn a_reader_who_has_gone_ends_the_game_in_order() {
    let home = Home::with(&[("Ada", 0)]);
    let mut game = Piped::start(in_lines(&home));
    game.hears("Ada is picked");
    let Piped {
        mut child,
        mut input,
        output,
        ..
    } = game;
    drop(output);
    input.write_all(b"     \n").expect("written");
    assert_eq!(child.wait().expect("an end").code(), Some(0));
    assert_eq!(home.score("Ada"), 5);
}

#[test]
fn lines_for_a_database_that_never_opens_are_said_not_to_be_done() {
    let home = Home::with(&[("Ada", 0)]);
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = nobody.local_addr().expect("an address");
    let mut command = in_lines(&home);
    command.arg(format!("--database=postgres://ada@{address}/game"));
    let output = run(command, "\n\n");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(6), "{errors}");
    assert!(errors.contains("2 lines were not done"), "{errors}");
    assert!(plain(&output.stdout).starts_with("Loading…\n"));
}

#[test]
fn the_setting_is_found_where_it_was_said() {
    let home = Home::with(&[("Ada", 0)]);
    let with = |variable: &str, file: &str| {
        home.configure(file);
        let mut command = Command::new(CLICKOFF);
        command
            .env_clear()
            .env("HOME", home.path())
            .env("CLICKOFF_PLAIN", variable)
            .stdin(Stdio::null());
        command.output().expect("it runs")
    };
    said(&with("1", ""));
    said(&with("", "plain = true"));
    assert_eq!(with("0", "plain = true").status.code(), Some(9));
    let wrong = with("perhaps", "");
    let errors = String::from_utf8_lossy(&wrong.stderr);
    assert_eq!(wrong.status.code(), Some(2), "{errors}");
    assert!(
        errors.contains("CLICKOFF_PLAIN: unknown value `perhaps`"),
        "{errors}"
    );
    // A dumb terminal is one: without a terminal there must be somebody who wants lines.
    let dumb = home.game().env("TERM", "dumb").stdin(Stdio::null());
    assert!(Game::begin(dumb).ends(9).contains("--plain"));
    home.configure("plain = false");
    Game::start(home.game().env("TERM", "dumb")).quit();
}

#[test]
fn whoever_is_far_down_a_long_list_is_picked_by_name() {
    let home = Home::with(&[("Ada", 9)]);
    let mut db = Db::open(&home.database());
    db.run(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
         INSERT INTO users (name, score) SELECT 'Player ' || i, 1 FROM n",
    );
    let output = run(
        in_lines(&home),
        "pick er 2345\n\npick nobody\npick Player 29\n\n",
    );
    let said = said(&output);
    assert!(said.contains("Player 2345: 2"), "{said}");
    assert!(said.contains("nobody"), "{said}");
    let score = |db: &mut Db, name| db.score(name);
    assert_eq!(score(&mut db, "Player 2345"), 2);
    assert_eq!(
        score(&mut db, "Player 29"),
        2,
        "the exact name goes before the parts"
    );
}
