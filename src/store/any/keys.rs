//! Stores and looks up the ssh keys of players.

use jiff::Timestamp;

use super::super::connection::{Connection, query};
use super::super::{KeptKey, SshKey, StoreError};
use super::AnyStore;
use super::changing::{Changing, add_key};
use crate::game::{Entry, Player, PlayerId};

/// Fingerprint -> `user_id`.
const FIND: &str = "SELECT user_id FROM click_keys WHERE fingerprint = ?";

/// -> `fingerprint`, `user_id`, `comment`, `at` of each key, oldest first.
const ALL: &str =
    "SELECT fingerprint, user_id, comment, at FROM click_keys ORDER BY at, fingerprint";

/// Fingerprint: removes a key.
const REMOVE: &str = "DELETE FROM click_keys WHERE fingerprint = ?";

impl AnyStore {
    /// The player with this key, if the player exists.
    pub async fn player_of_key(&mut self, fingerprint: &str) -> Result<Option<Player>, StoreError> {
        let find = query(FIND).bind(fingerprint.to_owned());
        self.read(
            async |conn: &mut Connection| match conn.scalar::<i64>(find).await? {
                Some(id) => conn.player(PlayerId(id)).await,
                None => Ok(None),
            },
        )
        .await
    }

    /// Adds a player with score 0 and this key: both or neither.
    ///
    /// # Errors
    /// The database's error; a rejection if somebody has the key already.
    pub async fn add_with_key(
        &mut self,
        entry: &Entry,
        key: &SshKey,
    ) -> Result<Player, StoreError> {
        let added = self.change(Changing::Add(entry, Some(key))).await?;
        added.ok_or(StoreError::Gone)
    }

    /// Assigns a key to a player, even if somebody else has it.
    pub async fn give_key(&mut self, key: &SshKey, player: PlayerId) -> Result<(), StoreError> {
        let remove = query(REMOVE).bind(key.fingerprint.clone());
        let add = add_key(key, player);
        let give = async |conn: &mut Connection| {
            conn.rows(remove).await?;
            conn.rows(add).await.map(drop)
        };
        self.write_on_connection(async |conn: &mut Connection| {
            let begin = Some(conn.begins_writes());
            conn.in_transaction(begin, give).await
        })
        .await
    }

    /// Removes a key.
    pub async fn remove_key(&mut self, fingerprint: &str) -> Result<(), StoreError> {
        let remove = query(REMOVE).bind(fingerprint.to_owned());
        self.write(remove).await
    }

    /// All keys, oldest first.
    pub async fn keys(&mut self) -> Result<Vec<KeptKey>, StoreError> {
        let keys = query(ALL);
        self.read(async |conn: &mut Connection| {
            let mut kept = Vec::new();
            for row in conn.rows(keys).await? {
                let id = PlayerId(row.get("user_id")?);
                let at: i64 = row.get("at")?;
                kept.push(KeptKey {
                    key: SshKey {
                        fingerprint: row.get("fingerprint")?,
                        comment: row.get("comment")?,
                    },
                    player: conn.player(id).await?,
                    id,
                    since: Timestamp::from_second(at).unwrap_or_default(),
                });
            }
            Ok(kept)
        })
        .await
    }
}
