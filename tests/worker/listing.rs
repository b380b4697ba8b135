//! A list that is too long to be loaded as a whole.

use std::time::Duration;

use clickoff::game::{Aim, PlayerId, Spot, Window};
use clickoff::message::{Command, Question, Reply, StartOn};
use clickoff::store::{Changes, Cursor};

use super::fake::{Fake, FakeOutbox, Fate, player};
use super::{Game, settle};

/// Fifty players, of whom ten are told at once; the first has the most.
fn fifty() -> Fake {
    let fake = Fake::default();
    let mut data = fake.data();
    data.window = 10;
    for id in 1..=50 {
        data.players
            .insert(id, player(id, &format!("p{id}"), 100 - id));
    }
    drop(data);
    fake
}

fn window_of(reply: Reply) -> Window {
    match reply {
        Reply::Opened { window, .. }
        | Reply::Shown(_, window)
        | Reply::Surrounded(_, Some(window)) => window,
        other => panic!("{other:?}"),
    }
}

fn names(window: &Window) -> Vec<&str> {
    window.players.iter().map(|p| p.name.as_str()).collect()
}

/// A start on the player with this name.
fn asked_for(name: &str) -> Command {
    Command::StartOn(StartOn {
        asked: Some(name.into()),
        ..StartOn::default()
    })
}

/// Begins a game whose database takes its time to open.
fn slowly(store: &Fake) -> Game {
    let slow = Fate::Slow(Duration::from_millis(1));
    store.data().open_fates.push_back(slow);
    Game::begin(store, &FakeOutbox::default())
}

#[tokio::test(start_paused = true)]
async fn it_is_opened_at_the_first_and_at_whoever_is_sought() {
    let store = fifty();
    let mut game = Game::begin(&store, &FakeOutbox::default());
    let opened = game.observe(|r| matches!(r, Reply::Opened { .. })).await;
    let window = window_of(opened);
    assert_eq!((window.above, window.below), (0, 40));
    assert_eq!(names(&window)[0], "p1");

    let mut game = slowly(&store);
    // Before the database is open.
    game.send(asked_for("p30"));
    let opened = game.observe(|r| matches!(r, Reply::Opened { .. })).await;
    let window = window_of(opened);
    assert!(names(&window).contains(&"p30"), "{window:?}");
    assert_eq!(window.above, 24);

    let mut game = slowly(&store);
    game.send(asked_for("nobody"));
    let opened = game.observe(|r| matches!(r, Reply::Opened { .. })).await;
    assert_eq!(names(&window_of(opened))[0], "p1");
}

#[tokio::test(start_paused = true)]
async fn how_many_there_are_is_found_out_at_once_where_nobody_has_counted_them() {
    // As before the first survey, a database says that there is one more.
    for (window, is_read_again) in [(49, true), (48, false), (50, false)] {
        let store = fifty();
        store.data().window = window;
        let mut game = Game::begin(&store, &FakeOutbox::default());
        game.observe(|r| matches!(r, Reply::Opened { .. })).await;
        tokio::time::sleep(Duration::from_secs(1)).await;
        let (_, said) = game.leave().await;
        let mut said = said.iter();
        let again = said.any(|reply| matches!(reply, Reply::Shown(Aim::Top, _)));
        assert_eq!(again, is_read_again, "{window}");
    }
}

#[tokio::test(start_paused = true)]
async fn who_bears_a_name_is_found_wherever_in_the_list() {
    let store = fifty();
    let second = player(60, "p40", 1);
    store.data().players.insert(60, second);
    let mut game = Game::start(&store, &FakeOutbox::default()).await;
    for (name, wanted) in [("p40", Some(PlayerId(40))), ("nobody", None)] {
        game.send(Command::Ask(Question::Named(name.into())));
        let named = game.observe(|r| matches!(r, Reply::Named(..))).await;
        let Reply::Named(asked, found) = named else {
            panic!("{named:?}");
        };
        assert_eq!((asked.as_str(), found.map(|p| p.id)), (name, wanted));
    }
}

#[tokio::test(start_paused = true)]
async fn who_was_played_last_is_started_on_wherever_in_the_list_and_nobody_who_took_the_place() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let start_on = |login: &str| {
        Command::StartOn(StartOn {
            asked: None,
            login: login.into(),
            memory: Some(dir.path().to_owned()),
        })
    };
    let start = async |store: &Fake, login: &str| {
        let mut game = slowly(store);
        game.send(start_on(login));
        match game.observe(|r| matches!(r, Reply::Opened { .. })).await {
            Reply::Opened { window, last, .. } => (game, window, last),
            other => panic!("{other:?}"),
        }
    };
    let store = fifty();
    let (game, window, last) = start(&store, "p30").await;
    assert_eq!((last, names(&window).contains(&"p30")), (None, true));
    game.send(Command::Remember(PlayerId(40), "p40".into()));
    let (_, window, last) = start(&store, "p30").await;
    assert_eq!(last, Some(PlayerId(40)), "before the login name");
    assert!(names(&window).contains(&"p40"), "{window:?}");
    // As after a backup was restored, the key is somebody else's; the name is found by itself.
    store.data().players.insert(40, player(40, "somebody", 60));
    store.data().players.insert(45, player(45, "p40", 55));
    let (_, window, last) = start(&store, "").await;
    assert_eq!(last, Some(PlayerId(45)));
    assert!(names(&window).contains(&"p40"), "{window:?}");
    // Of two it is not known which.
    store.data().players.insert(46, player(46, "p40", 54));
    let (_, window, last) = start(&store, "P20").await;
    assert_eq!((last, names(&window)[0]), (None, "p1"), "P20 is not p20");
    let (_, window, last) = start(&store, "p20").await;
    assert_eq!((last, names(&window).contains(&"p20")), (None, true));
}

