//! kill -9 at any moment: what was shown as saved is in the file.

use crate::db;
use crate::game::Home;

#[test]
fn what_was_shown_as_saved_survives_kill_9() {
    let home = Home::with(&[("Ada", 0)]);
    let mut before = 0;
    for round in 0..6 {
        let game = home.play();
        game.shows("Ada", before);
        let mut sent = before;
        // Killed in the middle of fast pressing, a little later each round.
        while game.best() < before + 50 + 30 * round {
            game.press(10);
            sent += 10;
        }
        game.kill9();
        game.wait_exit();
        // All that ever reached the terminal has been read now.
        let shown = game.best();
        let score = home.score("Ada");
        assert!(
            shown <= score && score <= sent,
            "round {round}: {shown} shown as saved, {score} in the file, {sent} pressed"
        );
        before = score;
    }
    let game = home.play();
    game.shows("Ada", before);
    game.press(3);
    game.shows("Ada", before + 3);
    game.quit();
    let intact = db::Db::open(&home.database())
        .number("SELECT COUNT(*) FROM pragma_integrity_check WHERE integrity_check = 'ok'");
    assert_eq!(intact, 1);
}

#[test]
fn one_killed_among_others_stops_nobody() {
    let home = Home::with(&[("Ada", 0)]);
    let (victim, other) = (home.play(), home.play());
    victim.press(200);
    other.press(200);
    victim.kill9();
    victim.wait_exit();
    let shown = victim.best();
    other.press(100);
    other.wait(
        |screen| {
            let shown = crate::game::list(screen);
            shown.first().is_some_and(|p| p.score >= 300)
        },
        "the other's own presses",
    );
    other.quit();
    let score = home.score("Ada");
    assert!((300..=500).contains(&score) && score >= shown, "{score}");
}
