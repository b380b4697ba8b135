-- What clickoff keeps in a MariaDB or MySQL database: its tables, the procedures that work on them,
-- and the triggers on the table of players.
--
-- Blank lines part the statements, and there is none within one. The server commits each by itself,
-- so every statement may run again after a set-up that was cut off. The triggers on `users`, which
-- fire for other programs too, come last, when all that they need is there.
--
-- Text after M! is MariaDB's alone, which replaces what is there; on MySQL it is dropped before it is
-- made.

-- The table of the tutorial that clickoff came from; a database that its program set up has it.
CREATE TABLE IF NOT EXISTS users (
    id    BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    name  VARCHAR(100),
    email VARCHAR(100),
    score BIGINT DEFAULT 0
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4;

-- What the database knows of itself: 'database' is its own name, by which an outbox finds home;
-- 'epoch' changes when a backup takes the place of what was there; 'kept_since' is the first day
-- whose clients are all in click_sessions; 'held_keys' (once, count or unset) and 'max_rate' (points
-- a second, or off) are what it demands of its players.
CREATE TABLE IF NOT EXISTS click_meta (
    name  VARCHAR(64) NOT NULL PRIMARY KEY,
    value VARCHAR(64) NOT NULL
) ENGINE = InnoDB DEFAULT CHARACTER SET ascii;

INSERT IGNORE INTO click_meta (name, value) VALUES
    ('database', REPLACE(UUID(), '-', '')),
    ('epoch', LEFT(SHA2(CONCAT(UUID(), RAND()), 256), 32)),
    ('kept_since', '0'),
    ('held_keys', 'unset'),
    ('max_rate', 'off');

-- What each routine that writes begins with. They have the rights of their definer, whatever the
-- caller set up for its session: `timestamp`, which would make the clock tell any time; `insert_id`
-- and its kin, which would use up the keys; `unique_checks`. The clock is not put back, since a value
-- that stands and one that was only read look the same, and would make it stand still. And a definer
-- may write where the server is a copy that takes no writes from the caller.
CREATE /*M!100103 OR REPLACE */ PROCEDURE click_guard()
SQL SECURITY DEFINER
BEGIN
    SET timestamp = DEFAULT, unique_checks = 1 /*M!100103 , insert_id = 0,
        auto_increment_increment = DEFAULT, auto_increment_offset = DEFAULT */;
    IF CONCAT(@@global.read_only) NOT IN ('0', 'OFF') THEN
        SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = 1290, MESSAGE_TEXT = 'read_only is on';
    END IF;
END;

-- One row a client and player: last_seq is how many of the client's presses are settled, and refused
-- how many of these were over the limit. max_rate is the limit; it stands here so that a count
-- without one has nothing more to look up. seen is the day on which the client was last heard of, in
-- days since 1970; NULL is of the calls with a key, which are never forgotten. sprint_base and
-- sprint_at are of the sprint that runs: how many presses had scored when it began, and when that
-- was, in microseconds since 1970. AUTO_INCREMENT lets a program leave the key out; the trigger below
-- draws it.
CREATE TABLE IF NOT EXISTS click_sessions (
    id          BIGINT      NOT NULL AUTO_INCREMENT PRIMARY KEY,
    client      VARCHAR(36) NOT NULL,
    user_id     BIGINT      NOT NULL,
    last_seq    BIGINT      NOT NULL DEFAULT 0,
    refused     BIGINT      NOT NULL DEFAULT 0,
    max_rate    BIGINT,
    seen        BIGINT,
    sprint_base BIGINT,
    sprint_at   BIGINT,
    UNIQUE KEY click_sessions_client (client, user_id),
    KEY click_sessions_user (user_id),
    KEY click_sessions_seen (seen)
) ENGINE = InnoDB DEFAULT CHARACTER SET ascii;

-- The key of a session is all that counting asks for: 60 bits that nobody guesses, drawn from the
-- client's own random name. The limit is read with a lock, so that one set at this moment is found
-- here or finds this session.
CREATE /*M!100103 OR REPLACE */ TRIGGER click_session_added BEFORE INSERT ON click_sessions
FOR EACH ROW
BEGIN
    DECLARE v_max_rate VARCHAR(64);
    IF COALESCE(NEW.id, 0) = 0 THEN
        SET NEW.id = CAST(CONV(LEFT(SHA2(CONCAT(NEW.client, UUID()), 256), 15), 16, 10) AS SIGNED);
    END IF;
    SELECT value INTO v_max_rate FROM click_meta WHERE name = 'max_rate' LOCK IN SHARE MODE;
    IF v_max_rate REGEXP '^[1-9][0-9]{0,6}$' THEN
        SET NEW.max_rate = CAST(v_max_rate AS SIGNED);
    END IF;
END;

-- Makes a client's row for a player unless it is there, and so do the next ones: as its definer, so
-- that a user needs no right to the totals of other clients. Calls with a key are never forgotten.
CREATE /*M!100103 OR REPLACE */ PROCEDURE click_register(
    IN p_client VARCHAR(36) CHARACTER SET ascii, IN p_player BIGINT)
MODIFIES SQL DATA SQL SECURITY DEFINER
BEGIN
    DECLARE EXIT HANDLER FOR SQLEXCEPTION
    BEGIN
        ROLLBACK;
        RESIGNAL;
    END;
    CALL click_guard();
    START TRANSACTION;
    INSERT IGNORE INTO click_sessions (client, user_id, seen)
    SELECT p_client, id,
           IF(SUBSTR(p_client, 15, 1) <> '8', TIMESTAMPDIFF(DAY, '1970-01-01', UTC_DATE()), NULL)
    FROM users WHERE id = p_player LOCK IN SHARE MODE;
    COMMIT;
END;

-- The same for a client that opened the database on this day at the latest, unless its row may have
-- been forgotten since. Locked, so that nobody forgets it meanwhile.
CREATE /*M!100103 OR REPLACE */ PROCEDURE click_resume(
    IN p_client VARCHAR(36) CHARACTER SET ascii, IN p_player BIGINT, IN p_day BIGINT)
MODIFIES SQL DATA SQL SECURITY DEFINER
BEGIN
    DECLARE EXIT HANDLER FOR SQLEXCEPTION
    BEGIN
        ROLLBACK;
        RESIGNAL;
    END;
    CALL click_guard();
    START TRANSACTION;
    INSERT IGNORE INTO click_sessions (client, user_id, seen)
    SELECT p_client, u.id, TIMESTAMPDIFF(DAY, '1970-01-01', UTC_DATE())
    FROM click_meta m JOIN users u
    WHERE m.name = 'kept_since' AND CAST(m.value AS SIGNED) <= p_day AND u.id = p_player
    LOCK IN SHARE MODE;
    COMMIT;
END;

-- As its definer, too.
CREATE /*M!100103 OR REPLACE */ PROCEDURE click_session(
    IN p_client VARCHAR(36) CHARACTER SET ascii, IN p_player BIGINT)
READS SQL DATA SQL SECURITY DEFINER
SELECT id FROM click_sessions WHERE client = p_client AND user_id = p_player;

-- As its definer; and whoever asks must know an id but for its end, or could read all clients' totals.
CREATE /*M!100103 OR REPLACE */ PROCEDURE click_claims(IN p_client VARCHAR(36) CHARACTER SET ascii)
READS SQL DATA SQL SECURITY DEFINER
SELECT client, user_id, last_seq FROM click_sessions
WHERE client BETWEEN CONCAT(LEFT(p_client, 24), '000000000000')
                 AND CONCAT(LEFT(p_client, 24), 'ffffffffffff')
  AND LEFT(client, 24) = LEFT(p_client, 24);

-- Forgets a client whose presses are all counted.
CREATE /*M!100103 OR REPLACE */ PROCEDURE click_retire(IN p_client VARCHAR(36) CHARACTER SET ascii)
MODIFIES SQL DATA SQL SECURITY DEFINER
BEGIN
    DECLARE EXIT HANDLER FOR SQLEXCEPTION
    BEGIN
        ROLLBACK;
        RESIGNAL;
    END;
    CALL click_guard();
    START TRANSACTION;
    DELETE FROM click_sessions WHERE client = p_client;
    COMMIT;
END;

-- Says that a client is there still, and forgets some of those that were not heard of for 90 days: 1
-- where there may be more of them. 'kept_since' moves before a row goes, in the same transaction, so
-- that presses which come late are not taken for those of a client that was never counted.
CREATE /*M!100103 OR REPLACE */ PROCEDURE click_tidy(IN p_client VARCHAR(36) CHARACTER SET ascii)
MODIFIES SQL DATA SQL SECURITY DEFINER
BEGIN
    DECLARE v_today BIGINT;
    DECLARE v_since BIGINT;
    DECLARE v_gone BIGINT DEFAULT 0;
    DECLARE EXIT HANDLER FOR SQLEXCEPTION
    BEGIN
        ROLLBACK;
        RESIGNAL;
    END;
    CALL click_guard();
    SET v_today = TIMESTAMPDIFF(DAY, '1970-01-01', UTC_DATE());
    START TRANSACTION;
    UPDATE click_sessions SET seen = v_today WHERE client = p_client AND seen < v_today;
    COMMIT;
    IF EXISTS (SELECT 1 FROM click_sessions WHERE seen < v_today - 90) THEN
        START TRANSACTION;
        UPDATE click_meta SET value = v_today - 90
        WHERE name = 'kept_since' AND CAST(value AS SIGNED) < v_today - 90;
        SELECT CAST(value AS SIGNED) INTO v_since FROM click_meta WHERE name = 'kept_since';
        DELETE FROM click_sessions WHERE seen < LEAST(v_since, v_today - 90) ORDER BY seen LIMIT 500;
        SET v_gone = ROW_COUNT();
        COMMIT;
    END IF;
    SELECT CAST(v_gone = 500 AS SIGNED) FROM DUAL;
END;

-- One row a player, and one of the smallest key, which no player has, for races. stamp is when the
-- player last changed, whoever did that, in microseconds since 1970. The order of commits is not that
-- of the stamps: who reads it looks back as far as a transaction may last. rank_key is the ranking: the
-- complement of the score, so that rising keys are falling scores, and no score has none; where it is
-- NULL there is no player. Both are written with every score. spent is up to which moment the player's
-- rate is used up.
CREATE TABLE IF NOT EXISTS click_changes (
    user_id  BIGINT NOT NULL PRIMARY KEY,
    stamp    BIGINT NOT NULL,
    rank_key BIGINT,
    spent    BIGINT NOT NULL DEFAULT 0,
    KEY click_changes_stamp (stamp)
) ENGINE = InnoDB DEFAULT CHARACTER SET ascii;

-- Every thousandth place of the ranking as of the last survey: how many stand before it. From there
-- to any player there are few to be counted.
CREATE TABLE IF NOT EXISTS click_ladder (
    rank_key BIGINT NOT NULL,
    user_id  BIGINT NOT NULL,
    place    BIGINT NOT NULL,
    PRIMARY KEY (rank_key, user_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET ascii;

-- The last survey: when, in microseconds since 1970, how long it took, and how many players it saw.
CREATE TABLE IF NOT EXISTS click_survey (
    id      BIGINT NOT NULL PRIMARY KEY,
    at      BIGINT NOT NULL,
    took    BIGINT NOT NULL,
    players BIGINT NOT NULL
) ENGINE = InnoDB DEFAULT CHARACTER SET ascii;

INSERT IGNORE INTO click_survey (id, at, took, players) VALUES (1, 0, 0, 0);

-- Counts the places of the ranking anew, unless somebody does or has just done so: after a hundred
-- times as long as the last survey took, so that all of them together take a hundredth of a
-- processor. Who may look may ask for it. A copy of another server gets what that one counted.
CREATE /*M!100103 OR REPLACE */ PROCEDURE click_take_survey()
MODIFIES SQL DATA SQL SECURITY DEFINER
BEGIN
    DECLARE v_now BIGINT;
    DECLARE v_key BIGINT;
    DECLARE v_player BIGINT;
    DECLARE v_next_key BIGINT;
    DECLARE v_next_player BIGINT;
    DECLARE v_place BIGINT DEFAULT 0;
    DECLARE v_rest BIGINT DEFAULT 0;
    DECLARE v_is_due BOOLEAN;
    DECLARE EXIT HANDLER FOR 1290
    BEGIN
    END;
    DECLARE EXIT HANDLER FOR SQLEXCEPTION
    BEGIN
        ROLLBACK;
        RESIGNAL;
    END;
    CALL click_guard();
    SET v_now = TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6));
    START TRANSACTION;
    UPDATE click_survey SET at = v_now
    WHERE id = 1 AND (at > v_now OR v_now - at > GREATEST(20000000, took * 100));
    SET v_is_due = ROW_COUNT();
    COMMIT;
    IF v_is_due THEN
        START TRANSACTION;
        DELETE FROM click_ladder;
        SELECT rank_key, user_id INTO v_key, v_player
        FROM click_changes FORCE INDEX (click_changes_ranking)
        WHERE rank_key IS NOT NULL ORDER BY rank_key, user_id LIMIT 1;
        WHILE v_key IS NOT NULL DO
            INSERT INTO click_ladder (rank_key, user_id, place)
            VALUES (v_key, v_player, v_place);
            SET v_next_key = NULL;
            SELECT rank_key, user_id INTO v_next_key, v_next_player
            FROM click_changes FORCE INDEX (click_changes_ranking)
            WHERE rank_key = v_key AND user_id > v_player
            ORDER BY rank_key, user_id LIMIT 1 OFFSET 999;
            IF v_next_key IS NULL THEN
                SELECT COUNT(*) INTO v_rest
                FROM click_changes FORCE INDEX (click_changes_ranking)
                WHERE rank_key = v_key AND user_id > v_player;
                SET v_rest = 999 - v_rest;
                SELECT rank_key, user_id INTO v_next_key, v_next_player
                FROM click_changes FORCE INDEX (click_changes_ranking)
                WHERE rank_key > v_key
                ORDER BY rank_key, user_id LIMIT v_rest, 1;
            END IF;
            IF v_next_key IS NULL THEN
                SELECT v_place + COUNT(*) INTO v_place
                FROM click_changes FORCE INDEX (click_changes_ranking)
                WHERE rank_key > v_key OR (rank_key = v_key AND user_id >= v_player);
            ELSE
                SET v_place = v_place + 1000;
            END IF;
            SET v_key = v_next_key, v_player = v_next_player;
        END WHILE;
        UPDATE click_survey
        SET players = v_place,
            took = TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6)) - v_now
        WHERE id = 1;
        COMMIT;
    END IF;
