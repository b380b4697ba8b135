-- Counts the places of the ranking anew, unless somebody does or has just done so: after a hundred
-- times as long as the last survey took, so that all of them together take a hundredth of a
-- processor. Who may look may ask for it.
CREATE /*M!100103 OR REPLACE */ PROCEDURE click_take_survey()
MODIFIES SQL DATA SQL SECURITY DEFINER
BEGIN
    DECLARE v_now BIGINT;
    DECLARE v_key BIGINT;
    DECLARE v_player BIGINT;
    DECLARE v_next_key BIGINT;
    DECLARE v_next_player BIGINT;
    DECLARE v_place BIGINT DEFAULT 0;
    DECLARE v_rest BIGINT DEFAULT 0;
    DECLARE EXIT HANDLER FOR SQLEXCEPTION
    BEGIN
        ROLLBACK;
        RESIGNAL;
    END;
    SET v_now = TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6));
    UPDATE click_survey SET at = v_now
    WHERE id = 1 AND (at > v_now OR v_now - at > GREATEST(20000000, took * 100));
    IF ROW_COUNT() = 1 THEN
        START TRANSACTION;
        DELETE FROM click_ladder;
        SELECT rank_key, user_id INTO v_key, v_player
            FROM click_changes FORCE INDEX (click_changes_ranking)
        WHERE rank_key IS NOT NULL ORDER BY rank_key, user_id LIMIT 1;
        WHILE v_key IS NOT NULL DO
            INSERT INTO click_ladder (rank_key, user_id, place)
            VALUES (v_key, v_player, v_place);
            SET v_next_key = NULL;
            SELECT rank_key, user_id INTO v_next_key, v_next_player
            FROM click_changes FORCE INDEX (click_changes_ranking)
            WHERE rank_key = v_key AND user_id > v_player
            ORDER BY rank_key, user_id LIMIT 1 OFFSET 999;
            IF v_next_key IS NULL THEN
                SELECT COUNT(*) INTO v_rest
            FROM click_changes FORCE INDEX (click_changes_ranking)
                WHERE rank_key = v_key AND user_id > v_player;
                SET v_rest = 999 - v_rest;
                SELECT rank_key, user_id INTO v_next_key, v_next_player
            FROM click_changes FORCE INDEX (click_changes_ranking)
                WHERE rank_key > v_key
                ORDER BY rank_key, user_id LIMIT v_rest, 1;
            END IF;
            IF v_next_key IS NULL THEN
                SELECT v_place + COUNT(*) INTO v_place
            FROM click_changes FORCE INDEX (click_changes_ranking)
                WHERE rank_key > v_key OR (rank_key = v_key AND user_id >= v_player);
            ELSE
                SET v_place = v_place + 1000;
            END IF;
            SET v_key = v_next_key, v_player = v_next_player;
        END WHILE;
        UPDATE click_survey
        SET players = v_place,
            took = TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6))
                 + TIMESTAMPDIFF(MICROSECOND, NOW(6), SYSDATE(6)) - v_now
        WHERE id = 1;
        COMMIT;
    END IF;
END
