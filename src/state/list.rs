//! A list that is too long to be loaded as a whole: what is known of it, the questions for the rest,
//! and their answers.

use std::time::{Duration, Instant};

use super::{Mode, State, short};
use crate::game::{Aim, ChangedPlayers, FoundPlayers, Player, PlayerId, Spot, Standings, Window};
use crate::message::{Question, Seat};
use crate::words::Say;

/// How many players are kept loaded before and behind the visible rows. It is enough that somebody
/// who scrolls does not reach the end of what is loaded.
pub(super) const MARGIN: usize = 120;

/// The most players that a screen can need. No terminal has so many rows.
const LONGEST_PART: usize = 4_000;

/// How many neighbours of the picked player are needed for sentences about rivals.
const NEIGHBOURS: usize = 12;

/// The least time between two questions about the players around the picked one.
const AROUND_AGAIN: Duration = Duration::from_secs(1);

/// Questions about the list that are not answered yet.
#[derive(Debug, Clone, Default)]
pub(super) struct OpenQuestions {
    /// The part that was asked for.
    pub part: Option<Aim>,
    /// The end of the list, or the spot, to go to when the part is loaded.
    pub jump: Option<Aim>,
    /// Whether the list follows the picked player, who has left the loaded part.
    pub seeks: bool,
    /// The text that is searched for.
    pub search: Option<String>,
    /// The player whose neighbours were asked for last, and when.
    pub around: Option<(PlayerId, Instant)>,
}

/// A player who has changed, and the score before if the player was known.
#[derive(Debug, Clone, Copy)]
pub(super) struct PlayerNews<'a> {
    pub player: &'a Player,
    pub before: Option<i64>,
}

impl State {
    /// A player by key, from any of the lists.
    pub fn player(&self, id: PlayerId) -> Option<&Player> {
        let found = self.windows().find_map(|window| window.get(id));
        found.or_else(|| self.known.get(&id))
    }

    /// The loaded parts of the ranking by all time: that of the list, and that around the picked
    /// player.
    pub(super) fn windows(&self) -> impl Iterator<Item = &Standings> + Clone {
        std::iter::once(&self.standings).chain(&self.around)
    }

    /// Whether all players are loaded.
    pub fn is_everyone(&self) -> bool {
        self.standings.is_complete()
    }

    /// Whether a jump in the list or a search waits for an answer.
    pub fn is_fetching(&self) -> bool {
        let part = self.asked.jump.is_some() && self.asked.part.is_some();
        part || (self.is_filtered() && self.asked.search.is_some())
    }

    /// The players around a player: from the list, or those that were asked for.
    pub fn neighbours_of(&self, id: PlayerId) -> &Standings {
        let ranking = self.ranking();
        match &self.around {
            Some(around)
                if self.times.is_all_time()
                    && !ranking.surrounds(id, NEIGHBOURS)
                    && around.get(id).is_some() =>
            {
                around
            }
            _ => ranking,
        }
    }

    /// The rank of a listed player in the list's period, as far as it is known.
    pub fn rank_of(&self, player: &Player) -> Option<u64> {
        let ranking = self.ranking();
        if ranking.get(player.id).is_some() {
            return Some(ranking.rank_of_score(player.score) as u64);
        }
        let ranks = &self.search_results.as_ref()?.ranks;
        let found = ranks.iter().find(|(id, _)| *id == player.id);
        found.map(|(_, rank)| *rank)
    }

