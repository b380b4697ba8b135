//! What each line means.

use clickoff::game::{Period, PlayerId, Ranking};
use clickoff::message::{Change, Command, Question, Reply};
use clickoff::words::Language;

use super::Lines;
use crate::common::{Game, entry, player, presses};

#[test]
fn enter_is_a_press_and_each_blank_before_it_is_one() {
    for (typed, line, points) in [
        (true, "", 1),
        (true, " ", 1),
        (true, "   ", 3),
        (true, "press", 1),
        (false, "", 1),
        (false, "  ", 2),
    ] {
        let game = Game::of(&[player(1, "Ada", 3)]);
        let mut lines = Lines::by(game, Language::English, typed);
        assert_eq!(lines.line(line), presses(1, points), "{line:?}");
    }
    let mut lines = Lines::of_two();
    assert_eq!(lines.line("press 5"), []);
    lines.says(&["Type spaces and then Enter: each space scores a point."]);
}

#[test]
fn a_number_or_a_name_picks_and_nothing_else_does() {
    let players = [
        player(1, "Ada", 9),
        player(2, "Adam", 8),
        player(3, "list", 7),
        player(4, "Bob Ross", 6),
        player(5, "2", 5),
    ];
    for (line, picked, said) in [
        ("3", "list", "list is picked: 7 points."),
        ("pick 4", "Bob Ross", "Bob Ross is picked: 6 points."),
        ("2", "2", "2 is picked: 5 points."),
        ("adam", "Adam", "Adam is picked: 8 points."),
        ("bob", "Bob Ross", "Bob Ross is picked: 6 points."),
        ("pick list", "list", "list is picked: 7 points."),
        ("down", "Adam", "Adam is picked: 8 points."),
        ("last", "2", "2 is picked: 5 points."),
        ("6", "Ada", "There is no number 6 in the list."),
        ("0", "Ada", "There is no number 0 in the list."),
        (
            "xyz",
            "Ada",
            "“xyz” is neither a command nor a player here: help lists the commands, list the players.",
        ),
        (
            "qiut",
            "Ada",
            "“qiut” is neither a command nor a player here; did you mean quit?",
        ),
        ("quit it", "Ada", "quit takes nothing after it."),
        ("s 7", "Ada", "sprint takes one of these: 5, 10, 30, 60."),
        ("l x", "Ada", "list takes a number from 1."),
        ("yes", "Ada", "There was no question."),
        (
            "theme",
            "Ada",
            "That needs a screen, and there is none here.",
        ),
        ("stop", "Ada", "Neither a sprint nor a race is on."),
    ] {
        let mut lines = Lines::of(Game::of(&players));
        lines.said();
        assert_eq!(lines.line(line), [], "{line}");
        assert_eq!(lines.game.picked(), picked, "{line}");
        lines.says(&[said]);
    }
    let mut lines = Lines::of(Game::of(&players));
    lines.said();
    lines.line("ad");
    lines.says(&[
        "“ad” can mean 2 players; pick one by number:",
        "1. Ada: 9 points",
        "2. Adam: 8 points",
    ]);
    lines.line("2");
    assert_eq!(
        lines.game.picked(),
        "2",
        "the exact name goes before the number"
    );
}

#[test]
fn a_number_is_that_of_the_list_as_it_was_told() {
    let mut lines = Lines::of_two();
    lines.reply(Reply::Changed {
        players: vec![player(3, "Cleo", 50)].into(),
        gone: vec![],
    });
    lines.line("2");
    assert_eq!(lines.game.picked(), "Bob");
    lines.line("list");
    lines.line("1");
    assert_eq!(lines.game.picked(), "Cleo");
}

#[test]
fn a_player_is_added_at_once_or_by_questions() {
    let mut lines = Lines::of_two();
    let name = "Cleo  de\u{1b} Mérode";
    let added = lines.line(&format!("add {name}"));
    assert_eq!(
        added,
        [Command::Change(Change::Add(entry("Cleo  de Mérode")))]
    );
    lines.says(&[]);
    let mut lines = Lines::of_two();
    assert_eq!(lines.line("n"), []);
    lines.says(&["The name? A full stop alone cancels."]);
    lines.line("");
    lines.says(&[
        "A player needs a name.",
        "The name? A full stop alone cancels.",
    ]);
    let wanted = entry("quit");
    assert_eq!(
        lines.line("quit"),
        [Command::Change(Change::Add(wanted.clone()))]
    );
    lines.reply(Reply::Done(Change::Add(wanted), player(7, "quit", 0)));
    lines.says(&["quit is picked: 0 points."]);
}

