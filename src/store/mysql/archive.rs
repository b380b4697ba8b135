//! The statements of the archive for MariaDB and MySQL.

use super::parts::{ADVICE, PARTS, SCHEMA};
use crate::store::archive::statements::ArchiveStatements;

pub const SQL: ArchiveStatements = ArchiveStatements {
    begin_read: "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ;
                 SET SESSION wait_timeout = 900
                     /*M!100300 , idle_transaction_timeout = 900, max_statement_time = 120 */;
                 START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY",
    // REPEATABLE READ also locks the gaps between rows, so that nobody is added. A key of 0 must be
    // allowed. The locks are taken in the order in which opening a race takes them. The score is
    // counted because it is only in the primary index, so all gaps for new rows get locked.
    begin_write: "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ;
                  SET SESSION innodb_lock_wait_timeout = 10, wait_timeout = 900,
                      sql_mode = CONCAT(@@sql_mode, ',NO_AUTO_VALUE_ON_ZERO')
                      /*M!100300 , idle_transaction_timeout = 900, max_statement_time = 120 */;
                  START TRANSACTION;
                  SELECT COUNT(*) FROM click_meta FOR UPDATE;
                  SELECT COUNT(score) FROM users FOR UPDATE;
                  SELECT COUNT(*) FROM click_races FOR UPDATE",
    has_table: "SELECT COUNT(*) FROM information_schema.tables
                WHERE table_schema = DATABASE() AND table_name = ?",
    mark: Some("SELECT GET_LOCK(CONCAT('click', MD5(CONCAT(?, DATABASE()))), 0)"),
    // AUTO_INCREMENT is automatic.
    finish: None,
    overriding: "",
    sum: "{old} + {new}",
    conflict: " ON DUPLICATE KEY UPDATE ",
    new: ["VALUES(", ")"],
    version: "SELECT CONVERT(VERSION() USING utf8mb4)",
    advice: ADVICE,
    damage: (
        &[
            ("the table users", "CHECK TABLE users"),
            ("the table click_meta", "CHECK TABLE click_meta"),
            ("the table click_sessions", "CHECK TABLE click_sessions"),
            ("the table click_changes", "CHECK TABLE click_changes"),
            ("the table click_ladder", "CHECK TABLE click_ladder"),
            ("the table click_survey", "CHECK TABLE click_survey"),
            ("the table click_history", "CHECK TABLE click_history"),
            ("the table click_sprints", "CHECK TABLE click_sprints"),
            ("the table click_keys", "CHECK TABLE click_keys"),
            ("the table click_races", "CHECK TABLE click_races"),
            ("the table click_racers", "CHECK TABLE click_racers"),
        ],
        "Msg_text",
    ),
    parts: PARTS,
    schema: Some(SCHEMA),
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::mysql::schema::MIGRATIONS;

    #[test]
    fn every_table_of_the_schema_is_checked_for_damage() {
        let pages = MIGRATIONS.iter().flat_map(|(.., page)| page.lines());
        let created = pages.filter_map(|line| line.strip_prefix("CREATE TABLE IF NOT EXISTS "));
        let made: Vec<_> = created.filter_map(|line| line.split(' ').next()).collect();
        let (checks, _) = SQL.damage;
        let checked = checks
            .iter()
            .map(|(_, sql)| sql.trim_start_matches("CHECK TABLE "));
        assert_eq!(checked.collect::<Vec<_>>(), made);
    }
}
