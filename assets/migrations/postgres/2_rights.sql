-- Counting, and what a client needs for it, is done by routines that run as their owner, so that a
-- role needs no right to a score, nor to the totals of other clients.
SELECT set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);

-- The key of a session is all that counting asks for: 60 random bits, which nobody guesses. Rows
-- from before keep theirs until their clients leave.
ALTER TABLE click_sessions ALTER COLUMN id DROP IDENTITY;
ALTER TABLE click_sessions ALTER COLUMN id SET DEFAULT
    ('x' || right(gen_random_uuid()::text, 12) || left(gen_random_uuid()::text, 3))::bit(60)::bigint;

CREATE PROCEDURE click_register(p_client TEXT, p_player BIGINT)
LANGUAGE sql SECURITY DEFINER SET search_path FROM CURRENT AS $$
    INSERT INTO click_sessions (client, user_id)
    SELECT p_client, u.id FROM users u WHERE u.id = p_player FOR KEY SHARE
    ON CONFLICT (client, user_id) DO NOTHING
$$;

CREATE FUNCTION click_session(p_client TEXT, p_player BIGINT) RETURNS SETOF BIGINT
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT s.id FROM click_sessions s WHERE s.client = p_client AND s.user_id = p_player
$$;

-- The locked transaction in one round trip. The first statement locks the player's row, then the
-- session's, and where it waited gives both as they are then; there is no row where one is gone.
CREATE FUNCTION click_count(p_session BIGINT, p_upto BIGINT)
RETURNS TABLE (counted BIGINT, score BIGINT)
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    v_player BIGINT;
BEGIN
    SELECT u.id, COALESCE(u.score, 0), s.last_seq INTO v_player, score, counted
    FROM click_sessions s JOIN users u ON u.id = s.user_id
    WHERE s.id = p_session
    FOR UPDATE OF u, s;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    IF counted < p_upto THEN
        score := score + (p_upto - counted);
        counted := p_upto;
        UPDATE users u SET score = click_count.score WHERE u.id = v_player;
        UPDATE click_sessions s SET last_seq = p_upto WHERE s.id = p_session;
    END IF;
    RETURN NEXT;
END $$;

CREATE PROCEDURE click_retire(p_client TEXT)
LANGUAGE sql SECURITY DEFINER SET search_path FROM CURRENT AS $$
    DELETE FROM click_sessions WHERE client = p_client
$$;

REVOKE ALL ON ROUTINE click_register(TEXT, BIGINT), click_session(TEXT, BIGINT),
                      click_count(BIGINT, BIGINT), click_retire(TEXT) FROM PUBLIC;

-- Or anyone could hang them on a temporary table, and have its rows stand in for players.
REVOKE ALL ON FUNCTION click_user_written(), click_user_removed(), click_users_emptied()
FROM PUBLIC;
