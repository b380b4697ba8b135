//! `clickoff export`, `import`, `backup` and `restore` lose nothing.

use std::fs;
use std::io::Write;
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::db::Db;
use crate::home::{Home, Run};
use crate::place::{Place, Row, TABLE, TUTORIAL, crowd, on, row};
use crate::words::{same_as_before, transcript};

/// Players whose texts break lines, cells, spreadsheets and terminals.
fn hostile() -> Vec<Row> {
    let names = [
        "Ada",
        "Ada",
        "王小明",
        "👩‍👩‍👧‍👦",
        "\x1b[31mred\u{9b}",
        "a,\"b\"",
        "two\r\nlines",
        "=1+1",
        "'tis",
        "''",
        "'",
        "",
        "@x",
        "\t",
        " ",
        "\\N",
        "null",
        "{\"clickoff\":1}",
        "\u{feff}",
    ];
    let mut rows: Vec<Row> = names
        .iter()
        .zip(1..)
        .map(|(name, n)| row(n * 3, name, n - 4))
        .collect();
    rows.push((100, None, Some(String::new()), None));
    rows.push((101, Some(String::new()), None, Some(i64::MAX)));
    rows.push((
        -5,
        Some("王".repeat(100)),
        Some("=x".into()),
        Some(i64::MIN),
    ));
    rows
}

/// Runs a command on a database.
pub fn run(home: &Home, place: &Place, arguments: &[&str]) -> Run {
    home.run(&[&["-d", &place.url()], arguments].concat())
}

/// A database of the game with these players, one of whom has a past.
fn filled(home: &Home, place: &Place, rows: &[Row]) {
    place.fill(TABLE, rows);
    let none = run(home, place, &["players", "list"]);
    assert_eq!(none.code, 0, "{}", none.err);
    place.run(
        "INSERT INTO click_history (user_id, quarter, points, overwritten)
         VALUES (3, 1900000, 5, 2), (3, 1900001, -5, 0);
         INSERT INTO click_sprints (user_id, seconds, presses, at, trace)
         VALUES (3, 5, 3, 1790000000, '1,,2'), (3, 60, 99, 1790000001, ',,99'),
                (9, 5, 0, 0, ''), (77, 5, 9, 9, 'of nobody')",
    );
    place.add_ssh_keys(&[
        (LAPTOP, 3, "=A's \"laptop\",\t王\u{1b}[31m", 1_790_000_000),
        (PHONE, 3, "", 0),
        (SERVER, 9, "'", 1_790_000_001),
    ]);
    place.run(&format!(
        "INSERT INTO click_sessions (client, user_id, last_seq)
         VALUES ('{ORDER_17}', 3, 3), ('cd044bfe-a6cf-836e-85c3-000000000009', 9, 0),
                ('6ba7b810-9dad-41d1-80b4-00c04fd430c8', 3, 9)"
    ));
    place.add_races(&[
        (
            4,
            5,
            START,
            Some(START + 9),
            &[(3, Some("=A, \"\n'"), 7, 1), (77, None, 0, 2)],
        ),
        (6, 60, START + 1, Some(START + 2), &[]),
        (7, 10, START + 2, None, &[(3, Some("open"), 7, 0)]),
    ]);
}

/// A start in microseconds.
pub const START: i64 = 1_790_000_000_000_000;

/// The client that three points under the key \"order 17\" are counted for.
const ORDER_17: &str = "cd044bfe-a6cf-836e-85c3-000000000003";

/// Fingerprints of ssh keys. In the order of bytes B is before a, and not in that of words.
const LAPTOP: &str = "SHA256:aCUiLr7Pjs9wFFJMDByLgc3NrtdU344OgUM45wZPcIQ";
const PHONE: &str = "SHA256:BCUiLr7Pjs9wFFJMDByLgc3NrtdU344OgUM45wZPcIQ";
const OTHER: &str = "SHA256:CCUiLr7Pjs9wFFJMDByLgc3NrtdU344OgUM45wZPcIQ";
const SERVER: &str = "SHA256:+/UiLr7Pjs9wFFJMDByLgc3NrtdU344OgUM45wZPcIQ";

/// Said again, the call is known.
#[track_caller]
fn the_key_is_known(home: &Home, place: &Place) {
    let rows = place.rows();
    let said = run(home, place, &["click", "3", "-n", "3", "--key", "order 17"]);
    said.says("had scored 3 points by this key before");
    run(home, place, &["click", "3", "-n", "4", "--key", "order 17"])
        .fails(5, &["belongs to another call"]);
    assert_eq!(place.rows(), rows);
}

