//! Every number on a screen has its digits grouped, however large it is.

use clickoff::game::contest::Length;
use clickoff::game::race::Race;
use clickoff::game::sprint::{Best, Bests, BoardPlace};
use clickoff::game::{Period, Player, PlayerId};
use clickoff::message::{Action, Reply};
use clickoff::ui::theme::Theme;
use clickoff::words::Language;

use super::common::Game;
use super::scenes::{self, Scene, past, races, sprints};
use super::{draw, look_in};

/// By how much the numbers of a scene are multiplied: no digit of a product is like another's.
const FACTOR: i64 = 7_919;

/// A scene with scores thousands of times as large.
fn large(scene: Scene) -> Game {
    let mut game = scene();
    let players: Vec<Player> = game.state.standings.iter().cloned().collect();
    let players = players.into_iter().map(|player| Player {
        score: player.score.saturating_mul(FACTOR),
        ..player
    });
    let (players, gone) = (players.collect(), Vec::new());
    game.reply(Reply::Changed { players, gone });
    // What opens above the game is about a player with as much.
    game.state.place = "clickoff.db".to_owned();
    game
}

fn large_period() -> Game {
    let mut game = large(past::this_week);
    game.ranked(Period::Week, &[(2, 57_000, 8_500_000), (4, 3_000, 51_200)]);
    game
}

fn large_past() -> Game {
    let mut game = large(scenes::playing);
    let days = [(0, 57_123), (1, 1_234_567), (3, 8_000), (40, 30_030)];
    game.recalled(2, 8_500_000, &days);
    game.press(3);
    game
}

fn large_history() -> Game {
    let mut game = large_past();
    game.act(Action::History);
    game
}

fn large_board() -> Game {
    let mut game = sprints::sprint_choice();
    let board = [(4, 9_700), (2, 8_000)].map(|(id, presses)| BoardPlace {
        player: PlayerId(id),
        presses,
        trace: None,
    });
    let mut bests = Bests::default();
    bests.boards[Length::Ten as usize] = board.to_vec();
    bests.own = vec![Best {
        length: Length::Ten,
        presses: 8_000,
        ghost: None,
    }];
    game.reply(Reply::Bests(PlayerId(2), bests));
    game
}

fn large_sprint() -> Game {
    let mut game = sprints::sprint_running();
    game.press(2_345);
    game
}

fn large_races() -> Game {
    let mut game = scenes::playing();
    game.act(Action::Contest(clickoff::game::contest::Kind::Race));
    let mut race = races::of_three([7_100, 8_400, 1_200], races::DONE);
    race.closed = true;
    game.reply(Reply::Races(vec![race]));
    game
}

fn large_race() -> Game {
    let mut game = races::race_running();
    let race = races::of_three([7_100, 8_400, 1_200], races::DONE);
    races::seen(&mut game, race, std::time::Duration::ZERO);
    game
}

fn large_result() -> Game {
    let mut game = races::race_saving();
    let race = Race {
        closed: true,
        ..races::of_three([7_100, 8_400, 1_200], races::DONE)
    };
    races::seen(&mut game, race, std::time::Duration::ZERO);
    game
}

/// Numbers of four digits and more on a screen, but for years.
fn ungrouped(screen: &str) -> Vec<&str> {
    let numbers = screen.split(|c: char| !c.is_ascii_digit());
    let long = numbers.filter(|digits| digits.len() > 3);
    long.filter(|digits| !matches!(*digits, "2025" | "2026"))
        .collect()
}

#[test]
fn no_number_of_four_digits_stands_ungrouped_on_any_screen() {
    assert_eq!(
        ungrouped("1,234 12345 3 November 2026 6789"),
        ["12345", "6789"]
    );
    let own = [
        large_period as Scene,
        large_past,
        large_history,
        large_board,
        large_sprint,
        large_races,
        large_race,
        large_result,
        scenes::hostile_names,
    ];
    let scaled = scenes::ALL.iter().map(|(_, scene)| large(*scene));
    let games: Vec<Game> = own.iter().map(|scene| scene()).chain(scaled).collect();
    for language in Language::ALL {
        let look = look_in(Theme::plain(), language);
        let mut grouped = 0;
        for game in &games {
            for size in [
                (200, 60),
                (120, 40),
                (80, 24),
                (40, 40),
                (40, 12),
                (30, 6),
                (30, 1),
            ] {
                let screen = draw(&mut game.clone(), &look, size).text();
                // A server's port is no number that one reads.
                let screen = screen.replace(":5432", "");
                assert_eq!(ungrouped(&screen), [""; 0], "{size:?}:\n{screen}");
                grouped += screen.matches(',').count();
            }
        }
        assert!(grouped > 1_000, "{grouped} groups in {language:?}");
    }
}

#[test]
fn ranks_are_grouped_and_take_columns_only_where_they_are_in_sight() {
    let players: Vec<Player> = (1..=1_200)
        .map(|n| super::common::player(n, &format!("A name of many letters {n}"), 1_300 - n))
        .collect();
    let mut game = Game::of(&players);
    let look = look_in(Theme::plain(), Language::English);
    let first = draw(&mut game, &look, (80, 24)).text();
    assert!(
        first.contains("│▶ 1   A name of many let… 1,299 "),
        "{first}"
    );
    assert!(first.contains(" 1,200 ╮"), "{first}");
    game.act(Action::Last);
    let last = draw(&mut game, &look, (80, 24)).text();
    assert!(last.contains("│▶1,200   A name of many le… 100 "), "{last}");
}
