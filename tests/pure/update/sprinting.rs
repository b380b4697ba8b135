//! A sprint: which presses count, when its result is final, and what makes it void.

use std::time::Duration;

use clickoff::game::contest::{Length, Stage, Trace};
use clickoff::game::sprint::{Best, Bests, BoardPlace, COUNTDOWN, Sprinted};
use clickoff::game::{HeldKeys, Motion, PlayerId};
use clickoff::message::{
    Action, Command, ContestCommand, Effect, Farewell, Message, Question, Reply, Rights, Stop,
};
use clickoff::state::{
    AGAIN, Contest, Context, Ghost, Kind, Phase, Rival, SAVE_PATIENCE, SprintKept,
};

use super::common::{Game, english, offline, player, presses};

const P1: PlayerId = PlayerId(1);

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// A ghost that pressed ten times a second.
fn bests() -> Bests {
    let mut ghost = Trace::default();
    for step in 0..50 {
        ghost.add(ms(100 * step), 1);
    }
    Bests {
        own: vec![Best {
            length: Length::Five,
            presses: 50,
            ghost: Some(ghost),
        }],
        ..Bests::default()
    }
}

/// A dozen players; `p1` has chosen five seconds and the countdown runs.
fn counting_down() -> Game {
    let mut game = Game::of_a_dozen();
    assert_eq!(
        game.act(Action::Contest(Kind::Sprint)),
        [Command::Ask(Question::Bests(P1))]
    );
    game.reply(Reply::Bests(P1, bests()));
    game.act(Action::Up);
    assert_eq!(
        game.act(Action::Accept),
        [Command::Contest(ContestCommand::BeginSprint(P1))]
    );
    game
}

/// The same, with three presses before the start, and then at it.
fn started() -> Game {
    let mut game = counting_down();
    assert_eq!(game.press(3), presses(1, 3));
    game.after(COUNTDOWN);
    game
}

#[test]
fn without_motion_it_is_drawn_once_a_second_and_else_ten_times() {
    for (motion, frames) in [(Motion::None, 5), (Motion::Reduced, 5), (Motion::Full, 50)] {
        let mut game = counting_down().moving(motion);
        game.after(COUNTDOWN);
        game.state.take_redraw();
        let end = game.now + Length::Five.time();
        let mut drawn = 0;
        while let Some(at) = game.state.wake_at(game.now).filter(|at| *at <= end) {
            game.now = at;
            game.send(Message::Tick);
            drawn += i32::from(game.state.take_redraw());
        }
        assert_eq!(drawn, frames, "{motion:?}");
    }
}

fn sprint(game: &Game) -> &Contest {
    let sprint = game.state.contest_of(Kind::Sprint);
    sprint.expect("a sprint")
}

fn ghost(game: &Game) -> &Ghost {
    match &sprint(game).rival {
        Rival::Ghost(ghost) => ghost,
        other => panic!("{other:?}"),
    }
}

/// What became of the result that stands.
fn result(game: &Game) -> &SprintKept {
    assert_eq!(sprint(game).phase, Phase::Over);
    &ghost(game).kept
}

#[track_caller]
fn void(game: &Game) -> String {
    match &sprint(game).phase {
        Phase::Void(why) => english(why),
        other => panic!("{other:?}"),
    }
}

/// Presses made for the sprint so far.
fn made(game: &Game) -> u64 {
    let sprint = sprint(game);
    assert!(sprint.is_on() || sprint.phase == Phase::Over, "{sprint:?}");
    sprint.presses().expect("a start")
}

#[test]
fn a_sprint_is_of_the_presses_from_its_start_to_its_end_and_all_of_them_score() {
    let mut game = started();
    assert_eq!(made(&game), 0, "the countdown is over, none before counts");
    assert_eq!(game.press(4), presses(1, 4), "by the same way as any");
    game.now += ms(4_999);
    game.press(2);
    game.now += ms(1);
    assert_eq!(game.press(5), presses(1, 5), "too late, and a point");
    assert_eq!(made(&game), 6);
    assert_eq!(game.state.tallies[&P1].pressed, 14);
    assert_eq!(sprint(&game).stage(), Stage::Saving);
}

