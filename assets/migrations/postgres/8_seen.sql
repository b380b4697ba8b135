-- Kept by the routines below, as in the first migration.
SELECT set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);

-- On which day a client was last heard of, in days since 1970. Clients that were not for 90 days are
-- forgotten; NULL is of those that never are, the calls with a key. 'kept_since' is the first day
-- whose clients are all there: it moves before a row goes, in the same transaction, so that presses
-- which come late are not taken for those of a client that was never counted.
ALTER TABLE click_sessions ADD COLUMN seen BIGINT;

UPDATE click_sessions SET seen = floor(extract(epoch FROM statement_timestamp()) / 86400)::bigint
WHERE substr(client, 15, 1) <> '8';

CREATE INDEX click_sessions_seen ON click_sessions (seen) WHERE seen IS NOT NULL;

INSERT INTO click_meta (key, value) VALUES ('kept_since', '0');

-- As before, with the day.
CREATE OR REPLACE PROCEDURE click_register(p_client TEXT, p_player BIGINT)
LANGUAGE sql SECURITY DEFINER SET search_path FROM CURRENT AS $$
    INSERT INTO click_sessions (client, user_id, seen)
    SELECT p_client, u.id,
           CASE WHEN substr(p_client, 15, 1) <> '8'
                THEN floor(extract(epoch FROM statement_timestamp()) / 86400)::bigint END
    FROM users u WHERE u.id = p_player FOR KEY SHARE
    ON CONFLICT (client, user_id) DO NOTHING
$$;

-- The same for a client that opened the database on this day at the latest, unless its row may have
-- been forgotten since. Locked, so that nobody forgets it meanwhile.
CREATE PROCEDURE click_resume(p_client TEXT, p_player BIGINT, p_day BIGINT)
LANGUAGE sql SECURITY DEFINER SET search_path FROM CURRENT AS $$
    INSERT INTO click_sessions (client, user_id, seen)
    SELECT p_client, u.id, floor(extract(epoch FROM statement_timestamp()) / 86400)::bigint
    FROM click_meta m, users u
    WHERE m.key = 'kept_since' AND substring(m.value FROM '^[0-9]{1,9}$')::bigint <= p_day
      AND u.id = p_player
    FOR SHARE OF m FOR KEY SHARE OF u
    ON CONFLICT (client, user_id) DO NOTHING
$$;

-- Says that a client is there still, and forgets some of those that are not: 1 where there may be
-- more of them.
CREATE FUNCTION click_tidy(p_client TEXT) RETURNS BIGINT
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    v_today BIGINT := floor(extract(epoch FROM statement_timestamp()) / 86400);
    v_since BIGINT;
    v_gone  BIGINT := 0;
BEGIN
    UPDATE click_sessions s SET seen = v_today WHERE s.client = p_client AND s.seen < v_today;
    IF EXISTS (SELECT FROM click_sessions s WHERE s.seen < v_today - 90) THEN
        UPDATE click_meta m SET value = v_today - 90
        WHERE m.key = 'kept_since'
          AND substring(m.value FROM '^[0-9]{1,9}$')::bigint < v_today - 90;
        SELECT substring(m.value FROM '^[0-9]{1,9}$')::bigint INTO v_since
        FROM click_meta m WHERE m.key = 'kept_since';
        DELETE FROM click_sessions s WHERE s.id IN (
            SELECT o.id FROM click_sessions o
            WHERE o.seen < v_today - 90 AND o.seen < v_since
            LIMIT 500 FOR UPDATE SKIP LOCKED);
        GET DIAGNOSTICS v_gone = ROW_COUNT;
    END IF;
    RETURN (v_gone = 500)::int;
END $$;

-- What changed, for those who watch, with no right of its owner. As a statement by itself it would be
-- planned anew at each look, since one that is planned for the moment seems cheaper; the planning
-- takes five times as long as the look. Here there is one plan for all: along the stamps, and from
-- there to the players by their keys.
CREATE FUNCTION click_feed(p_from BIGINT, p_most BIGINT)
RETURNS TABLE (stamp BIGINT, user_id BIGINT, id BIGINT, name BYTEA, email BYTEA, score BIGINT)
LANGUAGE plpgsql STABLE
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off
SET enable_hashjoin = off SET enable_mergejoin = off AS $$
BEGIN
    RETURN QUERY
    SELECT (extract(epoch FROM statement_timestamp()) * 1000000)::bigint,
           NULL::bigint, NULL::bigint, NULL::bytea, NULL::bytea, NULL::bigint
    UNION ALL
    SELECT c.stamp, c.user_id, u.id::bigint, convert_to(u.name, 'UTF8'),
           convert_to(u.email, 'UTF8'), COALESCE(u.score, 0)::bigint
    FROM (SELECT o.stamp, o.user_id FROM click_changes o
          WHERE o.stamp > LEAST(p_from,
                    (extract(epoch FROM statement_timestamp()) * 1000000)::bigint
                ) - 10000000
          ORDER BY o.stamp LIMIT p_most) c
    LEFT JOIN users u ON u.id = c.user_id;
END $$;

REVOKE ALL ON ROUTINE click_resume(TEXT, BIGINT, BIGINT), click_tidy(TEXT) FROM PUBLIC;

-- Who may play may do this too.
DO $$
DECLARE
    players TEXT;
BEGIN
    SELECT string_agg(DISTINCT a.grantee::regrole::text, ', ') INTO players
    FROM pg_proc p, aclexplode(p.proacl) a
    WHERE p.oid = 'click_retire(text)'::regprocedure AND a.grantee NOT IN (0, p.proowner);
    IF players <> '' THEN
        EXECUTE 'GRANT EXECUTE ON ROUTINE click_resume(TEXT, BIGINT, BIGINT), click_tidy(TEXT) TO '
             || players;
    END IF;
END $$;