fn what_goes_out_comes_back_as_it_was(place: Place) {
    let (home, rows) = (Home::new(), hostile());
    filled(&home, &place, &rows);
    for format in ["jsonl", "csv"] {
        let out = run(&home, &place, &["export", "-f", format]);
        assert_eq!((out.code, out.err.as_str()), (0, ""));
        assert!(!out.out.contains('\x1b') || format == "csv", "{}", out.out);
        let file = format!("all.{format}");
        let written = run(&home, &place, &["export", "-f", format, &file]);
        assert_eq!(
            (written.code, written.err.as_str()),
            (0, ""),
            "{}",
            written.out
        );
        let text = fs::read_to_string(home.join(&file)).expect("a text");
        assert!(text == out.out, "the file is what standard output is");
        run(&home, &place, &["export", &file]).fails(5, &["there is a file", "already"]);

        let again = Place::sqlite().expect("a file");
        run(&home, &again, &["import", &file]).says("Imported 22 new players.");
        again.holds(&rows);
        assert_eq!(again.everything(), place.everything());
        assert_eq!((again.sprints().len(), again.keys().len()), (3, 1));
        assert_eq!(again.ssh_keys().len(), 3);
        assert_eq!(again.races().len(), 4);
        the_key_is_known(&home, &again);
        let once_more = run(&home, &again, &["export", "-f", format]);
        assert!(once_more.out == out.out, "{} {}", once_more.out, out.out);
        run(&home, &again, &["import", &file]).fails(5, &["has 22 players already", "--merge"]);

        // Back to where it came from, over what was played since.
        place.run(
            "UPDATE users SET score = 50 WHERE id = 6; DELETE FROM users WHERE id = 9;
             DELETE FROM click_races WHERE id = 7; DELETE FROM click_racers WHERE race = 7",
        );
        run(&home, &place, &["import", &file, "--merge", "replace"])
            .says("Imported 1 new player, and changed 21 known ones.");
        place.holds(&rows);
        assert_eq!(again.everything(), place.everything());
    }
}

fn points_are_added_or_left_alone(place: Place) {
    let home = Home::new();
    filled(
        &home,
        &place,
        &[row(1, "Ada", 7), row(3, "Bob", 4), row(9, "Cleo", 1)],
    );
    let file = Place::sqlite().expect("a file");
    file.fill(
        TUTORIAL,
        &[row(1, "Bob", 10), row(2, "Dan", 3), row(9, "Eve", 2)],
    );
    let tutorials = file.url();
    run(&home, &place, &["import", &tutorials, "--merge", "add"])
        .says("Imported 2 new players, and changed 1 known one.");
    let mut after = vec![row(1, "Ada", 7), row(2, "Dan", 3), row(3, "Bob", 14)];
    after.extend([row(9, "Cleo", 1), row(10, "Eve", 2)]);
    place.holds(&after);
    let histories = [
        "1 0 7 0",
        "2 0 3 0",
        "3 0 14 0",
        "3 1900000 5 2",
        "3 1900001 -5 0",
        "9 0 1 0",
        "10 0 2 0",
    ];
    assert_eq!(place.history(), histories);
    run(&home, &place, &["import", &tutorials, "--merge", "skip"])
        .says("Imported 0 new players; skipped 3 known ones.");
    place.holds(&after);
    assert_eq!(place.history(), histories);
}

fn a_key_that_both_have_is_whose_it_became_last(place: Place) {
    let home = Home::new();
    filled(&home, &place, &[row(3, "Bob", 4), row(9, "Cleo", 1)]);
    let file = Place::sqlite().expect("a file");
    filled(
        &home,
        &file,
        &[row(3, "Cleo", 1), row(9, "Dan", 2), row(1, "Eve", 0)],
    );
    file.run("DELETE FROM click_keys");
    file.add_ssh_keys(&[
        // Bob's and earlier, Bob's and later, Cleo's again, and one that is new.
        (LAPTOP, 3, "too late", 1_789_999_999),
        (PHONE, 9, "phone", 1),
        (SERVER, 3, "later", 1_790_000_002),
        (OTHER, 9, "other", 7),
    ]);
    let file = file.url();
    let skipped = run(&home, &place, &["import", &file, "--merge", "skip"]);
    skipped.says("Imported 2 new players; skipped 1 known one.");
    let mut after = vec![
        format!("{SERVER} 9 1790000001 '."),
        format!("{PHONE} 10 1 phone."),
        format!("{OTHER} 10 7 other."),
        format!("{LAPTOP} 3 1790000000 =A's \"laptop\",\t王\u{1b}[31m."),
    ];
    assert_eq!(place.ssh_keys(), after, "those of who is skipped are, too");
    let added = run(&home, &place, &["import", &file, "--merge", "replace"]);
    added.says("changed 3 known ones.");
    after[0] = format!("{SERVER} 9 1790000002 later.");
    assert_eq!(place.ssh_keys(), after);
}