END;

-- What each player scored and when, by quarter hours since 1970: midnight is the beginning of one in
-- every time zone. Rows grow with the quarter hours somebody plays in, not with presses. Quarter 0
-- holds what a score was before it had a history. The triggers write in the transaction of the
-- score, whoever writes that, so a score is always the sum of its points.
--
-- A program that writes back what it read plus one undoes what was scored in between; `overwritten`
-- is how much that was.
CREATE TABLE IF NOT EXISTS click_history (
    user_id     BIGINT NOT NULL,
    quarter     BIGINT NOT NULL,
    points      BIGINT NOT NULL,
    overwritten BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (user_id, quarter),
    KEY click_history_quarter (quarter)
) ENGINE = InnoDB DEFAULT CHARACTER SET ascii;

-- The locked transaction in one round trip. Error handlers run after the failed statement alone was
-- undone; the transaction must be.
--
-- Where there is a limit it takes what the rate allows, at most a minute's worth, and refuses the
-- rest. That the player's row is locked orders those who use up one rate. What is used up is used up,
-- unless it is of a time that is more than a minute from now: then the server's clock was set back.
--
-- What is told is what the rows hold after the write. A trigger of somebody else may have made
-- something else of it: then nothing is kept, and it is said by what.
CREATE /*M!100103 OR REPLACE */ PROCEDURE click_count(IN p_session BIGINT, IN p_upto BIGINT)
MODIFIES SQL DATA SQL SECURITY DEFINER
BEGIN
    DECLARE v_player BIGINT;
    DECLARE v_score BIGINT;
    DECLARE v_is_broken BOOLEAN;
    DECLARE v_counted BIGINT;
    DECLARE v_refused BIGINT;
    DECLARE v_max_rate BIGINT;
    DECLARE v_taken BIGINT;
    DECLARE v_now BIGINT;
    DECLARE v_from BIGINT;
    DECLARE v_held BIGINT;
    DECLARE v_settled BIGINT;
    DECLARE v_why TEXT CHARACTER SET utf8mb4;
    DECLARE EXIT HANDLER FOR SQLEXCEPTION
    BEGIN
        ROLLBACK;
        RESIGNAL;
    END;
    CALL click_guard();
    SELECT user_id INTO v_player FROM click_sessions WHERE id = p_session;
    START TRANSACTION;
    SELECT COALESCE(score, 0), score <> CAST(score AS SIGNED) INTO v_score, v_is_broken FROM users
    WHERE id = v_player FOR UPDATE;
    IF v_is_broken THEN
        SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'the score is no whole number';
    END IF;
    SELECT last_seq, refused, max_rate INTO v_counted, v_refused, v_max_rate FROM click_sessions
    WHERE id = p_session AND user_id = v_player FOR UPDATE;
    IF v_score IS NOT NULL AND v_counted < p_upto THEN
        SET v_taken = p_upto - v_counted;
        IF v_max_rate IS NOT NULL THEN
            SET v_now = TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6));
            SELECT COALESCE(MAX(spent), 0) INTO v_from FROM click_changes WHERE user_id = v_player;
            SET v_from = GREATEST(IF(v_from < v_now + 60000000, v_from, v_now), v_now - 60000000);
            SET v_taken = LEAST(v_taken, GREATEST(v_now - v_from, 0) * v_max_rate DIV 1000000);
            SET v_refused = v_refused + (p_upto - v_counted) - v_taken;
            UPDATE click_changes
            SET spent = v_from + (v_taken * 1000000 + v_max_rate - 1) DIV v_max_rate
            WHERE user_id = v_player;
        END IF;
        IF v_taken > 0 THEN
            SET v_score = v_score + v_taken;
            UPDATE users SET score = v_score WHERE id = v_player;
        END IF;
        UPDATE click_sessions SET last_seq = p_upto, refused = v_refused WHERE id = p_session;
        SET v_counted = p_upto;
        SELECT COALESCE(u.score, 0), s.last_seq INTO v_held, v_settled
        FROM click_sessions s JOIN users u ON u.id = s.user_id WHERE s.id = p_session;
        IF NOT (v_held <=> v_score AND v_settled <=> v_counted) THEN
            SELECT CONCAT(
                IF(v_held <=> v_score,
                   CONCAT(v_counted, ' presses were to be kept as counted'),
                   CONCAT('the score was to go from ', v_score - v_taken, ' to ', v_score)),
                ', and the row holds ',
                COALESCE(IF(v_held <=> v_score, v_settled, v_held), 'nothing'),
                COALESCE(CONCAT('. Look at ', GROUP_CONCAT(
                    'the trigger ', trigger_name, ' on the table ', event_object_table
                    ORDER BY trigger_name SEPARATOR ' and ')), ''))
            INTO v_why FROM information_schema.triggers
            WHERE event_object_schema = DATABASE() AND trigger_name NOT LIKE 'click\_%'
              AND (event_object_table = 'users' OR event_object_table LIKE 'click\_%');
            SET v_why = LEFT(v_why, 128 /*M!100103 * 4 */);
            SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30001, MESSAGE_TEXT = v_why;
        END IF;
    END IF;
    COMMIT;
    SELECT v_counted AS counted, v_score AS score, v_refused AS refused, v_max_rate AS max_rate
    FROM DUAL
    WHERE v_counted IS NOT NULL AND v_score IS NOT NULL;
