//! Changing and removing players.

use clickoff::game::{Aim, Entry, PlayerId};
use clickoff::message::{Action, Change, Command, Message, Reply};
use clickoff::state::{Context, Field, Form, Mode};
use tui_input::InputRequest;

use super::common::{Game, english, entry, player};

fn form(game: &Game) -> &Form {
    match &game.state.mode {
        Mode::Form(form) => form,
        other => panic!("{other:?} is no form"),
    }
}

#[test]
fn an_edit_starts_from_what_the_player_is_called_now() {
    let mut ada = player(1, "Ada", 5);
    ada.email = "ada@example.org".into();
    let mut game = Game::of(&[ada.clone()]);
    game.act(Action::Edit);
    assert_eq!(
        (form(&game).name.value(), form(&game).focus),
        ("Ada", Field::Name)
    );
    game.type_in(" L.");
    game.act(Action::NextField);
    assert_eq!(form(&game).email.value(), "ada@example.org");
    game.send(Message::Type(InputRequest::DeleteLine));
    game.act(Action::PreviousField);
    assert_eq!(form(&game).focus, Field::Name);
    let changed = Command::Change(Change::Edit(PlayerId(1), entry("Ada L.")));
    assert_eq!(game.act(Action::Accept), [changed]);
    assert_eq!(
        game.picked(),
        "Ada",
        "nothing is changed before the database says so"
    );
    ada.name = "Ada L.".into();
    game.reply(Reply::Done(Change::Edit(PlayerId(1), entry("Ada L.")), ada));
    assert_eq!(game.picked(), "Ada L.");
}

#[test]
fn what_is_pasted_into_a_form_is_text_without_control_characters() {
    let mut game = Game::of_a_dozen();
    game.act(Action::Add);
    game.send(Message::Paste("  A\x1b[2Jd\na\u{9b}\t ".into()));
    assert_eq!(form(&game).name.value(), "  A[2Jda ");
    game.act(Action::NextField);
    game.send(Message::Paste("a@b\r\n".into()));
    let (name, email) = ("A[2Jda".into(), "a@b".into());
    assert_eq!(
        game.act(Action::Accept),
        [Command::Change(Change::Add(Entry { name, email }))]
    );
}

#[test]
fn control_characters_that_a_name_has_already_go_with_its_next_edit() {
    let mut game = Game::of(&[player(1, "A\x1bda", 5)]);
    game.act(Action::Edit);
    let cleaned = Command::Change(Change::Edit(PlayerId(1), entry("Ada")));
    assert_eq!(game.act(Action::Accept), [cleaned]);
}

#[test]
fn a_form_is_cancelled_by_escape() {
    for open in [Action::Add, Action::Edit] {
        let mut game = Game::of_a_dozen();
        game.act(open);
        game.type_in("x");
        assert_eq!(game.act(Action::Back), []);
        assert_eq!(game.state.context(), Context::Play);
        assert_eq!(game.picked(), "p1");
    }
}

#[test]
fn a_removal_is_asked_about_and_then_the_next_player_is_picked() {
    let mut game = Game::of_a_dozen();
    game.act(Action::Down);
    assert_eq!(game.act(Action::Remove), []);
    assert_eq!(game.state.context(), Context::Confirm);
    assert_eq!(game.press(1), [], "a press is no answer");
    assert_eq!(
        game.act(Action::Accept),
        [Command::Change(Change::Remove(PlayerId(2)))]
    );
    assert_eq!(game.picked(), "p2", "until the database says so");
    game.reply(Reply::Done(Change::Remove(PlayerId(2)), player(2, "", 0)));
    assert_eq!(
        (game.picked(), game.notice().as_str()),
        ("p3", "p2 is removed.")
    );
    assert_eq!(game.rows().len(), 11);
}

#[test]
fn after_the_last_of_the_list_the_one_above_is_picked_and_after_the_only_one_nobody() {
    for (players, left) in [(2, "p1"), (1, "nobody")] {
        let all: Vec<_> = (1..=players)
            .map(|n| player(n, &format!("p{n}"), 10 - n))
            .collect();
        let mut game = Game::of(&all);
        game.act(Action::Last);
        game.act(Action::Remove);
        game.act(Action::Accept);
        let id = PlayerId(players);
        game.reply(Reply::Done(Change::Remove(id), player(players, "", 0)));
        assert_eq!(game.picked(), left);
    }
}

#[test]
fn no_is_an_answer_too() {
    let mut game = Game::of_a_dozen();
    game.act(Action::Remove);
    assert_eq!(game.act(Action::Back), []);
    assert_eq!((game.state.context(), game.picked()), (Context::Play, "p1"));
}

