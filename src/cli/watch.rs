//! `clickoff watch`: prints each change of the players when it happens.

use std::collections::BTreeMap;
use std::io;
use std::os::fd::AsFd;
use std::pin::pin;
use std::time::Duration;

use jiff::Timestamp;
use tokio::io::Interest;

use super::common::{Failure, note, written};
use super::database::follow;
use super::list::{Cell, Column, Format, ListText, Shape};
use super::retry::page;
use crate::app::readiness;
use crate::game::{Player, PlayerId};
use crate::settings::{Flags, Settings};
use crate::store::{AnyStore, Changes, Remedy, Snapshot, Store};
use crate::worker::Timing;

/// Print each change as it happens, until interrupted
///
/// A change is a player who was added, scored, was edited or was removed. The database is polled
/// two or three times a second; what one player scores between two polls is one change. In JSON,
/// each line is an object of its own.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    shape: Shape,
}

/// The pause between two tries to reconnect.
const PAUSE: Duration = Duration::from_secs(2);

const COLUMNS: [Column; 7] = [
    Column::text("time", "TIME"),
    Column::text("change", "CHANGE"),
    Column::ID,
    Column::NAME,
    Column::EMAIL,
    Column::SCORE,
    Column::POINTS,
];

/// The widths of the columns, chosen before any line is known.
const WIDTHS: [usize; 7] = [19, 7, 6, 20, 20, 10, 6];

/// Watches the database.
///
/// # Errors
/// A [`Failure`], without words if it was told to end.
pub fn run(arguments: Arguments, flags: Flags) -> Result<(), Failure> {
    let format = arguments.shape.format()?;
    let settings = Settings::of_process(flags)?;
    follow(&settings.database, async |store, opened| {
        watch(store, opened, format).await
    })
}

/// Nothing is written, so any call may be repeated.
async fn watch(mut store: AnyStore, opened: Snapshot, format: Format) -> Result<(), Failure> {
    // A change is the difference to the last state, so all players must be read first. Changes
    // while they are read come again as changes.
    let mut known = BTreeMap::new();
    let mut players = opened.players;
    while let Some(last) = players.last().cloned() {
        known.extend(players.into_iter().map(|player| (player.id, player)));
        players = page(&mut store, Some(&last), usize::MAX).await?;
    }
    let mut cursor = opened.cursor;
    let mut is_offline = false;
    let mut text = ListText::endless(&COLUMNS, WIDTHS, format);
    if !written(text.add(&[])).await? {
        return Ok(());
    }
    let mut reader_gone = pin!(reader_gone());
    loop {
        match store.changes(cursor, u32::MAX).await {
            Ok(changes) => {
                if std::mem::take(&mut is_offline) {
                    note("Changes are seen again.");
                }
                if let Some(changes) = changes {
                    cursor = changes.cursor;
                    if !written(lines(&mut known, changes, &mut text)).await? {
                        return Ok(());
                    }
                }
            }
            Err(error) if matches!(error.remedy(), Remedy::Stop(_)) => {
                return Err(error.into());
            }
            Err(error) => {
                if !std::mem::replace(&mut is_offline, true) {
                    note(&format!(
                        "{error} Changes are shown once they can be seen again."
                    ));
                }
            }
        }
        // Waiting asks nothing of the database, so it can be cancelled.
        tokio::select! {
            () = store.wait_for_change(if is_offline { PAUSE } else { Timing::default().poll }) => {}
            () = &mut reader_gone => return Ok(()),
        }
    }
}

/// Updates the known players with the changes, and returns a line for each.
fn lines(
    known: &mut BTreeMap<PlayerId, Player>,
    mut changes: Changes,
    text: &mut ListText<7>,
) -> String {
    let now = Timestamp::now();
    let mut lines = String::new();
    let mut tell = |what, player: &Player, points| {
        lines += &text.add(&[[
            Cell::Time(now),
            Cell::Text(what),
            Cell::Number(player.id.0),
            Cell::Name(&player.name),
            Cell::filled(&player.email),
            Cell::Points(player.score),
            points,
        ]]);
    };
    for id in changes.gone {
        if let Some(player) = known.remove(&id) {
            tell("removed", &player, Cell::None);
        }
    }
    changes.players.sort_unstable_by_key(|player| player.id);
    for player in changes.players {
        let before = known.insert(player.id, player.clone());
        let Some(before) = before else {
            tell("added", &player, Cell::None);
            continue;
        };
        if (&before.name, &before.email) != (&player.name, &player.email) {
            tell("edited", &player, Cell::None);
        }
        let points = player.score.saturating_sub(before.score);
        if points != 0 {
            tell("scored", &player, Cell::Gain(points));
        }
    }
    lines
}

/// Returns when nobody can read standard output any more, if the system can tell.
async fn reader_gone() {
    let output = io::stdout().as_fd().try_clone_to_owned();
    match output.and_then(|fd| readiness::of(fd, Interest::ERROR)) {
        Ok(output) => drop(output.ready(Interest::ERROR).await),
        Err(_) => std::future::pending().await,
    }
}
