//! What is said when the state changes: the beginning, questions, the list, troubles and notices.

use std::time::{Duration, Instant};

use jiff::civil::Date;

use super::Plain;
use super::words::LENGTHS;
use crate::game::{Past, Period, Player};
use crate::message::Stop;
use crate::state::{Field, Form, HistoryView, Mode, State, Status, Troubled};
use crate::ui::sentences;
use crate::words::{Say, text};

/// The most players in one list.
const LISTED: usize = 20;

/// How many days, weeks or months of a history are said.
const BARS: usize = 7;

/// How long the same notice is not repeated.
const SAME: Duration = Duration::from_secs(2);

/// When a trouble is said again if the number of waiting presses has changed.
const PACE: Duration = Duration::from_secs(1);

/// When a trouble is said again if nothing has changed.
const LASTS: Duration = Duration::from_secs(30);

/// A trouble as it was last said.
#[derive(Debug)]
pub struct ToldTrouble {
    what: Say,
    offline: bool,
    waiting: u64,
    told_at: Instant,
}

impl Plain {
    /// Says what is new after a message or at the beginning, the notice that came with it, and what is
    /// due.
    pub fn follow(&mut self, state: &State, notice: Option<Say>, now: Instant) {
        self.due = None;
        self.follow_beginning(state);
        if let Some(notice) = notice {
            self.say_notice(notice, now);
        }
        self.follow_limit(now);
        self.follow_picked(state);
        self.follow_trouble(state, now);
        self.follow_contest(state, now);
        self.follow_scores(state, now);
        if state.loaded && !state.leaving {
            self.follow_others(state, now);
        }
    }

    /// Shows the lists and asks the questions that a message or a whole line has led to.
    pub(super) fn answer(&mut self, state: &State) {
        self.follow_list(state);
        self.follow_question(state);
    }

    /// Says the last lines, before the messages that every game ends with.
    pub fn end(&mut self, state: &State, now: Instant) {
        self.follow_scores(state, now);
        let Some(ended) = &state.ended else {
            return;
        };
        let all_saved = ended.farewell.kept == 0 && ended.farewell.lost.is_none();
        let listens = !ended.stop.is_some_and(Stop::is_hang_up);
        if all_saved && ended.broken.is_none() && listens {
            self.say(&Say::LinesEnd);
        }
    }

    fn follow_beginning(&mut self, state: &State) {
        if !state.loaded {
            if !std::mem::replace(&mut self.loading_told, true) {
                self.say(&Say::Loading);
            }
            return;
        }
        if std::mem::replace(&mut self.begun, true) {
            return;
        }
        let place = text::cut(&state.place, 200);
        self.say(&Say::LinesBegin { place });
        if state.standings.is_empty() {
            let first = matches!(state.mode, Mode::Form(_));
            self.say(&match first {
                true => Say::LinesFirstPlayer,
                false => Say::NobodyPlays,
            });
        } else {
            self.list_from = Some(1);
        }
    }

    /// Says a notice, but does not repeat it. Presses over the limit are handled by
    /// [`Self::follow_limit`].
    fn say_notice(&mut self, notice: Say, now: Instant) {
        if let Say::OverRate { .. } | Say::OverRateBefore { .. } = notice {
            let told_at = self.over_rate.as_ref().map_or(now, |(_, at)| *at);
            self.over_rate = Some((notice, told_at));
            return;
        }
        let same = self.notice.as_ref();
        let same = same.is_some_and(|(said, at)| *said == notice && now < *at + SAME);
        if !same {
            self.say(&notice);
        }
        self.notice = Some((notice, now));
    }

    /// Says the sentence about presses over the limit, after it has added up for a while.
    fn follow_limit(&mut self, now: Instant) {
        let Some((_, since)) = &self.over_rate else {
            return;
        };
        let at = *since + PACE;
        if now < at {
            return self.wake(at);
        }
        if let Some((sentence, _)) = self.over_rate.take() {
            self.say(&sentence);
        }
    }

    fn follow_picked(&mut self, state: &State) {
        let picked = state.picked_player().map(|p| p.id);
        if picked == self.picked {
            return;
        }
        self.picked = picked;
        // After a list, the picked player is said anyway.
        if let Some(player) = state.picked_player()
            && self.list_from.is_none()
        {
            self.told.insert(player.id, player.score);
            self.say_picked(player);
        }
    }

    fn say_picked(&mut self, player: &Player) {
        let name = self.name(player);
        self.say(&Say::Picked {
            name,
            points: player.score,
        });
    }

    /// Says that there is a trouble, that it lasts, and that it is over.
    fn follow_trouble(&mut self, state: &State, now: Instant) {
        let Some(troubled) = troubled(state) else {
            if self.trouble.take().is_some() && state.loaded && !state.leaving {
                self.say(&Say::AnswersAgain);
                self.owed_since = Some(now);
            }
            return;
        };
        let waiting = state.waiting();
        if let Some(told) = &self.trouble
            && told.what == troubled.trouble.what
            && told.offline == troubled.trouble.offline
        {
            let news = told.waiting != waiting;
            let at = told.told_at + if news { PACE } else { LASTS };
            if now < at {
                return self.wake(at);
            }
        }
        self.trouble = Some(ToldTrouble {
            what: troubled.trouble.what.clone(),
            offline: troubled.trouble.offline,
            waiting,
            told_at: now,
        });
        self.say(&sentences::status(state));
    }

