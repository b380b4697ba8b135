//! clickoff: the terminal clicker that never loses a click.
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
