-- Joins a race that has not started, in its caller's transaction; who has joined stays in it.
CREATE PROCEDURE click_race_enter(IN p_session BIGINT, IN p_race BIGINT)
MODIFIES SQL DATA SQL SECURITY DEFINER
BEGIN
    DECLARE v_start BIGINT;
    DECLARE v_many BIGINT;
    SELECT starts_at INTO v_start FROM click_races
    WHERE id = p_race AND closed_at IS NULL FOR UPDATE;
    IF v_start > TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6)) THEN
        SELECT COUNT(*) INTO v_many FROM click_racers WHERE race = p_race;
        INSERT INTO click_racers (race, racer, session, user_id, name, base)
        SELECT p_race, v_many + 1, s.id, s.user_id, u.name, s.last_seq - s.refused
        FROM click_sessions s JOIN users u ON u.id = s.user_id
        WHERE s.id = p_session AND v_many < 32
        ON DUPLICATE KEY UPDATE standing = 0;
    END IF;
END
