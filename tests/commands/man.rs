//! `clickoff man`, and that help, manual page and manual say the same.

use std::collections::BTreeSet;
use std::fs;

use clickoff::cli::Exit;

use crate::home::Home;

#[test]
fn the_page_has_the_sections_that_readers_look_for() {
    let page = Home::new().run(&["man"]);
    page.says(".TH clickoff 1");
    let headings = page
        .out
        .lines()
        .filter_map(|line| line.strip_prefix(".SH "));
    let headings: Vec<&str> = headings.map(|heading| heading.trim_matches('"')).collect();
    let expected = [
        "NAME",
        "SYNOPSIS",
        "DESCRIPTION",
        "OPTIONS",
        "OPTIONS OF EVERY COMMAND",
        "SUBCOMMANDS",
        "EXAMPLES",
        "DATABASE",
        "CONFIGURATION",
        "EXIT STATUS",
        "ENVIRONMENT",
        "FILES",
    ];
    assert_eq!(headings, expected);
}

#[test]
fn each_command_has_a_page_and_each_page_a_command() {
    let home = Home::new();
    home.run(&["man", "--to", "a dir/man1"])
        .says("pages into a dir/man1.");
    let files = fs::read_dir(home.join("a dir/man1")).expect("listed");
    let files: BTreeSet<String> = files
        .map(|file| {
            file.expect("a file")
                .file_name()
                .into_string()
                .expect("text")
        })
        .collect();
    for name in ["clickoff.1", "clickoff-copy.1", "clickoff-players-add.1"] {
        assert!(files.contains(name), "no {name} in {files:?}");
    }
    for file in &files {
        let page = fs::read_to_string(home.join("a dir/man1").join(file)).expect("text");
        let name = file.trim_end_matches(".1").replace('-', "\\-");
        assert!(
            page.contains(".SH NAME") && page.contains(&name),
            "{file}: {page}"
        );
        // What a page refers to is there.
        for word in page
            .split_whitespace()
            .filter_map(|word| word.strip_suffix("(1)"))
        {
            let other = format!("{}.1", word.replace('\\', ""));
            assert!(files.contains(&other), "{file} refers to {other}");
        }
    }
    fs::write(home.join("file"), "").expect("written");
    home.run(&["man", "--to", "file/x"])
        .fails(5, &["file/x", "Not a directory"]);
}

#[test]
fn the_exit_codes_are_the_same_in_help_page_and_manual() {
    let home = Home::new();
    let help = home.run(&["--help"]).out;
    let page = home
        .run(&["man"])
        .out
        .replace("\\-", "-")
        .replace("\\*(Aq", "'");
    let manual = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/scripting.md");
    let manual = fs::read_to_string(manual).expect("the manual");
    let mut codes = BTreeSet::new();
    for (code, meaning) in Exit::table() {
        let line = format!("  {code:<13}  {meaning}\n");
        assert!(help.contains(&line), "no {line:?} in the help");
        assert!(page.contains(&line), "no {line:?} in the page");
        let line = format!("| {code} | {meaning} |\n");
        assert!(manual.contains(&line), "no {line:?} in the manual");
        assert!(codes.insert(code), "the same code again: {line}");
    }
}