END;

-- The best sprint of each player over each length, and when its presses were made: how many in each
-- tenth of a second, with commas between them. `beat` is the most presses by which one of them
-- beat the best before it.
CREATE TABLE IF NOT EXISTS click_sprints (
    user_id BIGINT NOT NULL,
    seconds BIGINT NOT NULL,
    presses BIGINT NOT NULL,
    at      BIGINT NOT NULL,
    trace   TEXT   NOT NULL,
    beat    BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (user_id, seconds),
    KEY click_sprints_presses (seconds, presses)
) ENGINE = InnoDB DEFAULT CHARACTER SET ascii;

-- Notes that a sprint of the session's player begins: how many presses had scored by then, and when.
CREATE /*M!100103 OR REPLACE */ PROCEDURE click_sprint_begin(IN p_session BIGINT)
MODIFIES SQL DATA SQL SECURITY DEFINER
BEGIN
    DECLARE EXIT HANDLER FOR SQLEXCEPTION
    BEGIN
        ROLLBACK;
        RESIGNAL;
    END;
    CALL click_guard();
    START TRANSACTION;
    UPDATE click_sessions
    SET sprint_base = last_seq - refused,
        sprint_at = TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6))
    WHERE id = p_session;
    COMMIT;
END;

-- Keeps a sprint of presses that the session has counted since it began, which was not longer ago than
-- it lasts and a minute: 1 where it is kept, or one as good is. Said twice, it changes nothing. The
-- rows are locked in the order of a count, so that nothing is kept of one who is being removed.
CREATE /*M!100103 OR REPLACE */ PROCEDURE click_sprint(
    IN p_session BIGINT, IN p_seconds BIGINT, IN p_presses BIGINT,
    IN p_trace TEXT CHARACTER SET ascii)
