-- Turns a score that was written back too late into one point more, as it was meant: a program that
-- reads a score and writes it back plus one never means to lower it. `clickoff guard` installs it.
--
-- A score of 0 or less is let through, as it resets a player; so is one that is written together
-- with another name or address. What the history takes for overwritten was not, and is taken back:
-- it is in the same quarter hour, since a statement sees one time.
CREATE TRIGGER click_guard AFTER UPDATE OF score ON users
WHEN NEW.id = OLD.id
 AND typeof(OLD.score) = 'integer' AND typeof(NEW.score) = 'integer'
 AND NEW.score BETWEEN 1 AND OLD.score AND OLD.score < 4000000000000000000
 AND NEW.name IS OLD.name AND NEW.email IS OLD.email
BEGIN
    UPDATE users SET score = OLD.score + 1 WHERE id = NEW.id;
    INSERT INTO click_history (user_id, quarter, points, overwritten)
    VALUES (NEW.id, CAST(strftime('%s', 'now') AS INTEGER) / 900, 0, NEW.score - OLD.score - 1)
    ON CONFLICT (user_id, quarter) DO UPDATE
    SET overwritten = overwritten + excluded.overwritten;
END
