-- As its definer, so that a user needs no right to the totals of other clients.
CREATE PROCEDURE click_retire(IN p_client VARCHAR(36) CHARACTER SET ascii)
MODIFIES SQL DATA SQL SECURITY DEFINER
DELETE FROM click_sessions WHERE client = p_client