fn what_was_backed_up_is_restored(place: Place) {
    let (home, rows) = (Home::new(), hostile());
    filled(&home, &place, &rows);
    let (name, epoch, all) = (place.name(), place.epoch(), place.everything());
    let said = run(&home, &place, &["backup", "b"]);
    assert_eq!((said.code, said.err.as_str()), (0, ""), "{}", said.out);
    run(&home, &place, &["backup", "b"]).fails(5, &["there is a file b already"]);
    place.run("UPDATE users SET score = 50; DELETE FROM users WHERE id = 3");
    assert_eq!(place.keys(), [""; 0], "they go with their player");
    assert_eq!(place.ssh_keys().len(), 1);
    run(&home, &place, &["restore", "b"]).fails(5, &["has 21 players", "Add --overwrite"]);
    let restored = run(&home, &place, &["restore", "b", "--overwrite"]);
    assert_eq!(restored.code, 0, "{}", restored.err);
    place.holds(&rows);
    assert_eq!(place.everything(), all);
    the_key_is_known(&home, &place);
    assert_ne!(place.name(), name, "no outbox knows it");
    assert_ne!(place.epoch(), epoch, "no client adds to it what it lacks");
    // And into another one, of another kind.
    for other in [Place::sqlite(), Place::postgres(), Place::mariadb()]
        .into_iter()
        .flatten()
    {
        run(&home, &other, &["restore", "b"]).says("Restored 22 players");
        other.holds(&rows);
        assert_eq!(other.everything(), all);
        the_key_is_known(&home, &other);
    }
}

/// The header of CSV.
const COLUMNS: &str = "record,player,name,email,score,quarter,points,overwritten,seconds,presses,at,\
                       trace,beat,client,counted,race,number,start,closed,left,fingerprint,comment";

