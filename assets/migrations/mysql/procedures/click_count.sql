-- The locked transaction in one round trip. Error handlers run after the failed statement alone was
-- undone; the transaction must be. Where there is a limit it takes what the rate allows, a minute's
-- worth at the most, and refuses the rest. That the player's row is locked orders those who use up
-- one rate.
CREATE /*M!100103 OR REPLACE */ PROCEDURE click_count(IN p_session BIGINT, IN p_upto BIGINT)
MODIFIES SQL DATA SQL SECURITY DEFINER
BEGIN
    DECLARE v_player BIGINT;
    DECLARE v_score BIGINT;
    DECLARE v_counted BIGINT;
    DECLARE v_refused BIGINT;
    DECLARE v_max_rate BIGINT;
    DECLARE v_taken BIGINT;
    DECLARE v_now BIGINT;
    DECLARE v_from BIGINT;
    DECLARE EXIT HANDLER FOR SQLEXCEPTION
    BEGIN
        ROLLBACK;
        RESIGNAL;
    END;
    SELECT user_id INTO v_player FROM click_sessions WHERE id = p_session;
    START TRANSACTION;
    SELECT COALESCE(score, 0) INTO v_score FROM users WHERE id = v_player FOR UPDATE;
    SELECT last_seq, refused, max_rate INTO v_counted, v_refused, v_max_rate FROM click_sessions
    WHERE id = p_session AND user_id = v_player FOR UPDATE;
    IF v_score IS NOT NULL AND v_counted < p_upto THEN
        IF v_max_rate IS NULL THEN
            SET v_score = v_score + (p_upto - v_counted);
            UPDATE users SET score = v_score WHERE id = v_player;
            UPDATE click_sessions SET last_seq = p_upto WHERE id = p_session;
        ELSE
            -- The clock of the statement's start, and what has passed since.
            SET v_now = TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6))
                      + TIMESTAMPDIFF(MICROSECOND, NOW(6), SYSDATE(6));
            SELECT spent INTO v_from FROM click_changes WHERE user_id = v_player;
            SET v_from = GREATEST(LEAST(COALESCE(v_from, 0), v_now), v_now - 60000000);
            SET v_taken = LEAST(p_upto - v_counted, (v_now - v_from) * v_max_rate DIV 1000000);
            SET v_refused = v_refused + (p_upto - v_counted) - v_taken;
            UPDATE click_changes
            SET spent = v_from + (v_taken * 1000000 + v_max_rate - 1) DIV v_max_rate
            WHERE user_id = v_player;
            IF v_taken > 0 THEN
                SET v_score = v_score + v_taken;
                UPDATE users SET score = v_score WHERE id = v_player;
            END IF;
            UPDATE click_sessions SET last_seq = p_upto, refused = v_refused WHERE id = p_session;
        END IF;
        SET v_counted = p_upto;
    END IF;
    COMMIT;
    SELECT v_counted, v_score, v_refused, v_max_rate FROM DUAL
    WHERE v_counted IS NOT NULL AND v_score IS NOT NULL;
END
