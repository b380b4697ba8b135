//! Tests that need no database, terminal or clock: the game's behaviour, its screens and its plain
//! mode, and the rules for the source code.

mod common;
mod cycles;
mod files;
mod game;
mod keys;
mod language;
mod layers;
mod manual;
mod mistake;
mod package;
mod parser;
mod plain;
mod properties;
mod schemas;
mod screens;
mod settings;
mod targets;
mod text;
mod update;
mod words;
