-- Roles for one game on PostgreSQL. After clickoff has made its tables, and again after each of its
-- versions that changes them, the tables' owner (who may make roles) or a superuser runs
--
--     psql -d DATABASE -1 -v ON_ERROR_STOP=1 -f assets/roles/postgres.sql
--
-- and gives each player one of the three:
--
--     CREATE ROLE ada LOGIN PASSWORD '...';  GRANT clickoff_player TO ada;
--
-- The tables are those that this role's search_path finds; each player's has to find them, too. Where
-- a player has a schema of the same name as the role, no table users should be in it.
--
-- What the roles do not keep from anybody:
--
-- * Whoever may watch reads the e-mails of all players. Keep none in the table that is a secret.
-- * Whoever may play can keep a transaction open in which a player was changed, and so keep that
--   player's presses waiting. pg_stat_activity shows who does, and pg_terminate_backend ends it.
-- * Counting and adding are done by functions that run as their owner, so policies of row-level
--   security on users for these roles do not keep anybody from them. What no role may do belongs into
--   a CHECK or a trigger, which hold for everybody.
-- * Whoever may connect can hold an advisory lock; presses wait for those of the game half a second
--   at most. By default everybody may connect. It is not revoked here, since other programs in the
--   same database may rely on it. Where there are none:
--
--       REVOKE CONNECT ON DATABASE ... FROM PUBLIC;  GRANT CONNECT ON DATABASE ... TO clickoff_watcher;

DO $$
DECLARE
    wanted TEXT;
    players CONSTANT TEXT := (SELECT relnamespace::regnamespace FROM pg_class
                              WHERE oid = 'users'::regclass);
    ours    CONSTANT TEXT := (SELECT relnamespace::regnamespace FROM pg_class
                              WHERE oid = 'click_meta'::regclass);
BEGIN
    IF players <> ours THEN
        RAISE EXCEPTION 'the search_path finds users in the schema %, and click_meta in %',
            players, ours;
    END IF;
    FOREACH wanted IN ARRAY ARRAY['clickoff_watcher', 'clickoff_player', 'clickoff_keeper'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
            EXECUTE format('CREATE ROLE %I NOLOGIN', wanted);
        END IF;
    END LOOP;
    -- Whoever may make tables could put them in the place of others.
    EXECUTE format('REVOKE CREATE ON SCHEMA %s FROM PUBLIC', ours);
    EXECUTE format('GRANT USAGE ON SCHEMA %s TO clickoff_watcher', ours);
END $$;

-- A watcher sees the players with their e-mails, their scores, their best sprints and the races.
GRANT SELECT ON users, click_meta, click_changes, click_history, click_sprints, click_races,
                click_ladder, click_survey, click_migrations
TO clickoff_watcher;
GRANT SELECT (race, racer, user_id, name, presses, standing, trace) ON click_racers TO clickoff_watcher;
GRANT EXECUTE ON FUNCTION click_take_survey() TO clickoff_watcher;

-- A player also scores, sprints, races, adds players and changes their names and e-mails.
GRANT clickoff_watcher TO clickoff_player;
GRANT UPDATE (name, email) ON users TO clickoff_player;
GRANT EXECUTE ON ROUTINE click_add(TEXT, TEXT), click_register(TEXT, BIGINT[]),
                         click_session(TEXT, BIGINT[]), click_claims(TEXT),
                         click_count(BIGINT[], BIGINT[]), click_retire(TEXT),
                         click_resume(TEXT, BIGINT, BIGINT), click_tidy(TEXT),
                         click_sprint_begin(BIGINT), click_sprint(BIGINT, BIGINT, BIGINT, TEXT),
                         click_race_open(BIGINT, BIGINT), click_race_join(BIGINT, BIGINT),
                         click_race_report(BIGINT, BIGINT, BIGINT, BIGINT, TEXT)
TO clickoff_player;

-- A keeper also removes players, sets the rules, and says which ssh key is which player, as
-- `clickoff serve` does.
GRANT clickoff_player TO clickoff_keeper;
GRANT DELETE ON users TO clickoff_keeper;
GRANT SELECT, INSERT, DELETE ON click_keys TO clickoff_keeper;
GRANT EXECUTE ON ROUTINE click_rule(TEXT, TEXT) TO clickoff_keeper;
