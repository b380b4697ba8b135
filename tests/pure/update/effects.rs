//! Effects and achievements: when they begin, what they say, and that they end.

use std::time::Duration;

use clickoff::game::{EFFECT_FRAME, EFFECTS_PAUSE, MOVED, Motion, News, OWN, PlayerId, Rings};
use clickoff::message::{Action, Message, Reply};
use clickoff::state::{BUTTON_DOWN, Kind};

use super::common::{Game, player};

const ADA: PlayerId = PlayerId(1);
const BOB: PlayerId = PlayerId(2);
const CLEO: PlayerId = PlayerId(3);

/// Ada, who is picked, behind Bob and Cleo.
fn race() -> Game {
    let mut game = Game::of(&[
        player(1, "ada", 97),
        player(2, "Bob", 99),
        player(3, "Cleo", 101),
    ]);
    assert_eq!(game.picked(), "ada");
    game.rest();
    game
}

fn news(game: &Game) -> Option<News> {
    game.state.effects.news().copied()
}

/// The points that rise now.
fn rising(game: &Game) -> Vec<u64> {
    game.state.effects.rises().map(|r| r.points).collect()
}

#[test]
fn a_press_lets_its_point_rise_at_once_and_only_its_commit_marks_digits() {
    let mut game = race();
    game.press(1);
    assert_eq!(rising(&game), [1]);
    assert_eq!(game.state.effects.changed_from(ADA), None);
    game.now += EFFECT_FRAME;
    game.press(3);
    assert_eq!(rising(&game), [1, 3], "those of one frame rise together");
    game.counted(1, 4, 101);
    assert_eq!(game.state.effects.changed_from(ADA), Some(97));
    assert_eq!(game.state.effects.changed_from(BOB), None);
    game.act(Action::Down);
    assert_eq!(rising(&game), [0_u64; 0], "they were another's");
    assert_eq!(game.state.effects.changed_from(ADA), None);
}

#[test]
fn what_is_committed_is_celebrated_and_nothing_before() {
    let none = News::default();
    let passed = Some((BOB, 0));
    let cases = [
        ("one less than level", 1, 98, None),
        ("level with Bob", 2, 99, None),
        (
            "a milestone and a pass",
            3,
            100,
            Some(News {
                milestone: Some(100),
                passed,
                ..none
            }),
        ),
        (
            "level with Cleo, Bob and the milestone left behind on the way",
            4,
            101,
            Some(News {
                milestone: Some(100),
                passed,
                ..none
            }),
        ),
        (
            "past both",
            5,
            102,
            Some(News {
                milestone: Some(100),
                passed: Some((CLEO, 1)),
                ..none
            }),
        ),
    ];
    for (story, presses, score, wanted) in cases {
        let mut game = race();
        game.press(presses);
        assert_eq!(news(&game), None, "{story}: not committed yet");
        game.counted(1, presses as u64, score);
        assert_eq!(news(&game), wanted, "{story}");
        assert_eq!(game.state.effects.sparks().is_some(), wanted.is_some());
    }
}

#[test]
fn a_look_that_saw_the_presses_before_their_count_takes_nothing_from_the_feast() {
    let mut game = race();
    game.press(3);
    game.changed(player(1, "ada", 100));
    assert_eq!(
        news(&game),
        None,
        "whose presses these are is not known yet"
    );
    game.counted(1, 3, 100);
    let wanted = News {
        milestone: Some(100),
        passed: Some((BOB, 0)),
        passed_by: None,
    };
    assert_eq!(news(&game), Some(wanted));
    // What others have pressed for the same player is no feat of one's own.
    let mut game = race();
    game.press(1);
    game.counted(1, 1, 105);
    assert_eq!(news(&game), None);
}

#[test]
fn who_passes_is_told_to_who_plays_and_to_nobody_else() {
    let passed_by = |who| {
        Some(News {
            passed_by: Some(who),
            ..News::default()
        })
    };
    let look = |scores: &[(i64, i64)]| {
        let players = scores.iter().map(|(id, score)| {
            let name = ["ada", "Bob", "Cleo"][*id as usize - 1];
            player(*id, name, *score)
        });
        Message::Reply(Reply::Changed {
            players: players.collect(),
            gone: Vec::new(),
        })
    };
    let mut game = race();
    game.send(look(&[(1, 200)]));
    game.send(look(&[(2, 300)]));
    assert_eq!(news(&game), None, "who only watches is passed by nobody");

    let ahead = || {
        let mut game = race();
        game.press(33);
        game.counted(1, 33, 130);
        game.rest();
        game
    };
    type Case = (&'static str, &'static [(i64, i64)], Option<News>);
    let cases: [Case; 5] = [
        ("still behind", &[(2, 129)], None),
        ("level", &[(2, 130)], None),
        ("past", &[(2, 131)], passed_by((BOB, 0))),
        ("both past", &[(2, 131), (3, 132)], passed_by((CLEO, 1))),
        (
            "all move on",
            &[(1, 140), (2, 139), (3, 141)],
            passed_by((CLEO, 0)),
        ),
    ];
    for (story, scores, wanted) in cases {
        let mut game = ahead();
        game.send(look(scores));
        assert_eq!(news(&game), wanted, "{story}");
        assert_eq!(game.state.effects.sparks(), None, "{story} is no feat");
    }
    let mut game = ahead();
    game.send(look(&[(2, 131)]));
    assert!(game.rest().contains(&MOVED), "others' news stay for longer");
    assert_eq!(news(&game), None);
}

