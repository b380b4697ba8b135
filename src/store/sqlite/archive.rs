//! The statements of the archive for SQLite.

use super::PARTS;
use crate::store::archive::statements::ArchiveStatements;

pub const SQL: ArchiveStatements = ArchiveStatements {
    begin_read: "PRAGMA query_only = ON; BEGIN DEFERRED",
    begin_write: "BEGIN IMMEDIATE",
    has_table: "SELECT COUNT(*) FROM sqlite_master
                WHERE type IN ('table', 'view') AND lower(name) = ?",
    mark: None,
    // Both kinds of INTEGER PRIMARY KEY always choose a larger id by themselves.
    finish: None,
    overriding: "",
    // SQLite turns an overflowing sum into a REAL.
    sum: "iif(typeof({old} + {new}) = 'integer', {old} + {new}, NULL)",
    conflict: " ON CONFLICT ({key}) DO UPDATE SET ",
    new: ["excluded.", ""],
    version: "SELECT 'SQLite ' || sqlite_version()",
    advice: &[],
    damage: (&[("the file", "PRAGMA integrity_check")], "integrity_check"),
    parts: PARTS,
    // It is read from a new database in memory.
    schema: None,
};
