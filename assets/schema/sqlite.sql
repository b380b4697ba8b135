-- The schema of clickoff in a SQLite file: players, facts about the database, sessions, changes,
-- ranking, history, sprints, ssh keys, races and rules.

------------------------------------------------------------------------------------- The players
-- The table of the tutorial that clickoff came from. A database set up by the tutorial's program
-- already has it.
CREATE TABLE IF NOT EXISTS users (
    id    INTEGER PRIMARY KEY AUTOINCREMENT,
    name  VARCHAR(100),
    email VARCHAR(100),
    score INTEGER DEFAULT 0
);

-- For searching players by name. A press does not change this index.
CREATE INDEX click_users_name ON users (name);

-------------------------------------------------------------------------- Facts about the database
-- 'database' is the identity of the database: an outbox uses it to find the database that its
-- presses are for. 'epoch' changes when a backup replaces the data. If a client has made more
-- presses than the rows say, the epoch tells whether the database lost them or somebody restored a
-- backup. 'kept_since' is explained with click_sessions, 'held_keys' and 'max_rate' with the rules.
CREATE TABLE click_meta (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

INSERT INTO click_meta (key, value)
VALUES ('database', lower(hex(randomblob(16)))), ('epoch', lower(hex(randomblob(16)))),
       ('kept_since', '0'), ('held_keys', 'unset'), ('max_rate', 'off');

------------------------------------------------------------------------------------------- Sessions
-- One row for each client and player. `last_seq` is how many of the client's presses are settled:
-- the score contains them, or they were over the limit. `refused` is how many were over the limit.
--
-- `max_rate` is the limit. It is the same in all rows, and NULL if there is none. `sprint_base` and
-- `sprint_at` belong to a sprint that has begun: how many presses had scored then, and when that
-- was, in microseconds since 1970.
--
-- `seen` is the last day on which the client was active, in days since 1970. Rows of clients that
-- were not active for 90 days are removed. It is NULL for calls with a key, which are never
-- removed. 'kept_since' is the first day from which on all clients are still here. It changes
-- before a row is removed, in the same transaction. So presses that arrive late are never taken for
-- those of a new client.
CREATE TABLE click_sessions (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    client      TEXT    NOT NULL,
    user_id     INTEGER NOT NULL,
    last_seq    INTEGER NOT NULL DEFAULT 0,
    refused     INTEGER NOT NULL DEFAULT 0,
    max_rate    INTEGER,
    sprint_base INTEGER,
    sprint_at   INTEGER,
    seen        INTEGER,
    UNIQUE (client, user_id)
);

CREATE INDEX click_sessions_user ON click_sessions (user_id);

CREATE INDEX click_sessions_seen ON click_sessions (seen) WHERE seen IS NOT NULL;

-- Sessions are removed with their player, so that a reused id never inherits presses.
CREATE TRIGGER click_sessions_removed AFTER DELETE ON users
BEGIN
    DELETE FROM click_sessions WHERE user_id = OLD.id;
END;

CREATE TRIGGER click_sessions_rekeyed AFTER UPDATE OF id ON users WHEN NEW.id <> OLD.id
BEGIN
    UPDATE click_sessions SET user_id = NEW.id WHERE user_id = OLD.id;
END;

-------------------------------------------------------------------------------------------- Changes
-- The last change of each player, whichever program made it. There are as many rows as players.
-- `spent` belongs to the limit: until this moment, in microseconds since 1970, the player's rate is
-- used up.
CREATE TABLE click_changes (
    user_id INTEGER PRIMARY KEY,
    seq     INTEGER NOT NULL UNIQUE,
    spent   INTEGER NOT NULL DEFAULT 0
);

CREATE TRIGGER click_user_added AFTER INSERT ON users
BEGIN
    INSERT INTO click_changes (user_id, seq)
    VALUES (NEW.id, (SELECT COALESCE(MAX(seq), 0) + 1 FROM click_changes))
    ON CONFLICT (user_id) DO UPDATE SET seq = excluded.seq;
END;

CREATE TRIGGER click_user_changed AFTER UPDATE ON users
BEGIN
    INSERT INTO click_changes (user_id, seq)
    VALUES (NEW.id, (SELECT COALESCE(MAX(seq), 0) + 1 FROM click_changes))
    ON CONFLICT (user_id) DO UPDATE SET seq = excluded.seq;
END;

CREATE TRIGGER click_user_rekeyed AFTER UPDATE OF id ON users WHEN NEW.id <> OLD.id
BEGIN
    INSERT INTO click_changes (user_id, seq)
    VALUES (OLD.id, (SELECT COALESCE(MAX(seq), 0) + 1 FROM click_changes))
    ON CONFLICT (user_id) DO UPDATE SET seq = excluded.seq;
END;

CREATE TRIGGER click_user_removed AFTER DELETE ON users
BEGIN
    INSERT INTO click_changes (user_id, seq)
    VALUES (OLD.id, (SELECT COALESCE(MAX(seq), 0) + 1 FROM click_changes))
    ON CONFLICT (user_id) DO UPDATE SET seq = excluded.seq;
END;

---------------------------------------------------------------------------------------- The ranking
-- The index is on the complement of the score (~score), so that ascending entries are descending
-- scores; ties are in the order of the ids. SQLite keeps it up to date, whichever program writes.
CREATE INDEX click_users_ranking ON users (~CAST(COALESCE(score, 0) AS INTEGER));

-- The number of players before every thousandth place of the ranking, as of the last survey. From
-- the nearest of these places, few players need to be counted to find a rank.
CREATE TABLE click_ladder (
    rank_key INTEGER NOT NULL,
    user_id  INTEGER NOT NULL,
    place    INTEGER NOT NULL,
    PRIMARY KEY (rank_key, user_id)
) WITHOUT ROWID;

-- The last survey: when it was, in microseconds since 1970, how long it took, and how many players
-- there were.
CREATE TABLE click_survey (
    id      INTEGER PRIMARY KEY CHECK (id = 1),
    at      INTEGER NOT NULL,
    took    INTEGER NOT NULL,
    players INTEGER NOT NULL
);

INSERT INTO click_survey (id, at, took, players) VALUES (1, 0, 0, 0);

---------------------------------------------------------------------------------------- The history
-- What each player scored and when, in quarter hours since 1970. Midnight is the beginning of a
-- quarter hour in every time zone. The number of rows grows with the quarter hours in which
-- somebody plays, not with presses. Quarter 0 holds the score from before there was a history. The
-- triggers write in the transaction that changes the score, whichever program makes it. So a score
-- is always the sum of its points.
--
-- If another program reads a score and writes it back plus one, it undoes what was scored in
-- between. `overwritten` is the number of points lost in this way.
CREATE TABLE click_history (
    user_id     INTEGER NOT NULL,
    quarter     INTEGER NOT NULL,
    points      INTEGER NOT NULL,
    overwritten INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (user_id, quarter)
) WITHOUT ROWID;

CREATE INDEX click_history_quarter ON click_history (quarter);

INSERT INTO click_history (user_id, quarter, points)
SELECT id, 0, CAST(score AS INTEGER) FROM users WHERE CAST(COALESCE(score, 0) AS INTEGER) <> 0;

-- REPLACE fires no trigger for the row that it removes.
CREATE TRIGGER click_history_added AFTER INSERT ON users
BEGIN
    DELETE FROM click_history WHERE user_id = NEW.id;
    INSERT INTO click_history (user_id, quarter, points)
    SELECT NEW.id, 0, CAST(NEW.score AS INTEGER)
    WHERE CAST(COALESCE(NEW.score, 0) AS INTEGER) <> 0;
END;

-- The difference of very large scores may not fit into an integer. If the score is written
-- unchanged, another program has overwritten something, unless the statement changed the name or
-- the e-mail address.
CREATE TRIGGER click_history_scored AFTER UPDATE OF score ON users
WHEN NEW.id = OLD.id
 AND CAST(COALESCE(OLD.score, 0) AS INTEGER)
     BETWEEN -4000000000000000000 AND 4000000000000000000
 AND CAST(COALESCE(NEW.score, 0) AS INTEGER)
     BETWEEN -4000000000000000000 AND 4000000000000000000
BEGIN
    INSERT INTO click_history (user_id, quarter, points, overwritten)
    SELECT NEW.id, CAST(strftime('%s', 'now') AS INTEGER) / 900, after - before,
           CASE WHEN after BETWEEN 1 AND before THEN before - after + 1 ELSE 0 END
    FROM (SELECT CAST(COALESCE(OLD.score, 0) AS INTEGER) AS before,
                 CAST(COALESCE(NEW.score, 0) AS INTEGER) AS after)
    WHERE after <> before
       OR (after > 0 AND NEW.name IS OLD.name AND NEW.email IS OLD.email)
    ON CONFLICT (user_id, quarter) DO UPDATE
    SET points = points + excluded.points, overwritten = overwritten + excluded.overwritten;
END;

CREATE TRIGGER click_history_rekeyed AFTER UPDATE OF id ON users
WHEN NEW.id <> OLD.id AND NEW.score IS OLD.score
BEGIN
    DELETE FROM click_history WHERE user_id = NEW.id;
    UPDATE click_history SET user_id = NEW.id WHERE user_id = OLD.id;
END;

-- All other cases: the history can't be continued, so it begins again.
CREATE TRIGGER click_history_restarted AFTER UPDATE OF id, score ON users
WHEN NEW.score IS NOT OLD.score
 AND (NEW.id <> OLD.id
      OR CAST(COALESCE(OLD.score, 0) AS INTEGER)
         NOT BETWEEN -4000000000000000000 AND 4000000000000000000
      OR CAST(COALESCE(NEW.score, 0) AS INTEGER)
         NOT BETWEEN -4000000000000000000 AND 4000000000000000000)
BEGIN
    DELETE FROM click_history WHERE user_id IN (OLD.id, NEW.id);
    INSERT INTO click_history (user_id, quarter, points)
    SELECT NEW.id, 0, CAST(NEW.score AS INTEGER)
    WHERE CAST(COALESCE(NEW.score, 0) AS INTEGER) <> 0;
END;

CREATE TRIGGER click_history_removed AFTER DELETE ON users
BEGIN
    DELETE FROM click_history WHERE user_id = OLD.id;
END;

---------------------------------------------------------------------------------------- The sprints
-- The best sprint of each player over each length. `trace` says when its presses were made: the
-- number in each tenth of a second, separated by commas. `beat` is the largest number of presses by
-- which a sprint beat the best one before it.
CREATE TABLE click_sprints (
    user_id INTEGER NOT NULL,
    seconds INTEGER NOT NULL,
    presses INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    trace   TEXT    NOT NULL,
    beat    INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (user_id, seconds)
) WITHOUT ROWID;

CREATE INDEX click_sprints_presses ON click_sprints (seconds, presses);

-- Sprints are removed with their player. REPLACE fires no trigger for the row that it removes.
CREATE TRIGGER click_sprints_added AFTER INSERT ON users
BEGIN
    DELETE FROM click_sprints WHERE user_id = NEW.id;
END;

CREATE TRIGGER click_sprints_removed AFTER DELETE ON users
BEGIN
    DELETE FROM click_sprints WHERE user_id = OLD.id;
END;

CREATE TRIGGER click_sprints_rekeyed AFTER UPDATE OF id ON users WHEN NEW.id <> OLD.id
BEGIN
    DELETE FROM click_sprints WHERE user_id = NEW.id;
    UPDATE click_sprints SET user_id = NEW.id WHERE user_id = OLD.id;
END;

---------------------------------------------------------------------------------------- The ssh keys
-- Which ssh key belongs to which player, for `clickoff serve`. The fingerprint is written as ssh
-- shows it; `at` is when the key was added, in seconds since 1970.
CREATE TABLE click_keys (
    fingerprint TEXT    PRIMARY KEY,
    user_id     INTEGER NOT NULL,
    comment     TEXT    NOT NULL,
    at          INTEGER NOT NULL
) WITHOUT ROWID;

CREATE INDEX click_keys_user ON click_keys (user_id);

-- Keys are removed with their player, as sprints are.
CREATE TRIGGER click_keys_added AFTER INSERT ON users
BEGIN
    DELETE FROM click_keys WHERE user_id = NEW.id;
END;

CREATE TRIGGER click_keys_removed AFTER DELETE ON users
BEGIN
    DELETE FROM click_keys WHERE user_id = OLD.id;
END;

CREATE TRIGGER click_keys_rekeyed AFTER UPDATE OF id ON users WHEN NEW.id <> OLD.id
BEGIN
    DELETE FROM click_keys WHERE user_id = NEW.id;
    UPDATE click_keys SET user_id = NEW.id WHERE user_id = OLD.id;
END;

------------------------------------------------------------------------------------------ The races
-- The last 10,000 races. Times are microseconds since 1970 by this machine's clock. Once a race is
-- closed, its result never changes: neither its row nor the racers' rows.
CREATE TABLE click_races (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    seconds   INTEGER NOT NULL,
    starts_at INTEGER NOT NULL,
    closed_at INTEGER
);

-- The racers. `name` is the player's name at that time, and stays when the player is removed.
-- `base` is how many presses of the session had scored when it joined: a racer can't report more
-- presses than have scored since. `standing` is 0 for racing, 1 for done, 2 for left. `trace` says
-- when the presses were made, as for a sprint; it is NULL if it was not reported. The session is
-- removed when the race is closed. Only the last 20 races keep names and traces.
CREATE TABLE click_racers (
    race     INTEGER NOT NULL,
    racer    INTEGER NOT NULL,
    session  INTEGER,
    user_id  INTEGER NOT NULL,
    name     TEXT,
    base     INTEGER NOT NULL,
    presses  INTEGER NOT NULL DEFAULT 0,
    standing INTEGER NOT NULL DEFAULT 0,
    trace    TEXT,
    PRIMARY KEY (race, racer),
    UNIQUE (race, session)
) WITHOUT ROWID;

CREATE INDEX click_racers_user ON click_racers (user_id);

------------------------------------------------------------------------------------------ The rules
-- The rules for all players are in click_meta: 'held_keys' is once, count or unset; 'max_rate' is
-- how many points a second a player may score, or off. The limit is also copied to each session,
-- since a count reads that row anyway.
CREATE TRIGGER click_session_limited AFTER INSERT ON click_sessions
BEGIN
    UPDATE click_sessions
    SET max_rate = (SELECT CAST(value AS INTEGER) FROM click_meta
                    WHERE key = 'max_rate' AND value GLOB '[1-9]*')
    WHERE id = NEW.id;
END;
