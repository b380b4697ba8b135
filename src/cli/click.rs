//! `clickoff click`: scores points from a script. Calls with the same key count only once.

use std::cell::Cell;

use uuid::{Builder, Uuid};

use super::Exit;
use super::common::{self, Failure, many};
use super::database::{must_be_there, work};
use super::find::find;
use super::list::named;
use super::retry::retried;
use crate::game::PlayerId;
use crate::settings::{Flags, Settings};
use crate::store::{AnyStore, Claim, ClientId, Store, StoreError};
use crate::words::{Say, Words, text};

/// Score points for a player, as presses do
///
/// They are in the database when it says so. If a call with --key fails and it is unclear whether
/// its points were counted, make it again: all calls with one key are counted once. The database
/// keeps the key as long as the player. A call with a key that was used for another player or
/// another number is refused.
///
/// Points over the database's limit are not counted (see `clickoff rules`), neither now nor by a
/// later call with the same key. The exit code is then 5, and the message says how many points were
/// counted.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The player: an id, a name, or a part of one
    #[arg(add = super::completions::players())]
    player: String,

    /// Score this many points
    #[arg(
        short = 'n',
        long,
        value_name = "N",
        default_value_t = 1,
        value_parser = clap::value_parser!(u64).range(1..=MOST)
    )]
    times: u64,

    /// Count this call once, however often it is made with this key (an idempotency key)
    #[arg(short, long, value_name = "IDEMPOTENCY-KEY")]
    key: Option<String>,
}

/// The largest number of points of one call: it must fit in the last 48 bits of a client id.
const MOST: u64 = (1 << 48) - 1;

/// The namespace of the UUIDs (RFC 9562, version 5) that are made from keys.
const KEYS: Uuid = Uuid::from_u128(0x1f0c_2a5e_83d7_4b96_a1de_6c5b_9f20_7d44);

/// The client id of a call with this key and number of points. The key decides all of it but the
/// last 48 bits, which hold the number. So [`Store::claims`] finds all calls of a key.
fn client_of(key: &str, times: u64) -> ClientId {
    let mut bytes = Uuid::new_v5(&KEYS, key.as_bytes()).into_bytes();
    bytes[10..].copy_from_slice(&times.to_be_bytes()[2..]);
    Builder::from_custom_bytes(bytes).into_uuid()
}

/// The number of points in a client id.
fn times_of(client: ClientId) -> u64 {
    client.as_u64_pair().1 & MOST
}

/// Scores the points.
///
/// # Errors
/// A [`Failure`] that says whether the points may have been counted.
pub fn run(arguments: Arguments, flags: Flags) -> Result<(), Failure> {
    if arguments.key.as_deref() == Some("") {
        let words = "the key is empty: give each call one of its own, or leave --key out.";
        return Err(Failure::new(Exit::Usage, words));
    }
    let database = Settings::of_process(flags)?.database;
    must_be_there(&database)?;
    let call = Call {
        arguments,
        open: Cell::new(false),
    };
    let done = work(&database, async |store| call.make(store).await)
        .map_err(|interrupted| call.with_outcome(interrupted))??;
    common::done(&done)
}

/// One call.
struct Call {
    arguments: Arguments,
    /// Whether the points may have been counted, although no answer said so.
    open: Cell<bool>,
}

