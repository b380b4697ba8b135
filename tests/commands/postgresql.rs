//! PostgreSQL databases of other programs: a table of players in any schema and with any types can
//! be played on and verified, or is refused unchanged.

use crate::home::{Home, Run};
use crate::place::Place;

fn run(home: &Home, url: &str, arguments: &[&str]) -> Run {
    home.run(&[&["-d", url], arguments].concat())
}

/// Plays a little on a database, and finds it sound.
#[track_caller]
fn plays(home: &Home, url: &str) {
    run(home, url, &["click", "Ada", "--times", "3"]).says("scored 3 points");
    run(home, url, &["players", "add", "Bob"]).says("Bob");
    run(home, url, &["verify"]).says("is sound: 2 players");
}

#[test]
fn a_fresh_game_is_sound_whatever_the_types_are() {
    let home = Home::new();
    for table in [
        "CREATE TABLE users (id SMALLINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                             name VARCHAR(50) NOT NULL, email TEXT, score SMALLINT)",
        "CREATE TABLE users (id SERIAL UNIQUE NOT NULL, name CHAR(20), email VARCHAR, score NUMERIC)",
        "CREATE TABLE users (id BIGSERIAL PRIMARY KEY, name TEXT, email TEXT, score NUMERIC(12))",
        "CREATE TABLE users (id BIGSERIAL PRIMARY KEY, name TEXT, email TEXT, score REAL)",
        "CREATE TABLE users (id BIGSERIAL PRIMARY KEY, name NAME, email TEXT,
                             score DOUBLE PRECISION DEFAULT 0)",
        "CREATE DOMAIN points AS INTEGER CHECK (VALUE >= 0);
         CREATE DOMAIN label AS VARCHAR(60);
         CREATE TABLE users (id BIGSERIAL PRIMARY KEY, name label, email label, score points)",
        "CREATE TABLE users (id BIGSERIAL, name TEXT, email TEXT, score BIGINT,
                             PRIMARY KEY (id)) PARTITION BY HASH (id);
         CREATE TABLE even PARTITION OF users FOR VALUES WITH (MODULUS 2, REMAINDER 0);
         CREATE TABLE odd PARTITION OF users FOR VALUES WITH (MODULUS 2, REMAINDER 1)",
        "CREATE TABLE users (id BIGSERIAL, name TEXT, email TEXT, score BIGINT DEFAULT 0,
                             PRIMARY KEY (score, id)) PARTITION BY RANGE (score);
         CREATE TABLE low PARTITION OF users FOR VALUES FROM (MINVALUE) TO (2);
         CREATE TABLE high PARTITION OF users FOR VALUES FROM (2) TO (MAXVALUE)",
    ] {
        let Some(place) = Place::postgres() else {
            return;
        };
        place.run(table);
        place.run("INSERT INTO users (name, score) VALUES ('Ada', 1)");
        plays(&home, &place.url());
    }
}

#[test]
fn a_fresh_game_is_sound_whatever_the_server_is_set_to() {
    let home = Home::new();
    for setting in [
        "quote_all_identifiers = on",
        "extra_float_digits = 0",
        "DateStyle = 'German'",
        "timezone = 'Asia/Kathmandu'",
    ] {
        let Some(place) = Place::postgres() else {
            return;
        };
        place.run(&format!(
            "DO $$ BEGIN EXECUTE 'ALTER DATABASE ' || current_database() || ' SET {}'; END $$",
            setting.replace('\'', "''")
        ));
        run(&home, &place.url(), &["players", "add", "Ada"]).says("Ada");
        plays(&home, &place.url());
    }
}

