//! Behind a proxy that pools connections by transaction; the contract runs there too.

use clickoff::store::{ClientId, Store};
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, Executor, Row};

use crate::contract::{Place, entry};
use crate::faults::{cut, drop_replies, exact};
use crate::places::{self, Postgres, Served};

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

/// What a client leaves on the proxy's connections would meet its other users.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_left_on_the_pooled_connections() {
    let Some(place) = Postgres::pooled() else {
        return;
    };
    let mut store = place.store();
    store.open().await.expect("open");
    let player = store.add(&entry("Ada", "")).await.expect("added").id;
    let session = store.register(ClientId::new_v4(), player).await;
    let session = session.expect("a session");
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
