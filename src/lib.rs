//! clickoff: the terminal clicker that never loses a click.
//!
//! clickoff is a program, and what one uses of it is its command line. This library is internal: it is
//! there for the program, its tests and its benchmarks, and any version may change all of it.
//!
//! The rooms stand in one order, and each imports only from those above it. A key press travels one
//! way: terminal, [`message::Message`], [`state::update`], [`message::Command`], [`worker`], locked
//! transaction in [`store`], [`message::Reply`], `update`, screen.

pub mod fault;

pub mod app;
pub mod cli;
pub mod files;
pub mod game;
pub mod message;
pub mod mistake;
pub mod plain;
pub mod settings;
pub mod state;
pub mod store;
pub mod ui;
pub mod words;
pub mod worker;
