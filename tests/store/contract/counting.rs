//! What every store must do with players and presses; the worker's fake store is held to it, too.

use std::collections::BTreeMap;

use clickoff::game::{Entry, Player, PlayerId};
use clickoff::store::{Claim, ClientId, Counted, SessionId, Store, StoreError, Total};

/// A database that only this test uses, and as many stores on it as it wants.
pub trait Stores {
    /// What leads to it.
    type Store: Store;

    /// The highest score.
    const MOST: i64;

    /// A further store, as another process would open it.
    fn store(&self) -> Self::Store;
}

/// A client's row for a player, if it has one.
pub async fn row_of<S: Store>(
    store: &mut S,
    client: ClientId,
    player: PlayerId,
) -> Option<SessionId> {
    let rows = store.claims(client).await.expect("its rows");
    let mut rows = rows.into_iter();
    let row = rows.find(|row| (row.client, row.player) == (client, player))?;
    Some(row.session)
}

pub fn entry(name: &str, email: &str) -> Entry {
    Entry {
        name: name.into(),
        email: email.into(),
    }
}

pub async fn opened<S: Store>(mut store: S) -> S {
    store.open().await.expect("the database opens");
    store
}

pub async fn players<S: Store>(store: &mut S) -> BTreeMap<i64, Player> {
    let snapshot = store.open().await.expect("the database opens");
    let players = snapshot.players.into_iter();
    players.map(|p| (p.id.0, p)).collect()
}

pub async fn add<S: Store>(store: &mut S, name: &str) -> PlayerId {
    let added = store.add(&entry(name, "")).await;
    added.expect("a player is added").id
}

pub async fn session<S: Store>(store: &mut S, player: PlayerId) -> SessionId {
    let session = store.register(ClientId::new_v4(), player).await;
    session.expect("a session")
}

pub fn counted(score: i64, counted: u64) -> Result<Counted, StoreError> {
    Ok(Counted {
        score,
        counted,
        ..Counted::default()
    })
}

pub async fn players_come_change_and_go_with_any_name(place: impl Stores) {
    let mut store = opened(place.store()).await;
    let names = [
        "Ada",
        "王小明",
        "👩‍👩‍👧‍👦",
        "نرگس",
        "e\u{301}",
        "'; DROP TABLE users; --",
        "\u{1b}[31m",
        &"long ".repeat(15),
    ];
    let mut expected = BTreeMap::new();
    for (at, name) in names.iter().enumerate() {
        let email = if at % 2 == 0 { "a@example.org" } else { "" };
        let player = store.add(&entry(name, email)).await.expect("added");
        assert_eq!((player.name.as_str(), player.score), (*name, 0));
        expected.insert(player.id.0, player);
    }
    assert_eq!(players(&mut store).await, expected);
    let (&id, _) = expected.first_key_value().expect("a player");
    let edited = store.edit(PlayerId(id), &entry("Ada L.", "")).await;
    expected.insert(id, edited.expect("edited"));
    let (&last, _) = expected.last_key_value().expect("a player");
    store.remove(PlayerId(last)).await.expect("removed");
    expected.remove(&last);
    assert_eq!(players(&mut store).await, expected);
    assert_eq!(store.remove(PlayerId(last)).await, Ok(()), "gone is gone");
    let missing = store.edit(PlayerId(last), &entry("x", "")).await;
    assert_eq!(missing, Err(StoreError::Gone));
}

pub async fn an_edit_leaves_the_score_alone(place: impl Stores) {
    let mut store = opened(place.store()).await;
    let ada = add(&mut store, "Ada").await;
    let row = session(&mut store, ada).await;
    store.count(row, 5).await.expect("counted");
    let edited = store.edit(ada, &entry("Ada", "a@b")).await.expect("edited");
    assert_eq!(edited.score, 5);
    assert_eq!(players(&mut store).await[&ada.0].score, 5);
}

pub async fn the_same_total_said_twice_counts_once(place: impl Stores) {
    let mut store = opened(place.store()).await;
    let ada = add(&mut store, "Ada").await;
    let row = session(&mut store, ada).await;
    assert_eq!(store.count(row, 3).await, counted(3, 3));
    assert_eq!(store.count(row, 3).await, counted(3, 3));
    assert_eq!(store.count(row, 10).await, counted(10, 10));
    assert_eq!(
        store.count(row, 4).await,
        counted(10, 10),
        "an old total is no news"
    );
    assert_eq!(
        place.store().open().await.expect("open").players[0].score,
        10
    );
}

