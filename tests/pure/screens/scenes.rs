//! The scenes of the snapshots.

mod feats;
pub mod past;
pub mod races;
pub mod sprints;

use std::time::Duration;

use clickoff::game::{Player, PlayerId};
use clickoff::message::{Action, Message, Reply, Rights, Stop, Trouble};
use clickoff::words::{Say, StoreError};
use tui_input::InputRequest;

use super::common::{Game, player, trouble};

/// Leads a game to its moment.
pub type Scene = fn() -> Game;

/// Every scene, for what must hold in all of them.
pub const ALL: &[(&str, Scene)] = &[
    ("loading", loading),
    ("loading_while_locked", loading_while_locked),
    ("first_start", first_start),
    ("first_player_being_added", first_player_being_added),
    ("nobody_plays", nobody_plays),
    ("newcomer", newcomer),
    ("namesake", namesake),
    ("playing", playing),
    ("hostile_names", hostile_names),
    ("button_down", button_down),
    ("feat", feats::feat),
    ("feat_later", feats::feat_later),
    ("feat_with_reduced_motion", feats::feat_with_reduced_motion),
    ("feat_without_motion", feats::feat_without_motion),
    ("passed_by_another", feats::passed_by_another),
    ("saving", saving),
    ("locked", locked),
    ("disk_full", disk_full),
    ("outbox_full_too", outbox_full_too),
    ("filter", filter),
    ("filter_fits_nobody", filter_fits_nobody),
    ("filter_kept", filter_kept),
    ("form_to_add", form_to_add),
    ("form_to_edit", form_to_edit),
    ("form_complains", form_complains),
    ("form_doubts", form_doubts),
    ("form_with_email", form_with_email),
    ("form_with_long_text", form_with_long_text),
    ("question", question),
    ("question_about_a_long_name", question_about_a_long_name),
    ("help", help),
    ("help_at_its_end", help_at_its_end),
    ("nobody_picked", nobody_picked),
    ("notice", notice),
    ("long_notice", long_notice),
    ("leaving", leaving),
    ("leaving_while_locked", leaving_while_locked),
    ("large_score", large_score),
    ("this_week", past::this_week),
    ("ranking_to_come", past::ranking_to_come),
    ("today_in_no_known_zone", past::today_in_no_known_zone),
    ("numbers", past::numbers),
    ("numbers_of_the_first", past::numbers_of_the_first),
    ("history", past::history),
    ("history_by_week", past::history_by_week),
    ("history_to_come", past::history_to_come),
    ("about", past::about),
    ("about_a_beginner", past::about_a_beginner),
    ("about_to_come", past::about_to_come),
    ("about_while_offline", past::about_while_offline),
    ("card_copied", past::card_copied),
    ("sprint_choice", sprints::sprint_choice),
    ("sprint_countdown", sprints::sprint_countdown),
    ("sprint_running", sprints::sprint_running),
    ("sprint_without_a_ghost", sprints::sprint_without_a_ghost),
    ("sprint_just_begun", sprints::sprint_just_begun),
    ("sprint_ending", sprints::sprint_ending),
    ("sprint_saving", sprints::sprint_saving),
    ("sprint_result", sprints::sprint_result),
    ("sprint_void", sprints::sprint_void),
    ("sprint_replay", sprints::sprint_replay),
    ("race_offer", races::race_offer),
    ("race_choice", races::race_choice),
    ("race_starting", races::race_starting),
    ("race_running", races::race_running),
    ("race_without_motion", races::race_without_motion),
    ("race_of_many", races::race_of_many),
    ("race_saving", races::race_saving),
    ("race_result", races::race_result),
    ("race_shared", races::race_shared),
    ("race_watched", races::race_watched),
    ("race_alone_watched", races::race_alone_watched),
    ("race_rematch", races::race_rematch),
    ("race_replay", races::race_replay),
    (
        "race_replay_without_motion",
        races::race_replay_without_motion,
    ),
    ("race_given_up", races::race_given_up),
    ("race_missed", races::race_missed),
    ("rivals", rivals),
    ("server", server),
    ("offline", offline),
    ("offline_with_nothing_waiting", offline_with_nothing_waiting),
    ("others_unseen", others_unseen),
    ("watching", watching),
    ("watching_nobody", watching_nobody),
    ("help_for_a_watcher", help_for_a_watcher),
];

