//! The list of themes: each row has its own colours, and the chosen one is always visible.

use clickoff::message::{Action, Message};
use clickoff::ui::theme::{self, Background, Named, Theme, Themes};
use clickoff::ui::{self, Look};
use ratatui::layout::Rect;
use ratatui::style::Color;

use super::common::Game;
use super::{Screen, draw, look, scenes};

/// A look with all themes of the program, on a terminal with this background.
fn all(background: Option<Background>) -> Look {
    let (mut named, mistakes) = theme::collect(&[]);
    assert_eq!(mistakes, []);
    named.insert(0, Named::auto());
    let mut look = look(Theme::terminal());
    look.themes = Themes::new(named);
    look.themes.background = background;
    look
}

/// The list, with this theme chosen and worn.
fn open(look: &mut Look, chosen: usize) -> Game {
    let mut game = scenes::playing();
    game.state.themes = look.themes.names();
    game.act(Action::Theme);
    for _ in 0..chosen {
        game.send(Message::Action(Action::Down));
    }
    look.theme = look.themes.theme(chosen);
    game
}

fn marked(screen: &Screen, name: &str) -> bool {
    screen.text().contains(&format!("▶ {name} "))
}

#[test]
fn each_row_has_the_colours_of_its_theme() {
    let mut look = all(None);
    let mut game = open(&mut look, 3);
    let screen = draw(&mut game, &look, (80, 24));
    for (at, name) in look.themes.names().iter().enumerate() {
        let row = (0..24).find(|y| screen.row(*y).contains(&format!(" {name} ")));
        let row = row.unwrap_or_else(|| panic!("no {name} in\n{}", screen.text()));
        let text = look.themes.theme(at).text;
        let left =
            (0..80).find(|x| ["│ ", "│▶"].contains(&pair(&screen, *x, row).as_str()) && *x > 5);
        let cell = &screen.cells[(left.expect("a border") + 2, row)];
        assert_eq!(cell.bg, text.bg.unwrap_or(Color::Reset), "{name}");
    }
}

fn pair(screen: &Screen, x: u16, y: u16) -> String {
    let symbol = |x| screen.cells.cell((x, y)).map_or("", |cell| cell.symbol());
    symbol(x).to_owned() + symbol(x + 1)
}

#[test]
fn the_chosen_one_is_in_sight_at_every_size() {
    let mut look = all(None);
    let names = look.themes.names();
    for size in [
        (200, 60),
        (80, 24),
        (60, 20),
        (40, 40),
        (40, 12),
        (30, 6),
        (30, 1),
    ] {
        for (at, name) in names.iter().enumerate() {
            let screen = draw(&mut open(&mut look, at), &look, size);
            let compact = screen.text().contains(&format!(": {name}"));
            assert!(
                compact || marked(&screen, name),
                "{name} at {size:?}\n{}",
                screen.text()
            );
        }
    }
}

#[test]
fn auto_is_what_fits_the_background() {
    for (background, name) in [
        (None, "terminal"),
        (Some(Background::Dark), "dark"),
        (Some(Background::Light), "light"),
    ] {
        let look = all(background);
        assert_eq!(look.themes.theme(0), Theme::built_in(name));
        assert!(look.themes.have_auto());
    }
    // One of the player's own goes before the built-in one here, too.
    let file = theme::ThemeFile {
        name: "dark".into(),
        path: "dark.toml".into(),
        text: "accent = '#123456'".into(),
    };
    let (mut named, _) = theme::collect(&[file]);
    named.push(Named::auto());
    let mut themes = Themes::new(named);
    themes.background = Some(Background::Dark);
    let last = themes.names().len() - 1;
    assert_eq!(
        themes.theme(last).accent.fg,
        Some(Color::Rgb(0x12, 0x34, 0x56))
    );
}

#[test]
fn its_hints_can_be_clicked() {
    let mut look = all(None);
    let mut game = open(&mut look, 2);
    let screen = draw(&mut game, &look, (80, 24));
    let row = (0..24)
        .find(|y| screen.row(*y).contains("enter keep"))
        .expect("hints");
    let column = (0..80)
        .find(|x| pair(&screen, *x, row) == "en")
        .expect("a hint");
    let area = Rect::new(0, 0, 80, 24);
    let meant = ui::click(&game.state, &look, area, column, row);
    assert_eq!(meant, Some(Message::Action(Action::Accept)));
    assert_eq!(ui::click(&game.state, &look, area, column, row - 2), None);
}
