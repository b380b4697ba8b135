//! The pictures in the README are of the program as it is now.
//!
//! `CLICKOFF_PICTURES=write cargo test --test pure the_pictures` makes them anew.

use std::fs;
use std::path::Path;
use std::time::Duration;

use clickoff::game::Player;
use clickoff::message::Reply;
use clickoff::ui::Look;
use clickoff::ui::theme::Theme;
use clickoff::words::Language;

use super::common::{Game, player};
use super::scenes::{Scene, sprints};
use super::{draw, film, look_in, svg};

/// Each picture with its scene, language and size.
const PICTURES: [(&str, Scene, Language, (u16, u16)); 3] = [
    ("play", play, Language::English, (100, 28)),
    (
        "sprint",
        sprints::sprint_running,
        Language::English,
        (100, 28),
    ),
    ("zh-CN", play, Language::Chinese, (100, 28)),
];

/// Ada has just passed Alan, and has played before.
fn play() -> Game {
    let players = [
        ("Grace Hopper", 1024),
        ("Ada Lovelace", 838),
        ("Alan Turing", 849),
        ("Annie Easley", 512),
        ("Edsger Dijkstra", 300),
        ("山田太郎", 271),
        ("王小明", 128),
        ("Ken Thompson", 64),
    ];
    let players = (1..)
        .zip(players)
        .map(|(id, (name, score))| player(id, name, score));
    let players: Vec<Player> = players.collect();
    let mut game = Game::of(&players);
    game.state.place = "~/team.db".into();
    game.act(clickoff::message::Action::Down);
    game.act(clickoff::message::Action::Down);
    game.after(Duration::from_secs(1));
    for n in 1..=14_u64 {
        game.after(Duration::from_millis(150));
        game.press(1);
        game.counted(2, n, 838 + n as i64);
    }
    game.recalled(2, 852, &[(0, 14), (1, 210), (2, 180)]);
    game.reply(Reply::Recovered);
    game.after(Duration::from_millis(300));
    game
}

#[test]
fn the_pictures_are_of_the_program_as_it_is() {
    let write = std::env::var_os("CLICKOFF_PICTURES").is_some_and(|wish| wish == "write");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/pictures");
    let theme = Theme::built_in("dark");
    let still = PICTURES.map(|(name, scene, language, size)| {
        let look: Look = look_in(theme, language);
        let screen = draw(&mut scene(), &look, size);
        (name, svg::picture(&screen.cells, &theme))
    });
    let moving = [
        ("race", film::film(&theme, Language::English)),
        ("race-zh-CN", film::film(&theme, Language::Chinese)),
    ];
    for (name, picture) in still.into_iter().chain(moving) {
        assert!(picture.len() < 1_000_000, "{name}: {} bytes", picture.len());
        let is_stretched = |line: &&str| line.contains("textLength") && line.contains("  ");
        assert_eq!(picture.lines().find(is_stretched), None, "{name}");
        let path = folder.join(name).with_extension("svg");
        if write {
            fs::write(&path, &picture).expect("written");
        }
        let kept = fs::read_to_string(&path).unwrap_or_default();
        let advice = "CLICKOFF_PICTURES=write cargo test --test pure the_pictures";
        assert!(kept == picture, "{name}.svg is of another screen: {advice}");
    }
}
