//! clickoff: the terminal clicker that never loses a click.
//!
//! clickoff is a program, and its interface is the command line. This library is internal: it
//! exists for the program, its tests and its benchmarks, and any version may change all of it.
//!
//! The modules have an order, and each imports only from those above it. A key press goes
//! this way: terminal, `message::Message`, `state::update`, `message::Command`, `worker`, locked
//! transaction in `store`, `message::Reply`, `update`, screen.
//!
//! docs.rs shows only this page; `cargo doc` in the repository shows everything.

#[cfg_attr(docsrs, doc(hidden))]
pub mod fault;

#[cfg_attr(docsrs, doc(hidden))]
pub mod app;
#[cfg_attr(docsrs, doc(hidden))]
pub mod cli;
#[cfg_attr(docsrs, doc(hidden))]
pub mod files;
#[cfg_attr(docsrs, doc(hidden))]
pub mod game;
#[cfg_attr(docsrs, doc(hidden))]
pub mod message;
#[cfg_attr(docsrs, doc(hidden))]
pub mod mistake;
#[cfg_attr(docsrs, doc(hidden))]
pub mod plain;
#[cfg(feature = "serve")]
#[cfg_attr(docsrs, doc(hidden))]
pub mod serve;
#[cfg_attr(docsrs, doc(hidden))]
pub mod settings;
#[cfg_attr(docsrs, doc(hidden))]
pub mod state;
#[cfg_attr(docsrs, doc(hidden))]
pub mod store;
#[cfg_attr(docsrs, doc(hidden))]
pub mod ui;
#[cfg_attr(docsrs, doc(hidden))]
pub mod words;
#[cfg_attr(docsrs, doc(hidden))]
pub mod worker;
