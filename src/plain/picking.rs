//! Finds the player that a word means: by number in the list, by name, or by a search.

use super::reading::{act, filter, step, write};
use super::words::WORDS;
use super::{Plain, Step};
use crate::game::{Player, PlayerId};
use crate::message::{Action, Message};
use crate::mistake::meant;
use crate::state::{Context, State};
use crate::words::{Say, text};

/// The most candidates that are listed.
const CANDIDATES: usize = 20;

impl Plain {
    /// Picks a player by the number in the list that was last shown, by exact name, or by a part of
    /// the name that only one has.
    pub(super) fn pick(&mut self, words: &str, state: &State) -> Vec<Step> {
        let is_name = state.standings.iter().any(|p| p.name == words);
        if let Ok(number) = words.parse::<usize>()
            && !is_name
        {
            let listed = number
                .checked_sub(1 + self.listed_from)
                .and_then(|at| self.listed.get(at));
            let there = listed.filter(|id| state.player(**id).is_some());
            if let Some(id) = there {
                return pick(*id, state);
            }
            let number = text::cut(words, super::NAME);
            self.say(&Say::NoSuchNumber { number });
            return Vec::new();
        }
        if !state.is_everyone() && !is_name {
            return self.seek(words);
        }
        let found = self.only_one(words, state.standings.iter());
        found.map_or_else(Vec::new, |id| pick(id, state))
    }

    /// The player with this name, or the only one with this in the name. If there is none or several,
    /// says so.
    fn only_one<'p>(
        &mut self,
        words: &str,
        players: impl Iterator<Item = &'p Player>,
    ) -> Option<PlayerId> {
        let lower = words.to_lowercase();
        let (exact, part): (Vec<&Player>, Vec<&Player>) = players
            .filter(|p| p.name.to_lowercase().contains(&lower))
            .partition(|p| p.name == words);
        let found = if exact.is_empty() { part } else { exact };
        match found[..] {
            [player] => return Some(player.id),
            [] => self.say_unknown(words),
            _ => self.say_candidates(words, &found),
        }
        None
    }

    fn say_candidates(&mut self, words: &str, found: &[&Player]) {
        self.say(&Say::SeveralPlayers {
            word: text::cut(words, super::NAME),
            players: found.len() as u64,
        });
        self.listed_from = 0;
        self.listed = found.iter().map(|p| p.id).collect();
        for (at, player) in found.iter().take(CANDIDATES).enumerate() {
            self.say_row(at, player);
        }
    }

    /// Searches for a player who is not loaded. The filter's field is open until the answer.
    fn seek(&mut self, words: &str) -> Vec<Step> {
        self.seeking = Some(words.to_owned());
        let mut steps = vec![act(Context::Play, Action::Filter)];
        steps.extend(write(Context::Filter, words));
        steps
    }

    /// Handles the answer to that search, in the same way as for loaded players.
    pub(super) fn finish_search(&mut self, state: &State) -> Vec<Step> {
        if state.is_fetching() {
            return Vec::new();
        }
        let Some(words) = self.seeking.take() else {
            return Vec::new();
        };
        let lower = words.to_lowercase();
        let finds = state.search_results.iter();
        let finds = finds.filter(|finds| finds.wanted == lower);
        let found = self.only_one(&words, finds.flat_map(|f| f.players.iter()));
        let pick = found.map(|id| step(Context::Filter, Message::Pick(id)));
        let back = act(Context::Filter, Action::Back);
        pick.into_iter().chain([back]).collect()
    }

    fn say_unknown(&mut self, words: &str) {
        let known: Vec<&str> = WORDS.iter().map(|word| word.long).collect();
        let first = words.split_whitespace().next().unwrap_or_default();
        let word = text::cut(words, super::NAME);
        let what = match meant(first, &known) {
            Some(meant) => Say::WordMeant {
                word,
                meant: meant.to_owned(),
            },
            None => Say::NoSuchWord { word },
        };
        self.say(&what);
    }
}

/// Picks a player, and clears the filter if it hides the player.
fn pick(id: PlayerId, state: &State) -> Vec<Step> {
    let hidden = state.row_of(id).is_none();
    let mut steps = if hidden { filter("") } else { Vec::new() };
    steps.push(step(Context::Play, Message::Pick(id)));
    steps
}
