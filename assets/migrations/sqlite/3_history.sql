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
