//! The keeper's commands: everything out of a database, back into one, and whether it is sound.

pub mod backup;
pub mod doctor;
mod dump;
pub mod export;
pub mod guard;
pub mod import;
mod merge;
mod new_file;
mod plan;
mod reading;
mod surroundings;
pub mod verify;
