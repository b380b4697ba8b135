//! The commands, flags and settings in the manual are those of the program.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::home::{CLICKOFF, Home};

/// The texts of all pages that tell of commands.
fn pages() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let docs = fs::read_dir(root.join("docs")).expect("docs");
    let docs = docs.map(|file| file.expect("a file").path());
    let docs = docs.filter(|path| path.extension().is_some_and(|ending| ending == "md"));
    let paths = docs.chain([root.join("README.md"), root.join("README.zh-CN.md")]);
    let read = |path: std::path::PathBuf| {
        let text = fs::read_to_string(&path).expect("a page");
        (path.display().to_string(), text)
    };
    paths.map(read).collect()
}

/// Every `clickoff …` of a page that stands as code.
fn commands(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for line in text.lines() {
        let spans: Vec<&str> = if line.starts_with("    ") {
            vec![line.split(" #").next().unwrap_or_default()]
        } else {
            line.split('`').skip(1).step_by(2).collect()
        };
        for span in spans {
            let words: Vec<&str> = span.split_whitespace().collect();
            let at = words.iter().position(|word| *word == "clickoff");
            if let Some(at) = at.filter(|at| words[..*at].iter().all(|word| word.contains('='))) {
                found.push(words[at + 1..].join(" "));
            }
        }
    }
    found
}

#[test]
fn every_command_and_flag_of_the_manual_is_there() {
    let home = Home::new();
    let mut helps: BTreeMap<Vec<String>, String> = BTreeMap::new();
    let mut checked = 0;
    for (page, text) in pages() {
        for command in commands(&text) {
            let is_word = |word: &&str| word.chars().all(|c| c.is_ascii_lowercase());
            let words = command.split_whitespace().take_while(is_word).take(2);
            let mut path: Vec<String> = words.map(str::to_owned).collect();
            // The second word may be an argument.
            let nested = ["players", "config", "guard", "keys", "themes"];
            if !path.first().is_some_and(|first| nested.contains(&&**first)) {
                path.truncate(1);
            }
            let help = helps.entry(path.clone()).or_insert_with(|| {
                let mut arguments: Vec<&str> = path.iter().map(String::as_str).collect();
                arguments.push("--help");
                let ran = home.run(&arguments);
                assert_eq!(ran.code, 0, "{page}: clickoff {command}: {}", ran.err);
                ran.out
            });
            let flags = command.split(|c: char| !(c.is_ascii_lowercase() || c == '-'));
            for flag in flags.filter(|word| word.starts_with("--")) {
                assert!(help.contains(flag), "{page}: clickoff {command}: no {flag}");
            }
            checked += 1;
        }
    }
    assert!(checked > 40, "only {checked} commands were found");
}

/// What a page shows in its blocks of a console: each command, and what is told to come of it.
fn examples(text: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    for block in text.split("```console\n").skip(1) {
        let block = block.split("```").next().expect("its end");
        for line in block.lines() {
            if let Some(command) = line.strip_prefix("$ ") {
                found.push((command.to_owned(), String::new()));
            } else {
                let (_, told) = found.last_mut().expect("a command before its output");
                *told += line;
                *told += "\n";
            }
        }
    }
    found
}

#[test]
fn the_examples_of_the_manual_do_what_they_show() {
    let bin = Path::new(CLICKOFF).parent().expect("a directory");
    let path = format!("{}:/usr/bin:/bin", bin.display());
    let mut ran = 0;
    for (page, text) in pages() {
        let home = Home::new();
        for (command, told) in examples(&text) {
            let output = Command::new("sh")
                .args(["-c", &format!("{{ {command}; }} 2>&1")])
                .current_dir(home.path())
                .env_clear()
                .env("HOME", home.path())
                .env("PATH", &path)
                .output()
                .expect("a shell");
            let output = String::from_utf8(output.stdout).expect("text");
            assert_eq!(output, told, "{page}: {command}");
            ran += 1;
        }
    }
    assert!(ran > 7, "only {ran} examples were found");
}

#[test]
fn the_settings_of_the_manual_are_read_without_a_mistake() {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/settings.md");
    let page = fs::read_to_string(page).expect("the page");
    let block = page.split("```toml").nth(1).expect("the settings");
    let block = block.split("```").next().expect("their end");
    let home = Home::new();
    fs::write(home.join("manual.toml"), block).expect("written");
    let file = home.join("manual.toml");
    let file = file.to_str().expect("text");
    let told = home.run(&["--config", file, "config", "check"]);
    assert_eq!(told.code, 0, "{}{}", told.out, told.err);
}

fn page(name: &str) -> String {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    fs::read_to_string(docs.join(name)).expect("the page")
}

