//! Importing races into a database that has some: which races are kept, and which players they
//! belong to.

use std::fs;

use crate::home::Home;
use crate::keep::{START, run};
use crate::place::{Place, TABLE, on, row};

/// A file of races over 5 s, a minute apart, in each of which Ada and Bob raced.
fn file_of_races(home: &Home, minutes: std::ops::Range<i64>, ada: i64) -> String {
    let mut text = format!(
        "{{\"clickoff\":1}}
         {{\"player\":{{\"id\":{ada},\"name\":\"Ada\",\"email\":null,\"score\":7}}}}\n"
    );
    let mut racers = String::new();
    for n in minutes.clone() {
        let start = START + n * 60_000_000;
        text += &format!(
            "{{\"race\":{{\"id\":{n},\"seconds\":5,\"start\":{start},\"closed\":{start}}}}}\n"
        );
        for (number, player, name) in [(1, ada.to_string(), "Ada"), (2, "null".into(), "Bob")] {
            racers += &format!(
                "{{\"racer\":{{\"race\":{n},\"number\":{number},\"player\":{player},\
                 \"name\":\"{name}\",\"presses\":{n},\"left\":false}}}}\n"
            );
        }
    }
    let races = minutes.count();
    text += &format!("{racers}{{\"end\":[1,0,0,0,{races},{},0]}}\n", races * 2);
    fs::write(home.join("races"), text).expect("written");
    "races".to_owned()
}

/// Its closed races by the minutes of their starts, with the players of each.
fn minutes(place: &Place) -> Vec<(i64, Vec<String>)> {
    let lines = place.races();
    let fields = |line: &String| line.split(' ').map(str::to_owned).collect::<Vec<_>>();
    let (racers, races): (Vec<_>, Vec<_>) = lines
        .iter()
        .map(fields)
        .partition(|fields| fields.len() == 7);
    let minute = |race: Vec<String>| {
        let players = racers.iter().filter(|racer| racer[0] == race[0]);
        let players = players.map(|racer| racer[2].clone()).collect();
        let start: i64 = race[2].parse().expect("a number");
        ((start - START) / 60_000_000, players)
    };
    races.into_iter().map(minute).collect()
}

fn the_last_races_of_both_are_kept_each_once(place: Place) {
    let home = Home::new();
    place.fill(TABLE, &[row(1, "Ada", 7)]);
    assert_eq!(run(&home, &place, &["players", "list"]).code, 0);
    let both = |ada: &str| vec![ada.to_owned(), "-".to_owned()];
    let import = |minutes, merge: &str| {
        let file = file_of_races(&home, minutes, 5);
        let said = run(&home, &place, &["import", &file, "--merge", merge]);
        assert_eq!(said.code, 0, "{}", said.err);
    };
    import(1..4, "skip");
    let wanted: Vec<_> = (1..4).map(|n| (n, both("1"))).collect();
    assert_eq!(minutes(&place), wanted, "whoever is left out is known");
    let as_they_are = place.races();
    import(2..4, "skip");
    assert_eq!(place.races(), as_they_are, "nothing is written for nothing");
    for merge in ["add", "replace"] {
        import(3..30, merge);
        let wanted: Vec<_> = (1..30).map(|n| (n, both("1"))).collect();
        assert_eq!(minutes(&place), wanted, "{merge}");
        import(1..10, merge);
        assert_eq!(minutes(&place), wanted, "{merge}");
    }
    run(&home, &place, &["verify"]).says("is sound");
    // One who was removed and comes back has the old races again.
    place.run("DELETE FROM users");
    assert_eq!(minutes(&place)[0].1, ["-", "-"]);
    let file = file_of_races(&home, 28..32, 5);
    run(&home, &place, &["import", &file]).says("Imported 1 new player.");
    let of = |n| if n < 28 { both("-") } else { both("5") };
    let wanted: Vec<_> = (1..32).map(|n| (n, of(n))).collect();
    assert_eq!(minutes(&place), wanted);
}

fn a_race_that_is_on_goes_on(place: Place) {
    let home = Home::new();
    place.fill(TABLE, &[row(1, "Ada", 7)]);
    assert_eq!(run(&home, &place, &["players", "list"]).code, 0);
    place.add_races(&[
        (1, 5, START, Some(START), &[(1, Some("Ada"), 7, 1)]),
        (2, 60, START + 1, None, &[(1, Some("Ada"), 7, 0)]),
    ]);
    let file = file_of_races(&home, 1..4, 1);
    let said = run(&home, &place, &["import", &file, "--merge", "add"]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert_eq!(minutes(&place).len(), 4);
    let open = place.texts("SELECT CAST(id AS CHAR(9)) FROM click_races WHERE closed_at IS NULL");
    assert_eq!(open[0].trim(), "2");
    let later = place.texts("SELECT CAST(COUNT(*) AS CHAR(9)) FROM click_races WHERE id > 2");
    assert_eq!(later[0].trim(), "0", "it is still the newest");
    let racing = place.texts(
        "SELECT CAST(COUNT(*) AS CHAR(9)) FROM click_racers
         WHERE race = 2 AND session = 1 AND standing = 0",
    );
    assert_eq!(racing[0].trim(), "1");
    // A restore is of everything, and what belonged to the moment is gone with it.
    let said = run(&home, &place, &["restore", &file, "--overwrite"]);
    assert_eq!(said.code, 0, "{}", said.err);
    let all = place.texts("SELECT CAST(COUNT(*) AS CHAR(9)) FROM click_races");
    assert_eq!((all[0].trim(), minutes(&place).len()), ("3", 3));
    // The next one is behind them.
    place.run("INSERT INTO click_races (seconds, starts_at) VALUES (5, 0)");
    let last = place.texts("SELECT CAST(MAX(id) AS CHAR(9)) FROM click_races WHERE starts_at = 0");
    assert!(last[0].trim() > "3", "{last:?}");
}

/// As an earlier clickoff left it.
fn an_older_database_has_none_to_give(place: Place) {
    let home = Home::new();
    place.fill(TABLE, &[row(1, "Ada", 7)]);
    assert_eq!(run(&home, &place, &["players", "list"]).code, 0);
    place.run(
        "DROP TABLE click_races; DROP TABLE click_racers;
         DELETE FROM click_migrations WHERE version = 7",
    );
    let to = Place::sqlite().expect("a file");
    home.copy(&place.url(), &to.url(), &[])
        .says("Copied 1 player with 7 points");
    let said = run(&home, &place, &["export", "all"]);
    assert!(
        said.out.contains("0 keys, 0 races and 0 ssh keys"),
        "{}",
        said.out
    );
    // That it was read has changed nothing in it.
    assert!(place.try_run("SELECT COUNT(*) FROM click_races").is_err());
    let said = run(&home, &place, &["verify"]);
    assert!(
        said.out.contains("missing: the table click_races."),
        "{}",
        said.out
    );
}

on!(all:
    the_last_races_of_both_are_kept_each_once,
    a_race_that_is_on_goes_on,
    an_older_database_has_none_to_give,
);
