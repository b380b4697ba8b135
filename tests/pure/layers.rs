//! The directories of `src` have an order, and each imports only from those above it.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

/// From the top down.
const MODULES: [&str; 14] = [
    "game", "words", "message", "mistake", "state", "ui", "plain", "files", "store", "worker",
    "app", "settings", "serve", "cli",
];

/// The modules that know neither the runtime nor the database.
const PURE: [&str; 7] = [
    "game", "words", "message", "mistake", "state", "ui", "plain",
];

/// The crates that those modules must not name.
const IMPURE: [&str; 2] = ["tokio", "sqlx"];

/// The code of a file: without comments, and with neither text nor characters in quotes.
pub fn code(source: &str) -> String {
    let mut code = String::new();
    let mut rest = source;
    while let Some(next) = rest.chars().next() {
        let skipped = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if next == '"' {
            let mut escaped = false;
            let end = rest[1..].find(|c| {
                let ends = c == '"' && !escaped;
                escaped = c == '\\' && !escaped;
                ends
            });
            end.map_or(rest.len(), |at| at + 2)
        } else if rest.starts_with("'\"'") {
            3
        } else {
            code.push(next);
            next.len_utf8()
        };
        rest = &rest[skipped..];
    }
    code
}

/// The words and the signs between them.
pub fn tokens(code: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = code.trim_start();
    while let Some(first) = rest.chars().next() {
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let end = if is_word(first) {
            rest.find(|c| !is_word(c)).unwrap_or(rest.len())
        } else if rest.starts_with("::") {
            2
        } else {
            first.len_utf8()
        };
        let (token, more) = rest.split_at(end);
        tokens.push(token);
        rest = more.trim_start();
    }
    tokens
}

/// The first words of what a path or a braced group of paths names after `at`.
fn named<'a>(tokens: &[&'a str], at: usize) -> Vec<&'a str> {
    match tokens.get(at) {
        Some(&"{") => {
            let mut depth = 0;
            let mut names = Vec::new();
            for pair in tokens[at..].windows(2) {
                match pair[0] {
                    "{" => depth += 1,
                    "}" => depth -= 1,
                    _ => {}
                }
                if depth == 0 {
                    break;
                }
                if depth == 1 && matches!(pair[0], "{" | ",") {
                    names.push(pair[1]);
                }
            }
            names
        }
        Some(word) => vec![word],
        None => Vec::new(),
    }
}

/// What the file at this module path names that it must not see. The path is that of the module,
/// as in `["ui", "list"]`; a test module inside the file stands one deeper.
fn violations(module: &[&str], source: &str) -> Vec<String> {
    let top = module[0];
    let Some(own) = MODULES.iter().position(|r| *r == top) else {
        return vec![format!("{top} has no place in the order")];
    };
    let code = code(source);
    let tokens = tokens(&code);
    let mut found = Vec::new();
    // How deep the modules written inside the file are open, by the depth of their braces.
    let (mut braces, mut inner): (usize, Vec<usize>) = (0, Vec::new());
    for at in 0..tokens.len() {
        match tokens[at] {
            "{" => {
                braces += 1;
                if at >= 2 && tokens[at - 2] == "mod" {
                    inner.push(braces);
                }
            }
            "}" => {
                if inner.last() == Some(&braces) {
                    inner.pop();
                }
                braces = braces.saturating_sub(1);
            }
            _ => {}
        }
        let begins = at == 0 || tokens[at - 1] != "::";
        let path = begins && tokens.get(at + 1) == Some(&"::");
        let roots = match tokens[at] {
            "crate" if path => named(&tokens, at + 2),
            "clickoff" if path => named(&tokens, at + 2),
            "super" if path => {
                let chain = tokens[at..].chunks(2);
                let ups = chain.take_while(|c| *c == ["super", "::"]).count();
                let depth = module.len() + inner.len();
                match ups.cmp(&depth) {
                    std::cmp::Ordering::Less => Vec::new(),
                    std::cmp::Ordering::Equal => named(&tokens, at + 2 * ups),
                    std::cmp::Ordering::Greater => vec!["too many supers"],
                }
            }
            word if begins && PURE.contains(&top) && IMPURE.contains(&word) => {
                found.push(format!("{} names {word}", module.join("::")));
                Vec::new()
            }
            _ => Vec::new(),
        };
        for root in roots {
            let above = MODULES.iter().position(|r| *r == root);
            if root != "fault" && above.is_none_or(|there| there > own) {
                found.push(format!("{} imports {root}", module.join("::")));
            }
        }
    }
    found
}

