//! The rules of the game.

mod bell;
mod calendar;
mod contest;
mod effects;
mod expiring;
mod hold;
mod marks;
mod milestone;
mod pace;
mod past;
mod race;
mod standings;
mod trace;