impl Call {
    /// Makes the call, and returns a sentence about the result. Each request here can be repeated,
    /// because sending a total twice does not add points.
    async fn make(&self, mut store: AnyStore) -> Result<String, Failure> {
        let opened = retried(async || store.open().await).await;
        opened.map_err(|e| self.failed(e))?;
        let player = find(&mut store, &self.arguments.player).await?;
        let (times, key) = (self.arguments.times, self.arguments.key.as_deref());

        let client = key.map_or_else(ClientId::new_v4, |key| client_of(key, times));
        // Check before registering: otherwise this call would block the first call with this key.
        let again = self.is_counted(&mut store, client, player.id).await?;
        let session = retried(async || store.register(client, player.id).await).await;
        let session = session.map_err(|e| self.failed(e))?;
        // Check again, since another call may have registered in between.
        self.is_counted(&mut store, client, player.id).await?;
        let counted = retried(async || {
            store.turn().await?;
            let open = self.open.replace(true);
            let counted = store.count(session, times).await;
            if matches!(&counted, Err(error) if error.wrote_nothing()) {
                self.open.set(open);
            }
            counted
        });
        let counted = counted.await.map_err(|e| self.failed(e))?;
        if key.is_none() {
            // This client id is used only once, so its row can go. If this fails, the row does no
            // harm. Where only scripts play, no game would remove old rows.
            let _ = store.retire(client).await;
            let _ = store.tidy(client).await;
        }
        let (player, score) = (named(&player), text::grouped(counted.score));
        let points = many(times.saturating_sub(counted.refused), "point");
        let done = if again {
            format!("{player} had scored {points} by this key before, and has {score} now.")
        } else {
            format!("{player} scored {points}, and has {score} now.")
        };
        if counted.refused == 0 {
            return Ok(done);
        }
        let refused = Say::over_rate(counted.refused, counted.max_rate);
        let words = format!("{} {done}", Words::default().say(&refused));
        Err(Failure::new(Exit::Refused, words))
    }

    /// Whether this call has a key, and was counted before.
    ///
    /// # Errors
    /// [`Exit::Refused`] if it was not, but another call used its key.
    async fn is_counted(
        &self,
        store: &mut AnyStore,
        client: ClientId,
        player: PlayerId,
    ) -> Result<bool, Failure> {
        let Some(key) = &self.arguments.key else {
            return Ok(false);
        };
        let claims = retried(async || store.claims(client).await).await;
        let claims = claims.map_err(|e| self.failed(e))?;
        let (own, others): (Vec<&Claim>, Vec<&Claim>) = claims
            .iter()
            .partition(|claim| (claim.client, claim.player) == (client, player));
        if own.iter().any(|claim| claim.counted > 0) {
            return Ok(true);
        }
        let Some(other) = others.iter().max_by_key(|claim| claim.counted) else {
            return Ok(false);
        };
        let points = many(times_of(other.client), "point");
        let id = other.player;
        let whose = retried(async || store.player(id).await).await;
        let whose = whose.ok().flatten();
        let whose = whose.map_or_else(|| format!("the player with id {}", id.0), |p| named(&p));
        let counted = if other.counted > 0 {
            "was counted"
        } else {
            "is not counted yet"
        };
        let key = text::cut(key, 60);
        let words = format!(
            "the key \"{key}\" belongs to another call, of {points} for {whose}, which {counted}. \
             Nothing was counted: give this call a key of its own."
        );
        Err(Failure::new(Exit::Refused, words))
    }

    fn failed(&self, error: StoreError) -> Failure {
        self.with_outcome(error.into())
    }

    /// Adds to a failure whether the points were counted, and what to do next.
    fn with_outcome(&self, mut failure: Failure) -> Failure {
        failure.words += match (self.open.get(), &self.arguments.key) {
            (false, _) => " Nothing was counted.",
            (true, Some(_)) => {
                " It is not known whether it was counted. Run it again with the same key: it is \
                 counted once."
            }
            (true, None) => {
                " It is not known whether it was counted: see `clickoff players show`. With --key \
                 it could be run again."
            }
        };
        failure
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_calls_of_a_key_differ_in_the_last_48_bits_and_those_of_others_before() {
        let (one, most) = (client_of("a", 1), client_of("a", MOST));
        assert_eq!(one.to_string()[..24], most.to_string()[..24]);
        assert_eq!((times_of(one), times_of(most)), (1, MOST));
        let other = client_of("b", 1);
        assert_ne!(one.to_string()[..24], other.to_string()[..24]);
    }

    #[test]
    fn a_key_means_the_same_client_for_ever() {
        // If this value changed, keys used with earlier versions would be counted again.
        let client = client_of("order 17", 3);
        assert_eq!(client.to_string(), "cd044bfe-a6cf-836e-85c3-000000000003");
    }
}
