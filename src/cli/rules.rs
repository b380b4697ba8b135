//! `clickoff rules`: what a database demands of its players.

use clap::ValueEnum;

use super::database::Database;
use super::frame::{Failure, answer, is_quiet, many};
use super::retry::retried;
use crate::game::{FASTEST, HeldKeys, Rules};
use crate::settings::Flags;
use crate::store::{NewRules, Store};

/// Show or set the rules for all players of the database
///
/// Without an option it only shows. A limit holds from the next point on for everybody who plays;
/// what a held key scores, each game asks at its start. Neither is in what `clickoff copy` and
/// `clickoff export` write: another database has its own rules.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// What a key that is held scores
    #[arg(long, value_name = "SCORES")]
    held_keys: Option<HeldRule>,

    /// How many points a second a player may score, or `off`
    ///
    /// What a player did not use within the last minute may still be used. Presses over the limit
    /// are not counted, and the player is told.
    #[arg(long, value_name = "N|off", value_parser = max_rate)]
    max_rate: Option<MaxRate>,
}

/// What is to be the rule for held keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum HeldRule {
    /// One point, until it is let go
    Once,
    /// A point for each of its repeats
    Count,
    /// What each player has set
    Unset,
}

impl From<HeldRule> for Option<HeldKeys> {
    fn from(rule: HeldRule) -> Self {
        match rule {
            HeldRule::Once => Some(HeldKeys::Once),
            HeldRule::Count => Some(HeldKeys::Count),
            HeldRule::Unset => None,
        }
    }
}

/// A limit, or that there is to be none.
#[derive(Debug, Clone, Copy)]
struct MaxRate(Option<u32>);

fn max_rate(word: &str) -> Result<MaxRate, String> {
    match (word, word.parse()) {
        ("off", _) => Ok(MaxRate(None)),
        (_, Ok(rate)) if (1..=FASTEST).contains(&rate) => Ok(MaxRate(Some(rate))),
        _ => Err(format!("it must be a number from 1 to {FASTEST}, or off")),
    }
}

/// Does what `clickoff rules` was asked for.
///
/// # Errors
/// A [`Failure`], also where the database does not let its user set rules.
pub fn run(arguments: Arguments, flags: Flags) -> Result<(), Failure> {
    let database = Database::find(flags)?;
    let new = NewRules {
        held_keys: arguments.held_keys.map(Into::into),
        max_rate: arguments.max_rate.map(|rule| rule.0),
    };
    database.must_be_there()?;
    if new != NewRules::default() {
        // Done twice, it is the same.
        database.ask(async |store| Ok(retried(async || store.set_rules(new).await).await?))?;
    }
    let opened = database.work(async |mut store| retried(async || store.open().await).await)??;
    if new == NewRules::default() || !is_quiet() {
        tell(opened.rules)?;
    }
    Ok(())
}

fn tell(rules: Rules) -> Result<(), Failure> {
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
