//! `clickoff config`: showing, finding, editing and checking the settings.

use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;

use crate::home::{Home, Run};
use crate::words::{same_as_before, transcript};

/// Writes files of the configuration directory.
fn configure(home: &Home, files: &[(&str, &str)]) {
    let config = home.join(".config/clickoff");
    fs::create_dir_all(config.join("themes")).expect("made");
    for (path, text) in files {
        fs::write(config.join(path), text).expect("written");
    }
}

/// Runs with these variables in the environment.
fn run_with(home: &Home, variables: &[(&str, &str)], arguments: &[&str]) -> Run {
    let mut command = home.command(arguments);
    command.envs(variables.iter().copied());
    command.output().expect("it starts").into()
}

#[test]
fn what_it_says() {
    let home = Home::new();
    let first = transcript(&home, &["config", "config path", "config check"]);
    assert_eq!(
        fs::read_dir(home.path()).expect("listed").count(),
        0,
        "files made"
    );
    configure(
        &home,
        &[
            (
                "config.toml",
                "database = 'mariadb://ada:s3cret@db.example.org:3307/clickoff?ssl-mode=required'\n\
                 player = \"Ada \\u001b[31m \\\"L\\\"\"\ntheme = 'mine'\nmouse = false\n",
            ),
            ("keymap.toml", "[play]\npress = 'x'\n"),
            ("themes/mine.toml", "strong = 'red'\n"),
        ],
    );
    let then = transcript(
        &home,
        &[
            "config show",
            "config show -d postgres://eve:s3cret@db/x --log-level debug",
            "config path",
            "config path keymap",
            "config path database",
            "config path -d team.db database",
            "config path nothing",
            "config check",
            "config check --config nowhere.toml",
            "config check -d redis://host/1",
        ],
    );
    same_as_before("config", &(first + &then));
}

#[test]
fn every_mistake_of_every_file_is_named() {
    let home = Home::new();
    configure(
        &home,
        &[
            (
                "config.toml",
                "databse = 'x'\nmouse = 'yes'\n\ntheme = 'drak'\nlog_level = 'loud'\n\
                 player = ['postgres://ada:s3cret@db/x']\n'postgres://ada:s3cret@db/x' = 1\n\
                 database = 'postgres://ada:s3cret@db/x?colour=s3cret'\n",
            ),
            (
                "keymap.toml",
                "[play]\npres = 'x'\nadd = 'a'\nedit = 'a'\n[ply]\n",
            ),
            ("themes/mine.toml", "acent = 'red'\nkey = 'rde'\n"),
            ("themes/torn.toml", "key = \n"),
        ],
    );
    let said = transcript(&home, &["config check", "config show", "top"]);
    assert!(!said.contains("s3cret"), "{said}");
    same_as_before("config_mistakes", &said);
}

#[test]
fn mistakes_are_counted_the_same_everywhere_and_named_line_by_line() {
    let home = Home::new();
    let text = "theme = 'drak'\nbel = 'all'\nmotion = 3\n";
    configure(&home, &[("config.toml", text)]);
    let asked: [&[&str]; 5] = [
        &["config", "check"],
        &["doctor"],
        &["top"],
        &["config", "show"],
        &["me"],
    ];
    for args in asked {
        let said = home.run(args);
        let all = format!("{}{}", said.out, said.err);
        assert!(all.contains("3 mistakes"), "{args:?}:\n{all}");
        let lines = all
            .lines()
            .filter(|line| line.contains("config.toml, line"));
        let lines: Vec<&str> = lines
            .filter_map(|line| line.split(", line ").nth(1)?.get(..1))
            .collect();
        let all_of_them = lines.starts_with(&["1", "2", "3"]);
        assert!(all_of_them || lines == ["1"], "{args:?}:\n{all}");
    }
}

