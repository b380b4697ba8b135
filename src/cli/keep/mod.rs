//! The commands of whoever runs the database: copy, export, import, backup and checks.

mod asking;
pub mod backup;
pub mod copy;
pub mod doctor;
mod dump;
pub mod export;
pub mod guard;
pub mod import;
mod importing;
mod merge;
mod new_file;
mod parse;
pub mod scratch;
mod source;
mod surroundings;
mod transaction;
mod transfer;
pub mod verify;
