//! Sprints and races on any engine.

use super::super::connection::{Connection, Row, query};
use super::super::{AsOf, Contests, SessionId, StoreError, past, races, sprints};
use super::AnyStore;
use crate::game::PlayerId;
use crate::game::contest::Trace;
use crate::game::race::{Entered, Entrance, PAST, Race, RaceId, Standing};
use crate::game::sprint::{Bests, Board, Kept, Sprinted};

impl Contests for AnyStore {
    async fn begin_sprint(&mut self, session: SessionId) -> Result<(), StoreError> {
        let begin = query(self.sql().calls.sprint_begin).bind(session.0);
        self.write(begin).await
    }

    async fn keep_sprint(
        &mut self,
        session: SessionId,
        sprinted: &Sprinted,
    ) -> Result<bool, StoreError> {
        let presses = i64::try_from(sprinted.trace.total()).unwrap_or(i64::MAX);
        let keep = query(self.sql().calls.sprint)
            .bind(session.0)
            .bind(i64::from(sprinted.length.seconds()))
            .bind(presses)
            .bind(sprinted.trace.to_string());
        Ok(self.write_for(keep).await? == Some(1))
    }

    async fn bests(&mut self, player: PlayerId) -> Result<Bests, StoreError> {
        let bests = query(sprints::select_bests()).bind(player.0);
        self.rows(bests, sprints::bests).await
    }

    async fn board(&mut self, board: Board) -> Result<Vec<Kept>, StoreError> {
        let board = match board {
            Board::Length(length, places) => query(sprints::BOARD)
                .bind(i64::from(length.seconds()))
                .bind(i64::from(places)),
            Board::Player(player) => query(sprints::OWN_BOARD).bind(player.0),
        };
        self.rows(board, sprints::board).await
    }

    async fn enter_race(
        &mut self,
        session: SessionId,
        entrance: Entrance,
    ) -> Result<Option<Entered>, StoreError> {
        let (enter, which) = match entrance {
            Entrance::Open(length) => (self.sql().calls.race_open, i64::from(length.seconds())),
            Entrance::Join(race) => (self.sql().calls.race_join, race.0),
        };
        let enter = query(enter).bind(session.0).bind(which);
        self.write_call(async |conn: &mut Connection| {
            let entered = conn.row(enter).await?.map(|row| {
                Ok(Entered {
                    race: RaceId(row.get("race")?),
                    racer: row.get("racer")?,
                })
            });
            entered.transpose()
        })
        .await
    }

    async fn report_race(
        &mut self,
        session: SessionId,
        race: RaceId,
        presses: u64,
        standing: Standing,
        trace: Option<&Trace>,
    ) -> Result<(), StoreError> {
        let report = query(self.sql().calls.race_report)
            .bind(session.0)
            .bind(race.0)
            .bind(i64::try_from(presses).unwrap_or(i64::MAX))
            .bind(races::written(standing))
            .bind(trace.map(Trace::to_string));
        self.write(report).await
    }

    async fn race(&mut self, race: Option<RaceId>) -> Result<AsOf<Option<Race>>, StoreError> {
        let asked = race.map_or(0, |race| race.0);
        let read = |rows: &[Row]| {
            Ok(AsOf {
                clock: past::clock(rows)?,
                value: races::races(rows)?.pop(),
            })
        };
        self.rows(query(races::select_race()).bind(asked), read)
            .await
    }

    async fn races(&mut self) -> Result<Vec<Race>, StoreError> {
        let races = query(races::select_races()).bind(PAST);
        self.rows(races, races::races).await
    }
}