#[test]
fn the_result_waits_for_the_commit_of_its_last_press_and_is_then_kept() {
    let mut game = started();
    game.press(6);
    game.after(ms(5_000));
    game.press(5);
    assert_eq!(game.reply(counted(8)), []);
    assert_eq!(sprint(&game).stage(), Stage::Saving);
    let mut trace = Trace::default();
    trace.add(Duration::ZERO, 6);
    let sprinted = Sprinted {
        player: P1,
        length: Length::Five,
        trace,
    };
    let kept = game.reply(counted(9));
    assert_eq!(
        kept,
        [Command::Contest(ContestCommand::KeepSprint(
            sprinted.clone()
        ))]
    );
    assert_eq!(ghost(&game).before, Some(50));
    assert_eq!(result(&game), &SprintKept::NotYet);
    let asked = game.reply(Reply::SprintKept(sprinted));
    assert_eq!(asked, [Command::Ask(Question::Bests(P1))]);
    assert_eq!(result(&game), &SprintKept::Yes);
    // It stays, whatever is pressed on the button, until it is closed.
    game.reply(counted(14));
    game.press(20);
    game.after(Duration::from_secs(3_600));
    assert_eq!(made(&game), 6);
    assert_eq!(ghost(&game).best(Length::Five), Some(50));
    game.act(Action::Back);
    assert!(game.state.contest().is_none());
}

fn counted(counted: u64) -> Reply {
    Reply::Counted {
        player: P1,
        counted,
        score: 120 + counted as i64,
    }
}

#[test]
fn presses_saved_while_it_runs_are_waited_for_no_longer() {
    let mut game = started();
    game.press(1);
    game.reply(counted(4));
    let effects = game.after(ms(5_000));
    assert!(matches!(
        effects[..],
        [Effect::Send(Command::Contest(ContestCommand::KeepSprint(
            _
        )))]
    ));
    assert_eq!(sprint(&game).phase, Phase::Over);
}

#[test]
fn a_held_key_makes_the_presses_of_a_sprint_that_it_scores() {
    for (held, each) in [(HeldKeys::Once, 0), (HeldKeys::Count, 1)] {
        let mut game = started();
        game.send(Message::KeysReported);
        game.state.held_keys = Some(held);
        game.press(1);
        for _ in 0..20 {
            assert_eq!(game.tell(Message::Held), presses(1, each));
        }
        assert_eq!(made(&game), 1 + 20 * each as u64);
    }
    // Where it can only be guessed: after a pause as long as a keyboard's delay.
    let mut game = started();
    game.state.held_keys = Some(HeldKeys::Once);
    game.hold(40);
    assert_eq!(made(&game), 16, "the first and fifteen repeats");
}

#[test]
fn a_sprint_over_the_limit_is_void_and_the_score_has_what_was_counted() {
    let mut game = started();
    game.press(20);
    game.after(ms(5000));
    game.counted(1, 3 + 10, 13);
    game.reply(Reply::OverRate {
        player: P1,
        presses: 10,
        limit: Some(2),
    });
    assert!(void(&game).contains("refused"));
    assert!(
        game.notice()
            .contains("10 points were over this database's limit of 2")
    );
}

#[test]
fn a_sprint_without_a_press_has_nothing_to_keep() {
    let mut game = counting_down();
    game.after(COUNTDOWN);
    assert_eq!(game.after(ms(5_000)), []);
    assert_eq!(result(&game), &SprintKept::Nothing);
}

/// Interrupts a sprint in its countdown, while it runs and while it is saved; the presses that were
/// made stay what they are.
#[track_caller]
fn is_void_after(interrupt: impl Fn(&mut Game), why: &str) {
    for time in [ms(0), ms(1_000), ms(5_000)] {
        let mut game = started();
        game.press(2);
        game.after(time);
        let before = game.state.tallies[&P1].pressed;
        interrupt(&mut game);
        assert_eq!(void(&game), why, "after {time:?}");
        assert!(game.state.tallies[&P1].pressed >= before);
        // Nothing revives it.
        game.reply(Reply::Recovered);
        game.reply(Reply::WatchRecovered);
        assert_eq!(game.reply(counted(before)), []);
        let later = game.after(Duration::from_secs(60));
        let keeps = |effect: &Effect| {
            matches!(
                effect,
                Effect::Send(Command::Contest(ContestCommand::KeepSprint(_)))
            )
        };
        assert!(!later.iter().any(keeps), "{later:?}");
        assert_eq!(void(&game), why);
    }
    let mut game = counting_down();
    interrupt(&mut game);
    assert_eq!(void(&game), why, "in the countdown");
}

