//! What the database user may not do: the player is told so, and the worker gets no command.

use clickoff::message::{Action, Command, Message, Reply, Rights};
use clickoff::state::{Context, Mode, Status};

use super::common::{Game, player};

/// Whom to ask; every refusal says it.
const WHOM: &str = "ask its owner for the right.";

fn game(rights: Rights) -> Game {
    let mut game = Game::started();
    game.sized(10);
    game.opened_with(&[player(1, "ada", 5), player(2, "Grace", 3)], rights);
    game
}

/// Everything but one thing.
fn but(action: Action) -> Rights {
    let mut rights = Rights::ALL;
    match action {
        Action::Press => rights.play = false,
        Action::Add => rights.add = false,
        Action::Edit => rights.edit = false,
        Action::Remove => rights.remove = false,
        other => panic!("{other:?} is nobody's to forbid"),
    }
    rights
}

#[test]
fn what_is_forbidden_is_said_and_not_done_and_the_rest_goes_on() {
    let words = [
        (Action::Press, "watch, not play"),
        (Action::Add, "add players"),
        (Action::Edit, "edit players"),
        (Action::Remove, "remove players"),
    ];
    for (forbidden, said) in words {
        for (action, _) in words {
            let mut game = game(but(forbidden));
            let asked = game.act(action);
            let notice = game.notice();
            if action == forbidden {
                assert!(notice.contains(said) && notice.contains(WHOM), "{notice}");
                assert_eq!((asked, game.state.context()), (vec![], Context::Play));
                assert!(!game.state.button_is_down());
                assert_eq!(game.state.status(), Status::Saved);
            } else {
                assert_eq!(notice, "", "{action:?} without {forbidden:?}");
                assert!(!asked.is_empty() || game.state.context() != Context::Play);
            }
        }
    }
}

#[test]
fn pasted_presses_and_those_while_filtering_are_refused_too() {
    let mut game = game(but(Action::Press));
    assert_eq!(game.tell(Message::Paste("    ".into())), []);
    assert!(game.notice().contains(WHOM));
    game.act(Action::Filter);
    assert_eq!(game.act(Action::Press), []);
    assert!(game.notice().contains(WHOM));
    assert_eq!(game.state.waiting(), 0);
    // Watching goes on.
    game.reply(Reply::Changed {
        players: vec![player(2, "Grace", 9)].into(),
        gone: Vec::new(),
    });
    assert_eq!(game.state.standings.at(0).map(|p| p.score), Some(9));
    assert_eq!(game.act(Action::Quit), [Command::Leave]);
}

#[test]
fn nobody_is_offered_a_form_who_may_not_add() {
    let mut empty = Game::started();
    empty.opened_with(&[], but(Action::Add));
    assert!(matches!(empty.state.mode, Mode::Play));
    let mut asked = Game::started_with(Some("Lin"));
    asked.opened_with(&[player(1, "ada", 5)], but(Action::Add));
    assert!(matches!(asked.state.mode, Mode::Play));
    assert!(asked.notice().starts_with("There is no player Lin."));
    assert!(asked.notice().contains(WHOM));
    assert_eq!(asked.state.picked, None);
}
