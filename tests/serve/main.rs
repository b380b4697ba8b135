//! The real OpenSSH client in a pseudo-terminal against the real server.

#![allow(clippy::print_stdout, reason = "a failed test shows the server's log")]

#[path = "../support/database.rs"]
mod database;
#[path = "../support/db.rs"]
mod db;
#[path = "../support/pty.rs"]
mod pty;

mod accidents;
mod fair;
mod hostile;
mod keys;
mod measured;
mod outages;
mod server;
mod visits;
mod wild;
