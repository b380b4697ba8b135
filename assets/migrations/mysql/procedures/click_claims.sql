-- As its definer; and whoever asks must know an id but for its end, or could read all clients' totals.
CREATE PROCEDURE click_claims(IN p_client VARCHAR(36) CHARACTER SET ascii)
READS SQL DATA SQL SECURITY DEFINER
SELECT client, user_id, last_seq FROM click_sessions
WHERE client BETWEEN CONCAT(LEFT(p_client, 24), '000000000000')
                 AND CONCAT(LEFT(p_client, 24), 'ffffffffffff')
  AND LEFT(client, 24) = LEFT(p_client, 24)
