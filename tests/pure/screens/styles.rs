//! The styles on the screen: the terminal's own colours, or none at all.

use std::fmt::Write;

use clickoff::ui::theme::{BUILT_IN, Theme};
use ratatui::style::{Color, Modifier};

use super::{Screen, draw, look, scenes};

/// Each run of cells that look alike and are not all blank, row by row.
fn styles(screen: &Screen) -> String {
    let cells = &screen.cells;
    let mut out = String::new();
    for y in 0..cells.area.height {
        let mut x = 0;
        while x < cells.area.width {
            let style = cells[(x, y)].style();
            let from = x;
            let mut text = String::new();
            while x < cells.area.width && cells[(x, y)].style() == style {
                text.push_str(cells[(x, y)].symbol());
                x += 1;
            }
            let colours = (style.fg.unwrap_or_default(), style.bg.unwrap_or_default());
            let plain = colours == (Color::Reset, Color::Reset) && style.add_modifier.is_empty();
            if plain || text.trim().is_empty() {
                continue;
            }
            let (fg, bg) = colours;
            let modifiers = style.add_modifier;
            writeln!(
                out,
                "{y:>2},{from:<3} {fg} on {bg} {modifiers:?}: {}",
                text.trim()
            )
            .expect("writing to memory");
        }
    }
    out
}

fn assert_styles(name: &str, theme: Theme) {
    let screen = draw(&mut scenes::playing(), &look(theme), (80, 24));
    insta::with_settings!({
        snapshot_path => "../../snapshots",
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, {
        insta::assert_snapshot!(name, styles(&screen));
    });
}

#[test]
fn playing_looks_as_it_did_in_every_theme() {
    for (name, _) in BUILT_IN {
        assert_styles(&format!("styles_{name}"), Theme::built_in(name));
    }
}

#[test]
fn without_colour_no_cell_of_any_screen_has_one() {
    let look = look(Theme::plain());
    for (name, scene) in scenes::ALL {
        for size in [(80, 24), (40, 12), (30, 6), (16, 1), (5, 1)] {
            let screen = draw(&mut scene(), &look, size);
            let coloured = screen.cells.content().iter().find(|cell| {
                let style = cell.style();
                [style.fg, style.bg]
                    .into_iter()
                    .flatten()
                    .any(|c| c != Color::Reset)
            });
            assert_eq!(coloured, None, "{name} at {size:?}");
        }
    }
}

#[test]
fn only_sixteen_colours_are_used_and_the_background_stays_the_terminals() {
    let look = look(Theme::terminal());
    for (name, scene) in scenes::ALL {
        let screen = draw(&mut scene(), &look, (80, 24));
        for cell in screen.cells.content() {
            let sixteen = matches!(cell.fg, Color::Reset | Color::Magenta | Color::Red);
            assert!(sixteen, "{name}: {:?}", cell.fg);
            assert_eq!(cell.bg, Color::Reset, "{name}");
        }
    }
}

#[test]
fn every_theme_shows_the_same_text() {
    for (name, scene) in scenes::ALL {
        let plain = draw(&mut scene(), &look(Theme::plain()), (80, 24)).text();
        for (theme, _) in BUILT_IN {
            let themed = draw(&mut scene(), &look(Theme::built_in(theme)), (80, 24)).text();
            assert_eq!(themed, plain, "{name} in {theme}");
        }
    }
}

#[test]
fn nothing_is_said_by_colour_alone() {
    let coloured = look(Theme::terminal());
    let plain = look(Theme::plain());
    for (name, scene) in scenes::ALL {
        let with = draw(&mut scene(), &coloured, (80, 24));
        let without = draw(&mut scene(), &plain, (80, 24));
        let reversed = |screen: &Screen| -> Vec<bool> {
            let cells = screen.cells.content().iter();
            cells
                .map(|c| c.modifier.contains(Modifier::REVERSED))
                .collect()
        };
        assert_eq!(reversed(&with), reversed(&without), "{name}");
    }
}
