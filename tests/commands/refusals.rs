//! What `clickoff copy` refuses: it names the reason, and nothing is written.

use std::fs;
use std::os::unix::fs::symlink;

use crate::db::Db;
use crate::faults::full_disk;
use crate::home::{Home, Run, Running, slow_proxy};
use crate::place::{Place, TABLE, TUTORIAL, crowd, on, row};
use crate::support::port::Port;
use crate::support::servers::{PASSWORD, ROLE};

/// A SQLite file with these scores.
fn file(players: &[(&str, i64)]) -> Place {
    let place = Place::sqlite().expect("a file");
    let rows: Vec<_> = players
        .iter()
        .zip(1..)
        .map(|((name, score), id)| row(id, name, *score))
        .collect();
    place.fill(TABLE, &rows);
    place
}

fn a_score_too_large_for_its_column_is_named(to: Place) {
    let from = file(&[("Ada", 7), ("Bob", 2_147_483_648), ("Cleo", 1)]);
    to.fill(TUTORIAL, &[]);
    let run = Home::new().copy(&from.url(), &to.url(), &[]);
    run.fails(
        5,
        &[
            "can't hold the player 2, \"Bob\", with 2,147,483,648 points",
            "the number is too large for its column",
            "Nothing was copied.",
        ],
    );
    to.holds(&[]);
}

fn a_name_too_long_for_its_column_is_named(to: Place) {
    let long = "王".repeat(101);
    let from = file(&[("Ada", 7), (&long, 1)]);
    let run = Home::new().copy(&from.url(), &to.url(), &[]);
    let shown = format!("the player 2, \"{}…\"", "王".repeat(40));
    run.fails(5, &[&shown, "too long", "Nothing was copied."]);
    to.holds(&[]);
}

fn a_name_that_is_no_text_is_named(to: Place) {
    let from = file(&[("Ada", 7)]);
    from.run("INSERT INTO users VALUES (9, CAST(x'ff41' AS TEXT), NULL, 1)");
    let run = Home::new().copy(&from.url(), &to.url(), &[]);
    run.fails(
        5,
        &[
            "the player 9, \"\u{fffd}A\"",
            "not valid UTF-8",
            "Nothing was copied.",
        ],
    );
    to.holds(&[]);
}

fn what_changes_the_copy_is_found_out(to: Place) {
    let from = file(&[("Ada", 7), ("Bob", 8)]);
    to.fill(TABLE, &[row(1, "Old", 1)]);
    to.run(match to {
        Place::Sqlite(_) => {
            "CREATE TRIGGER fee AFTER INSERT ON users
             BEGIN UPDATE users SET score = score - 1 WHERE id = NEW.id; END"
        }
        Place::Postgres(..) => {
            "CREATE FUNCTION fee() RETURNS trigger LANGUAGE plpgsql AS
             $$ BEGIN NEW.score := NEW.score - 1; RETURN NEW; END $$;
             CREATE TRIGGER fee BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION fee()"
        }
        Place::MariaDb(..) => {
            "CREATE TRIGGER fee BEFORE INSERT ON users FOR EACH ROW SET NEW.score = NEW.score - 1"
        }
    });
    let run = Home::new().copy(&from.url(), &to.url(), &["--overwrite"]);
    let wanted = [
        "came out as 2 players with 13 points",
        "2 players with 15",
        "Nothing was copied.",
    ];
    run.fails(6, &wanted);
    to.holds(&[row(1, "Old", 1)]);
}

/// It acts after the last write, and before the sums are compared.
#[test]
fn what_a_trigger_does_at_the_end_of_a_copy_or_an_import_is_found_out() {
    let home = Home::new();
    let Some(place) = Place::postgres() else {
        return;
    };
    let from = file(&[("Ada", 7), ("Bob", 8)]);
    let exported = home.run(&["-d", &from.url(), "export", "all.jsonl"]);
    exported.says("Wrote 2 players");
    home.run(&["-d", &place.url(), "players", "add", "Old"])
        .says("Old");
    place.run(
        "CREATE FUNCTION fee() RETURNS trigger LANGUAGE plpgsql AS
             'BEGIN UPDATE users SET score = score - 1 WHERE id = NEW.id; RETURN NULL; END';
         CREATE CONSTRAINT TRIGGER fee AFTER INSERT ON users
         DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fee()",
    );
    let copy = home.copy(&from.url(), &place.url(), &["--overwrite"]);
    copy.fails(6, &["came out as 2 players with 13 points"]);
    let import = home.run(&["-d", &place.url(), "import", "all.jsonl", "--merge", "add"]);
    import.fails(6, &["it came out as 3 records with 13 points"]);
    assert_eq!(place.texts("SELECT name FROM users"), ["Old"]);
}

