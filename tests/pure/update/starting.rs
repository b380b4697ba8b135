//! The database's first answer: which player is picked, and what a new player is offered.

use clickoff::game::{Player, PlayerId};
use clickoff::message::{Action, Change, Command, Message, Reply, Rights, Stop};
use clickoff::state::{Context, Form, Mode, Purpose, State, Status};

use super::common::{Game, entry, player, presses, trouble};

/// The name in the form to add a player, if that is open.
fn offered(game: &Game) -> Option<&str> {
    match &game.state.mode {
        Mode::Form(Form {
            purpose: Purpose::Add,
            name,
            ..
        }) => Some(name.value()),
        _ => None,
    }
}

#[test]
fn until_the_first_answer_it_is_loading_and_presses_are_for_nobody() {
    let mut game = Game::started();
    assert_eq!(game.state.status(), Status::Loading);
    assert_eq!(game.press(1), []);
    assert_eq!(game.notice(), "");
    assert_eq!(game.act(Action::Add), []);
    assert_eq!(game.state.context(), Context::Play);
}

#[test]
fn a_newcomer_presses_enter_then_space_and_the_score_is_one() {
    let mut game = Game::started();
    game.opened(&[]);
    assert_eq!(offered(&game), Some("ada"));
    assert_eq!(
        game.act(Action::Accept),
        [Command::Change(Change::Add(entry("ada")))]
    );
    assert_eq!(game.added(1, "ada"), []);
    assert_eq!(game.picked(), "ada");
    game.press(1);
    game.counted(1, 1, 1);
    assert_eq!(game.state.picked_player().map(|p| p.score), Some(1));
    assert_eq!(game.state.status(), Status::Saved);
}

/// A start with `--player` or without, on these players, of whom one may be remembered.
fn start(asked_for: Option<&str>, players: &[Player], last: Option<i64>, rights: Rights) -> Game {
    let mut game = Game::started_with(asked_for);
    game.sized(10);
    game.reply(Reply::Opened {
        window: players.to_vec().into(),
        last: last.map(PlayerId),
        kept: 0,
        rights,
    });
    game
}

#[test]
fn who_is_picked_at_the_start() {
    let best_first = [
        player(1, "Grace", 9),
        player(2, "ada", 5),
        player(3, "Alan", 1),
    ];
    type Case<'a> = (
        &'a str,
        Option<&'a str>,
        Option<i64>,
        &'a str,
        Option<&'a str>,
    );
    let cases: [Case<'_>; 9] = [
        (
            "the one who was asked for",
            Some("Alan"),
            None,
            "Alan",
            None,
        ),
        ("the one with the login name", None, None, "ada", None),
        (
            "who was played last, before that",
            None,
            Some(3),
            "Alan",
            None,
        ),
        (
            "not before who is asked for",
            Some("Grace"),
            Some(3),
            "Grace",
            None,
        ),
        (
            "nobody who is not there any more",
            None,
            Some(7),
            "ada",
            None,
        ),
        (
            "nobody, and the unknown is offered",
            Some("Lin"),
            Some(3),
            "nobody",
            Some("Lin"),
        ),
        (
            "names are exact",
            Some("alan"),
            None,
            "nobody",
            Some("alan"),
        ),
        ("even an empty one", Some(""), None, "nobody", Some("")),
        (
            "what can't be typed is not offered",
            Some("Li\x1b[1mn\n"),
            None,
            "nobody",
            Some("Li[1mn"),
        ),
    ];
    for (story, asked_for, last, picked, offer) in cases {
        let game = start(asked_for, &best_first, last, Rights::ALL);
        assert_eq!(game.picked(), picked, "{story}");
        assert_eq!(offered(&game), offer, "{story}");
    }
}

#[test]
fn of_two_with_one_name_the_one_who_was_played_last_is_picked() {
    let twins = [player(1, "ada", 9), player(2, "ada", 5)];
    let game = start(None, &twins, Some(2), Rights::ALL);
    assert_eq!(game.state.picked, Some(PlayerId(2)));
}

#[test]
fn a_login_name_is_the_same_however_it_is_written_and_as_it_is_written_goes_before() {
    for (players, picked) in [
        (vec![player(1, "Grace", 9), player(2, "Ada", 5)], "Ada"),
        (vec![player(1, "ADA", 9), player(2, "ada", 5)], "ada"),
        (vec![player(1, "Adam", 9), player(2, "a d a", 5)], "nobody"),
    ] {
        let game = start(None, &players, None, Rights::ALL);
        assert_eq!(game.picked(), picked);
    }
    // Without a login name, nobody without a name bears it.
    let mut game = Game::started();
    game.state = State::new(String::new(), None, String::new(), true);
    game.opened(&[player(1, "", 9)]);
    assert_eq!(game.picked(), "nobody");
}

#[test]
fn a_newcomer_scores_for_nobody_until_somebody_is_picked_or_added() {
    let others = [player(1, "Alan", 1), player(2, "Grace", 9)];
    let game = || start(None, &others, None, Rights::ALL);
    let mut picks = game();
    assert_eq!((picks.picked(), offered(&picks)), ("nobody", None));
    assert!(picks.state.is_newcomer());
    assert_eq!(picks.press(3), [], "least of all for the leader");
    assert_eq!(picks.tell(Message::Paste("  ".into())), []);
    let why = "Nobody is picked, so nothing is scored: pick a player, or add one.";
    assert_eq!(picks.notice(), why);
    picks.act(Action::Down);
    assert_eq!(picks.press(1), presses(2, 1));
    assert!(!picks.state.is_newcomer(), "who plays is not new");
    picks.act(Action::Add);
    assert_eq!(offered(&picks), Some(""));

    for (action, picked) in [(Action::First, "Grace"), (Action::Last, "Alan")] {
        let mut picks = game();
        picks.act(action);
        assert_eq!(picks.picked(), picked);
    }

    let mut adds = game();
    for _ in 0..2 {
        adds.act(Action::Add);
        assert_eq!(offered(&adds), Some("ada"), "also when it is opened again");
        adds.act(Action::Back);
    }
    adds.act(Action::Add);
    assert_eq!(
        adds.act(Action::Accept),
        [Command::Change(Change::Add(entry("ada")))]
    );
    adds.added(3, "ada");
    assert_eq!(adds.press(1), presses(3, 1));
    assert!(!adds.state.is_newcomer());
}

