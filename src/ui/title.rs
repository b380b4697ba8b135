//! The title of the terminal's window: who plays, and the score.

use super::{Look, clicker};
use crate::state::State;
use crate::words::text;

/// The most columns of a name in the title.
const NAME: usize = 40;

/// `Ada 1,234 · clickoff`, or the program's name alone where nobody is picked. It has nothing in it
/// that a terminal obeys.
pub fn title(state: &State, look: &Look) -> String {
    let subject = clicker::subject(state);
    subject.map_or_else(
        || "clickoff".to_owned(),
        |(name, score)| {
            let name = text::cut(&look.name(name), NAME);
            format!("{name} {} · clickoff", text::grouped(score))
        },
    )
}
