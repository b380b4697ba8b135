-- The last races. Times are microseconds since 1970 by this machine's clock. From the moment that a
-- race is closed, neither its row nor those of its racers change.
CREATE TABLE click_races (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    seconds   INTEGER NOT NULL,
    starts_at INTEGER NOT NULL,
    closed_at INTEGER
);

-- Who raced, by the name of that time, which stays when the player goes. base is how many presses
-- of the session had scored at the joining: what a racer reports can't be more than scored since.
-- standing is 0 for racing, 1 for done, 2 for left. The session is forgotten when the race is
-- closed.
CREATE TABLE click_racers (
    race     INTEGER NOT NULL,
    racer    INTEGER NOT NULL,
    session  INTEGER,
    user_id  INTEGER NOT NULL,
    name     TEXT,
    base     INTEGER NOT NULL,
    presses  INTEGER NOT NULL DEFAULT 0,
    standing INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (race, racer),
    UNIQUE (race, session)
) WITHOUT ROWID;