    /// Shows the list, the history and the page about the player, once they are known.
    fn follow_list(&mut self, state: &State) {
        let is_coming = state.is_ranking() || (state.is_filtered() && state.is_fetching());
        if !is_coming && let Some(from) = self.list_from.take() {
            self.say_list(from, state);
            if let Some(player) = state.picked_player() {
                self.told.insert(player.id, player.score);
                self.say_picked(player);
            } else if state.is_newcomer() {
                self.say(&Say::LinesNewHere);
            }
        }
        let Some((past, today)) = state.times.past_and_today() else {
            return;
        };
        if let Some(unit) = self.history.take() {
            self.say_history(unit, past, today, state);
        }
        if let Some(player) = state.picked_player()
            && std::mem::take(&mut self.about)
        {
            let name = self.name(player);
            self.say(&Say::AboutPlayer { name });
            let facts = sentences::facts(past, today, &self.look);
            let marks = sentences::mark_lines(past, today, &self.look);
            let lines = facts
                .into_iter()
                .map(|(name, what)| format!("{name}: {what}"));
            for line in lines.chain(marks) {
                self.say(&line.into());
            }
        }
    }

    fn say_list(&mut self, from: usize, state: &State) {
        let all = state.row_count();
        let players = match state.is_filtered() {
            true => sentences::shown_of(state),
            false => text::grouped(all).into(),
        };
        let title = sentences::title(state.times.period, state);
        self.say_heading(&title, &players);
        if all == 0 {
            let what = match state.is_filtered() {
                true => Say::NobodyFits,
                false => Say::NobodyPlays,
            };
            return self.say(&what);
        }
        // Only a part of a long list is loaded, around the picked player.
        let here = state.rows_here();
        let first = (from.min(all) - 1).clamp(here.start, here.end.saturating_sub(1));
        let last = (first + LISTED).min(here.end);
        for at in first..last {
            if let Some(player) = state.row(at) {
                self.say_row(at, player);
            }
        }
        self.listed_from = here.start;
        self.listed = here.filter_map(|at| state.row(at).map(|p| p.id)).collect();
        if last < all {
            let (shown, next) = ((last - first) as u64, last as u64 + 1);
            let all = all as u64;
            self.say(&Say::ListGoesOn { shown, all, next });
        }
    }

    pub(super) fn say_row(&mut self, at: usize, player: &Player) {
        let name = self.name(player);
        self.say(&Say::ListRow {
            number: at as u64 + 1,
            name,
            points: player.score,
        });
    }

    fn say_history(&mut self, unit: Period, past: &Past, today: Date, state: &State) {
        let Some(player) = state.picked_player() else {
            return;
        };
        let name = self.name(player);
        let heading = self.look.say(&Say::HistoryOf { name });
        let summary = self.look.say(&sentences::history(state));
        self.say(&format!("{heading}: {summary}").into());
        for back in 0..past.periods(unit, today).min(BARS) {
            let bar = sentences::history_bar(state, &HistoryView { unit, back });
            bar.first().into_iter().for_each(|bar| self.say(bar));
        }
    }

    /// Says the picked player's rank and score, and the status of the presses.
    pub fn say_where(&mut self, state: &State) {
        match state.picked_player() {
            Some(player) => {
                self.say_picked(player);
                for what in sentences::numbers(state, &self.look) {
                    self.say(&what);
                }
            }
            None => self.say(&Say::NobodyIsPicked),
        }
        self.say(&sentences::status(state));
    }

    /// Asks the open question, once. The next line is its answer.
    fn follow_question(&mut self, state: &State) {
        let context = Some(state.context()).filter(|_| !super::is_asking(state));
        if context == self.question {
            return;
        }
        self.question = context;
        match &state.mode {
            _ if context.is_none() || state.leaving => {}
            Mode::Form(form) => self.ask_field(form),
            Mode::Namesake(_, id) => {
                let (name, points) = self.named(*id, state);
                self.say(&Say::NamesakeQuestion { name, points }.and(Say::AskNamesake));
            }
            Mode::Confirm(id) => {
                let (name, points) = self.named(*id, state);
                self.say(&Say::RemoveQuestion { name, points }.and(Say::AskYesOrNo));
            }
            Mode::Contest(contest) if contest.is_choice() => {
                let seconds = LENGTHS.map(|(name, _)| name).join(", ");
                self.say(&Say::AskSeconds { seconds });
            }
            _ => {}
        }
    }

    fn ask_field(&mut self, form: &Form) {
        if let Some(complaint) = form.complaint.clone() {
            self.say(&complaint);
        }
        let written = |input: &tui_input::Input| text::cut(input.value(), super::NAME);
        let (name, email) = (written(&form.name), written(&form.email));
        let question = match form.focus {
            Field::Name if name.is_empty() => Say::AskName,
            Field::Name => Say::AskNameOr { name },
            Field::Email if email.is_empty() => Say::AskEmail,
            Field::Email => Say::AskEmailOr { email },
        };
        self.say(&question);
    }
}

fn troubled(state: &State) -> Option<&Troubled> {
    match state.status() {
        Status::LoadingTrouble(troubled)
        | Status::Waiting(_, troubled)
        | Status::WatchTrouble(_, troubled) => Some(troubled),
        _ => None,
    }
}
