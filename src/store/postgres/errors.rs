//! What PostgreSQL's errors mean for the player and for the presses.

use sqlx::error::DatabaseError;
use sqlx::postgres::PgDatabaseError;

use super::{Server, StoreError};
use crate::store::sanitized::sanitized;

/// Translates a driver's error.
pub fn explain(target: &Server, error: sqlx::Error) -> StoreError {
    let sqlx::Error::Database(database) = &error else {
        return target.broken(error);
    };
    let code = database.code().unwrap_or_default();
    let why = words(&**database);
    // A row that a policy refuses has the same code as a missing privilege.
    let error = database.try_downcast_ref::<PgDatabaseError>();
    if code == "42501" && error.and_then(PgDatabaseError::routine) == Some("ExecWithCheckOptions") {
        return StoreError::Rejected { why };
    }
    meaning(target, &code, why)
}

/// Whether a server that refuses a connection may accept one later: it is starting, stopping, full
/// or out of resources, or a proxy has no server now.
pub fn is_for_now(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(DatabaseError::code);
    code.is_some_and(|code| {
        let class = code.get(..2).unwrap_or_default();
        matches!(&*code, "55000" | "57000")
            || matches!(class, "08" | "53")
            || code.starts_with("57P")
    })
}

/// Whether the server's or the role's connection limit is reached.
pub fn is_full(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(DatabaseError::code);
    code.as_deref() == Some("53300")
}

/// Whether a text has a character that is not in the database's encoding.
pub fn is_unwritable(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(DatabaseError::code);
    matches!(code.as_deref(), Some("22021" | "22P05"))
}

/// The server's message, and the constraint or routine that it came from, if reported separately.
fn words(error: &dyn DatabaseError) -> String {
    let mut words = sanitized(error.message());
    let Some(error) = error.try_downcast_ref::<PgDatabaseError>() else {
        return words;
    };
    let mut add = |kind: &str, name: &str| {
        let name = sanitized(name);
        if !words.contains(&name) {
            words += &format!(" ({kind} {name})");
        }
    };
    if let Some(constraint) = error.constraint() {
        add("constraint", constraint);
    }
    // As `PL/pgSQL function cap() line 3 at RAISE`, the innermost first.
    let place = error.r#where().and_then(|place| place.lines().next());
    let function = place.and_then(|place| place.strip_prefix("PL/pgSQL function "));
    let function = function.and_then(|place| place.split(" line ").next());
    if let Some(function) = function.filter(|name| !name.starts_with("click_")) {
        add("function", function);
    }
    words
}

/// Translates an error code of the server.
/// <https://www.postgresql.org/docs/current/errcodes-appendix.html>
fn meaning(target: &Server, code: &str, why: String) -> StoreError {
    let place = target.place();
    let class = code.get(..2).unwrap_or_default();
    match (code, class) {
        // Raised by our own functions.
        ("CLK01", _) => StoreError::Overruled { why },
        // CockroachDB and YugabyteDB report contention with the first of these.
        ("40000" | "40001" | "40P01" | "55P03" | "55006" | "57014", _) => {
            StoreError::Busy { place }
        }
        // After the first (also of CockroachDB) it is unknown whether the commit happened. With the
        // others the connection ends.
        ("40003" | "25P03" | "25P04" | "53300", _) | (_, "08") => target.lost(why),
        _ if code.starts_with("57P") => target.lost(why),
        ("22003", _) => StoreError::ScoreFull,
        ("25006", _) => StoreError::Standby { place },
        ("26000" | "42P05", _) => target.unusable(format!(
            "{why}. A proxy pools its connections by transaction: add ?pool_mode=transaction to \
             the URL."
        )),
        ("3D000", _) => target.no_database(&why),
        (_, "28") => target.no_login(&why),
        ("42501", _) => StoreError::Forbidden { place, why },
        // A missing table, column, function, schema or other object.
        ("3F000" | "42P01" | "42703" | "42883" | "42704", _) => StoreError::Missing { place, why },
        ("53100", _) => StoreError::Full { place },
        ("XX001" | "XX002", _) | (_, "58") => StoreError::Device { place, why },
        // Somebody can fix it, or the next connection does not have it: the server's resources,
        // settings and state, foreign tables behind a trigger, extensions, and outdated plans.
        (_, "0A" | "24" | "25" | "3B" | "53" | "55" | "57" | "72" | "F0" | "HV" | "XX") => {
            StoreError::Other { place, why }
        }
        // Refused values, rules and errors of triggers: a retry would be refused again.
        _ => StoreError::Rejected { why },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::BrokenKind;
    use crate::store::{Remedy, Target};

    #[test]
    fn what_passes_is_tried_again_and_what_is_wrong_is_told() {
        let Ok(Target::Server(hosts)) = Target::parse("postgres://ada@db/game".as_ref()) else {
            panic!("a URL");
        };
        let stop = Remedy::Stop(BrokenKind::Unreachable);
        for (codes, remedy) in [
            (
                "40000 40001 40P01 40003 55P03 55006 57014 57P01 57P03 57P05 25P03 25P04 \
                 53300 08006 08P01",
                Remedy::Retry,
            ),
            // The first is a plan that is out of date, which the next connection does not have.
            (
                "0A000 25006 25P02 42501 42P01 42703 42704 42883 3F000 53000 53100 53200 \
                 53400 55000 57000 58030 58P01 F0000 HV00N XX000 XX001",
                Remedy::Wait,
            ),
            // Values and rules; then triggers: what they raise, and where they fail.
            (
                "22003 22001 22021 22P02 23502 23505 23514 23P01 40002 42804 42P17 428C9 \
                 44000 P0001 P0002 P0004 09000 20000 21000 27000 2F005 38000 39004 54001 \
                 45000 U0001 CLK01",
                Remedy::Refuse,
            ),
            ("28P01 28000 3D000 26000 42P05", stop),
        ] {
            for code in codes.split_whitespace() {
                let error = meaning(&hosts.all[0], code, "so it says".into());
                assert_eq!(error.remedy(), remedy, "{code}: {error}");
                let ends_connection = ["40003", "25P03", "25P04", "53300"].contains(&code);
                let unknown = ends_connection || code.starts_with("08") || code.starts_with("57P");
                let damage = matches!(error, StoreError::Device { .. });
                assert_eq!(
                    error.wrote_nothing(),
                    !unknown && !damage,
                    "{code}: {error}"
                );
            }
        }
    }
}
