//! What a player, a standing and a press are: plain data, no input or output, time passed in.

pub mod calendar;
mod fading;
mod hold;
mod moves;
mod pace;
mod past;
mod player;
mod rules;
mod standings;
mod tally;

pub use calendar::{Period, Quarter};
pub use hold::{Hold, Pressed};
pub use moves::{MOVED, Moves};
pub use pace::{LEAP, LONGEST, Own, PLAYING, Pace};
pub use past::Past;
pub use player::{Entry, Player, PlayerId, Points};
pub use rules::{FASTEST, HeldKeys, Rules};
pub use standings::Standings;
pub use tally::Tally;
