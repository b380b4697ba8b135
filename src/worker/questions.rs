//! Questions that the reading store answers when the screen wants to know, and at no other time.

use super::Shared;
use crate::game::PlayerId;
use crate::message::Reply;
use crate::store::{Store, StoreError};

/// What can be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// The boards of sprints and a player's bests.
    Bests(PlayerId),
}

/// What was asked and not yet answered; only the latest is still of interest.
#[derive(Debug, Default)]
pub struct Questions {
    bests: Option<Question>,
}

impl Questions {
    fn of(&mut self, question: &Question) -> &mut Option<Question> {
        match question {
            Question::Bests(_) => &mut self.bests,
        }
    }
}

impl Shared {
    /// Asks, in the place of what was asked before.
    pub fn ask(&self, question: Question) {
        let mut questions = self.questions();
        let place = questions.of(&question);
        *place = Some(question);
        self.asked.notify_one();
    }

    /// Asks what was not answered, unless there is something newer.
    pub fn ask_again(&self, question: Question) {
        let mut questions = self.questions();
        questions.of(&question).get_or_insert(question);
    }

    /// Takes the next question.
    pub fn question(&self) -> Option<Question> {
        self.questions().bests.take()
    }
}

/// Answers a question.
pub async fn answer<S: Store>(store: &mut S, question: &Question) -> Result<Reply, StoreError> {
    match question {
        Question::Bests(player) => {
            let bests = store.bests(*player).await?;
            Ok(Reply::Bests(*player, bests))
        }
    }
}
