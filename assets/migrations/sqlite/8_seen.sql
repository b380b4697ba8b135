-- On which day a client was last heard of, in days since 1970. Clients that were not for 90 days are
-- forgotten; NULL is of those that never are, the calls with a key. 'kept_since' is the first day
-- whose clients are all there: it moves before a row goes, in the same transaction, so that presses
-- which come late are not taken for those of a client that was never counted.
ALTER TABLE click_sessions ADD COLUMN seen INTEGER;

UPDATE click_sessions SET seen = CAST(strftime('%s', 'now') AS INTEGER) / 86400
WHERE substr(client, 15, 1) <> '8';

CREATE INDEX click_sessions_seen ON click_sessions (seen) WHERE seen IS NOT NULL;

INSERT INTO click_meta (key, value) VALUES ('kept_since', '0');
