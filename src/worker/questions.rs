//! Questions that are not answered yet.

use std::collections::BTreeMap;

use crate::game::Period;
use crate::game::race::RaceId;
use crate::message::Question;

/// The questions that are not answered yet: of each kind only the latest.
#[derive(Debug, Default)]
pub struct Questions {
    /// By their place in the order in which they are answered.
    waiting: BTreeMap<u8, Question>,
    /// The race that the watcher polls.
    pub watched: Option<RaceId>,
}

/// The place of a question's kind in the order in which questions are answered.
fn place(question: &Question) -> u8 {
    match question {
        Question::Show(..) => 0,
        Question::Surround(_) => 1,
        Question::Named(_) => 2,
        Question::Search(_) => 3,
        Question::Rank(..) => 4,
        Question::Recall(_) => 5,
        Question::Bests(_) => 6,
        Question::Races => 7,
        Question::OpenRace => 8,
    }
}

impl Questions {
    /// Adds a question, in place of an earlier one of its kind.
    pub fn ask(&mut self, question: Question) {
        self.waiting.insert(place(&question), question);
    }

    /// Puts a question back, unless there is a newer one of its kind.
    pub fn ask_again(&mut self, question: Question) {
        self.waiting.entry(place(&question)).or_insert(question);
    }

    /// Removes and returns the next question. The ranking of a period is skipped unless `may_rank`.
    pub fn next(&mut self, may_rank: impl Fn(Period) -> bool) -> Option<Question> {
        let mut waiting = self.waiting.iter();
        let next = waiting.find(|(_, question)| match question {
            Question::Rank(period, _) => may_rank(*period),
            _ => true,
        });
        let place = *next?.0;
        self.waiting.remove(&place)
    }

    /// Whether there is a question.
    pub fn are_any(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// Whether there is a question other than the ranking of a period.
    pub fn are_any_but_ranking(&self) -> bool {
        let is_ranking = |question: &Question| matches!(question, Question::Rank(..));
        self.waiting.values().any(|question| !is_ranking(question))
    }

    /// The period whose ranking is asked for.
    pub fn to_rank(&self) -> Option<Period> {
        self.waiting.values().find_map(|question| match question {
            Question::Rank(period, _) => Some(*period),
            _ => None,
        })
    }

    /// Whether there is a question about the list.
    pub fn are_about_list(&self) -> bool {
        let is_about_list = |question: &Question| {
            matches!(
                question,
                Question::Show(..) | Question::Surround(_) | Question::Search(_)
            )
        };
        self.waiting.values().any(is_about_list)
    }

    /// Stops polling a race that is over.
    pub fn race_is_over(&mut self, race: RaceId) {
        self.watched = self.watched.filter(|watched| *watched != race);
    }
}
