//! The commands that need no screen: the real program, its words and its exit codes, on databases
//! of all kinds.

#[path = "../support/db.rs"]
mod db;
#[path = "../support/faults.rs"]
mod faults;
#[path = "../support/pty.rs"]
mod pty;
#[path = "../support/database.rs"]
mod support;

mod home;
mod place;

mod cut_off;
mod pairs;
mod players;
mod refusals;
mod rules;
mod together;
mod words;
