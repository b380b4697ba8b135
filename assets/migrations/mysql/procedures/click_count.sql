-- The locked transaction in one round trip. Error handlers run after the failed statement alone was
-- undone; the transaction must be.
CREATE PROCEDURE click_count(IN p_session BIGINT, IN p_upto BIGINT)
MODIFIES SQL DATA SQL SECURITY DEFINER
BEGIN
    DECLARE v_player BIGINT;
    DECLARE v_score BIGINT;
    DECLARE v_counted BIGINT;
    DECLARE EXIT HANDLER FOR SQLEXCEPTION
    BEGIN
        ROLLBACK;
        RESIGNAL;
    END;
    SELECT user_id INTO v_player FROM click_sessions WHERE id = p_session;
    START TRANSACTION;
    SELECT COALESCE(score, 0) INTO v_score FROM users WHERE id = v_player FOR UPDATE;
    SELECT last_seq INTO v_counted FROM click_sessions
    WHERE id = p_session AND user_id = v_player FOR UPDATE;
    IF v_score IS NOT NULL AND v_counted < p_upto THEN
        SET v_score = v_score + (p_upto - v_counted);
        UPDATE users SET score = v_score WHERE id = v_player;
        UPDATE click_sessions SET last_seq = p_upto WHERE id = p_session;
        SET v_counted = p_upto;
    END IF;
    COMMIT;
    SELECT v_counted, v_score FROM DUAL WHERE v_counted IS NOT NULL AND v_score IS NOT NULL;
END
