-- The schema of clickoff in a SQLite file, from top to bottom: the players, what the database knows
-- of itself, who counts, what changed, the ranking, the history, the sprints, the keys, the races and the rules.

------------------------------------------------------------------------------------- The players
-- The table of the tutorial that clickoff came from; a file that its program made has it already.
CREATE TABLE IF NOT EXISTS users (
    id    INTEGER PRIMARY KEY AUTOINCREMENT,
    name  VARCHAR(100),
    email VARCHAR(100),
    score INTEGER DEFAULT 0
);

-- Players are looked for by name; no press touches this index.
CREATE INDEX click_users_name ON users (name);

----------------------------------------------------------------- What the database knows of itself
-- 'database' is its own name, by which an outbox finds home. 'epoch' changes where another state of
-- the database takes the place of this one: a client that was told more than the rows say knows by it
-- whether the database forgot that, or whether somebody restored a backup. 'kept_since' is told of
-- with click_sessions, 'held_keys' and 'max_rate' with the rules.
CREATE TABLE click_meta (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

INSERT INTO click_meta (key, value)
VALUES ('database', lower(hex(randomblob(16)))), ('epoch', lower(hex(randomblob(16)))),
       ('kept_since', '0'), ('held_keys', 'unset'), ('max_rate', 'off');

----------------------------------------------------------------------------------------- Who counts
-- One row a client and player: last_seq is how many of the client's presses are settled, which means
-- that the score holds them, or that they were over the limit; `refused` is how many of them were.
--
-- max_rate is the limit, the same in all rows and NULL where there is none. sprint_base and sprint_at
-- are of a sprint that has begun: how many presses the score held then, and when that was, in
-- microseconds since 1970.
--
-- `seen` is the day on which the client was last heard of, in days since 1970. Clients that were not
-- for 90 days are forgotten; NULL is of those that never are, the calls with a key. 'kept_since' is
-- the first day whose clients are all there: it moves before a row goes, in the same transaction, so
-- that presses which come late are not taken for those of a client that was never counted.
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

-- They go with their player, so that a key used again never inherits presses.
CREATE TRIGGER click_sessions_removed AFTER DELETE ON users
BEGIN
    DELETE FROM click_sessions WHERE user_id = OLD.id;
END;

CREATE TRIGGER click_sessions_rekeyed AFTER UPDATE OF id ON users WHEN NEW.id <> OLD.id
BEGIN
    UPDATE click_sessions SET user_id = NEW.id WHERE user_id = OLD.id;
END;

--------------------------------------------------------------------------------------- What changed
-- The last change of each player, whoever made it; its size is the number of players. `spent` is of
-- the limit: up to which moment the player's rate is used up, in microseconds since 1970.
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
-- The index is by the complement of the score, so that rising entries are falling scores, and by the
-- key. SQLite itself keeps it right, whoever writes.
CREATE INDEX click_users_ranking ON users (~CAST(COALESCE(score, 0) AS INTEGER));

-- Every thousandth place of the ranking as of the last survey: how many stand before it. From there
-- to any player there are few to be counted.
CREATE TABLE click_ladder (
    rank_key INTEGER NOT NULL,
    user_id  INTEGER NOT NULL,
    place    INTEGER NOT NULL,
    PRIMARY KEY (rank_key, user_id)
) WITHOUT ROWID;

-- The last survey: when, in microseconds since 1970, how long it took, and how many players it saw.
CREATE TABLE click_survey (
    id      INTEGER PRIMARY KEY CHECK (id = 1),
    at      INTEGER NOT NULL,
    took    INTEGER NOT NULL,
    players INTEGER NOT NULL
);

INSERT INTO click_survey (id, at, took, players) VALUES (1, 0, 0, 0);

---------------------------------------------------------------------------------------- The history
-- What each player scored and when, by quarter hours since 1970: midnight is the beginning of one in
-- every time zone. Rows grow with the quarter hours somebody plays in, not with presses. Quarter 0
-- holds what a score was before it had a history. The triggers write in the transaction of the
-- score, whoever writes that, so a score is always the sum of its points.
--
-- A program that writes back what it read plus one undoes what was scored in between; `overwritten`
-- is how much that was.
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

-- The difference of larger scores may be none that an integer holds. A write of the same score is
-- one that came too late, unless it was the name or the address that it was about.
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

-- What the two before leave: a history that can't go on begins anew.
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
-- The best sprint of each player over each length, and when its presses were made: how many in each
-- tenth of a second, with commas between them. `beat` is the most presses by which one of them
-- beat the best before it.
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

-- They go with their player. REPLACE fires no trigger for the row that it removes.
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

-------------------------------------------------------------------------------------------- The keys
-- Which ssh key is which player, for `clickoff serve`: a key by its fingerprint, as ssh shows it, with
-- its comment, and since when it is here, in seconds since 1970.
CREATE TABLE click_keys (
    fingerprint TEXT    PRIMARY KEY,
    user_id     INTEGER NOT NULL,
    comment     TEXT    NOT NULL,
    at          INTEGER NOT NULL
) WITHOUT ROWID;

CREATE INDEX click_keys_user ON click_keys (user_id);

-- They go with their player, as the sprints do.
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
-- The last 10,000 races. Times are microseconds since 1970 by this machine's clock. From the moment that
-- a race is closed, its result does not change: neither its row, nor who raced and how fast.
CREATE TABLE click_races (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    seconds   INTEGER NOT NULL,
    starts_at INTEGER NOT NULL,
    closed_at INTEGER
);

-- Who raced, by the name of that time, which stays when the player goes. base is how many presses
-- of the session had scored at the joining: what a racer reports can't be more than scored since.
-- standing is 0 for racing, 1 for done, 2 for left. trace is when the presses were made, as a
-- sprint's; who has not told it has none. The session is forgotten when the race is closed, and name
-- and trace behind the last 20 races.
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
-- What the database demands of its players stands in click_meta: 'held_keys' is once, count or
-- unset; 'max_rate' is how many points a second a player may score, or off. The limit stands in each
-- session, too, which a count reads anyway.
CREATE TRIGGER click_session_limited AFTER INSERT ON click_sessions
BEGIN
    UPDATE click_sessions
    SET max_rate = (SELECT CAST(value AS INTEGER) FROM click_meta
                    WHERE key = 'max_rate' AND value GLOB '[1-9]*')
    WHERE id = NEW.id;
END;