fn a_database_is_not_copied_into_itself(place: Place) {
    place.fill(TABLE, &[row(1, "Ada", 7)]);
    let other = match &place {
        Place::Sqlite(dir) => {
            let link = dir.path().join("link.db");
            symlink(place.file(), &link).expect("linked");
            link.display().to_string()
        }
        // Another URL of the same database.
        _ => place.url().replace("127.0.0.1", "localhost"),
    };
    for to in [place.url(), other] {
        let run = Home::new().copy(&place.url(), &to, &["--overwrite"]);
        run.fails(
            5,
            &[
                "source and target are the same database",
                "Nothing was copied.",
            ],
        );
    }
    place.holds(&[row(1, "Ada", 7)]);
}

fn a_newer_schema_is_refused_by_name(from: Place) {
    let (home, to) = (Home::new(), Place::sqlite().expect("a file"));
    home.copy(&file(&[("Ada", 7)]).url(), &from.url(), &[])
        .says("Copied 1 player");
    from.run("UPDATE click_migrations SET version = 999, description = 'flying carpets'");
    let run = home.copy(&from.url(), &to.url(), &[]);
    run.fails(7, &["newer clickoff", "flying carpets"]);
    assert!(!to.file().exists(), "nothing was made");
    let run = home.copy(&file(&[("Ada", 7)]).url(), &from.url(), &["--overwrite"]);
    run.fails(7, &["newer clickoff", "flying carpets"]);
}

fn what_is_no_game_is_refused_and_left_alone(place: Place) {
    let (home, full) = (Home::new(), file(&[("Ada", 7)]));
    place.run("CREATE TABLE songs (id INTEGER)");
    let run = home.copy(&place.url(), &full.url(), &["--overwrite"]);
    run.fails(7, &["no table users"]);
    place.run("CREATE TABLE users (id INTEGER PRIMARY KEY, login VARCHAR(9))");
    for (from, to) in [(&place, &full), (&full, &place)] {
        let run = home.copy(&from.url(), &to.url(), &["--overwrite"]);
        run.fails(7, &["the database of another program", "no column name"]);
    }
    full.holds(&[row(1, "Ada", 7)]);
}

on!(servers:
    a_score_too_large_for_its_column_is_named,
    a_name_too_long_for_its_column_is_named,
    a_role_that_may_not_write_is_refused,
    what_does_not_answer_is_named_without_its_password,
);

mod everywhere {
    use super::*;

    on!(all:
        a_name_that_is_no_text_is_named,
        what_changes_the_copy_is_found_out,
        a_database_is_not_copied_into_itself,
        a_newer_schema_is_refused_by_name,
        what_is_no_game_is_refused_and_left_alone,
    );
}

fn a_role_that_may_not_write_is_refused(to: Place) {
    let (home, from) = (Home::new(), file(&[("Ada", 7)]));
    to.fill(TABLE, &[]);
    home.copy(&from.url(), &to.url(), &[]).says("Copied");
    from.run("UPDATE users SET score = 8");
    let role = format!("eve_{}", to.url().rsplit('/').next().expect("a name"));
    to.run(&match &to {
        Place::MariaDb(_, name, _) => format!(
            "CREATE USER {role} IDENTIFIED BY 's3cret'; GRANT SELECT, EXECUTE ON {name}.* TO {role};"
        ),
        _ => format!(
            "CREATE ROLE {role} LOGIN PASSWORD 's3cret';
             GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role};"
        ),
    });
    let url = to
        .url()
        .replace(&format!("{ROLE}:{PASSWORD}@"), &format!("{role}:s3cret@"));
    let run = home.copy(&from.url(), &url, &["--overwrite"]);
    run.fails(
        6,
        &["does not allow it to this user", "Nothing was copied."],
    );
    assert!(!run.err.contains("s3cret"), "{}", run.err);
    to.holds(&[row(1, "Ada", 7)]);
    // To read is enough for a source.
    let home_file = Place::sqlite().expect("a file");
    home.copy(&url, &home_file.url(), &[])
        .says("Copied 1 player with 7 points");
}

