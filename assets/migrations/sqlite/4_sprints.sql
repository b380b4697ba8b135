-- The best sprint of each player over each length, and when its presses were made: how many in each
-- tenth of a second, with commas between them.
CREATE TABLE click_sprints (
    user_id INTEGER NOT NULL,
    seconds INTEGER NOT NULL,
    presses INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    trace   TEXT    NOT NULL,
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
