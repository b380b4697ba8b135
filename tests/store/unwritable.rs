//! Names with characters that a database's encoding lacks: no player has such a name, and searching
//! for one is no error.

use clickoff::game::Entry;
use clickoff::store::{AnyStore, Remedy, Store};

use crate::contract::entry;
use crate::places::{MariaDb, OnServer, Postgres, Served};
use crate::servers::direct;

/// Names in other scripts than Latin, of which some have letters that Latin has too.
const OTHERS: [&str; 5] = ["王小明", "Ада", "名", "Ada🦀", "Ÿ—Ω"];

async fn nobody_has_them(mut store: AnyStore, what: &str) {
    store.open().await.expect("it opens");
    let ada: Entry = entry("Ada", "");
    store.add(&ada).await.expect("added");
    for name in OTHERS {
        let named = store.named(name).await;
        assert_eq!(
            named.map(|players| players.len()),
            Ok(0),
            "{name} in {what}"
        );
        let mut from = None;
        loop {
            let found = store.search(&name.to_lowercase(), from).await;
            let found = found.unwrap_or_else(|error| panic!("{name} in {what}: {error}"));
            assert!(found.players.is_empty(), "{name} in {what}");
            from = found.next;
            if from.is_none() {
                break;
            }
        }
        if let Err(error) = store.add(&entry(name, "")).await {
            assert_eq!(error.remedy(), Remedy::Refuse, "{name} in {what}: {error}");
        }
    }
    // The connection is as good as before.
    assert_eq!(
        store.named("Ada").await.map(|all| all.len()),
        Ok(1),
        "{what}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn in_no_encoding_of_postgres() {
    let Some(place) = Postgres::new() else { return };
    for encoding in ["LATIN1", "SQL_ASCII", "EUC_JP", "WIN1251", "LATIN9"] {
        let name = format!("{}_{}", place.name(), encoding.to_lowercase());
        place.ask(&format!(
            "CREATE DATABASE {name} ENCODING '{encoding}' LOCALE 'C' TEMPLATE template0"
        ));
        let url = direct(&place).replace(&format!("/{}", place.name()), &format!("/{name}"));
        let store = Postgres::store_at(&url);
        if encoding == "LATIN1" || encoding == "LATIN9" {
            nobody_has_them(store, encoding).await;
        } else {
            // Some of the names can be held there.
            let mut store = store;
            store.open().await.expect("it opens");
            for name in OTHERS {
                let named = store.named(name).await;
                assert_eq!(
                    named.map(|players| players.len()),
                    Ok(0),
                    "{name} in {encoding}"
                );
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn in_no_collation_of_mariadb() {
    for collation in [
        "latin1_swedish_ci",
        "latin1_bin",
        "latin1_general_cs",
        "ascii_general_ci",
        "ascii_bin",
        "latin7_general_ci",
    ] {
        let Some(place) = MariaDb::new() else { return };
        place.ask(&format!(
            "CREATE TABLE users (id BIGINT AUTO_INCREMENT PRIMARY KEY, score BIGINT,
                 name VARCHAR(100) COLLATE {collation}, email VARCHAR(100) COLLATE {collation})"
        ));
        nobody_has_them(MariaDb::store_at(&direct(&place)), collation).await;
    }
}