/// The cells of a table's rows, of the table whose first heading is this.
fn table(page: &str, heading: &str) -> Vec<Vec<String>> {
    let start = format!("| {heading} |");
    let lines = page.lines().skip_while(|line| !line.starts_with(&start));
    let rows = lines.skip(2).take_while(|line| line.starts_with('|'));
    let cells = |row: &str| {
        let cells = row.trim_matches('|').split(" | ");
        cells.map(|cell| cell.trim().to_owned()).collect()
    };
    rows.map(cells).collect()
}

#[test]
fn the_table_of_settings_is_that_of_the_program() {
    let home = Home::new();
    let shown = home.run(&["config", "show"]).out;
    let shown = shown.lines().filter(|line| !line.contains("colours"));
    let shown: Vec<(&str, &str)> = shown
        .map(|line| {
            let (line, _) = line.rsplit_once(" # ").expect("a source");
            let line = line.trim().trim_start_matches("# ");
            let unset = line.split_once(" is ");
            line.split_once(" = ").or(unset).expect("a value")
        })
        .collect();
    let help = home.run(&["--help"]).out;
    let variables = home.run(&["man"]).out;
    let rows = table(&page("settings.md"), "setting");
    assert_eq!(rows.len(), shown.len(), "{shown:?}");
    for (row, (key, value)) in rows.iter().zip(shown) {
        let told = |at: usize| row[at].trim_matches('`');
        assert_eq!(told(0), key);
        let flag = format!("--{}", key.replace('_', "-"));
        let has_flag = help.contains(&format!("{flag} <")) || help.contains(&format!("{flag}\n"));
        assert_eq!(told(1), if has_flag { &flag } else { "–" });
        let variable = format!("CLICKOFF_{}", key.to_uppercase());
        let has_variable = variables.contains(&variable);
        assert_eq!(told(2), if has_variable { &variable } else { "–" });
        match told(3) {
            "that of the locale" => assert_eq!(value, "\"en\""),
            "not set" | "the one you played last" => assert_eq!(value, "not set"),
            "clickoff.db` in your data directory" => {
                assert!(value.ends_with("/clickoff/clickoff.db\""), "{value}");
            }
            default => assert_eq!(default, value.trim_matches('"'), "{key}"),
        }
    }
}

#[test]
fn the_defaults_of_the_manual_are_those_of_the_program() {
    let home = Home::new();
    let mut checked = 0;
    for (page, text) in pages() {
        let told = text.split("` (default)").filter_map(|before| {
            let (_, told) = before.rsplit_once('`')?;
            told.split_once(' ')
        });
        for (flag, value) in told.filter(|(flag, _)| flag.starts_with("--")) {
            let help = home.run(&["serve", "--help"]).out;
            let (_, about) = help.split_once(&format!(" {flag} <")).expect(flag);
            let about = about.split("\n      -").next().unwrap_or_default();
            let default = format!("[default: {value}]");
            assert!(about.contains(&default), "{page}: {flag} {value}: {about}");
            checked += 1;
        }
    }
    assert!(checked > 3, "only {checked} defaults were found");
}

/// The names of all fields of an object, or of the objects of a list.
fn fields(value: &Value, names: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                names.insert(name.clone());
                fields(value, names);
            }
        }
        Value::Array(values) => values.iter().for_each(|value| fields(value, names)),
        _ => {}
    }
}

#[test]
fn the_fields_of_the_manual_are_those_that_are_written() {
    let home = Home::new();
    home.run(&["players", "add", "Ada"]);
    home.run(&["click", "Ada", "--times", "120"]);
    let page = page("scripting.md");
    let (_, page) = page.split_once("## JSON and CSV").expect("a section");
    let rows = table(page, "command");
    let told = |command: &str| -> BTreeSet<String> {
        let row = rows
            .iter()
            .find(|row| row[0].contains(&format!("`{command}`")));
        let row = row.unwrap_or_else(|| panic!("no {command} in {rows:?}"));
        let names = row[1].split('`').skip(1).step_by(2);
        names.map(str::to_owned).collect()
    };
    let mut differences = Vec::new();
    for (command, arguments, unseen) in [
        ("players", &["players", "--json"][..], &[][..]),
        ("top", &["top", "--json"], &[]),
        ("top --period", &["top", "--period", "week", "--json"], &[]),
        ("history", &["history", "Ada", "--json"], &[]),
        // There is no sprint yet.
        (
            "me",
            &["me", "Ada", "--json"],
            &["seconds", "presses", "time"],
        ),
        ("card", &["card", "Ada", "--json"], &[]),
    ] {
        let out = home.run(arguments).out;
        let value = serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {out}"));
        let mut written = BTreeSet::new();
        fields(&value, &mut written);
        written.extend(unseen.iter().map(ToString::to_string));
        let told = told(command);
        if told != written {
            differences.push((command, told, written));
        }
    }
    assert!(differences.is_empty(), "{differences:#?}");
}
