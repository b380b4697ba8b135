-- Which rows there are under one idempotency key: the clients of a key differ in the last twelve
-- characters of their ids. Whoever asks must know the others, or could read all clients' totals.
SELECT set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);

CREATE FUNCTION click_claims(p_client TEXT)
RETURNS TABLE (client TEXT, player BIGINT, counted BIGINT)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT s.client, s.user_id, s.last_seq FROM click_sessions s
    WHERE s.client BETWEEN left(p_client, 24) || '000000000000'
                       AND left(p_client, 24) || 'ffffffffffff'
      AND left(s.client, 24) = left(p_client, 24)
$$;

REVOKE ALL ON FUNCTION click_claims(TEXT) FROM PUBLIC;
