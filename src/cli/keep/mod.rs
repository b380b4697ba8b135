//! The keeper's commands: everything out of a database, back into one, and whether it is sound.

pub mod backup;
mod dump;
pub mod export;
pub mod guard;
pub mod import;
mod merge;
mod new_file;
mod plan;
mod reading;
pub mod verify;
