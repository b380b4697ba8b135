//! Leaving by key, by signal and after a lost terminal; and suspending.

use std::time::Duration;

use clickoff::game::PlayerId;
use clickoff::message::{Action, BrokenKind, Command, Effect, Farewell, Message, Reply, Stop};
use clickoff::state::{ADD_PATIENCE, Context, Ended, REST_PATIENCE, Status};
use clickoff::ui::keymap::{Keymap, SECTIONS, Section};
use clickoff::words::Say;
use ratatui::crossterm::event::{KeyCode, KeyEvent};

use super::common::{Game, english, player, presses};

const KILLED: Message = Message::Stop(Stop::Signal(15));
const HUNG_UP: Message = Message::Stop(Stop::TerminalGone);

fn left(kept: u64) -> Message {
    Message::Reply(Reply::Left(Farewell { kept, lost: None }))
}

#[test]
fn leaving_saves_what_waits_and_asked_again_leaves_at_once() {
    let mut game = Game::of_a_dozen();
    game.press(2);
    assert_eq!(game.act(Action::Quit), [Command::Leave]);
    assert_eq!(game.state.status(), Status::Leaving(2));
    assert_eq!(game.press(1), [], "too late");
    game.counted(1, 1, 121);
    assert_eq!(game.state.status(), Status::Leaving(1));
    assert_eq!(game.state.context(), Context::Leaving);
    assert_eq!(game.act(Action::QuitNow), [Command::LeaveNow]);
    game.tell(left(1));
    let farewell = Farewell {
        kept: 1,
        lost: None,
    };
    let ended = Ended {
        farewell,
        broken: None,
        sprint_void: false,
        stop: None,
        summary: vec![
            Say::SessionPointsAndBest {
                name: Box::new("p1".into()),
                points: 1,
                best: 2,
            },
            Say::SessionRank {
                rank: 1,
                players: 12,
            },
        ],
    };
    assert_eq!(game.state.ended, Some(ended));
}

#[test]
fn every_way_out_begins_in_order_and_the_second_time_goes_at_once() {
    let quit = || Message::Action(Action::Quit);
    let cases = [
        (quit(), quit()),
        (KILLED, KILLED),
        (KILLED, Message::Action(Action::QuitNow)),
        (HUNG_UP, KILLED),
    ];
    for (first, second) in cases {
        let mut game = Game::of_a_dozen();
        let story = format!("{first:?}, {second:?}");
        assert_eq!(game.tell(first), [Command::Leave], "{story}");
        assert_eq!(game.tell(second), [Command::LeaveNow], "{story}");
    }
}

#[test]
fn a_hang_up_that_is_told_twice_is_one() {
    let sighup = || Message::Stop(Stop::Signal(1));
    for (first, second) in [(HUNG_UP, sighup()), (sighup(), HUNG_UP), (HUNG_UP, HUNG_UP)] {
        let mut game = Game::of_a_dozen();
        assert_eq!(game.tell(first), [Command::Leave]);
        assert_eq!(
            game.tell(second),
            [Command::Leave],
            "there is still time to save"
        );
    }
}

#[test]
fn a_signal_after_a_key_is_the_first_signal_and_leaves_time_to_save() {
    let mut game = Game::of_a_dozen();
    game.act(Action::Quit);
    assert_eq!(game.tell(KILLED), [Command::Leave]);
    assert_eq!(game.tell(KILLED), [Command::LeaveNow]);
}

#[test]
fn the_exit_code_can_tell_what_ended_it() {
    for (message, stop) in [(KILLED, Stop::Signal(15)), (HUNG_UP, Stop::TerminalGone)] {
        let mut game = Game::of_a_dozen();
        game.tell(message);
        game.tell(left(0));
        assert_eq!(game.state.ended.and_then(|e| e.stop), Some(stop));
    }
}

