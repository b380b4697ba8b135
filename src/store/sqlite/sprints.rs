//! SQLite's statements for sprints, which servers have as procedures.

/// Records how many presses of a session have scored, and the time.
pub const BEGIN: &str = "UPDATE click_sessions
                         SET sprint_base = last_seq - refused,
                             sprint_at = CAST(unixepoch('subsec') * 1000000 AS INTEGER)
                         WHERE id = ?1";

/// The condition that the session `s` can have made the sprint, and that the trace has the right
/// length and sum. The trace's form is checked first, because only a valid one can be parsed.
macro_rules! is_sound {
    () => {
        "s.id = ?1 AND ?2 IN (5, 10, 30, 60)
         AND ?3 BETWEEN 1 AND s.last_seq - s.refused - s.sprint_base
         AND s.sprint_at BETWEEN unixepoch('subsec') * 1000000 - (?2 + 60) * 1000000
                             AND unixepoch('subsec') * 1000000
         AND CASE WHEN length(?4) <= 4096 AND ?4 NOT GLOB '*[^0-9,]*'
                  THEN (SELECT COUNT(*) <= ?2 * 10 AND TOTAL(CAST(value AS INTEGER)) = ?3
                        FROM json_each('[\"' || replace(?4, ',', '\",\"') || '\"]')) END"
    };
}

/// Keeps such a sprint, and returns 1 if it is kept then.
pub const KEEP: &str = concat!(
    "BEGIN IMMEDIATE;
     INSERT INTO click_sprints (user_id, seconds, presses, at, trace)
     SELECT u.id, ?2, ?3, CAST(strftime('%s', 'now') AS INTEGER), ?4
     FROM click_sessions s JOIN users u ON u.id = s.user_id
     WHERE ",
    is_sound!(),
    " ON CONFLICT (user_id, seconds) DO UPDATE
      SET presses = excluded.presses, at = excluded.at, trace = excluded.trace,
          beat = MAX(beat, excluded.presses - presses)
      WHERE excluded.presses > presses;
     SELECT EXISTS (SELECT 1
                    FROM click_sessions s JOIN click_sprints k ON k.user_id = s.user_id
                    WHERE k.seconds = ?2 AND k.presses >= ?3 AND ",
    is_sound!(),
    ");
     COMMIT"
);

#[cfg(test)]
mod tests {
    use sqlx::{SqliteConnection, query, query_scalar, raw_sql};

    use super::super::{SqliteFile, connect, schema};
    use super::*;

    async fn kept(conn: &mut SqliteConnection, seconds: i64, presses: i64, trace: &str) -> bool {
        let keep = query_scalar(KEEP).bind(7).bind(seconds).bind(presses);
        let kept: Vec<bool> = keep.bind(trace).fetch_all(&mut *conn).await.expect("kept");
        let [kept] = kept[..] else { panic!("one row") };
        let there = query_scalar("SELECT COUNT(*) FROM click_sprints WHERE presses < 99");
        let there: i64 = there.fetch_one(&mut *conn).await.expect("a number");
        let best = query("DELETE FROM click_sprints").execute(conn).await;
        let best = best.expect("cleared").rows_affected() - there.unsigned_abs();
        assert_eq!(there == 1, kept && best == 0, "{seconds} {presses} {trace}");
        kept
    }

    #[tokio::test]
    async fn a_sprint_is_kept_whose_trace_adds_up_within_its_length() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("game.db");
        let conn = connect(&mut SqliteFile::at(path), Some(schema::MIGRATIONS)).await;
        let mut conn = conn.expect("a connection");
        let filled = raw_sql(
            "INSERT INTO users (id, name, score) VALUES (1, 'Ada', 9);
             INSERT INTO click_sessions (id, client, user_id, last_seq, refused)
             VALUES (7, 'x', 1, 1000, 10)",
        );
        filled.execute(&mut conn).await.expect("filled");
        assert!(!kept(&mut conn, 5, 3, "1,,2").await, "none has begun");
        let begin = query(BEGIN).bind(7).execute(&mut conn).await;
        begin.expect("begun");
        assert!(!kept(&mut conn, 5, 3, "1,,2").await, "nothing was pressed");
        let pressed = raw_sql("UPDATE click_sessions SET last_seq = 1900, refused = 20");
        pressed.execute(&mut conn).await.expect("pressed");
        let (fifty, full) = ("1,".repeat(49) + "1", "1,".repeat(599) + "1");
        let (long, large) = (",".repeat(50) + "1", "0".repeat(4096) + "1");
        let over = "9".repeat(30) + ",1";
        for (seconds, presses, trace, is_kept) in [
            (5, 3, "1,,2", true),
            (5, 3, ",,3", true),
            (5, 50, &*fifty, true),
            (60, 600, &full, true),
            (60, 890, "890", true),
            (60, 891, "891", false),
            (5, 2, "1,,2", false),
            (5, 4, "1,,2", false),
            (5, 0, "", false),
            (7, 3, "1,,2", false),
            (5, 1, &long, false),
            (10, 1, &long, true),
            (5, 1, &large, false),
            (5, 3, "1,-1,3", false),
            (5, 3, "1, 2", false),
            (5, 3, "1\",\"2", false),
            (5, 3, "x", false),
            (5, i64::MAX, &over, false),
        ] {
            let is = kept(&mut conn, seconds, presses, trace).await;
            assert_eq!(is, is_kept, "{seconds} {presses} {trace}");
        }
        // It would change nothing, as there is a better one, and is still refused.
        let best = "INSERT INTO click_sprints VALUES (1, 5, 99, 0, '99', 0)";
        for (presses, answer) in [(3, true), (4, false)] {
            raw_sql(best).execute(&mut conn).await.expect("a best");
            let is = kept(&mut conn, 5, presses, "1,,2").await;
            assert_eq!(is, answer, "{presses}");
        }
        for (late, is_kept) in [(64, true), (66, false), (-1, false)] {
            let set = query(
                "UPDATE click_sessions
                 SET sprint_at = CAST((unixepoch('subsec') - ?) * 1000000 AS INTEGER)",
            );
            set.bind(late).execute(&mut conn).await.expect("set");
            assert_eq!(kept(&mut conn, 5, 3, "1,,2").await, is_kept, "{late}");
        }
    }
}
