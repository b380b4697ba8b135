//! Questions for the watcher that are not answered yet.

use jiff::tz::TimeZone;

use crate::game::race::RaceId;
use crate::game::{Aim, Period, PlayerId};

/// A question for the watcher.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// Everyone's points in a period.
    Rank(Period, TimeZone),
    /// A player's points by quarter hours.
    Recall(PlayerId),
    /// The boards of sprints and a player's own bests.
    Bests(PlayerId),
    /// The last races.
    Races,
    /// Whether a race is open.
    OpenRace,
    /// A part of the list.
    Show(Aim),
    /// The players around a player.
    Surround(PlayerId),
    /// The players whose name or e-mail contains this.
    Search(String),
    /// The players with this exact name.
    Named(String),
}

/// The questions that are not answered yet: of each kind only the latest.
#[derive(Debug, Default)]
pub struct Questions {
    show: Option<Question>,
    surround: Option<Question>,
    search: Option<Question>,
    named: Option<Question>,
    rank: Option<Question>,
    recall: Option<Question>,
    bests: Option<Question>,
    races: Option<Question>,
    open_race: Option<Question>,
    /// The race that the watcher polls.
    pub watched: Option<RaceId>,
}

impl Questions {
    fn of(&mut self, question: &Question) -> &mut Option<Question> {
        match question {
            Question::Show(_) => &mut self.show,
            Question::Surround(_) => &mut self.surround,
            Question::Search(_) => &mut self.search,
            Question::Named(_) => &mut self.named,
            Question::Rank(..) => &mut self.rank,
            Question::Recall(_) => &mut self.recall,
            Question::Bests(_) => &mut self.bests,
            Question::Races => &mut self.races,
            Question::OpenRace => &mut self.open_race,
        }
    }

    /// Adds a question, in place of an earlier one of its kind.
    pub fn ask(&mut self, question: Question) {
        let place = self.of(&question);
        *place = Some(question);
    }

    /// Puts a question back, unless there is a newer one of its kind.
    pub fn ask_again(&mut self, question: Question) {
        self.of(&question).get_or_insert(question);
    }

    /// Removes and returns the next question. The ranking of a period is skipped unless `may_rank`.
    pub fn next(&mut self, may_rank: bool) -> Option<Question> {
        let show = self.show.take();
        show.or_else(|| self.surround.take())
            .or_else(|| self.named.take())
            .or_else(|| self.search.take())
            .or_else(|| self.rank.take_if(|_| may_rank))
            .or_else(|| self.recall.take())
            .or_else(|| self.bests.take())
            .or_else(|| self.races.take())
            .or_else(|| self.open_race.take())
    }

    /// Whether there is a question.
    pub fn are_any(&self) -> bool {
        self.rank.is_some() || self.are_any_but_ranking()
    }

    /// Whether there is a question other than the ranking of a period.
    pub fn are_any_but_ranking(&self) -> bool {
        let of_past = [&self.recall, &self.bests, &self.races, &self.open_race];
        let mut rest = of_past.into_iter().chain([&self.named]);
        self.are_about_list() || rest.any(Option::is_some)
    }

    /// Whether there is a question about the list.
    pub fn are_about_list(&self) -> bool {
        let list = [&self.show, &self.surround, &self.search];
        list.into_iter().any(Option::is_some)
    }

    /// Stops polling a race that is over.
    pub fn race_is_over(&mut self, race: RaceId) {
        self.watched = self.watched.filter(|watched| *watched != race);
    }
}