#[test]
fn escape_closes_what_is_open_then_clears_the_filter_and_never_leaves() {
    let mut game = Game::of_a_dozen();
    game.act(Action::Filter);
    game.type_in("p1");
    game.act(Action::Accept);
    game.act(Action::Help);
    assert_eq!(game.act(Action::Back), []);
    assert!(game.state.is_filtered(), "the help was closed");
    assert_eq!(game.act(Action::Back), []);
    assert!(!game.state.is_filtered(), "the filter was cleared");
    assert_eq!(game.act(Action::Back), []);
    assert_eq!(game.notice(), "Nothing is open: q leaves the game.");
    assert!(!game.state.leaving);
}

#[test]
fn escape_ends_the_game_nowhere() {
    let keymap = Keymap::default();
    let escape = KeyEvent::from(KeyCode::Esc);
    for &(section, name, _) in SECTIONS {
        let Section::In(context) = section else {
            continue;
        };
        let action = keymap.action(context, &escape);
        let ends = matches!(action, Some(Action::Quit | Action::QuitNow));
        assert!(!ends, "{name}: {action:?}");
    }
}

#[test]
fn leaving_closes_whatever_is_open() {
    for open in [
        Action::Add,
        Action::Edit,
        Action::Remove,
        Action::Help,
        Action::Filter,
    ] {
        let mut game = Game::of_a_dozen();
        game.act(open);
        assert_eq!(game.act(Action::Quit), [Command::Leave], "{open:?}");
        assert_eq!(game.state.context(), Context::Leaving);
    }
}

/// The first player is on the way in, with so many presses.
fn adding_ada(times: usize) -> Game {
    let mut game = Game::of(&[]);
    game.act(Action::Accept);
    game.press(times);
    game
}

#[test]
fn leaving_waits_for_a_player_who_is_being_added_to_send_the_presses() {
    let mut game = adding_ada(2).still();
    assert_eq!(game.act(Action::Quit), []);
    assert_eq!(game.state.status(), Status::Leaving(2));
    let mut sent = presses(1, 2);
    sent.push(Command::Leave);
    assert_eq!(game.added(1, "ada"), sent);
    assert_eq!(game.state.wake_at(game.now), game.state.button_down_until);
}

#[test]
fn without_presses_there_is_nothing_to_wait_for() {
    let mut game = adding_ada(0);
    assert_eq!(game.act(Action::Quit), [Command::Leave]);
    assert_eq!(game.added(1, "ada"), []);
}

#[test]
fn leaving_waits_no_longer_than_its_patience_and_tells_of_the_presses() {
    let mut game = adding_ada(2);
    assert_eq!(game.tell(HUNG_UP), []);
    let mut woken = Vec::new();
    while let Some(at) = game.state.wake_at(game.now) {
        woken.extend(game.after(at - game.now));
    }
    assert_eq!(woken, [Effect::Send(Command::Leave)]);
    assert!(
        ADD_PATIENCE.as_secs() < 5,
        "the whole way out has ten seconds"
    );
    game.tell(left(0));
    let lost = game.state.ended.and_then(|e| e.farewell.lost);
    let (presses, why) = lost.expect("lost presses");
    assert_eq!(
        (presses, english(&why).as_str()),
        (2, "ada was not added in time")
    );
}

#[test]
fn a_player_who_could_not_be_added_holds_nobody_up() {
    let mut game = adding_ada(1);
    game.act(Action::Quit);
    let change = clickoff::message::Change::Add(super::common::entry("ada"));
    let failed = Reply::Failed(change, "No.".into());
    assert_eq!(game.reply(failed), [Command::Leave]);
}

#[test]
fn a_store_that_cannot_be_used_ends_the_game_with_its_reason() {
    let mut game = Game::of_a_dozen();
    game.press(1);
    let farewell = Farewell {
        kept: 1,
        lost: None,
    };
    let (why, kind) = (Say::from("It is damaged."), BrokenKind::Damaged);
    game.reply(Reply::Broken {
        why: why.clone(),
        kind,
        farewell: farewell.clone(),
    });
    let broken = Some((kind, why));
    assert_eq!(
        game.state.ended,
        Some(Ended {
            farewell,
            broken,
            sprint_void: false,
            stop: None,
            summary: Vec::new(),
        })
    );
}