#[test]
fn a_second_after_the_last_press_there_is_nothing_left_to_do() {
    for (motion, most) in [(Motion::Full, 25), (Motion::Reduced, 7), (Motion::None, 3)] {
        let mut game = race().moving(motion);
        game.press(3);
        game.counted(1, 3, 100);
        let frames = game.rest();
        assert_eq!(frames.last(), Some(&OWN), "{motion:?}");
        assert!(frames.len() <= most, "{motion:?}: {frames:?}");
        assert_eq!((game.state.wake_at(game.now), news(&game)), (None, None));
        assert_eq!(rising(&game), [0_u64; 0]);
        assert_eq!(game.state.moved_by(ADA, 1), 0);
        assert!(!game.state.pace.is_playing(ADA));
    }
}

#[test]
fn without_motion_there_is_the_button_and_nothing_else() {
    let mut game = race().still();
    game.press(3);
    game.counted(1, 3, 100);
    assert_eq!((rising(&game), news(&game)), (vec![], None));
    assert_eq!(game.state.effects.changed_from(ADA), None);
    assert_eq!(game.rest(), [BUTTON_DOWN, OWN]);
}

#[test]
fn faster_presses_than_effects_have_frames_cost_no_frames_but_their_own() {
    let mut game = Game::of(&[player(1, "ada", 97)]);
    let (mut own, mut frames) = (0, 0);
    let gap = Duration::from_millis(33);
    for n in 1..=90_u64 {
        let next = game.now + gap;
        while let Some(at) = game.state.wake_at(game.now).filter(|at| *at < next) {
            game.now = at;
            game.send(Message::Tick);
            frames += usize::from(game.state.take_redraw());
        }
        game.now = next;
        game.press(1);
        game.counted(1, n, 97 + n as i64);
        own += usize::from(game.state.take_redraw());
    }
    assert_eq!(own, 90);
    assert_eq!(frames, 0, "the presses' own frames show how far it is");
    assert!(game.rest().len() < 25);
}

#[test]
fn a_terminal_that_is_behind_gets_no_effects_until_it_has_kept_up_for_a_while() {
    let mut game = race();
    game.press(3);
    game.counted(1, 3, 100);
    game.send(Message::Behind);
    assert_eq!((rising(&game), game.state.effects.sparks()), (vec![], None));
    assert!(news(&game).is_some(), "information stays");
    game.press(1);
    assert_eq!(rising(&game), [0_u64; 0]);
    assert_eq!(game.rest(), [BUTTON_DOWN, OWN]);
    game.now += EFFECTS_PAUSE;
    game.press(1);
    assert_eq!(rising(&game), [1]);
}

#[test]
fn the_bell_rings_for_what_it_is_asked_for_whatever_moves() {
    for (rings, start, feat, passed_by) in [
        (Rings::None, false, false, false),
        (Rings::Starts, true, false, false),
        (Rings::All, true, true, true),
    ] {
        let game = || {
            let mut game = Game::of_a_dozen().still();
            game.state.bell.rings = rings;
            game
        };
        let mut starts = game();
        starts.act(Action::Contest(Kind::Sprint));
        starts.act(Action::Accept);
        assert!(!starts.state.bell.take(), "not before the start");
        let mut rung = 0;
        for _ in 0..60 {
            starts.after(Duration::from_millis(100));
            rung += i32::from(starts.state.bell.take());
        }
        assert_eq!(rung, i32::from(start), "{rings:?}, once");

        let mut milestone = game();
        milestone.send(Message::Pick(PlayerId(11)));
        milestone.press(5);
        milestone.counted(11, 4, 24);
        assert!(!milestone.state.bell.take(), "24 is none");
        milestone.counted(11, 5, 25);
        assert_eq!(milestone.state.bell.take(), feat, "{rings:?}");

        let mut passed = game();
        passed.send(Message::Pick(PlayerId(11)));
        passed.press(1);
        passed.counted(11, 1, 21);
        passed.state.bell.take();
        passed.now += Duration::from_secs(2);
        passed.changed(player(12, "p12", 22));
        assert_eq!(passed.state.bell.take(), passed_by, "{rings:?}");
    }
}
