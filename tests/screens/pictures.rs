//! One file a scene, with a picture of it at every size worth looking at.

use std::fmt::Write;

use clickoff::ui::theme::Theme;

use super::{draw, look, scenes};

const SIZES: [(u16, u16); 9] = [
    (80, 24),
    (120, 40),
    (40, 12),
    (30, 6),
    (20, 1),
    (16, 1),
    (10, 3),
    (5, 1),
    (1, 1),
];

/// The scene at every size.
fn picture(scene: scenes::Scene) -> String {
    let look = look(Theme::terminal());
    let mut out = String::new();
    for (columns, rows) in SIZES {
        let screen = draw(&mut scene(), &look, (columns, rows));
        let cursor = screen
            .cursor
            .map(|at| format!(", cursor at {},{}", at.x, at.y));
        let heading = format!("--- {columns}x{rows}{} ", cursor.unwrap_or_default());
        writeln!(out, "{heading:-<80}\n{}", screen.text().trim_end()).expect("writing to memory");
    }
    out
}

#[test]
fn every_scene_looks_as_it_did() {
    for (name, scene) in scenes::ALL {
        insta::with_settings!({
            snapshot_path => "../snapshots",
            prepend_module_to_snapshot => false,
            omit_expression => true,
        }, {
            insta::assert_snapshot!(*name, picture(*scene));
        });
    }
}
