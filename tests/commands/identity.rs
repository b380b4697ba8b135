//! After export and import, a second export is equal to the first, whatever is in the database.

use std::collections::BTreeMap;
use std::fs;

use proptest::prelude::*;
use proptest::test_runner::TestCaseError;

use crate::home::Home;
use crate::keep::run;
use crate::place::{Place, Racer, Row, TABLE};

/// A player with any texts, and with a best sprint and a call by key.
type Anyone = (
    Option<String>,
    Option<String>,
    Option<i64>,
    (usize, Vec<i64>),
    i64,
);

/// Players by their keys; the largest key would leave none for the next player.
fn anyone(text: &'static str) -> impl Strategy<Value = BTreeMap<i64, Anyone>> {
    let formula = "['=+@\\-\t\r\n,\"]{0,3}.{0,4}";
    let presses = prop_oneof![Just(0), 1..9_i64, 0..1_i64 << 50];
    let sprint = (0..4_usize, proptest::collection::vec(presses, 0..50));
    let player = (
        proptest::option::of(text),
        proptest::option::of(formula.prop_map(|text: String| text.replace('\0', ""))),
        any::<Option<i64>>(),
        sprint,
        0..i64::MAX,
    );
    proptest::collection::btree_map(i64::MIN..i64::MAX, player, 0..20)
}

/// Who raced, for whom of the players if for any, under which name, with how many presses, and
/// whether to the end.
type Anyrace = (usize, i64, Vec<(Option<usize>, Option<String>, i64, bool)>);

/// Races by their lengths, the times between their starts, and their racers.
fn any_races(text: &'static str) -> impl Strategy<Value = Vec<Anyrace>> {
    use proptest::collection::vec;
    let player = proptest::option::of(0..20_usize);
    let racer = (
        player,
        proptest::option::of(text),
        any::<i64>(),
        any::<bool>(),
    );
    vec((0..4_usize, 1..1_i64 << 50, vec(racer, 0..4)), 0..=20)
}

/// What goes out of a database and into another is what goes out of that.
fn is_the_identity(
    players: BTreeMap<i64, Anyone>,
    races: &[Anyrace],
    kind: fn() -> Option<Place>,
) -> Result<(), TestCaseError> {
    let (Some(from), home) = (kind(), Home::new()) else {
        return Ok(());
    };
    let row = |(id, player): (&i64, &Anyone)| -> Row {
        let (name, email, score, ..) = player.clone();
        (*id, name, email, score)
    };
    let rows: Vec<Row> = players.iter().map(row).collect();
    from.fill(TABLE, &rows);
    let listed = run(&home, &from, &["players", "list"]);
    prop_assert_eq!(listed.code, 0, "{}", listed.err);
    let mut more = String::new();
    for (n, (id, (.., (length, steps), counted))) in players.iter().enumerate() {
        let seconds = [5, 10, 30, 60][*length];
        let presses: i64 = steps.iter().sum();
        let steps = steps.iter().map(|step| match step {
            0 => String::new(),
            step => step.to_string(),
        });
        let trace = steps.collect::<Vec<_>>().join(",");
        more += &format!(
            "INSERT INTO click_sprints (user_id, seconds, presses, at, trace)
             VALUES ({id}, {seconds}, {presses}, {counted}, '{trace}');
             INSERT INTO click_sessions (client, user_id, last_seq)
             VALUES ('cd044bfe-a6cf-836e-85c3-{n:012}', {id}, {counted});"
        );
    }
    from.run(&more);
    let ids: Vec<i64> = players.keys().copied().collect();
    let mut start = 0;
    for (n, (length, later, racers)) in (1..).zip(races) {
        start += later;
        let racers: Vec<Racer<'_>> = racers
            .iter()
            .map(|(player, name, presses, stayed)| {
                let player = player.and_then(|n| ids.get(n).copied());
                let standing = if *stayed { 1 } else { 2 };
                (
                    player.unwrap_or(i64::MAX),
                    name.as_deref(),
                    *presses,
                    standing,
                )
            })
            .collect();
        let seconds = [5, 10, 30, 60][*length];
        from.add_races(&[(n * 3, seconds, start, Some(start + n), &racers)]);
    }
    for format in ["jsonl", "csv"] {
        let first = run(&home, &from, &["export", "-f", format]);
        prop_assert_eq!(first.code, 0, "{}", first.err);
        fs::write(home.join("all"), &first.out).expect("written");
        let to = from.another();
        let said = run(&home, &to, &["import", "all"]);
        prop_assert_eq!(said.code, 0, "{}", said.err);
        to.holds(&rows);
        prop_assert_eq!(to.everything(), from.everything());
        let second = run(&home, &to, &["export", "-f", format]);
        prop_assert_eq!(second.out, first.out);
    }
    Ok(())
}

/// So many cases, each told by its seed where it fails.
fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        failure_persistence: None,
        ..Default::default()
    }
}

proptest! {
    #![proptest_config(cases(40))]

    #[test]
    fn export_import_export_is_the_identity(
        players in anyone(".{0,40}"), races in any_races(".{0,40}"),
    ) {
        is_the_identity(players, &races, Place::sqlite)?;
    }
}

proptest! {
    #![proptest_config(cases(6))]

    #[test]
    fn export_import_export_is_the_identity_on_postgres(
        players in anyone("[^\\x00]{0,40}"), races in any_races("[^\\x00]{0,40}"),
    ) {
        is_the_identity(players, &races, Place::postgres)?;
    }

    #[test]
    fn export_import_export_is_the_identity_on_mariadb(
        players in anyone("[^\\x00]{0,40}"), races in any_races("[^\\x00]{0,40}"),
    ) {
        is_the_identity(players, &races, Place::mariadb)?;
    }
}
