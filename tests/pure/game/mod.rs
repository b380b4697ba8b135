//! The rules of the game.

mod calendar;
mod contest;
mod hold;
mod marks;
mod milestone;
mod past;
mod race;
mod standings;
mod trace;
