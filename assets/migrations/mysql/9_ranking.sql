-- The ranking stands beside the last change, whose row is written with every score anyway. The key
-- is the complement of the score, so that rising keys are falling scores, and no score has none;
-- where it is null there is no player. A column that is there already is left alone.
SET @clickoff_columns = (SELECT COUNT(*) FROM information_schema.columns
                         WHERE table_schema = DATABASE() AND table_name = 'click_changes'
                           AND column_name = 'rank_key');
SET @clickoff_change = IF(@clickoff_columns > 0, 'DO 0',
    'ALTER TABLE click_changes ADD COLUMN rank_key BIGINT');
PREPARE clickoff_change FROM @clickoff_change;
EXECUTE clickoff_change;

DROP TRIGGER IF EXISTS click_user_added;
CREATE TRIGGER click_user_added AFTER INSERT ON users FOR EACH ROW
INSERT INTO click_changes (user_id, stamp, rank_key)
VALUES (NEW.id, TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6))
              + TIMESTAMPDIFF(MICROSECOND, NOW(6), SYSDATE(6)),
        CAST(~CAST(COALESCE(NEW.score, 0) AS SIGNED) AS SIGNED))
ON DUPLICATE KEY UPDATE stamp = GREATEST(stamp + 1, VALUES(stamp)), rank_key = VALUES(rank_key);

DROP TRIGGER IF EXISTS click_user_changed;
CREATE TRIGGER click_user_changed AFTER UPDATE ON users FOR EACH ROW
BEGIN
    UPDATE click_changes
    SET stamp = GREATEST(stamp + 1,
                         TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6))
                       + TIMESTAMPDIFF(MICROSECOND, NOW(6), SYSDATE(6))),
        rank_key = CASE user_id WHEN NEW.id
                   THEN CAST(~CAST(COALESCE(NEW.score, 0) AS SIGNED) AS SIGNED) END
    WHERE user_id IN (OLD.id, NEW.id);
    IF NEW.id <> OLD.id THEN
        UPDATE click_sessions SET user_id = NEW.id WHERE user_id = OLD.id;
        INSERT IGNORE INTO click_changes (user_id, stamp, rank_key)
        VALUES (NEW.id, TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6))
                      + TIMESTAMPDIFF(MICROSECOND, NOW(6), SYSDATE(6)),
                CAST(~CAST(COALESCE(NEW.score, 0) AS SIGNED) AS SIGNED));
    END IF;
END;

DROP TRIGGER IF EXISTS click_user_removed;
CREATE TRIGGER click_user_removed AFTER DELETE ON users FOR EACH ROW
BEGIN
    DELETE FROM click_sessions WHERE user_id = OLD.id;
    UPDATE click_changes
    SET stamp = GREATEST(stamp + 1,
                         TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6))
                       + TIMESTAMPDIFF(MICROSECOND, NOW(6), SYSDATE(6))),
        rank_key = NULL
    WHERE user_id = OLD.id;
END;

-- After the triggers, which keep it right from now on; done twice, it changes nothing.
INSERT INTO click_changes (user_id, stamp, rank_key)
SELECT u.id, 0, CAST(~CAST(COALESCE(u.score, 0) AS SIGNED) AS SIGNED) FROM users u
ON DUPLICATE KEY UPDATE rank_key = VALUES(rank_key);

-- Made when the keys are there, which is faster than to keep it up with them.
SET @clickoff_columns = (SELECT COUNT(*) FROM information_schema.statistics
                         WHERE table_schema = DATABASE() AND table_name = 'click_changes'
                           AND index_name = 'click_changes_ranking');
SET @clickoff_change = IF(@clickoff_columns > 0, 'DO 0',
    'ALTER TABLE click_changes ADD INDEX click_changes_ranking (rank_key, user_id)');
PREPARE clickoff_change FROM @clickoff_change;
EXECUTE clickoff_change;

-- Players are looked for by name; no press touches it. A prefix has to be shorter than the column.
SET @clickoff_columns = (SELECT COUNT(*) FROM information_schema.statistics
                         WHERE table_schema = DATABASE() AND table_name = 'users'
                           AND index_name = 'click_users_name');
SET @clickoff_change = (SELECT IF(@clickoff_columns > 0, 'DO 0',
    CONCAT('ALTER TABLE users ADD INDEX click_users_name (name',
           IF(character_maximum_length > 64, '(64)', ''), ')'))
    FROM information_schema.columns
    WHERE table_schema = DATABASE() AND table_name = 'users' AND column_name = 'name');
PREPARE clickoff_change FROM @clickoff_change;
EXECUTE clickoff_change;
DEALLOCATE PREPARE clickoff_change;

-- Every thousandth place of the ranking as of the last survey: how many stand before it. From there
-- to any player there are few to be counted.
CREATE TABLE IF NOT EXISTS click_ladder (
    rank_key BIGINT NOT NULL,
    user_id  BIGINT NOT NULL,
    place    BIGINT NOT NULL,
    PRIMARY KEY (rank_key, user_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET ascii;

-- The last survey: when, in microseconds since 1970, how long it took, and how many players it saw.
CREATE TABLE IF NOT EXISTS click_survey (
    id      BIGINT NOT NULL PRIMARY KEY,
    at      BIGINT NOT NULL,
    took    BIGINT NOT NULL,
    players BIGINT NOT NULL
) ENGINE = InnoDB DEFAULT CHARACTER SET ascii;

INSERT IGNORE INTO click_survey (id, at, took, players) VALUES (1, 0, 0, 0);
