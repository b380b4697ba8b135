//! Finds the player that a word on the command line names.

use super::Exit;
use super::common::Failure;
use super::retry::retried;
use crate::game::{Player, PlayerId};
use crate::store::{AnyStore, FOUND, Store, StoreError, keep_best};
use crate::words::text;
use crate::worker::LastPlayer;

/// How many candidates an error lists.
const CANDIDATES: usize = 10;

/// Finds a player by id, else by exact name, else by a part of the name that only one player has,
/// in any case. The store must be open.
///
/// # Errors
/// [`Exit::NotFound`], [`Exit::Ambiguous`] with the candidates, or the store's error.
pub async fn find(store: &mut AnyStore, word: &str) -> Result<Player, Failure> {
    let found = candidates(store, word).await?;
    match &found[..] {
        [] => {
            let words = format!("there is no player \"{}\".", text::cut(word, 60));
            Err(Failure::new(Exit::NotFound, words))
        }
        [player] => Ok(player.clone()),
        _ => Err(Failure::new(Exit::Ambiguous, ambiguous(word, &found))),
    }
}

/// Finds the player with this id and name. After an import the id may differ, so it falls back to
/// the name if it is unique. The store must be open.
pub async fn remembered(
    store: &mut AnyStore,
    last: &LastPlayer,
) -> Result<Option<Player>, StoreError> {
    let by_id = retried(async || store.player(PlayerId(last.player)).await).await?;
    if let Some(player) = by_id.filter(|player| player.name == last.name) {
        return Ok(Some(player));
    }
    let mut named = retried(async || store.named(&last.name).await).await?;
    // A database may compare names without regard to case.
    named.retain(|player| player.name == last.name);
    Ok(named.pop().filter(|_| named.is_empty()))
}

/// The players that a word matches, highest score first.
async fn candidates(store: &mut AnyStore, word: &str) -> Result<Vec<Player>, StoreError> {
    if let Ok(id) = word.parse()
        && let Some(player) = retried(async || store.player(PlayerId(id)).await).await?
    {
        return Ok(vec![player]);
    }
    let named = retried(async || store.named(word).await).await?;
    let mut found = Vec::new();
    keep_best(&mut found, named);
    let lower = word.to_lowercase();
    if !found.is_empty() || lower.is_empty() {
        return Ok(found);
    }
    let mut from = None;
    loop {
        let step = retried(async || store.search(&lower, from).await).await?;
        let by_name = step.players.into_iter();
        let by_name = by_name.filter(|p| p.name.to_lowercase().contains(&lower));
        keep_best(&mut found, by_name.collect());
        match step.next {
            Some(next) if found.len() <= FOUND => from = Some(next),
            _ => return Ok(found),
        }
    }
}

fn ambiguous(word: &str, found: &[Player]) -> String {
    let many = match found.len() {
        n if n > FOUND => format!("more than {FOUND}"),
        n => n.to_string(),
    };
    let mut words = format!(
        "\"{}\" can mean {many} players; name one by id:",
        text::cut(word, 60),
    );
    for player in found.iter().take(CANDIDATES) {
        let name = text::cut(&text::name(&player.name), 60);
        words += &format!("\n  {:>8}  {name}", player.id.0);
    }
    match found.len() - CANDIDATES.min(found.len()) {
        0 => {}
        _ if found.len() > FOUND => words += "\n  and more",
        more => words += &format!("\n  and {more} more"),
    }
    words
}
