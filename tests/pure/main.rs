//! What needs no database, no terminal and no clock: the game's behaviour, its screens and lines, and
//! the rules of the house.

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
