//! The title of the terminal window: the player and the score.

use super::{Look, clicker};
use crate::state::State;
use crate::words::text;

/// The largest width of a name in the title.
const NAME: usize = 40;

/// `Ada 1,234 · clickoff`, or only the program's name if no player is picked. It contains no
/// control characters.
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
