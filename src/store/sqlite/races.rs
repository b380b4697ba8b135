//! SQLite's statements for races, which servers have as procedures.

/// Joins the race that a query selects as `race`, if it has not started. Returns the place.
macro_rules! enter {
    ($race:expr) => {
        concat!(
            "INSERT INTO click_racers (race, racer, session, user_id, name, base)
             SELECT r.id, (SELECT COUNT(*) + 1 FROM click_racers WHERE race = r.id),
                    s.id, s.user_id, u.name, s.last_seq - s.refused
             FROM click_races r JOIN click_sessions s ON s.id = ?1 JOIN users u ON u.id = s.user_id
             WHERE r.id = ",
            $race,
            " AND r.closed_at IS NULL AND r.starts_at > {clock}
               AND (SELECT COUNT(*) FROM click_racers WHERE race = r.id) < 32
             ON CONFLICT (race, session) DO UPDATE SET standing = 0;
             SELECT race, racer FROM click_racers WHERE session = ?1 AND race = ",
            $race,
            "; COMMIT"
        )
    };
}

/// Ends the racers of races that were just closed.
macro_rules! close_racers {
    () => {
        "UPDATE click_racers
         SET standing = CASE standing WHEN 0 THEN 2 ELSE standing END, session = NULL
         WHERE session IS NOT NULL
           AND race IN (SELECT id FROM click_races WHERE closed_at IS NOT NULL);"
    };
}

/// Opens a race that starts in ten seconds and joins it, or joins an open one.
pub const OPEN: &str = concat!(
    "BEGIN IMMEDIATE;
     UPDATE click_races SET closed_at = {clock}
     WHERE closed_at IS NULL AND starts_at + (seconds + 3) * 1000000 <= {clock};",
    close_racers!(),
    "INSERT INTO click_races (seconds, starts_at)
     SELECT ?2, {clock} + 10000000
     FROM click_sessions s JOIN users u ON u.id = s.user_id
     WHERE s.id = ?1 AND NOT EXISTS (
         SELECT 1 FROM click_races WHERE closed_at IS NULL AND starts_at > {clock});
     INSERT INTO click_changes (user_id, seq)
     SELECT -9223372036854775808, (SELECT COALESCE(MAX(seq), 0) + 1 FROM click_changes)
     WHERE changes() = 1
     ON CONFLICT (user_id) DO UPDATE SET seq = excluded.seq;
     UPDATE click_racers SET name = NULL, trace = NULL
     WHERE race IN (SELECT id FROM click_races ORDER BY id DESC LIMIT 20 OFFSET 20)
       AND (name IS NOT NULL OR trace IS NOT NULL);
     DELETE FROM click_races WHERE id <= (SELECT MAX(id) FROM click_races) - 10000;
     DELETE FROM click_racers WHERE race < (SELECT MIN(id) FROM click_races);",
    enter!("(SELECT MAX(id) FROM click_races)")
);

/// Joins a race that has not started. It is idempotent.
pub const JOIN: &str = concat!("BEGIN IMMEDIATE;", enter!("?2"));

/// Stores a racer's total, which only grows. Closes the race once nobody races any more, or three
/// seconds after its time is over. Keeps the trace of a racer who is done, if its form is valid;
/// its sum is checked when it is read.
pub const REPORT: &str = concat!(
    "BEGIN IMMEDIATE;
     UPDATE click_racers
     SET presses = MAX(presses, MIN(?3, (SELECT last_seq - refused FROM click_sessions WHERE id = ?1)
                                        - base)),
         standing = ?4,
         trace = CASE WHEN ?4 = 1 AND length(?5) <= 4096 AND ?5 NOT GLOB '*[^0-9,]*'
                       AND ?5 NOT GLOB '*[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]*'
                       AND length(?5) - length(replace(?5, ',', '')) < 600 THEN ?5 END
     WHERE race = ?2 AND session = ?1 AND standing = 0
       AND EXISTS (SELECT 1 FROM click_sessions WHERE id = ?1);
     UPDATE click_races SET closed_at = {clock}
     WHERE id = ?2 AND closed_at IS NULL
       AND (starts_at + (seconds + 3) * 1000000 <= {clock}
            OR NOT EXISTS (SELECT 1 FROM click_racers WHERE race = ?2 AND standing = 0));",
    close_racers!(),
    "COMMIT"
);
