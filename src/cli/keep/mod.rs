//! The commands of whoever runs the database: export, import, backup and checks.

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
