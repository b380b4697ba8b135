-- Kept by the functions below, as in the first migration.
SELECT set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);

-- What the database demands of its players: 'held_keys' is once, count or unset; 'max_rate' is how
-- many points a second a player may score, or off.
INSERT INTO click_meta (key, value) VALUES ('held_keys', 'unset'), ('max_rate', 'off');

-- The limit stands in each session, so that a count without one has nothing more to look up.
-- `refused` is how many of the presses up to last_seq were over it.
ALTER TABLE click_sessions ADD COLUMN max_rate BIGINT,
                           ADD COLUMN refused BIGINT NOT NULL DEFAULT 0;

-- Up to which moment the player's rate is used up, in microseconds since 1970.
ALTER TABLE click_changes ADD COLUMN spent BIGINT NOT NULL DEFAULT 0;

-- Locked, so that a limit set at this moment is found here or finds this session.
CREATE FUNCTION click_session_limited() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    SELECT substring(m.value FROM '^[1-9][0-9]{0,6}$')::bigint INTO NEW.max_rate
    FROM click_meta m WHERE m.key = 'max_rate' FOR SHARE;
    RETURN NEW;
END $$;

CREATE TRIGGER click_session_limited BEFORE INSERT ON click_sessions
FOR EACH ROW EXECUTE FUNCTION click_session_limited();

-- What is null stays as it is.
CREATE PROCEDURE click_rule(p_held_keys TEXT, p_max_rate TEXT)
LANGUAGE sql SECURITY DEFINER SET search_path FROM CURRENT AS $$
    INSERT INTO click_meta (key, value)
    SELECT r.key, r.value
    FROM (VALUES ('held_keys', p_held_keys), ('max_rate', p_max_rate)) r (key, value)
    WHERE r.value IS NOT NULL
    ON CONFLICT (key) DO UPDATE SET value = excluded.value;
    UPDATE click_sessions
    SET max_rate = substring(p_max_rate FROM '^[1-9][0-9]{0,6}$')::bigint
    WHERE p_max_rate IS NOT NULL
$$;

-- Who may call the function may call it as it is from now on.
SELECT set_config('clickoff.players', COALESCE(string_agg(DISTINCT a.grantee::regrole::text, ', '), ''), true)
FROM pg_proc p, aclexplode(p.proacl) a
WHERE p.oid = 'click_count(bigint,bigint)'::regprocedure AND a.grantee NOT IN (0, p.proowner);

DROP FUNCTION click_count(BIGINT, BIGINT);

-- As before; but where there is a limit it takes what the rate allows, a minute's worth at the most,
-- and refuses the rest. That the player's row is locked orders those who use up one rate.
--
-- Counting waits in line. Those who wait for a row wait for one version of it: when it has changed,
-- each has to find the newest anew, and whoever comes just then goes before. The advisory lock hands
-- over in the order of coming, and the row is then free. It is a courtesy, given back with the
-- transaction: the rows' own locks are what keep the scores right. Each statement after the wait
-- sees the rows as they are by then.
CREATE FUNCTION click_count(p_session BIGINT, p_upto BIGINT)
RETURNS TABLE (counted BIGINT, score BIGINT, refused BIGINT, max_rate BIGINT)
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    v_player BIGINT;
    v_taken  BIGINT;
    v_now    BIGINT;
    v_from   BIGINT;
BEGIN
    PERFORM pg_advisory_xact_lock('users'::regclass::oid::int, (s.user_id & 2147483647)::int)
    FROM click_sessions s WHERE s.id = p_session;
    SELECT u.id, COALESCE(u.score, 0), s.last_seq, s.refused, s.max_rate
    INTO v_player, score, counted, refused, max_rate
    FROM click_sessions s JOIN users u ON u.id = s.user_id
    WHERE s.id = p_session
    FOR UPDATE OF u, s;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    IF counted >= p_upto THEN
        NULL;
    ELSIF max_rate IS NULL THEN
        score := score + (p_upto - counted);
        counted := p_upto;
        UPDATE users u SET score = click_count.score WHERE u.id = v_player;
        UPDATE click_sessions s SET last_seq = p_upto WHERE s.id = p_session;
    ELSE
        v_now := (extract(epoch FROM clock_timestamp()) * 1000000)::bigint;
        SELECT c.spent INTO v_from FROM click_changes c WHERE c.user_id = v_player;
        v_from := GREATEST(LEAST(COALESCE(v_from, 0), v_now), v_now - 60000000);
        v_taken := LEAST(p_upto - counted, (v_now - v_from) * max_rate / 1000000);
        refused := refused + (p_upto - counted) - v_taken;
        counted := p_upto;
        INSERT INTO click_changes AS c (user_id, stamp, spent)
        VALUES (v_player, v_now, v_from + (v_taken * 1000000 + max_rate - 1) / max_rate)
        ON CONFLICT (user_id) DO UPDATE SET spent = excluded.spent;
        IF v_taken > 0 THEN
            score := score + v_taken;
            UPDATE users u SET score = click_count.score WHERE u.id = v_player;
        END IF;
        UPDATE click_sessions s SET last_seq = p_upto, refused = click_count.refused
        WHERE s.id = p_session;
    END IF;
    RETURN NEXT;
END $$;

REVOKE ALL ON ROUTINE click_count(BIGINT, BIGINT), click_rule(TEXT, TEXT),
                      click_session_limited() FROM PUBLIC;

DO $$
BEGIN
    IF current_setting('clickoff.players') <> '' THEN
        EXECUTE 'GRANT EXECUTE ON FUNCTION click_count(BIGINT, BIGINT) TO '
             || current_setting('clickoff.players');
    END IF;
END $$;
