//! Reads records in the order of their keys, some at a time.

use sqlx::{ColumnIndex, Decode, Encode, Executor, Row, Type};

use super::record::described;
use super::session::{Session, within};
use super::statements::ArchiveDialect;
use super::{
    ArchiveError, BATCH, Batch, HistoryRecord, KeyRecord, Kind, PlayerRecord, RaceRecord,
    RacerRecord, SprintRecord,
};
use crate::game::race::Standing;
use crate::store::calls::Values;
use crate::store::races::written;

/// Behind which key a page begins.
enum From {
    /// The first of this key.
    Key(i64),
    /// The first of this player or race with at least this in the second part of the key.
    Pair(i64, i64),
    /// Behind this client and player.
    Client(String, i64),
}

impl<DB> Session<DB>
where
    DB: ArchiveDialect + Values,
    for<'c> &'c mut DB::Connection: Executor<'c, Database = DB>,
    usize: ColumnIndex<DB::Row>,
    i64: Type<DB> + for<'e> Encode<'e, DB> + for<'d> Decode<'d, DB>,
    Option<i64>: for<'e> Encode<'e, DB>,
    String: Type<DB> + for<'e> Encode<'e, DB> + for<'d> Decode<'d, DB>,
    Vec<u8>: Type<DB> + for<'d> Decode<'d, DB>,
{
    pub async fn page(&mut self, kind: Kind, after: Option<&Batch>) -> Result<Batch, ArchiveError> {
        let (Some(sql), Some(from)) = (self.statements(kind), behind(kind, after)) else {
            return Ok(Batch::none(kind));
        };
        let query = sqlx::query(sql.page);
        let query = match from {
            From::Key(key) => query.bind(key),
            From::Pair(player, second) => query.bind(player).bind(player).bind(second),
            From::Client(client, player) => query.bind(client.clone()).bind(client).bind(player),
        };
        let rows = query.bind(BATCH as i64).fetch_all(&mut self.conn);
        let rows = within::<DB, _>(&self.target, rows).await?;
        Ok(match kind {
            Kind::Players => Batch::Players(self.each(&rows, Self::player)?),
            Kind::History => Batch::History(self.each(&rows, Self::part)?),
            Kind::Sprints => Batch::Sprints(self.each(&rows, Self::sprint)?),
            Kind::Keys => Batch::Keys(self.each(&rows, Self::key)?),
            Kind::Races => Batch::Races(self.each(&rows, Self::race)?),
            Kind::Racers => Batch::Racers(self.each(&rows, Self::racer)?),
        })
    }

    fn each<T>(
        &self,
        rows: &[DB::Row],
        read: fn(&Self, &DB::Row) -> Result<T, ArchiveError>,
    ) -> Result<Vec<T>, ArchiveError> {
        rows.iter().map(|row| read(self, row)).collect()
    }

    fn get<T>(&self, row: &DB::Row, column: usize) -> Result<T, ArchiveError>
    where
        T: Type<DB> + for<'d> Decode<'d, DB>,
    {
        let value = row.try_get(column);
        Ok(value.map_err(|error| DB::explain(&self.target, error))?)
    }

    /// A text that another program may have written as anything.
    fn text(
        &self,
        row: &DB::Row,
        column: usize,
        record: impl FnOnce(&str) -> String,
    ) -> Result<Option<String>, ArchiveError> {
        let bytes = row.try_get::<Option<Vec<u8>>, _>(column);
        let bytes = bytes.map_err(|error| DB::explain(&self.target, error))?;
        let text = bytes.map(String::from_utf8).transpose();
        text.map_err(|broken| ArchiveError::NotText {
            place: self.place(),
            record: record(&String::from_utf8_lossy(broken.as_bytes())),
        })
    }

    fn player(&self, row: &DB::Row) -> Result<PlayerRecord, ArchiveError> {
        let id = self.get(row, 0)?;
        let text = |column| self.text(row, column, |text| described(id, Some(text)));
        Ok(PlayerRecord {
            id,
            name: text(1)?,
            email: text(2)?,
            score: {
                let score = row.try_get(3);
                score.map_err(|error| DB::explain(&self.target, error))?
            },
        })
    }

    fn part(&self, row: &DB::Row) -> Result<HistoryRecord, ArchiveError> {
        Ok(HistoryRecord {
            player: self.get(row, 0)?,
            quarter: self.get(row, 1)?,
            points: self.get(row, 2)?,
            overwritten: self.get(row, 3)?,
        })
    }

    fn sprint(&self, row: &DB::Row) -> Result<SprintRecord, ArchiveError> {
        let (player, seconds) = (self.get(row, 0)?, self.get(row, 1)?);
        let record = |_: &str| format!("a sprint of the player {player}");
        Ok(SprintRecord {
            player,
            seconds,
            presses: self.get(row, 2)?,
            at: self.get(row, 3)?,
            trace: self.text(row, 4, record)?.unwrap_or_default(),
        })
    }

    fn key(&self, row: &DB::Row) -> Result<KeyRecord, ArchiveError> {
        Ok(KeyRecord {
            player: self.get(row, 0)?,
            client: self.get(row, 1)?,
            counted: self.get(row, 2)?,
        })
    }

    fn race(&self, row: &DB::Row) -> Result<RaceRecord, ArchiveError> {
        Ok(RaceRecord {
            id: self.get(row, 0)?,
            seconds: self.get(row, 1)?,
            start: self.get(row, 2)?,
            closed: self.get(row, 3)?,
        })
    }

    /// A name of that time can't be written anew by anybody, so that it is shown as it can be.
    fn racer(&self, row: &DB::Row) -> Result<RacerRecord, ArchiveError> {
        let explain = |error| DB::explain(&self.target, error);
        let name: Option<Vec<u8>> = row.try_get(3).map_err(explain)?;
        Ok(RacerRecord {
            race: self.get(row, 0)?,
            number: self.get(row, 1)?,
            player: row.try_get(2).map_err(explain)?,
            name: name.map(|name| String::from_utf8_lossy(&name).into_owned()),
            presses: self.get(row, 4)?,
            left: self.get::<i64>(row, 5)? != written(Standing::Done),
        })
    }
}

/// Where the records behind those of a batch begin; none where there can be none.
fn behind(kind: Kind, batch: Option<&Batch>) -> Option<From> {
    let pair = |first: i64, second: i64| {
        let next = second.checked_add(1);
        next.map(|next| From::Pair(first, next))
            .or_else(|| Some(From::Pair(first.checked_add(1)?, i64::MIN)))
    };
    match batch {
        None => Some(match kind {
            Kind::Players | Kind::Races => From::Key(i64::MIN),
            Kind::History | Kind::Sprints | Kind::Racers => From::Pair(i64::MIN, i64::MIN),
            Kind::Keys => From::Client(String::new(), i64::MIN),
        }),
        Some(Batch::Players(all)) => Some(From::Key(all.last()?.id.checked_add(1)?)),
        Some(Batch::History(all)) => all.last().and_then(|last| pair(last.player, last.quarter)),
        Some(Batch::Sprints(all)) => all.last().and_then(|last| pair(last.player, last.seconds)),
        Some(Batch::Races(all)) => Some(From::Key(all.last()?.id.checked_add(1)?)),
        Some(Batch::Racers(all)) => all.last().and_then(|last| pair(last.race, last.number)),
        Some(Batch::Keys(all)) => {
            let last = all.last()?;
            Some(From::Client(last.client.clone(), last.player))
        }
    }
}
