//! `clickoff sprints`: shows the best sprints over each length, of all players or one.

use std::collections::HashMap;

use jiff::Timestamp;

use super::common::Failure;
use super::database::ask;
use super::find::find;
use super::list::{self, Cell, Column, ListLine, Shape};
use super::retry::retried;
use crate::game::PlayerId;
use crate::game::contest::Length;
use crate::game::sprint::{Board, Kept};
use crate::plain::words::LENGTHS;
use crate::settings::{Flags, Settings, parser};
use crate::store::{AnyStore, Contests, Store};

/// Show the best sprints over each length
///
/// Each player's best sprint over a length is kept. Sprints with equal presses share a rank, and
/// the earlier one is listed first. With a player, the rank is still that among all.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Show only this player: an id, a name, or a part of one
    #[arg(add = super::completions::players())]
    player: Option<String>,
    /// Show only this length, in seconds
    #[arg(short = 's', long, value_name = "SECONDS", value_parser = parser(&LENGTHS))]
    length: Option<Length>,
    /// Show at most this many of each length
    #[arg(short, long, default_value_t = 10, value_name = "N")]
    limit: u32,
    #[command(flatten)]
    shape: Shape,
}

const COLUMNS: [Column; 6] = [
    Column::number("seconds", "SECONDS"),
    Column::RANK,
    Column::ID,
    Column::NAME,
    Column::number("presses", "PRESSES"),
    Column::text("time", "TIME"),
];

/// Shows the sprints.
pub fn run(arguments: Arguments, flags: Flags) -> Result<(), Failure> {
    let format = arguments.shape.format()?;
    let settings = Settings::of_process(flags)?;
    let (sprints, names) = ask(&settings.database, async |store| {
        boards(store, &arguments).await
    })?;
    let lines = sprints.iter().map(|kept| -> ListLine<6> {
        [
            Cell::Number(kept.length.seconds().into()),
            Cell::Number(kept.better as i64 + 1),
            Cell::Number(kept.player.0),
            names
                .get(&kept.player)
                .map_or(Cell::None, |name| Cell::Name(name)),
            Cell::Points(kept.presses as i64),
            Timestamp::from_second(kept.at).map_or(Cell::None, Cell::Time),
        ]
    });
    list::write(&COLUMNS, &lines.collect::<Vec<_>>(), format)
}

/// Reads the boards, and the names of the players on them.
async fn boards(
    store: &mut AnyStore,
    arguments: &Arguments,
) -> Result<(Vec<Kept>, HashMap<PlayerId, String>), Failure> {
    let length = arguments.length;
    let boards = match &arguments.player {
        Some(word) => vec![Board::Player(find(store, word).await?.id)],
        None => {
            let lengths = Length::ALL.into_iter();
            let lengths = lengths.filter(|l| length.is_none_or(|wanted| wanted == *l));
            let boards = lengths.map(|l| Board::Length(l, arguments.limit));
            boards.collect()
        }
    };
    let mut sprints = Vec::new();
    for board in boards {
        sprints.extend(retried(async || store.board(board).await).await?);
    }
    sprints.retain(|kept| length.is_none_or(|wanted| wanted == kept.length));
    let mut names = HashMap::new();
    for Kept { player, .. } in &sprints {
        if !names.contains_key(player) {
            let found = retried(async || store.player(*player).await).await?;
            names.extend(found.map(|found| (*player, found.name)));
        }
    }
    Ok((sprints, names))
}
