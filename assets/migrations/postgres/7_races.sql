-- Kept by the routines below, as in the first migration.
SELECT set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);

-- The last races. Times are microseconds since 1970 by the server's clock. From the moment that a
-- race is closed, neither its row nor those of its racers change.
CREATE TABLE click_races (
    id        BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    seconds   BIGINT NOT NULL,
    starts_at BIGINT NOT NULL,
    closed_at BIGINT
);

-- Who raced, by the name of that time, which stays when the player goes. base is how many presses
-- of the session had scored at the joining: what a racer reports can't be more than scored since.
-- standing is 0 for racing, 1 for done, 2 for left. The session, which is a secret, is forgotten
-- when the race is closed.
CREATE TABLE click_racers (
    race     BIGINT NOT NULL,
    racer    BIGINT NOT NULL,
    session  BIGINT,
    user_id  BIGINT NOT NULL,
    name     TEXT,
    base     BIGINT NOT NULL,
    presses  BIGINT NOT NULL DEFAULT 0,
    standing BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (race, racer),
    UNIQUE (race, session)
);

-- Joins a race that has not started; who has joined is told so again.
CREATE FUNCTION click_race_join(p_session BIGINT, p_race BIGINT)
RETURNS TABLE (race BIGINT, racer BIGINT)
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
#variable_conflict use_column
DECLARE
    v_start BIGINT;
    v_many  BIGINT;
BEGIN
    SELECT r.starts_at INTO v_start FROM click_races r
    WHERE r.id = p_race AND r.closed_at IS NULL FOR UPDATE;
    IF v_start > (extract(epoch FROM clock_timestamp()) * 1000000)::bigint THEN
        SELECT COUNT(*) INTO v_many FROM click_racers c WHERE c.race = p_race;
        INSERT INTO click_racers (race, racer, session, user_id, name, base)
        SELECT p_race, v_many + 1, s.id, s.user_id, u.name, s.last_seq - s.refused
        FROM click_sessions s JOIN users u ON u.id = s.user_id
        WHERE s.id = p_session AND v_many < 32
        ON CONFLICT (race, session) DO UPDATE SET standing = 0;
    END IF;
    RETURN QUERY SELECT c.race, c.racer FROM click_racers c
                 WHERE c.race = p_race AND c.session = p_session;
END $$;

-- Opens a race that starts in ten seconds and joins it, or joins the one that others have opened a
-- moment before. One opening goes after the other.
CREATE FUNCTION click_race_open(p_session BIGINT, p_seconds BIGINT)
RETURNS TABLE (race BIGINT, racer BIGINT)
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
#variable_conflict use_column
DECLARE
    v_now  BIGINT;
    v_race BIGINT;
BEGIN
    IF p_seconds NOT IN (5, 10, 30, 60) OR NOT EXISTS (
        SELECT FROM click_sessions s JOIN users u ON u.id = s.user_id WHERE s.id = p_session
    ) THEN
        RETURN;
    END IF;
    PERFORM 1 FROM click_meta WHERE key = 'database' FOR UPDATE;
    v_now := (extract(epoch FROM clock_timestamp()) * 1000000)::bigint;
    UPDATE click_races r SET closed_at = v_now
    WHERE r.closed_at IS NULL AND r.starts_at + (r.seconds + 3) * 1000000 <= v_now;
    UPDATE click_racers c
    SET standing = CASE c.standing WHEN 0 THEN 2 ELSE c.standing END, session = NULL
    FROM click_races r
    WHERE r.id = c.race AND r.closed_at IS NOT NULL AND c.session IS NOT NULL;
    SELECT max(r.id) INTO v_race FROM click_races r
    WHERE r.closed_at IS NULL AND r.starts_at > v_now;
    IF v_race IS NULL THEN
        INSERT INTO click_races (seconds, starts_at) VALUES (p_seconds, v_now + 10000000)
        RETURNING id INTO v_race;
        DELETE FROM click_races r WHERE r.id < (
            SELECT min(n.id) FROM (SELECT id FROM click_races ORDER BY id DESC LIMIT 20) n);
        DELETE FROM click_racers c WHERE c.race < (SELECT min(r.id) FROM click_races r);
        -- No player has this key; by it, whoever looks for changes hears of races.
        PERFORM click_stamp((-9223372036854775808)::bigint);
    END IF;
    RETURN QUERY SELECT j.race, j.racer FROM click_race_join(p_session, v_race) j;
END $$;

-- Takes a racer's total, which only grows, and closes the race once nobody races in it any more or
-- its time and three seconds are over. Said again, or after that, it changes nothing.
CREATE PROCEDURE click_race_report(p_session BIGINT, p_race BIGINT, p_presses BIGINT,
                                   p_standing BIGINT)
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    v_now BIGINT;
BEGIN
    PERFORM 1 FROM click_races r WHERE r.id = p_race AND r.closed_at IS NULL FOR UPDATE;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    v_now := (extract(epoch FROM clock_timestamp()) * 1000000)::bigint;
    UPDATE click_racers c
    SET presses = GREATEST(c.presses, LEAST(p_presses, s.last_seq - s.refused - c.base)),
        standing = p_standing
    FROM click_sessions s
    WHERE s.id = p_session AND c.race = p_race AND c.session = p_session
      AND c.standing = 0 AND p_standing IN (0, 1, 2);
    UPDATE click_races r SET closed_at = v_now
    WHERE r.id = p_race
      AND (r.starts_at + (r.seconds + 3) * 1000000 <= v_now
           OR NOT EXISTS (SELECT FROM click_racers c WHERE c.race = p_race AND c.standing = 0));
    IF FOUND THEN
        UPDATE click_racers c
        SET standing = CASE c.standing WHEN 0 THEN 2 ELSE c.standing END, session = NULL
        WHERE c.race = p_race;
    END IF;
END $$;

REVOKE ALL ON ROUTINE click_race_join(BIGINT, BIGINT), click_race_open(BIGINT, BIGINT),
                      click_race_report(BIGINT, BIGINT, BIGINT, BIGINT) FROM PUBLIC;
