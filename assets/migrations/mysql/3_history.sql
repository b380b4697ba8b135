-- What each player scored and when, by quarter hours since 1970: midnight is the beginning of one in
-- every time zone. Rows grow with the quarter hours somebody plays in, not with presses. Quarter 0
-- holds what a score was before it had a history. The triggers write in the transaction of the
-- score, whoever writes that, so a score is always the sum of its points.
--
-- A program that writes back what it read plus one undoes what was scored in between; `overwritten`
-- is how much that was.
CREATE TABLE IF NOT EXISTS click_history (
    user_id     BIGINT NOT NULL,
    quarter     BIGINT NOT NULL,
    points      BIGINT NOT NULL,
    overwritten BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (user_id, quarter),
    KEY click_history_quarter (quarter)
) ENGINE = InnoDB DEFAULT CHARACTER SET ascii;

-- TRUNCATE fires no trigger. What is not there is not deleted, which would lock the gap.
DROP TRIGGER IF EXISTS click_history_added;
CREATE TRIGGER click_history_added AFTER INSERT ON users FOR EACH ROW
BEGIN
    IF EXISTS (SELECT 1 FROM click_history WHERE user_id = NEW.id) THEN
        DELETE FROM click_history WHERE user_id = NEW.id;
    END IF;
    IF NEW.score <> 0 THEN
        INSERT INTO click_history (user_id, quarter, points) VALUES (NEW.id, 0, NEW.score);
    END IF;
END;

-- Triggers fire also where a row stays as it is. A write of the same score is one that came too
-- late, unless it was the name or the address that it was about, or clickoff itself, which says so:
-- it never writes an old score.
DROP TRIGGER IF EXISTS click_history_scored;
CREATE TRIGGER click_history_scored AFTER UPDATE ON users FOR EACH ROW
BEGIN
    -- The difference of larger scores may be none that a BIGINT holds.
    DECLARE v_most BIGINT DEFAULT 4000000000000000000;
    DECLARE v_before BIGINT DEFAULT COALESCE(OLD.score, 0);
    DECLARE v_after BIGINT DEFAULT COALESCE(NEW.score, 0);
    DECLARE v_overwritten BIGINT DEFAULT 0;
    DECLARE v_quarter BIGINT;
    IF NEW.id = OLD.id AND v_before BETWEEN -v_most AND v_most
                       AND v_after BETWEEN -v_most AND v_most THEN
        IF v_after BETWEEN 1 AND v_before - 1
           OR (v_after = v_before AND v_after > 0 AND @clickoff IS NULL
               AND NEW.name <=> OLD.name AND NEW.email <=> OLD.email) THEN
            SET v_overwritten = v_before - v_after + 1;
        END IF;
        IF v_after <> v_before OR v_overwritten > 0 THEN
            -- The clock of the statement's start, and what has passed since.
            SET v_quarter =
                (UNIX_TIMESTAMP() + TIMESTAMPDIFF(SECOND, NOW(), SYSDATE())) DIV 900;
            INSERT INTO click_history (user_id, quarter, points, overwritten)
            VALUES (NEW.id, v_quarter, v_after - v_before, v_overwritten)
            ON DUPLICATE KEY UPDATE points = points + VALUES(points),
                                    overwritten = overwritten + VALUES(overwritten);
        END IF;
    ELSEIF v_before = v_after THEN
        IF NEW.id <> OLD.id THEN
            DELETE FROM click_history WHERE user_id = NEW.id;
            UPDATE click_history SET user_id = NEW.id WHERE user_id = OLD.id;
        END IF;
    ELSE
        -- A history that can't go on begins anew.
        DELETE FROM click_history WHERE user_id IN (OLD.id, NEW.id);
        INSERT INTO click_history (user_id, quarter, points) VALUES (NEW.id, 0, v_after);
    END IF;
END;

DROP TRIGGER IF EXISTS click_history_removed;
CREATE TRIGGER click_history_removed AFTER DELETE ON users FOR EACH ROW
DELETE FROM click_history WHERE user_id = OLD.id;

-- After the triggers, which keep the difference as it is from now on; done twice, it adds nothing.
INSERT INTO click_history (user_id, quarter, points)
SELECT missing.id, 0, missing.points
FROM (SELECT u.id, CAST(COALESCE(u.score, 0) - COALESCE(SUM(h.points), 0) AS SIGNED) AS points
      FROM users u LEFT JOIN click_history h ON h.user_id = u.id
      GROUP BY u.id, u.score) missing
WHERE missing.points <> 0
ON DUPLICATE KEY UPDATE points = click_history.points + VALUES(points);