/// Whatever would break the other program's writes, or the promise.
#[test]
fn a_table_that_does_not_fit_is_refused_and_left_as_it_is() {
    let home = Home::new();
    for (table, told) in [
        (
            "CREATE TABLE users (id UUID PRIMARY KEY, name TEXT, email TEXT, score BIGINT)",
            "the column id of its table users is of the type uuid; BIGINT PRIMARY KEY would fit",
        ),
        (
            "CREATE TABLE users (id NUMERIC(20) PRIMARY KEY, name TEXT, email TEXT, score BIGINT)",
            "the column id of its table users is of the type numeric(20,0); BIGINT PRIMARY KEY",
        ),
        (
            "CREATE TABLE users (id CHAR(36) PRIMARY KEY, name TEXT, email TEXT, score BIGINT)",
            "the column id of its table users is of the type character(36); BIGINT PRIMARY KEY",
        ),
        (
            "CREATE TABLE users (id BIGINT UNIQUE, name TEXT, email TEXT, score BIGINT)",
            "the column id of its table users may be NULL; BIGINT PRIMARY KEY",
        ),
        (
            "CREATE TABLE users (id BIGINT NOT NULL, name TEXT, email TEXT, score BIGINT)",
            "the column id of its table users may hold a number twice; BIGINT PRIMARY KEY would fit",
        ),
        (
            "CREATE TABLE users (id BIGINT, name TEXT, email TEXT, score BIGINT,
                                 PRIMARY KEY (id, name))",
            "the column id of its table users may hold a number twice",
        ),
        (
            "CREATE TABLE users (id BIGINT NOT NULL, name TEXT, email TEXT, score BIGINT);
             CREATE UNIQUE INDEX ON users (id) WHERE score > 0",
            "the column id of its table users may hold a number twice",
        ),
        (
            "CREATE TABLE users (id BIGINT PRIMARY KEY, name TEXT, email TEXT, score TEXT)",
            "the column score of its table users is of the type text; BIGINT would fit",
        ),
        (
            "CREATE TABLE users (id BIGINT PRIMARY KEY, name TEXT, email TEXT, score MONEY)",
            "the column score of its table users is of the type money; BIGINT would fit",
        ),
        (
            "CREATE TABLE users (id BIGINT PRIMARY KEY, name JSONB, email TEXT, score BIGINT)",
            "the column name of its table users is of the type jsonb; VARCHAR(100) would fit",
        ),
        (
            "CREATE TABLE users (id BIGINT PRIMARY KEY, name TEXT, email BYTEA, score BIGINT)",
            "the column email of its table users is of the type bytea; VARCHAR(100) would fit",
        ),
        (
            "CREATE TABLE users (id BIGINT PRIMARY KEY, name TEXT, email TEXT, hits BIGINT,
                                 score BIGINT GENERATED ALWAYS AS (hits * 2) STORED)",
            "the column score of its table users is generated; BIGINT would fit",
        ),
        (
            "CREATE TABLE users (id BIGINT PRIMARY KEY, name TEXT, email TEXT, \"Score\" BIGINT)",
            "its table users has no column score",
        ),
        (
            "CREATE VIEW users AS SELECT 1::bigint AS id, ''::text AS name, ''::text AS email,
                                         0::bigint AS score",
            "its users is no table",
        ),
        (
            "CREATE UNLOGGED TABLE users (id BIGINT PRIMARY KEY, name TEXT, email TEXT,
                                          score BIGINT)",
            "ALTER TABLE users SET LOGGED",
        ),
        (
            "CREATE TABLE users (id BIGINT PRIMARY KEY, name TEXT, email TEXT, score BIGINT);
             CREATE TABLE admins () INHERITS (users)",
            "other tables inherit from its table users",
        ),
        (
            "CREATE TABLE users (id BIGINT PRIMARY KEY, name TEXT, email TEXT, score NUMERIC);
             INSERT INTO users VALUES (3, 'Eve', NULL, 1.5)",
            "the player 3 of its table users has the score 1.5, which is no whole number",
        ),
        (
            "CREATE TABLE users (id BIGINT PRIMARY KEY, name TEXT, email TEXT,
                                 score DOUBLE PRECISION);
             INSERT INTO users VALUES (3, 'Eve', NULL, 'NaN')",
            "the player 3 of its table users has the score NaN, which is no whole number",
        ),
    ] {
        let Some(place) = Place::postgres() else {
            return;
        };
        place.run(table);
        let before = made(&place);
        let said = run(&home, &place.url(), &["players", "list"]);
        said.fails(7, &["the database of another program", told]);
        assert!(!said.err.contains("ERROR"), "{}", said.err);
        assert_eq!(made(&place), before, "{table}");
    }
}

