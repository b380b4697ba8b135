-- Kept by the functions below, as in the first migration.
SELECT set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);

-- What each player scored and when, by quarter hours since 1970: midnight is the beginning of one in
-- every time zone. Rows grow with the quarter hours somebody plays in, not with presses. Quarter 0
-- holds what a score was before it had a history. The triggers write in the transaction of the
-- score, whoever writes that, so a score is always the sum of its points.
--
-- A program that writes back what it read plus one undoes what was scored in between; `overwritten`
-- is how much that was.
CREATE TABLE click_history (
    user_id     BIGINT NOT NULL,
    quarter     BIGINT NOT NULL,
    points      BIGINT NOT NULL,
    overwritten BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (user_id, quarter)
);

-- Without the points: what is in no index can change in place.
CREATE INDEX click_history_quarter ON click_history (quarter);

CREATE FUNCTION click_history_scored() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    -- The difference of larger scores may be none that a bigint holds.
    v_most   CONSTANT BIGINT := 4000000000000000000;
    v_before CONSTANT BIGINT := COALESCE(OLD.score, 0);
    v_after  CONSTANT BIGINT := COALESCE(NEW.score, 0);
BEGIN
    IF NEW.id = OLD.id AND v_before BETWEEN -v_most AND v_most
                       AND v_after BETWEEN -v_most AND v_most THEN
        INSERT INTO click_history AS h (user_id, quarter, points, overwritten)
        VALUES (NEW.id, floor(extract(epoch FROM clock_timestamp()) / 900)::bigint,
                v_after - v_before,
                CASE WHEN v_after BETWEEN 1 AND v_before THEN v_before - v_after + 1 ELSE 0 END)
        ON CONFLICT (user_id, quarter) DO UPDATE
        SET points = h.points + excluded.points,
            overwritten = h.overwritten + excluded.overwritten;
    ELSIF v_before = v_after THEN
        UPDATE click_history SET user_id = NEW.id WHERE user_id = OLD.id;
    ELSE
        -- A history that can't go on begins anew.
        DELETE FROM click_history WHERE user_id IN (OLD.id, NEW.id);
        INSERT INTO click_history (user_id, quarter, points) VALUES (NEW.id, 0, v_after);
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION click_history_added() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    INSERT INTO click_history (user_id, quarter, points) VALUES (NEW.id, 0, NEW.score);
    RETURN NULL;
END $$;

CREATE FUNCTION click_history_removed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    DELETE FROM click_history WHERE user_id = OLD.id;
    RETURN NULL;
END $$;

CREATE FUNCTION click_history_emptied() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    DELETE FROM click_history;
    RETURN NULL;
END $$;

-- Or anyone could hang them on a temporary table, and have its rows stand in for players.
REVOKE ALL ON FUNCTION click_history_scored(), click_history_added(), click_history_removed(),
                       click_history_emptied() FROM PUBLIC;

-- Another trigger may change a score that the statement does not name.
CREATE TRIGGER click_history_scored AFTER UPDATE ON users FOR EACH ROW
WHEN (COALESCE(NEW.score, 0) <> COALESCE(OLD.score, 0) OR NEW.id <> OLD.id)
EXECUTE FUNCTION click_history_scored();

-- A write of the same score is one that came too late, unless it was the name or the address that
-- it was about.
CREATE TRIGGER click_history_rescored AFTER UPDATE OF score ON users FOR EACH ROW
WHEN (NEW.score = OLD.score AND NEW.score > 0 AND NEW.id = OLD.id
      AND NEW.name::text IS NOT DISTINCT FROM OLD.name::text
      AND NEW.email::text IS NOT DISTINCT FROM OLD.email::text)
EXECUTE FUNCTION click_history_scored();

CREATE TRIGGER click_history_added AFTER INSERT ON users FOR EACH ROW
WHEN (NEW.score <> 0)
EXECUTE FUNCTION click_history_added();

CREATE TRIGGER click_history_removed AFTER DELETE ON users FOR EACH ROW
EXECUTE FUNCTION click_history_removed();

CREATE TRIGGER click_history_emptied AFTER TRUNCATE ON users FOR EACH STATEMENT
EXECUTE FUNCTION click_history_emptied();

INSERT INTO click_history (user_id, quarter, points)
SELECT id, 0, score FROM users WHERE score <> 0;
