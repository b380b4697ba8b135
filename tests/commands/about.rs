//! `clickoff me` and `clickoff card`: what is kept of a player, on every database.

use serde_json::{Value, json};

use crate::home::{Home, Run};
use crate::place::{Place, TABLE, on, row};

/// What Ada did in Kathmandu, where midnight is at 18:15 in UTC: 40 points late on the first of March
/// 2026, 60 early on the second, a sprint and a race.
fn fill(place: &Place) {
    place.fill(TABLE, &[row(1, "Ada <&>", 100), row(2, "Bob", 0)]);
    let home = Home::new();
    home.run(&["-d", &place.url(), "players"]).says("Ada");
    let midnight = "2026-03-01T18:15:00Z"
        .parse::<jiff::Timestamp>()
        .expect("a time");
    let quarter = midnight.as_second() / 900;
    place.run(&format!(
        "DELETE FROM click_history WHERE user_id = 1;
         INSERT INTO click_history (user_id, quarter, points)
         VALUES (1, {}, 40), (1, {quarter}, 60);
         INSERT INTO click_sprints (user_id, seconds, presses, at, trace)
         VALUES (1, 5, 12, 1790000000, '10,,1,,,,,,,,,,1')",
        quarter - 1
    ));
}

fn a_page_and_a_card_tell_what_is_kept_of_a_player(place: Place) {
    fill(&place);
    let (home, url) = (Home::new(), place.url());
    let run = |arguments: &[&str]| -> Run {
        let mut command = home.command(&[&["-d", &url], arguments].concat());
        Run::from(
            command
                .env("TZ", "<+0545>-5:45")
                .output()
                .expect("it starts"),
        )
    };
    let object = |arguments: &[&str]| -> Value {
        let run = run(arguments);
        assert_eq!((run.code, run.err.as_str()), (0, ""));
        serde_json::from_str(&run.out).expect("JSON")
    };
    let me = object(&["me", "ada", "--json"]);
    for (field, expected) in [
        ("id", json!(1)),
        ("name", json!("Ada <&>")),
        ("score", json!(100)),
        ("today", json!(0)),
        ("streak", json!(0)),
        ("longest_streak", json!(2)),
        ("best_day", json!({"date": "2026-03-02", "points": 60})),
        (
            "best_hour",
            json!({"from": "2026-03-01T23:45", "points": 100}),
        ),
        ("races", json!(0)),
        ("races_won", json!(0)),
        (
            "sprints",
            json!([{"seconds": 5, "presses": 12, "time": "2026-09-21T14:13:20Z"}]),
        ),
        ("next_mark", json!("day-100")),
        (
            "days",
            json!([{"date": "2026-03-01", "points": 40}, {"date": "2026-03-02", "points": 60}]),
        ),
    ] {
        assert_eq!(me[field], expected, "{field}: {me}");
    }
    let mark = |name: &str| {
        let marks = me["marks"].as_array().expect("marks").iter();
        let mark = marks
            .filter(|mark| mark["mark"] == name)
            .collect::<Vec<_>>();
        assert_eq!(mark.len(), 1, "{name}: {me}");
        mark[0].clone()
    };
    let first = json!({"mark": "first", "have": 1, "goal": 1, "date": "2026-03-01"});
    assert_eq!(mark("first"), first);
    assert_eq!(mark("second-10")["date"], "2026-09-21");
    assert_eq!(mark("all-1000")["have"], 100);
    assert_eq!(mark("won")["date"], Value::Null);

    let page = run(&["me", "Ada <&>"]);
    assert_eq!((page.code, page.err.as_str()), (0, ""));
    for words in [
        "About Ada <&>\n",
        "Mon ",
        "less ·░▒▓█ more\n",
        "Points      100, today 0\n",
        "Streak      0 days, longest 2\n",
        "Next mark   100 in a day: 40 to go\n",
        "Best day    60 on 2 Mar\n",
        "Best hour   100 on 1 Mar, 23:45\n",
        "Sprint 5 s  12 at 2.4/s on 21 Sep\n",
        "✓ The first point  1 Mar\n",
        "· 1,000 in all  100/1,000\n",
    ] {
        // The year is told once it is over.
        let out = page.out.replace(" 2026", "");
        assert!(out.contains(words), "{words:?} in:\n{out}");
    }
    assert!(!page.out.contains("Races"), "{}", page.out);

    let card = run(&["card", "1"]);
    let expected = format!(
        "Ada <&> · 100 points\n{} the last 30 days\n12 presses in 5 s: 2.4/s\n\
         clickoff – never loses a click\n",
        "▁".repeat(30)
    );
    assert_eq!((card.code, card.out), (0, expected), "{}", card.err);
    let sprint = run(&["card", "1", "--sprint", "5"]);
    let expected = "Ada <&> · 12 presses in 5 s: 2.4/s\n█▂▁▁▁\nclickoff – never loses a click\n";
    assert_eq!(
        (sprint.code, sprint.out.as_str()),
        (0, expected),
        "{}",
        sprint.err
    );
    let card = object(&["card", "1", "-s", "5", "--json"]);
    assert_eq!(card["curve"], json!([11, 1, 0, 0, 0]));
    assert_eq!(
        (&card["presses"], &card["seconds"]),
        (&json!(12), &json!(5))
    );
    assert_eq!(card["text"], expected.trim_end());
    let svg = run(&["card", "1", "--format", "svg"]).out;
    assert!(
        svg.starts_with("<svg ") && svg.contains(">Ada &lt;&amp;&gt;<"),
        "{svg}"
    );
    run(&["card", "1", "--sprint", "10"]).fails(3, &["no sprint of Ada <&> over 10 s"]);
    run(&["me", "nobody"]).fails(3, &["there is no player"]);
}

