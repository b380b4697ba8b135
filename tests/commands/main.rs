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

mod about;
mod accidents;
mod click;
mod completions;
mod config;
mod cut_off;
mod doctor;
mod dry_run;
mod flags;
mod hostile;
mod identity;
mod keep;
mod man;
mod manual;
mod missing;
mod pairs;
mod past;
mod players;
mod postgresql;
mod printed;
mod races;
mod refusals;
mod rogue;
mod ruled_out;
mod rules;
mod sound;
mod sprints;
mod together;
mod traps;
mod watch;
mod words;
