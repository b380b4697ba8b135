//! The contract for races: one start for all, only committed presses, and a final result.

use clickoff::game::PlayerId;
use clickoff::game::contest::{Length, Trace};
use clickoff::game::race::{Entrance, PAST, RESULTS, Race, RaceId, Standing};
use clickoff::game::record::OwnRace;
use clickoff::store::{CHANGES, ClientId, Contests, SessionId, Store};

use super::{Place, add, entry, limit, opened};

/// A client with a row for a player of its own.
async fn client<S: Store>(store: &mut S, name: &str) -> (PlayerId, SessionId) {
    let player = add(store, name).await;
    let session = store.register(ClientId::new_v4(), player).await;
    (player, session.expect("a session"))
}

/// Enters a race, and gives its key and the racer's number.
async fn enter<S: Store>(
    store: &mut S,
    session: SessionId,
    entrance: Entrance,
) -> Option<(RaceId, i64)> {
    let entered = store.enter_race(session, entrance).await;
    let entered = entered.expect("an answer");
    entered.map(|entered| (entered.race, entered.racer))
}

/// Opens a race; gives its key.
async fn open<S: Store>(store: &mut S, session: SessionId) -> RaceId {
    let opened = enter(store, session, Entrance::Open(Length::Five)).await;
    opened.expect("a race").0
}

async fn race<S: Store>(store: &mut S, id: RaceId) -> Race {
    let look = store.race(Some(id)).await.expect("a look");
    look.value.expect("the race")
}

/// The racers' presses and how they stand to the race.
fn numbers(race: &Race) -> Vec<(u64, Standing)> {
    race.racers
        .iter()
        .map(|racer| (racer.presses, racer.standing))
        .collect()
}

async fn report<S: Store>(
    store: &mut S,
    session: SessionId,
    race: RaceId,
    presses: u64,
    standing: Standing,
) {
    let told = store
        .report_race(session, race, presses, standing, None)
        .await;
    told.expect("told");
}

pub async fn of_a_racer_who_is_done_the_trace_is_kept_that_adds_up(place: impl Place) {
    let mut store = opened(place.store()).await;
    let mut racers = Vec::new();
    for name in ["Ada", "Bob", "Eve", "Joe", "Lin", "Max", "Sam"] {
        racers.push(client(&mut store, name).await.1);
    }
    let id = open(&mut store, racers[0]).await;
    for racer in &racers[1..] {
        enter(&mut store, *racer, Entrance::Join(id)).await;
    }
    place.sql(PAST_START).await;
    let trace = |text: &str| Trace::parse(text, Length::Sixty).expect("a trace");
    let long = trace(&(",".repeat(100) + "3"));
    let cases = [
        (Standing::Done, Some(trace("1,,2")), true),
        (Standing::Done, None, false),
        (Standing::Done, Some(trace("1,,9")), false),
        (Standing::Done, Some(trace("1234567890")), false),
        (Standing::Done, Some(long), false),
        (Standing::Left, Some(trace("1,,2")), false),
        // What is told before the end is none yet, and is no obstacle to what is told then.
        (Standing::Racing, Some(trace("3")), false),
    ];
    for (racer, (standing, trace, _)) in racers.iter().zip(&cases) {
        store.count(*racer, 3).await.expect("counted");
        let told = store.report_race(*racer, id, 3, *standing, trace.as_ref());
        told.await.expect("told");
    }
    let seen = race(&mut store, id).await;
    for (racer, (_, trace, kept)) in seen.racers.iter().zip(&cases) {
        let wanted = trace.as_ref().filter(|_| *kept);
        assert_eq!(racer.trace.as_ref(), wanted, "{racer:?}");
    }
    let last = trace(",,,3");
    let told = store.report_race(racers[6], id, 3, Standing::Done, Some(&last));
    told.await.expect("told");
    // Said again, as after a lost answer, or by one who can't be believed any more.
    let told = store.report_race(racers[0], id, 3, Standing::Done, Some(&last));
    told.await.expect("told");
    let seen = race(&mut store, id).await;
    assert!(seen.closed);
    assert_eq!(seen.racers[0].trace, cases[0].1);
    assert_eq!(seen.racers[6].trace, Some(last));
    assert_eq!(store.races().await, Ok(vec![seen]));
}

