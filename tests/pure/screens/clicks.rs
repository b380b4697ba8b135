//! A click does what is drawn at its position.

use clickoff::message::{Action, Message};
use clickoff::ui;
use clickoff::ui::theme::Theme;
use clickoff::words::text;
use ratatui::layout::Rect;

use super::common::Game;
use super::scenes::{self, Scene};
use super::{Screen, draw, look};

const PRESS: Message = Message::Action(Action::Press);

/// Draws the scene and tells what a click on each cell would mean.
fn clicked(scene: Scene, (columns, rows): (u16, u16)) -> (Game, Screen, Vec<(u16, u16, Message)>) {
    let mut game = scene();
    let look = look(Theme::plain());
    let screen = draw(&mut game, &look, (columns, rows));
    let area = Rect::new(0, 0, columns, rows);
    let cells = (0..rows).flat_map(|y| (0..columns).map(move |x| (x, y)));
    let meant = cells.filter_map(|(x, y)| Some((x, y, ui::click(&game.state, &look, area, x, y)?)));
    let meant = meant.collect();
    (game, screen, meant)
}

/// The box around the button's label, as it is drawn.
fn button(screen: &Screen) -> Option<Rect> {
    let area = screen.cells.area;
    let symbol = |x: u16, y: u16| screen.cells[(x, y)].symbol();
    // Above it, points may rise.
    let label = (0..area.height).rfind(|y| screen.row(*y).contains("+1"))?;
    let list = (0..area.width).find(|x| symbol(*x, 1) == "╮")?;
    let is_corner =
        |x: &u16| *x > list + 1 && ["╭", "╮", "┏", "┓"].contains(&symbol(*x, label - 1));
    let left = (0..area.width).find(is_corner)?;
    let right = (0..area.width).rfind(is_corner)?;
    Some(Rect::new(left, label - 1, right - left + 1, 3))
}

#[test]
fn where_there_is_no_button_nothing_presses() {
    for scene in [scenes::watching as Scene, scenes::watching_nobody] {
        for size in FULL {
            let (_, screen, meant) = clicked(scene, size);
            let presses = meant.iter().any(|(.., what)| *what == PRESS);
            assert!(!presses, "at {size:?}:\n{}", screen.text());
        }
    }
}

const FULL: [(u16, u16); 4] = [(120, 40), (80, 24), (40, 12), (36, 9)];

#[test]
fn every_cell_of_the_button_presses_and_none_elsewhere_does() {
    let up: Scene = scenes::playing;
    for scene in [
        up,
        scenes::button_down,
        scenes::filter,
        scenes::locked,
        scenes::notice,
    ] {
        for size in FULL {
            let (_, screen, meant) = clicked(scene, size);
            let button = button(&screen).unwrap_or_else(|| panic!("no button at {size:?}"));
            // The lowest row is that of the hints.
            let presses = meant
                .iter()
                .filter(|(_, y, what)| *what == PRESS && *y + 1 < size.1);
            let presses: Vec<_> = presses.collect();
            for at in button.positions() {
                let hit = presses.iter().any(|(x, y, _)| (*x, *y) == (at.x, at.y));
                assert!(hit, "{at} at {size:?}:\n{}", screen.text());
            }
            // It may give way by one row and still be hit.
            let near = button.height + 1;
            let extra = presses.len() as u16 / button.width;
            assert!(extra <= near, "{extra} rows at {size:?}");
        }
    }
}