#[test]
fn what_it_shows_is_a_configuration_file_with_the_same_settings() {
    let home = Home::new();
    let text = "database = 'a \"b\" \\c.db'\nplayer = \"\\u0085\\u007f\\u202e\\n'王'\"\n\
                mouse = false\ntheme = 'light'\nlog_level = 'off'\n";
    fs::write(home.join("first.toml"), text).expect("written");
    let shown = home.run(&["config", "--config", "first.toml"]);
    shown.says("mouse = false");
    let control = |c: char| c.is_control() && c != '\n';
    assert!(!shown.out.contains(control), "{:?}", shown.out);
    fs::write(home.join("second.toml"), &shown.out).expect("written");
    let again = home.run(&["config", "--config", "second.toml"]);
    again.says("mouse = false");
    let values = |text: &str| -> Vec<String> {
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        let values = lines.map(|line| line.rsplit_once("  # ").expect("a source").0);
        values.map(|line| line.trim_end().to_owned()).collect()
    };
    assert_eq!(values(&shown.out), values(&again.out));
    assert_eq!(values(&shown.out).len(), 10);
}

/// A program that stands for an editor.
fn editor(home: &Home, script: &str) -> String {
    let path = home.join("my editor");
    fs::write(&path, format!("#!/bin/sh\n{script}\n")).expect("written");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("allowed");
    format!("'{}' --wait", path.display())
}

