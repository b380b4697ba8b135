//! `clickoff man`, and that help, manual pages and manual agree.

use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::process::Command;

use clickoff::cli::Exit;

use crate::home::Home;
use crate::support::servers::{Missing, require};

/// A home with every page in the directory `pages`, and the pages by their names with sections.
fn written() -> (Home, Vec<(String, String)>) {
    let home = Home::new();
    home.run(&["man", "--to", "pages"])
        .says("pages into pages.");
    let mut pages = Vec::new();
    for section in ["man1", "man5"] {
        let files = fs::read_dir(home.join("pages").join(section)).expect("listed");
        for file in files {
            let path = file.expect("a file").path();
            let name = path.file_name().expect("a name").to_str().expect("text");
            pages.push((name.to_owned(), fs::read_to_string(&path).expect("text")));
        }
    }
    (home, pages)
}

/// Without what roff needs around letters.
fn bare(page: &str) -> String {
    let pairs = [
        ("\\-", "-"),
        ("\\(aq", "'"),
        ("\\(dq", "\""),
        ("\\(ti", "~"),
        ("\\(ha", "^"),
        ("\\[u00E9]", "é"),
    ];
    let fonts = [("\\fB", ""), ("\\fI", ""), ("\\fR", ""), ("\\(ga", "`")];
    let all = pairs.into_iter().chain(fonts);
    all.fold(page.to_owned(), |page, (from, to)| page.replace(from, to))
}

/// The words of a page, in one line.
fn words(page: &str) -> String {
    bare(page).split_whitespace().collect::<Vec<_>>().join(" ")
}

fn headings(page: &str) -> Vec<&str> {
    let headings = page.lines().filter_map(|line| line.strip_prefix(".SH "));
    headings.map(|heading| heading.trim_matches('"')).collect()
}

#[test]
fn the_page_has_the_sections_that_readers_look_for() {
    let page = Home::new().run(&["man"]);
    let changelog = concat!(env!("CARGO_MANIFEST_DIR"), "/CHANGELOG.md");
    let changelog = fs::read_to_string(changelog).expect("the changelog");
    let newest = changelog.lines().find(|line| line.starts_with("## ["));
    let date = newest
        .expect("a release")
        .rsplit(' ')
        .next()
        .expect("a date");
    page.says(&format!(".TH CLICKOFF 1 {date} \"clickoff "));
    let expected = [
        "NAME",
        "SYNOPSIS",
        "DESCRIPTION",
        "OPTIONS",
        "OPTIONS OF EVERY COMMAND",
        "COMMANDS",
        "DATABASE",
        "SETTINGS",
        "EXIT STATUS",
        "ENVIRONMENT",
        "FILES",
        "EXAMPLES",
        "SEE ALSO",
    ];
    assert_eq!(headings(&page.out), expected);
    let words = words(&page.out);
    assert!(words.contains("[-p|--player NAME] [--plain]"), "{words}");
}

#[test]
fn each_command_and_file_has_a_page_and_each_page_leads_on() {
    let (home, pages) = written();
    let names: BTreeSet<&str> = pages.iter().map(|(name, _)| name.as_str()).collect();
    for name in [
        "clickoff.1",
        "clickoff-copy.1",
        "clickoff-players-add.1",
        "clickoff-config.1",
        "clickoff-config.5",
        "clickoff-keymap.5",
        "clickoff-theme.5",
    ] {
        assert!(names.contains(name), "no {name} in {names:?}");
    }
    for (file, page) in &pages {
        let (name, section) = file.rsplit_once('.').expect("a section");
        let text = words(page);
        assert!(text.contains(&format!(".SH \"NAME\" {name} - ")), "{text}");
        assert_eq!(headings(page).last(), Some(&"SEE ALSO"), "{file}");
        let see = text.rsplit_once("\"SEE ALSO\"").expect("a section").1;
        assert!(
            !see.split(", ")
                .any(|other| other.trim() == format!("{name}({section})")),
            "{see}"
        );
        // What a page refers to is there.
        let mut others = 0;
        for section in ['1', '5'] {
            let end = format!("({section})");
            let referred = text
                .split([' ', ','])
                .filter_map(|word| word.strip_suffix(&end));
            for word in referred {
                let other = format!("{word}.{section}");
                assert!(names.contains(&*other), "{file} refers to {other}");
                others += 1;
            }
        }
        assert!(others > 0, "{file} refers to no other");
    }
    fs::write(home.join("file"), "").expect("written");
    home.run(&["man", "--to", "file/x"])
        .fails(5, &["file/x", "Not a directory"]);
}

#[test]
fn the_pages_of_files_explain_all_that_may_stand_in_them() {
    let (_, pages) = written();
    let page = |name: &str| {
        let found = pages.iter().find(|(file, _)| file == name);
        words(&found.expect(name).1)
    };
    let file = |name: &str| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        fs::read_to_string(root.join("assets").join(name)).expect(name)
    };
    let told = page("clickoff-config.5");
    let config = file("config.toml");
    let lines = config.lines().filter_map(|line| line.strip_prefix("# "));
    let lines: Vec<&str> = lines.filter(|line| line.contains(" = ")).collect();
    assert!(lines.len() > 10, "{lines:?}");
    for line in lines {
        assert!(told.contains(line), "no {line} in {told}");
    }
    assert!(
        told.contains("The player to start on [default: the one you played last]"),
        "{told}"
    );
    let told = page("clickoff-keymap.5");
    for line in file("keymap.toml").lines() {
        let line = if line.starts_with('[') {
            line
        } else {
            line.trim_start_matches(['#', ' '])
        };
        let is_told = line.starts_with(':') || told.contains(line);
        assert!(is_told, "no {line:?} in {told}");
    }
    assert!(
        told.contains(r#"press = ["space", "enter"] score a point"#),
        "{told}"
    );
    let told = page("clickoff-theme.5");
    for style in clickoff::ui::theme::Theme::STYLES {
        assert!(
            told.contains(&format!(".TP {style} ")),
            "no {style} in {told}"
        );
    }
}

/// As <https://mandoc.bsd.lv> has it, the strictest reader of manual pages.
#[test]
fn no_page_has_anything_to_complain_of() {
    let (home, pages) = written();
    let mut command = Command::new("mandoc");
    command.args(["-T", "lint"]).current_dir(home.path());
    for (name, _) in &pages {
        let section = name.rsplit_once('.').expect("a section").1;
        command.arg(format!("pages/man{section}/{name}"));
    }
    let told = match command.output() {
        Err(error) if error.kind() == ErrorKind::NotFound => Err(Missing {
            program: "mandoc",
            package: "mandoc",
        }),
        told => Ok(told.expect("it starts")),
    };
    let Some(told) = require(told) else {
        return;
    };
    assert_eq!(String::from_utf8(told.stdout).expect("text"), "");
}

#[test]
fn the_exit_codes_are_the_same_in_help_page_and_manual() {
    let home = Home::new();
    let help = home.run(&["--help"]).out;
    let page = bare(&home.run(&["man"]).out);
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