pub async fn a_client_has_one_row_a_player(place: impl Stores) {
    let mut store = opened(place.store()).await;
    let mut other = opened(place.store()).await;
    let ada = add(&mut store, "Ada").await;
    let bob = add(&mut store, "Bob").await;
    let client = ClientId::new_v4();
    let row = store.register(client, ada).await.expect("a row");
    assert_eq!(other.register(client, ada).await, Ok(row));
    assert_ne!(other.register(client, bob).await, Ok(row));
    assert_ne!(other.register(ClientId::new_v4(), ada).await, Ok(row));
    assert_eq!(row_of(&mut other, client, ada).await, Some(row));
    assert_eq!(row_of(&mut other, ClientId::new_v4(), ada).await, None);
    let nobody = PlayerId(987_654);
    assert_eq!(store.register(client, nobody).await, Err(StoreError::Gone));
    // Together they get the same rows, and whoever is gone none.
    let cleo = add(&mut store, "Cleo").await;
    let all = store.register_all(client, &[ada, bob, nobody, cleo]).await;
    let mut rows = Vec::new();
    for player in [ada, bob, cleo] {
        let row = row_of(&mut other, client, player).await;
        rows.push((player, row.expect("a row")));
    }
    assert_eq!(all, Ok(rows));
}

/// A client whose id begins and ends so.
fn client(begin: u64, end: u64) -> ClientId {
    ClientId::from_u64_pair(begin, 0x8000_0000_0000_0000 | end)
}

pub async fn a_client_sees_all_that_differ_in_the_last_48_bits(place: impl Stores) {
    let mut store = opened(place.store()).await;
    let (ada, bob) = (add(&mut store, "Ada").await, add(&mut store, "Bob").await);
    let begin = 0x0123_4567_89ab_8def;
    assert_eq!(store.claims(client(begin, 3)).await, Ok(vec![]));
    let rows = [
        (client(begin, 3), ada, 3),
        (client(begin, 0), bob, 0),
        (client(begin, 0xffff_ffff_ffff), ada, 9),
        (client(begin, 0x1_0000_0000_0000), ada, 5),
        (client(begin + 1, 3), ada, 3),
        (client(begin - 1, 3), ada, 3),
    ];
    let mut expected = Vec::new();
    for (client, player, counted) in rows {
        let session = store.register(client, player).await.expect("a row");
        store.count(session, counted).await.expect("counted");
        expected.push(Claim {
            session,
            client,
            player,
            counted,
        });
    }
    expected.truncate(3);
    expected.sort();
    for end in [3, 4] {
        let mut claims = store.claims(client(begin, end)).await.expect("asked");
        claims.sort();
        assert_eq!(claims, expected);
    }
}

pub async fn clients_add_up(place: impl Stores) {
    let mut store = opened(place.store()).await;
    let ada = add(&mut store, "Ada").await;
    let mine = session(&mut store, ada).await;
    let yours = session(&mut store, ada).await;
    assert_eq!(store.count(mine, 3).await, counted(3, 3));
    assert_eq!(store.count(yours, 4).await, counted(7, 4));
    assert_eq!(store.count(mine, 5).await, counted(9, 5));
}

pub async fn nobody_inherits_the_presses_of_one_who_is_gone(place: impl Stores) {
    let mut store = opened(place.store()).await;
    let ada = add(&mut store, "Ada").await;
    let row = session(&mut store, ada).await;
    store.count(row, 3).await.expect("counted");
    store.remove(ada).await.expect("removed");
    assert_eq!(store.count(row, 4).await, Err(StoreError::Gone));
    let bob = add(&mut store, "Bob").await;
    assert_eq!(store.count(row, 5).await, Err(StoreError::Gone));
    assert_eq!(players(&mut store).await[&bob.0].score, 0);
}

pub async fn a_score_that_is_full_stays_as_it_is<P: Stores>(place: P) {
    let mut store = opened(place.store()).await;
    let ada = add(&mut store, "Ada").await;
    let row = session(&mut store, ada).await;
    let most = P::MOST.unsigned_abs();
    store.count(row, most - 1).await.expect("counted");
    let other = session(&mut store, ada).await;
    assert_eq!(store.count(other, 2).await, Err(StoreError::ScoreFull));
    assert_eq!(store.count(other, 1).await, counted(P::MOST, 1));
}

