//! What is asked of a database in one call, on a connection that is known to be good.

use sqlx::database::HasStatementCache;
use sqlx::query::Query;
use sqlx::{ColumnIndex, Database, Decode, Encode, Executor, IntoArguments, Row, Type};

use super::dialect::Dialect;
use super::races::written;
use super::{Claim, ClientId, Counted, Day, NewRules, SessionId};
use crate::game::race::{Entrance, RaceId, Standing};
use crate::game::sprint::Sprinted;
use crate::game::{Player, PlayerId};

/// How a locked transaction ended.
pub enum Locked {
    Counted(Counted),
    Gone,
    ScoreFull,
    /// Something in the database made something else of it, so that nothing was kept; and what.
    Overruled(String),
}

/// The bounds that sqlx needs of a database for this file's few kinds of values, in one place.
pub trait Values:
    Database<Arguments: IntoArguments<Self>, Row: Row<Database = Self>> + HasStatementCache
{
}
impl<DB> Values for DB where DB: Database<Arguments: IntoArguments<DB>> + HasStatementCache {}

/// The writes beside the score, each one transaction that answers with a row or with nothing.
pub enum Write<'a> {
    Register(ClientId, PlayerId),
    Resume(ClientId, PlayerId, Day),
    Retire(ClientId),
    Tidy(ClientId),
    BeginSprint(SessionId),
    Sprint(SessionId, &'a Sprinted),
    Rules(NewRules),
    Enter(SessionId, Entrance),
    Report(SessionId, RaceId, u64, Standing),
    /// What keeps a survey: its rungs, how many players it saw, and what it took.
    Survey(&'static str, String, i64, i64),
}

/// How a call is made on its connection.
#[derive(Debug, Clone, Copy)]
pub struct Manner {
    /// What begins a transaction around the call, where it has to be one.
    begins: Option<&'static str>,
    /// Whether its statements are prepared for later calls too.
    keeps: bool,
}

impl Manner {
    /// As a dialect wants it for a place.
    pub fn of<DB: Dialect>(target: &DB::Target) -> Self {
        let begins = DB::begins_call(target);
        let keeps = begins.is_none();
        Self { begins, keeps }
    }

    /// The same, in a transaction that is begun so.
    pub fn begun_by(self, begins: Option<&'static str>) -> Self {
        Self {
            begins: begins.or(self.begins),
            ..self
        }
    }

    /// The same, in a transaction in any case.
    pub fn in_transaction<DB: Dialect>(self) -> Self {
        Self {
            begins: self.begins.or(Some(DB::SQL.begin)),
            ..self
        }
    }

    /// A statement of the call.
    pub fn query<DB: Values>(self, sql: &'static str) -> Query<'static, DB, DB::Arguments> {
        sqlx::query(sql).persistent(self.keeps)
    }

    /// Whether the beginning is a round trip of its own.
    pub fn begins_apart(self) -> bool {
        self.begins.is_some()
    }

    /// Begins the call.
    pub async fn begin<DB>(self, conn: &mut DB::Connection) -> Result<(), sqlx::Error>
    where
        DB: Database,
        for<'c> &'c mut DB::Connection: Executor<'c, Database = DB>,
    {
        match self.begins {
            Some(begins) => conn.execute(begins).await.map(drop),
            None => Ok(()),
        }
    }

    /// Ends a call that went well; with any other the connection is dropped.
    pub async fn end<DB>(self, conn: &mut DB::Connection) -> Result<(), sqlx::Error>
    where
        DB: Database,
        for<'c> &'c mut DB::Connection: Executor<'c, Database = DB>,
    {
        match self.begins {
            Some(_) => conn.execute("COMMIT").await.map(drop),
            None => Ok(()),
        }
    }
}

/// Makes a write and reads its answer.
pub async fn run_write<DB>(
    conn: &mut DB::Connection,
    manner: Manner,
    write: Write<'_>,
) -> Result<Option<DB::Row>, sqlx::Error>
where
    DB: Dialect + Values,
    for<'c> &'c mut DB::Connection: Executor<'c, Database = DB>,
    usize: ColumnIndex<DB::Row>,
    i64: Type<DB> + for<'e> Encode<'e, DB> + for<'d> Decode<'d, DB>,
    String: Type<DB> + for<'e> Encode<'e, DB>,
    Option<String>: Type<DB> + for<'e> Encode<'e, DB>,
{
    let sql = &DB::SQL;
    manner.begin::<DB>(conn).await?;
    let rows = match write {
        Write::Register(client, player) | Write::Resume(client, player, _) => {
            let make = match write {
                Write::Resume(.., day) => manner
                    .query::<DB>(sql.resume)
                    .bind(client.to_string())
                    .bind(player.0)
                    .bind(day.0),
                _ => manner
                    .query::<DB>(sql.register)
                    .bind(client.to_string())
                    .bind(player.0),
            };
            make.execute(&mut *conn).await?;
            manner
                .query::<DB>(sql.session)
                .bind(client.to_string())
                .bind(player.0)
                .fetch_all(&mut *conn)
                .await?
        }
        Write::Rules(rules) => {
            let [held_keys, max_rate] = rules.words();
            let set = manner.query::<DB>(sql.set_rules);
            let set = set.bind(held_keys).bind(max_rate);
            set.fetch_all(&mut *conn).await?
        }
        Write::Retire(client) => {
            manner
                .query::<DB>(sql.retire)
                .bind(client.to_string())
                .fetch_all(&mut *conn)
                .await?
        }
        Write::Tidy(client) => {
            manner
                .query::<DB>(sql.tidy)
                .bind(client.to_string())
                .fetch_all(&mut *conn)
                .await?
        }
        Write::BeginSprint(session) => {
            let begin = manner.query::<DB>(sql.sprint_begin).bind(session.0);
            begin.fetch_all(&mut *conn).await?
        }
        Write::Sprint(session, sprinted) => {
            manner
                .query::<DB>(sql.sprint)
                .bind(session.0)
                .bind(i64::from(sprinted.length.seconds()))
                .bind(i64::try_from(sprinted.trace.total()).unwrap_or(i64::MAX))
                .bind(sprinted.trace.to_string())
                .fetch_all(&mut *conn)
                .await?
        }
        Write::Enter(session, entrance) => {
            let (enter, which) = match entrance {
                Entrance::Open(length) => (sql.race_open, i64::from(length.seconds())),
                Entrance::Join(race) => (sql.race_join, race.0),
            };
            let enter = manner.query::<DB>(enter).bind(session.0).bind(which);
            enter.fetch_all(&mut *conn).await?
        }
        Write::Survey(keep, rungs, players, took) => {
            let keep = manner.query::<DB>(keep).bind(rungs);
            keep.bind(players).bind(took).fetch_all(&mut *conn).await?
        }
        Write::Report(session, race, presses, standing) => {
            manner
                .query::<DB>(sql.race_report)
                .bind(session.0)
                .bind(race.0)
                .bind(i64::try_from(presses).unwrap_or(i64::MAX))
                .bind(written(standing))
                .fetch_all(&mut *conn)
                .await?
        }
    };
    manner.end::<DB>(conn).await?;
    Ok(rows.into_iter().next())
}

/// Reads a client's rows, and those of all whose ids begin as its own does.
pub async fn claims<DB>(
    conn: &mut DB::Connection,
    manner: Manner,
    client: ClientId,
) -> Result<Vec<Claim>, sqlx::Error>
where
    DB: Dialect + Values,
    for<'c> &'c mut DB::Connection: Executor<'c, Database = DB>,
    usize: ColumnIndex<DB::Row>,
    i64: Type<DB> + for<'d> Decode<'d, DB>,
    String: Type<DB> + for<'e> Encode<'e, DB> + for<'d> Decode<'d, DB>,
{
    manner.begin::<DB>(conn).await?;
    let rows = manner
        .query::<DB>(DB::SQL.claims)
        .bind(client.to_string())
        .fetch_all(&mut *conn)
        .await?;
    manner.end::<DB>(conn).await?;
    let claim = |row: &DB::Row| {
        let client: String = row.try_get(0)?;
        let counted: i64 = row.try_get(2)?;
        Ok(Claim {
            client: ClientId::parse_str(&client).map_err(|e| sqlx::Error::Decode(e.into()))?,
            player: PlayerId(row.try_get(1)?),
            counted: counted.unsigned_abs(),
        })
    };
    rows.iter().map(claim).collect()
}

/// The locked transaction: the rows are locked before the kept number is read, so no earlier
/// connection of this client, half dead, can slip in between. The text: session, total -> counted,
/// score, refused, `max_rate`; counted stays below the total where the score can't hold it, and there
/// is no row where the player is gone.
pub async fn locked_count<DB>(
    conn: &mut DB::Connection,
    manner: Manner,
    text: &'static str,
    session: SessionId,
    upto: u64,
) -> Result<Locked, sqlx::Error>
where
    DB: Dialect + Values,
    for<'c> &'c mut DB::Connection: Executor<'c, Database = DB>,
    usize: ColumnIndex<DB::Row>,
    i64: Type<DB> + for<'e> Encode<'e, DB> + for<'d> Decode<'d, DB>,
{
    let upto = i64::try_from(upto).unwrap_or(i64::MAX);
    manner.begin::<DB>(conn).await?;
    let count = manner.query::<DB>(text).bind(session.0).bind(upto);
    let rows = count.fetch_all(&mut *conn).await?;
    manner.end::<DB>(conn).await?;
    let Some(row) = rows.first() else {
        return Ok(Locked::Gone);
    };
    let counted: i64 = row.try_get(0)?;
    if counted < upto {
        return Ok(Locked::ScoreFull);
    }
    let refused: i64 = row.try_get(2)?;
    let max_rate: Option<i64> = row.try_get(3)?;
    Ok(Locked::Counted(Counted {
        score: row.try_get(1)?,
        counted: counted.unsigned_abs(),
        refused: refused.unsigned_abs(),
        max_rate: max_rate.and_then(|rate| rate.try_into().ok()),
    }))
}

/// Reads id, name, email, score from column `at` on. Names are read as bytes: a file that other
/// programs wrote may hold what is no UTF-8, and one such row must not hide all others.
pub fn player<DB>(row: &DB::Row, at: usize) -> Result<Player, sqlx::Error>
where
    DB: Database,
    usize: ColumnIndex<DB::Row>,
    i64: Type<DB> + for<'d> Decode<'d, DB>,
    Vec<u8>: Type<DB> + for<'d> Decode<'d, DB>,
{
    let text = |column| -> Result<String, sqlx::Error> {
        let bytes: Option<Vec<u8>> = row.try_get(column)?;
        Ok(bytes.map_or_else(String::new, |b| String::from_utf8_lossy(&b).into_owned()))
    };
    Ok(Player {
        id: PlayerId(row.try_get(at)?),
        name: text(at + 1)?,
        email: text(at + 2)?,
        score: row.try_get(at + 3)?,
    })
}
