//! What the plain mode prints when something happens, and how often.

use std::time::Duration;

use clickoff::game::sprint::Bests;
use clickoff::game::{Period, PlayerId};
use clickoff::message::{BrokenKind, Command, ContestCommand, Farewell, Question, Reply, Rights};
use clickoff::state::Ended;
use clickoff::words::{Language, Say};

use super::Lines;
use crate::common::{Game, offline, player, presses, trouble};

const SECOND: Duration = Duration::from_secs(1);

impl Lines {
    /// The answer that a commit holds so many of this run's presses for Ada.
    fn counted(&mut self, counted: u64, score: i64) {
        let player = PlayerId(1);
        self.reply(Reply::Counted {
            player,
            counted,
            score,
        });
    }

    fn others(&mut self, players: &[(i64, &str, i64)]) {
        let players = players
            .iter()
            .map(|(id, name, score)| player(*id, name, *score));
        self.reply(Reply::Changed {
            players: players.collect(),
            gone: vec![],
        });
    }
}

#[test]
fn the_beginning_tells_where_who_and_how() {
    let mut lines = Lines::of(Game::started());
    lines.says(&["Loading…"]);
    lines.reply(Reply::Opened {
        last: None,
        window: vec![
            player(1, "Ada", 3),
            player(2, "B\u{1b}[2Jb\u{202e}", 1),
            player(3, "王小明", 0),
        ]
        .into(),
        kept: 0,
        rights: Rights::ALL,
    });
    lines.says(&[
        "clickoff on ~/.local/share/clickoff/clickoff.db, in lines. Enter scores a point; help \
         lists the commands.",
        "Players: 3",
        "1. Ada: 3 points",
        "2. B␛[2Jb\u{fffd}: 1 point",
        "3. 王小明: 0 points",
        "Ada is picked: 3 points.",
    ]);
    let mut lines = Lines::of(Game::of(&[]));
    assert_eq!(
        lines.said()[1..],
        [
            "Nobody plays yet. Who is the first player?",
            "The name? Enter takes ada; a full stop alone cancels.",
        ]
    );
}

#[test]
fn a_press_is_called_saved_once_it_is_and_never_before() {
    let mut lines = Lines::of_two();
    lines.line("");
    lines.says(&[]);
    lines.counted(1, 4);
    lines.says(&["Ada: 4, saved."]);
    for _ in 0..3 {
        lines.line("");
    }
    lines.after(SECOND);
    lines.says(&["Ada: 4, saving 3."]);
    lines.after(10 * SECOND);
    lines.says(&[]);
    lines.counted(3, 6);
    lines.after(SECOND);
    lines.says(&[]);
    lines.counted(4, 7);
    lines.says(&["Ada: 7, saved."]);
}

#[test]
fn fast_presses_are_told_twice_a_second_and_the_last_score_always() {
    let mut lines = Lines::of_two();
    for n in 1..=90 {
        lines.line("");
        lines.counted(n, 3 + n as i64);
        lines.after(SECOND / 30);
    }
    lines.after(SECOND);
    let mut said = lines.said();
    said.retain(|line| line.contains("saved"));
    assert!((6..=9).contains(&said.len()), "{said:?}");
    assert_eq!(said.last().map(String::as_str), Some("Ada: 93, saved."));
}

#[test]
fn who_is_passed_and_what_is_reached_is_told_with_the_score() {
    let players = [
        player(1, "Ada", 8),
        player(2, "Bob", 9),
        player(3, "Cleo", 9),
    ];
    let mut lines = Lines::of(Game::of(&players));
    lines.line("ada");
    lines.said();
    lines.line("  ");
    lines.counted(2, 10);
    lines.says(&["Ada: 10, saved. You passed Bob and 1 other. 10!"]);
}

#[test]
fn presses_for_two_players_are_told_for_each() {
    let mut lines = Lines::of_two();
    lines.line("");
    lines.line("bob");
    lines.line("");
    lines.says(&["Bob is picked: 2 points."]);
    lines.counted(1, 4);
    lines.reply(Reply::Counted {
        player: PlayerId(2),
        counted: 1,
        score: 3,
    });
    lines.after(SECOND);
    lines.says(&["Ada: 4, saved.", "Bob: 3, saved."]);
}

