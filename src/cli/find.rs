//! Whom a word on the command line means.

use super::Exit;
use super::frame::Failure;
use crate::game::{Player, PlayerId, Standings};
use crate::ui::text;

/// How many candidates are named.
const CANDIDATES: usize = 10;

/// The player with this id, else the one of this name, else the only one with this in the name,
/// however it is written.
///
/// # Errors
/// [`Exit::NotFound`], or [`Exit::Ambiguous`] with the candidates.
pub fn find<'a>(standings: &'a Standings, word: &str) -> Result<&'a Player, Failure> {
    let by_id = word.parse().ok().and_then(|id| standings.get(PlayerId(id)));
    if let Some(player) = by_id {
        return Ok(player);
    }
    let lower = word.to_lowercase();
    let exact: Vec<&Player> = standings.iter().filter(|p| p.name == word).collect();
    let found = if exact.is_empty() && !lower.is_empty() {
        let part = standings
            .iter()
            .filter(|p| p.name.to_lowercase().contains(&lower));
        part.collect()
    } else {
        exact
    };
    match found[..] {
        [] => {
            let words = format!("there is no player \"{}\".", text::cut(word, 60));
            Err(Failure::new(Exit::NotFound, words))
        }
        [player] => Ok(player),
        _ => Err(Failure::new(Exit::Ambiguous, ambiguous(word, &found))),
    }
}

fn ambiguous(word: &str, found: &[&Player]) -> String {
    let mut words = format!(
        "\"{}\" can mean {} players; name one by id:",
        text::cut(word, 60),
        found.len()
    );
    for player in found.iter().take(CANDIDATES) {
        let name = text::cut(&text::name(&player.name), 60);
        words += &format!("\n  {:>8}  {name}", player.id.0);
    }
    if found.len() > CANDIDATES {
        words += &format!("\n  and {} more", found.len() - CANDIDATES);
    }
    words
}