on!(all: a_page_and_a_card_tell_what_is_kept_of_a_player);

#[test]
fn without_a_player_it_is_the_one_whom_the_game_starts_on() {
    let home = Home::new();
    for name in ["Ada", "Bob"] {
        home.run(&["players", "add", name]).says("Added");
    }
    for command in ["me", "card"] {
        let file = home.join("ada.toml");
        std::fs::write(&file, "player = 'Ada'\n").expect("written");
        let file = file.to_str().expect("a path");
        home.run(&["--config", file, command]).says("Ada");
        home.run(&["--config", file, "--player", "Bob", command])
            .says("Bob");
        home.run(&["--config", file, "--player", "Ada", command, "Bob"])
            .says("Bob");
        home.run(&[command]).fails(3, &["there is no player"]);
        home.run(&["--plain", command])
            .fails(2, &["--plain is for the game"]);
    }
}

#[test]
fn without_a_player_it_is_the_one_who_was_played_last_on_that_database() {
    let (home, place) = (Home::new(), Place::sqlite().expect("a file"));
    place.fill(TABLE, &[row(1, "Ada", 1), row(2, "Bob", 2)]);
    let run = |arguments: &[&str]| home.run(&[&["-d", &place.url()], arguments].concat());
    let nobody = ["there is no player"];
    run(&["me"]).fails(3, &nobody);
    let players = home.join(".local/state/clickoff/players");
    std::fs::create_dir_all(&players).expect("made");
    let memory = players.join(format!("{}.json", place.name()));
    std::fs::write(memory, r#"{"player":2,"name":"Bob"}"#).expect("written");
    for command in ["me", "card"] {
        run(&[command]).says("Bob");
        run(&["--player", "Ada", command]).says("Ada");
        run(&[command, "Ada"]).says("Ada");
    }
    place.run("UPDATE users SET name = 'Eve' WHERE id = 2");
    run(&["me"]).fails(3, &nobody);
    place.run("UPDATE users SET name = 'Bob' WHERE id = 1");
    run(&["me"]).says("About Bob");
}
