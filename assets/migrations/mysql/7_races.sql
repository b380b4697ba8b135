-- The last races. Times are microseconds since 1970 by the server's clock. From the moment that a
-- race is closed, neither its row nor those of its racers change.
CREATE TABLE IF NOT EXISTS click_races (
    id        BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    seconds   BIGINT NOT NULL,
    starts_at BIGINT NOT NULL,
    closed_at BIGINT
) ENGINE = InnoDB DEFAULT CHARACTER SET ascii;

-- Who raced, by the name of that time, which stays when the player goes. base is how many presses
-- of the session had scored at the joining: what a racer reports can't be more than scored since.
-- standing is 0 for racing, 1 for done, 2 for left. The session, which is a secret, is forgotten
-- when the race is closed.
CREATE TABLE IF NOT EXISTS click_racers (
    race     BIGINT NOT NULL,
    racer    BIGINT NOT NULL,
    session  BIGINT,
    user_id  BIGINT NOT NULL,
    name     TEXT,
    base     BIGINT NOT NULL,
    presses  BIGINT NOT NULL DEFAULT 0,
    standing BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (race, racer),
    UNIQUE KEY click_racers_session (race, session)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4;
