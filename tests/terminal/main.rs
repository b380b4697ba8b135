//! The game's own binary in a pseudo-terminal: what a player does there, sees there, and keeps.

#[path = "../support/db.rs"]
mod db;
#[path = "../support/pty.rs"]
mod pty;

mod game;

mod colours;
mod first_start;
mod mouse;
mod names;
mod playing;
mod settings;
mod sizes;
mod together;
mod tutorial;
