//! What each screen has to show for its size: the name where nobody plays, large numbers, curves that
//! can be told apart, ranks, and every number of a chart.

use std::time::Duration;

use clickoff::game::Period;
use clickoff::game::race::Standing;
use clickoff::message::Action;
use clickoff::ui::theme::Theme;
use clickoff::words::Language;

use super::common::Game;
use super::scenes::races::{of_three, seen};
use super::scenes::sprints;
use super::{Screen, draw, look, look_in, scenes};

/// The sizes at which every screen is judged.
const SIZES: [(u16, u16); 6] = [(200, 60), (120, 40), (80, 24), (60, 20), (40, 40), (40, 12)];

/// How many cells have blocks, as large digits and letters do.
fn blocks(screen: &Screen) -> usize {
    let is_block = |symbol: &str| ["█", "▀", "▄"].contains(&symbol);
    let cells = screen.cells.content().iter();
    cells.filter(|cell| is_block(cell.symbol())).count()
}

/// The columns of a row, from one to another.
fn part(screen: &Screen, y: u16, columns: std::ops::Range<u16>) -> String {
    columns
        .map(|x| screen.cells[(x, y)].symbol())
        .collect::<String>()
}

#[test]
fn where_nobody_plays_the_screen_has_the_name_what_a_point_is_and_the_key() {
    for language in Language::ALL {
        let look = look_in(Theme::plain(), language);
        for size in SIZES {
            let screen = draw(&mut scenes::nobody_plays(), &look, size);
            let text = screen.text();
            let about = format!("{language:?} at {size:?}:\n{text}");
            let has_room = size != (40, 12);
            assert_eq!(blocks(&screen) > 40, has_room, "{about}");
            let [press, point] = match language {
                Language::English => ["Press n", "point"],
                Language::Chinese => ["按 n", "得一分"],
            };
            assert!(text.contains(press), "{about}");
            assert!(text.contains(point) || !has_room, "{about}");
        }
    }
}

#[test]
fn the_seconds_to_a_start_are_in_large_digits_at_every_size() {
    let look = look(Theme::plain());
    for size in SIZES {
        for scene in [scenes::races::race_starting, sprints::sprint_countdown] {
            let screen = draw(&mut scene(), &look, size);
            assert!(blocks(&screen) >= 8, "{size:?}:\n{}", screen.text());
        }
    }
}

#[test]
fn the_count_of_a_run_is_in_large_digits_at_every_size() {
    let look = look(Theme::plain());
    for size in SIZES {
        for scene in [scenes::races::race_running, sprints::sprint_running] {
            // Without motion there are no bars, which consist of blocks, too.
            let screen = draw(&mut scene().still(), &look, size);
            assert!(blocks(&screen) >= 8, "{size:?}:\n{}", screen.text());
        }
    }
}

#[test]
fn the_number_before_a_racer_is_the_rank_so_far_and_there_is_none_before_the_start() {
    let look = look(Theme::plain());
    let row = |screen: &Screen, name: &str| {
        let text = screen.text();
        let mut rows = text.lines().filter(|row| row.starts_with('│'));
        let row = rows.find(|row| row.contains(name));
        row.map(|row| row.split(name).next().unwrap_or_default().trim().to_owned())
    };
    for size in SIZES {
        let mut game = scenes::races::race_watched().still();
        seen(
            &mut game,
            of_three([40, 90, 90], [Standing::Racing; 3]),
            Duration::ZERO,
        );
        let screen = draw(&mut game, &look, size);
        let ranks = ["Bob", "Ada ", "王小明"].map(|name| row(&screen, name).unwrap_or_default());
        let ranks = ranks.map(|rank| rank.trim_start_matches(['│', ' ']).to_owned());
        assert_eq!(ranks, ["3", "1", "1"], "{size:?}:\n{}", screen.text());
        let screen = draw(&mut scenes::races::race_starting(), &look, size);
        let rank = row(&screen, "Bob").unwrap_or_default();
        assert_eq!(rank, "│", "{size:?}:\n{}", screen.text());
    }
}

