//! The commands, flags and settings in the manual are those of the program.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

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