pub async fn a_racers_broken_trace_is_none(place: impl Place) {
    let mut store = opened(place.store()).await;
    let (_, ada) = client(&mut store, "Ada").await;
    let id = open(&mut store, ada).await;
    place.sql(PAST_START).await;
    store.count(ada, 3).await.expect("counted");
    let trace = Trace::parse("1,,2", Length::Five);
    let told = store.report_race(ada, id, 3, Standing::Done, trace.as_ref());
    told.await.expect("told");
    assert_eq!(race(&mut store, id).await.racers[0].trace, trace);
    place.sql("UPDATE click_racers SET trace = 'x,y'").await;
    assert_eq!(race(&mut store, id).await.racers[0].trace, None);
}

const PAST_START: &str = "UPDATE click_races SET starts_at = starts_at - 10000000";
const PAST_END: &str = "UPDATE click_races SET starts_at = starts_at - 18000001";

pub async fn those_who_open_a_race_at_once_race_together(place: impl Place) {
    let mut store = opened(place.store()).await;
    let mut other = opened(place.store()).await;
    assert_eq!(store.race(None).await.expect("a look").value, None);
    let cursor = other.open().await.expect("open").cursor;
    let (ada, first) = client(&mut store, "Ada").await;
    let (bob, second) = client(&mut other, "Bob").await;
    let id = open(&mut store, first).await;
    let joined = enter(&mut other, second, Entrance::Open(Length::Sixty)).await;
    assert_eq!(joined, Some((id, 2)));
    // Said again, as after a lost answer.
    assert_eq!(open(&mut store, first).await, id);
    let look = other.race(None).await.expect("a look");
    let seen = look.value.expect("the race");
    assert_eq!(
        (seen.id, seen.length, seen.closed),
        (id, Length::Five, false)
    );
    let ahead = seen.start.duration_since(look.clock).as_millis();
    assert!((0..=10_000).contains(&ahead), "{ahead}");
    let racers: Vec<_> = seen
        .racers
        .iter()
        .map(|r| (r.number, r.player, r.name.as_str()))
        .collect();
    assert_eq!(racers, [(1, ada, "Ada"), (2, bob, "Bob")]);
    let changes = other.changes(cursor, CHANGES).await.expect("a look");
    let changes = changes.expect("news");
    assert!(changes.raced && changes.gone.is_empty(), "{changes:?}");
    assert_eq!(
        other.changes(changes.cursor, CHANGES).await,
        Ok(None),
        "told once"
    );
}

pub async fn a_race_is_joined_until_it_starts_and_once_by_each(place: impl Place) {
    let mut store = opened(place.store()).await;
    let (_, first) = client(&mut store, "Ada").await;
    let id = open(&mut store, first).await;
    let mut numbers = Vec::new();
    for _ in 0..33 {
        let (_, session) = client(&mut store, "one of many").await;
        numbers.push(enter(&mut store, session, Entrance::Join(id)).await);
    }
    let expected: Vec<_> = (2..=32).map(|n| Some((id, n))).chain([None; 2]).collect();
    assert_eq!(numbers, expected, "32 at the most");
    assert_eq!(
        enter(&mut store, first, Entrance::Join(id)).await,
        Some((id, 1))
    );
    let unknown = SessionId(-7);
    assert_eq!(enter(&mut store, unknown, Entrance::Join(id)).await, None);
    assert_eq!(
        enter(&mut store, unknown, Entrance::Open(Length::Ten)).await,
        None
    );
    place.sql(PAST_START).await;
    let (_, late) = client(&mut store, "Late").await;
    assert_eq!(enter(&mut store, late, Entrance::Join(id)).await, None);
    assert_eq!(
        enter(&mut store, late, Entrance::Join(RaceId(999))).await,
        None
    );
    let again = enter(&mut store, first, Entrance::Join(id)).await;
    assert_eq!(again, Some((id, 1)), "who is in it is told so");
    assert_ne!(open(&mut store, late).await, id, "another race beside it");
}