#[tokio::test(start_paused = true)]
async fn a_part_is_told_as_it_is_asked_for_and_its_places_are_surveyed() {
    let store = fifty();
    let mut game = Game::start(&store, &FakeOutbox::default()).await;
    game.send(Command::Ask(Question::Show(Aim::Bottom, 400)));
    let shown = game
        .observe(|r| matches!(r, Reply::Shown(Aim::Bottom, _)))
        .await;
    assert_eq!(names(&window_of(shown)).last(), Some(&"p50"));
    game.send(Command::Ask(Question::Surround(PlayerId(25))));
    let around = game.observe(|r| matches!(r, Reply::Surrounded(..))).await;
    assert!(names(&window_of(around)).contains(&"p25"));
    assert_eq!(store.data().surveys, 1, "not at each question");
    game.send(Command::Ask(Question::Surround(PlayerId(99))));
    let gone = game.observe(|r| matches!(r, Reply::Surrounded(..))).await;
    assert_eq!(gone, Reply::Surrounded(PlayerId(99), None));
}

#[tokio::test(start_paused = true)]
async fn the_latest_search_wins() {
    let store = fifty();
    let mut game = Game::start(&store, &FakeOutbox::default()).await;
    store.data().list_fates.push_back(Fate::Held);
    game.send(Command::Ask(Question::Search("p1".into())));
    tokio::time::sleep(Duration::from_secs(1)).await;
    game.send(Command::Ask(Question::Search("p2".into())));
    game.send(Command::Ask(Question::Search("p3".into())));
    settle().await;
    store.release();
    let done = |r: &Reply| matches!(r, Reply::Found(found) if found.done);
    let Reply::Found(found) = game.observe(done).await else {
        unreachable!();
    };
    assert_eq!((found.wanted.as_str(), found.players.len()), ("p3", 11));
    assert_eq!(found.ranks.len(), 11);
    let first = found.players.at(0).expect("the best");
    assert_eq!((first.name.as_str(), found.ranks[0]), ("p3", (first.id, 3)));
    let searched = |wanted: &str| {
        let data = store.data();
        let asked = data
            .calls
            .iter()
            .filter(|c| **c == format!("search {wanted}"));
        asked.count()
    };
    assert_eq!((searched("p1"), searched("p2"), searched("p3")), (1, 0, 2));
    assert!(
        !game
            .said
            .iter()
            .any(|r| matches!(r, Reply::Found(found) if found.done && found.wanted == "p1"))
    );
}

#[tokio::test(start_paused = true)]
async fn a_search_that_is_called_off_goes_no_further() {
    let store = fifty();
    let mut game = Game::start(&store, &FakeOutbox::default()).await;
    store
        .data()
        .list_fates
        .push_back(Fate::Slow(Duration::from_secs(1)));
    game.send(Command::Ask(Question::Search("p1".into())));
    tokio::time::sleep(Duration::from_millis(500)).await;
    game.send(Command::Ask(Question::Search(String::new())));
    tokio::time::sleep(Duration::from_secs(5)).await;
    game.send(Command::Ask(Question::Show(Aim::Top, 400)));
    game.observe(|r| matches!(r, Reply::Shown(..))).await;
    let data = store.data();
    assert_eq!(
        data.calls
            .iter()
            .filter(|c| c.starts_with("search"))
            .count(),
        1
    );
}

#[tokio::test(start_paused = true)]
async fn too_many_changes_have_what_is_shown_read_anew() {
    let store = fifty();
    let mut game = Game::start(&store, &FakeOutbox::default()).await;
    let around = Aim::Around(Spot {
        score: 70,
        id: PlayerId(30),
    });
    game.send(Command::Ask(Question::Show(around, 400)));
    game.observe(|r| matches!(r, Reply::Shown(..))).await;
    game.send(Command::Ask(Question::Surround(PlayerId(7))));
    game.observe(|r| matches!(r, Reply::Surrounded(..))).await;
    let changes = Changes {
        players: Vec::new(),
        gone: Vec::new(),
        too_many: true,
        raced: true,
        cursor: Cursor(9),
    };
    store.data().changes.push_back((Duration::ZERO, changes));
    let shown = game.observe(|r| matches!(r, Reply::Shown(..))).await;
    assert!(matches!(shown, Reply::Shown(aim, _) if aim == around));
    let again = game.observe(|r| matches!(r, Reply::Surrounded(..))).await;
    assert!(matches!(again, Reply::Surrounded(PlayerId(7), _)));
}
