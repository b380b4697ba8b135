//! Properties at every size: nothing panics, no control characters are shown, columns are aligned.

use clickoff::message::{Action, Message};
use clickoff::ui::theme::Theme;
use clickoff::words::Language;

use super::common::Game;
use super::{Screen, draw, look, look_in, scenes};

/// Sizes up to 60x20, with those on both sides of each change of the layout.
fn sizes() -> impl Iterator<Item = (u16, u16)> {
    let rows = [1, 2, 3, 5, 8, 9, 10, 11, 13, 15, 20];
    let columns = (1..=60).filter(|c| c % 4 == 1 || [15, 16, 35, 36].contains(c));
    columns.flat_map(move |columns| rows.map(|rows| (columns, rows)))
}

fn assert_harmless(screen: &Screen, about: &str) {
    for cell in screen.cells.content() {
        let obeyed = |c: char| c.is_control() || matches!(c, '\u{202a}'..='\u{202e}');
        let symbol = cell.symbol();
        assert!(!symbol.chars().any(obeyed), "{about}: {symbol:?}");
    }
}

#[test]
fn every_scene_can_be_drawn_at_every_size_and_holds_no_code_a_terminal_obeys() {
    let looks = Language::ALL.map(|language| look_in(Theme::terminal(), language));
    for (name, scene) in scenes::ALL {
        let scene = scene();
        for (size, look) in sizes().flat_map(|size| looks.iter().map(move |look| (size, look))) {
            let screen = draw(&mut scene.clone(), look, size);
            assert_harmless(&screen, &format!("{name} at {size:?}"));
            if let Some(at) = screen.cursor {
                let inside = at.x < size.0 && at.y < size.1;
                assert!(inside, "{name} at {size:?}: the cursor is at {at}");
            }
        }
    }
}

#[test]
fn a_list_of_hostile_names_keeps_its_columns_at_every_size() {
    let look = look(Theme::terminal());
    for columns in 36..=130 {
        let mut resting = scenes::hostile_names();
        let resting = draw(&mut resting, &look, (columns, 24));
        let mut playing = scenes::hostile_names_playing();
        let playing = draw(&mut playing, &look, (columns, 24));
        let border = (0..columns).find(|x| resting.cells[(*x, 1)].symbol() == "╮");
        let border = border.expect("the list's upper right corner");
        // The column of the sign of who plays, with or without a rate behind it.
        let mark = (0..border).find(|x| playing.cells[(*x, 2)].symbol() == "●");
        let mark = mark.expect("the sign of who plays");
        let gap = if mark + 1 == border { 1 } else { 2 };
        for (at, player) in (2..).zip(scenes::hostile_players()) {
            let last = player.score.to_string().pop().map(String::from);
            for (screen, sign) in [(&resting, " "), (&playing, "●")] {
                let symbol = |x: u16| screen.cells[(x, at)].symbol();
                let about = format!("{columns} columns, {:?}", player.name);
                assert_eq!(Some(symbol(mark - gap)), last.as_deref(), "{about}");
                assert_eq!((symbol(mark), symbol(border)), (sign, "│"), "{about}");
            }
        }
    }
}

#[test]
fn where_the_list_is_narrow_rates_go_first_then_numbers_of_ranks_and_the_signs_stay() {
    let look = look(Theme::plain());
    let mut shown = Vec::new();
    for columns in (36..=130).rev() {
        let list = list(&draw(&mut scenes::rivals(), &look, (columns, 24)));
        assert!(
            list.contains("●") && list.contains("▲"),
            "{columns}:\n{list}"
        );
        let now = (list.contains("▼1"), list.contains("8.0/s"));
        if shown.last() != Some(&now) {
            shown.push(now);
        }
    }
    assert_eq!(shown, [(true, true), (true, false), (false, false)]);
}

/// The list as it is drawn, without the pane.
fn list(screen: &Screen) -> String {
    let rows = (0..screen.cells.area.height).map(|y| screen.row(y));
    let lists = rows.filter_map(|row| Some(row.split_once("││")?.0.to_owned() + "\n"));
    lists.collect()
}

#[test]
fn hostile_names_are_harmless_wherever_a_name_is_shown() {
    let look = look(Theme::plain());
    let opened = [Action::Press, Action::Edit, Action::Remove];
    for row in 0..scenes::hostile_players().len() {
        let mut game: Game = scenes::hostile_names();
        game.act(Action::First);
        (0..row).for_each(|_| drop(game.act(Action::Down)));
        for action in opened {
            let mut game = game.clone();
            game.act(action);
            for size in [(80, 24), (40, 12), (30, 6), (20, 1), (16, 1)] {
                let screen = draw(&mut game, &look, size);
                assert_harmless(&screen, &format!("row {row}, {action:?} at {size:?}"));
            }
        }
    }
}

#[test]
fn the_state_is_told_what_the_screen_can_show() {
    let look = look(Theme::plain());
    for size in [(80, 24), (40, 12), (36, 9), (30, 6), (16, 1)] {
        let mut game = scenes::help();
        draw(&mut game, &look, size);
        game.act(Action::Last);
        let end = draw(&mut game, &look, size).text();
        let about = format!("{size:?}:\n{end}");
        assert!(
            end.contains("wheel"),
            "the last line is in sight at {about}"
        );
        game.act(Action::Down);
        assert_eq!(draw(&mut game, &look, size).text(), end, "{about}");
        game.act(Action::Up);
        assert_ne!(draw(&mut game, &look, size).text(), end, "{about}");
    }
}

#[test]
fn a_storm_of_resizes_keeps_the_picked_player_in_sight() {
    let look = look(Theme::plain());
    let mut game = scenes::playing();
    game.act(Action::Last);
    for (at, size) in sizes().enumerate() {
        let screen = draw(&mut game, &look, size).text();
        if size.0 >= 36 && size.1 >= 9 {
            assert!(screen.contains("▶12"), "{size:?}:\n{screen}");
        }
        if at % 7 == 0 {
            game.send(Message::Scroll(-3));
            game.act(Action::Last);
        }
    }
}

#[test]
fn a_narrow_history_tells_the_points_before_the_weekday() {
    let mut game = scenes::past::history();
    game.act(Action::Last);
    let look = look(Theme::terminal());
    let mut says = |size, words: &str| {
        let screen = draw(&mut game, &look, size).text();
        assert!(screen.contains(words), "{screen}");
    };
    says((80, 24), "Tuesday, 3 November 2026: 57 points so far");
    says((40, 12), " 3 November 2026: 57 points so far");
}

#[test]
fn a_window_taller_than_wide_has_the_list_above_the_button_and_both_over_its_width() {
    for size in [(40, 40), (36, 27), (60, 50), (80, 100)] {
        let screen = draw(&mut scenes::playing(), &look(Theme::plain()), size);
        let about = format!("{size:?}:\n{}", screen.text());
        assert!(screen.row(1).starts_with("╭ Players"), "{about}");
        assert!(screen.row(1).ends_with('╮'), "{about}");
        let row_of = |words: &str| (0..size.1).find(|y| screen.row(*y).contains(words));
        let picked = row_of("▶ 2");
        assert!(picked.is_some() && picked < row_of("space  +1"), "{about}");
        assert!(row_of("space  +1") < row_of(" saved "), "{about}");
    }
}
