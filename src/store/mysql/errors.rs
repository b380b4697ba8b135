//! What MariaDB's and MySQL's errors mean for the player and for the presses.

use sqlx::mysql::MySqlDatabaseError;

use super::{Server, StoreError};
use crate::store::sanitized::sanitized;

/// A lock wait timeout.
pub const LOCK_WAIT: u16 = 1205;

/// Translates a driver's error.
pub fn explain(target: &Server, error: sqlx::Error) -> StoreError {
    let number = number(&error);
    match error {
        sqlx::Error::Database(database) => {
            let state = database.code().unwrap_or_default();
            meaning(target, number, &state, sanitized(database.message()))
        }
        error => target.broken(error),
    }
}

/// Whether a server that refuses a connection may accept one later: it is starting, stopping, full,
/// offline, or cut off from its cluster.
pub fn is_for_now(error: &sqlx::Error) -> bool {
    is_full(error) || matches!(number(error), 1047 | 1053 | 1927 | 3032)
}

/// Whether the server's or the user's connection limit is reached.
pub fn is_full(error: &sqlx::Error) -> bool {
    matches!(number(error), 1040 | 1203 | 1226)
}

/// Whether a text has a character that is not in the database's character set.
pub fn is_unwritable(error: &sqlx::Error) -> bool {
    matches!(
        number(error),
        1267 | 1270 | 1271 | 1300 | 1366 | 1977 | 3854
    )
}

/// The server's error number; 0 for other errors.
pub fn number(error: &sqlx::Error) -> u16 {
    let error = error.as_database_error();
    error
        .and_then(|e| e.try_downcast_ref::<MySqlDatabaseError>())
        .map_or(0, MySqlDatabaseError::number)
}

/// Whether a lock or a statement took too long.
pub fn is_wait(error: &sqlx::Error) -> bool {
    matches!(number(error), LOCK_WAIT | 1969 | 3024)
}

/// Whether the user lacks a privilege.
pub fn is_refusal(error: &sqlx::Error) -> bool {
    matches!(number(error), 1044 | 1142 | 1143 | 1227 | 1370 | 1419)
}

/// Translates an error number of the server, or else its SQLSTATE.
/// <https://mariadb.com/docs/server/reference/error-codes/mariadb-error-code-reference>
fn meaning(target: &Server, number: u16, state: &str, why: String) -> StoreError {
    let place = target.place();
    match number {
        // Raised by our own procedures.
        30001 => StoreError::Overruled { why },
        // A row, a lock, a statement that took too long, or a plan that is out of date.
        1020 | 1205 | 1206 | 1213 | 1412 | 1613..=1615 | 1637 | 1969 | 3024 => {
            StoreError::Busy { place }
        }
        // Already exists: another client just created it on another node of the cluster.
        1050 | 1304 | 1359 => StoreError::Busy { place },
        1223 => StoreError::Held {
            place,
            by: "FLUSH TABLES WITH READ LOCK or a backup on the server holds all writes up".into(),
        },
        // Interrupted, killed, shutting down, full of connections, or cut off from its cluster.
        1040 | 1047 | 1053 | 1158..=1161 | 1203 | 1226 | 1317 | 1927 | 3032 | 4031 => {
            target.lost(why)
        }
        // A commit that failed in the cluster.
        1180 => target.lost(why),
        1264 | 1690 => StoreError::ScoreFull,
        1021 | 1114 => StoreError::Full { place },
        1290 | 1792 | 1836 => StoreError::Standby { place },
        1142 | 1143 | 1227 | 1370 | 1419 => StoreError::Forbidden { place, why },
        1044 | 1045 | 1129 | 1130 | 1251 | 1698 | 1820 | 1862 => target.no_login(&why),
        1046 | 1049 => target.no_database(&why),
        // A column, a table, a procedure, what a view or a procedure needs, or whose it was.
        1054 | 1146 | 1305 | 1356 | 1449 => StoreError::Missing { place, why },
        1030 | 1034 | 1194 | 1195 | 1459 | 1712 | 1877 => StoreError::Device { place, why },
        // Refused values and rules whose SQLSTATE is too general: a missing default, a cut-off
        // value, a partition, an illegal trigger.
        1172 | 1267 | 1270 | 1271 | 1300 | 1364 | 1366 | 1415 | 1422 | 1424 | 1442 | 1456
        | 1526 | 1644 | 1748 | 1906 | 1977 | 3105 | 3819 | 3854 | 4025 => {
            StoreError::Rejected { why }
        }
        _ => match state.get(..2).unwrap_or_default() {
            // Somebody can fix it, or it passes: the class of most numbers is too general. Class 42
            // is never about a value: a trigger that can't be read, or too many prepared statements.
            "" | "HY" | "08" | "0A" | "25" | "42" | "XA" | "70" => StoreError::Other { place, why },
            // A deadlock or another reason to start again.
            "40" => StoreError::Busy { place },
            // Refused values, rules and errors of triggers: a retry would be refused again.
            _ => StoreError::Rejected { why },
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::BrokenKind;
    use crate::store::{Remedy, Target};

    #[test]
    fn what_passes_is_tried_again_and_what_is_wrong_is_told() {
        let Ok(Target::Server(hosts)) = Target::parse("mariadb://ada@db/game".as_ref()) else {
            panic!("a URL");
        };
        let stop = Remedy::Stop(BrokenKind::Unreachable);
        for (errors, remedy) in [
            // The last has a procedure's own SQLSTATE, and is judged by its number.
            (
                "1020:HY000 1205:HY000 1206:HY000 1213:40001 1223:HY000 1412:HY000 \
                 1613:XA106 1614:XA102 1615:HY000 1969:70100 3024:HY000 1040:08004 \
                 1047:08S01 1053:08S01 1180:HY000 1203:42000 1226:42000 1304:42000 \
                 1317:70100 1927:70100 4031:HY000 1213:45000",
                Remedy::Retry,
            ),
            (
                "1290:HY000 1142:42000 1370:42000 1021:HY000 1114:HY000 1105:HY000 \
                 1037:HY001 1054:42S22 1064:42000 1146:42S02 1305:42000 1449:HY000 \
                 1461:42000 1194:HY000",
                Remedy::Wait,
            ),
            (
                "1264:22003 1690:22003 1048:23000 1062:23000 1242:21000 1265:01000 \
                 1292:22007 1329:02000 1339:20000 1364:HY000 1365:22012 1366:22007 \
                 1369:44000 1406:22001 1442:HY000 1451:23000 1526:HY000 1643:02000 \
                 1644:45000 1906:HY000 4025:23000 5000:45000 5000:U0001 30001:45000",
                Remedy::Refuse,
            ),
            ("1045:28000 1049:42000", stop),
        ] {
            for error in errors.split_whitespace() {
                let (number, state) = error.split_once(':').expect("a number and a state");
                let number = number.parse().expect("a number");
                let error = meaning(&hosts.all[0], number, state, "so it says".into());
                assert_eq!(error.remedy(), remedy, "{number} {state}: {error}");
                let unknown = matches!(error, StoreError::Lost { .. } | StoreError::Device { .. });
                assert_eq!(error.wrote_nothing(), !unknown, "{number}: {error}");
            }
        }
        for number in [1047, 1180, 1317, 1927] {
            let error = meaning(&hosts.all[0], number, "HY000", "so it says".into());
            assert!(!error.wrote_nothing(), "{number}: {error}");
        }
    }
}