MODIFIES SQL DATA SQL SECURITY DEFINER
BEGIN
    DECLARE v_player BIGINT;
    DECLARE v_is_there BOOLEAN;
    DECLARE v_counted BIGINT;
    DECLARE v_began BIGINT;
    DECLARE v_now BIGINT;
    DECLARE v_sum BIGINT DEFAULT 0;
    DECLARE v_rest TEXT CHARACTER SET ascii DEFAULT p_trace;
    DECLARE v_fits BOOLEAN;
    DECLARE EXIT HANDLER FOR SQLEXCEPTION
    BEGIN
        ROLLBACK;
        RESIGNAL;
    END;
    CALL click_guard();
    START TRANSACTION;
    SELECT user_id INTO v_player FROM click_sessions WHERE id = p_session;
    SELECT COUNT(*) INTO v_is_there FROM users WHERE id = v_player LOCK IN SHARE MODE;
    SELECT last_seq - refused - sprint_base, sprint_at INTO v_counted, v_began
    FROM click_sessions WHERE id = p_session AND user_id = v_player FOR UPDATE;
    SET v_now = TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6));
    SET v_fits = COALESCE(v_is_there
        AND p_seconds IN (5, 10, 30, 60) AND p_presses BETWEEN 1 AND v_counted
        AND v_began BETWEEN v_now - (p_seconds + 60) * 1000000 AND v_now
        AND LENGTH(p_trace) <= 4096 AND p_trace NOT REGEXP '[^0-9,]'
        AND LENGTH(p_trace) - LENGTH(REPLACE(p_trace, ',', '')) < p_seconds * 10, FALSE);
    WHILE v_fits AND v_rest <> '' DO
        -- A step without presses is written as nothing.
        SET v_sum = v_sum + LEAST(CONCAT('0', SUBSTRING_INDEX(v_rest, ',', 1)) + 0, 1000000000);
        SET v_rest = IF(v_rest LIKE '%,%', SUBSTR(v_rest, LOCATE(',', v_rest) + 1), '');
    END WHILE;
    IF v_fits AND v_sum = p_presses THEN
        INSERT INTO click_sprints (user_id, seconds, presses, at, trace)
        VALUES (v_player, p_seconds, p_presses, v_now DIV 1000000, p_trace)
        ON DUPLICATE KEY UPDATE
            at = IF(VALUES(presses) > presses, VALUES(at), at),
            beat = GREATEST(beat, VALUES(presses) - presses),
            trace = IF(VALUES(presses) > presses, VALUES(trace), trace),
            presses = GREATEST(presses, VALUES(presses));
    END IF;
    COMMIT;
    SELECT CAST(v_fits AND v_sum = p_presses AND COUNT(*) = 1 AS SIGNED)
    FROM click_sprints
    WHERE user_id = v_player AND seconds = p_seconds AND presses >= p_presses;
