-- The table of the tutorial that clickoff came from; a file that its program made has it already.
CREATE TABLE IF NOT EXISTS users (
    id    INTEGER PRIMARY KEY AUTOINCREMENT,
    name  VARCHAR(100),
    email VARCHAR(100),
    score INTEGER DEFAULT 0
);

-- What the database knows of itself; 'database' is its own name, by which an outbox finds home.
CREATE TABLE click_meta (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

INSERT INTO click_meta (key, value) VALUES ('database', lower(hex(randomblob(16))));

-- One row a client and player: last_seq is how many of the client's presses the score holds.
CREATE TABLE click_sessions (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    client   TEXT    NOT NULL,
    user_id  INTEGER NOT NULL,
    last_seq INTEGER NOT NULL DEFAULT 0,
    UNIQUE (client, user_id)
);

CREATE INDEX click_sessions_user ON click_sessions (user_id);

-- The last change of each player, whoever made it; its size is the number of players.
CREATE TABLE click_changes (
    user_id INTEGER PRIMARY KEY,
    seq     INTEGER NOT NULL UNIQUE
);

CREATE TRIGGER click_user_added AFTER INSERT ON users
BEGIN
    INSERT INTO click_changes (user_id, seq)
    VALUES (NEW.id, (SELECT COALESCE(MAX(seq), 0) + 1 FROM click_changes))
    ON CONFLICT (user_id) DO UPDATE SET seq = excluded.seq;
END;

CREATE TRIGGER click_user_changed AFTER UPDATE ON users
BEGIN
    INSERT INTO click_changes (user_id, seq)
    VALUES (NEW.id, (SELECT COALESCE(MAX(seq), 0) + 1 FROM click_changes))
    ON CONFLICT (user_id) DO UPDATE SET seq = excluded.seq;
END;

-- The sessions go with their player, so that a key used again never inherits presses.
CREATE TRIGGER click_user_removed AFTER DELETE ON users
BEGIN
    DELETE FROM click_sessions WHERE user_id = OLD.id;
    INSERT INTO click_changes (user_id, seq)
    VALUES (OLD.id, (SELECT COALESCE(MAX(seq), 0) + 1 FROM click_changes))
    ON CONFLICT (user_id) DO UPDATE SET seq = excluded.seq;
END;

CREATE TRIGGER click_user_rekeyed AFTER UPDATE OF id ON users WHEN NEW.id <> OLD.id
BEGIN
    UPDATE click_sessions SET user_id = NEW.id WHERE user_id = OLD.id;
    INSERT INTO click_changes (user_id, seq)
    VALUES (OLD.id, (SELECT COALESCE(MAX(seq), 0) + 1 FROM click_changes))
    ON CONFLICT (user_id) DO UPDATE SET seq = excluded.seq;
END;
