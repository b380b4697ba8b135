//! Reads parts of the player list: a window, the players around a player, and the results of a
//! search.

use std::collections::HashSet;
use std::sync::MutexGuard;
use std::time::Duration;

use tokio::time::Instant;

use super::past;
use super::shared::Shared;
use crate::game::{Aim, FoundPlayers, Period, Player, PlayerId, Spot, Standings, Window};
use crate::message::{Question, Reply};
use crate::store::{FOUND, Remedy, Scan, Store, StoreError, WINDOW, keep_best};

/// How many players around one are read: the rivals that the screen names, and some more.
const AROUND: u32 = 40;

/// How many of the found players get a rank: more than a screen shows.
const RANKED: usize = 60;

/// How long a search runs before changes by others are polled again.
const SLICE: Duration = Duration::from_millis(200);

/// The minimum time between two surveys by this client.
const SURVEY: Duration = Duration::from_secs(20);

/// How many times a part is read because of commits in between, before it is used anyway.
const TRIES: u32 = 3;

/// The pause before the same period is ranked again, in multiples of the time that it took.
const REST: u32 = 20;

/// The longest such pause.
const LONGEST_REST: Duration = Duration::from_secs(60);

/// A running search.
#[derive(Debug)]
struct RunningSearch {
    wanted: String,
    found: Vec<Player>,
    step: SearchPhase,
}

/// The next step of a search.
#[derive(Debug)]
enum SearchPhase {
    /// Search more players.
    Look(Option<Scan>),
    /// Read the ranks of the found players.
    Rank(Vec<u64>),
}

/// The state of reading the list.
#[derive(Debug)]
pub struct Listing {
    /// What the screen shows, and how many players that are.
    shown: (Aim, u32),
    /// The player around whom the list was last read.
    own: Option<PlayerId>,
    /// Whether the list is only a part of all players.
    is_part: bool,
    /// When the places of the ranking were last counted with this store.
    pub surveyed: Option<Instant>,
    search: Option<RunningSearch>,
    /// The period that was ranked last, when, and how long that took.
    ranked: Option<(Period, Instant, Duration)>,
}

/// The part of the list to read again after a survey, if no survey has counted the players below
/// it: `below` is 1 then.
pub fn anew(window: &Window) -> Option<Aim> {
    let middle = window.players.get(window.players.len() / 2)?;
    let aim = match window.above {
        0 => Aim::Top,
        _ => Aim::Around(middle.into()),
    };
    (window.below == 1).then_some(aim)
}

/// Reads a part of the list, again if a score of it was committed meanwhile. As long as the lock is
/// held, no reply about a commit can come before that with the part.
pub async fn read_part<'a, S: Store>(
    store: &mut S,
    shared: &'a Shared,
    aim: Aim,
    limit: u32,
) -> Result<(Window, MutexGuard<'a, HashSet<PlayerId>>), StoreError> {
    let mut tries = TRIES;
    loop {
        shared.committed().clear();
        let window = store.window(aim, limit).await?;
        let committed = shared.committed();
        tries -= 1;
        if tries == 0 || !window.players.iter().any(|p| committed.contains(&p.id)) {
            return Ok((window, committed));
        }
    }
}

impl Listing {
    pub fn new(is_part: bool) -> Self {
        Self {
            shown: (Aim::Top, WINDOW),
            own: None,
            is_part,
            surveyed: None,
            search: None,
            ranked: None,
        }
    }

    /// Whether a search is running.
    pub fn is_searching(&self) -> bool {
        self.search.is_some()
    }

    /// When a period may be ranked. The pauses limit the load on the database. Somebody waits for
    /// another period than the last one, so the pause before that is short.
    pub fn may_rank_at(&self, period: Period) -> Option<Instant> {
        let (last, at, took) = self.ranked?;
        let pause = match period == last {
            true => (took * REST).min(LONGEST_REST),
            false => took,
        };
        Some(at + pause)
    }

    /// Whether a period may be ranked now.
    fn may_rank(&self, period: Period) -> bool {
        let at = self.may_rank_at(period);
        at.is_none_or(|at| at <= Instant::now())
    }

