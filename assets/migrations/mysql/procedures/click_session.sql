-- As its definer, so that a user needs no right to the totals of other clients.
CREATE PROCEDURE click_session(IN p_client VARCHAR(36) CHARACTER SET ascii, IN p_player BIGINT)
READS SQL DATA SQL SECURITY DEFINER
SELECT id FROM click_sessions WHERE client = p_client AND user_id = p_player
