-- As its definer, so that a user needs no right to the totals of other clients. Calls with a key are
-- never forgotten.
CREATE /*M!100103 OR REPLACE */ PROCEDURE click_register(IN p_client VARCHAR(36) CHARACTER SET ascii, IN p_player BIGINT)
MODIFIES SQL DATA SQL SECURITY DEFINER
INSERT IGNORE INTO click_sessions (client, user_id, seen)
SELECT p_client, id,
       IF(SUBSTR(p_client, 15, 1) <> '8', TIMESTAMPDIFF(DAY, '1970-01-01', UTC_DATE()), NULL)
FROM users WHERE id = p_player LOCK IN SHARE MODE