#[test]
fn editing_begins_with_a_template_and_ends_with_a_check() {
    let home = Home::new();
    let editor = editor(
        &home,
        "[ \"$1\" = --wait ] && cp \"$2\" \"$HOME/seen\" && echo 'mouse = false' >> \"$2\"",
    );
    let variables = [("EDITOR", "false"), ("VISUAL", editor.as_str())];
    for (file, begins) in [
        ("config", "# The settings of clickoff."),
        ("keymap", "# Which keys do what."),
    ] {
        let path = home.join(&format!(".config/clickoff/{file}.toml"));
        let run = run_with(&home, &variables, &["config", "edit", file]);
        let seen = fs::read_to_string(home.join("seen")).expect("a template");
        let (schema, text) = seen.split_once('\n').expect("lines");
        assert!(text.starts_with(begins), "{seen}");
        let schema = schema.strip_prefix("#:schema ./").expect("a schema");
        let schema = fs::read(home.join(".config/clickoff").join(schema));
        let schema: serde_json::Value =
            serde_json::from_slice(&schema.expect("it is there")).expect("JSON");
        let title = format!("clickoff: {file}.toml");
        assert_eq!(schema["title"], title.as_str());
        let mode = fs::metadata(&path).expect("a file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "a password may be in it");
        if file == "config" {
            run.says("No mistake in ~/.config/clickoff/config.toml.");
            let twice = seen.lines().count() + 2;
            let mistake = format!("config.toml, line {twice}: duplicate key");
            run_with(&home, &variables, &["config", "edit"]).fails(2, &[mistake.as_str()]);
            let now = fs::read_to_string(&path).expect("text");
            assert_eq!(now, seen + "mouse = false\nmouse = false\n");
            fs::remove_file(&path).expect("removed");
        } else {
            let added = seen.lines().count() + 1;
            let mistake = format!("keymap.toml, line {added}: this must be a text");
            run.fails(2, &[mistake.as_str()]);
        }
    }
}

#[test]
fn an_editor_is_told_no_password() {
    let home = Home::new();
    let editor = editor(&home, "env > \"$HOME/seen\"");
    let variables = [
        ("EDITOR", editor.as_str()),
        ("CLICKOFF_DATABASE", "postgres://ada:s3cret1@db/x"),
        ("CLICKOFF_TO", "mariadb://db/x?password=s3cret2"),
        ("PGPASSWORD", "s3cret3"),
        ("MYSQL_PWD", "s3cret4"),
        ("SOME_PROXY", "http://ada:s3cret5@proxy:8080"),
        ("smtp_password", "s3cret6"),
        ("PWD", "/tmp"),
        ("PLAIN", "postgres://ada@db/x"),
    ];
    run_with(&home, &variables, &["config", "edit"]);
    let seen = fs::read_to_string(home.join("seen")).expect("what it saw");
    assert!(!seen.contains("s3cret"), "{seen}");
    for left in ["PLAIN=postgres://ada@db/x", "HOME=", "PWD="] {
        assert!(seen.contains(left), "no {left} in {seen}");
    }
}

#[test]
fn the_templates_change_nothing() {
    let home = Home::new();
    for file in ["config", "keymap"] {
        run_with(&home, &[("EDITOR", "true")], &["config", "edit", file]).says("No mistake in");
    }
    // Each line of the keymap may lose its mark.
    let path = home.join(".config/clickoff/keymap.toml");
    let text = fs::read_to_string(&path).expect("text");
    let marked = |line: &&str| line.contains(" = ");
    assert!(
        text.lines()
            .filter(marked)
            .all(|line| line.starts_with("# "))
    );
    fs::write(&path, text.replace("\n# ", "\n")).expect("written");
    let lines = text
        .lines()
        .filter(|line| marked(line) || line.starts_with('['));
    let bare: Vec<&str> = lines.map(|line| line.trim_start_matches("# ")).collect();
    fs::write(&path, bare.join("\n")).expect("written");
    home.run(&["config", "check"]).says("No mistake in");
}

#[test]
fn an_editor_that_fails_is_named() {
    let home = Home::new();
    for (variables, named) in [
        (
            [("VISUAL", ""), ("EDITOR", "false -x")],
            "`false -x` (given by EDITOR)",
        ),
        (
            [("VISUAL", "/no/such"), ("EDITOR", "true")],
            "`/no/such` (given by VISUAL)",
        ),
    ] {
        let run = run_with(&home, &variables, &["config", "edit"]);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{}", run.err);
        let words = run.err.lines().last().expect("words");
        assert!(words.starts_with("clickoff: the editor"), "{words}");
        assert!(words.contains(named), "{words}");
    }
    fs::write(home.join("file"), "").expect("written");
    let arguments = ["config", "edit", "--config", "file/config.toml"];
    run_with(&home, &[("EDITOR", "true")], &arguments)
        .fails(5, &["file/config.toml can't be made"]);
}

#[test]
fn without_a_terminal_and_an_editor_nothing_is_edited_or_made() {
    let home = Home::new();
    for file in [&["config"][..], &["keymap"], &[]] {
        let arguments = [&["config", "edit"], file].concat();
        let variables = [("VISUAL", ""), ("EDITOR", "")];
        run_with(&home, &variables, &arguments).fails(5, &["no terminal", "VISUAL or EDITOR"]);
    }
    assert_eq!(
        fs::read_dir(home.path()).expect("listed").count(),
        0,
        "files made"
    );
}

#[test]
fn hostile_files_and_arguments_are_shown_harmless() {
    let home = Home::new();
    let evil = "\x1b]0;title\x07";
    configure(
        &home,
        &[(
            "config.toml",
            &format!("'\\u001b{evil}' = 1\n\"\\u001b[31m\" = 2"),
        )],
    );
    home.run(&["config", "check"])
        .fails(2, &["config.toml, line 1"]);
    configure(&home, &[("config.toml", "\"\\u001b[31m\" = 2")]);
    home.run(&["config", "check"])
        .fails(2, &["unknown key `␛[31m`"]);
    fs::write(
        home.join(".config/clickoff/config.toml"),
        b"player = 'caf\xe9'",
    )
    .expect("written");
    home.run(&["config"]).fails(2, &["can't be read", "UTF-8"]);
    home.run(&["config", "--config", evil])
        .fails(2, &["␛]0;title␇"]);
    home.run(&["config", "path", evil])
        .fails(2, &["␛]0;title␇"]);
    home.run(&["config", "path", "config", "--config", evil])
        .says("␛]0;title␇");
    let long = "x".repeat(100_000);
    home.run(&["config", "--config", &long])
        .fails(2, &["File name too long"]);
    let latin1 = std::ffi::OsStr::from_bytes(b"caf\xe9.toml");
    fs::write(home.path().join(latin1), "mouse = 1").expect("written");
    let arguments = [
        "config".as_ref(),
        "check".as_ref(),
        "--config".as_ref(),
        latin1,
    ];
    home.run(&arguments)
        .fails(2, &["caf\u{fffd}.toml, line 1: this must be true or false"]);
}
