//! Other players' changes arrive without a key press.

use clickoff::game::PlayerId;
use clickoff::message::{Action, Change, Reply};
use clickoff::state::{Context, Mode};

use super::common::{Game, entry, player, presses};

#[test]
fn ranks_move_and_the_picked_player_stays_picked_and_in_sight() {
    let mut game = Game::of_a_dozen();
    game.act(Action::Last);
    assert_eq!((game.picked(), game.state.viewport.top), ("p12", 2));
    game.changed(player(12, "p12", 1_000));
    assert_eq!((game.picked(), game.rows()[0]), ("p12", "p12"));
    assert_eq!(game.state.viewport.top, 0, "up with the picked player");
    for id in 1..=11 {
        game.changed(player(id, &format!("p{id}"), 2_000));
    }
    assert_eq!(
        (game.picked(), game.state.viewport.top),
        ("p12", 2),
        "and down again"
    );
}

#[test]
fn who_has_scrolled_away_from_the_picked_player_is_left_there() {
    let mut game = Game::of_a_dozen();
    game.sized(3);
    game.send(clickoff::message::Message::Scroll(6));
    game.changed(player(1, "p1", 500));
    assert_eq!(game.state.viewport.top, 6);
}

#[test]
fn players_come_change_and_go() {
    let mut game = Game::of(&[player(1, "ada", 5), player(2, "Alan", 3)]);
    game.changed(player(3, "Grace", 9));
    assert_eq!(game.rows(), ["Grace", "ada", "Alan"]);
    game.changed(player(2, "Alan T.", 7));
    assert_eq!(game.rows(), ["Grace", "Alan T.", "ada"]);
    game.gone(3);
    assert_eq!(
        (game.rows(), game.picked()),
        (vec!["Alan T.", "ada"], "ada")
    );
    assert_eq!(game.notice(), "", "nothing that concerns the one who plays");
}

#[test]
fn the_filter_holds_for_who_comes_later() {
    let mut game = Game::of_a_dozen();
    game.act(Action::Filter);
    game.type_in("p1");
    game.changed(player(13, "p13", 1));
    game.gone(10);
    assert_eq!(game.rows(), ["p1", "p11", "p12", "p13"]);
}

#[test]
fn when_the_picked_player_is_removed_nobody_gets_the_next_presses() {
    let mut game = Game::of_a_dozen();
    assert_eq!(game.press(1), presses(1, 1));
    assert_eq!(game.gone(1), []);
    assert_eq!(game.picked(), "nobody");
    let notice = "p1 was removed by somebody else. Pick another player to go on.";
    assert_eq!(game.notice(), notice);
    assert_eq!(game.press(2), []);
    game.act(Action::Down);
    assert_eq!(game.picked(), "p2", "moving begins at the first");
    assert_eq!(game.press(1), presses(2, 1));
}

#[test]
fn what_became_of_the_presses_is_said_beside_what_became_of_the_player() {
    let refused = || Reply::Refused {
        player: PlayerId(1),
        presses: 3,
        why: "3 presses were not counted.".into(),
    };
    let mut game = Game::of_a_dozen();
    game.press(3);
    game.gone(1);
    game.reply(refused());
    let notice = game.notice();
    assert!(notice.contains("p1 was removed"), "{notice}");
    assert!(notice.ends_with("3 presses were not counted."), "{notice}");
    game.reply(refused());
    assert_eq!(game.notice(), notice, "once is enough");
}

#[test]
fn ones_own_removal_is_not_blamed_on_somebody_else() {
    let mut game = Game::of_a_dozen();
    game.act(Action::Remove);
    game.act(Action::Accept);
    // The look at what others did may see it before the answer comes.
    game.gone(1);
    assert_eq!((game.picked(), game.notice().as_str()), ("p1", ""));
    let p1 = player(1, "", 0);
    game.reply(Reply::Done(Change::Remove(PlayerId(1)), p1));
    assert_eq!(
        (game.picked(), game.notice().as_str()),
        ("p2", "p1 is removed.")
    );
}

#[test]
fn what_is_open_about_a_removed_player_closes() {
    for open in [Action::Edit, Action::Remove] {
        let mut game = Game::of_a_dozen();
        game.act(open);
        game.gone(1);
        assert_eq!(game.state.context(), Context::Play, "{open:?}");
        assert_eq!(game.act(Action::Accept), []);
    }
}

#[test]
fn what_is_open_about_somebody_else_stays_open() {
    for (open, context) in [
        (Action::Edit, Context::Form),
        (Action::Remove, Context::Confirm),
        (Action::Add, Context::Form),
        (Action::Help, Context::Help),
        (Action::Filter, Context::Filter),
    ] {
        let mut game = Game::of_a_dozen();
        game.act(open);
        game.gone(2);
        game.changed(player(3, "p3", 999));
        assert_eq!(game.state.context(), context);
    }
    let mut game = Game::of_a_dozen();
    game.act(Action::Add);
    game.type_in("Lin");
    game.gone(1);
    assert!(matches!(&game.state.mode, Mode::Form(form) if form.name.value() == "Lin"));
}

#[test]
fn a_player_whom_others_have_removed_meanwhile_can_be_removed_in_vain() {
    let mut game = Game::of_a_dozen();
    game.gone(5);
    let change = Change::Edit(clickoff::game::PlayerId(5), entry("x"));
    game.reply(Reply::Failed(
        change,
        "The player is no longer there.".into(),
    ));
    assert_eq!(
        game.notice(),
        "x was not changed: The player is no longer there."
    );
}
