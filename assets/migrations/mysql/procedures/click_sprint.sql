-- Said twice, or after a better one, it changes nothing. The player's row is held, so that nothing
-- is kept of one who is being removed. As its definer, so that a user needs no right to the bests of
-- others.
CREATE PROCEDURE click_sprint(IN p_player BIGINT, IN p_seconds BIGINT, IN p_presses BIGINT,
                              IN p_trace TEXT CHARACTER SET ascii)
MODIFIES SQL DATA SQL SECURITY DEFINER
INSERT INTO click_sprints (user_id, seconds, presses, at, trace)
SELECT id, p_seconds, p_presses, UNIX_TIMESTAMP(), p_trace
FROM users WHERE id = p_player LOCK IN SHARE MODE
ON DUPLICATE KEY UPDATE
    at = IF(VALUES(presses) > presses, VALUES(at), at),
    trace = IF(VALUES(presses) > presses, VALUES(trace), trace),
    presses = GREATEST(presses, VALUES(presses))