#[test]
fn a_name_that_is_there_is_told_before_another_is_added() {
    let told = "Ada plays here already, with 3 points. Is that you? yes picks that player, add adds \
                another of that name, anything else cancels.";
    let mut lines = Lines::of_two();
    lines.line("2");
    lines.said();
    assert_eq!(lines.line("add ada"), []);
    lines.says(&[told]);
    assert_eq!(
        lines.line("add"),
        [Command::Change(Change::Add(entry("ada")))]
    );

    let mut lines = Lines::of_two();
    lines.line("2");
    lines.said();
    lines.line("add");
    lines.said();
    lines.line("Ada");
    lines.says(&[told]);
    assert_eq!(lines.line("yes"), []);
    lines.says(&["Ada is picked: 3 points."]);

    let mut lines = Lines::of_two();
    lines.line("2");
    lines.line("add Ada");
    lines.said();
    for (line, said) in [("", "Nothing was done."), ("3", "")] {
        assert_eq!(lines.line(line), [], "{line:?}");
        assert!(lines.said().join("").starts_with(said));
    }
    assert_eq!(lines.game.picked(), "Bob");
    assert_eq!(lines.line(""), presses(2, 1), "back in the game");
}

#[test]
fn a_player_is_edited_and_a_form_can_be_called_off() {
    let mut lines = Lines::of_two();
    let (id, adele) = (PlayerId(1), entry("Adele"));
    let edit = Command::Change(Change::Edit(id, adele.clone()));
    assert_eq!(lines.line("edit Adele"), std::slice::from_ref(&edit));
    lines.says(&[]);
    lines.reply(Reply::Done(Change::Edit(id, adele), player(1, "Adele", 3)));
    lines.says(&["Adele is changed."]);
    lines.line("e");
    lines.says(&["The name? Enter takes Adele; a full stop alone cancels."]);
    lines.line("");
    lines.says(&["The e-mail, if any? Enter leaves it out."]);
    assert_eq!(lines.line(""), [edit]);
    for calls_off in [&["."][..], &["x", "."]] {
        lines.line("e");
        for line in calls_off {
            assert_eq!(lines.line(line), []);
        }
        assert_eq!(
            lines.said().last().map(String::as_str),
            Some("Nothing was done.")
        );
        assert_eq!(lines.line(""), presses(1, 1), "back in the game");
    }
}

#[test]
fn a_removal_asks_and_only_yes_removes() {
    for (answer, removes) in [
        ("yes", true),
        ("y", true),
        ("", false),
        ("no", false),
        ("ye", false),
    ] {
        let mut lines = Lines::of_two();
        lines.line("remove");
        lines.says(&["Remove Ada with 3 points? This can't be undone. Yes or no?"]);
        let removed = [Command::Change(Change::Remove(PlayerId(1)))];
        let wanted = if removes { &removed[..] } else { &[] };
        assert_eq!(lines.line(answer), wanted, "{answer:?}");
        let said = if removes {
            &[][..]
        } else {
            &["Nothing was done."]
        };
        lines.says(said);
    }
}

#[test]
fn the_list_is_narrowed_ranked_and_told() {
    let mut lines = Lines::of_two();
    lines.line("/bo");
    lines.says(&[
        "Players: 1 of 2",
        "1. Bob: 2 points",
        "Bob is picked: 2 points.",
    ]);
    lines.line("ada");
    lines.says(&["Ada is picked: 3 points."]);
    lines.line("filter xy");
    lines.says(&[
        "Players: 0 of 2",
        "Nobody matches the filter.",
        "Ada is picked: 3 points.",
    ]);
    lines.line("filter");
    let all = [
        "Players: 2",
        "1. Ada: 3 points",
        "2. Bob: 2 points",
        "Ada is picked: 3 points.",
    ];
    lines.says(&all);
    let asked = lines.line("period week");
    let periods: Vec<_> = asked
        .iter()
        .map(|command| match command {
            Command::Ask(Question::Rank(period, _)) => *period,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(periods, [Period::Month, Period::Week]);
    lines.says(&[]);
    let clock = lines.game.clock(crate::common::NOON);
    lines.reply(Reply::Ranked(Period::Week, clock, Ranking::default()));
    lines.says(&[
        "This week: 2",
        "1. Ada: 0 points",
        "2. Bob: 0 points",
        "Ada is picked: 3 points.",
    ]);
    lines.line("period all");
    lines.says(&all);
}

#[test]
fn a_long_list_is_told_in_parts() {
    let players: Vec<_> = (1..=45)
        .map(|n| player(n, &format!("p{n}"), 100 - n))
        .collect();
    let mut lines = Lines::of(Game::of(&players));
    let said = lines.said();
    assert_eq!(said[1], "Players: 45");
    assert_eq!(said[22], "20 of 45 are shown: list 21 continues.");
    lines.line("list 41");
    let said = lines.said();
    assert_eq!((said.len(), said[1].as_str()), (7, "41. p41: 59 points"));
    lines.line("44");
    assert_eq!(lines.game.picked(), "p44");
}

#[test]
fn help_tells_every_word_once() {
    let mut lines = Lines::of_two();
    lines.line("?");
    let said = lines.said();
    assert_eq!(said.len(), 3 + 23);
    assert!(said.contains(&"sprint, s [5|10|30|60]: sprint against time".into()));
    let joins = "join, R: join or watch a race";
    assert!(said.contains(&joins.into()));
}
