-- Opens a race that starts in ten seconds and joins it, or joins the one that others have opened a
-- moment before. One opening goes after the other. No player has the smallest key; by it, whoever
-- looks for changes hears of races.
CREATE PROCEDURE click_race_open(IN p_session BIGINT, IN p_seconds BIGINT)
MODIFIES SQL DATA SQL SECURITY DEFINER
BEGIN
    DECLARE v_lock VARCHAR(64) CHARACTER SET ascii;
    DECLARE v_now BIGINT;
    DECLARE v_known BIGINT;
    DECLARE v_race BIGINT;
    DECLARE v_oldest BIGINT;
    DECLARE EXIT HANDLER FOR SQLEXCEPTION
    BEGIN
        ROLLBACK;
        RESIGNAL;
    END;
    START TRANSACTION;
    SELECT value INTO v_lock FROM click_meta WHERE name = 'database' FOR UPDATE;
    SET v_now = TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6));
    UPDATE click_races SET closed_at = v_now
    WHERE closed_at IS NULL AND starts_at + (seconds + 3) * 1000000 <= v_now;
    UPDATE click_racers c JOIN click_races r ON r.id = c.race
    SET c.standing = CASE c.standing WHEN 0 THEN 2 ELSE c.standing END, c.session = NULL
    WHERE r.closed_at IS NOT NULL AND c.session IS NOT NULL;
    SELECT COUNT(*) INTO v_known
    FROM click_sessions s JOIN users u ON u.id = s.user_id WHERE s.id = p_session;
    SELECT MAX(id) INTO v_race FROM click_races WHERE closed_at IS NULL AND starts_at > v_now;
    IF v_race IS NULL AND v_known = 1 AND p_seconds IN (5, 10, 30, 60) THEN
        INSERT INTO click_races (seconds, starts_at) VALUES (p_seconds, v_now + 10000000);
        SET v_race = LAST_INSERT_ID();
        SELECT MIN(id) INTO v_oldest
        FROM (SELECT id FROM click_races ORDER BY id DESC LIMIT 20) newest;
        DELETE FROM click_races WHERE id < v_oldest;
        DELETE FROM click_racers WHERE race < v_oldest;
        INSERT INTO click_changes (user_id, stamp) VALUES (-9223372036854775808, v_now)
        ON DUPLICATE KEY UPDATE stamp = GREATEST(stamp + 1, VALUES(stamp));
    END IF;
    CALL click_race_enter(p_session, v_race);
    COMMIT;
    SELECT race, racer FROM click_racers WHERE race = v_race AND session = p_session;
END