#[test]
fn a_trouble_is_told_once_then_with_its_presses_and_then_its_end() {
    let mut lines = Lines::of_two();
    lines.line("");
    lines.reply(Reply::Trouble(trouble("The disk is full.", 2)));
    lines.says(&["1 not saved yet: The disk is full. Next try in 2 s."]);
    for _ in 0..5 {
        lines.reply(Reply::Trouble(trouble("The disk is full.", 2)));
        lines.after(2 * SECOND);
    }
    lines.says(&[]);
    lines.line("");
    lines.after(SECOND);
    lines.says(&["2 not saved yet: The disk is full. Trying again…"]);
    lines.reply(Reply::Recovered);
    lines.says(&["The database answers again."]);
    lines.counted(2, 5);
    lines.says(&["Ada: 5, saved."]);
    lines.reply(Reply::Trouble(offline(3)));
    lines.says(&["offline, next try in 3 s. The connection is lost."]);
    lines.after(31 * SECOND);
    lines.says(&["offline, trying again… The connection is lost."]);
}

#[test]
fn what_others_do_is_told_at_most_once_a_second_and_not_while_something_is_asked() {
    let mut lines = Lines::of_two();
    for n in 1..=30 {
        lines.others(&[(2, "Bob", 3 + n), (100 + n, "New", 0)]);
        lines.after(SECOND / 10);
    }
    let said = lines.said();
    assert_eq!(said[0], "Bob passed you.");
    assert!((2..=4).contains(&said.len()), "{said:?}");
    lines.after(5 * SECOND);
    lines.said();
    lines.line("add");
    lines.others(&[(500, "Zoe", 1)]);
    lines.after(5 * SECOND);
    lines.says(&["The name? A full stop alone cancels."]);
    lines.line(".");
    lines.says(&["Nothing was done.", "New here: Zoe."]);
    lines.line("quiet");
    lines.others(&[(501, "Yve", 1)]);
    lines.after(5 * SECOND);
    lines.line("quiet off");
    lines.after(5 * SECOND);
    let quiet = [
        "Quiet: what others do is not shown.",
        "What others do is shown again.",
    ];
    lines.says(&quiet);
    lines.reply(Reply::Changed {
        players: Default::default(),
        gone: vec![PlayerId(1)],
    });
    lines.says(&["Ada was removed by somebody else. Pick another player to go on."]);
    for _ in 0..20 {
        lines.line("");
    }
    lines.says(&["Nobody is picked, so nothing is scored: pick a player, or add one."]);
}

#[test]
fn a_sprint_is_a_few_lines() {
    let mut lines = Lines::of_two();
    let asked = [
        Command::Ask(Question::Bests(PlayerId(1))),
        Command::Contest(ContestCommand::BeginSprint(PlayerId(1))),
    ];
    assert_eq!(lines.line("sprint 10"), asked);
    lines.reply(Reply::Bests(PlayerId(1), Bests::default()));
    lines.after(3 * SECOND);
    lines.says(&[
        "Sprint over 10 s for Ada: each Enter is a press, stop gives up.",
        "Get ready: 3",
        "There is no best to beat yet.",
        "Get ready: 2",
        "Get ready: 1",
        "Go!",
    ]);
    let mut pressed = 0;
    for _ in 0..19 {
        assert_eq!(lines.line(""), presses(1, 1));
        pressed += 1;
        lines.counted(pressed, 3 + pressed as i64);
        lines.after(SECOND / 2);
    }
    lines.says(&["5 s left: 10 so far."]);
    lines.line("list");
    lines.says(&["A sprint is on: Enter presses, stop gives up."]);
    lines.after(SECOND);
    lines.says(&[
        "19 presses in 10 s: 1.9/s",
        "Your first over this length.",
        "best second 2 · no false start",
        "Ada: 22, saved. 10!",
    ]);
    let sprint = lines.game.state.contest().expect("a sprint");
    assert!(sprint.is_over(), "{sprint:?}");
    let run = sprint.run.as_ref().expect("a start");
    let (length, trace) = (sprint.length, run.trace().clone());
    lines.reply(Reply::SprintKept(clickoff::game::sprint::Sprinted {
        player: PlayerId(1),
        length,
        trace,
    }));
    lines.after(SECOND);
    lines.says(&["Its presses count for the score like all others."]);
    lines.line("list");
    assert_eq!(lines.said()[0], "Players: 2");
}