/// Names that people have, and names that break columns and terminals.
pub fn hostile_players() -> Vec<Player> {
    let names = [
        "Ada",
        "王小明和他的朋友们在一起",
        "👩‍👩‍👧‍👦 family of four 👍🏽",
        "نرگس محمدی",
        "e\u{301}\u{301}\u{301}tienne",
        "\x1b[31mred\x07\x1b]0;title\x07",
        "a\u{202e}gpj.exe",
        "",
        "\u{301}",
        "🇫🇷🇩🇪🇨🇳",
        "tab\there\nline",
        "Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewissenhaftschaferswessen",
        "ｆｕｌｌ ｗｉｄｔｈ",
        "\u{9b}31mC1",
    ];
    let players = names.iter().zip(1..).map(|(name, id)| {
        let score = [
            1_234_567, 40_003, 999, 999, 100, 42, 41, 40, 7, 3, 2, 1, 0, -5,
        ];
        player(id, name, score[id as usize - 1])
    });
    players.collect()
}

const FILE: &str = "~/.local/share/clickoff/clickoff.db";

pub fn loading() -> Game {
    Game::started()
}

pub fn loading_while_locked() -> Game {
    let mut game = Game::started();
    game.troubled(busy(), 2);
    game
}

pub fn first_start() -> Game {
    Game::of(&[])
}

pub fn first_player_being_added() -> Game {
    let mut game = first_start();
    game.act(Action::Accept);
    game.press(2);
    game
}

pub fn nobody_plays() -> Game {
    let mut game = first_start();
    game.act(Action::Back);
    game
}

/// On others' scores, by somebody of whom nothing is known there.
pub fn newcomer() -> Game {
    let mut game = Game::started();
    let players: Vec<_> = playing().state.standings.iter().cloned().collect();
    game.opened(&players);
    game
}

/// Of somebody who gives a name that is there already.
pub fn namesake() -> Game {
    let mut game = newcomer();
    game.act(Action::Add);
    game.send(Message::Type(InputRequest::DeleteLine));
    game.type_in("ada lovelace");
    game.act(Action::Accept);
    game
}

pub fn playing() -> Game {
    let names = "Grace Hopper,Ada Lovelace,Alan Turing,Annie Easley,Edsger Dijkstra,Barbara Liskov,\
                 Donald Knuth,Katherine Johnson,Dennis Ritchie,Radia Perlman,Ken Thompson,Margaret \
                 Hamilton";
    let scores = [1027, 850, 850, 512, 300, 128, 99, 42, 42, 7, 1, 0];
    let people = names.split(',').zip(scores).zip(1..);
    let players: Vec<Player> = people.map(|((n, s), id)| player(id, n, s)).collect();
    let mut game = Game::of(&players);
    game.act(Action::Down);
    game
}

pub fn hostile_names() -> Game {
    let mut game = Game::of(&hostile_players());
    game.act(Action::Down);
    game
}

/// All of them play, at the same scores.
pub fn hostile_names_playing() -> Game {
    let mut game = hostile_names();
    let players = || hostile_players().into_iter();
    for by in [-1, 0] {
        let moved = players().map(|p| Player {
            score: p.score + by,
            ..p
        });
        game.reply(Reply::Changed {
            players: moved.collect(),
            gone: Vec::new(),
        });
    }
    game
}

pub fn button_down() -> Game {
    let mut game = playing();
    game.press(1);
    game.counted(2, 1, 851);
    game
}

pub fn saving() -> Game {
    let mut game = playing();
    game.press(3);
    game.after(Duration::from_secs(1));
    game
}

fn busy() -> Say {
    Say::Store(StoreError::Busy {
        place: FILE.to_owned(),
    })
}

pub fn locked() -> Game {
    let mut game = saving();
    game.troubled(busy(), 3);
    game.reply(Reply::Kept(3));
    game
}

/// With presses of an earlier run that wait too.
pub fn disk_full() -> Game {
    let mut game = Game::started();
    let players: Vec<_> = playing().state.standings.iter().cloned().collect();
    game.reply(Reply::Opened {
        last: Some(PlayerId(1)),
        window: players.into(),
        kept: 40,
        rights: Rights::ALL,
    });
    game.press(2);
    game.after(Duration::from_secs(1));
    game.troubled(full(), 5);
    game.after(Duration::from_secs(5));
    game
}

fn full() -> Say {
    Say::Store(StoreError::Full {
        place: FILE.to_owned(),
    })
}

pub fn outbox_full_too() -> Game {
    let mut game = saving();
    game.reply(Reply::Trouble(Trouble {
        what: full(),
        retry_in: Duration::from_secs(5),
        unkept: Some("No space left on device (os error 28)".into()),
        offline: false,
    }));
    game
}

pub fn filter() -> Game {
    let mut game = playing();
    game.act(Action::Filter);
    game.type_in("an");
    game
}

pub fn filter_fits_nobody() -> Game {
    let mut game = filter();
    game.type_in("xyz");
    game
}

pub fn filter_kept() -> Game {
    let mut game = filter();
    game.act(Action::Accept);
    game
}

pub fn form_to_add() -> Game {
    let mut game = playing();
    game.act(Action::Add);
    game.type_in("Lin");
    game
}