/// Everything that there is in a database.
fn made(place: &Place) -> Vec<String> {
    place.texts(
        "SELECT relname FROM pg_class c WHERE relnamespace::regnamespace::text !~ '^pg_|^inf'
         UNION ALL SELECT proname FROM pg_proc WHERE pronamespace::regnamespace::text !~ '^pg_|^inf'
         UNION ALL SELECT tgname FROM pg_trigger UNION ALL SELECT nspname FROM pg_namespace
         ORDER BY 1",
    )
}

const TABLE: &str = "(id BIGSERIAL PRIMARY KEY, name TEXT, email TEXT, score BIGINT)";

/// The default path is `"$user", public`: a role's own schema comes first.
#[test]
fn the_players_are_those_that_the_path_finds_and_ours_stand_beside_them() {
    let home = Home::new();
    let Some(place) = Place::postgres() else {
        return;
    };
    place.run(&format!(
        "CREATE TABLE users {TABLE}; INSERT INTO users (name, score) VALUES ('Ada', 1);
         CREATE SCHEMA clickoff"
    ));
    plays(&home, &place.url());
    assert_eq!(schemas(&place), ["public"]);
    let scores = place.texts("SELECT score FROM public.users WHERE name = 'Ada'");
    assert_eq!(scores, ["4"]);
    // A player who has a schema as well finds the same, but may make nothing beside it.
    let url = place.member("player");
    let user = url
        .split("//")
        .nth(1)
        .and_then(|rest| rest.split(':').next());
    place.run(&format!(
        "CREATE SCHEMA AUTHORIZATION {}",
        user.expect("a user")
    ));
    run(&home, &url, &["click", "Ada"]).says("scored 1 point");
    is_sound(&home, &url);
    assert_eq!(schemas(&place), ["public"]);
}

/// A member of a role may not look at everything, which is told.
#[track_caller]
fn is_sound(home: &Home, url: &str) {
    let said = run(home, url, &["verify"]);
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    assert!(said.out.contains("is sound: 2 players"), "{}", said.out);
}

/// In which schemas there are tables of clickoff's, or of players.
fn schemas(place: &Place) -> Vec<String> {
    place.texts(
        "SELECT DISTINCT relnamespace::regnamespace::text FROM pg_class
         WHERE relname LIKE 'click%' OR relname = 'users'",
    )
}

#[test]
fn a_role_that_may_make_nothing_beside_the_players_hears_of_both_schemas() {
    let home = Home::new();
    let Some(place) = Place::postgres() else {
        return;
    };
    place.run(&format!(
        "CREATE TABLE users {TABLE};
         CREATE ROLE \"cl own\" LOGIN PASSWORD 's3cret'; CREATE SCHEMA AUTHORIZATION \"cl own\";
         GRANT SELECT, INSERT, UPDATE, DELETE ON users TO \"cl own\""
    ));
    let url = place
        .url()
        .replace("clickoff:clickoff@", "cl%20own:s3cret@");
    let before = made(&place);
    let said = run(&home, &url, &["players", "list"]);
    said.fails(
        6,
        &[
            "in the schema public",
            "\"cl own\"",
            "Let the database's owner",
        ],
    );
    assert_eq!(made(&place), before);
}

/// Ours would not be beside the players.
#[test]
fn players_in_another_schema_than_ours_are_refused_and_both_are_named() {
    let home = Home::new();
    let Some(place) = Place::postgres() else {
        return;
    };
    run(&home, &place.url(), &["players", "add", "Ada"]).says("Ada");
    place.run(&format!(
        "CREATE SCHEMA clickoff; CREATE TABLE clickoff.users {TABLE}"
    ));
    for command in ["list", "export"] {
        let arguments: &[&str] = if command == "list" {
            &["players", "list"]
        } else {
            &["export", "all"]
        };
        let said = run(&home, &place.url(), arguments);
        said.fails(
            6,
            &[
                "table users in the schema clickoff",
                "tables in the schema public",
                "search_path",
            ],
        );
    }
    // With a path that names one of them, it is that one.
    let url = format!("{}?options=-csearch_path%3Dclickoff", place.url());
    run(&home, &url, &["players", "list"]).says("");
    run(&home, &url, &["players", "add", "Ada"]).says("Ada");
    plays_again(&home, &url);
    let url = format!("{}?options=-csearch_path%3Dpublic", place.url());
    run(&home, &url, &["verify"]).says("is sound: 1 player");
}