#[test]
fn a_change_that_was_not_made_is_reported() {
    let id = PlayerId(1);
    let cases = [
        (
            Change::Edit(id, entry("Ada")),
            "Ada was not changed: It is read-only.",
        ),
        (Change::Remove(id), "Nobody was removed: It is read-only."),
        (
            Change::Edit(id, entry("Wolfeschlegelsteinhausenbergerdorff")),
            "Wolfeschlegelsteinhausen… was not changed: It is read-only.",
        ),
    ];
    for (change, notice) in cases {
        let mut game = Game::of_a_dozen();
        game.reply(Reply::Failed(change, "It is read-only.".into()));
        assert_eq!(game.notice(), notice);
        assert_eq!(game.rows().len(), 12);
    }
}

#[test]
fn with_nobody_picked_there_is_nobody_to_edit_or_remove() {
    let cases = [
        (
            Action::Edit,
            "Nobody is picked, so there is nobody to edit.",
        ),
        (
            Action::Remove,
            "Nobody is picked, so there is nobody to remove.",
        ),
    ];
    for (action, notice) in cases {
        let mut game = Game::of_a_dozen();
        game.gone(1);
        game.act(action);
        assert_eq!(
            (game.state.context(), game.notice().as_str()),
            (Context::Play, notice)
        );
    }
}

#[test]
fn whoever_stands_in_a_removed_players_row_is_picked_also_where_the_list_comes_before_the_answer() {
    let [ada, bob, cem] = [
        player(1, "Ada", 9),
        player(2, "Bob", 5),
        player(3, "Cem", 1),
    ];
    let mut game = Game::of(&[ada.clone(), bob.clone(), cem.clone()]);
    game.act(Action::Down);
    game.act(Action::Remove);
    game.act(Action::Accept);
    game.reply(Reply::Shown(Aim::Top, vec![ada, cem].into()));
    assert_eq!(game.picked(), "Cem");
    game.reply(Reply::Done(Change::Remove(bob.id), player(2, "", 0)));
    assert_eq!(game.picked(), "Cem");
    assert_eq!(game.notice(), "Bob is removed.");
}

#[test]
fn an_e_mail_that_looks_like_none_is_doubted_once_and_taken_if_it_is_meant() {
    let cases = [
        ("ada@example.org", true),
        ("ada@localhost", true),
        ("a+b@[::1]", true),
        ("\u{738b}@\u{4f8b}.cn", true),
        ("", true),
        ("ada", false),
        ("@example.org", false),
        ("ada@", false),
        ("ada lovelace@example.org", false),
    ];
    for open in [Action::Add, Action::Edit] {
        for (email, is_fine) in cases {
            let mut game = Game::of(&[player(1, "Ada", 5)]);
            game.act(open);
            game.type_in("x");
            game.act(Action::NextField);
            game.type_in(email);
            game.act(Action::PreviousField);
            let first = game.act(Action::Accept);
            assert_eq!(first.len(), usize::from(is_fine), "{open:?} {email:?}");
            if is_fine {
                continue;
            }
            assert_eq!(form(&game).focus, Field::Email, "it is led there");
            assert!(form(&game).complaint.is_some());
            game.type_in(" !");
            assert_eq!(game.act(Action::Accept), [], "another one is doubted anew");
            let [command] = &game.act(Action::Accept)[..] else {
                panic!("{email:?} is not taken");
            };
            let (Command::Change(Change::Add(entry)) | Command::Change(Change::Edit(_, entry))) =
                command
            else {
                panic!("{command:?}");
            };
            assert_eq!(entry.email, format!("{email} !"));
        }
    }
}

#[test]
fn an_e_mail_that_stood_there_before_is_not_doubted() {
    let mut ada = player(1, "Ada", 5);
    ada.email = "ask her".into();
    let mut game = Game::of(&[ada]);
    game.act(Action::Edit);
    game.type_in("x");
    assert_eq!(game.act(Action::Accept).len(), 1);
}

#[test]
fn a_change_to_the_name_of_another_is_told_before_it_is_made() {
    let all = [player(1, "Ada", 5), player(2, "Bob", 3)];
    let mut game = Game::of(&all);
    game.act(Action::Edit);
    game.send(Message::Type(InputRequest::DeleteLine));
    game.type_in("bob");
    assert_eq!(game.act(Action::Accept), []);
    let told = form(&game).complaint.as_ref().map(english);
    let told = told.expect("a complaint");
    assert!(told.starts_with("There is a player Bob already."), "{told}");
    let change = Command::Change(Change::Edit(PlayerId(1), entry("bob")));
    assert_eq!(game.act(Action::Accept), [change]);
    // One's own name is no other's, however it is written.
    let mut game = Game::of(&all);
    game.act(Action::Edit);
    game.send(Message::Type(InputRequest::DeleteLine));
    game.type_in("ADA");
    let change = Command::Change(Change::Edit(PlayerId(1), entry("ADA")));
    assert_eq!(game.act(Action::Accept), [change]);
}
