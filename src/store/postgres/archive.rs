//! The statements of the archive for PostgreSQL.

use super::parts::{PARTS, SCHEMA};
use crate::store::archive::statements::ArchiveStatements;

pub const SQL: ArchiveStatements = ArchiveStatements {
    begin_read: "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
                 SET LOCAL statement_timeout = '2min';
                 SET LOCAL idle_in_transaction_session_timeout = '15min';
                 SET LOCAL quote_all_identifiers = off",
    // Readers continue, and writers wait or retry. The locks are taken in the order in which
    // opening a race takes them.
    begin_write: "BEGIN ISOLATION LEVEL READ COMMITTED;
                  SET LOCAL statement_timeout = '2min';
                  SET LOCAL lock_timeout = '10s';
                  SET LOCAL idle_in_transaction_session_timeout = '15min';
                  LOCK TABLE click_meta, users, click_races IN EXCLUSIVE MODE",
    has_table: "SELECT count(*) FROM pg_class WHERE oid = to_regclass($1)",
    mark: Some("SELECT pg_try_advisory_xact_lock($1)::int::bigint"),
    // A sequence is only moved forward. If the key has no sequence, this does nothing.
    finish: Some(
        "SET CONSTRAINTS ALL IMMEDIATE;
         SELECT setval(s.name, GREATEST(nextval(s.name), u.largest))
         FROM (SELECT pg_get_serial_sequence('users', 'id') AS name) s,
              (SELECT MAX(id)::bigint AS largest FROM users) u
         WHERE s.name IS NOT NULL;
         SELECT setval(s.name, GREATEST(nextval(s.name), r.largest))
         FROM (SELECT pg_get_serial_sequence('click_races', 'id') AS name) s,
              (SELECT MAX(id) AS largest FROM click_races) r",
    ),
    overriding: " OVERRIDING SYSTEM VALUE",
    sum: "{old} + {new}",
    conflict: " ON CONFLICT ({key}) DO UPDATE SET ",
    new: ["excluded.", ""],
    version: "SELECT 'PostgreSQL ' || current_setting('server_version')",
    advice: &[],
    damage: (&[], ""),
    parts: PARTS,
    schema: Some(SCHEMA),
};