pub fn sources(directory: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory).expect("the source's directory");
    let paths = entries.map(|entry| entry.expect("an entry of it").path());
    let mut found = Vec::new();
    for path in paths {
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
    found
}

#[test]
fn no_module_imports_one_below_it_and_the_upper_ones_are_pure() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut seen = Vec::new();
    let mut found = Vec::new();
    for path in sources(&src) {
        let below = path.strip_prefix(&src).expect("a path below it");
        let below = below.with_extension("");
        let mut module: Vec<&str> = below.iter().filter_map(|part| part.to_str()).collect();
        if module.last() == Some(&"mod") {
            module.pop();
        }
        // These two put the modules together, and this one stands outside of them.
        if matches!(module[..], ["main" | "lib" | "fault"]) {
            continue;
        }
        let source = fs::read_to_string(&path).expect("a source file");
        found.extend(violations(&module, &source));
        seen.push(module[0].to_owned());
    }
    assert_eq!(found, [""; 0]);
    for top in MODULES {
        assert!(seen.iter().any(|s| s == top), "{top} has a source");
    }
}

#[test]
fn a_violation_would_be_found() {
    let cases: [(&[&str], &str, &[&str]); 18] = [
        (
            &["game"],
            "use crate::message::Action;",
            &["game imports message"],
        ),
        (
            &["state"],
            "use crate::{game::Player, ui};",
            &["state imports ui"],
        ),
        (
            &["state"],
            "use crate::{game::{Player, Tally}, message};",
            &[],
        ),
        (
            &["ui", "list"],
            "fn f(s: crate::store::Cursor) {}",
            &["ui::list imports store"],
        ),
        (
            &["ui", "list"],
            "use super::super::store::Cursor;",
            &["ui::list imports store"],
        ),
        (&["ui", "list"], "use super::{Look, text};", &[]),
        (&["ui"], "use super::{app, game};", &["ui imports app"]),
        (&["ui", "text"], "mod tests { use super::*; }", &[]),
        (
            &["ui"],
            "mod tests { use super::super::app; }",
            &["ui imports app"],
        ),
        (
            &["ui"],
            "mod tests { mod deep {} } use super::app;",
            &["ui imports app"],
        ),
        (
            &["worker"],
            "use crate::store::Store; use crate::fault;",
            &[],
        ),
        (
            &["store"],
            "use clickoff::worker;",
            &["store imports worker"],
        ),
        (&["game"], "use tokio::time;", &["game names tokio"]),
        (&["ui"], "fn f() { sqlx::query(); }", &["ui names sqlx"]),
        (&["worker"], "use tokio::time;", &[]),
        (
            &["game"],
            "// use tokio and crate::ui\nconst A: &str = \"tokio \\\" crate::ui\";",
            &[],
        ),
        (&["cellar"], "", &["cellar has no place in the order"]),
        (
            &["app"],
            "use crate::cellar::Wine;",
            &["app imports cellar"],
        ),
    ];
    for (module, source, expected) in cases {
        assert_eq!(violations(module, source), expected, "{source}");
    }
}

/// A type that a file defines, and whether others can see it.
fn types(source: &str) -> Vec<(String, bool)> {
    let code = code(source);
    let tokens = tokens(&code);
    let mut depth = 0;
    let mut found = Vec::new();
    for at in 1..tokens.len() {
        match tokens[at - 1] {
            "{" => depth += 1,
            "}" => depth -= 1,
            "struct" | "enum" | "trait" | "type" if depth == 0 => {
                let before = at.checked_sub(2).map(|before| tokens[before]);
                // As in `pub struct` and `pub(super) struct`.
                found.push((tokens[at].to_owned(), matches!(before, Some("pub" | ")"))));
            }
            _ => {}
        }
    }
    found
}

/// Names of which more than one type is meant, with how many; a private one of a small file is no
/// trouble to anybody.
fn ambiguous(sources: impl IntoIterator<Item = String>) -> Vec<(String, usize)> {
    const SMALL: usize = 300;
    let mut met: BTreeMap<String, usize> = BTreeMap::new();
    for source in sources {
        let own = source.split("#[cfg(test)]\nmod tests {").next();
        let own = own.unwrap_or_default();
        let is_small = own.lines().count() <= SMALL;
        for (name, is_seen) in types(own) {
            if is_seen || !is_small {
                *met.entry(name).or_default() += 1;
            }
        }
    }
    met.retain(|_, count| *count > 1);
    met.into_iter().collect()
}

