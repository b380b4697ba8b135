//! `clickoff top`: shows the best players, of all time or of a period.

use std::collections::HashMap;

use super::common::Failure;
use super::database::ask;
use super::list::{self, Cell, Column, ListLine, Shape};
use super::players::write_best;
use super::retry::retried;
use crate::game::{self, Player, Standings};
use crate::settings::{Flags, Settings};
use crate::worker;

/// Show the best players
///
/// For a period, only players who scored in it are shown, with their points of the period. Days
/// begin at midnight of your time zone; the date comes from the database's clock.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Count points since the beginning of this period
    #[arg(long, value_enum, default_value = "all")]
    period: Period,
    /// Show at most this many
    #[arg(short, long, default_value_t = 10, value_name = "N")]
    limit: usize,
    #[command(flatten)]
    shape: Shape,
}

/// A period on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Period {
    /// Since midnight
    Today,
    /// Since Monday
    Week,
    /// Since the first of the month
    Month,
    /// All time
    All,
}

const COLUMNS: [Column; 6] = [
    Column::RANK,
    Column::ID,
    Column::NAME,
    Column::EMAIL,
    Column::POINTS,
    Column::SCORE,
];

/// Shows the players.
pub fn run(arguments: Arguments, flags: Flags) -> Result<(), Failure> {
    let (format, limit) = (arguments.shape.format()?, arguments.limit);
    let database = Settings::of_process(flags)?.database;
    let period = match arguments.period {
        Period::Today => game::Period::Day,
        Period::Week => game::Period::Week,
        Period::Month => game::Period::Month,
        Period::All => return write_best(&database, limit, format),
    };
    let zone = list::zone();
    // Ranks below the limit are not shown, except where players have 0 points or fewer.
    let many = u32::try_from(limit).unwrap_or(u32::MAX);
    let (ranking, _) = ask(&database, async |store| {
        let read = async || worker::ranking(store, period, &zone, many, None).await;
        Ok(retried(read).await?)
    })?;
    let scores: HashMap<_, _> = ranking.points.into_iter().map(|p| (p.player, p)).collect();
    let scorers = ranking.players.into_iter().filter_map(|player| {
        let score = scores.get(&player.id)?.points;
        (score != 0).then_some(Player { score, ..player })
    });
    let standings = Standings::new(scorers.collect());
    let mut lines: Vec<ListLine<6>> = Vec::new();
    for player in standings.iter().take(limit) {
        let points = player.score;
        lines.push([
            Cell::Number(standings.rank_of_score(points) as i64),
            Cell::Number(player.id.0),
            Cell::Name(&player.name),
            Cell::filled(&player.email),
            Cell::Points(points),
            Cell::Points(scores[&player.id].score),
        ]);
    }
    list::write(&COLUMNS, &lines, format)
}
