-- As its definer, so that a user needs no right to the totals of other clients.
CREATE PROCEDURE click_register(IN p_client VARCHAR(36) CHARACTER SET ascii, IN p_player BIGINT)
MODIFIES SQL DATA SQL SECURITY DEFINER
INSERT IGNORE INTO click_sessions (client, user_id)
SELECT p_client, id FROM users WHERE id = p_player LOCK IN SHARE MODE
