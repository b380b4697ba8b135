//! What a database demands of its players: how that is read, and how it is changed.

use sqlx::{ColumnIndex, Decode, Encode, Executor, Row, Type};

use super::StoreError;
use super::calls::{Values, Write};
use super::dialect::Dialect;
use super::sql_store::SqlStore;
use crate::game::{HeldKeys, Rules};

/// What is to become of a database's rules; what is `None` stays as it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct NewRules {
    /// What a held key scores, or that each player decides.
    pub held_keys: Option<Option<HeldKeys>>,
    /// How many points a second a player may score, or that there is no limit.
    pub max_rate: Option<Option<u32>>,
}

impl NewRules {
    /// `held_keys` and `max_rate` as the database keeps them.
    pub fn words(self) -> [Option<String>; 2] {
        let word = |word: Option<String>, none: &str| word.unwrap_or_else(|| none.to_owned());
        [
            self.held_keys
                .map(|held| word(held.map(|h| h.to_string()), "unset")),
            self.max_rate
                .map(|rate| word(rate.map(|r| r.to_string()), "off")),
        ]
    }
}

impl<DB> SqlStore<DB>
where
    DB: Dialect + Values,
    for<'c> &'c mut DB::Connection: Executor<'c, Database = DB>,
    usize: ColumnIndex<DB::Row>,
    i64: Type<DB> + for<'e> Encode<'e, DB> + for<'d> Decode<'d, DB>,
    String: Type<DB> + for<'e> Encode<'e, DB>,
    Vec<u8>: Type<DB> + for<'d> Decode<'d, DB>,
    Option<String>: Type<DB> + for<'e> Encode<'e, DB>,
{
    /// Changes the rules in one transaction.
    pub async fn set_rules(&mut self, rules: NewRules) -> Result<(), StoreError> {
        self.write(Write::Rules(rules)).await.map(drop)
    }
}

/// Reads `held_keys` and `max_rate`; a word that means nothing is no rule.
pub fn rules<DB>(row: &DB::Row, at: usize) -> Result<Rules, sqlx::Error>
where
    DB: Values,
    usize: ColumnIndex<DB::Row>,
    String: Type<DB> + for<'d> Decode<'d, DB>,
{
    let word = |at| row.try_get::<Option<String>, _>(at);
    Ok(Rules {
        held_keys: word(at)?.and_then(|word| word.parse().ok()),
        max_rate: word(at + 1)?.and_then(|word| word.parse().ok()),
    })
}
