//! The contract for rankings, ranks, searches and names, with every kind of score.

use clickoff::game::{Aim, Player, PlayerId, Spot, Window};
use clickoff::store::{CHANGES, FOUND, Store, keep_best};

use super::{Place, add, opened, session};

/// The whole ranking by one page, as the screen has always shown it.
async fn all<S: Store>(store: &mut S) -> Vec<Player> {
    store.page(None, 10_000).await.expect("a page")
}

async fn window<S: Store>(store: &mut S, aim: Aim, many: u32) -> Window {
    store.window(aim, many).await.expect("a window")
}

fn ids(players: &[Player]) -> Vec<i64> {
    players.iter().map(|p| p.id.0).collect()
}

/// Compares a window with the part of the whole that it is to be.
fn is_part(window: &Window, all: &[Player]) {
    let from = window.above as usize;
    let to = from + window.players.len();
    assert_eq!(window.players, all[from..to]);
    let first = all[from].score;
    let higher = all.iter().filter(|p| p.score > first).count();
    assert_eq!(window.higher, higher as u64);
    assert_eq!(window.below > 0, to < all.len());
}

/// Some score, and lose it again.
async fn score_and_take_back(place: &impl Place) {
    place
        .sql("UPDATE users SET score = score - 1 WHERE id IN (1, 3, 8, 10, 12, 14, 15)")
        .await;
    place
        .sql("UPDATE users SET score = score + 1 WHERE id IN (1, 3, 8, 10, 12, 14, 15)")
        .await;
}

pub async fn any_window_is_the_same_part_of_the_ranking(place: impl Place) {
    let mut store = opened(place.store()).await;
    place
        .sql(
            "INSERT INTO users (id, name, score) VALUES
                 (1, 'a', 5), (2, 'b', NULL), (3, 'c', -4), (4, 'd', 5), (5, 'e', 0), (6, 'f', 9),
                 (7, 'g', NULL), (8, 'h', 5), (9, 'i', -9223372036854775808),
                 (10, 'j', 9223372036854775807), (11, 'k', 5), (12, 'l', 0)",
        )
        .await;
    let everyone = all(&mut store).await;
    let order = [10, 6, 1, 4, 8, 11, 2, 5, 7, 12, 3, 9];
    assert_eq!(ids(&everyone), order, "equal scores by key, and none is 0");
    for step in ["made", "scored", "surveyed"] {
        match step {
            "scored" => score_and_take_back(&place).await,
            "surveyed" => store.survey().await.expect("a survey"),
            _ => {}
        }
        for many in 2..16 {
            is_part(&window(&mut store, Aim::Top, many).await, &everyone);
            let bottom = window(&mut store, Aim::Bottom, many).await;
            is_part(&bottom, &everyone);
            assert_eq!(bottom.below, 0);
            for player in &everyone {
                let around = window(&mut store, Aim::Around(player.into()), many).await;
                is_part(&around, &everyone);
                assert!(around.players.contains(player));
                assert!(around.players.len() <= many as usize);
            }
            // Of someone who is not there, or not any more.
            for score in [i64::MAX, 7, 5, -1, i64::MIN] {
                let id = PlayerId(6);
                let around = Aim::Around(Spot { score, id });
                is_part(&window(&mut store, around, many).await, &everyone);
            }
        }
        for player in &everyone {
            let better = everyone.iter().filter(|p| p.score > player.score).count();
            let rank = store.rank(player.score).await.expect("a rank");
            assert_eq!(rank, better as u64 + 1);
            let found = store.player(player.id).await.expect("a look");
            assert_eq!(found.as_ref(), Some(player));
        }
    }
    let few = window(&mut store, Aim::Top, 3).await;
    assert_eq!(few.below, 9, "as many as the survey saw");
    assert_eq!(store.player(PlayerId(99)).await, Ok(None));
}

pub async fn a_page_begins_behind_the_one_before(place: impl Place) {
    let mut store = opened(place.store()).await;
    place.sql(MANY_TIES).await;
    score_and_take_back(&place).await;
    let everyone = all(&mut store).await;
    let mut pages = Vec::new();
    loop {
        let after = pages.last().map(Spot::from);
        let page = store.page(after, 7).await.expect("a page");
        if page.is_empty() {
            break;
        }
        pages.extend(page);
    }
    assert_eq!(pages, everyone);
}

/// Twenty players with two scores and none.
const MANY_TIES: &str = "INSERT INTO users (id, name, score) VALUES
    (1, 'p', 3), (2, 'p', 3), (3, 'p', 3), (4, 'p', 3), (5, 'p', 3), (6, 'p', 3), (7, 'p', 3),
    (8, 'p', NULL), (9, 'p', 0), (10, 'p', 1), (11, 'p', 1), (12, 'p', 1), (13, 'p', 1),
    (14, 'p', 1), (15, 'p', 1), (16, 'p', 1), (17, 'p', 1), (18, 'p', 1), (19, 'p', 1), (20, 'p', 1)";