#[test]
fn a_click_on_a_row_picks_the_player_who_is_drawn_there() {
    let all: Scene = scenes::playing;
    let at_the_end: Scene = || {
        let mut game = scenes::playing();
        game.sized(4);
        game.act(Action::Last);
        game
    };
    for scene in [
        all,
        at_the_end,
        scenes::filter,
        scenes::filter_kept,
        scenes::locked,
    ] {
        for size in FULL {
            let (game, screen, meant) = clicked(scene, size);
            let mut rows = 0;
            for (x, y, what) in &meant {
                let Message::Pick(id) = what else { continue };
                let player = game.state.standings.get(*id).expect("a player of the list");
                let (start, _) = player.name.split_at(3);
                let row = screen.row(*y);
                let (row, _) = row.split_once("││").expect("the list's border");
                // Behind the score stand the sign of who plays and the rate.
                let row = row.split('●').next().unwrap_or_default().trim_end();
                let score = row.ends_with(&format!(" {}", text::grouped(player.score)));
                let shown = row.contains(start) && score;
                assert!(shown, "{x},{y} at {size:?}: {row}");
                rows += u16::from(*x == 1);
            }
            let drawn = (0..size.1).filter(|y| {
                let row = screen.row(*y);
                let row = row.split_once("││").map_or("", |(list, _)| list);
                let row = row.split('●').next().unwrap_or_default();
                row.trim_end().ends_with(|c: char| c.is_ascii_digit())
            });
            assert_eq!(rows as usize, drawn.count(), "{size:?}:\n{}", screen.text());
        }
    }
}

#[test]
fn where_something_is_open_or_nothing_is_drawn_a_click_means_nothing() {
    let nothing: [Scene; 5] = [
        scenes::form_to_add,
        scenes::question,
        scenes::help,
        scenes::loading,
        scenes::nobody_plays,
    ];
    for scene in nothing {
        for size in FULL {
            let (_, screen, meant) = clicked(scene, size);
            for (x, y, what) in meant {
                // Hints stand between blanks or borders, in a row of their own.
                let row = screen.row(y);
                let hint = ["esc ", "? keys", "n keep"]
                    .iter()
                    .any(|hint| row.contains(hint));
                assert!(hint, "{x},{y} {what:?} at {size:?}: {row}");
            }
        }
    }
    assert_eq!(clicked(scenes::playing, (10, 3)).2, []);
}

#[test]
fn on_a_screen_of_one_line_every_click_presses() {
    for size in [(30, 6), (16, 1)] {
        let (.., meant) = clicked(scenes::playing, size);
        assert_eq!(meant.len(), usize::from(size.0 * size.1));
        let mut above = meant
            .iter()
            .filter(|(_, y, _)| size.1 == 1 || *y + 1 < size.1);
        assert!(above.all(|(.., what)| *what == PRESS));
    }
}

#[test]
fn a_click_on_any_hint_does_what_its_key_does() {
    for (name, scene) in scenes::ALL {
        for size in [(120, 40), (80, 24), (60, 20), (36, 9)] {
            let mut game = scene();
            game.state.notice = None;
            game.state.trouble = None;
            game.state.watch_trouble = None;
            let look = look(Theme::plain());
            let screen = draw(&mut game, &look, size);
            let row = size.1 - 1;
            let footer = screen.row(row);
            let hints = footer
                .trim_end()
                .split("  ")
                .filter(|hint| !hint.is_empty());
            for hint in hints {
                let key = hint.trim().split(' ').next().unwrap_or_default();
                let before = footer.find(hint).expect("the hint is there");
                let x = footer[..before].chars().count() as u16 + 1;
                let area = Rect::new(0, 0, size.0, size.1);
                let meant = ui::click(&game.state, &look, area, x, row);
                let bindings = look.keymap.of(game.state.context());
                let mut bindings = bindings.filter(|b| b.hint.is_some());
                let bound = bindings.find(|b| b.keys[0].label() == key);
                let wanted = bound.map(|b| Message::Action(b.action));
                assert_eq!(meant, wanted, "{name}: {hint} at {size:?}: {footer}");
            }
        }
    }
}

#[test]
fn a_race_on_offer_is_a_bar_across_the_screen_that_joins_it() {
    for size in FULL {
        let (_, screen, meant) = clicked(scenes::races::race_offer, size);
        assert!(screen.row(0).contains('R'), "{}", screen.text());
        assert!(
            screen.row(size.1 - 1).contains("q quit"),
            "{}",
            screen.text()
        );
        let joins = meant
            .iter()
            .filter(|(_, y, what)| *y == 0 && *what == Message::Action(Action::Join));
        assert_eq!(joins.count(), usize::from(size.0));
    }
}
