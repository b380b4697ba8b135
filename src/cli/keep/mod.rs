//! The keeper's commands: everything out of a database, back into one, and whether it is sound.

mod arrival;
mod asking;
pub mod backup;
pub mod doctor;
mod dump;
pub mod export;
pub mod guard;
pub mod import;
mod merge;
mod new_file;
mod parse;
mod source;
mod surroundings;
mod transaction;
pub mod verify;