END;

-- Which ssh key is which player, for `clickoff serve`: a key by its fingerprint, as ssh shows it, with
-- its comment, and since when it is here, in seconds since 1970.
CREATE TABLE IF NOT EXISTS click_keys (
    fingerprint VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    user_id     BIGINT NOT NULL,
    comment     TEXT   NOT NULL,
    at          BIGINT NOT NULL,
    KEY click_keys_user (user_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4;

-- The last 10,000 races. Times are microseconds since 1970 by the server's clock. From the moment that
-- a race is closed, its result does not change: neither its row, nor who raced and how fast.
CREATE TABLE IF NOT EXISTS click_races (
    id        BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    seconds   BIGINT NOT NULL,
    starts_at BIGINT NOT NULL,
    closed_at BIGINT
) ENGINE = InnoDB DEFAULT CHARACTER SET ascii;

-- Who raced, by the name of that time, which stays when the player goes. base is how many presses
-- of the session had scored at the joining: what a racer reports can't be more than scored since.
-- standing is 0 for racing, 1 for done, 2 for left. trace is when the presses were made, as a
-- sprint's; who has not told it has none. The session, which is a secret, is forgotten when the race
-- is closed, and name and trace behind the last 20 races.
CREATE TABLE IF NOT EXISTS click_racers (
    race     BIGINT NOT NULL,
    racer    BIGINT NOT NULL,
    session  BIGINT,
    user_id  BIGINT NOT NULL,
    name     TEXT,
    base     BIGINT NOT NULL,
    presses  BIGINT NOT NULL DEFAULT 0,
    standing BIGINT NOT NULL DEFAULT 0,
    trace    TEXT,
    PRIMARY KEY (race, racer),
    UNIQUE KEY click_racers_session (race, session),
    KEY click_racers_user (user_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4;

-- Opens a race that starts in ten seconds and joins it, or joins the one that others have opened a
-- moment before. One opening goes after the other, so that each finds the next key. One that starts
-- later than in ten seconds is closed like those that are over: the clock was set back. No player has
-- the smallest key; by it, whoever looks for changes hears of races.
CREATE /*M!100103 OR REPLACE */ PROCEDURE click_race_open(IN p_session BIGINT, IN p_seconds BIGINT)
MODIFIES SQL DATA SQL SECURITY DEFINER
BEGIN
    DECLARE v_lock VARCHAR(64) CHARACTER SET ascii;
    DECLARE v_now BIGINT;
    DECLARE v_known BIGINT;
    DECLARE v_race BIGINT;
    DECLARE v_first BIGINT;
    DECLARE v_last BIGINT;
    DECLARE EXIT HANDLER FOR SQLEXCEPTION
    BEGIN
        ROLLBACK;
        RESIGNAL;
    END;
    CALL click_guard();
    START TRANSACTION;
    SELECT value INTO v_lock FROM click_meta WHERE name = 'database' FOR UPDATE;
    SET v_now = TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6));
    UPDATE click_races SET closed_at = v_now
    WHERE closed_at IS NULL
      AND (starts_at + (seconds + 3) * 1000000 <= v_now OR starts_at > v_now + 10000000);
    UPDATE click_racers c JOIN click_races r ON r.id = c.race
    SET c.standing = CASE c.standing WHEN 0 THEN 2 ELSE c.standing END, c.session = NULL
    WHERE r.closed_at IS NOT NULL AND c.session IS NOT NULL;
    SELECT COUNT(*) INTO v_known
    FROM click_sessions s JOIN users u ON u.id = s.user_id WHERE s.id = p_session;
    SELECT MAX(id) INTO v_race FROM click_races WHERE closed_at IS NULL AND starts_at > v_now;
    IF v_race IS NULL AND v_known = 1 AND p_seconds IN (5, 10, 30, 60) THEN
        SELECT COALESCE(MAX(id), 0) + 1 INTO v_race FROM click_races;
        INSERT INTO click_races (id, seconds, starts_at)
        VALUES (v_race, p_seconds, v_now + 10000000);
        SELECT MIN(id), MAX(id) INTO v_first, v_last
        FROM (SELECT id FROM click_races ORDER BY id DESC LIMIT 20 OFFSET 20) older;
        UPDATE click_racers SET name = NULL, trace = NULL
        WHERE race BETWEEN v_first AND v_last AND (name IS NOT NULL OR trace IS NOT NULL);
        DELETE FROM click_races WHERE id <= v_race - 10000;
        DELETE FROM click_racers WHERE race <= v_race - 10000;
        INSERT INTO click_changes (user_id, stamp) VALUES (-9223372036854775808, v_now)
        ON DUPLICATE KEY UPDATE stamp = GREATEST(stamp + 1, VALUES(stamp));
    END IF;
    CALL click_race_enter(p_session, v_race);
    COMMIT;
    SELECT race, racer FROM click_racers WHERE race = v_race AND session = p_session;
END;

-- Joins a race that has not started, in its caller's transaction; who has joined stays in it.
CREATE /*M!100103 OR REPLACE */ PROCEDURE click_race_enter(IN p_session BIGINT, IN p_race BIGINT)
MODIFIES SQL DATA SQL SECURITY DEFINER
BEGIN
    DECLARE v_start BIGINT;
    DECLARE v_many BIGINT;
    SELECT starts_at INTO v_start FROM click_races
    WHERE id = p_race AND closed_at IS NULL FOR UPDATE;
    IF v_start > TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6)) THEN
        SELECT COUNT(*) INTO v_many FROM click_racers WHERE race = p_race;
        INSERT INTO click_racers (race, racer, session, user_id, name, base)
        SELECT p_race, v_many + 1, s.id, s.user_id, u.name, s.last_seq - s.refused
        FROM click_sessions s JOIN users u ON u.id = s.user_id
        WHERE s.id = p_session AND v_many < 32
        ON DUPLICATE KEY UPDATE standing = 0;
    END IF;
