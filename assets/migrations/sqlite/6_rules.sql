-- What the database demands of its players: 'held_keys' is once, count or unset; 'max_rate' is how
-- many points a second a player may score, or off.
INSERT INTO click_meta (key, value) VALUES ('held_keys', 'unset'), ('max_rate', 'off');

-- The limit stands in each session, so that a count without one has nothing more to look up.
-- `refused` is how many of the presses up to last_seq were over it.
ALTER TABLE click_sessions ADD COLUMN max_rate INTEGER;
ALTER TABLE click_sessions ADD COLUMN refused INTEGER NOT NULL DEFAULT 0;

-- Up to which moment the player's rate is used up, in microseconds since 1970.
ALTER TABLE click_changes ADD COLUMN spent INTEGER NOT NULL DEFAULT 0;

CREATE TRIGGER click_session_limited AFTER INSERT ON click_sessions
BEGIN
    UPDATE click_sessions
    SET max_rate = (SELECT CAST(value AS INTEGER) FROM click_meta
                    WHERE key = 'max_rate' AND value GLOB '[1-9]*')
    WHERE id = NEW.id;
END;

-- Takes what the rate allows, a minute's worth at the most, and refuses the rest. Fires for a count
-- that names `refused`; one of an earlier version, which does not, has written the score itself.
CREATE TRIGGER click_limited AFTER UPDATE OF refused ON click_sessions
WHEN NEW.last_seq > OLD.last_seq
BEGIN
    INSERT INTO click_changes (user_id, seq)
    SELECT NEW.user_id, COALESCE(MAX(seq), 0) + 1 FROM click_changes WHERE TRUE
    ON CONFLICT (user_id) DO NOTHING;
    UPDATE click_sessions
    SET refused = refused + MAX(0, NEW.last_seq - OLD.last_seq
        - (SELECT (now - MAX(MIN(spent, now), now - 60000000)) * NEW.max_rate / 1000000
           FROM (SELECT spent, CAST(unixepoch('subsec') * 1000000 AS INTEGER) AS now
                 FROM click_changes WHERE user_id = NEW.user_id)))
    WHERE id = NEW.id AND NEW.max_rate IS NOT NULL;
    UPDATE click_changes
    SET spent = (SELECT MAX(MIN(spent, now), now - 60000000)
                 FROM (SELECT CAST(unixepoch('subsec') * 1000000 AS INTEGER) AS now))
              + (SELECT ((NEW.last_seq - OLD.last_seq - (refused - OLD.refused)) * 1000000
                         + NEW.max_rate - 1) / NEW.max_rate
                 FROM click_sessions WHERE id = NEW.id)
    WHERE user_id = NEW.user_id AND NEW.max_rate IS NOT NULL;
    UPDATE users
    SET score = COALESCE(score, 0) + NEW.last_seq - OLD.last_seq
              - (SELECT refused - OLD.refused FROM click_sessions WHERE id = NEW.id)
    WHERE id = NEW.user_id
      AND (SELECT refused - OLD.refused FROM click_sessions WHERE id = NEW.id)
          < NEW.last_seq - OLD.last_seq;
END;