#[test]
fn an_interrupted_sprint_is_void_and_says_why() {
    is_void_after(
        |game| drop(game.reply(Reply::Trouble(offline(2)))),
        "the link to the database was lost",
    );
    is_void_after(Game::blinded, "the link to the database was lost");
    is_void_after(|game| drop(game.gone(1)), "the player is gone");
    is_void_after(
        |game| drop(game.send(Message::Suspended)),
        "the game was suspended",
    );
    is_void_after(|game| drop(game.act(Action::Back)), "you gave it up");
    is_void_after(
        |game| drop(game.send(Message::Paste("    ".into()))),
        "presses were pasted",
    );
    is_void_after(
        |game| drop(game.reply(Reply::ClockMoved)),
        "this machine slept, or its clock was set",
    );
}

#[test]
fn a_refused_press_makes_it_void() {
    let mut game = started();
    game.press(2);
    game.reply(Reply::Refused {
        player: P1,
        presses: 1,
        why: "1 press was not counted.".into(),
    });
    assert_eq!(void(&game), "presses were refused");
}

#[test]
fn leaving_makes_it_void_and_says_so() {
    let ways: [fn(&mut Game); 3] = [
        |game| drop(game.act(Action::Quit)),
        |game| drop(game.send(Message::Stop(Stop::Signal(15)))),
        |game| drop(game.send(Message::Stop(Stop::TerminalGone))),
    ];
    for leave in ways {
        let mut game = started();
        game.press(2);
        leave(&mut game);
        assert!(game.state.leaving && game.state.contest().is_none());
        assert!(
            game.notice().contains("sprint is void"),
            "{}",
            game.notice()
        );
        game.after(ms(5_000));
        assert_eq!(game.reply(counted(5)), [], "no result is kept");
        game.reply(Reply::Left(Farewell::default()));
        assert!(game.state.ended.is_some_and(|ended| ended.sprint_void));
    }
}

#[test]
fn a_trouble_that_is_no_lost_link_may_pass_and_what_is_not_saved_in_time_is_void() {
    let mut game = started();
    game.press(2);
    game.troubled("The file is locked.", 1);
    game.after(ms(5_000));
    assert_eq!(sprint(&game).stage(), Stage::Saving);
    let mut late = game.clone();
    game.reply(Reply::Recovered);
    game.reply(counted(5));
    assert_eq!(sprint(&game).phase, Phase::Over);
    late.after(SAVE_PATIENCE - ms(1));
    assert_eq!(sprint(&late).stage(), Stage::Saving);
    late.after(ms(1));
    assert_eq!(void(&late), "its presses could not be saved in time");
}

#[test]
fn presses_refused_before_the_start_are_not_waited_for() {
    let mut game = counting_down();
    game.press(3);
    game.reply(Reply::Refused {
        player: P1,
        presses: 3,
        why: "3 presses were not counted.".into(),
    });
    game.after(COUNTDOWN);
    game.press(2);
    game.after(ms(5_000));
    let kept = game.reply(counted(2));
    assert!(matches!(
        kept[..],
        [Command::Contest(ContestCommand::KeepSprint(_))]
    ));
}

#[test]
fn it_is_drawn_ten_times_a_second_while_it_runs_and_never_after() {
    let mut game = counting_down();
    game.state.take_redraw();
    let begun = game.now;
    let mut frames = 0;
    while let Some(at) = game.state.wake_at(game.now) {
        game.now = at;
        game.send(Message::Tick);
        frames += u32::from(game.state.take_redraw());
    }
    assert_eq!(game.now - begun, COUNTDOWN + ms(5_000));
    assert_eq!(frames, 3 + 50);
}

#[test]
fn who_may_not_play_is_gone_or_offline_can_not_sprint() {
    let mut game = Game::started();
    let watch = Rights {
        play: false,
        ..Rights::ALL
    };
    game.opened_with(&[player(1, "Ada", 0)], watch);
    assert_eq!(game.act(Action::Contest(Kind::Sprint)), []);
    assert!(
        game.notice().contains("watch, not play"),
        "{}",
        game.notice()
    );
    let mut game = Game::of(&[]);
    game.act(Action::Back);
    assert_eq!(game.act(Action::Contest(Kind::Sprint)), []);
    assert!(
        game.notice().contains("Nobody is picked"),
        "{}",
        game.notice()
    );
    let mut game = Game::of_a_dozen();
    game.blinded();
    assert_eq!(game.act(Action::Contest(Kind::Sprint)), []);
    assert!(
        game.notice().contains("can't be reached"),
        "{}",
        game.notice()
    );
}