END;

-- Joins a race that has not started; who has joined is told so again. As its definer, so that a user
-- needs no right to the races of others.
CREATE /*M!100103 OR REPLACE */ PROCEDURE click_race_join(IN p_session BIGINT, IN p_race BIGINT)
MODIFIES SQL DATA SQL SECURITY DEFINER
BEGIN
    DECLARE EXIT HANDLER FOR SQLEXCEPTION
    BEGIN
        ROLLBACK;
        RESIGNAL;
    END;
    CALL click_guard();
    START TRANSACTION;
    CALL click_race_enter(p_session, p_race);
    COMMIT;
    SELECT race, racer FROM click_racers WHERE race = p_race AND session = p_session;
END;

-- Takes a racer's total, which only grows, and closes the race once nobody races in it any more or
-- its time and three seconds are over. Said again, or after that, it changes nothing. A trace of who
-- is done is kept where it can be one; whether it adds up is seen where it is read. As its definer,
-- so that a user needs no right to the races of others.
CREATE /*M!100103 OR REPLACE */ PROCEDURE click_race_report(
    IN p_session BIGINT, IN p_race BIGINT, IN p_presses BIGINT, IN p_standing BIGINT,
    IN p_trace TEXT CHARACTER SET ascii)
MODIFIES SQL DATA SQL SECURITY DEFINER
BEGIN
    DECLARE v_end BIGINT;
    DECLARE v_now BIGINT;
    DECLARE v_racing BIGINT;
    DECLARE EXIT HANDLER FOR SQLEXCEPTION
    BEGIN
        ROLLBACK;
        RESIGNAL;
    END;
    CALL click_guard();
    START TRANSACTION;
    SELECT starts_at + (seconds + 3) * 1000000 INTO v_end FROM click_races
    WHERE id = p_race AND closed_at IS NULL FOR UPDATE;
    IF v_end IS NOT NULL THEN
        SET v_now = TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6));
        UPDATE click_racers c JOIN click_sessions s ON s.id = c.session
        SET c.presses = GREATEST(c.presses, LEAST(p_presses, s.last_seq - s.refused - c.base)),
            c.standing = p_standing,
            c.trace = IF(p_standing = 1 AND LENGTH(p_trace) <= 4096
                AND p_trace NOT REGEXP '[^0-9,]' AND p_trace NOT REGEXP '[0-9]{10}'
                AND LENGTH(p_trace) - LENGTH(REPLACE(p_trace, ',', '')) < 600, p_trace, NULL)
        WHERE c.race = p_race AND c.session = p_session
          AND c.standing = 0 AND p_standing IN (0, 1, 2);
        SELECT COUNT(*) INTO v_racing FROM click_racers WHERE race = p_race AND standing = 0;
        IF v_racing = 0 OR v_end <= v_now THEN
            UPDATE click_races SET closed_at = v_now WHERE id = p_race;
            UPDATE click_racers
            SET standing = CASE standing WHEN 0 THEN 2 ELSE standing END, session = NULL
            WHERE race = p_race;
        END IF;
    END IF;
    COMMIT;
END;

-- What the database demands of its players; what is null stays as it is.
CREATE /*M!100103 OR REPLACE */ PROCEDURE click_rule(
    IN p_held_keys VARCHAR(64) CHARACTER SET ascii, IN p_max_rate VARCHAR(64) CHARACTER SET ascii)
