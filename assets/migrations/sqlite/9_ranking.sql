-- The ranking: the index is by the complement of the score, so that rising entries are falling
-- scores, and by the key. SQLite itself keeps it right, whoever writes.
CREATE INDEX click_users_ranking ON users (~CAST(COALESCE(score, 0) AS INTEGER));

-- Players are looked for by name; no press touches it.
CREATE INDEX click_users_name ON users (name);

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
