//! Reads what the screen shows of the list: a part of it, who stands around a player, and who fits
//! what is searched for.

use std::time::Duration;

use tokio::time::Instant;

use super::questions::Question;
use super::shared::Shared;
use crate::game::{Aim, FoundPlayers, Player, PlayerId, Spot, Standings, Window};
use crate::message::Reply;
use crate::store::{FOUND, Scan, Store, StoreError, WINDOW, keep_best};

/// How many players around one are read: those whom the screen speaks of, and some to pass.
const AROUND: u32 = 40;

/// How many of the players found get a rank: more than a screen shows.
const RANKED: usize = 60;

/// How long a search goes on before others' changes are looked for again.
const SLICE: Duration = Duration::from_millis(200);

/// The least time between two surveys that this client asks for.
const SURVEY: Duration = Duration::from_secs(20);

/// How often a part is read where a commit comes between, before it is used as it is.
const AGAIN: usize = 3;

/// After the ranking of a period none is made for this many times as long as it took.
const REST: u32 = 20;

/// The longest such pause.
const LONGEST_REST: Duration = Duration::from_secs(60);

/// A search that is on.
#[derive(Debug)]
struct Search {
    wanted: String,
    found: Vec<Player>,
    step: Step,
}

/// What a search does next.
#[derive(Debug)]
enum Step {
    /// Looks through players.
    Look(Option<Scan>),
    /// Finds out the ranks of those that were found.
    Rank(Vec<u64>),
}

/// What is read of the list.
#[derive(Debug)]
pub struct Listing {
    /// What the screen shows.
    shown: Aim,
    /// Whom it plays for.
    own: Option<PlayerId>,
    /// Whether the list is not everyone.
    is_part: bool,
    surveyed: Option<Instant>,
    search: Option<Search>,
    /// Until when no period is ranked.
    rest: Option<Instant>,
}

impl Listing {
    pub fn new(is_part: bool) -> Self {
        Self {
            shown: Aim::Top,
            own: None,
            is_part,
            surveyed: None,
            search: None,
            rest: None,
        }
    }

    /// Who was asked about last.
    pub fn own(&self) -> Option<PlayerId> {
        self.own
    }

    /// Whether there is a search to go on with.
    pub fn is_searching(&self) -> bool {
        self.search.is_some()
    }

    /// Ends the search.
    pub fn cancel_search(&mut self) {
        self.search = None;
    }

    /// Whether a period may be ranked: together all that is asked for takes a small part of the time.
    pub fn may_rank(&self) -> bool {
        self.rest.is_none_or(|until| until <= Instant::now())
    }

    /// Takes note of what the ranking of a period took.
    pub fn ranked(&mut self, took: Duration) {
        self.rest = Some(Instant::now() + (took * REST).min(LONGEST_REST));
    }

    /// Has all that is shown read anew.
    pub fn ask_anew(&self, shared: &Shared) {
        let mut questions = shared.questions();
        questions.ask_again(Question::Show(self.shown));
        if let Some(own) = self.own {
            questions.ask_again(Question::Surround(own));
        }
    }

    /// Answers a question about the list; false where it is about something else.
    pub async fn answer<S: Store>(
        &mut self,
        store: &mut S,
        shared: &Shared,
        question: &Question,
    ) -> Result<bool, StoreError> {
        match question {
            Question::Show(aim) => {
                self.shown = *aim;
                let reply = |window| Reply::Shown(*aim, window);
                self.send_part(store, shared, *aim, WINDOW, reply).await?;
            }
            Question::Surround(player) => {
                self.own = Some(*player);
                match store.player(*player).await? {
                    Some(found) => {
                        let aim = Aim::Around(Spot::from(&found));
                        let reply = |window| Reply::Surrounded(*player, Some(window));
                        self.send_part(store, shared, aim, AROUND, reply).await?;
                    }
                    None => shared.reply(Reply::Surrounded(*player, None)),
                }
            }
            Question::Search(wanted) => {
                self.search = (!wanted.is_empty()).then(|| Search {
                    wanted: wanted.clone(),
                    found: Vec::new(),
                    step: Step::Look(None),
                });
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    async fn send_part<S: Store>(
        &mut self,
        store: &mut S,
        shared: &Shared,
        aim: Aim,
        limit: u32,
        reply: impl Fn(Window) -> Reply,
    ) -> Result<(), StoreError> {
        self.survey(store).await;
        for again in (0..AGAIN).rev() {
            shared.committed().clear();
            let window = store.window(aim, limit).await?;
            // Held until the answer is sent, so that no commit's answer can come between.
            let committed = shared.committed();
            if again > 0 && window.players.iter().any(|p| committed.contains(&p.id)) {
                continue;
            }
            self.is_part |= !window.is_everyone();
            shared.reply(reply(window));
            break;
        }
        Ok(())
    }

    /// Has the places counted anew, if it is time; where that fails they stay as they were.
    async fn survey<S: Store>(&mut self, store: &mut S) {
        let is_due = self.surveyed.is_none_or(|at| at.elapsed() >= SURVEY);
        if self.is_part && is_due {
            let surveyed = store.survey().await;
            self.surveyed = Some(Instant::now());
            if let Err(error) = surveyed {
                tracing::warn!(%error, "the places of the ranking can't be counted");
            }
        }
    }

    /// Goes on with the search, until there is another question, it is done, or it took long
    /// enough: true where it may go on at once.
    pub async fn step<S: Store>(
        &mut self,
        store: &mut S,
        shared: &Shared,
    ) -> Result<bool, StoreError> {
        let begun = Instant::now();
        while let Some(search) = &mut self.search {
            let mut news = false;
            let mut done = false;
            match &mut search.step {
                Step::Look(from) => {
                    let found = store.search(&search.wanted, *from).await?;
                    news = !found.players.is_empty() || from.is_none();
                    keep_best(&mut search.found, found.players);
                    // The first step looks at the best: whoever it has too many for is behind them.
                    let full = from.is_none() && search.found.len() > FOUND;
                    search.step = match found.next.filter(|_| !full) {
                        Some(next) => Step::Look(Some(next)),
                        None => Step::Rank(Vec::new()),
                    };
                }
                Step::Rank(ranks) => match search.found.get(ranks.len()) {
                    Some(player) if ranks.len() < RANKED => {
                        let before = ranks.len().checked_sub(1);
                        let same = before.filter(|at| search.found[*at].score == player.score);
                        let rank = match same {
                            Some(at) => ranks[at],
                            None => store.rank(player.score).await?,
                        };
                        ranks.push(rank);
                    }
                    _ => done = true,
                },
            }
            if news || done {
                shared.reply(search.reply(done));
            }
            if done {
                self.search = None;
                return Ok(true);
            }
            if shared.questions().are_about_list() {
                return Ok(true);
            }
            if begun.elapsed() >= SLICE {
                return Ok(false);
            }
        }
        Ok(false)
    }
}

impl Search {
    fn reply(&self, done: bool) -> Reply {
        let players: Vec<Player> = self.found.iter().take(FOUND).cloned().collect();
        let ids = players.iter().map(|player| player.id);
        let ranks = match &self.step {
            Step::Rank(ranks) => ids.zip(ranks.iter().copied()).collect(),
            Step::Look(_) => Vec::new(),
        };
        Reply::Found(FoundPlayers {
            wanted: self.wanted.clone(),
            ranks,
            players: Standings::new(players),
            more: self.found.len() > FOUND,
            done,
        })
    }
}