#[test]
fn a_suspend_waits_for_the_transaction_in_flight() {
    let mut game = Game::of_a_dozen();
    let asked = game.send(Message::Action(Action::Suspend));
    assert_eq!(
        asked,
        [Effect::RaiseSuspend],
        "the whole process group is to stop"
    );
    assert_eq!(game.tell(Message::Suspended), [Command::Rest]);
    assert_eq!(game.tell(Message::Suspended), [], "once is enough");
    let rested = game.send(Message::Reply(Reply::Resting));
    assert_eq!(rested, [Effect::Suspend]);
    assert_eq!(game.after(REST_PATIENCE), [], "and it is over");
}

#[test]
fn a_suspend_does_not_wait_for_ever() {
    let mut game = Game::of_a_dozen();
    game.tell(Message::Suspended);
    assert_eq!(game.state.wake_at(game.now), Some(game.now + REST_PATIENCE));
    assert_eq!(game.after(REST_PATIENCE), [Effect::Suspend]);
    assert_eq!(
        game.tell(Message::Reply(Reply::Resting)),
        [],
        "an answer that comes too late"
    );
    assert_eq!(
        game.tell(Message::Suspended),
        [Command::Rest],
        "the next time"
    );
}

#[test]
fn once_it_has_ended_it_stays_ended() {
    let mut game = Game::of(&[player(1, "ada", 0)]);
    game.act(Action::Quit);
    game.tell(left(0));
    let ended = game.state.ended.clone();
    game.press(1);
    game.changed(player(2, "late", 0));
    game.tell(HUNG_UP);
    assert_eq!(game.state.ended, ended);
}

/// What is said on leaving of what was done, in English.
fn summary(game: &mut Game) -> Vec<String> {
    game.act(Action::Quit);
    game.tell(left(0));
    let ended = game.state.ended.as_ref().expect("the end");
    ended.summary.iter().map(english).collect()
}

#[test]
fn on_leaving_what_is_committed_is_summed_up_with_rank_and_whom_one_has_passed() {
    // The last of twelve, with 10; the next have 20, 30 and 40.
    let start = || {
        let mut game = Game::of_a_dozen();
        game.send(Message::Pick(PlayerId(12)));
        game
    };
    let mut nothing = start();
    assert_eq!(summary(&mut nothing), Vec::<String>::new());

    let mut uncommitted = start();
    uncommitted.press(3);
    assert_eq!(summary(&mut uncommitted), Vec::<String>::new());

    let mut stays = start();
    stays.press(1);
    stays.counted(12, 1, 11);
    let said = ["p12: 1 point this time, best 1/s.", "rank 12 of 12"];
    assert_eq!(summary(&mut stays), said);

    for (points, moved) in [
        (11, "rank 12 → 11; passed p11"),
        (21, "rank 12 → 10; passed p10 and p11"),
        (31, "rank 12 → 9; passed p9 and 2 others"),
    ] {
        let mut passes = start();
        for n in 1..=points {
            passes.press(1);
            passes.counted(12, n, 10 + n.cast_signed());
            passes.now += Duration::from_millis(100);
        }
        let said = summary(&mut passes);
        let scored = format!("p12: {points} points this time, best 10/s.");
        assert_eq!(said, [scored.as_str(), moved]);
    }
}

#[test]
fn who_is_in_front_again_was_not_passed_and_points_for_others_are_told_beside() {
    let mut game = Game::of_a_dozen();
    game.send(Message::Pick(PlayerId(12)));
    for n in 1..=11 {
        game.press(1);
        game.counted(12, n, 10 + n.cast_signed());
    }
    game.changed(player(11, "p11", 25));
    game.send(Message::Pick(PlayerId(1)));
    game.press(2);
    game.counted(1, 2, 122);
    let said = summary(&mut game);
    assert!(said[0].ends_with("2 points for others."), "{said:?}");
    assert_eq!(said[1], "rank 12 of 12");
}