#[test]
fn a_name_is_that_of_one_type() {
    let both = "pub struct A;\npub(super) enum B {}\nstruct C;\nimpl D { type E = A; }";
    assert_eq!(ambiguous([both.to_owned()]), []);
    let twice = ambiguous([both.to_owned(), both.replace("pub struct", "struct")]);
    assert_eq!(twice, [("B".to_owned(), 2)]);
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let sources = sources(&src).into_iter();
    let sources = sources.map(|path| fs::read_to_string(path).expect("a source file"));
    let mut found = ambiguous(sources);
    // Each command has its arguments, and they are named with it: `module::Arguments`.
    found.retain(|(name, _)| name != "Arguments");
    assert_eq!(found, []);
}

/// The texts in quotes of a file, each as one line.
fn texts(source: &str) -> Vec<String> {
    let lines = source.lines().filter(|l| !l.trim_start().starts_with("//"));
    let code = lines.collect::<Vec<_>>().join("\n").replace("'\"'", "");
    let mut quoted = Vec::new();
    let mut rest = code.as_str();
    while let Some(start) = rest.find('"') {
        let text = &rest[start + 1..];
        let mut escaped = false;
        let end = text.find(|c| {
            let ends = c == '"' && !escaped;
            escaped = c == '\\' && !escaped;
            ends
        });
        let end = end.unwrap_or(text.len());
        quoted.push(text[..end].replace("\\\n", " "));
        rest = text.get(end + 1..).unwrap_or_default();
    }
    quoted
}

/// Each run of so many words of a text.
fn runs(text: &str, many: usize) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    words.windows(many).map(|run| run.join(" ")).collect()
}

/// What can be told during a game stands in the catalogue, what a command alone tells in its error.
#[test]
fn no_sentence_of_the_catalogue_stands_in_the_source_too() {
    const RUN: usize = 8;
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let catalogue = fs::read_to_string(root.join("assets/locales/en.ftl")).expect("a catalogue");
    let told: HashSet<String> = catalogue.lines().flat_map(|l| runs(l, RUN)).collect();
    let again = |source: &str| {
        let texts = texts(source);
        let mut runs = texts.iter().flat_map(|text| runs(text, RUN));
        runs.find(|run| told.contains(run))
    };
    let line = catalogue.lines().find(|l| !runs(l, RUN).is_empty());
    let said = format!("say(\"a\\\"\"); say(\"{}\")", line.expect("a sentence"));
    assert!(again(&said).is_some(), "it would be found: {said}");
    for path in sources(&root.join("src")) {
        let source = fs::read_to_string(&path).expect("a source file");
        assert_eq!(again(&source), None, "{}", path.display());
    }
}

/// The targets of a text's links, relative to the directory that it is in.
fn links(text: &str) -> impl Iterator<Item = &str> {
    let after = text.split("](").skip(1);
    after.filter_map(|rest| rest.split_once(')').map(|(link, _)| link))
}

/// The functions that a text names, as in `draw()`.
fn functions(text: &str) -> impl Iterator<Item = &str> {
    let quoted = text.split('`').skip(1).step_by(2);
    quoted.filter_map(|word| word.strip_suffix("()"))
}

#[test]
fn the_page_about_the_architecture_names_what_there_is() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    let page = fs::read_to_string(docs.join("architecture.md")).expect("the page");
    let (modules, way) = page.split_once("## The way of a press").expect("a walk");
    let rows = modules.lines().filter_map(|line| line.strip_prefix("| `"));
    let rows = rows.filter_map(|row| row.split_once('`').map(|(top, _)| top));
    assert_eq!(rows.collect::<Vec<_>>(), MODULES);
    let linked = links(&page).map(|link| (link, fs::read_to_string(docs.join(link))));
    for (link, found) in linked {
        assert!(found.is_ok(), "{link}: {found:?}");
    }
    // The functions of a paragraph or a step are in the files that it links.
    for step in way.split("\n\n").flat_map(|text| text.split(". [")) {
        let code: String = links(step)
            .map(|link| fs::read_to_string(docs.join(link)).expect("a file"))
            .collect();
        for name in functions(step) {
            let is_there = [format!("fn {name}("), format!("fn {name}<")];
            let is_there = is_there.iter().any(|word| code.contains(word));
            assert!(is_there, "{name} of {step}");
        }
    }
    let (walk, _) = way.split_once("If the store fails").expect("its end");
    let files: HashSet<&str> = links(walk).collect();
    assert!(files.len() <= 12, "{files:?}");
    let walked: HashSet<(Option<&str>, &str)> = walk
        .split(". [")
        .flat_map(|step| functions(step).map(move |name| (links(step).next(), name)))
        .collect();
    assert!((20..=30).contains(&walked.len()), "{walked:?}");
}
