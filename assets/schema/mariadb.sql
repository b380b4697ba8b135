-- What clickoff stores in a MariaDB or MySQL database: its tables, its procedures, and the triggers
-- on the table of players.
--
-- Statements are separated by blank lines, and contain none. The server commits each statement
-- separately, so all of them can run again if a setup was interrupted. The triggers on `users` also
-- fire for other programs, so they come last, when everything that they need exists.
--
-- Text after M! is only for MariaDB, where it replaces an existing object. On MySQL the object is
-- dropped first.

-- The table of the tutorial that clickoff came from. A database set up by the tutorial's program
-- already has it.
CREATE TABLE IF NOT EXISTS users (
    id    BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    name  VARCHAR(100),
    email VARCHAR(100),
    score BIGINT DEFAULT 0
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4;

-- Facts and rules. 'database' is the identity of the database: an outbox uses it to find the
-- database that its presses are for. 'epoch' changes when a backup replaces the data. 'kept_since'
-- is the first day from which on all clients are in click_sessions. 'held_keys' (once, count or
-- unset) and 'max_rate' (points a second, or off) are the rules for all players.
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

-- Every routine that writes calls this first. Routines have their definer's rights, but use the
-- session variables of the caller: `timestamp` could set the clock to any time, `insert_id` and
-- similar ones could use up the ids, and `unique_checks` could turn off checks. The clock is not
-- set back at the end: the caller's own value can't be told from one that was only read, and would
-- stop the clock. It also refuses to write on a read-only replica, where the definer's rights might
-- allow it.
CREATE /*M!100103 OR REPLACE */ PROCEDURE click_guard()
SQL SECURITY DEFINER
BEGIN
    SET timestamp = DEFAULT, unique_checks = 1 /*M!100103 , insert_id = 0,
        auto_increment_increment = DEFAULT, auto_increment_offset = DEFAULT */;
    IF CONCAT(@@global.read_only) NOT IN ('0', 'OFF') THEN
        SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = 1290, MESSAGE_TEXT = 'read_only is on';
    END IF;
END;

-- One row for each client and player. `last_seq` is how many of the client's presses are settled,
-- and `refused` how many of those were over the limit. `max_rate` is the limit; it is copied here
-- so that a count needs no other row. `seen` is the last day on which the client was active, in
-- days since 1970; it is NULL for calls with a key, which are never removed. `sprint_base` and
-- `sprint_at` belong to a sprint that is running: how many presses had scored when it began, and
-- when that was, in microseconds since 1970. AUTO_INCREMENT allows an insert without an id, which
-- the trigger below sets.
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

-- The id of a session is all that counting asks for: 60 bits that nobody can guess, made from the
-- client's random id. The limit is read with a lock, so that one set at the same moment is either
-- found here or applied to this session.
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

-- Creates a client's row for a player if there is none. Like the next procedures, it has its
-- definer's rights, so that a user needs no right to the totals of other clients. Rows of calls
-- with a key are never removed.
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

-- The same for a client that has opened the database on this day or before, unless its row may have
-- been removed since. The row is locked, so that nobody removes it meanwhile.
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

-- A client's session for a player, with the definer's rights.
CREATE /*M!100103 OR REPLACE */ PROCEDURE click_session(
    IN p_client VARCHAR(36) CHARACTER SET ascii, IN p_player BIGINT)
READS SQL DATA SQL SECURITY DEFINER
SELECT id, user_id FROM click_sessions WHERE client = p_client AND user_id = p_player;

-- The sessions of one idempotency key, with the definer's rights. The caller must know an id except
-- for its end, so nobody can read the totals of all clients.
CREATE /*M!100103 OR REPLACE */ PROCEDURE click_claims(IN p_client VARCHAR(36) CHARACTER SET ascii)
READS SQL DATA SQL SECURITY DEFINER
SELECT id, client, user_id, last_seq FROM click_sessions
WHERE client BETWEEN CONCAT(LEFT(p_client, 24), '000000000000')
                 AND CONCAT(LEFT(p_client, 24), 'ffffffffffff')
  AND LEFT(client, 24) = LEFT(p_client, 24);

-- Removes a client whose presses are all counted.
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

-- Records that a client is still active, and removes some that were not active for 90 days; returns
-- 1 if there may be more of them. 'kept_since' changes before a row is removed, in the same
-- transaction, so that presses that arrive late are never taken for those of a new client.
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

-- One row for each player, and one with the smallest id, which no player has, for races. `stamp` is
-- the time of the last change, whichever program made it, in microseconds since 1970. Transactions
-- may commit in another order than that of their stamps, so readers look back as far as a
-- transaction may last. `rank_key` is for the ranking: the complement of the score (~score), so
-- that ascending keys are descending scores; it is NULL for a removed player. Both are written with
-- every score. `spent` is until when the player's rate is used up.
CREATE TABLE IF NOT EXISTS click_changes (
    user_id  BIGINT NOT NULL PRIMARY KEY,
    stamp    BIGINT NOT NULL,
    rank_key BIGINT,
    spent    BIGINT NOT NULL DEFAULT 0,
    KEY click_changes_stamp (stamp)
) ENGINE = InnoDB DEFAULT CHARACTER SET ascii;

-- The number of players before every thousandth place of the ranking, as of the last survey. From
-- the nearest of these places, few players need to be counted to find a rank.
CREATE TABLE IF NOT EXISTS click_ladder (
    rank_key BIGINT NOT NULL,
    user_id  BIGINT NOT NULL,
    place    BIGINT NOT NULL,
    PRIMARY KEY (rank_key, user_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET ascii;

-- The last survey: when it was, in microseconds since 1970, how long it took, and how many players
-- there were.
CREATE TABLE IF NOT EXISTS click_survey (
    id      BIGINT NOT NULL PRIMARY KEY,
    at      BIGINT NOT NULL,
    took    BIGINT NOT NULL,
    players BIGINT NOT NULL
) ENGINE = InnoDB DEFAULT CHARACTER SET ascii;

INSERT IGNORE INTO click_survey (id, at, took, players) VALUES (1, 0, 0, 0);

-- Counts the places of the ranking again. It does nothing if another survey is running, or if the
-- last one was too recent: the pause is a hundred times as long as the survey took, so that surveys
-- use at most a hundredth of a processor. Everybody who may read can ask for it. A replica gets the
-- result of its primary.
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

-- What each player scored and when, in quarter hours since 1970. Midnight is the beginning of a
-- quarter hour in every time zone. The number of rows grows with the quarter hours in which
-- somebody plays, not with presses. Quarter 0 holds the score from before there was a history. The
-- triggers write in the transaction that changes the score, whichever program makes it. So a score
-- is always the sum of its points.
--
-- If another program reads a score and writes it back plus one, it undoes what was scored in
-- between. `overwritten` is the number of points lost in this way.
CREATE TABLE IF NOT EXISTS click_history (
    user_id     BIGINT NOT NULL,
    quarter     BIGINT NOT NULL,
    points      BIGINT NOT NULL,
    overwritten BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (user_id, quarter),
    KEY click_history_quarter (quarter)
) ENGINE = InnoDB DEFAULT CHARACTER SET ascii;

-- The locked transaction in one round trip. When an error handler runs, only the failed statement
-- was rolled back, so the handler rolls back the transaction.
--
-- If there is a limit, it counts as many presses as the rate allows, at most those of a minute, and
-- refuses the rest. The lock on the player's row orders the sessions that share one rate. What is
-- used up stays used up, unless its time is more than a minute ahead: then the server's clock was
-- set back.
--
-- The result is read from the rows after the write. If a trigger of another program has changed
-- them, everything is rolled back, and the result names that trigger.
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

-- The best sprint of each player over each length. `trace` says when its presses were made: the
-- number in each tenth of a second, separated by commas. `beat` is the largest number of presses by
-- which a sprint beat the best one before it.
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

-- Records the beginning of a sprint of the session's player: how many presses had scored by then,
-- and the time.
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

-- Saves a sprint, if the session has counted its presses since it began, and it began no longer ago
-- than its length and a minute. Returns 1 if it is saved, or one at least as good is. Repeating the
-- call changes nothing. Rows are locked in the same order as for a count, so that nothing is saved
-- for a player who is being removed.
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

-- Which ssh key belongs to which player, for `clickoff serve`. The fingerprint is written as ssh
-- shows it; `at` is when the key was added, in seconds since 1970.
CREATE TABLE IF NOT EXISTS click_keys (
    fingerprint VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    user_id     BIGINT NOT NULL,
    comment     TEXT   NOT NULL,
    at          BIGINT NOT NULL,
    KEY click_keys_user (user_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4;

-- The last 10,000 races. Times are microseconds since 1970 by the server's clock. Once a race is
-- closed, its result never changes: neither its row nor the racers' rows.
CREATE TABLE IF NOT EXISTS click_races (
    id        BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    seconds   BIGINT NOT NULL,
    starts_at BIGINT NOT NULL,
    closed_at BIGINT
) ENGINE = InnoDB DEFAULT CHARACTER SET ascii;

-- The racers. `name` is the player's name at that time, and stays when the player is removed.
-- `base` is how many presses of the session had scored when it joined: a racer can't report more
-- presses than have scored since. `standing` is 0 for racing, 1 for done, 2 for left. `trace` says
-- when the presses were made, as for a sprint; it is NULL if it was not reported. The session,
-- which is a secret, is removed when the race is closed. Only the last 20 races keep names and
-- traces.
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

-- Opens a race that starts in ten seconds, and joins it. If others have just opened a race, it
-- joins that one. Calls are serialized, so that each finds the next free id. A race that would
-- start in more than ten seconds is closed like a past one, because the clock was set back. No
-- player has the smallest id; clients that watch for changes learn of races by it.
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

-- Joins a race that has not started, in the caller's transaction. A racer who has joined before
-- stays in it.
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

-- Joins a race that has not started. Repeating the call returns the same racer. It has the
-- definer's rights, so that a user needs no right to the races of others.
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

-- Records a racer's presses, which only grow. Closes the race once nobody races in it any more, or
-- three seconds after its end. Repeated or later calls change nothing. The trace of a racer who is
-- done is saved if it has the form of one; whoever reads it checks its sum. It has the definer's
-- rights, so that a user needs no right to the races of others.
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

-- Sets the rules for all players. A NULL argument leaves a rule unchanged.
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

-- For searching players by name. A press does not change this index. The prefix must be shorter
-- than the column.
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

-- Adds a player and returns the id, in the caller's transaction. With this routine, a user needs no
-- right to write the table, where one row with a huge `insert_id` would use up all ids. Without a
-- name it does nothing: a call like this tells whether the user may call it.
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

-- Changes a player's name and e-mail address. It says that it is clickoff: otherwise a write with
-- an unchanged score would look like another program's stale write.
CREATE /*M!100103 OR REPLACE */ PROCEDURE click_edit(
    IN p_name TEXT CHARACTER SET utf8mb4, IN p_email TEXT CHARACTER SET utf8mb4, IN p_player BIGINT)
MODIFIES SQL DATA SQL SECURITY DEFINER
BEGIN
    CALL click_guard();
    SET @clickoff = TRUE;
    UPDATE users SET name = p_name, email = p_email WHERE id = p_player;
END;

-- From here on, other programs are affected: every write to `users` fires these triggers. They take
-- the time from SYSDATE in UTC, since the caller can set the clock of a statement, and a wait for a
-- lock can be long. The caller's time zone is restored at once, before anything can fail.
--
-- The triggers must not fail for any value that a column of another program can hold. A score or an
-- id may be larger than a BIGINT. Such a score is stored as the nearest BIGINT; a player with such
-- an id is ignored.
--
-- TRUNCATE fires no trigger, so a new player may find rows of an earlier one with the same id. Rows
-- that don't exist are not deleted, because that would lock the gap.
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

-- Triggers also fire if a row does not change. If the score is written unchanged, another program
-- has overwritten something, unless the statement changed the name or the e-mail address, or
-- clickoff made it, which says so by `@clickoff` and never writes an old score.
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

-- Everything of a player is removed with the player, so that a reused id never inherits presses.
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

-- Rows for players that existed before. This comes after the triggers, which keep the rows up to
-- date from now on. A count needs the player's row in click_changes: if it were missing, the gap
-- around it would be locked. Repeating these statements changes nothing.
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

-- The index is created after the rows, which is faster than updating it with each of them. An
-- existing one is left alone; not every server has syntax for that.
SET @clickoff_change = IF(
    (SELECT COUNT(*) FROM information_schema.statistics
     WHERE table_schema = DATABASE() AND table_name = 'click_changes'
       AND index_name = 'click_changes_ranking') > 0,
    'DO 0', 'ALTER TABLE click_changes ADD INDEX click_changes_ranking (rank_key, user_id)');
PREPARE clickoff_change FROM @clickoff_change;
EXECUTE clickoff_change;
DEALLOCATE PREPARE clickoff_change;