pub fn form_to_edit() -> Game {
    let mut game = playing();
    let mut changed = game.state.picked_player().expect("one is picked").clone();
    changed.email = "ada@example.org".into();
    game.changed(changed);
    game.act(Action::Edit);
    game.act(Action::NextField);
    game
}

pub fn form_complains() -> Game {
    let mut game = playing();
    game.act(Action::Add);
    game.act(Action::Accept);
    game
}

pub fn form_with_email() -> Game {
    let mut game = form_to_add();
    game.act(Action::NextField);
    game
}

pub fn form_doubts() -> Game {
    let mut game = form_with_email();
    game.type_in("lin at home");
    game.act(Action::Accept);
    game
}

pub fn form_with_long_text() -> Game {
    let mut game = playing();
    game.act(Action::Add);
    let text = "王小明和他的朋友们 👩‍👩‍👧‍👦 Wolfeschlegelsteinhausenbergerdorff e\u{301}nd";
    game.send(Message::Paste(text.into()));
    game
}

pub fn question() -> Game {
    let mut game = playing();
    game.act(Action::Remove);
    game
}

pub fn question_about_a_long_name() -> Game {
    let mut game = hostile_names();
    for _ in 0..10 {
        game.act(Action::Down);
    }
    game.act(Action::Remove);
    game
}

pub fn help() -> Game {
    let mut game = playing();
    game.act(Action::Help);
    game
}

pub fn help_at_its_end() -> Game {
    let mut game = help();
    // The fewest rows that any screen can show at once, and more than any needs to scroll.
    game.send(Message::Viewport(clickoff::message::Metrics {
        list_rows: 1,
        help_overflow: 500,
    }));
    game.act(Action::Last);
    game
}

pub fn nobody_picked() -> Game {
    let mut game = playing();
    game.gone(2);
    game.state.notice = None;
    game
}

pub fn notice() -> Game {
    let mut game = playing();
    game.send(Message::Unbound("x".into()));
    game
}

pub fn long_notice() -> Game {
    let mut game = playing();
    game.gone(2);
    game
}

pub fn leaving() -> Game {
    let mut game = saving();
    game.act(Action::Quit);
    game
}

pub fn leaving_while_locked() -> Game {
    let mut game = locked();
    game.tell(Message::Stop(Stop::Signal(15)));
    game
}

pub fn large_score() -> Game {
    let mut game = Game::of(&[player(1, "Ada", i64::MAX), player(2, "Grace", i64::MIN)]);
    game.sized(10);
    game
}

/// Three others play, one of them far up the list, and Ada has just passed Alan.
pub fn rivals() -> Game {
    let mut game = playing();
    game.act(Action::Down);
    for second in 1..=11 {
        game.now += Duration::from_secs(1);
        game.press(8);
        game.counted(3, 8 * second, 850 + 8 * second as i64);
        game.reply(Reply::Changed {
            players: vec![
                player(1, "Grace Hopper", 1027 + second as i64),
                player(5, "Edsger Dijkstra", 300 + 35 * second as i64),
                player(12, "Margaret Hamilton", 120 * second as i64),
            ]
            .into(),
            gone: Vec::new(),
        });
    }
    game
}

const SERVER: &str = "postgres://ada@db.example.org/clickoff";

pub fn server() -> Game {
    let mut game = playing();
    game.state.place = SERVER.into();
    game.reply(Reply::RoundTrip(Duration::from_micros(1_420)));
    game
}

fn lost() -> Trouble {
    let lost = Say::Store(StoreError::Lost {
        place: SERVER.to_owned(),
        why: "nothing listens at db.example.org:5432".to_owned(),
    });
    Trouble {
        offline: true,
        ..trouble(lost, 3)
    }
}

pub fn offline() -> Game {
    let mut game = server();
    game.press(12);
    game.after(Duration::from_secs(6));
    game.reply(Reply::Trouble(lost()));
    game.reply(Reply::Kept(12));
    game
}

pub fn offline_with_nothing_waiting() -> Game {
    let mut game = server();
    game.reply(Reply::WatchTrouble(lost()));
    game
}

/// The scores are counted; it is the look alone that fails.
pub fn others_unseen() -> Game {
    let mut game = offline_with_nothing_waiting();
    game.press(1);
    game.counted(2, 1, 851);
    game.after(Duration::from_millis(500));
    game
}

/// Of a user who may only look.
fn watched(players: &[Player]) -> Game {
    let mut game = Game::started();
    let rights = Rights {
        play: false,
        add: false,
        edit: false,
        remove: false,
    };
    game.opened_with(players, rights);
    game
}

pub fn watching() -> Game {
    watched(&[player(1, "ada", 42), player(2, "Grace", 7)])
}

pub fn watching_nobody() -> Game {
    watched(&[])
}

pub fn help_for_a_watcher() -> Game {
    let mut game = watching();
    game.act(Action::Help);
    game
}
