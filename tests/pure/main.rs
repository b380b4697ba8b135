//! Tests that need no database, terminal or clock: the game's behaviour, its screens and its plain
//! mode, and the rules for the source code.

mod common;
mod cycles;
mod layers;
mod manual;
mod package;
mod plain;
mod properties;
mod screens;
mod update;
mod words;