pub async fn a_race_believes_committed_presses_alone(place: impl Place) {
    let mut store = opened(place.store()).await;
    let (_, ada) = client(&mut store, "Ada").await;
    let (_, bob) = client(&mut store, "Bob").await;
    store.count(ada, 100).await.expect("counted");
    let id = open(&mut store, ada).await;
    enter(&mut store, bob, Entrance::Join(id)).await;
    place.sql(PAST_START).await;
    report(&mut store, ada, id, 50, Standing::Racing).await;
    assert_eq!(
        race(&mut store, id).await.racers[0].presses,
        0,
        "none since"
    );
    store.count(ada, 107).await.expect("counted");
    for (said, believed) in [(5, 5), (3, 5), (7, 7), (9, 7)] {
        report(&mut store, ada, id, said, Standing::Racing).await;
        let seen = race(&mut store, id).await;
        assert_eq!(numbers(&seen)[0], (believed, Standing::Racing), "{said}");
        assert_eq!(numbers(&seen)[1], (0, Standing::Racing), "nobody else's");
    }
    let (_, stranger) = client(&mut store, "Eve").await;
    store.count(stranger, 9).await.expect("counted");
    report(&mut store, stranger, id, 9, Standing::Left).await;
    report(&mut store, SessionId(0), id, 9, Standing::Left).await;
    let expected = [(7, Standing::Racing), (0, Standing::Racing)];
    assert_eq!(numbers(&race(&mut store, id).await), expected);
}

/// What is refused is committed, too, and no point.
pub async fn a_race_believes_no_press_over_the_limit(place: impl Place) {
    let mut store = opened(place.store()).await;
    limit(&mut store, Some(1)).await;
    let (_, ada) = client(&mut store, "Ada").await;
    let before = store.count(ada, 1000).await.expect("counted");
    let id = open(&mut store, ada).await;
    place.sql(PAST_START).await;
    limit(&mut store, None).await;
    store.count(ada, 1007).await.expect("counted");
    limit(&mut store, Some(1)).await;
    let after = store.count(ada, 2000).await.expect("counted");
    assert!(before.refused > 0 && after.refused > before.refused);
    report(&mut store, ada, id, 1000, Standing::Done).await;
    let scored = (after.score - before.score).unsigned_abs();
    let closed = race(&mut store, id).await;
    assert_eq!(numbers(&closed), [(scored, Standing::Done)]);
}

pub async fn a_race_is_closed_once_and_never_changes_again(place: impl Place) {
    let mut store = opened(place.store()).await;
    let mut other = opened(place.store()).await;
    let (_, ada) = client(&mut store, "Ada").await;
    let (bob_id, bob) = client(&mut store, "Bob").await;
    let id = open(&mut store, ada).await;
    enter(&mut other, bob, Entrance::Join(id)).await;
    place.sql(PAST_START).await;
    store.count(ada, 9).await.expect("counted");
    other.count(bob, 9).await.expect("counted");
    report(&mut store, ada, id, 5, Standing::Done).await;
    report(&mut store, ada, id, 9, Standing::Racing).await;
    assert_eq!(store.races().await, Ok(Vec::new()), "not closed yet");
    report(&mut other, bob, id, 4, Standing::Left).await;
    let closed = race(&mut store, id).await;
    assert!(closed.closed);
    assert_eq!(numbers(&closed), [(5, Standing::Done), (4, Standing::Left)]);
    report(&mut store, ada, id, 9, Standing::Done).await;
    report(&mut other, bob, id, 9, Standing::Done).await;
    assert_eq!(enter(&mut store, ada, Entrance::Join(id)).await, None);
    place.sql(PAST_END).await;
    report(&mut store, ada, id, 9, Standing::Done).await;
    store
        .edit(bob_id, &entry("Robert", ""))
        .await
        .expect("edited");
    store.remove(bob_id).await.expect("removed");
    let after = race(&mut other, id).await;
    assert_eq!(
        after.racers, closed.racers,
        "neither by its racers nor by the list"
    );
    assert_eq!(store.race(None).await.expect("a look").value, None);
}

