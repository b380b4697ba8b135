-- The key of a session is all that counting asks for: 60 bits that nobody guesses, drawn from the
-- client's own random name. Rows from before keep theirs until their clients leave. AUTO_INCREMENT
-- stays, so that a program may leave the key out.
DROP TRIGGER IF EXISTS click_session_added;
CREATE TRIGGER click_session_added BEFORE INSERT ON click_sessions FOR EACH ROW
BEGIN
    IF COALESCE(NEW.id, 0) = 0 THEN
        SET NEW.id = CAST(CONV(LEFT(SHA2(CONCAT(NEW.client, UUID()), 256), 15), 16, 10) AS SIGNED);
    END IF;
END;
