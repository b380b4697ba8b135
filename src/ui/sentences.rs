//! The texts of the screen that the plain mode uses, too.

pub use super::about::words::{facts, mark_lines};
pub use super::contest::words as contest;
pub use super::history::{captions as history_bar, summary as history};
pub use super::list::{shown_of, title};
pub use super::numbers::summary as numbers;
pub use super::status::say as status;
