-- Every statement may run again: the server commits each by itself, so a migration that was cut off
-- is begun anew.

-- The table of the tutorial that clickoff came from; a database that its program set up has it.
CREATE TABLE IF NOT EXISTS users (
    id    BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    name  VARCHAR(100),
    email VARCHAR(100),
    score BIGINT DEFAULT 0
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4;

-- What the database knows of itself; 'database' is its own name, by which an outbox finds home.
CREATE TABLE IF NOT EXISTS click_meta (
    name  VARCHAR(64) NOT NULL PRIMARY KEY,
    value VARCHAR(64) NOT NULL
) ENGINE = InnoDB DEFAULT CHARACTER SET ascii;

INSERT IGNORE INTO click_meta (name, value) VALUES ('database', REPLACE(UUID(), '-', ''));

-- One row a client and player: last_seq is how many of the client's presses the score holds.
CREATE TABLE IF NOT EXISTS click_sessions (
    id       BIGINT      NOT NULL AUTO_INCREMENT PRIMARY KEY,
    client   VARCHAR(36) NOT NULL,
    user_id  BIGINT      NOT NULL,
    last_seq BIGINT      NOT NULL DEFAULT 0,
    UNIQUE KEY click_sessions_client (client, user_id),
    KEY click_sessions_user (user_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET ascii;

-- The last change of each player, whoever made it, in microseconds of the server's clock; its size
-- is the number of players. The order of commits is not that of the stamps: who reads it looks
-- back as far as a transaction may last.
CREATE TABLE IF NOT EXISTS click_changes (
    user_id BIGINT NOT NULL PRIMARY KEY,
    stamp   BIGINT NOT NULL,
    KEY click_changes_stamp (stamp)
) ENGINE = InnoDB DEFAULT CHARACTER SET ascii;

-- Made here, so that the hot transaction finds its row: a missing one would be locked with the gap
-- around it.
INSERT IGNORE INTO click_changes (user_id, stamp)
SELECT id, TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6)) FROM users;

-- The clock of the statement's start, and what has passed since: a wait for a lock can be long.
DROP TRIGGER IF EXISTS click_user_added;
CREATE TRIGGER click_user_added AFTER INSERT ON users FOR EACH ROW
INSERT INTO click_changes (user_id, stamp)
VALUES (NEW.id, TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6))
              + TIMESTAMPDIFF(MICROSECOND, NOW(6), SYSDATE(6)))
ON DUPLICATE KEY UPDATE stamp = GREATEST(stamp + 1, VALUES(stamp));

DROP TRIGGER IF EXISTS click_user_changed;
CREATE TRIGGER click_user_changed AFTER UPDATE ON users FOR EACH ROW
BEGIN
    UPDATE click_changes
    SET stamp = GREATEST(stamp + 1,
                         TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6))
                       + TIMESTAMPDIFF(MICROSECOND, NOW(6), SYSDATE(6)))
    WHERE user_id IN (OLD.id, NEW.id);
    IF NEW.id <> OLD.id THEN
        UPDATE click_sessions SET user_id = NEW.id WHERE user_id = OLD.id;
        INSERT IGNORE INTO click_changes (user_id, stamp)
        VALUES (NEW.id, TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6))
                      + TIMESTAMPDIFF(MICROSECOND, NOW(6), SYSDATE(6)));
    END IF;
END;

-- The sessions go with their player, so that a key used again never inherits presses.
DROP TRIGGER IF EXISTS click_user_removed;
CREATE TRIGGER click_user_removed AFTER DELETE ON users FOR EACH ROW
BEGIN
    DELETE FROM click_sessions WHERE user_id = OLD.id;
    UPDATE click_changes
    SET stamp = GREATEST(stamp + 1,
                         TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6))
                       + TIMESTAMPDIFF(MICROSECOND, NOW(6), SYSDATE(6)))
    WHERE user_id = OLD.id;
END;