#[test]
fn the_form_for_whom_was_asked_for_keeps_that_name() {
    let mut game = start(Some("Lin"), &[player(1, "ada", 9)], None, Rights::ALL);
    game.act(Action::Back);
    assert_eq!(game.press(1), []);
    game.act(Action::Add);
    assert_eq!(offered(&game), Some("Lin"));
}

#[test]
fn who_may_not_play_looks_at_the_best_and_who_may_not_add_is_offered_nothing() {
    let others = [player(1, "Alan", 1), player(2, "Grace", 9)];
    let watches = Rights {
        play: false,
        add: false,
        ..Rights::ALL
    };
    assert_eq!(start(None, &others, None, watches).picked(), "Grace");
    let plays = Rights {
        add: false,
        ..Rights::ALL
    };
    let game = start(None, &others, None, plays);
    assert_eq!((game.picked(), game.state.is_newcomer()), ("nobody", false));
}

#[test]
fn whoever_is_scored_for_is_remembered_once_a_point_is_committed() {
    let remember = |id, name: &str| Command::Remember(PlayerId(id), name.into());
    let count = |game: &mut Game, id, counted, score| {
        game.reply(Reply::Counted {
            player: PlayerId(id),
            counted,
            score,
        })
    };
    let players = [player(1, "ada", 9), player(2, "Bob", 5)];
    let mut game = start(None, &players, None, Rights::ALL);
    assert_eq!(game.press(1), presses(1, 1), "not before");
    assert_eq!(count(&mut game, 1, 0, 9), [], "nothing is counted yet");
    assert_eq!(count(&mut game, 1, 1, 10), [remember(1, "ada")]);
    game.press(1);
    assert_eq!(count(&mut game, 1, 2, 11), [], "it is remembered already");
    game.send(Message::Pick(PlayerId(2)));
    game.press(1);
    assert_eq!(count(&mut game, 2, 1, 6), [remember(2, "Bob")]);
    // Renamed in the game, under the new name.
    let renamed = Reply::Done(
        Change::Edit(PlayerId(2), entry("Bobby")),
        player(2, "Bobby", 6),
    );
    assert_eq!(game.reply(renamed), [remember(2, "Bobby")]);
    // While leaving, too.
    game.send(Message::Pick(PlayerId(1)));
    game.press(1);
    game.act(Action::Quit);
    assert_eq!(count(&mut game, 1, 3, 12), [remember(1, "ada")]);
    // Whoever was remembered already is not written again.
    let mut game = start(None, &players, Some(2), Rights::ALL);
    game.press(1);
    assert_eq!(count(&mut game, 2, 1, 7), []);
}

#[test]
fn a_game_that_opens_far_down_the_list_shows_the_picked_player() {
    let players: Vec<_> = (1..=50)
        .map(|n| player(n, &format!("p{n}"), 100 - n))
        .collect();
    let mut game = Game::started_with(Some("p40"));
    game.sized(10);
    game.opened(&players);
    assert_eq!(game.state.viewport.top, 30);
}

#[test]
fn an_answer_that_comes_while_leaving_opens_no_form() {
    let mut game = Game::started();
    assert_eq!(game.tell(Message::Stop(Stop::Signal(15))), [Command::Leave]);
    game.opened(&[]);
    assert_eq!(game.state.context(), Context::Leaving);
    assert_eq!(offered(&game), None);
}

#[test]
fn a_database_that_cannot_be_opened_yet_says_so_until_it_is() {
    let mut game = Game::started();
    game.troubled("It is locked.", 2);
    assert!(
        matches!(game.state.status(), Status::LoadingTrouble(t) if t.trouble == trouble("It is locked.", 2))
    );
    game.opened(&[player(1, "ada", 0)]);
    assert_eq!(game.state.status(), Status::Saved);
}

#[test]
fn presses_kept_from_last_time_wait_until_they_are_delivered_or_refused() {
    let mut game = Game::started();
    let players = vec![player(1, "ada", 5)];
    game.reply(Reply::Opened {
        last: None,
        window: players.into(),
        kept: 7,
        rights: Rights::ALL,
    });
    assert_eq!(game.state.status(), Status::Saving(7));
    let ada = game.state.picked.expect("ada is picked");
    game.reply(Reply::Delivered {
        player: ada,
        presses: 4,
        score: 9,
    });
    assert_eq!(game.state.status(), Status::Saving(3));
    assert_eq!(game.state.picked_player().map(|p| p.score), Some(9));
    assert_eq!(game.notice(), "");
    let why = "2 presses were not counted: The player is no longer there.".to_owned();
    game.reply(Reply::RefusedKept {
        presses: 2,
        why: why.as_str().into(),
    });
    assert_eq!(game.notice(), why);
    game.reply(Reply::Delivered {
        player: ada,
        presses: 1,
        score: 10,
    });
    assert_eq!(game.state.status(), Status::Saved);
    let both = format!("{why} Presses kept from last time are saved now.");
    assert_eq!(game.notice(), both);
}
