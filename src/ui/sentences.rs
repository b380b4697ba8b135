//! What the screen says that is as true without one, for the game in lines.

pub use super::about::words::{facts, told as marks};
pub use super::contest::words as contest;
pub use super::history::words as history;
pub use super::list::{shown_of, title};
pub use super::numbers::summary as numbers;
pub use super::status::say as status;
