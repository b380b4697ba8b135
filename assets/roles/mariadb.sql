-- Roles for one game on MariaDB. After clickoff has made its tables, and again after each of its
-- versions that changes them, a user who may make roles and give these privileges runs
--
--     mariadb DATABASE < assets/roles/mariadb.sql
--
-- and gives each player one of the three:
--
--     CREATE USER ada IDENTIFIED BY '...';  GRANT clickoff_player TO ada;
--     SET DEFAULT ROLE clickoff_player FOR ada;

CREATE ROLE IF NOT EXISTS clickoff_watcher;
CREATE ROLE IF NOT EXISTS clickoff_player;
CREATE ROLE IF NOT EXISTS clickoff_keeper;

-- A watcher sees the players with their e-mails, their scores, their best sprints and the races. The
-- game lists the e-mails and searches in them, so that this role can't do without; of the table of
-- another program it sees nothing else. Who may read a row may also lock it with SELECT ... FOR
-- UPDATE, and so delay those who score until the transaction ends; no privilege of MariaDB's forbids
-- that. information_schema.innodb_trx shows who holds locks.
GRANT SELECT (id, name, email, score) ON users TO clickoff_watcher;
GRANT SELECT ON click_meta TO clickoff_watcher;
GRANT SELECT ON click_changes TO clickoff_watcher;
GRANT SELECT ON click_history TO clickoff_watcher;
GRANT SELECT ON click_ladder TO clickoff_watcher;
GRANT SELECT ON click_survey TO clickoff_watcher;
GRANT SELECT ON click_migrations TO clickoff_watcher;
GRANT SELECT ON click_sprints TO clickoff_watcher;
GRANT SELECT ON click_races TO clickoff_watcher;
GRANT SELECT (race, racer, user_id, name, presses, standing, trace) ON click_racers TO clickoff_watcher;
GRANT EXECUTE ON PROCEDURE click_take_survey TO clickoff_watcher;

-- A player also scores, sprints, races, adds players and changes their names and e-mails: all by
-- routines, with no right to write a table.
GRANT clickoff_watcher TO clickoff_player;
GRANT EXECUTE ON PROCEDURE click_add TO clickoff_player;
GRANT EXECUTE ON PROCEDURE click_edit TO clickoff_player;
GRANT EXECUTE ON PROCEDURE click_register TO clickoff_player;
GRANT EXECUTE ON PROCEDURE click_session TO clickoff_player;
GRANT EXECUTE ON PROCEDURE click_claims TO clickoff_player;
GRANT EXECUTE ON PROCEDURE click_count TO clickoff_player;
GRANT EXECUTE ON PROCEDURE click_retire TO clickoff_player;
GRANT EXECUTE ON PROCEDURE click_resume TO clickoff_player;
GRANT EXECUTE ON PROCEDURE click_tidy TO clickoff_player;
GRANT EXECUTE ON PROCEDURE click_sprint_begin TO clickoff_player;
GRANT EXECUTE ON PROCEDURE click_sprint TO clickoff_player;
GRANT EXECUTE ON PROCEDURE click_race_open TO clickoff_player;
GRANT EXECUTE ON PROCEDURE click_race_join TO clickoff_player;
GRANT EXECUTE ON PROCEDURE click_race_report TO clickoff_player;

-- A keeper also removes players, sets the rules, and says which ssh key is which player, as
-- `clickoff serve` does.
GRANT clickoff_player TO clickoff_keeper;
GRANT DELETE ON users TO clickoff_keeper;
GRANT SELECT, INSERT, DELETE ON click_keys TO clickoff_keeper;
GRANT EXECUTE ON PROCEDURE click_rule TO clickoff_keeper;
