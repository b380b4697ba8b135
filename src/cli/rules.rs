//! `clickoff rules`: shows and sets the rules of a database.

use clap::ValueEnum;

use super::common::{Failure, answer, is_quiet, many};
use super::database::{ask, ask_opened};
use super::retry::retried;
use crate::game::{FASTEST, HeldKeys, Rules};
use crate::settings::{Flags, Settings};
use crate::store::NewRules;

/// Show or set the rules for all players of the database
///
/// Without an option, it only shows them. A limit applies from the next point on, in every game.
/// The rule for held keys is read when a game starts. `clickoff copy` and `clickoff export` don't
/// include the rules: each database has its own.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// What a held key scores
    #[arg(long, value_name = "SCORES")]
    held_keys: Option<HeldRule>,

    /// How many points a second a player may score, or `off`
    ///
    /// What a player did not use within the last minute can still be used. Presses over the limit
    /// are not counted, and the player is told so.
    #[arg(long, value_name = "N|off", value_parser = max_rate)]
    max_rate: Option<MaxRate>,
}

/// A rule for held keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum HeldRule {
    /// One point until it is released
    Once,
    /// A point for each repeat
    Count,
    /// What each player has set
    Unset,
}

/// A limit, or none. As an alias, because clap takes an option in an option for something else.
type MaxRate = Option<u32>;

fn max_rate(word: &str) -> Result<MaxRate, String> {
    match (word, word.parse()) {
        ("off", _) => Ok(None),
        (_, Ok(rate)) if (1..=FASTEST).contains(&rate) => Ok(Some(rate)),
        _ => Err(format!("it must be a number from 1 to {FASTEST}, or off")),
    }
}

/// Runs `clickoff rules`.
///
/// # Errors
/// A [`Failure`], also if the database user has no right to set rules.
pub fn run(arguments: Arguments, flags: Flags) -> Result<(), Failure> {
    let database = Settings::of_process(flags)?.database;
    let new = NewRules {
        held_keys: arguments.held_keys.map(|rule| match rule {
            HeldRule::Once => Some(HeldKeys::Once),
            HeldRule::Count => Some(HeldKeys::Count),
            HeldRule::Unset => None,
        }),
        max_rate: arguments.max_rate,
    };
    if new != NewRules::default() {
        // Setting the same rules twice is safe.
        ask(&database, async |store| {
            Ok(retried(async || store.set_rules(new).await).await?)
        })?;
    }
    let rules = ask_opened(&database, async |_, opened| Ok(opened.rules))?;
    if new == NewRules::default() || !is_quiet() {
        report(rules)?;
    }
    Ok(())
}

fn report(rules: Rules) -> Result<(), Failure> {
    answer(match rules.held_keys {
        Some(HeldKeys::Once) => "A held key scores once.",
        Some(HeldKeys::Count) => "A held key scores with each repeat.",
        None => "What a held key scores is left to each player.",
    })?;
    answer(&match rules.max_rate {
        Some(rate) => format!("A player may score {} a second.", many(rate, "point")),
        None => "A player may score as many points a second as can be pressed.".to_owned(),
    })
}
