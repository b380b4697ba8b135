-- Kept by the functions below, as in the first migration.
SELECT set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);

-- In the order in which writers lock.
LOCK TABLE users IN SHARE ROW EXCLUSIVE MODE;
LOCK TABLE click_changes IN ACCESS EXCLUSIVE MODE;

-- The ranking stands beside the last change, whose row is written with every score anyway: an index
-- on the score itself would touch all indexes of users with every press. The key is the complement
-- of the score, so that rising keys are falling scores, and no score has none; where it is null
-- there is no player.
CREATE TEMP TABLE click_before ON COMMIT DROP AS
SELECT COALESCE(u.id, c.user_id) AS user_id, COALESCE(c.stamp, 0) AS stamp,
       COALESCE(c.spent, 0) AS spent,
       CASE WHEN u.id IS NOT NULL THEN ~COALESCE(u.score, 0)::bigint END AS rank_key
FROM click_changes c FULL JOIN users u ON u.id = c.user_id;

DROP INDEX click_changes_stamp;
TRUNCATE click_changes;
ALTER TABLE click_changes ADD COLUMN IF NOT EXISTS rank_key BIGINT;
INSERT INTO click_changes (user_id, stamp, spent, rank_key)
SELECT user_id, stamp, spent, rank_key FROM click_before ORDER BY user_id;
CREATE INDEX click_changes_stamp ON click_changes (stamp);
CREATE INDEX click_changes_ranking ON click_changes (rank_key, user_id)
WHERE rank_key IS NOT NULL;

-- Of one who is gone.
CREATE OR REPLACE FUNCTION click_stamp(player BIGINT) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path FROM CURRENT AS $$
    INSERT INTO click_changes AS c (user_id, stamp)
    VALUES (player, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint)
    ON CONFLICT (user_id) DO UPDATE
    SET stamp = GREATEST(excluded.stamp, c.stamp + 1), rank_key = NULL
$$;

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
    SET stamp = GREATEST(excluded.stamp, c.stamp + 1), rank_key = excluded.rank_key;
    RETURN NULL;
END $$;

-- Players are looked for by name; no press touches it. A name may be longer than an entry.
CREATE INDEX click_users_name ON users (left(name, 64));

-- Every thousandth place of the ranking as of the last survey: how many stand before it. From there
-- to any player there are few to be counted.
CREATE TABLE click_ladder (
    rank_key BIGINT NOT NULL,
    user_id  BIGINT NOT NULL,
    place    BIGINT NOT NULL,
    PRIMARY KEY (rank_key, user_id)
);

-- The last survey: when, in microseconds since 1970, how long it took, and how many players it saw.
CREATE TABLE click_survey (
    id      BIGINT PRIMARY KEY CHECK (id = 1),
    at      BIGINT NOT NULL,
    took    BIGINT NOT NULL,
    players BIGINT NOT NULL
);

INSERT INTO click_survey (id, at, took, players) VALUES (1, 0, 0, 0);

-- Counts the places anew, unless somebody does or has just done so: after a hundred times as long as
-- the last survey took, so that all of them together take a hundredth of a processor. Who may look
-- may ask for it.
CREATE FUNCTION click_take_survey() RETURNS void
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
          FROM click_changes c WHERE c.rank_key IS NOT NULL) r
    WHERE r.place % 1000 = 1;
    UPDATE click_survey
    SET at = v_now,
        took = (extract(epoch FROM clock_timestamp()) * 1000000)::bigint - v_now,
        players = (SELECT l.place + (SELECT COUNT(*) FROM click_changes c
                                     WHERE (c.rank_key, c.user_id) >= (l.rank_key, l.user_id))
                   FROM click_ladder l ORDER BY l.place DESC LIMIT 1)
    WHERE id = 1 AND EXISTS (SELECT FROM click_ladder);
END $$;

REVOKE ALL ON FUNCTION click_take_survey() FROM PUBLIC;
