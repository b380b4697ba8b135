//! README and manual are short enough and complete, and their links work.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use clickoff::words::Language;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every page with its text, by its path from the root.
fn pages() -> BTreeMap<PathBuf, String> {
    let docs = fs::read_dir(root().join("docs")).expect("docs");
    let docs = docs.map(|file| Path::new("docs").join(file.expect("a file").file_name()));
    let docs = docs.filter(|path| path.extension().is_some_and(|ending| ending == "md"));
    let others = [
        "README.md",
        "README.zh-CN.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
        "CHANGELOG.md",
    ];
    let paths = docs.chain(others.map(PathBuf::from));
    let read = |path: PathBuf| {
        let text = fs::read_to_string(root().join(&path)).expect("a page");
        (path, text)
    };
    paths.map(read).collect()
}

/// Without its blocks of code.
fn prose(text: &str) -> String {
    let mut is_code = false;
    let lines = text.lines().filter(|line| {
        is_code ^= line.starts_with("```");
        !is_code && !line.starts_with("    ")
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// What every link of a page leads to.
fn links(text: &str) -> Vec<&str> {
    let starts = text.match_indices("](").map(|(at, found)| at + found.len());
    let to = |start: usize| text[start..].split(')').next().unwrap_or_default();
    starts.map(to).collect()
}

/// The anchors of a page's headings, as forges and mdBook make them.
fn anchors(text: &str) -> BTreeSet<String> {
    let prose = prose(text);
    let headings = prose.lines().filter(|line| line.starts_with('#'));
    let anchor = |heading: &str| {
        let words = heading.trim_start_matches('#').trim().to_lowercase();
        let kept = words
            .chars()
            .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
        kept.collect::<String>().replace(' ', "-")
    };
    headings.map(anchor).collect()
}

#[test]
fn every_link_leads_somewhere() {
    let pages = pages();
    let mut followed = 0;
    for (path, text) in &pages {
        for link in links(&prose(text)) {
            if link.starts_with("https://") {
                continue;
            }
            let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
            let place = path.parent().expect("a directory").join(file);
            let target = if file.is_empty() {
                root().join(path)
            } else {
                root().join(&place)
            };
            let from = path.display();
            let target = fs::canonicalize(&target);
            let target = target.unwrap_or_else(|error| panic!("{from}: {link}: {error}"));
            if !anchor.is_empty() {
                let text = fs::read_to_string(&target).expect("a page");
                let anchors = anchors(&text);
                assert!(anchors.contains(anchor), "{from}: {link}: {anchors:?}");
            }
            followed += 1;
        }
    }
    assert!(followed > 80, "only {followed} links were found");
}

#[test]
fn the_table_of_contents_has_every_page() {
    let pages = pages();
    let contents = &pages[Path::new("docs/SUMMARY.md")];
    let listed: BTreeSet<&str> = links(contents).into_iter().collect();
    for path in pages.keys().filter(|path| path.starts_with("docs")) {
        let name = path.file_name().expect("a name").to_str().expect("text");
        assert!(
            name == "SUMMARY.md" || listed.contains(name),
            "{name} is not in docs/SUMMARY.md"
        );
    }
}

/// mdBook copies what is in `docs`, and makes a page of each link that ends in `.md`. A link to anything
/// else leads from the book into the source, since the book lies beside `docs`.
#[test]
fn the_manual_is_a_book() {
    let settings = fs::read_to_string(root().join("docs/book.toml")).expect("the settings");
    assert!(settings.contains("build-dir = \"../book\""), "{settings}");
    let pages = pages();
    let docs = pages.iter().filter(|(path, _)| path.starts_with("docs"));
    for (path, text) in docs {
        for link in links(&prose(text)) {
            let (file, _) = link.split_once('#').unwrap_or((link, ""));
            let is_copied = file.ends_with(".md") || file.ends_with(".svg");
            let from = path.display();
            assert!(
                !is_copied || !file.starts_with("../"),
                "{from}: {link} is not in the book"
            );
        }
    }
}

#[test]
fn both_readmes_are_short_and_show_the_same() {
    let pages = pages();
    let english = &pages[Path::new("README.md")];
    let chinese = &pages[Path::new("README.zh-CN.md")];
    for readme in [english, chinese] {
        assert!(readme.len() <= 6 * 1024, "{} bytes", readme.len());
    }
    let shape = |text: &str| {
        let count = |start: &str| text.lines().filter(|line| line.starts_with(start)).count();
        ["#", "|", "- ", "    ", "!["].map(count)
    };
    assert_eq!(
        shape(english),
        shape(chinese),
        "headings, rows, points, code, pictures"
    );
    let code = |text: &str| {
        let lines = text.lines().filter(|line| line.starts_with("    "));
        let commands =
            lines.map(|line| line.split('#').next().unwrap_or_default().trim().to_owned());
        commands.collect::<Vec<_>>()
    };
    assert_eq!(code(english), code(chinese));
}

/// A forge shows a line's end as a space, which Chinese doesn't have between its characters.
#[test]
fn no_line_of_the_chinese_readme_ends_within_a_paragraph() {
    let pages = pages();
    let readme = &pages[Path::new("README.zh-CN.md")];
    let is_text = |line: &str| line.chars().next().is_some_and(|c| !" #|!-".contains(c));
    let lines: Vec<&str> = readme.lines().collect();
    for pair in lines.windows(2) {
        let is_item = pair[1].starts_with("  ") && !pair[1].starts_with("    ");
        let goes_on = !pair[0].is_empty() && (is_text(pair[1]) || is_item);
        assert!(!goes_on, "{pair:?}");
    }
}

#[test]
fn what_the_manual_counts_is_as_many() {
    let pages = pages();
    let marks = clickoff::game::marks::MARKS.len();
    let themes = clickoff::ui::theme::BUILT_IN.len();
    let told = [
        ("README.md", format!("| {marks} marks |")),
        ("README.zh-CN.md", format!("| {marks} 项 |")),
        ("docs/playing.md", format!(" {marks} marks ")),
        ("CHANGELOG.md", format!(" {marks} marks;")),
        ("CHANGELOG.md", format!("- {themes} themes,")),
    ];
    for (page, words) in told {
        assert!(pages[Path::new(page)].contains(&words), "{page}: {words}");
    }
}

#[test]
fn the_messages_that_the_manual_explains_are_those_of_the_game() {
    let pages = pages();
    let page = &pages[Path::new("docs/troubleshooting.md")];
    let catalogue = Language::English.catalogue();
    let rows = page.lines().filter_map(|line| line.strip_prefix("| "));
    let messages: Vec<&str> = rows
        .filter_map(|row| row.split(" |").next())
        .filter(|message| *message != "message" && !message.starts_with('-'))
        .collect();
    assert!(messages.len() > 10, "{messages:?}");
    // What the system or a database adds stands behind a semicolon or is another message.
    for part in messages.iter().flat_map(|message| message.split(';')) {
        for text in part.split('…').map(str::trim) {
            let is_told = catalogue.contains(text) || text.starts_with("attempt to write");
            assert!(is_told, "{text:?} is no message");
        }
    }
}
