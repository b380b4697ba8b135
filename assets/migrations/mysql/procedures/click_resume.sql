-- As click_register does, for a client that opened the database on this day at the latest, unless its
-- row may have been forgotten since. Locked, so that nobody forgets it meanwhile.
CREATE PROCEDURE click_resume(IN p_client VARCHAR(36) CHARACTER SET ascii, IN p_player BIGINT,
                              IN p_day BIGINT)
MODIFIES SQL DATA SQL SECURITY DEFINER
INSERT IGNORE INTO click_sessions (client, user_id, seen)
SELECT p_client, u.id, TIMESTAMPDIFF(DAY, '1970-01-01', UTC_DATE())
FROM click_meta m JOIN users u
WHERE m.name = 'kept_since' AND CAST(m.value AS SIGNED) <= p_day AND u.id = p_player
LOCK IN SHARE MODE
