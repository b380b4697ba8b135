-- Kept by the functions below, as in the first migration.
SELECT set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);

-- In the order in which writers lock.
LOCK TABLE users IN SHARE ROW EXCLUSIVE MODE;
LOCK TABLE click_changes IN ACCESS EXCLUSIVE MODE;

-- The ranking's index in two generations with the same key, each player in one of them. Who scores
-- is in the recent one, which is as small as there are players who play: with a million players in
-- one index, who climbs among them would come to another of its pages every few points, which the
-- server logs whole and splits. A survey moves who rests to the other.
ALTER TABLE click_changes ADD COLUMN IF NOT EXISTS recent BOOLEAN NOT NULL DEFAULT false;
DROP INDEX click_changes_ranking;
CREATE INDEX click_changes_ranking ON click_changes (rank_key, user_id)
WHERE rank_key IS NOT NULL AND NOT recent;
CREATE INDEX click_changes_recent ON click_changes (rank_key, user_id)
WHERE rank_key IS NOT NULL AND recent;

CREATE OR REPLACE FUNCTION click_user_written() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.id <> OLD.id THEN
        UPDATE click_sessions SET user_id = NEW.id WHERE user_id = OLD.id;
        PERFORM click_stamp(OLD.id);
    END IF;
    -- As click_stamp does, but without a second call on the way of every press.
    INSERT INTO click_changes AS c (user_id, stamp, rank_key)
    VALUES (NEW.id, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint,
            ~COALESCE(NEW.score, 0)::bigint)
    ON CONFLICT (user_id) DO UPDATE
    SET stamp = GREATEST(excluded.stamp, c.stamp + 1), rank_key = excluded.rank_key, recent = true;
    RETURN NULL;
END $$;

-- Beside counting the places anew it moves those who have not scored for a minute, some at a time,
-- last of all and none that somebody writes to: no press waits for it longer than for another press.
CREATE OR REPLACE FUNCTION click_take_survey() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    v_now CONSTANT BIGINT := (extract(epoch FROM clock_timestamp()) * 1000000)::bigint;
BEGIN
    PERFORM FROM click_survey s
    WHERE s.id = 1 AND (s.at > v_now OR v_now - s.at > GREATEST(20000000, s.took * 100))
    FOR UPDATE SKIP LOCKED;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    DELETE FROM click_ladder;
    INSERT INTO click_ladder (rank_key, user_id, place)
    SELECT r.rank_key, r.user_id, r.place - 1
    FROM (SELECT c.rank_key, c.user_id,
                 row_number() OVER (ORDER BY c.rank_key, c.user_id) AS place
          -- Each in its order, or the server sorts all of them together.
          FROM ((SELECT o.rank_key, o.user_id FROM click_changes o
                 WHERE o.rank_key IS NOT NULL AND NOT o.recent ORDER BY o.rank_key, o.user_id)
                UNION ALL
                (SELECT o.rank_key, o.user_id FROM click_changes o
                 WHERE o.rank_key IS NOT NULL AND o.recent ORDER BY o.rank_key, o.user_id)) c) r
    WHERE r.place % 1000 = 1;
    UPDATE click_survey
    SET at = v_now,
        took = (extract(epoch FROM clock_timestamp()) * 1000000)::bigint - v_now,
        players = (SELECT l.place
                          + (SELECT COUNT(*) FROM click_changes c
                             WHERE (c.rank_key, c.user_id) >= (l.rank_key, l.user_id)
                               AND c.rank_key IS NOT NULL AND NOT c.recent)
                          + (SELECT COUNT(*) FROM click_changes c
                             WHERE (c.rank_key, c.user_id) >= (l.rank_key, l.user_id)
                               AND c.rank_key IS NOT NULL AND c.recent)
                   FROM click_ladder l ORDER BY l.place DESC LIMIT 1)
    WHERE id = 1 AND EXISTS (SELECT FROM click_ladder);
    UPDATE click_changes SET recent = false
    WHERE user_id IN (SELECT c.user_id FROM click_changes c
                      WHERE c.rank_key IS NOT NULL AND c.recent
                        AND (c.stamp < v_now - 60000000 OR c.stamp > v_now + 60000000)
                      LIMIT 5000 FOR UPDATE SKIP LOCKED);
END $$;
