-- Says that a client is there still, and forgets some of those that are not: 1 where there may be
-- more of them. As its definer, so that a user needs no right to the totals of other clients.
CREATE PROCEDURE click_tidy(IN p_client VARCHAR(36) CHARACTER SET ascii)
MODIFIES SQL DATA SQL SECURITY DEFINER
BEGIN
    DECLARE v_today BIGINT DEFAULT TIMESTAMPDIFF(DAY, '1970-01-01', UTC_DATE());
    DECLARE v_since BIGINT;
    DECLARE v_gone BIGINT DEFAULT 0;
    DECLARE EXIT HANDLER FOR SQLEXCEPTION
    BEGIN
        ROLLBACK;
        RESIGNAL;
    END;
    UPDATE click_sessions SET seen = v_today WHERE client = p_client AND seen < v_today;
    IF EXISTS (SELECT 1 FROM click_sessions WHERE seen < v_today - 90) THEN
        START TRANSACTION;
        UPDATE click_meta SET value = v_today - 90
        WHERE name = 'kept_since' AND CAST(value AS SIGNED) < v_today - 90;
        SELECT CAST(value AS SIGNED) INTO v_since FROM click_meta WHERE name = 'kept_since';
        DELETE FROM click_sessions WHERE seen < LEAST(v_since, v_today - 90) ORDER BY seen LIMIT 500;
        SET v_gone = ROW_COUNT();
        COMMIT;
    END IF;
    SELECT CAST(v_gone = 500 AS SIGNED) FROM DUAL;
END
