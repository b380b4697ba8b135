//! The store's queries behind the list, each measured alone.

use std::time::{Duration, Instant};

use clickoff::game::{Aim, Player, Quarter};
use clickoff::store::{AnyStore, FOUND, Store, StoreError, WINDOW, keep_best};

use super::figures::{ms, percentile};
use super::players::store;
use super::{Bench, Table};

/// The queries.
const QUESTIONS: [&str; 12] = [
    "the first players",
    "the last players",
    "players around one in the middle",
    "a rank in the middle",
    "a rank of the last",
    "a player by name",
    "a search that fits many, all of it",
    "a search that fits few, its first step",
    "a search that fits few, all of it",
    "a look with nothing new",
    "the ranking since the beginning",
    "the places counted anew, at most every 20 s",
];

/// Each engine, with few players and with many.
pub fn measure(bench: &Bench) -> Table {
    let mut lines = vec![vec![String::new()]];
    lines.extend(QUESTIONS.map(|question| vec![question.to_owned()]));
    for engine in bench.engines() {
        for (url, players) in [(&engine.few, "100"), (&engine.many, "many")] {
            lines[0].push(format!("{}, {players}", engine.name));
            let asked = asked(store(url), bench.scale.rounds);
            let times = bench.runtime.block_on(asked);
            let times = times.expect("answers");
            for (line, time) in lines[1..].iter_mut().zip(times) {
                line.push(ms(time));
            }
        }
    }
    Table {
        about: format!(
            "list: the median time of an answer with 100 players and with {}; a window has {WINDOW} \
             of them.",
            bench.scale.many
        ),
        lines,
        left: &[0],
    }
}

async fn asked(mut store: AnyStore, rounds: usize) -> Result<Vec<Duration>, StoreError> {
    let opened = store.open().await?;
    store.survey().await?;
    let all = store.window(Aim::Bottom, WINDOW).await?;
    let players = all.above + all.players.len() as u64;
    // Somewhere in the middle, where the player may be gone.
    let first = &opened.players[0];
    let middle = Player {
        score: first.score / 2,
        ..first.clone()
    };
    let last = all.players.last().expect("a player").score;
    let mut taken = vec![Vec::new(); QUESTIONS.len()];
    for _ in 0..rounds {
        let mut times = taken.iter_mut();
        let mut took = |begun: Instant| {
            let times: &mut Vec<Duration> = times.next().expect("a question");
            times.push(begun.elapsed());
        };
        let begun = Instant::now();
        let top = store.window(Aim::Top, WINDOW).await?;
        took(begun);
        let begun = Instant::now();
        store.window(Aim::Bottom, WINDOW).await?;
        took(begun);
        let begun = Instant::now();
        store.window(Aim::Around((&middle).into()), WINDOW).await?;
        took(begun);
        let begun = Instant::now();
        let rank = store.rank(middle.score).await?;
        took(begun);
        let begun = Instant::now();
        let of_last = store.rank(last).await?;
        took(begun);
        let begun = Instant::now();
        let named = store.named(&first.name).await?;
        took(begun);
        assert!(named.iter().any(|p| p.id == first.id));
        assert!(1 < rank && rank < of_last && of_last <= players);
        let begun = Instant::now();
        let step = store.search("player", None).await?;
        took(begun);
        assert_eq!(step.players.len(), (FOUND + 1).min(players as usize));
        assert_eq!(step.players[0], top.players[0]);
        let begun = Instant::now();
        let mut step = store.search("p32@example", None).await?;
        took(begun);
        let mut found = step.players;
        while let Some(next) = step.next {
            step = store.search("p32@example", Some(next)).await?;
            keep_best(&mut found, std::mem::take(&mut step.players));
        }
        took(begun);
        assert_eq!(
            found.len(),
            usize::from(players >= 32),
            "one has that address"
        );
        let begun = Instant::now();
        store.changes(opened.cursor, 500).await?;
        took(begun);
        let begun = Instant::now();
        store
            .ranking(Quarter::BEFORE, WINDOW, Some(first.id))
            .await?;
        took(begun);
        let begun = Instant::now();
        store.survey().await?;
        took(begun);
    }
    let medians = taken.iter_mut().map(|times| percentile(times, 50));
    Ok(medians.collect())
}
