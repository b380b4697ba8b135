//! What a database refuses by a rule of its own is reported once, in a sentence of ours that names
//! the rule, and nothing is counted.

use crate::home::Home;
use crate::place::{Place, TABLE, on, row};

/// A trigger of another program that refuses more than 7 points.
fn cap(place: &Place) {
    place.run(match place {
        Place::Sqlite(_) => {
            "CREATE TRIGGER cap BEFORE UPDATE ON users WHEN NEW.score > 7
             BEGIN SELECT RAISE(ABORT, 'no more
             than 7'); END"
        }
        Place::Postgres(..) => {
            "CREATE FUNCTION cap() RETURNS trigger LANGUAGE plpgsql AS $$
             BEGIN
                 IF NEW.score > 7 THEN RAISE EXCEPTION E'no more\nthan 7'; END IF;
                 RETURN NEW;
             END $$;
             CREATE TRIGGER cap BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION cap()"
        }
        Place::MariaDb(..) => {
            "DELIMITER //
             CREATE TRIGGER cap BEFORE UPDATE ON users FOR EACH ROW
             IF NEW.score > 7 THEN
                 SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'no more\nthan 7';
             END IF //"
        }
    });
}

fn a_call_that_a_trigger_refuses_counts_nothing(place: Place) {
    place.fill(TABLE, &[row(1, "Ada", 5)]);
    let home = Home::new();
    let url = place.url();
    home.run(&["-d", &url, "click", "Ada"]).says("has 6 now");
    cap(&place);
    home.run(&["-d", &url, "click", "Ada"]).says("has 7 now");
    for _ in 0..2 {
        let run = home.run(&["-d", &url, "click", "Ada", "--times", "3"]);
        run.fails(5, &["refuses it: no more than 7", "trigger cap"]);
        assert!(!run.err.contains("not known"), "{}", run.err);
        assert_eq!(run.err.lines().count(), 1, "{}", run.err);
    }
    place.holds(&[row(1, "Ada", 7)]);
    let add = home.run(&["-d", &url, "players", "edit", "Ada", "--name", "Eve"]);
    add.says("Eve");
}

on!(all: a_call_that_a_trigger_refuses_counts_nothing);
