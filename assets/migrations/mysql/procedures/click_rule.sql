-- What the database demands of its players; what is null stays as it is.
CREATE PROCEDURE click_rule(IN p_held_keys VARCHAR(64) CHARACTER SET ascii,
                            IN p_max_rate VARCHAR(64) CHARACTER SET ascii)
MODIFIES SQL DATA SQL SECURITY DEFINER
BEGIN
    DECLARE EXIT HANDLER FOR SQLEXCEPTION
    BEGIN
        ROLLBACK;
        RESIGNAL;
    END;
    START TRANSACTION;
    IF p_held_keys IS NOT NULL THEN
        REPLACE INTO click_meta (name, value) VALUES ('held_keys', p_held_keys);
    END IF;
    IF p_max_rate IS NOT NULL THEN
        REPLACE INTO click_meta (name, value) VALUES ('max_rate', p_max_rate);
        UPDATE click_sessions
        SET max_rate = IF(p_max_rate REGEXP '^[1-9][0-9]{0,6}$', CAST(p_max_rate AS SIGNED), NULL);
    END IF;
    COMMIT;
END
