//! What reads, writes and checks everything that there is in SQLite.

use super::PARTS;
use crate::store::archive::spell::Speller;
use crate::store::archive::statements::ArchiveStatements;

/// Its statements.
pub const SQL: ArchiveStatements = ArchiveStatements {
    begin_read: "PRAGMA query_only = ON; BEGIN DEFERRED",
    begin_write: "BEGIN IMMEDIATE",
    has_table: "SELECT COUNT(*) FROM sqlite_master
                WHERE type IN ('table', 'view') AND lower(name) = ?",
    mark: None,
    // An AUTOINCREMENT key follows by itself, and any other is one more than the largest.
    move_keys: None,
    meta_key: "key",
    speller: Speller {
        integer: "INTEGER",
        divide: "/",
        bytes: ["CAST(", " AS BLOB)"],
        is_numbered: false,
        // SQLite turns a sum too large into a REAL.
        sum: "iif(typeof({old} + {new}) = 'integer', {old} + {new}, NULL)",
        conflict: " ON CONFLICT ({key}) DO UPDATE SET ",
        new: ["excluded.", ""],
    },
    version: "SELECT 'SQLite ' || sqlite_version()",
    advice: &[],
    damage: &[("the file", "PRAGMA integrity_check")],
    parts: PARTS,
    // A database in memory is asked.
    schema: None,
};