pub async fn a_race_is_closed_late_by_whoever_comes(place: impl Place) {
    let mut store = opened(place.store()).await;
    let (_, ada) = client(&mut store, "Ada").await;
    let (_, bob) = client(&mut store, "Bob").await;
    let id = open(&mut store, ada).await;
    enter(&mut store, bob, Entrance::Join(id)).await;
    store.count(ada, 3).await.expect("counted");
    store.count(bob, 3).await.expect("counted");
    report(&mut store, ada, id, 2, Standing::Racing).await;
    place.sql(PAST_START).await;
    report(&mut store, bob, id, 3, Standing::Done).await;
    assert!(!race(&mut store, id).await.closed, "Ada still races");
    place
        .sql("UPDATE click_races SET starts_at = starts_at - 8000000")
        .await;
    report(&mut store, bob, id, 3, Standing::Done).await;
    let closed = race(&mut store, id).await;
    assert!(closed.closed);
    assert_eq!(numbers(&closed), [(2, Standing::Left), (3, Standing::Done)]);
    // All have crashed; the next race ends the last one.
    let id = open(&mut store, ada).await;
    place.sql(PAST_END).await;
    assert_eq!(store.races().await.expect("races").len(), 1);
    assert_ne!(open(&mut store, bob).await, id);
    let races = store.races().await.expect("races");
    let ids: Vec<_> = races.iter().map(|race| race.id).collect();
    assert_eq!((ids.len(), ids[0]), (2, id), "the latest first");
    assert_eq!(numbers(&races[0]), [(0, Standing::Left)]);
}

pub async fn the_last_races_are_kept_with_the_names_of_their_time(place: impl Place) {
    let mut store = opened(place.store()).await;
    let (player, ada) = client(&mut store, "Ada \u{1b}[31m 王小明").await;
    let mut last = RaceId(0);
    for _ in 0..PAST + 5 {
        last = open(&mut store, ada).await;
        report(&mut store, ada, last, 0, Standing::Left).await;
    }
    let races = store.races().await.expect("races");
    assert_eq!(races.len() as i64, PAST);
    assert_eq!(races[0].id, last);
    assert_eq!(races[0].racers[0].name, "Ada \u{1b}[31m 王小明");
    let racers = "SELECT COUNT(*) FROM click_racers WHERE session IS NULL";
    assert_eq!(place.number(racers).await, PAST + 5, "no session is named");
    let named = "SELECT COUNT(*) FROM click_racers WHERE name IS NOT NULL";
    assert_eq!(place.number(named).await, PAST, "only results are older");
    store.remove(player).await.expect("removed");
    let races = store.races().await.expect("races");
    assert_eq!(races[0].racers[0].name, "Ada \u{1b}[31m 王小明");
}

pub async fn of_older_races_only_the_results_are_kept_and_not_without_end(place: impl Place) {
    let mut store = opened(place.store()).await;
    let (_, ada) = client(&mut store, "Ada").await;
    let (bob_id, bob) = client(&mut store, "Bob").await;
    let first = open(&mut store, bob).await;
    enter(&mut store, ada, Entrance::Join(first)).await;
    place.sql(PAST_START).await;
    store.count(bob, 3).await.expect("counted");
    let trace = Trace::parse("1,,2", Length::Five);
    report(&mut store, ada, first, 0, Standing::Done).await;
    let told = store.report_race(bob, first, 3, Standing::Done, trace.as_ref());
    told.await.expect("told");
    for _ in 0..PAST {
        let race = open(&mut store, ada).await;
        report(&mut store, ada, race, 0, Standing::Left).await;
    }
    let old = race(&mut store, first).await;
    let racer = &old.racers[0];
    assert_eq!((racer.presses, racer.standing), (3, Standing::Done));
    assert_eq!((racer.name.as_str(), &racer.trace), ("", &None));
    let record = store.history(bob_id).await.expect("a history").value;
    let won: Vec<_> = record.races.iter().map(OwnRace::won_by).collect();
    assert_eq!(won, [Some(3)], "it is still won");
    place
        .sql(
            "INSERT INTO click_races (seconds, starts_at, closed_at)
             WITH RECURSIVE n(v) AS (SELECT 1 UNION ALL SELECT v + 1 FROM n WHERE v < 100)
             SELECT 5, 0, 5 FROM n a, n b",
        )
        .await;
    open(&mut store, ada).await;
    let many = place.number("SELECT COUNT(*) FROM click_races").await;
    assert!((RESULTS - 30..=RESULTS).contains(&many), "{many}");
    let record = store.history(bob_id).await.expect("a history").value;
    assert_eq!(record.races, []);
    let racers = place.number("SELECT COUNT(*) FROM click_racers").await;
    assert_eq!(racers, 1, "racers go with their races");
}
