//! The key that goes through the themes.

use clickoff::message::{Action, Effect, Message};
use clickoff::state::Mode;

use super::common::Game;

fn game(themes: &[&str]) -> Game {
    let mut game = Game::of_a_dozen();
    game.state.themes = themes.iter().map(|name| (*name).to_owned()).collect();
    game
}

fn next(game: &mut Game) -> Vec<Effect> {
    game.send(Message::Action(Action::Theme))
}

#[test]
fn it_goes_from_each_to_the_next_and_from_the_last_to_the_first() {
    let mut game = game(&["terminal", "dark", "mine"]);
    game.state.theme = 1;
    assert_eq!(next(&mut game), [Effect::SetTheme(2)]);
    assert_eq!(next(&mut game), [Effect::SetTheme(0)]);
    assert_eq!(next(&mut game), [Effect::SetTheme(1)]);
    assert_eq!(game.state.theme, 1);
    assert!(game.state.take_redraw());
}

#[test]
fn it_tells_which_one_it_is_and_how_to_keep_it() {
    let mut game = game(&["terminal", "dark"]);
    next(&mut game);
    assert!(game.notice().contains("Theme dark."), "{}", game.notice());
    let setting = "theme = \"dark\"";
    assert!(game.notice().contains(setting), "{}", game.notice());
}

#[test]
fn where_there_is_one_it_says_so_and_changes_nothing() {
    for mut game in [game(&["monochrome"]), game(&[])] {
        assert_eq!(next(&mut game), []);
        assert!(game.notice().contains("NO_COLOR"), "{}", game.notice());
    }
}

#[test]
fn it_works_whatever_is_open_and_closes_nothing() {
    let mut game = game(&["terminal", "dark"]);
    game.act(Action::Add);
    game.type_in("Lin");
    assert_eq!(next(&mut game), [Effect::SetTheme(1)]);
    let Mode::Form(form) = &game.state.mode else {
        panic!("the form is closed");
    };
    assert_eq!(form.name.value(), "Lin");
}

#[test]
fn a_key_that_does_nothing_is_told_with_the_key_for_help_if_there_is_one() {
    let mut game = Game::of_a_dozen();
    for (help, told) in [
        ("?", "x does nothing here: ? shows the keys."),
        ("f1", "x does nothing here: f1 shows the keys."),
        ("", "x does nothing here."),
    ] {
        game.state.help_key = help.to_owned();
        game.send(Message::Unbound("x".into()));
        assert_eq!(game.notice(), told);
    }
}
