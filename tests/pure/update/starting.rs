//! The first answer of the database: who is picked, and what is offered to a newcomer.

use clickoff::message::{Action, Command, Message, Reply, Rights, Stop};
use clickoff::state::{Context, Form, Mode, Purpose, Status};

use super::common::{Game, entry, player, trouble};

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
    assert_eq!(game.act(Action::Accept), [Command::Add(entry("ada"))]);
    assert_eq!(game.added(1, "ada"), []);
    assert_eq!(game.picked(), "ada");
    game.press(1);
    game.counted(1, 1, 1);
    assert_eq!(game.state.picked_player().map(|p| p.score), Some(1));
    assert_eq!(game.state.status(), Status::Saved);
}

#[test]
fn who_is_picked_at_the_start() {
    let best_first = [
        player(1, "Grace", 9),
        player(2, "ada", 5),
        player(3, "Alan", 1),
    ];
    let cases: [(&str, Option<&str>, &str, Option<&str>); 6] = [
        ("the one who was asked for", Some("Alan"), "Alan", None),
        ("the one with the login name", None, "ada", None),
        (
            "nobody, and the unknown is offered",
            Some("Lin"),
            "nobody",
            Some("Lin"),
        ),
        ("names are exact", Some("alan"), "nobody", Some("alan")),
        ("even an empty one", Some(""), "nobody", Some("")),
        (
            "what can't be typed is not offered",
            Some("Li\x1b[1mn\n"),
            "nobody",
            Some("Li[1mn"),
        ),
    ];
    for (story, asked_for, picked, offer) in cases {
        let mut game = Game::started_with(asked_for);
        game.opened(&best_first);
        assert_eq!(game.picked(), picked, "{story}");
        assert_eq!(offered(&game), offer, "{story}");
    }
}

#[test]
fn without_the_login_name_among_them_the_best_is_picked() {
    let mut game = Game::started();
    game.opened(&[player(1, "Alan", 1), player(2, "Grace", 9)]);
    assert_eq!(game.picked(), "Grace");
    assert_eq!(offered(&game), None);
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
