//! The list of themes, and its keys.

use clickoff::message::{Action, Effect, Message, Reply};
use clickoff::state::{Context, Mode};

use super::common::Game;

fn game(themes: &[&str]) -> Game {
    let mut game = Game::of_a_dozen();
    game.state.themes = themes.iter().map(|name| (*name).to_owned()).collect();
    game.state.keeps_theme = true;
    game
}

fn send(game: &mut Game, action: Action) -> Vec<Effect> {
    game.send(Message::Action(action))
}

#[test]
fn it_opens_the_list_and_moving_there_wears_each_theme() {
    let mut game = game(&["auto", "terminal", "dark", "mine"]);
    game.state.theme = 1;
    assert_eq!(send(&mut game, Action::Theme), []);
    assert_eq!(game.state.context(), Context::Themes);
    for (action, worn) in [
        (Action::Down, 2),
        (Action::Up, 1),
        (Action::Last, 3),
        (Action::First, 0),
        (Action::PageDown, 3),
        (Action::PageUp, 0),
        (Action::Theme, 1),
    ] {
        assert_eq!(
            send(&mut game, action),
            [Effect::SetTheme(worn)],
            "{action:?}"
        );
        assert_eq!(game.state.theme, worn);
        assert!(game.state.take_redraw());
    }
    assert_eq!(game.send(Message::Scroll(3)), [Effect::SetTheme(2)]);
    assert_eq!(send(&mut game, Action::Last), [Effect::SetTheme(3)]);
    assert_eq!(send(&mut game, Action::Down), [], "there is none below");
    assert_eq!(
        send(&mut game, Action::Theme),
        [Effect::SetTheme(0)],
        "around"
    );
    assert_eq!(send(&mut game, Action::Up), [], "there is none above");
}

#[test]
fn enter_keeps_the_theme_and_escape_wears_the_one_before() {
    let mut game = game(&["auto", "dark", "light"]);
    game.state.theme = 2;
    game.act(Action::Theme);
    send(&mut game, Action::Up);
    assert_eq!(send(&mut game, Action::Back), [Effect::SetTheme(2)]);
    assert!(matches!(game.state.mode, Mode::Play));
    game.act(Action::Theme);
    assert_eq!(send(&mut game, Action::Back), [], "it is worn already");
    game.act(Action::Theme);
    send(&mut game, Action::Up);
    assert_eq!(send(&mut game, Action::Accept), [Effect::KeepTheme(1)]);
    assert!(matches!(game.state.mode, Mode::Play));
    assert_eq!(game.state.theme, 1);
}

#[test]
fn where_no_theme_can_be_kept_it_says_so() {
    let mut game = game(&["auto", "dark"]);
    game.state.keeps_theme = false;
    game.act(Action::Theme);
    send(&mut game, Action::Down);
    assert_eq!(send(&mut game, Action::Accept), []);
    assert_eq!(game.notice(), "Theme dark, for this run.");
}

#[test]
fn where_there_is_one_it_says_so_and_changes_nothing() {
    for mut game in [game(&["monochrome"]), game(&[])] {
        assert_eq!(send(&mut game, Action::Theme), []);
        assert!(matches!(game.state.mode, Mode::Play));
        assert!(game.notice().contains("NO_COLOR"), "{}", game.notice());
    }
}

#[test]
fn over_what_is_open_it_goes_to_the_next_theme_and_closes_nothing() {
    let mut game = game(&["terminal", "dark"]);
    game.act(Action::Add);
    game.type_in("Lin");
    assert_eq!(send(&mut game, Action::Theme), [Effect::SetTheme(1)]);
    assert_eq!(game.notice(), "Theme dark, for this run.");
    let Mode::Form(form) = &game.state.mode else {
        panic!("the form is closed");
    };
    assert_eq!(form.name.value(), "Lin");
}

#[test]
fn nothing_scores_in_the_list_and_answers_of_the_database_are_taken() {
    let mut game = game(&["auto", "dark"]);
    game.act(Action::Theme);
    assert_eq!(send(&mut game, Action::Press), []);
    assert_eq!(game.send(Message::Paste("   ".into())), []);
    game.send(Message::Reply(Reply::Recovered));
    assert_eq!(game.state.context(), Context::Themes);
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
