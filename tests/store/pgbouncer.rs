//! Behind a proxy that pools connections by transaction; the contract runs there, too.

use clickoff::message::BrokenKind;
use clickoff::store::{Remedy, Store};
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, Executor, Row};

use crate::faults::{cut, drop_replies, exact};
use crate::places::{self, OnServer, Postgres, Served};
use crate::servers::playing;
use crate::support::proxy::Proxy;

#[tokio::test(flavor = "multi_thread")]
async fn a_link_cut_just_before_or_after_a_count() {
    if let Some(place) = Postgres::pooled() {
        exact(place, |_, proxy| cut::<Postgres>(proxy)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_reply_of_a_hundred_lost() {
    if let Some(place) = Postgres::pooled() {
        exact(place, |_, proxy| drop_replies(proxy)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_ended_by_the_server_at_random() {
    if let Some(place) = Postgres::pooled() {
        exact(place, |place, _| {
            for _ in 0..25 {
                place.end_a_connection();
            }
        })
        .await;
    }
}

/// Begin, prepare, execute and commit, on one of the proxy's connections.
#[tokio::test(flavor = "multi_thread")]
async fn a_count_is_four_round_trips() {
    let Some(place) = Postgres::pooled() else {
        return;
    };
    let proxy = Proxy::start(place.address());
    let (mut store, _, session) = playing::<Postgres>(&place.url_via(proxy.addr())).await;
    store.count(session, 1).await.expect("counted");
    let before = proxy.counters();
    for upto in 2..=11 {
        store.count(session, upto).await.expect("counted");
    }
    assert_eq!(proxy.counters().since(&before).round_trips, 40);
}

/// What a client leaves on the proxy's connections would meet its other users.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_left_on_the_pooled_connections() {
    let Some(place) = Postgres::pooled() else {
        return;
    };
    let (mut store, _, session) = playing::<Postgres>(&place.url_via(place.address())).await;
    for upto in 1..=20 {
        store.count(session, upto).await.expect("counted");
    }
    let url = place
        .url_via(place.address())
        .replace("?pool_mode=transaction", "");
    let options: PgConnectOptions = url.parse().expect("a URL");
    let mut pool = Vec::new();
    for _ in 0..places::POOL {
        // In a transaction each, they hold all of the proxy's connections at once.
        let conn = options.clone().extra_float_digits(None).connect().await;
        let mut conn = conn.expect("a connection");
        let row = conn.fetch_one(
            "BEGIN;
             SELECT concat_ws(' ', count(*), current_setting('lock_timeout'),
                              current_setting('statement_timeout'))
             FROM pg_prepared_statements",
        );
        let left: String = row.await.and_then(|row| row.try_get(0)).expect("a row");
        assert_eq!(left, "0 0 0");
        pool.push(conn);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_setting_is_named_where_it_is_missing() {
    let Some(place) = Postgres::pooled() else {
        return;
    };
    let url = without_the_setting(&place);
    // What the first has prepared on the one connection that it used, the second meets there.
    let mut first = Postgres::store_at(&url);
    let first = first.open().await;
    let error = match first {
        Ok(_) => Postgres::store_at(&url).open().await.expect_err("met"),
        Err(error) => error,
    };
    let stops = Remedy::Stop(BrokenKind::Unreachable);
    assert_eq!(error.remedy(), stops, "{error}");
    assert!(
        error.to_string().contains("?pool_mode=transaction"),
        "{error}"
    );
}

/// The database's URL through the proxy, as if that pooled by session.
fn without_the_setting(place: &Postgres) -> String {
    let url = place.url_via(place.address());
    url.replace("?pool_mode=transaction", "")
}