    /// Who of these players, as read, is news: not those who are as they were, nor those who can't
    /// be visible anywhere.
    pub(super) fn news<'a>(&self, changed: &'a ChangedPlayers) -> Vec<PlayerNews<'a>> {
        // Mostly fewer players are loaded than have changed on a game server.
        let loaded = self.windows().flat_map(Standings::iter);
        let loaded = loaded.chain(self.known.values());
        let loaded = loaded.filter_map(|known| Some((changed.get(known.id)?, Some(known))));
        let inside = self.windows().flat_map(|window| window.inside(changed));
        let inside = inside.map(|player| (player, None));
        let mut news: Vec<(&Player, Option<&Player>)> = loaded.chain(inside).collect();
        // Of a player who is in several lists, the first counts, as in `player`.
        news.sort_by_key(|(player, _)| player.id);
        news.dedup_by_key(|(player, _)| player.id);
        let news = news.into_iter().filter_map(|(player, known)| {
            let before = known.map(|known| known.score);
            (known != Some(player)).then_some(PlayerNews { player, before })
        });
        news.collect()
    }

    /// Whether something refers to a player, so that the player must stay known.
    pub(super) fn refers_to(&self, id: PlayerId) -> bool {
        let finds = self.search_results.as_ref().map(|finds| &finds.players);
        let lists = [finds, self.times.ranking.as_ref()];
        self.picked == Some(id)
            || matches!(self.mode, Mode::Namesake(_, asked) if asked == id)
            || self.seat == Seat::Player(id)
            || self.tallies.contains_key(&id)
            || lists
                .into_iter()
                .flatten()
                .any(|list| list.get(id).is_some())
    }

    /// Drops players that nothing refers to any more.
    pub(super) fn forget_unknown(&mut self) {
        let mut known = std::mem::take(&mut self.known);
        known.retain(|id, _| self.refers_to(*id));
        self.known = known;
    }

    /// The player whose neighbours should be asked for: the picked one, if the neighbours are not
    /// known and were not asked for just now.
    pub(super) fn wants_around(&self, now: Instant) -> Option<PlayerId> {
        let id = self.picked.filter(|_| !self.is_everyone() && self.loaded)?;
        let here = self.standings.surrounds(id, NEIGHBOURS);
        let near = self.around.as_ref();
        if here || near.is_some_and(|near| near.surrounds(id, 2)) {
            return None;
        }
        let fresh = |(of, at): (PlayerId, Instant)| of == id && now < at + AROUND_AGAIN;
        let fresh = self.asked.around.is_some_and(fresh);
        (!fresh).then_some(id)
    }

    /// The part of the list that should be loaded, with the visible rows in its middle.
    pub(super) fn wants_part(&self) -> Option<Aim> {
        if self.is_everyone() || self.is_filtered() || !self.times.is_all_time() {
            return None;
        }
        let here = self.standings.here();
        let rows = self.viewport.rows;
        let margin = MARGIN.max(rows * 2);
        let top = self.viewport.top.max(here.start);
        let too_high = here.start > 0 && top < here.start + margin.min(here.len() / 4);
        let too_low =
            here.end < self.standings.len() && top + rows + margin.min(here.len() / 4) > here.end;
        // Everyone who was here may have risen past the upper end.
        if !too_high && !too_low && !here.is_empty() {
            return None;
        }
        let middle = (top + rows / 2).min(here.end.saturating_sub(1));
        let middle = self.standings.at(middle).or_else(|| self.picked_player());
        Some(middle.map_or(Aim::Top, |middle| Aim::Around(middle.into())))
    }

    /// Asks for what the screen should show and is not loaded.
    pub(super) fn ask_for_list(&mut self, now: Instant) {
        if !self.loaded || self.leaving {
            return;
        }
        if self.asked.part.is_none()
            && let Some(aim) = self.asked.jump.or_else(|| self.wants_part())
        {
            self.asked.part = Some(aim);
            // Enough above and below the visible rows.
            let players = self.part.max(self.viewport.rows * 4).min(LONGEST_PART);
            self.ask(Question::Show(aim, players as u32));
        }
        if let Some(id) = self.wants_around(now) {
            self.asked.around = Some((id, now));
            self.ask(Question::Surround(id));
        }
        let wanted = self.wanted();
        let searched = self.asked.search.as_deref();
        let found = self.search_results.as_ref().filter(|f| f.done);
        let found = found.map(|f| f.wanted.as_str());
        if searched.or(found).unwrap_or_default() != wanted {
            if wanted.is_empty() {
                self.search_results = None;
                self.asked.search = None;
                self.forget_unknown();
            } else {
                self.asked.search = Some(wanted.clone());
            }
            self.ask(Question::Search(wanted));
        }
    }

    /// The text to search for; empty if all players are loaded.
    fn wanted(&self) -> String {
        if self.is_everyone() {
            return String::new();
        }
        self.filter.value().to_lowercase()
    }

    /// Goes to an end or a spot of the list, as soon as it is loaded.
    pub(super) fn jump(&mut self, to: Aim) {
        self.asked.jump = Some(to);
        self.asked.part = None;
        self.asked.seeks = false;
    }

    /// Goes to the picked player, if that one is not loaded. True if so.
    pub(super) fn show_picked(&mut self) -> bool {
        let Some(player) = self.picked_player() else {
            return false;
        };
        let listed = self.is_filtered() || !self.times.is_all_time();
        let goes = !listed && self.standings.get(player.id).is_none();
        if goes {
            self.jump(Aim::Around(Spot::from(player)));
        }
        goes
    }

    /// Shows a part of the list, unless another one was asked for since. Visible rows stay where
    /// they are on the screen, if they are in the new part.
    pub(super) fn shown(&mut self, aim: Aim, window: Window) {
        let asked = self.asked.part;
        if asked.is_some_and(|asked| asked != aim) {
            return;
        }
        self.asked.part = None;
        let jump = self.asked.jump.take_if(|jump| *jump == aim);
        let all_time = self.times.is_all_time() && !self.is_filtered();
        let top = self.viewport.top;
        let kept = self.anchor().filter(|_| all_time);
        let in_sight = self.is_kept_in_sight();
        let row = self.picked_row();
        // The new part may be without them. If it has them, they are updated below.
        let loaded = self.windows().flat_map(Standings::iter);
        let still = loaded.filter(|p| self.refers_to(p.id));
        let still: Vec<_> = still.map(|p| (p.id, p.clone())).collect();
        self.known.extend(still);
        self.standings = Standings::windowed(window);
        for player in self.standings.iter() {
            if let Some(known) = self.known.get_mut(&player.id) {
                *known = player.clone();
            }
        }
        if self.is_everyone() {
            self.around = None;
            self.search_results = None;
            if let Some(id) = self.picked.filter(|id| self.standings.get(*id).is_none()) {
                self.picked_is_gone(id);
            }
            let ranked = self.ranking().iter().map(|player| player.id);
            let gone: Vec<_> = ranked
                .filter(|id| self.standings.get(*id).is_none())
                .collect();
            gone.into_iter().for_each(|id| self.times.remove(id));
            // The name of a player who is being removed is still needed.
            let removing = self.removing;
            self.known.retain(|id, _| removing == Some(*id));
        }
        self.refilter();
        let removed = self.removing.filter(|id| self.picked == Some(*id));
        if self.is_everyone() && removed.is_some_and(|id| self.standings.get(id).is_none()) {
            self.pick_instead(row);
        }
        let here = self.rows_here();
        match (jump, kept) {
            (Some(Aim::Top), _) => {
                self.pick(self.standings.iter().next().map(|p| p.id));
                self.follow_picked();
            }
            (Some(Aim::Bottom), _) => {
                self.pick(self.standings.iter().next_back().map(|p| p.id));
                self.follow_picked();
            }
            (Some(Aim::Around(_)), _) => self.follow_picked(),
            (None, Some((id, offset))) => {
                let row = self.row_of(id).map(|row| row.saturating_sub(offset));
                self.scroll_to(row.unwrap_or(here.start));
            }
            (None, None) => self.scroll_to(top),
        }
        let picked = self.picked_player().map(|p| Aim::Around(p.into()));
        if in_sight && picked != Some(aim) {
            self.keep_in_sight();
        }
        self.redraw = true;
    }

    /// Picks the player in the row of the removed one.
    pub(super) fn pick_instead(&mut self, row: Option<usize>) {
        let row = row.unwrap_or(0).min(self.row_count().saturating_sub(1));
        self.picked = self.row(row).map(|p| p.id);
    }

    /// The player whose row should stay where it is, and its offset on the screen: the picked
    /// player if visible, otherwise the first row.
    fn anchor(&self) -> Option<(PlayerId, usize)> {
        let top = self.viewport.top;
        let picked = self.picked.filter(|_| self.picked_is_in_sight());
        let id = picked.or_else(|| self.row(top).map(|p| p.id))?;
        Some((id, self.row_of(id)?.saturating_sub(top)))
    }

    /// Handles the players around the picked one.
    pub(super) fn surrounded(&mut self, id: PlayerId, window: Option<Window>) {
        if self.picked != Some(id) || self.is_everyone() {
            return;
        }
        match window.map(Standings::windowed) {
            // Without the player it was read while the player moved, and is asked for again.
            Some(around) => {
                if let Some(player) = around.get(id) {
                    self.known.insert(id, player.clone());
                    self.around = Some(around);
                }
            }
            None => self.picked_is_gone(id),
        }
        self.forget_unknown();
    }

    /// The picked player was removed by somebody, and this was not reported as a change of its own.
    fn picked_is_gone(&mut self, id: PlayerId) {
        if self.removing == Some(id) {
            return;
        }
        let name = self.picked_player().map(|p| short(&p.name));
        self.remove_player(id);
        self.refilter();
        self.picked = None;
        self.scroll_to(self.viewport.top);
        let name = name.unwrap_or_else(|| Box::new(Say::SomePlayer));
        self.notice = Some(Say::RemovedByOther { name });
    }

    /// Handles search results, unless the search has changed.
    pub(super) fn found(&mut self, finds: FoundPlayers) {
        if self.asked.search.as_ref() != Some(&finds.wanted) {
            return;
        }
        if finds.done {
            self.asked.search = None;
        }
        let unknown = finds.players.iter();
        let unknown = unknown.filter(|p| self.standings.get(p.id).is_none());
        self.known.extend(unknown.map(|p| (p.id, p.clone())));
        self.change_list(|state| state.search_results = Some(finds));
        self.forget_unknown();
    }

    /// Handles a part or a search that can't be read.
    pub(super) fn not_found(&mut self, why: Say) {
        self.asked.part = None;
        self.asked.jump = None;
        if let Some(wanted) = self.asked.search.take() {
            let finds = self.search_results.take();
            let finds = FoundPlayers {
                wanted,
                done: true,
                ..finds.unwrap_or_default()
            };
            self.change_list(|state| state.search_results = Some(finds));
        }
        self.notice = Some(why);
    }
}
