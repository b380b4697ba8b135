//! What the manual tells of commands, flags and settings is what the program has.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::home::Home;

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
            let nested = ["players", "config", "guard", "themes"];
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