MODIFIES SQL DATA SQL SECURITY DEFINER
BEGIN
    DECLARE EXIT HANDLER FOR SQLEXCEPTION
    BEGIN
        ROLLBACK;
        RESIGNAL;
    END;
    CALL click_guard();
    START TRANSACTION;
    IF p_held_keys IS NOT NULL THEN
        REPLACE INTO click_meta (name, value) VALUES ('held_keys', p_held_keys);
    END IF;
    IF p_max_rate IS NOT NULL THEN
        REPLACE INTO click_meta (name, value) VALUES ('max_rate', p_max_rate);
        UPDATE click_sessions
        SET max_rate = IF(p_max_rate REGEXP '^[1-9][0-9]{0,6}$', CAST(p_max_rate AS SIGNED), NULL);
    END IF;
    COMMIT;
END;

-- Players are looked for by name; no press touches it. A prefix has to be shorter than the column.
SET @clickoff_change = (SELECT IF(
    (SELECT COUNT(*) FROM information_schema.statistics
     WHERE table_schema = DATABASE() AND table_name = 'users'
       AND index_name = 'click_users_name') > 0,
    'DO 0', CONCAT('ALTER TABLE users ADD INDEX click_users_name (name',
                   IF(data_type <> 'enum' AND character_maximum_length > 64, '(64)', ''),
                   ')'))
    FROM information_schema.columns
    WHERE table_schema = DATABASE() AND table_name = 'users' AND column_name = 'name');
PREPARE clickoff_change FROM @clickoff_change;
EXECUTE clickoff_change;
DEALLOCATE PREPARE clickoff_change;

-- Adds a player and tells the key, in its caller's transaction. A routine, so that who may add needs
-- no right to write the table, where `insert_id` would use up all keys with one row. Without a name it
-- does nothing, which tells whether it may be called.
CREATE /*M!100103 OR REPLACE */ PROCEDURE click_add(
    IN p_name TEXT CHARACTER SET utf8mb4, IN p_email TEXT CHARACTER SET utf8mb4)
MODIFIES SQL DATA SQL SECURITY DEFINER
BEGIN
    CALL click_guard();
    DO LAST_INSERT_ID(0);
    IF p_name IS NOT NULL THEN
        INSERT INTO users (name, email, score) VALUES (p_name, p_email, 0);
        SELECT CAST(LAST_INSERT_ID() AS SIGNED) FROM DUAL;
    END IF;
END;

-- Changes a player's name and e-mail, likewise: a write that leaves the score alone without saying
-- who it is would be taken for one that came too late.
CREATE /*M!100103 OR REPLACE */ PROCEDURE click_edit(
    IN p_name TEXT CHARACTER SET utf8mb4, IN p_email TEXT CHARACTER SET utf8mb4, IN p_player BIGINT)
MODIFIES SQL DATA SQL SECURITY DEFINER
BEGIN
    CALL click_guard();
    SET @clickoff = TRUE;
    UPDATE users SET name = p_name, email = p_email WHERE id = p_player;
END;

-- From here on other programs are concerned: every write to `users` fires these. The time is that of
-- SYSDATE in UTC, for the caller can forge the clock of a statement, and a wait for a lock can be
-- long; the caller's zone is put back at once, before anything can fail.
--
-- Nothing in them fails for what a column of another program may hold: a score or a key can be larger
-- than a BIGINT. Of such a score is kept what a BIGINT holds, and of a player with such a key nothing.
--
-- TRUNCATE fires no trigger, so that a new player may find what is left of another with that key.
-- What is not there is not deleted, which would lock the gap.
CREATE /*M!100103 OR REPLACE */ TRIGGER click_user_added AFTER INSERT ON users FOR EACH ROW
ours: BEGIN
    DECLARE v_score BIGINT DEFAULT
        CAST(LEAST(GREATEST(COALESCE(NEW.score, 0), -9223372036854775808), 9223372036854775807)
             AS SIGNED);
    DECLARE v_zone VARCHAR(64) DEFAULT @@time_zone;
    DECLARE v_now BIGINT;
    IF NEW.id > 9223372036854775807 THEN
        LEAVE ours;
    END IF;
    SET time_zone = '+00:00';
    SET v_now = TIMESTAMPDIFF(MICROSECOND, '1970-01-01', SYSDATE(6));
    SET time_zone = v_zone;
    INSERT INTO click_changes (user_id, stamp, rank_key)
    VALUES (NEW.id, v_now, CAST(~v_score AS SIGNED))
    ON DUPLICATE KEY UPDATE stamp = GREATEST(stamp + 1, VALUES(stamp)), rank_key = VALUES(rank_key);
    IF EXISTS (SELECT 1 FROM click_history WHERE user_id = NEW.id) THEN
        DELETE FROM click_history WHERE user_id = NEW.id;
    END IF;
    IF v_score <> 0 THEN
        INSERT INTO click_history (user_id, quarter, points) VALUES (NEW.id, 0, v_score);
    END IF;
    IF EXISTS (SELECT 1 FROM click_sprints WHERE user_id = NEW.id) THEN
        DELETE FROM click_sprints WHERE user_id = NEW.id;
    END IF;
END;

