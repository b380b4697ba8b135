//! Reads and creates the rows in which the database counts clients' presses.

use super::connection::{Connection, Query, query};
use super::{Claim, ClientId, SessionId};
use crate::game::PlayerId;

impl Connection {
    /// Reads the sessions of a client and these players, as far as they exist.
    async fn sessions(
        &mut self,
        client: ClientId,
        players: &[PlayerId],
    ) -> Result<Vec<(PlayerId, SessionId)>, sqlx::Error> {
        let sessions = query(self.sql().calls.session).bind(client.to_string());
        let sessions = sessions.bind_list(players.iter().map(|player| player.0));
        let sessions = self.rows(sessions).await?.into_iter();
        let sessions = sessions.map(|row| {
            let player = PlayerId(row.get("user_id")?);
            Ok((player, SessionId(row.get("id")?)))
        });
        sessions.collect()
    }

    /// Runs the query that creates a session's row if needed, and reads the row.
    pub async fn make_session(
        &mut self,
        make: Query,
        client: ClientId,
        player: PlayerId,
    ) -> Result<Option<SessionId>, sqlx::Error> {
        self.rows(make).await?;
        let sessions = self.sessions(client, &[player]).await?;
        Ok(sessions.first().map(|(_, session)| *session))
    }

    /// Creates the rows of many sessions if needed, in one transaction, and reads them.
    pub async fn make_sessions(
        &mut self,
        client: ClientId,
        players: &[PlayerId],
    ) -> Result<Vec<(PlayerId, SessionId)>, sqlx::Error> {
        let make = query(self.sql().calls.register).bind(client.to_string());
        let make = make.bind_list(players.iter().map(|player| player.0));
        let begin = Some(self.begins_writes());
        self.in_transaction(begin, async |conn: &mut Self| {
            conn.rows(make).await?;
            conn.sessions(client, players).await
        })
        .await
    }

    /// Reads the rows for [`super::Store::claims`].
    pub async fn claims(&mut self, client: ClientId) -> Result<Vec<Claim>, sqlx::Error> {
        let rows = self.rows(query(self.sql().claims).bind(client.to_string()));
        let claims = rows.await?.into_iter().map(|row| {
            let client: String = row.get("client")?;
            Ok(Claim {
                session: SessionId(row.get("id")?),
                client: ClientId::parse_str(&client).map_err(|e| sqlx::Error::Decode(e.into()))?,
                player: PlayerId(row.get("user_id")?),
                counted: row.count("last_seq")?,
            })
        });
        claims.collect()
    }
}
