//! Marks of playing and overtaking last for a limited time, and cost a limited number of frames.

use std::time::Duration;

use clickoff::game::{LONGEST, MOVED, PLAYING, PlayerId};
use clickoff::message::{Message, Reply};
use clickoff::state::{BUTTON_DOWN, OTHERS_FRAME};

use super::common::{Game, player};

const P1: PlayerId = PlayerId(1);
const P2: PlayerId = PlayerId(2);
const P3: PlayerId = PlayerId(3);

/// A look that brings the new score of one of the dozen.
fn look(id: i64, score: i64) -> Message {
    Message::Reply(Reply::Changed {
        players: vec![player(id, &format!("p{id}"), score)].into(),
        gone: Vec::new(),
    })
}

fn rate(game: &Game, id: PlayerId) -> f64 {
    game.state.pace.rate(id, Duration::from_secs(10))
}

/// Points of the last minute.
fn points(game: &Game, id: PlayerId) -> u64 {
    (game.state.pace.rate(id, LONGEST) * LONGEST.as_secs_f64()).round() as u64
}

/// By how many ranks a player is shown to have moved.
fn moved(game: &Game, id: PlayerId) -> isize {
    let player = game.state.standings.get(id).expect("a player");
    let rank = game.state.standings.rank_of_score(player.score);
    game.state.moved_by(id, rank)
}

#[test]
fn who_plays_is_marked_until_five_seconds_after_and_one_frame_takes_it_back() {
    let mut game = Game::of_a_dozen();
    for look_at in 1..=5 {
        game.send(look(1, 120 + 4 * look_at));
        game.after(Duration::from_millis(400));
    }
    assert!(game.state.pace.is_playing(P1));
    assert_eq!(rate(&game, P1), 2.0, "twenty points of ten seconds");
    let last = PLAYING - Duration::from_millis(400);
    assert_eq!(game.rest(), [last]);
    assert!(!game.state.pace.is_playing(P1));
    assert_eq!(game.state.wake_at(game.now), None, "idle, it sleeps");
}

#[test]
fn own_presses_count_as_they_are_made_and_not_again_as_they_are_saved() {
    let mut game = Game::of_a_dozen().still();
    game.press(6);
    assert_eq!(points(&game, P1), 6);
    game.counted(1, 4, 124);
    assert_eq!(points(&game, P1), 6);
    // Somebody else presses for the same player; then a look that saw a commit before its answer.
    game.counted(1, 5, 128);
    assert_eq!(points(&game, P1), 9);
    game.send(look(1, 129));
    assert_eq!(points(&game, P1), 9);
    game.counted(1, 6, 129);
    assert_eq!(points(&game, P1), 9);
    assert_eq!(game.rest(), [BUTTON_DOWN, PLAYING], "for another's points");
}

#[test]
fn what_was_not_pressed_now_is_no_pace() {
    type Story = fn(&mut Game);
    let cases: [(&str, Story); 5] = [
        ("a score set to less", |game| {
            game.send(look(1, 5));
        }),
        ("a score set to much more", |game| {
            game.send(look(1, 1_000_000));
        }),
        ("presses of an earlier run", |game| {
            game.reply(Reply::Delivered {
                player: P1,
                presses: 7,
                score: 127,
            });
        }),
        ("what came while nothing could be seen", |game| {
            game.blinded();
            game.send(look(1, 150));
            game.reply(Reply::WatchRecovered);
        }),
        ("what came while the process was stopped", |game| {
            game.send(Message::Suspended);
            game.send(Message::Reply(Reply::Resting));
            game.send(look(1, 150));
        }),
    ];
    for (story, happens) in cases {
        let mut game = Game::of_a_dozen();
        happens(&mut game);
        assert!(!game.state.pace.is_playing(P1), "{story}");
        let score = game.state.standings.get(P1).map(|p| p.score);
        game.send(look(1, score.expect("p1") + 2));
        assert_eq!(points(&game, P1), 2, "{story}, and then somebody plays");
    }
}

