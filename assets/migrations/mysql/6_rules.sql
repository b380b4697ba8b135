-- What the database demands of its players: 'held_keys' is once, count or unset; 'max_rate' is how
-- many points a second a player may score, or off.
INSERT IGNORE INTO click_meta (name, value) VALUES ('held_keys', 'unset'), ('max_rate', 'off');

-- The limit stands in each session, so that a count without one has nothing more to look up.
-- `refused` is how many of the presses up to last_seq were over it. Columns that are there already
-- are left alone; not every server has words for that.
SET @clickoff_columns = (SELECT COUNT(*) FROM information_schema.columns
                         WHERE table_schema = DATABASE() AND table_name = 'click_sessions'
                           AND column_name = 'refused');
SET @clickoff_change = IF(@clickoff_columns > 0, 'DO 0',
    'ALTER TABLE click_sessions ADD COLUMN max_rate BIGINT,
                                ADD COLUMN refused BIGINT NOT NULL DEFAULT 0');
PREPARE clickoff_change FROM @clickoff_change;
EXECUTE clickoff_change;

-- Up to which moment the player's rate is used up, in microseconds since 1970.
SET @clickoff_columns = (SELECT COUNT(*) FROM information_schema.columns
                         WHERE table_schema = DATABASE() AND table_name = 'click_changes'
                           AND column_name = 'spent');
SET @clickoff_change = IF(@clickoff_columns > 0, 'DO 0',
    'ALTER TABLE click_changes ADD COLUMN spent BIGINT NOT NULL DEFAULT 0');
PREPARE clickoff_change FROM @clickoff_change;
EXECUTE clickoff_change;
DEALLOCATE PREPARE clickoff_change;

-- Locked, so that a limit set at this moment is found here or finds this session.
DROP TRIGGER IF EXISTS click_session_limited;
CREATE TRIGGER click_session_limited BEFORE INSERT ON click_sessions FOR EACH ROW
BEGIN
    DECLARE v_max_rate VARCHAR(64);
    SELECT value INTO v_max_rate FROM click_meta WHERE name = 'max_rate' LOCK IN SHARE MODE;
    IF v_max_rate REGEXP '^[1-9][0-9]{0,6}$' THEN
        SET NEW.max_rate = CAST(v_max_rate AS SIGNED);
    END IF;
END;