pub async fn a_retired_client_is_forgotten(place: impl Stores) {
    let mut store = opened(place.store()).await;
    let ada = add(&mut store, "Ada").await;
    let client = ClientId::new_v4();
    let row = store.register(client, ada).await.expect("a row");
    let other = session(&mut store, ada).await;
    store.count(row, 3).await.expect("counted");
    store.retire(client).await.expect("retired");
    assert_eq!(store.count(row, 4).await, Err(StoreError::Gone));
    assert_eq!(store.count(other, 1).await, counted(4, 1), "others stay");
}

/// Players with these names, and a session of one client for each.
async fn seated<S: Store>(store: &mut S, names: &[&str]) -> (Vec<PlayerId>, Vec<SessionId>) {
    let client = ClientId::new_v4();
    let (mut ids, mut rows) = (Vec::new(), Vec::new());
    for name in names {
        let id = add(store, name).await;
        rows.push(store.register(client, id).await.expect("a row"));
        ids.push(id);
    }
    (ids, rows)
}

/// So many presses for each session.
fn totals(rows: &[SessionId], presses: &[u64]) -> Vec<Total> {
    let totals = rows.iter().zip(presses);
    let totals = totals.map(|(&session, &upto)| Total { session, upto });
    totals.collect()
}

pub async fn many_are_counted_at_once_and_said_again_count_once(place: impl Stores) {
    let mut store = opened(place.store()).await;
    let (ids, rows) = seated(&mut store, &["Ada", "Bob", "Cleo"]).await;
    let all = |answers: [(i64, u64); 3]| -> Result<Vec<Counted>, StoreError> {
        let answers = answers.map(|(score, upto)| counted(score, upto));
        answers.into_iter().collect()
    };
    let said = totals(&rows, &[3, 5, 7]);
    let expected = all([(3, 3), (5, 5), (7, 7)]);
    assert_eq!(store.count_all(&said).await, expected);
    assert_eq!(store.count_all(&said).await, expected);
    // As after an answer that was lost with its connection.
    let mut again = opened(place.store()).await;
    assert_eq!(again.count_all(&said).await, expected);
    assert_eq!(store.count_all(&[]).await, Ok(vec![]));
    let other = session(&mut store, ids[1]).await;
    assert_eq!(store.count(other, 10).await, counted(15, 10));
    let said = totals(&rows, &[3, 6, 2]);
    let expected = all([(3, 3), (16, 6), (7, 7)]);
    assert_eq!(store.count_all(&said).await, expected, "news, none, old");
    let found = players(&mut store).await;
    let scores: Vec<i64> = ids.iter().map(|id| found[&id.0].score).collect();
    assert_eq!(scores, [3, 16, 7]);
}

pub async fn one_who_is_gone_does_not_keep_others_from_counting(place: impl Stores) {
    let mut store = opened(place.store()).await;
    let (ids, rows) = seated(&mut store, &["Ada", "Bob", "Cleo"]).await;
    store.remove(ids[1]).await.expect("removed");
    let said = totals(&rows, &[3, 5, 7]);
    assert_eq!(store.count_all(&said).await, Err(StoreError::Gone));
    assert_eq!(store.count(rows[0], 3).await, counted(3, 3));
    assert_eq!(store.count(rows[1], 5).await, Err(StoreError::Gone));
    assert_eq!(store.count(rows[2], 8).await, counted(8, 8));
    let found = players(&mut store).await;
    let scores: Vec<i64> = found.values().map(|player| player.score).collect();
    assert_eq!(scores, [3, 8]);
}

pub async fn a_full_score_does_not_keep_others_from_counting<P: Stores>(place: P) {
    let mut store = opened(place.store()).await;
    let (ids, rows) = seated(&mut store, &["Ada", "Bob", "Cleo"]).await;
    let other = session(&mut store, ids[1]).await;
    let most = P::MOST.unsigned_abs();
    store.count(other, most - 1).await.expect("counted");
    let said = totals(&rows, &[3, 5, 7]);
    assert_eq!(store.count_all(&said).await, Err(StoreError::ScoreFull));
    assert_eq!(store.count(rows[0], 3).await, counted(3, 3));
    assert_eq!(store.count(rows[1], 5).await, Err(StoreError::ScoreFull));
    assert_eq!(store.count(rows[2], 7).await, counted(7, 7));
    let found = players(&mut store).await;
    let scores: Vec<i64> = ids.iter().map(|id| found[&id.0].score).collect();
    assert_eq!(scores, [3, P::MOST - 1, 7]);
}