#[test]
fn a_sprint_can_be_chosen_and_given_up() {
    let mut lines = Lines::of_two();
    lines.line("s");
    lines.says(&["How many seconds (5, 10, 30, 60)? Anything else cancels."]);
    lines.line("");
    lines.says(&["Nothing was done."]);
    lines.line("s");
    lines.line("5");
    lines.after(4 * SECOND);
    lines.said();
    lines.line("stop");
    lines.says(&["Void: you gave it up. Its presses count for the score like all others."]);
    assert_eq!(lines.line(""), presses(1, 1));
}

#[test]
fn a_history_is_told_once_it_is_known() {
    let mut lines = Lines::of_two();
    lines.line("history");
    lines.says(&[]);
    lines.game.recalled(1, 3, &[(0, 1), (1, 2)]);
    lines.after(Duration::ZERO);
    lines.says(&[
        "History of Ada: today 1 · all time 3 · best 2 on 2 November 2026 · 2 days in a row",
        "Tuesday, 3 November 2026: 1 point so far",
        "Monday, 2 November 2026: 2 points",
    ]);
    lines.line("h months");
    assert_eq!(lines.said()[1..], ["November 2026: 3 points so far"]);
    assert_eq!(lines.game.state.times.period, Period::AllTime);
    let mut lines = Lines::of_two();
    lines.line("h");
    lines.reply(Reply::Unanswered(
        Question::Recall(PlayerId(1)),
        Say::from("It says no."),
    ));
    lines.says(&["The history can't be read. It says no."]);
}

#[test]
fn the_page_about_a_player_is_told_once_it_is_known_and_a_card_is_written() {
    let mut lines = Lines::of_two();
    lines.line("card");
    lines.says(&["The card is not ready: its data is still being read."]);
    lines.line("me");
    lines.says(&[]);
    lines.game.recalled(1, 3, &[(0, 1), (1, 2)]);
    lines.after(Duration::ZERO);
    let said = lines.said();
    assert_eq!(
        said[..4],
        [
            "About Ada",
            "Points: 3, today 1",
            "Streak: 2 days, longest 2",
            "Next mark: A week without a gap: 5 to go",
        ]
    );
    assert!(
        said.contains(&"✓ The first point  2 Nov".to_owned()),
        "{said:?}"
    );
    lines.line("c");
    let days = "▁".repeat(28);
    lines.says(&[
        "Ada · 3 points",
        &format!("{days}█▅ the last 30 days"),
        "2 days in a row",
        "clickoff – never loses a click",
    ]);
    let mut lines = Lines::of_two();
    lines.line("i");
    lines.reply(Reply::Unanswered(
        Question::Recall(PlayerId(1)),
        Say::from("It says no."),
    ));
    lines.says(&["The history can't be read. It says no."]);
}

#[test]
fn a_stream_of_presses_over_the_limit_is_one_sentence_a_second() {
    let mut lines = Lines::of_two();
    for _ in 0..30 {
        lines.reply(Reply::OverRate {
            player: PlayerId(1),
            presses: 1,
            limit: Some(5),
        });
        lines.after(SECOND / 30);
    }
    lines.after(SECOND);
    let said = lines.said();
    assert!((1..=2).contains(&said.len()), "{said:?}");
    assert!(
        said[0].contains("over this database's limit of 5 a second."),
        "{said:?}"
    );
}

#[test]
fn lines_are_chinese_where_the_player_is() {
    let players = [player(1, "Ada", 3), player(2, "Bob", 2)];
    let mut lines = Lines::by(Game::of(&players), Language::Chinese, true);
    lines.said();
    lines.line("");
    lines.counted(1, 4);
    lines.line("2");
    lines.line("qiut");
    lines.line("remove");
    lines.line("no");
    lines.says(&[
        "Ada：4，已保存。",
        "已选中 Bob：2 分。",
        "没有名为“qiut”的命令或玩家，是否想输入 quit？",
        "要删除 Bob（2 分）吗？此操作无法撤销。是（yes）还是否（no）？",
        "没有任何改动。",
    ]);
}

/// Also if the worker has failed, so that no reply about the end comes.
#[test]
fn at_the_end_the_last_score_is_told_without_its_pause() {
    let mut lines = Lines::of_two();
    lines.line(" ");
    lines.counted(1, 4);
    lines.says(&["Ada: 4, saved."]);
    lines.line(" ");
    lines.counted(2, 5);
    lines.says(&[]);
    let gone = (BrokenKind::Internal, Say::WorkerGone);
    lines.game.state.ended = Some(Ended::failed(gone.0, gone.1, Farewell::default()));
    lines.plain.end(&lines.game.state, lines.game.now);
    lines.says(&["Ada: 5, saved."]);
}