fn what_does_not_answer_is_named_without_its_password(place: Place) {
    let (home, other) = (Home::new(), file(&[("Ada", 7)]));
    let port = Port::reserve();
    let deaf = place
        .url_via(port.addr())
        .replace(&format!(":{PASSWORD}@"), ":s3cret@");
    let nobody = format!("nothing listens at {}", port.addr());
    for (from, to) in [(&deaf, &other.url()), (&other.url(), &deaf)] {
        let run = home.copy(from, to, &["--overwrite"]);
        run.fails(6, &[&nobody, "Nothing was copied."]);
        assert!(!run.err.contains("s3cret"), "{}", run.err);
    }
    other.holds(&[row(1, "Ada", 7)]);
}

#[test]
fn a_source_is_left_as_it_is_to_the_byte() {
    for mode in ["DELETE", "WAL"] {
        let (home, from) = (Home::new(), file(&[("Ada", 7), ("Bob", 8)]));
        from.run(&format!("PRAGMA journal_mode = {mode}"));
        let before = fs::read(from.file()).expect("bytes");
        home.copy(&from.url(), "to.db", &[])
            .says("Copied 2 players with 15 points");
        assert!(
            before == fs::read(from.file()).expect("bytes"),
            "it was written"
        );
        let directory = from.file();
        let directory = directory.parent().expect("a directory");
        let files = fs::read_dir(directory).expect("listed").count();
        assert_eq!(files, 1, "files beside it");
    }
}

#[test]
fn a_source_that_is_not_there_is_not_made() {
    let home = Home::new();
    let run = home.copy("no.db", "to.db", &[]);
    run.fails(
        6,
        &["no.db", "there is no such file", "Nothing was copied."],
    );
    home.copy(".", "to.db", &[]).fails(6, &["it is not a file"]);
    fs::write(home.join("notes.txt"), "a shopping list\n".repeat(500)).expect("written");
    home.copy("notes.txt", "to.db", &[])
        .fails(7, &["is not a SQLite database"]);
    fs::write(home.join("empty.db"), "").expect("written");
    home.copy("empty.db", "to.db", &[])
        .fails(7, &["has no table users"]);
    assert_eq!(fs::read_dir(home.path()).expect("listed").count(), 2);
}

#[test]
fn a_full_disk_takes_nothing_and_then_all() {
    let Some(from) = Place::postgres() else {
        return;
    };
    let (home, place, rows) = (Home::new(), Place::sqlite().expect("a file"), crowd(3_000));
    from.fill(TABLE, &rows);
    let to = place.url();
    home.copy(&file(&[("Old", 1)]).url(), &to, &[])
        .says("Copied 1 player");
    let disk = full_disk(place.file().parent().expect("a directory"));
    let command = |url: &str| {
        let mut command = home.command(&["copy", "--from", url, "--to", &to, "--overwrite"]);
        command.envs(disk.env());
        command
    };
    let proxy = slow_proxy(from.address());
    let running = Running::start(command(&from.url_via(proxy.addr())));
    running.stops_in_the_middle(&proxy, |c| c.bytes_to_client);
    disk.fill();
    proxy.pass();
    running
        .ends()
        .fails(6, &["is full: make room", "Nothing was copied."]);
    disk.free();
    place.holds(&[row(1, "Old", 1)]);
    let run = Run::from(command(&from.url()).output().expect("it starts"));
    assert_eq!(run.code, 0, "{}", run.err);
    place.holds(&rows);
}

#[test]
fn a_target_that_another_program_holds_is_named() {
    let (home, from) = (Home::new(), file(&[("Ada", 7)]));
    home.copy(&from.url(), "to.db", &[]).says("Copied");
    from.run("UPDATE users SET score = 8");
    let mut holder = Db::open(&home.join("to.db"));
    holder.run("BEGIN IMMEDIATE");
    let run = home.copy(&from.url(), "to.db", &["--overwrite"]);
    run.fails(6, &["is locked by another program", "Nothing was copied."]);
    holder.run("ROLLBACK");
    let run = home.copy(&from.url(), "to.db", &["--overwrite"]);
    assert_eq!(run.code, 0, "{}", run.err);
}