pub async fn the_ranking_follows_whoever_writes(place: impl Place) {
    let mut store = opened(place.store()).await;
    let ada = add(&mut store, "Ada").await;
    let bob = add(&mut store, "Bob").await;
    let row = session(&mut store, bob).await;
    store.count(row, 2).await.expect("a count");
    assert_eq!(ids(&all(&mut store).await), [bob.0, ada.0]);
    place
        .sql("UPDATE users SET score = 3 WHERE name = 'Ada'")
        .await;
    assert_eq!(ids(&all(&mut store).await), [ada.0, bob.0]);
    place
        .sql("UPDATE users SET score = NULL WHERE name = 'Ada'")
        .await;
    assert_eq!(ids(&all(&mut store).await), [bob.0, ada.0]);
    place
        .sql("UPDATE users SET id = 77 WHERE name = 'Ada'")
        .await;
    assert_eq!(ids(&all(&mut store).await), [bob.0, 77]);
    place
        .sql("INSERT INTO users (id, name, score) VALUES (78, 'Cleo', 9)")
        .await;
    assert_eq!(ids(&all(&mut store).await), [78, bob.0, 77]);
    place.sql("DELETE FROM users WHERE id = 78").await;
    assert_eq!(ids(&all(&mut store).await), [bob.0, 77]);
    assert_eq!(store.rank(0).await, Ok(2));
}

/// All that a search finds.
async fn search<S: Store>(store: &mut S, wanted: &str) -> Vec<i64> {
    let (mut found, mut from) = (Vec::new(), None);
    loop {
        let step = store.search(wanted, from).await.expect("a step");
        keep_best(&mut found, step.players);
        match step.next {
            Some(next) => from = Some(next),
            None => return ids(&found),
        }
    }
}

pub async fn a_search_finds_what_the_filter_does(place: impl Place) {
    let mut store = opened(place.store()).await;
    place
        .sql(
            "INSERT INTO users (id, name, email, score) VALUES
                 (1, 'Ada', 'ada@example.org', 1), (2, 'ADAM', NULL, 2), (3, NULL, 'x_y%z', 3),
                 (4, '50% off', NULL, 4), (5, '500 off', NULL, 5), (6, 'a_b', NULL, 6),
                 (7, 'axb', NULL, 7), (8, 'Élodie', NULL, 8), (9, 'éLOI', NULL, 9),
                 (10, 'Eloise', NULL, 10), (11, '王小明', NULL, 11), (12, 'back!slash', NULL, 12),
                 (13, '[set]', NULL, 13), (14, 'Straße', NULL, 14), (15, '*?', NULL, 15),
                 (16, 'Ада', NULL, 16), (17, 'q^]é', NULL, 17)",
        )
        .await;
    for (wanted, found) in [
        ("ada", vec![2, 1]),
        ("example.org", vec![1]),
        ("%", vec![4, 3]),
        ("50%", vec![4]),
        ("_", vec![6, 3]),
        ("a_b", vec![6]),
        ("él", vec![9, 8]),
        ("el", vec![10]),
        ("小", vec![11]),
        ("!", vec![12]),
        ("[set]", vec![13]),
        ("ß", vec![14]),
        ("*", vec![15]),
        ("?", vec![15]),
        ("ада", vec![16]),
        ("^]é", vec![17]),
        ("nobody", vec![]),
    ] {
        assert_eq!(search(&mut store, wanted).await, found, "{wanted}");
    }
    let everyone = all(&mut store).await;
    for wanted in ["a", "e", "o", "é", "а"] {
        let fits = |p: &&Player| {
            p.name.to_lowercase().contains(wanted) || p.email.to_lowercase().contains(wanted)
        };
        let fit: Vec<i64> = everyone.iter().filter(fits).map(|p| p.id.0).collect();
        assert_eq!(search(&mut store, wanted).await, fit, "{wanted}");
    }
}

pub async fn a_search_finds_no_more_than_the_best(place: impl Place) {
    let mut store = opened(place.store()).await;
    for _ in 0..10 {
        // Sixty players each time.
        place
            .sql(
                "INSERT INTO users (name, score)
                 SELECT 'many', 0 FROM (SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3) a,
                     (SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4) b,
                     (SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4
                      UNION ALL SELECT 5) c",
            )
            .await;
    }
    place
        .sql("UPDATE users SET score = 1 WHERE id = (SELECT * FROM (SELECT MAX(id) FROM users) m)")
        .await;
    let found = search(&mut store, "many").await;
    assert_eq!(found.len(), FOUND + 1, "one more tells that there are more");
    assert_eq!(found[0], all(&mut store).await[0].id.0);
    let named = store.named("many").await.expect("players");
    assert_eq!(named.len(), FOUND);
}

