-- Kept by the routines below, as in the first migration.
SELECT set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);

-- The best sprint of each player over each length, and when its presses were made: how many in each
-- tenth of a second, with commas between them.
CREATE TABLE click_sprints (
    user_id BIGINT NOT NULL,
    seconds BIGINT NOT NULL,
    presses BIGINT NOT NULL,
    at      BIGINT NOT NULL,
    trace   TEXT   NOT NULL,
    PRIMARY KEY (user_id, seconds)
);

CREATE INDEX click_sprints_presses ON click_sprints (seconds, presses);

-- Said twice, or after a better one, it changes nothing. The player's row is held, so that nothing
-- is kept of one who is being removed.
CREATE PROCEDURE click_sprint(p_player BIGINT, p_seconds BIGINT, p_presses BIGINT, p_trace TEXT)
LANGUAGE sql SECURITY DEFINER SET search_path FROM CURRENT AS $$
    INSERT INTO click_sprints AS s (user_id, seconds, presses, at, trace)
    SELECT u.id, p_seconds, p_presses,
           floor(extract(epoch FROM statement_timestamp()))::bigint, p_trace
    FROM users u WHERE u.id = p_player FOR KEY SHARE
    ON CONFLICT (user_id, seconds) DO UPDATE
    SET presses = excluded.presses, at = excluded.at, trace = excluded.trace
    WHERE excluded.presses > s.presses
$$;

REVOKE ALL ON PROCEDURE click_sprint(BIGINT, BIGINT, BIGINT, TEXT) FROM PUBLIC;

CREATE FUNCTION click_sprints_removed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    DELETE FROM click_sprints WHERE user_id = OLD.id;
    RETURN NULL;
END $$;

CREATE FUNCTION click_sprints_rekeyed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    UPDATE click_sprints SET user_id = NEW.id WHERE user_id = OLD.id;
    RETURN NULL;
END $$;

CREATE FUNCTION click_sprints_emptied() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    DELETE FROM click_sprints;
    RETURN NULL;
END $$;

-- Or anyone could hang them on a temporary table, and have its rows stand in for players.
REVOKE ALL ON FUNCTION click_sprints_removed(), click_sprints_rekeyed(), click_sprints_emptied()
FROM PUBLIC;

CREATE TRIGGER click_sprints_removed AFTER DELETE ON users FOR EACH ROW
EXECUTE FUNCTION click_sprints_removed();

CREATE TRIGGER click_sprints_rekeyed AFTER UPDATE ON users FOR EACH ROW
WHEN (NEW.id <> OLD.id)
EXECUTE FUNCTION click_sprints_rekeyed();

CREATE TRIGGER click_sprints_emptied AFTER TRUNCATE ON users FOR EACH STATEMENT
EXECUTE FUNCTION click_sprints_emptied();
