-- On which day a client was last heard of, in days since 1970. Clients that were not for 90 days are
-- forgotten; NULL is of those that never are, the calls with a key. 'kept_since' is the first day
-- whose clients are all there: it moves before a row goes, in the same transaction, so that presses
-- which come late are not taken for those of a client that was never counted. What is there already
-- is left alone; not every server has words for that.
SET @clickoff_columns = (SELECT COUNT(*) FROM information_schema.columns
                         WHERE table_schema = DATABASE() AND table_name = 'click_sessions'
                           AND column_name = 'seen');
SET @clickoff_change = IF(@clickoff_columns > 0, 'DO 0',
    'ALTER TABLE click_sessions ADD COLUMN seen BIGINT, ADD KEY click_sessions_seen (seen)');
PREPARE clickoff_change FROM @clickoff_change;
EXECUTE clickoff_change;
DEALLOCATE PREPARE clickoff_change;

UPDATE click_sessions SET seen = TIMESTAMPDIFF(DAY, '1970-01-01', UTC_DATE())
WHERE SUBSTR(client, 15, 1) <> '8';

INSERT IGNORE INTO click_meta (name, value) VALUES ('kept_since', '0');