pub async fn players_are_found_by_their_exact_names(place: impl Place) {
    let mut store = opened(place.store()).await;
    let long = "n".repeat(90);
    for name in ["Ada", "ada", "Adá", "Ada ", &long, &format!("{long}!")] {
        add(&mut store, name).await;
    }
    let second = add(&mut store, "Ada").await;
    let named = store.named("Ada").await.expect("players");
    let mut named = ids(&named);
    named.sort_unstable();
    assert_eq!(named.len(), 2);
    assert_eq!(named[1], second.0);
    for name in ["ada", "Adá", "Ada ", &long] {
        assert_eq!(store.named(name).await.expect("players").len(), 1, "{name}");
    }
    assert_eq!(store.named("Ad").await, Ok(vec![]));
    assert_eq!(store.named("%").await, Ok(vec![]));
}

pub async fn a_look_tells_no_more_changes_than_are_wanted(place: impl Place) {
    let mut store = opened(place.store()).await;
    let opened = store.open().await.expect("it opens");
    place.sql(MANY_TIES).await;
    let told = store.changes(opened.cursor, 20).await;
    let told = told.expect("a look").expect("changes");
    assert_eq!((told.players.len(), told.too_many), (20, false));
    let none = store.changes(opened.cursor, 19).await;
    let none = none.expect("a look").expect("changes");
    assert!(none.too_many && none.players.is_empty());
    assert!(none.cursor > opened.cursor);
    place
        .sql("INSERT INTO users (id, name) VALUES (99, 'Ada')")
        .await;
    let next = store.changes(none.cursor, CHANGES).await;
    let next = next.expect("a look").expect("changes");
    assert!(next.players.iter().any(|p| p.id == PlayerId(99)));
    assert_eq!(store.changes(next.cursor, CHANGES).await, Ok(None));
}

pub async fn a_database_is_opened_with_the_first_of_its_players(place: impl Place) {
    let mut store = opened(place.store()).await;
    for _ in 0..7 {
        place
            .sql(
                "INSERT INTO users (name, score)
                 SELECT 'many', 0 FROM (SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3) a,
                     (SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4) b,
                     (SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4
                      UNION ALL SELECT 5) c",
            )
            .await;
    }
    let first = place.store().open().await.expect("it opens");
    let everyone = all(&mut store).await;
    assert_eq!(first.players, everyone[..400]);
    assert_eq!(first.below, 1, "at least, before there was a survey");
    store.survey().await.expect("a survey");
    let first = place.store().open().await.expect("it opens");
    assert_eq!(first.below, 20);
}

pub async fn a_period_tells_its_best_and_where_one_more_stands(place: impl Place) {
    let mut store = opened(place.store()).await;
    let mut players = Vec::new();
    for (name, presses) in [("Ada", 3), ("Bob", 9), ("Cleo", 5), ("Dora", 5), ("Eve", 0)] {
        let player = add(&mut store, name).await;
        if presses > 0 {
            let row = session(&mut store, player).await;
            store.count(row, presses).await.expect("a count");
        }
        players.push(player);
    }
    let [ada, bob, cleo, dora, eve] = players[..] else {
        panic!("five players");
    };
    let since = clickoff::game::Quarter(1);
    let mut ranked = async |many, own| {
        store
            .ranking(since, many, Some(own))
            .await
            .expect("a ranking")
            .value
    };
    let ranking = ranked(2, ada).await;
    let points: Vec<(PlayerId, i64)> = ranking
        .points
        .iter()
        .map(|p| (p.player, p.points))
        .collect();
    assert_eq!(points, [(bob, 9), (cleo, 5), (ada, 3)]);
    assert_eq!((ranking.above, ranking.scorers), (Some(3), 4));
    assert_eq!(ranking.players[0].name, "Bob");
    let ranking = ranked(9, dora).await;
    assert_eq!((ranking.above, ranking.points.len()), (Some(2), 4));
    let ranking = ranked(0, eve).await;
    assert_eq!((ranking.above, ranking.points), (None, vec![]));
}

pub async fn who_passes_the_middle_of_a_window_while_it_is_read_is_in_it(place: impl Place) {
    let mut reading = opened(place.store()).await;
    let mut scoring = opened(place.store()).await;
    let middle = add(&mut scoring, "middle").await;
    let row = session(&mut scoring, middle).await;
    scoring.count(row, 5).await.expect("counted");
    let mut climbers = Vec::new();
    for _ in 0..40 {
        let climber = add(&mut scoring, "climber").await;
        climbers.push(session(&mut scoring, climber).await);
    }
    let aim = Aim::Around(Spot {
        score: 5,
        id: middle,
    });
    let done = std::cell::Cell::new(false);
    let climb = async {
        for climber in climbers {
            scoring.count(climber, 10).await.expect("counted");
        }
        done.set(true);
    };
    let read = async {
        while !done.get() {
            let window = window(&mut reading, aim, 400).await;
            assert_eq!((window.players.len(), window.is_everyone()), (41, true));
        }
    };
    tokio::join!(climb, read);
}
