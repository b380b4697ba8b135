//! `--dry-run` says what would be done, and changes nothing, on any database.

use std::fs;

use crate::home::{Home, Run};
use crate::place::{Place, TABLE, on, row};

/// What changes something, each with whether it succeeds where there are Ada and Eve.
const DEEDS: [(&str, bool); 13] = [
    ("import all.jsonl", false),
    ("import all.jsonl --merge skip", true),
    ("import all.jsonl --merge replace", true),
    ("import all.jsonl --merge add", true),
    ("import broken.jsonl --merge skip", false),
    ("import nowhere.jsonl --merge skip", false),
    ("restore all.jsonl", false),
    ("restore all.jsonl --overwrite", true),
    ("restore broken.jsonl --overwrite", false),
    ("copy --from source.db", false),
    ("copy --from source.db --overwrite", true),
    ("players remove --yes Ada", true),
    ("players remove --yes Nobody", false),
];

/// A home with Ada and Bob in a database, in a file, and in one that was cut off.
fn home() -> Home {
    let home = Home::new();
    for (name, points) in [("Ada", "7"), ("Bob", "5")] {
        home.run(&["-d", "source.db", "players", "add", name])
            .says("Added");
        home.run(&["-d", "source.db", "click", name, "-n", points])
            .says("scored");
    }
    let export = home.run(&["-d", "source.db", "export", "all.jsonl"]);
    assert_eq!(export.code, 0, "{export:?}");
    let all = fs::read_to_string(home.join("all.jsonl")).expect("read");
    let lines: Vec<&str> = all.lines().collect();
    let cut_off = lines[..lines.len() - 1].join("\n");
    fs::write(home.join("broken.jsonl"), cut_off).expect("written");
    home
}

fn run(home: &Home, place: &Place, deed: &str, more: &[&str]) -> Run {
    let mut words: Vec<&str> = deed.split(' ').chain(more.iter().copied()).collect();
    let url = place.url();
    let named = if deed.starts_with("copy") {
        ["--to", &url]
    } else {
        ["-d", &url]
    };
    words.extend(named);
    home.run(&words)
}

/// All that there is in a database, the tables' names included.
fn state(place: &Place) -> Vec<String> {
    let tables = match place {
        Place::Sqlite(_) if !place.file().exists() => return Vec::new(),
        Place::Sqlite(_) => "SELECT name FROM sqlite_master ORDER BY name",
        Place::Postgres(..) => {
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'
             UNION ALL SELECT sequencename || ' ' || coalesce(last_value, 0) FROM pg_sequences
             ORDER BY 1"
        }
        Place::MariaDb(..) => {
            "SELECT CONCAT(table_name, ' ', COALESCE(auto_increment, 0))
             FROM information_schema.tables WHERE table_schema = DATABASE() ORDER BY table_name"
        }
    };
    let mut state = place.texts(tables);
    if state.iter().any(|table| table.starts_with("click_meta")) {
        state.extend(place.everything());
        state.extend([place.name(), place.epoch()]);
    } else if state.iter().any(|table| table.starts_with("users")) {
        state.extend(place.rows().iter().map(|row| format!("{row:?}")));
    }
    state
}

/// Tries every deed, which changes nothing.
#[track_caller]
fn tried(home: &Home, place: &Place, succeeds: impl Fn(&str, bool) -> bool) {
    let before = state(place);
    for (deed, fits) in DEEDS {
        let tried = run(home, place, deed, &["--dry-run"]);
        assert_eq!(tried.code == 0, succeeds(deed, fits), "{deed}: {tried:?}");
        assert_eq!(
            tried.out.starts_with("Would "),
            tried.code == 0,
            "{deed}: {tried:?}"
        );
        assert_eq!(state(place), before, "{deed}");
    }
}

fn a_dry_run_says_what_comes_and_changes_nothing(place: Place) {
    let home = home();
    // Nobody is there yet, and no table.
    tried(&home, &place, |deed, _| {
        !["broken", "nowhere", "remove"]
            .iter()
            .any(|word| deed.contains(word))
    });
    // The table of another program, and then with clickoff's beside it.
    place.fill(TABLE, &[row(1, "Ada", 1), row(2, "Eve", 2)]);
    tried(&home, &place, |_, fits| fits);
    assert_eq!(run(&home, &place, "players list", &[]).code, 0);
    tried(&home, &place, |_, fits| fits);

    // What is refused is refused in the same words as really.
    for (deed, fits) in DEEDS {
        if !fits {
            let (tried, done) = (
                run(&home, &place, deed, &["-n"]),
                run(&home, &place, deed, &[]),
            );
            assert_eq!((tried.code, tried.err), (done.code, done.err), "{deed}");
        }
    }
    // And what is done is what was said.
    let past = |said: &str| {
        let words = [("import", "imported"), ("change", "changed")];
        let words = [words, [("skip", "skipped"), ("restore", "restored")]].concat();
        let words = [words, vec![("copy", "copied"), ("remove", "removed")]].concat();
        let said = said.trim_start_matches("Would ").split(' ');
        let past = said.map(|word| {
            let known = words.iter().find(|(now, _)| *now == word);
            known.map_or(word, |(_, past)| past)
        });
        past.collect::<Vec<_>>().join(" ")
    };
    for (deed, fits) in DEEDS {
        if fits {
            let tried = run(&home, &place, deed, &["-n"]);
            let done = run(&home, &place, deed, &[]);
            assert_eq!(
                (tried.code, done.code),
                (0, 0),
                "{deed}: {tried:?} {done:?}"
            );
            // The same again is the same, and says so.
            let said = done.out.to_lowercase();
            assert_eq!(past(&tried.out).to_lowercase(), said, "{deed}");
        }
    }
}

on!(all: a_dry_run_says_what_comes_and_changes_nothing);