    /// Asks for all shown parts of the list again.
    pub fn ask_anew(&self, shared: &Shared) {
        let mut questions = shared.questions();
        let (aim, players) = self.shown;
        questions.ask_again(Question::Show(aim, players));
        if let Some(own) = self.own {
            questions.ask_again(Question::Surround(own));
        }
    }

    /// Answers the questions that wait. If the database can't answer one for good, replies so; after
    /// another error it waits for the next try.
    pub async fn answer_all<S: Store>(
        &mut self,
        store: &mut S,
        shared: &Shared,
    ) -> Result<(), StoreError> {
        loop {
            let next = shared.questions().next(|period| self.may_rank(period));
            let Some(question) = next else {
                return Ok(());
            };
            let asked = Instant::now();
            let answered = match self.answer(store, shared, &question).await {
                Ok(true) => Ok(None),
                Ok(false) => past::answer(store, &question, self.own).await,
                Err(error) => Err(error),
            };
            if let Question::Rank(period, _) = question {
                self.ranked = Some((period, Instant::now(), asked.elapsed()));
            }
            match answered {
                Ok(reply) => reply.into_iter().for_each(|reply| shared.reply(reply)),
                // Somebody removed the player: the next poll reports it.
                Err(StoreError::Gone) => {}
                Err(error) if error.remedy() == Remedy::Wait => {
                    shared.reply(Reply::Unanswered(question, error.into()));
                }
                Err(error) => {
                    shared.questions().ask_again(question);
                    return Err(error);
                }
            }
        }
    }

    /// Answers a question about the list. Returns false if it is about something else.
    async fn answer<S: Store>(
        &mut self,
        store: &mut S,
        shared: &Shared,
        question: &Question,
    ) -> Result<bool, StoreError> {
        match question {
            Question::Show(aim, players) => {
                self.shown = (*aim, *players);
                let reply = |window| Reply::Shown(*aim, window);
                self.send_part(store, shared, *aim, *players, reply).await?;
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
                self.search = (!wanted.is_empty()).then(|| RunningSearch {
                    wanted: wanted.clone(),
                    found: Vec::new(),
                    step: SearchPhase::Look(None),
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
        let (window, committed) = read_part(store, shared, aim, limit).await?;
        self.is_part |= !window.is_everyone();
        shared.reply(reply(window));
        drop(committed);
        Ok(())
    }

    /// Updates the survey if it is due. After a failure the old one stays.
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

    /// Continues the search until it is done, another question comes, or its time slice ends.
    /// Returns false only if the slice ended or nothing is searched.
    pub async fn search_on<S: Store>(
        &mut self,
        store: &mut S,
        shared: &Shared,
    ) -> Result<bool, StoreError> {
        match self.step(store, shared).await {
            Err(error) if error.remedy() == Remedy::Wait => {
                let wanted = self.search.take().map(|search| search.wanted);
                let question = Question::Search(wanted.unwrap_or_default());
                shared.reply(Reply::Unanswered(question, error.into()));
                Ok(true)
            }
            done => done,
        }
    }

    async fn step<S: Store>(&mut self, store: &mut S, shared: &Shared) -> Result<bool, StoreError> {
        let begun = Instant::now();
        while let Some(search) = &mut self.search {
            let mut news = false;
            let mut done = false;
            match &mut search.step {
                SearchPhase::Look(from) => {
                    let found = store.search(&search.wanted, *from).await?;
                    news = !found.players.is_empty() || from.is_none();
                    keep_best(&mut search.found, found.players);
                    // The first step searches the best players. If it found too many, all others
                    // rank lower.
                    let full = from.is_none() && search.found.len() > FOUND;
                    search.step = match found.next.filter(|_| !full) {
                        Some(next) => SearchPhase::Look(Some(next)),
                        None => SearchPhase::Rank(Vec::new()),
                    };
                }
                SearchPhase::Rank(ranks) => match search.found.get(ranks.len()) {
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

impl RunningSearch {
    fn reply(&self, done: bool) -> Reply {
        let players: Vec<Player> = self.found.iter().take(FOUND).cloned().collect();
        let ids = players.iter().map(|player| player.id);
        let ranks = match &self.step {
            SearchPhase::Rank(ranks) => ids.zip(ranks.iter().copied()).collect(),
            SearchPhase::Look(_) => Vec::new(),
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
