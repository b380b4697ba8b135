//! `clickoff keys`: lists, adds and removes ssh keys of players.

use std::path::PathBuf;

use clap::Subcommand;
use clap::builder::ValueHint;

use super::completions::players;
use super::list::Shape;

/// List the ssh keys that play by `clickoff serve`, or add or remove some
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    what: Option<What>,
}

/// What to do with the keys.
#[derive(Debug, Subcommand)]
enum What {
    /// List all keys with their players (the default)
    #[command(visible_alias = "ls")]
    List {
        #[command(flatten)]
        shape: Shape,
    },
    /// Give keys to a player: a public key, or all keys of a file such as authorized_keys
    #[command(group(clap::ArgGroup::new("keys").required(true)))]
    Add {
        /// The player: an id, a name, or a part of one
        #[arg(add = players())]
        player: String,
        /// A public key in OpenSSH format: "ssh-ed25519 AAAA… comment"
        #[arg(group = "keys")]
        key: Option<String>,
        /// A file with one public key on each line
        #[arg(long, value_name = "FILE", group = "keys", value_hint = ValueHint::FilePath)]
        file: Option<PathBuf>,
    },
    /// Remove a key, or all keys of a player
    #[command(visible_alias = "rm")]
    Remove {
        /// A fingerprint, as `clickoff keys` lists it; or a player: an id, a name, or a part of one
        key: String,
    },
}

#[cfg(feature = "serve")]
pub use served::run;

/// Fails, because this program has no server and so no keys.
#[cfg(not(feature = "serve"))]
pub fn run(_: Arguments, _: crate::settings::Flags) -> Result<(), super::Failure> {
    Err(super::serve::without_serve())
}

#[cfg(feature = "serve")]
mod served {
    use super::{Arguments, What};
    use crate::cli::Exit;
    use crate::cli::common::{Failure, done, many};
    use crate::cli::database::ask;
    use crate::cli::find::find;
    use crate::cli::list::{self, Cell, Column, Format, ListLine, named};
    use crate::cli::retry::retried;
    use crate::files::{self, Links};
    use crate::serve::keys::read;
    use crate::settings::{Flags, Settings};
    use crate::store::{AnyStore, KeptKey, Target};

    /// Runs `clickoff keys`.
    pub fn run(arguments: Arguments, flags: Flags) -> Result<(), Failure> {
        let database = Settings::of_process(flags)?.database;
        match arguments.what {
            None => write(&database, Format::Table),
            Some(What::List { shape }) => write(&database, shape.format()?),
            Some(What::Add { player, key, file }) => {
                let text = match (key, file) {
                    (Some(key), _) => key,
                    (None, Some(file)) => files::read(&file, files::SETTINGS, Links::Followed)
                        .map_err(|error| {
                            let file = file.display();
                            let words = format!("the file {file} can't be read: {error}.");
                            Failure::new(Exit::NotFound, words)
                        })?,
                    (None, None) => String::new(),
                };
                let keys = read(&text).map_err(|line| {
                    let words = format!(
                        "line {line} is no public key: one looks like \
                         \"ssh-ed25519 AAAA… comment\", and is no RSA key."
                    );
                    Failure::new(Exit::Usage, words)
                })?;
                if keys.is_empty() {
                    return Err(Failure::new(Exit::Usage, "there is no public key in it."));
                }
                let added = ask(&database, async |store| {
                    let player = find(store, &player).await?;
                    for key in &keys {
                        retried(async || store.give_key(key, player.id).await).await?;
                    }
                    Ok(player)
                })?;
                let (keys, player) = (many(keys.len(), "key"), named(&added));
                done(&format!("Added {keys} of {player}."))
            }
            Some(What::Remove { key }) => {
                let removed = ask(&database, async |store| {
                    let going = meant(store, &key).await?;
                    for fingerprint in &going {
                        retried(async || store.remove_key(fingerprint).await).await?;
                    }
                    Ok(going.len())
                })?;
                done(&format!("Removed {}.", many(removed, "key")))
            }
        }
    }

    /// The fingerprints of the keys that a word means: one by its own, or all keys of a player.
    async fn meant(store: &mut AnyStore, word: &str) -> Result<Vec<String>, Failure> {
        let kept = retried(async || store.keys().await).await?;
        if kept.iter().any(|kept| kept.key.fingerprint == word) {
            return Ok(vec![word.to_owned()]);
        }
        if word.starts_with("SHA256:") {
            let words = format!("there is no key {word}.");
            return Err(Failure::new(Exit::NotFound, words));
        }
        let player = find(store, word).await?;
        let own = kept.into_iter().filter(|kept| kept.id == player.id);
        Ok(own.map(|kept| kept.key.fingerprint).collect())
    }

    const COLUMNS: [Column; 5] = [
        Column::text("fingerprint", "FINGERPRINT"),
        Column::ID,
        Column::NAME,
        Column::text("comment", "COMMENT"),
        Column::text("since", "SINCE"),
    ];

    fn write(database: &Target, format: Format) -> Result<(), Failure> {
        let kept = ask(database, async |store| {
            Ok(retried(async || store.keys().await).await?)
        })?;
        let lines: Vec<ListLine<5>> = kept.iter().map(line).collect();
        list::write(&COLUMNS, &lines, format)
    }

    fn line(kept: &KeptKey) -> ListLine<'_, 5> {
        [
            Cell::Text(&kept.key.fingerprint),
            Cell::Number(kept.id.0),
            kept.player
                .as_ref()
                .map_or(Cell::None, |player| Cell::Name(&player.name)),
            Cell::filled(&kept.key.comment),
            Cell::Time(kept.since),
        ]
    }
}
