-- The best sprint of each player over each length, and when its presses were made: how many in each
-- tenth of a second, with commas between them.
CREATE TABLE IF NOT EXISTS click_sprints (
    user_id BIGINT NOT NULL,
    seconds BIGINT NOT NULL,
    presses BIGINT NOT NULL,
    at      BIGINT NOT NULL,
    trace   TEXT   NOT NULL,
    PRIMARY KEY (user_id, seconds),
    KEY click_sprints_presses (seconds, presses)
) ENGINE = InnoDB DEFAULT CHARACTER SET ascii;

-- They go with their player. TRUNCATE fires no trigger. What is not there is not deleted, which
-- would lock the gap.
DROP TRIGGER IF EXISTS click_sprints_added;
CREATE TRIGGER click_sprints_added AFTER INSERT ON users FOR EACH ROW
IF EXISTS (SELECT 1 FROM click_sprints WHERE user_id = NEW.id) THEN
    DELETE FROM click_sprints WHERE user_id = NEW.id;
END IF;

DROP TRIGGER IF EXISTS click_sprints_removed;
CREATE TRIGGER click_sprints_removed AFTER DELETE ON users FOR EACH ROW
DELETE FROM click_sprints WHERE user_id = OLD.id;

DROP TRIGGER IF EXISTS click_sprints_rekeyed;
CREATE TRIGGER click_sprints_rekeyed AFTER UPDATE ON users FOR EACH ROW
IF NEW.id <> OLD.id THEN
    UPDATE click_sprints SET user_id = NEW.id WHERE user_id = OLD.id;
END IF;
