//! `clickoff players`: lists, shows, adds, changes and removes players.

use std::cell::Cell as Flag;

use clap::Subcommand;

use super::Exit;
use super::common::{self, Failure, answer, many, written};
use super::completions::players;
use super::confirm::confirm;
use super::database::{ask, change, player as player_of, scratch_player};
use super::find::find;
use super::list::{self, Cell, Column, Format, ListLine, Shape, named};
use super::retry::{page, retried};
use crate::game::{Entry, Player};
use crate::message::Change;
use crate::settings::{Flags, Settings};
use crate::store::{Store, Target};

/// List the players, or add, change or remove one
///
/// A PLAYER is an id, an exact name, or a part of a name that only one player has.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    what: Option<What>,
    #[command(flatten)]
    shape: Option<Shape>,
}

/// What to do with the players.
#[derive(Debug, Subcommand)]
enum What {
    /// List all players, highest score first (the default)
    #[command(visible_alias = "ls")]
    List {
        #[command(flatten)]
        shape: Shape,
    },
    /// Show one player
    Show {
        /// The player: an id, a name, or a part of one
        #[arg(add = players())]
        player: String,
        #[command(flatten)]
        shape: Shape,
    },
    /// Add a player with score 0
    Add {
        /// The name
        name: String,
        /// The e-mail address
        #[arg(long, default_value = "", hide_default_value = true)]
        email: String,
    },
    /// Change a player's name or e-mail address
    #[command(group(clap::ArgGroup::new("new").required(true).multiple(true)))]
    Edit {
        /// The player: an id, a name, or a part of one
        #[arg(add = players())]
        player: String,
        /// The new name
        #[arg(long, group = "new")]
        name: Option<String>,
        /// The new e-mail address; an empty one removes it
        #[arg(long, group = "new")]
        email: Option<String>,
    },
    /// Remove a player with the score
    #[command(visible_alias = "rm")]
    Remove {
        /// The player: an id, a name, or a part of one
        #[arg(add = players())]
        player: String,
        /// Don't ask before removing
        #[arg(short, long)]
        yes: bool,
        /// Say who would be removed, and change nothing
        #[arg(short = 'n', long)]
        dry_run: bool,
    },
}

/// Runs `clickoff players`.
pub fn run(arguments: Arguments, flags: Flags) -> Result<(), Failure> {
    let Arguments { what, shape } = arguments;
    if what.is_some() && shape.is_some() {
        let words = "--format and --json go behind `list` or `show`; only without either they go \
                     before.";
        return Err(Failure::new(Exit::Usage, words));
    }
    let settings = Settings::of_process(flags)?;
    let database = &settings.database;
    let Some(what) = what else {
        let format = shape.map_or(Ok(Format::Table), Shape::format)?;
        return write_best(database, usize::MAX, format);
    };
    match what {
        What::List { shape } => write_best(database, usize::MAX, shape.format()?),
        What::Show { player, shape } => {
            let format = shape.format()?;
            let (rank, player) = ask(database, async |store| {
                let player = find(store, &player).await?;
                let rank = retried(async || store.rank(player.score).await).await?;
                Ok((rank, player))
            })?;
            list::write(&COLUMNS, &[line(rank, &player)], format)
        }
        What::Add { name, email } => {
            let add = Change::Add(entry(&name, &email)?);
            report("Added", change(&settings, &add)?.as_ref())
        }
        What::Edit {
            player,
            name,
            email,
        } => {
            let player = player_of(database, &player)?;
            let name = name.as_deref().unwrap_or(&player.name);
            let email = email.as_deref().unwrap_or(&player.email);
            let edit = Change::Edit(player.id, entry(name, email)?);
            report("Changed", change(&settings, &edit)?.as_ref())
        }
        What::Remove {
            player,
            yes,
            dry_run,
        } => {
            if dry_run {
                let player = scratch_player(database, &player)?;
                return answer(&format!("Would remove {}.", described(&player)));
            }
            let player = player_of(database, &player)?;
            if !yes {
                let player = described(&player);
                let without = format!("{player} is not removed");
                confirm(&format!("Remove {player}?"), &without)?;
            }
            change(&settings, &Change::Remove(player.id))?;
            report("Removed", Some(&player))
        }
    }
}

/// The columns of a list of players.
const COLUMNS: [Column; 5] = [
    Column::RANK,
    Column::ID,
    Column::NAME,
    Column::EMAIL,
    Column::SCORE,
];

fn line(rank: u64, player: &Player) -> ListLine<'_, 5> {
    [
        Cell::Number(rank.cast_signed()),
        Cell::Number(player.id.0),
        Cell::Name(&player.name),
        Cell::filled(&player.email),
        Cell::Points(player.score),
    ]
}

/// Lists the best players. A missing file is not created.
pub fn write_best(database: &Target, limit: usize, format: Format) -> Result<(), Failure> {
    // If the reader goes while lines are written, no message about the database is wanted.
    let writes = Flag::new(false);
    let done = ask(database, async |store| {
        let mut text = list::ListText::new(&COLUMNS, format);
        let (mut place, mut rank) = (0, 0);
        let mut last: Option<Player> = None;
        while place < limit {
            let page = page(store, last.as_ref(), limit - place).await?;
            let ranked = page.iter().map(|player| {
                place += 1;
                let tied = last.as_ref().is_some_and(|last| last.score == player.score);
                if !tied {
                    rank = place as u64;
                }
                last = Some(player.clone());
                line(rank, player)
            });
            let ranked: Vec<ListLine<5>> = ranked.collect();
            writes.set(true);
            let is_read = written(text.add(&ranked)).await?;
            writes.set(false);
            if !is_read || page.is_empty() {
                break;
            }
        }
        writes.set(true);
        written(text.end()).await.map(drop)
    });
    done.map_err(|failure| match (writes.get(), failure.exit) {
        (true, Exit::Signal(_)) => Failure::new(failure.exit, ""),
        _ => failure,
    })
}

fn entry(name: &str, email: &str) -> Result<Entry, Failure> {
    Entry::new(name, email).ok_or_else(|| Failure::new(Exit::Usage, "a player needs a name."))
}

/// `Ada (id 7) with 12 points`.
fn described(player: &Player) -> String {
    format!("{} with {}", named(player), many(player.score, "point"))
}

fn report(done: &str, player: Option<&Player>) -> Result<(), Failure> {
    player.map_or(Ok(()), |player| {
        common::done(&format!("{done} {}.", described(player)))
    })
}
