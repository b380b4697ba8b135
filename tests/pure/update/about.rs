//! The page about a player, and the card that is copied.

use clickoff::game::PlayerId;
use clickoff::message::{Action, Command, Effect, Message, Question, Reply};
use clickoff::state::{Clipboard, Context};
use clickoff::words::Say;

use super::common::Game;
use crate::screens::scenes::{races, sprints};

fn copies(game: &mut Game) -> Vec<Effect> {
    game.send(Message::Action(Action::Card))
}

#[test]
fn the_page_is_of_the_picked_player_and_asks_for_news() {
    let mut game = Game::of_a_dozen();
    game.recalled(1, 120, &[(0, 5)]);
    game.act(Action::Down);
    game.act(Action::About);
    assert_eq!(game.state.context(), Context::About);
    let recall = Command::Ask(Question::Recall(PlayerId(2)));
    assert_eq!(game.tell(Message::Tick), std::slice::from_ref(&recall));
    game.recalled(2, 110, &[(0, 5)]);
    game.act(Action::Back);
    assert_eq!(game.state.context(), Context::Play);
    // Though it is known: sprints and races don't come with the points.
    game.act(Action::About);
    assert_eq!(game.tell(Message::Tick), [recall]);
    game.act(Action::About);
    assert_eq!(game.state.context(), Context::Play);
}

#[test]
fn who_is_gone_has_no_page() {
    let mut game = Game::of_a_dozen();
    game.act(Action::About);
    game.gone(1);
    assert_eq!(game.state.context(), Context::Play);
    game.act(Action::About);
    assert_eq!(
        game.notice(),
        "Nobody is picked, so there is nobody to show."
    );
    assert_eq!(copies(&mut game), []);
    assert_eq!(
        game.notice(),
        "Nobody is picked, so there is nobody to show."
    );
}

#[test]
fn a_page_that_can_not_be_read_closes_and_says_why() {
    let mut game = Game::of_a_dozen();
    game.act(Action::About);
    game.reply(Reply::Unanswered(
        Question::Recall(PlayerId(2)),
        Say::from("It says no."),
    ));
    assert_eq!(game.state.context(), Context::Play);
    assert_eq!(game.notice(), "The history can't be read. It says no.");
}

#[test]
fn a_card_is_copied_once_it_is_known_and_it_is_said_how() {
    let mut game = Game::of_a_dozen();
    assert_eq!(copies(&mut game), []);
    assert!(
        game.notice().starts_with("The card is not ready"),
        "{}",
        game.notice()
    );
    game.recalled(1, 120, &[(0, 5)]);
    for action in [Action::Back, Action::About] {
        game.act(action);
        for (clipboard, effects, notice) in [
            (
                Clipboard::Likely,
                vec![Effect::CopyCard],
                "The card is copied: paste",
            ),
            (
                Clipboard::Tmux,
                vec![Effect::CopyCard],
                "The card is copied if tmux has set-clipboard on",
            ),
            (
                Clipboard::No,
                vec![],
                "This terminal can't copy: `clickoff card`",
            ),
        ] {
            game.state.clipboard = clipboard;
            assert_eq!(copies(&mut game), effects);
            assert!(game.notice().starts_with(notice), "{}", game.notice());
        }
    }
}

#[test]
fn a_contest_has_a_card_once_it_has_a_result() {
    for (scene, has_card) in [
        (sprints::sprint_choice as fn() -> Game, false),
        (sprints::sprint_countdown, false),
        (sprints::sprint_running, false),
        (sprints::sprint_saving, false),
        (sprints::sprint_void, false),
        (sprints::sprint_result, true),
        (races::race_starting, false),
        (races::race_running, false),
        (races::race_saving, false),
        (races::race_missed, false),
        (races::race_result, true),
    ] {
        let mut game = scene();
        let effects = if has_card {
            vec![Effect::CopyCard]
        } else {
            vec![]
        };
        assert_eq!(copies(&mut game), effects, "{:?}", game.state.contest());
    }
}