-- Triggers fire also where a row stays as it is. A write of the same score is one that came too
-- late, unless it was the name or the address that it was about, or clickoff itself, which says so
-- by `@clickoff`: it never writes an old score.
CREATE /*M!100103 OR REPLACE */ TRIGGER click_user_changed AFTER UPDATE ON users FOR EACH ROW
ours: BEGIN
    DECLARE v_before BIGINT DEFAULT
        CAST(LEAST(GREATEST(COALESCE(OLD.score, 0), -9223372036854775808), 9223372036854775807)
             AS SIGNED);
    DECLARE v_after BIGINT DEFAULT
        CAST(LEAST(GREATEST(COALESCE(NEW.score, 0), -9223372036854775808), 9223372036854775807)
             AS SIGNED);
    DECLARE v_points BIGINT;
    DECLARE v_overwritten BIGINT DEFAULT 0;
    DECLARE v_too_much BOOLEAN DEFAULT FALSE;
    DECLARE v_zone VARCHAR(64) DEFAULT @@time_zone;
    DECLARE v_now BIGINT;
    IF GREATEST(OLD.id, NEW.id) > 9223372036854775807 THEN
        LEAVE ours;
    END IF;
    SET time_zone = '+00:00';
    SET v_now = TIMESTAMPDIFF(MICROSECOND, '1970-01-01', SYSDATE(6));
    SET time_zone = v_zone;
    UPDATE click_changes
    SET stamp = GREATEST(stamp + 1, v_now),
        rank_key = CASE user_id WHEN NEW.id THEN CAST(~v_after AS SIGNED) END
    WHERE user_id IN (OLD.id, NEW.id);
    IF NEW.id <> OLD.id THEN
        INSERT IGNORE INTO click_changes (user_id, stamp, rank_key)
        VALUES (NEW.id, v_now, CAST(~v_after AS SIGNED));
        DELETE FROM click_sessions WHERE user_id = NEW.id;
        UPDATE click_sessions SET user_id = NEW.id WHERE user_id = OLD.id;
        DELETE FROM click_sprints WHERE user_id = NEW.id;
        UPDATE click_sprints SET user_id = NEW.id WHERE user_id = OLD.id;
        UPDATE click_keys SET user_id = NEW.id WHERE user_id = OLD.id;
    END IF;
    IF NEW.id = OLD.id THEN
        IF (v_after >= 1 AND v_after < v_before)
           OR (v_after = v_before AND v_after > 0 AND @clickoff IS NULL
               AND NEW.name <=> OLD.name AND NEW.email <=> OLD.email) THEN
            SET v_overwritten = v_before - v_after + 1;
        END IF;
        IF v_after <> v_before OR v_overwritten > 0 THEN
            BEGIN
                -- The difference of two scores may be none that a BIGINT holds.
                DECLARE CONTINUE HANDLER FOR 1264, 1690 SET v_too_much = TRUE;
                SET v_points = v_after - v_before;
                IF NOT v_too_much THEN
                    INSERT INTO click_history (user_id, quarter, points, overwritten)
                    VALUES (NEW.id, v_now DIV 900000000, v_points, v_overwritten)
                    ON DUPLICATE KEY UPDATE points = points + VALUES(points),
                                            overwritten = overwritten + VALUES(overwritten);
                END IF;
            END;
        END IF;
    ELSEIF v_before = v_after THEN
        DELETE FROM click_history WHERE user_id = NEW.id;
        UPDATE click_history SET user_id = NEW.id WHERE user_id = OLD.id;
    END IF;
    IF v_too_much OR (NEW.id <> OLD.id AND v_before <> v_after) THEN
        -- A history that can't go on begins anew.
        DELETE FROM click_history WHERE user_id IN (OLD.id, NEW.id);
        INSERT INTO click_history (user_id, quarter, points) VALUES (NEW.id, 0, v_after);
    END IF;
END;

-- All that is a player's goes with the player, so that a key used again never inherits presses.
CREATE /*M!100103 OR REPLACE */ TRIGGER click_user_removed AFTER DELETE ON users FOR EACH ROW
ours: BEGIN
    DECLARE v_zone VARCHAR(64) DEFAULT @@time_zone;
    DECLARE v_now BIGINT;
    IF OLD.id > 9223372036854775807 THEN
        LEAVE ours;
    END IF;
    SET time_zone = '+00:00';
    SET v_now = TIMESTAMPDIFF(MICROSECOND, '1970-01-01', SYSDATE(6));
    SET time_zone = v_zone;
    DELETE FROM click_sessions WHERE user_id = OLD.id;
    UPDATE click_changes SET stamp = GREATEST(stamp + 1, v_now), rank_key = NULL
    WHERE user_id = OLD.id;
    DELETE FROM click_history WHERE user_id = OLD.id;
    DELETE FROM click_sprints WHERE user_id = OLD.id;
    DELETE FROM click_keys WHERE user_id = OLD.id;
END;

-- What the players that were there before bring with them, after the triggers, which keep it right
-- from now on. The hot transaction finds its row of click_changes: a missing one would be locked with
-- the gap around it. Done twice, neither changes anything.
INSERT INTO click_changes (user_id, stamp, rank_key)
SELECT u.id, TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6)),
       CAST(~CAST(COALESCE(u.score, 0) AS SIGNED) AS SIGNED)
FROM users u
ON DUPLICATE KEY UPDATE rank_key = VALUES(rank_key);

INSERT INTO click_history (user_id, quarter, points)
SELECT missing.id, 0, missing.points
FROM (SELECT u.id, CAST(COALESCE(u.score, 0) - COALESCE(SUM(h.points), 0) AS SIGNED) AS points
      FROM users u LEFT JOIN click_history h ON h.user_id = u.id
      GROUP BY u.id, u.score) missing
WHERE missing.points <> 0
ON DUPLICATE KEY UPDATE points = click_history.points + VALUES(points);

-- Made when the keys are there, which is faster than to keep it up with them. One that is there
-- already is left alone; not every server has words for that.
SET @clickoff_change = IF(
    (SELECT COUNT(*) FROM information_schema.statistics
     WHERE table_schema = DATABASE() AND table_name = 'click_changes'
       AND index_name = 'click_changes_ranking') > 0,
    'DO 0', 'ALTER TABLE click_changes ADD INDEX click_changes_ranking (rank_key, user_id)');
PREPARE clickoff_change FROM @clickoff_change;
EXECUTE clickoff_change;
DEALLOCATE PREPARE clickoff_change;