fn a_bad_line_is_named_and_nothing_is_written(place: Place) {
    let home = Home::new();
    filled(&home, &place, &[row(3, "Ada", 7)]);
    let head = "{\"clickoff\":1}\n";
    let ada = r#"{"player":{"id":1,"name":"A","email":null,"score":2}}"#;
    let csv = format!("{COLUMNS}\r\n");
    let part = r#"{"history":{"player":1,"quarter":5,"points":1,"overwritten":0}}"#;
    let sprint = r#"{"sprint":{"player":1,"seconds":5,"presses":1,"at":0,"trace":"1"}}"#;
    let key = format!(r#"{{"key":{{"player":1,"client":"{ORDER_17}","counted":0}}}}"#);
    let race = r#"{"race":{"id":4,"seconds":5,"start":9,"closed":9}}"#;
    let racer = |player: &str, name: &str| {
        format!(
            r#"{{"racer":{{"race":4,"number":1,"player":{player},"name":"{name}","presses":1,"left":false}}}}"#
        )
    };
    let ssh =
        format!(r#"{{"sshkey":{{"player":1,"fingerprint":"{LAPTOP}","comment":"","at":0}}}}"#);
    let (nobody, somebody) = (racer("null", ""), racer("1", ""));
    let cases: [(Vec<u8>, &str); 38] = [
        (
            format!("{head}{ada}\n{}\n", ssh.replace("SHA256", "MD5")).into(),
            "line 3: its fingerprint is none as ssh shows it",
        ),
        (
            format!("{head}{ssh}\n{{\"end\":[0,0,0,0,0,0,1]}}").into(),
            "line 2: it is of a player 1 who",
        ),
        (
            format!(
                "{csv}player,1,A,,2,,,,,,,,,,,,,,,,,\r\nsshkey,1,,,,,,,,,0,,,,,,,,,,'{LAPTOP}x,\r\n"
            )
            .into(),
            "line 3: its fingerprint is none as ssh shows it",
        ),
        (
            format!("{head}{ada}\n{}\n", sprint.replace(r#":"1""#, r#":"=x,1""#)).into(),
            "line 3: it has a trace that the game can't read",
        ),
        (
            format!("{head}{ada}\n{}\n", sprint.replace(r#":"1""#, r#":"1,1""#)).into(),
            "line 3: it has other presses than its trace",
        ),
        (
            format!("{head}{ada}\n{}\n", sprint.replace(":5,", ":7,")).into(),
            "line 3: it has a length that no sprint has",
        ),
        (
            format!(
                "{csv}player,1,A,,2,,,,,,,,,,,,,,,,,\r\nsprint,1,,,,,,,5,1,0,=1,0,,,,,,,,,\r\n"
            )
            .into(),
            "line 3: it has a trace that the game can't read",
        ),
        (
            format!("{head}{ada}\n{{\"end\":[1,0]}}").into(),
            "line 3: invalid length 2",
        ),
        (
            format!("{head}{nobody}\n{race}\n{{\"end\":[0,0,0,0,1,1,0]}}").into(),
            "line 2: it is of a race 4 that is not in the file before it",
        ),
        (
            format!("{head}{race}\n{somebody}\n{{\"end\":[0,0,0,0,1,1,0]}}").into(),
            "line 3: it is of a player 1 who",
        ),
        (
            format!("{head}{race}\n{race}\n{{\"end\":[0,0,0,0,2,0,0]}}").into(),
            "line 3: a second race has the id 4",
        ),
        (
            format!("{head}{race}\n\n{nobody}\n{nobody}\n{{\"end\":[0,0,0,0,1,2,0]}}").into(),
            "line 5: ",
        ),
        (
            format!("{head}{race}\n{{\"end\":[0,0,0,0,1,1,0]}}").into(),
            "line 3: it counts other records than the 0 players, 0 parts of histories, 0 sprints, \
             0 keys, 1 races, 0 racers and 0 ssh keys",
        ),
        (
            format!("{head}{}\n", race.replace(":5,", ":7,")).into(),
            "line 2: it has a length or a start that no race has",
        ),
        (
            format!("{head}{}\n", race.replace(":9,", ":-1,")).into(),
            "line 2: it has a length or a start that no race has",
        ),
        (
            format!("{csv}race,,,,,,,,5,,,,,,,4,,9,9,,,\r\nracer,,,,,,,,,1,,,,,,4,1,,,maybe,,\r\n")
                .into(),
            "line 3: left is neither true nor false: \"maybe\"",
        ),
        (
            format!("{csv}race,,,,,,,,5,,,,,,,,,9,9,,,\r\n").into(),
            "line 2: race is no whole number",
        ),
        (
            format!("{head}{sprint}\n{{\"end\":[0,0,1,0,0,0,0]}}").into(),
            "line 2: it is of a player 1 who",
        ),
        (
            format!("{head}{ada}\n{sprint}\n{sprint}\n{{\"end\":[1,0,2,0,0,0,0]}}").into(),
            "line 4: ",
        ),
        (
            format!("{head}{ada}\n{key}\n{{\"end\":[1,0,0,1,0,0,0]}}").into(),
            "line 3: it is no key",
        ),
        (
            format!("{head}{ada}\n{sprint}\n{{\"end\":[1,0,0,0,0,0,0]}}").into(),
            "line 4: it counts other records",
        ),
        (
            format!("{head}{part}\n{ada}\n{{\"end\":[1,1,0,0,0,0,0]}}").into(),
            "line 2: it is of a player 1 who",
        ),
        (b"".into(), "line 1: there is nothing"),
        (b"\xff\xfe".into(), "line 1: it is not valid UTF-8"),
        (ada.into(), "line 1: the first line has to be"),
        (
            format!("{head}{ada}").into(),
            "line 2: the file ends too early",
        ),
        (
            format!("{head}{ada}\n{{\"end\":[2,0,0,0,0,0,0]}}").into(),
            "line 3: it counts other records",
        ),
        (
            format!("{head}{ada}\n{ada}\n{{\"end\":[2,0,0,0,0,0,0]}}").into(),
            "line 3: a second player",
        ),
        (
            format!("{head}\n{part}\n{{\"end\":[0,1,0,0,0,0,0]}}").into(),
            "line 3: it is of a player 1 who",
        ),
        (
            format!("{head}{ada}\n{part}\n{{\"end\":[1,1,0,0,0,0,0]}}").into(),
            "line 2: the score is 1 point more than its history makes.",
        ),
        (
            format!("{head}{{\"player\":{{\"id\":1e99}}}}").into(),
            "line 2: invalid type",
        ),
        (
            format!("{head}{{\"sprint\":\"\x1b[2J\"}}").into(),
            "line 2: ",
        ),
        (
            b"{\"clickoff\":3}\n".into(),
            "line 1: its format is 3, and this clickoff reads format 1. Use the clickoff that made it",
        ),
        (
            b"name,score\nAda,1\n".into(),
            "line 1: it is none of clickoff's files",
        ),
        (
            format!("{csv}player,1,A,,2,,,,,,,,,,,,,,,,,\r\nplayer,x,A,,2,,,,,,,,,,,,,,,,,\r\n")
                .into(),
            "line 3: player is no",
        ),
        (
            format!("{csv}player,1,\"a\nb\",,2,,,,,,,,,,,,,,,,,\nplayer,2\n").into(),
            "line 4: it has 2 cells",
        ),
        (
            format!("{csv}spurt,1,,,,,,,,,,,,,,,,,,,,\r\n").into(),
            "line 2: the record is neither",
        ),
        (
            b"SQLite format 3\0, but not really".into(),
            "is not a SQLite database",
        ),
    ];
    for (bytes, words) in cases {
        fs::write(home.join("bad"), bytes).expect("written");
        for command in [
            ["import", "bad", "--merge=add"],
            ["restore", "bad", "--overwrite"],
        ] {
            let said = run(&home, &place, &command);
            assert!(said.err.contains(words), "{words:?} not in {}", said.err);
            assert!(said.err.contains(" Nothing was "), "{}", said.err);
            let code = if words.contains("SQLite") { 7 } else { 5 };
            said.fails(code, &[]);
        }
    }
    run(&home, &place, &["import", "nowhere"]).fails(3, &["nowhere can't be read"]);
    place.holds(&[row(3, "Ada", 7)]);
    assert_eq!((place.history().len(), place.races().len()), (3, 4));
}

/// A file that ends with its players alone, in either form.
fn files_without_races_come_in(place: Place) {
    let home = Home::new();
    filled(&home, &place, &[row(3, "Ada", 7)]);
    let there = place.races();
    let player = r#"{"player":{"id":3,"name":"Ada","email":null,"score":8}}"#;
    let sprint = r#"{"sprint":{"player":3,"seconds":5,"presses":1,"at":0,"trace":"1"}}"#;
    for text in [
        format!("{{\"clickoff\":1}}\n{player}\n{{\"end\":[1,0,0,0,0,0,0]}}\n"),
        format!("{{\"clickoff\":1}}\n{player}\n{sprint}\n{{\"end\":[1,0,1,0,0,0,0]}}\n"),
        format!("{COLUMNS}\r\nplayer,3,Ada,,8,,,,,,,,,,,,,,,,,\r\n"),
    ] {
        fs::write(home.join("old"), text).expect("written");
        run(&home, &place, &["import", "old", "--merge", "replace"]).says("changed 1 known one.");
        place.holds(&[row(3, "Ada", 8)]);
        assert_eq!(place.races(), there);
    }
    let said = run(&home, &place, &["restore", "old", "--overwrite"]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert_eq!(place.races(), [""; 0], "as it was at the backup");
}

fn what_its_columns_refuse_is_named(place: Place) {
    let (home, big) = (Home::new(), Place::sqlite().expect("a file"));
    big.fill(TABLE, &[row(1, "Ada", 1), row(2, "Bob", 5_000_000_000)]);
    place.fill(TUTORIAL, &[]);
    let said = run(&home, &place, &["import", &big.url()]);
    said.fails(
        5,
        &[
            "\"Bob\", with 5,000,000,000 points",
            "too large",
            "Nothing was imported.",
        ],
    );
    place.holds(&[]);
}

on!(all:
    what_goes_out_comes_back_as_it_was,
    points_are_added_or_left_alone,
    a_key_that_both_have_is_whose_it_became_last,
    what_was_backed_up_is_restored,
    a_bad_line_is_named_and_nothing_is_written,
    files_without_races_come_in,
);

mod servers {
    use super::*;
    on!(servers: what_its_columns_refuse_is_named);
}

#[test]
fn what_they_say() {
    let home = Home::new();
    let file = home.join("scores.db");
    let mut db = Db::open(&file);
    db.run(TABLE);
    db.run("INSERT INTO users VALUES (1, 'Ada', NULL, 7), (2, '=Bob', '', NULL)");
    drop(db);
    let text = transcript(
        &home,
        &[
            "-d scores.db export",
            "-d scores.db export --format csv all.csv",
            "-d new.db import all.csv",
            "-d new.db import scores.db",
            "-d new.db import scores.db --merge skip",
            "-d new.db backup new.backup",
            "-d new.db restore scores.db",
            "-d new.db restore scores.db --overwrite",
            "-d typo.db export",
            "-d typo.db backup x",
            "-d scores.db backup -",
            "-d scores.db backup no/where",
            "export --help",
            "import --help",
            "backup --help",
            "restore --help",
        ],
    );
    same_as_before("keeping", &text);
    let mut names: Vec<_> = fs::read_dir(home.path())
        .expect("listed")
        .map(|entry| entry.expect("an entry").file_name())
        .filter(|name| !name.to_string_lossy().ends_with(".lock"))
        .collect();
    names.sort();
    assert_eq!(names, ["all.csv", "new.backup", "new.db", "scores.db"]);
}

#[test]
fn a_pipe_gives_and_takes_them() {
    let (home, rows) = (Home::new(), crowd(2_500));
    let from = Place::sqlite().expect("a file");
    from.fill(TABLE, &rows);
    let mut out = home.command(&["-d", &from.url(), "export"]);
    let mut out = out.spawn().expect("it starts");
    let to = Place::sqlite().expect("a file");
    let mut into = home.command(&["-d", &to.url(), "import", "-"]);
    let into = into.stdin(Stdio::from(out.stdout.take().expect("a pipe")));
    Run::from(into.output().expect("it starts")).says("Imported 2,500 new players.");
    assert!(out.wait().expect("an end").success());
    to.holds(&rows);
    let unread = Home::unread(home.command(&["-d", &from.url(), "export"]));
    assert_eq!((unread.code, unread.err.as_str()), (0, ""));
}

#[test]
fn a_megabyte_of_a_name_comes_back() {
    let (home, from) = (Home::new(), Place::sqlite().expect("a file"));
    let rows = [row(1, &"'=\u{1b}王".repeat(150_000), 1)];
    from.fill(TABLE, &rows);
    for format in ["csv", "jsonl"] {
        let file = format!("name with spaces\u{a0}.{format}");
        assert_eq!(run(&home, &from, &["export", "-f", format, &file]).code, 0);
        let to = Place::sqlite().expect("a file");
        run(&home, &to, &["import", &file]).says("Imported 1 new player.");
        to.holds(&rows);
    }
}

/// Each backup is one moment: two players who always score together have the same score in it.
#[test]
fn a_backup_is_one_moment_while_others_play() {
    let (home, place) = (Home::new(), Place::sqlite().expect("a file"));
    filled(&home, &place, &[row(1, "Ada", 0), row(2, "Bob", 0)]);
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut db = Db::open(&place.file());
            while !over.load(Ordering::Relaxed) {
                db.run("UPDATE users SET score = score + 1");
            }
        });
        for n in 0..5 {
            let file = home.join(&format!("{n}.db"));
            let said = run(&home, &place, &["backup", &file.display().to_string()]);
            assert_eq!(said.code, 0, "{}", said.err);
            let mut saved = Db::open(&file);
            assert_eq!(saved.number("SELECT COUNT(DISTINCT score) FROM users"), 1);
            assert_eq!(saved.texts("PRAGMA integrity_check"), ["ok"]);
        }
        over.store(true, Ordering::Relaxed);
    });
}

#[test]
fn presses_that_wait_for_what_was_are_told_of_and_never_counted() {
    let (home, place) = (Home::new(), Place::sqlite().expect("a file"));
    filled(&home, &place, &[row(3, "Ada", 7)]);
    assert_eq!(run(&home, &place, &["backup", "b"]).code, 0);
    let outbox = home.join(".local/state/clickoff/outbox");
    fs::create_dir_all(&outbox).expect("made");
    let letter = format!(
        r#"{{"client":"6ba7b810-9dad-41d1-80b4-00c04fd430c8","database":"{}",
            "presses":[{{"player":3,"session":null,"upto":4,"counted":0}}]}}"#,
        place.name()
    );
    let mut file = fs::File::create(outbox.join("letter.json")).expect("made");
    file.write_all(letter.as_bytes()).expect("written");
    let said = run(&home, &place, &["restore", "b", "--overwrite"]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(
        said.err.contains("4 presses, which will not be counted"),
        "{}",
        said.err
    );
    assert!(!letter.contains(&place.name()), "no letter is for it");
}