#[test]
fn who_passes_and_who_is_passed_is_shown_for_three_seconds() {
    let mut game = Game::of_a_dozen();
    game.send(look(3, 125));
    assert_eq!([P1, P2, P3].map(|p| moved(&game, p)), [-1, -1, 2]);
    assert_eq!(moved(&game, PlayerId(4)), 0);
    assert_eq!(game.rest(), [MOVED, PLAYING]);
    assert_eq!([P1, P2, P3].map(|p| moved(&game, p)), [0, 0, 0]);
}

#[test]
fn equal_scores_share_a_rank_also_while_they_move() {
    let mut game = Game::of_a_dozen();
    game.send(look(2, 120));
    assert_eq!([P1, P2, P3].map(|p| moved(&game, p)), [0, 1, 0]);
    game.send(look(2, 121));
    assert_eq!([P1, P2, P3].map(|p| moved(&game, p)), [-1, 1, 0]);
}

#[test]
fn own_points_move_ranks_too_and_many_moves_of_one_look_are_taken_together() {
    let mut game = Game::of_a_dozen();
    game.send(Message::Pick(P3));
    game.press(1);
    game.counted(3, 1, 115);
    assert_eq!([P1, P2, P3].map(|p| moved(&game, p)), [0, -1, 1]);

    let mut game = Game::of_a_dozen();
    let players = (1..=12).map(|n| player(n, &format!("p{n}"), 1000 + n));
    let (players, gone) = (players.collect(), Vec::new());
    game.send(Message::Reply(Reply::Changed { players, gone }));
    let all: Vec<isize> = (1..=12).map(|n| moved(&game, PlayerId(n))).collect();
    assert_eq!(all, [-11, -9, -7, -5, -3, -1, 1, 3, 5, 7, 9, 11]);
}

#[test]
fn who_comes_or_goes_moves_nobody() {
    let mut game = Game::of_a_dozen();
    game.changed(player(13, "p13", 500));
    game.gone(1);
    assert!((2..=13).all(|n| moved(&game, PlayerId(n)) == 0));
    assert_eq!(game.rest(), [] as [Duration; 0]);
}

#[test]
fn a_storm_of_changes_costs_at_most_ten_frames_a_second_and_the_last_is_seen() {
    let mut game = Game::of_a_dozen();
    game.state.take_redraw();
    let (mut frames, step) = (0, Duration::from_millis(2));
    for n in 1..=500 {
        // As the event loop does it: a wake-up that is due comes before what comes later.
        if game
            .state
            .wake_at(game.now)
            .is_some_and(|at| at <= game.now)
        {
            game.send(Message::Tick);
        }
        game.send(look(n % 12 + 1, 1_000 + n));
        frames += usize::from(game.state.take_redraw());
        game.now += step;
    }
    assert!((9..=11).contains(&frames), "{frames} frames in a second");
    let left = game.rest();
    assert!(left[0] <= OTHERS_FRAME, "{left:?}");
    let crowded = left.windows(2).filter(|w| w[1] - w[0] < OTHERS_FRAME);
    assert_eq!(crowded.count(), 0, "{left:?}");
}

#[test]
fn a_change_that_waits_for_its_frame_is_in_the_next_one_whatever_it_is_for() {
    let mut game = Game::of_a_dozen();
    game.state.take_redraw();
    game.send(look(1, 121));
    assert!(game.state.take_redraw());
    assert!(!game.redraws(look(1, 122)));
    assert!(game.redraws(Message::Scroll(1)));
    assert_eq!(game.rest(), [PLAYING]);
}

#[test]
fn a_player_who_goes_takes_marks_along() {
    let mut game = Game::of_a_dozen();
    game.send(look(3, 125));
    game.gone(3);
    game.changed(player(3, "p3", 125));
    assert!(!game.state.pace.is_playing(P3));
    assert_eq!(moved(&game, P3), 0);
}