#[track_caller]
fn plays_again(home: &Home, url: &str) {
    run(home, url, &["click", "Ada"]).says("scored 1 point");
    run(home, url, &["verify"]).says("is sound: 1 player");
}

/// Names that could be taken for something else in the text of a trigger or of a setting.
#[test]
fn a_game_is_sound_in_a_schema_of_any_name() {
    let home = Home::new();
    for schema in ["a", "new", "search_path", "My Game", "ü"] {
        let Some(place) = Place::postgres() else {
            return;
        };
        place.run(&format!(
            "CREATE SCHEMA \"{schema}\"; CREATE TABLE \"{schema}\".users {TABLE};
             DO $$ BEGIN EXECUTE 'ALTER DATABASE ' || current_database()
                              || ' SET search_path = \"$user\", \"{schema}\", public'; END $$"
        ));
        run(&home, &place.url(), &["players", "add", "Ada"]).says("Ada");
        plays(&home, &place.url());
        is_sound(&home, &place.member("watcher"));
        let url = place.member("player");
        run(&home, &url, &["click", "Bob"]).says("scored 1 point");
    }
}

/// Told as a refusal with its reason, and nothing is kept.
#[test]
fn a_click_that_a_trigger_caps_is_refused() {
    let home = Home::new();
    let Some(place) = Place::postgres() else {
        return;
    };
    run(&home, &place.url(), &["players", "add", "Ada"]).says("Ada");
    run(&home, &place.url(), &["click", "Ada", "--times", "7"]).says("scored 7 points");
    place.run(
        "CREATE FUNCTION cap() RETURNS trigger LANGUAGE plpgsql AS
             'BEGIN IF NEW.score > 7 THEN RETURN NULL; END IF; RETURN NEW; END';
         CREATE TRIGGER cap BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION cap()",
    );
    let said = run(&home, &place.url(), &["click", "Ada", "--times", "3"]);
    said.fails(
        5,
        &[
            "the score was to be 10, and the row holds 7",
            "it has trigger cap",
        ],
    );
    assert_eq!(place.texts("SELECT score FROM users"), ["7"]);
    place.run("DROP TRIGGER cap ON users");
    run(&home, &place.url(), &["verify"]).says("is sound: 1 player with 7 points");
    run(&home, &place.url(), &["click", "Ada"]).says("and has 8 now");
}

/// Its row moves to another partition, and a call with its key is known there.
#[test]
fn a_key_counts_once_where_the_row_of_its_player_moves() {
    let home = Home::new();
    let Some(place) = Place::postgres() else {
        return;
    };
    place.run(
        "CREATE TABLE users (id BIGINT, name TEXT, email TEXT, score BIGINT,
                             PRIMARY KEY (id, score)) PARTITION BY RANGE (score);
         CREATE TABLE low PARTITION OF users FOR VALUES FROM (MINVALUE) TO (5);
         CREATE TABLE high PARTITION OF users FOR VALUES FROM (5) TO (MAXVALUE);
         INSERT INTO users VALUES (1, 'Ada', NULL, 3)",
    );
    let key = "6ba7b810-9dad-41d1-80b4-00c04fd430c8";
    for _ in 0..3 {
        let said = run(
            &home,
            &place.url(),
            &["click", "Ada", "--times", "4", "--key", key],
        );
        assert_eq!(said.code, 0, "{}", said.err);
        assert_eq!(place.texts("SELECT score FROM users"), ["7"]);
    }
    run(&home, &place.url(), &["verify"]).says("is sound: 1 player with 7 points");
}
