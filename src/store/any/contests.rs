//! Sprints and races on any engine.

use super::super::connection::{Row, query};
use super::super::{AsOf, Contests, SessionId, StoreError, past, races, sprints};
use super::AnyStore;
use crate::game::PlayerId;
use crate::game::contest::Trace;
use crate::game::race::{Entered, Entrance, PAST, Race, RaceId, Standing};
use crate::game::sprint::{Bests, Board, Kept, Sprinted};

impl Contests for AnyStore {
    async fn begin_sprint(&mut self, session: SessionId) -> Result<(), StoreError> {
        let begin = query(self.sql().sprint_begin).bind(session.0);
        self.write(begin).await.map(drop)
    }

    async fn keep_sprint(
        &mut self,
        session: SessionId,
        sprinted: &Sprinted,
    ) -> Result<bool, StoreError> {
        let presses = i64::try_from(sprinted.trace.total()).unwrap_or(i64::MAX);
        let keep = query(self.sql().sprint)
            .bind(session.0)
            .bind(i64::from(sprinted.length.seconds()))
            .bind(presses)
            .bind(sprinted.trace.to_string());
        Ok(self.write_for(keep).await? == Some(1))
    }

    async fn bests(&mut self, player: PlayerId) -> Result<Bests, StoreError> {
        let bests = self.shared(sprints::select_bests()).bind(player.0);
        self.rows(bests, sprints::bests).await
    }

    async fn board(&mut self, board: Board) -> Result<Vec<Kept>, StoreError> {
        let board = match board {
            Board::Length(length, places) => self
                .shared(sprints::BOARD)
                .bind(i64::from(length.seconds()))
                .bind(i64::from(places)),
            Board::Player(player) => self.shared(sprints::OWN_BOARD).bind(player.0),
        };
        self.rows(board, sprints::board).await
    }

    async fn enter_race(
        &mut self,
        session: SessionId,
        entrance: Entrance,
    ) -> Result<Option<Entered>, StoreError> {
        let (enter, which) = match entrance {
            Entrance::Open(length) => (self.sql().race_open, i64::from(length.seconds())),
            Entrance::Join(race) => (self.sql().race_join, race.0),
        };
        let row = self.write(query(enter).bind(session.0).bind(which)).await?;
        let entered = row.map(|row| {
            Ok(Entered {
                race: RaceId(row.get("race")?),
                racer: row.get("racer")?,
            })
        });
        self.explained(entered.transpose())
    }

    async fn report_race(
        &mut self,
        session: SessionId,
        race: RaceId,
        presses: u64,
        standing: Standing,
        trace: Option<&Trace>,
    ) -> Result<(), StoreError> {
        let report = query(self.sql().race_report)
            .bind(session.0)
            .bind(race.0)
            .bind(i64::try_from(presses).unwrap_or(i64::MAX))
            .bind(races::written(standing))
            .bind(trace.map(Trace::to_string));
        self.write(report).await.map(drop)
    }

    async fn race(&mut self, race: Option<RaceId>) -> Result<AsOf<Option<Race>>, StoreError> {
        let asked = race.map_or(0, |race| race.0);
        let read = |rows: &[Row]| {
            Ok(AsOf {
                clock: past::clock(rows)?,
                value: races::races(rows)?.pop(),
            })
        };
        self.rows(self.shared(races::select_race()).bind(asked), read)
            .await
    }

    async fn races(&mut self) -> Result<Vec<Race>, StoreError> {
        let races = self.shared(races::select_races()).bind(PAST);
        self.rows(races, races::races).await
    }
}
