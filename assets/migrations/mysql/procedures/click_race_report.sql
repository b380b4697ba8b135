-- Takes a racer's total, which only grows, and closes the race once nobody races in it any more or
-- its time and three seconds are over. Said again, or after that, it changes nothing. As its
-- definer, so that a user needs no right to the races of others.
CREATE PROCEDURE click_race_report(IN p_session BIGINT, IN p_race BIGINT, IN p_presses BIGINT,
                                   IN p_standing BIGINT)
MODIFIES SQL DATA SQL SECURITY DEFINER
BEGIN
    DECLARE v_end BIGINT;
    DECLARE v_now BIGINT;
    DECLARE v_racing BIGINT;
    DECLARE EXIT HANDLER FOR SQLEXCEPTION
    BEGIN
        ROLLBACK;
        RESIGNAL;
    END;
    START TRANSACTION;
    SELECT starts_at + (seconds + 3) * 1000000 INTO v_end FROM click_races
    WHERE id = p_race AND closed_at IS NULL FOR UPDATE;
    IF v_end IS NOT NULL THEN
        SET v_now = TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6));
        UPDATE click_racers c JOIN click_sessions s ON s.id = c.session
        SET c.presses = GREATEST(c.presses, LEAST(p_presses, s.last_seq - s.refused - c.base)),
            c.standing = p_standing
        WHERE c.race = p_race AND c.session = p_session
          AND c.standing = 0 AND p_standing IN (0, 1, 2);
        SELECT COUNT(*) INTO v_racing FROM click_racers WHERE race = p_race AND standing = 0;
        IF v_racing = 0 OR v_end <= v_now THEN
            UPDATE click_races SET closed_at = v_now WHERE id = p_race;
            UPDATE click_racers
            SET standing = CASE standing WHEN 0 THEN 2 ELSE standing END, session = NULL
            WHERE race = p_race;
        END IF;
    END IF;
    COMMIT;
END
