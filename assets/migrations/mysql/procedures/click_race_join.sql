-- Joins a race that has not started; who has joined is told so again. As its definer, so that a user
-- needs no right to the races of others.
CREATE PROCEDURE click_race_join(IN p_session BIGINT, IN p_race BIGINT)
MODIFIES SQL DATA SQL SECURITY DEFINER
BEGIN
    DECLARE EXIT HANDLER FOR SQLEXCEPTION
    BEGIN
        ROLLBACK;
        RESIGNAL;
    END;
    START TRANSACTION;
    CALL click_race_enter(p_session, p_race);
    COMMIT;
    SELECT race, racer FROM click_racers WHERE race = p_race AND session = p_session;
END
