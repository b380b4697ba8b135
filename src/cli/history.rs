//! `clickoff history`: shows a player's points for each day.

use super::common::Failure;
use super::database::ask;
use super::find::find;
use super::list::{self, Cell, Column, ListLine, Shape};
use super::retry::retried;
use crate::game::Past;
use crate::settings::{Flags, Settings};
use crate::store::Store;

/// Show a player's points for each day
///
/// Days without points are left out. Points from before days were recorded are the first line,
/// without a date. Days begin at midnight of your time zone.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The player: an id, a name, or a part of one
    #[arg(add = super::completions::players())]
    player: String,
    /// Show only the last N days [default: all]
    #[arg(short, long, value_name = "N")]
    limit: Option<usize>,
    #[command(flatten)]
    shape: Shape,
}

const COLUMNS: [Column; 3] = [Column::text("date", "DATE"), Column::POINTS, Column::SCORE];

/// Shows the history.
pub fn run(arguments: Arguments, flags: Flags) -> Result<(), Failure> {
    let format = arguments.shape.format()?;
    let settings = Settings::of_process(flags)?;
    let history = ask(&settings.database, async |store| {
        let player = find(store, &arguments.player).await?.id;
        Ok(retried(async || store.history(player).await).await?)
    })?;
    let past = Past::new(&history.value, &list::zone());
    let days = past
        .days()
        .map(|(date, points)| (Some(date.to_string()), points));
    let days = std::iter::once((None, past.before())).chain(days);
    let days: Vec<_> = days.filter(|(_, points)| *points != 0).collect();
    let mut score: i64 = 0;
    let mut lines: Vec<ListLine<3>> = Vec::new();
    for (date, points) in &days {
        score = score.saturating_add(*points);
        let date = date.as_deref().map_or(Cell::None, Cell::Text);
        lines.push([date, Cell::Points(*points), Cell::Points(score)]);
    }
    let shown = arguments.limit.unwrap_or(lines.len()).min(lines.len());
    list::write(&COLUMNS, &lines[lines.len() - shown..], format)
}