#[test]
fn another_sprint_begins_over_the_same_length_against_the_new_best() {
    let mut game = started();
    let again = Action::Contest(Kind::Sprint);
    assert_eq!(game.act(again), [], "not while one is on");
    game.after(ms(5_000));
    game.reply(counted(3));
    let mut better = bests();
    better.own = vec![Best {
        length: Length::Five,
        presses: 77,
        ghost: None,
    }];
    game.reply(Reply::Bests(P1, better));
    let asked = [
        Command::Ask(Question::Bests(P1)),
        Command::Contest(ContestCommand::BeginSprint(P1)),
    ];
    assert_eq!(game.act(again), asked);
    assert_eq!(sprint(&game).length, Length::Five);
    assert_eq!(sprint(&game).stage(), Stage::Starting(3));
    let Rival::Ghost(ghost) = &sprint(&game).rival else {
        panic!("a sprint");
    };
    assert_eq!(ghost.best(Length::Five), Some(77), "known at once");
    game.press(2);
    game.after(ms(3_000));
    assert_eq!((sprint(&game).early, sprint(&game).presses()), (2, Some(0)));
    game.act(Action::Back);
    assert_eq!(sprint(&game).stage(), Stage::Void);
    assert_eq!(game.act(again), asked, "after one that is void, too");
}

#[test]
fn the_boards_are_watched_again_from_the_choice_by_their_lengths() {
    let mut game = Game::of_a_dozen();
    game.act(Action::Contest(Kind::Sprint));
    let place = |player, trace| BoardPlace {
        player: PlayerId(player),
        presses: 7,
        trace,
    };
    let trace = |text| Trace::parse(text, Length::Five);
    let mut bests = Bests::default();
    bests.boards[Length::Five as usize] = vec![place(1, trace("7"))];
    bests.boards[Length::Ten as usize] =
        vec![place(2, trace("3,4")), place(1, trace("7")), place(3, None)];
    game.reply(Reply::Bests(P1, bests));
    game.act(Action::Replay);
    let shown = |game: &Game| {
        let replay = sprint(game).replay.as_ref().expect("a replay");
        let names: Vec<_> = replay
            .recording()
            .lanes
            .iter()
            .map(|l| l.name.clone())
            .collect();
        (replay.recording().length, names)
    };
    let ten = (Length::Ten, vec!["p2".to_owned(), "p1".to_owned()]);
    assert_eq!(shown(&game), ten, "of whom nothing is known is left out");
    game.act(Action::Earlier);
    assert_eq!(shown(&game), (Length::Five, vec!["p1".to_owned()]));
    game.act(Action::Earlier);
    assert_eq!(shown(&game).0, Length::Five, "there is no shorter one");
    game.act(Action::Later);
    game.act(Action::Later);
    assert_eq!(shown(&game), ten);
    game.act(Action::Back);
    assert_eq!(game.state.context(), Context::Choosing(Kind::Sprint));
}

#[test]
fn a_sprint_opened_before_the_last_one_is_kept_reads_the_bests_again() {
    let mut game = started();
    game.press(1);
    game.after(ms(5_000));
    let kept = game.reply(counted(4));
    let [Command::Contest(ContestCommand::KeepSprint(sprinted))] = &kept[..] else {
        panic!("{kept:?}");
    };
    game.act(Action::Back);
    game.act(Action::Contest(Kind::Sprint));
    game.reply(Reply::Bests(P1, Bests::default()));
    let asked = game.reply(Reply::SprintKept(sprinted.clone()));
    assert_eq!(asked, [Command::Ask(Question::Bests(P1))]);
    assert_eq!(sprint(&game).phase, Phase::Choosing);
    game.reply(Reply::SprintUnkept(sprinted.clone(), "No right.".into()));
    assert!(game.notice().contains("not kept"), "{}", game.notice());
}

#[test]
fn the_page_about_the_player_is_read_again_once_a_sprint_is_kept() {
    let of = |player| Sprinted {
        player: PlayerId(player),
        length: Length::Five,
        trace: Trace::default(),
    };
    let recall = Effect::Send(Command::Ask(Question::Recall(P1)));
    let mut game = Game::of_a_dozen();
    game.after(ms(1_000));
    game.reply(Reply::SprintKept(of(1)));
    assert_eq!(game.after(AGAIN), [recall]);
    game.reply(Reply::SprintKept(of(2)));
    assert_eq!(
        game.after(AGAIN),
        [],
        "another player's is not on the screen"
    );
    game.reply(Reply::SprintUnkept(of(1), "no".into()));
    assert_eq!(game.after(AGAIN), [], "nothing has changed");
}