#[test]
fn in_few_rows_each_curve_has_rows_of_its_own() {
    let look = look(Theme::plain());
    for size in [(60, 20), (60, 22), (50, 20)] {
        let screen = draw(&mut scenes::races::race_result(), &look, size);
        let text = screen.text();
        let lower: Vec<&str> = text
            .lines()
            .skip_while(|row| !row.contains("up to"))
            .collect();
        for name in ["Bob", "Ada"] {
            let bars = |row: &&str| row.contains(name) && row.contains(['▅', '▆', '▇', '█']);
            assert_eq!(
                lower.iter().filter(|row| bars(row)).count(),
                1,
                "{size:?}:\n{text}"
            );
        }
        assert!(
            lower.iter().any(|row| row.contains("10 s")),
            "{size:?}:\n{text}"
        );
    }
}

#[test]
fn a_chart_says_that_its_curves_begin_in_a_moment_and_then_they_do() {
    let look = look(Theme::plain());
    let soon = "The curves begin in a moment.";
    let standings = [Standing::Racing; 3];
    for size in [(200, 60), (120, 40), (80, 24), (60, 20), (40, 40)] {
        let mut game = scenes::races::race_seen_late();
        let screen = draw(&mut game, &look, size).text();
        assert!(screen.contains(soon), "{size:?}:\n{screen}");
        for tenths in 1..=20 {
            game.after(Duration::from_millis(100));
            let presses = [9 + tenths, 12 + tenths, 3 + tenths];
            seen(&mut game, of_three(presses, standings), Duration::ZERO);
        }
        let screen = draw(&mut game, &look, size).text();
        assert!(!screen.contains(soon), "{size:?}:\n{screen}");
        let drawn = |c: char| {
            ['•', '+', '▇', '█', '▆'].contains(&c) || ('\u{2801}'..='\u{28ff}').contains(&c)
        };
        assert!(screen.chars().any(drawn), "{size:?}:\n{screen}");
    }
}

#[test]
fn the_chart_of_who_has_not_played_says_what_it_will_show() {
    let look = look(Theme::plain());
    let text = draw(&mut scenes::playing(), &look, (120, 40)).text();
    assert!(
        text.contains("The last minute of play shows here."),
        "{text}"
    );
    let text = draw(&mut scenes::past::numbers(), &look, (120, 40)).text();
    assert!(
        !text.contains("The last minute of play shows here."),
        "{text}"
    );
}

#[test]
fn every_bar_of_a_history_has_its_number_however_low_it_is() {
    let look = look(Theme::plain());
    let days = [
        (0, 999),
        (1, 112),
        (2, 7),
        (3, 30),
        (4, 101),
        (5, 0),
        (6, 450),
    ];
    for size in SIZES {
        let mut game: Game = scenes::playing();
        game.recalled(2, 850, &days);
        game.act(Action::History);
        let screen = draw(&mut game, &look, size);
        let text = screen.text();
        let row = text.lines().find(|row| row.contains("450"));
        let numbers: Vec<&str> = row.unwrap_or_default().split_whitespace().collect();
        let expected = ["450", "101", "30", "7", "112", "999"];
        let mut found = numbers.iter();
        let all = expected
            .iter()
            .all(|number| found.any(|other| other == number));
        assert!(all, "{size:?}:\n{text}");
    }
}

#[test]
fn a_large_screen_has_all_marks_of_the_picked_player() {
    let look = look(Theme::plain());
    let mut game = scenes::past::about();
    game.act(Action::Back);
    let screen = draw(&mut game, &look, (200, 60));
    let text = screen.text();
    assert!(text.contains("Marks: "), "{text}");
    assert!(
        !text.contains("more\n") && !text.contains("and 4 more"),
        "{text}"
    );
    let marks = |y: &u16| part(&screen, *y, 128..200).contains(['✓', '·']);
    let rows = (12..60).filter(marks).count();
    assert!(rows >= 15, "{rows} marks:\n{text}");
}

#[test]
fn until_the_numbers_of_a_period_are_there_the_last_ones_stay_and_the_title_names_both() {
    let look = look(Theme::plain());
    let mut game = scenes::past::this_week();
    let before = draw(&mut game, &look, (80, 24)).text();
    game.act(Action::Period);
    let asked = draw(&mut game, &look, (80, 24)).text();
    assert!(asked.contains("This week → Today…"), "{asked}");
    let rows = |text: &str| text.lines().skip(2).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(rows(&asked), rows(&before));
    let narrow = draw(&mut game, &look, (40, 12)).text();
    assert!(narrow.contains("→ Today…"), "{narrow}");
    game.ranked(Period::Day, &[(3, 1, 850)]);
    let today = draw(&mut game, &look, (80, 24)).text();
    assert!(today.contains(" Today ") && !today.contains('→'), "{today}");
}
