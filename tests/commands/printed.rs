//! Files of the source tree that the program prints.

use std::fs;
use std::path::Path;

use crate::home::Home;

/// The files of a directory of the assets by their names without the ending.
fn files(directory: &str) -> Vec<(String, String)> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join(directory);
    let files = fs::read_dir(directory).expect("the assets");
    let mut files: Vec<(String, String)> = files
        .map(|file| {
            let path = file.expect("a file").path();
            let name = path.file_stem().expect("a name").display().to_string();
            (name, fs::read_to_string(path).expect("text"))
        })
        .collect();
    files.sort();
    files
}

#[test]
fn every_file_of_roles_and_themes_is_printed_as_it_is() {
    let home = Home::new();
    for (name, text) in files("assets/roles") {
        let run = home.run(&["roles", &name]);
        assert_eq!((run.code, run.out, run.err), (0, text, String::new()));
    }
    let themes = files("assets/themes");
    let listed = home.run(&["themes"]).out;
    assert_eq!(home.run(&["themes", "list"]).out, listed);
    let mut names: Vec<&str> = listed.lines().collect();
    names.sort_unstable();
    let wanted: Vec<&str> = themes.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, wanted);
    for (name, text) in &themes {
        let run = home.run(&["themes", "print", name]);
        assert_eq!((run.code, &run.out, &*run.err), (0, text, ""));
    }
    home.run(&["roles", "oracle"]).fails(2, &["oracle"]);
    home.run(&["themes", "print", "neon"]).fails(2, &["neon"]);
    let made = fs::read_dir(home.path()).expect("listed").count();
    assert_eq!(made, 0, "files made");
}

#[test]
fn a_printed_theme_is_a_theme_of_ones_own() {
    let home = Home::new();
    let themes = home.join(".config/clickoff/themes");
    fs::create_dir_all(&themes).expect("made");
    for name in home.run(&["themes"]).out.lines() {
        let text = home.run(&["themes", "print", name]).out;
        fs::write(themes.join(format!("my-{name}.toml")), text).expect("written");
    }
    home.run(&["config", "check"]).says("No mistake");
}
