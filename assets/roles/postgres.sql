-- Roles for one game on PostgreSQL. After clickoff has made its tables, and again after each of its
-- versions that changes them, the tables' owner (who may make roles) or a superuser runs
--
--     psql -d DATABASE -1 -v ON_ERROR_STOP=1 -f assets/roles/postgres.sql
--
-- and gives each player one of the three:
--
--     CREATE ROLE ada LOGIN PASSWORD '...';  GRANT clickoff_player TO ada;

DO $$
DECLARE
    wanted TEXT;
BEGIN
    FOREACH wanted IN ARRAY ARRAY['clickoff_watcher', 'clickoff_player', 'clickoff_keeper'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
            EXECUTE format('CREATE ROLE %I NOLOGIN', wanted);
        END IF;
    END LOOP;
    -- Whoever may make tables could put them in the place of others.
    EXECUTE format('REVOKE CREATE ON SCHEMA %I FROM PUBLIC', current_schema());
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO clickoff_watcher', current_schema());
    -- Only keys that a default takes from a sequence, as the tutorial's, need this.
    EXECUTE COALESCE('GRANT USAGE ON SEQUENCE ' || pg_get_serial_sequence('users', 'id')
                     || ' TO clickoff_player', '');
END $$;

-- A watcher sees the players, their scores, their best sprints and the races.
GRANT SELECT ON users, click_meta, click_changes, click_history, click_sprints, click_races,
                click_ladder, click_survey, click_migrations
TO clickoff_watcher;
GRANT SELECT (race, racer, user_id, name, presses, standing) ON click_racers TO clickoff_watcher;
GRANT EXECUTE ON FUNCTION click_take_survey() TO clickoff_watcher;

-- A player also scores, sprints, races, adds players and changes their names and e-mails.
GRANT clickoff_watcher TO clickoff_player;
GRANT INSERT (name, email, score), UPDATE (name, email) ON users TO clickoff_player;
GRANT EXECUTE ON ROUTINE click_register(TEXT, BIGINT), click_session(TEXT, BIGINT),
                         click_claims(TEXT), click_count(BIGINT, BIGINT), click_retire(TEXT),
                         click_resume(TEXT, BIGINT, BIGINT), click_tidy(TEXT),
                         click_sprint_begin(BIGINT), click_sprint(BIGINT, BIGINT, BIGINT, TEXT),
                         click_race_open(BIGINT, BIGINT), click_race_join(BIGINT, BIGINT),
                         click_race_report(BIGINT, BIGINT, BIGINT, BIGINT)
TO clickoff_player;

-- A keeper also removes players, and sets the rules.
GRANT clickoff_player TO clickoff_keeper;
GRANT DELETE ON users TO clickoff_keeper;
GRANT EXECUTE ON ROUTINE click_rule(TEXT, TEXT) TO clickoff_keeper;
