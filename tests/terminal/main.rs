//! The real program in a pseudo-terminal.

#![allow(clippy::print_stdout, reason = "a failed test shows its seed")]

#[path = "../support/db.rs"]
mod db;
#[path = "../support/faults.rs"]
mod faults;
#[path = "../support/pty.rs"]
mod pty;
#[path = "../support/database.rs"]
mod support;

mod game;

mod about;
mod accidents;
mod answers;
mod blocked;
mod colours;
mod effects;
mod first_start;
mod full_disk;
mod held;
mod history;
mod keyboard;
mod killed;
mod languages;
mod leaving;
mod locked;
mod long_list;
mod looks;
mod mouse;
mod names;
mod offline;
mod plain;
mod playing;
mod racing;
mod refusals;
mod served;
mod settings;
mod sizes;
mod slow_line;
mod sprinting;
mod suspending;
mod title;
mod together;
mod tutorial;
mod two_terminals;
