//! A snapshot file for each scene, with the screen at several sizes.

use std::fmt::Write;

use clickoff::ui::Look;
use clickoff::ui::theme::Theme;
use clickoff::words::Language;

use super::{draw, look, look_in, scenes};

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

/// The sizes in another language than English.
const TRANSLATED: [(u16, u16); 3] = [(80, 24), (120, 40), (40, 12)];

/// The scene at these sizes.
fn picture(scene: scenes::Scene, look: &Look, sizes: &[(u16, u16)]) -> String {
    let mut out = String::new();
    for (columns, rows) in sizes.iter().copied() {
        let screen = draw(&mut scene(), look, (columns, rows));
        let cursor = screen
            .cursor
            .map(|at| format!(", cursor at {},{}", at.x, at.y));
        let heading = format!("--- {columns}x{rows}{} ", cursor.unwrap_or_default());
        writeln!(out, "{heading:-<80}\n{}", screen.text().trim_end()).expect("writing to memory");
    }
    out
}

fn every_scene_looks_as_in(folder: &str, look: &Look, sizes: &[(u16, u16)]) {
    for (name, scene) in scenes::ALL {
        insta::with_settings!({
            snapshot_path => folder,
            prepend_module_to_snapshot => false,
            omit_expression => true,
        }, {
            insta::assert_snapshot!(*name, picture(*scene, look, sizes));
        });
    }
}

#[test]
fn every_scene_looks_as_it_did() {
    every_scene_looks_as_in("../../snapshots", &look(Theme::terminal()), &SIZES);
}

#[test]
fn every_scene_looks_in_chinese_as_it_did() {
    let look = look_in(Theme::terminal(), Language::Chinese);
    every_scene_looks_as_in("../../snapshots/zh-CN", &look, &TRANSLATED);
}
