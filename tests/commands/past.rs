//! `clickoff top --period` and `clickoff history` on every database.

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use crate::home::{Home, Run};
use crate::place::{Place, TABLE, on, row};

/// A zone where it is about noon, as POSIX writes it, so that no test is at midnight.
fn noon() -> String {
    let hour = Timestamp::now().to_zoned(TimeZone::UTC).hour();
    format!("<noon>{}", hour - 12)
}

fn points_are_told_by_the_days_of_the_zone(place: Place) {
    place.fill(
        TABLE,
        &[row(1, "Ada", 100), row(2, "Bob", 5), row(3, "Cleo", 50)],
    );
    let (home, url, zone) = (Home::new(), place.url(), noon());
    let run = |arguments: &[&str]| {
        let mut command = home.command(&[&["-d", &url], arguments].concat());
        let run = Run::from(command.env("TZ", &zone).output().expect("it starts"));
        assert_eq!((run.code, run.err.as_str()), (0, ""));
        run.out
    };
    run(&["players"]);
    let days_ago = Timestamp::now() - (3 * 24).hours();
    let quarter = days_ago.as_second() / 900;
    place.run(&format!(
        "INSERT INTO click_history (user_id, quarter, points) VALUES (1, {quarter}, 40);
         UPDATE click_history SET points = 60 WHERE user_id = 1 AND quarter = 0"
    ));
    run(&["click", "Bob", "-n", "3"]);
    run(&["click", "Ada"]);

    let today = run(&["top", "--period", "today", "-f", "csv"]);
    let expected = "rank,id,name,email,points,score\r\n1,2,Bob,,3,8\r\n2,1,Ada,,1,101\r\n";
    assert_eq!(today, expected);
    let best = run(&["top", "--period", "today", "-l", "1", "-f", "json"]);
    let object = r#"{"rank":1,"id":2,"name":"Bob","email":null,"points":3,"score":8}"#;
    assert_eq!(best, format!("[{object}]\n"));
    for period in ["week", "month"] {
        let shown = run(&["top", "--period", period]);
        let lines: Vec<_> = shown
            .lines()
            .map(|l| l.split_whitespace().collect())
            .collect();
        assert_eq!(
            lines[0],
            ["RANK", "ID", "NAME", "E-MAIL", "POINTS", "SCORE"]
        );
        let ada = ["1", "2"].map(|rank| vec![rank, "1", "Ada", "1", "101"]);
        let all = vec!["1", "1", "Ada", "41", "101"];
        assert!(
            lines.contains(&all) || ada.iter().any(|l| lines.contains(l)),
            "{shown}"
        );
        assert!(!shown.contains("Cleo"), "{shown}");
    }
    let all = run(&["top", "--period", "all", "-f", "csv"]);
    assert!(
        all.starts_with("rank,id,name,email,score\r\n1,1,Ada,,101\r\n"),
        "{all}"
    );

    let there = TimeZone::posix(&zone).expect("a zone");
    let [then, now] = [days_ago, Timestamp::now()].map(|t| t.to_zoned(there.clone()).date());
    let days = run(&["history", "ada", "--format", "csv"]);
    let expected = format!("date,points,score\r\n,60,60\r\n{then},40,100\r\n{now},1,101\r\n");
    assert_eq!(days, expected);
    for (limit, left_out) in [("0", 3), ("1", 2), ("2", 1), ("3", 0), ("99", 0)] {
        let last = run(&["history", "ada", "--format", "csv", "--limit", limit]);
        let rows: Vec<&str> = expected.split_inclusive('\n').collect();
        assert_eq!(
            last,
            [&rows[..1], &rows[1 + left_out..]].concat().concat(),
            "{limit}"
        );
    }
    let days = run(&["history", "3", "--format", "json"]);
    assert_eq!(days, "[{\"date\":null,\"points\":50,\"score\":50}]\n");
    let days = run(&["history", "2"]);
    let expected =
        format!("DATE        POINTS  SCORE\n                 5      5\n{now}       3      8\n");
    assert_eq!(days, expected);
}

on!(all: points_are_told_by_the_days_of_the_zone);

#[test]
fn nobody_who_is_not_there_has_a_past() {
    let home = crate::players::played();
    home.run(&["history", "\x1b[31m"]).says("POINTS");
    home.run(&["history", "nobody"])
        .fails(3, &["there is no player"]);
    home.run(&["history", "bo"]).fails(4, &["Bobby"]);
    for command in [&["history", "Ada"][..], &["top", "--period", "week"]] {
        let run = home.run(&[&["-d", "typo.db"], command].concat());
        run.fails(3, &["there is no database", "typo.db yet"]);
    }
    assert!(!home.join("typo.db").exists());
}

#[test]
fn where_no_zone_is_known_days_are_those_of_utc() {
    let home = crate::players::played();
    let mut command = home.command(&["top", "--period", "today", "--format", "json"]);
    let run = Run::from(command.env("TZ", "No/Where").output().expect("it starts"));
    assert_eq!((run.code, run.out.as_str()), (0, "[]\n"), "{}", run.err);
    assert!(
        run.err
            .starts_with("clickoff: Days begin at midnight UTC: "),
        "{}",
        run.err
    );
}
