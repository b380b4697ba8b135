//! The list by month, week or day, and the picked player's history: which queries are sent, when,
//! and what their answers change.

use std::time::Duration;

use clickoff::game::{Period, PlayerId, Ranking};
use clickoff::message::{Action, Command, Effect, Message, Question, Reply};
use clickoff::state::{AGAIN, Context, PICKED};
use jiff::civil::date;
use jiff::tz::TimeZone;

use super::common::{Game, player};

const P1: PlayerId = PlayerId(1);
const P2: PlayerId = PlayerId(2);

fn rank(period: Period) -> Command {
    Command::Ask(Question::Rank(period, TimeZone::UTC))
}

/// Ranked by today: of the dozen p3 has 7 points, p5 has 2, and nobody else any.
fn today() -> Game {
    let mut game = Game::of_a_dozen();
    for period in [Period::Month, Period::Week, Period::Day] {
        assert_eq!(game.act(Action::Period), [rank(period)]);
    }
    game.ranked(Period::Day, &[(3, 7, 100), (5, 2, 80)]);
    game
}

/// The first rows, with their points.
fn rows(game: &Game, rows: usize) -> Vec<(i64, i64)> {
    let rows = (0..rows).filter_map(|row| game.state.row(row));
    rows.map(|p| (p.id.0, p.score)).collect()
}

/// Lets time pass until something is asked, for at most a day.
fn asked(game: &mut Game) -> (Duration, Vec<Effect>) {
    let begun = game.now;
    while let Some(at) = game.state.wake_at(game.now) {
        game.now = at.max(game.now);
        let effects = game.send(Message::Tick);
        if !effects.is_empty() {
            return (game.now - begun, effects);
        }
    }
    panic!("nothing is asked any more");
}

#[test]
fn one_key_goes_through_the_periods_and_back_to_all_time() {
    let mut game = today();
    assert_eq!(rows(&game, 4), [(3, 7), (5, 2), (1, 0), (2, 0)]);
    assert_eq!(
        game.act(Action::Period),
        [],
        "nothing needs to be asked for"
    );
    assert_eq!(rows(&game, 2), [(1, 120), (2, 110)]);
    assert_eq!(game.picked(), "p1");
}

#[test]
fn until_the_answer_comes_the_order_stays_and_no_points_are_made_up() {
    let mut game = Game::of_a_dozen();
    game.act(Action::Period);
    assert!(game.state.is_ranking());
    assert_eq!(rows(&game, 2), [(1, 120), (2, 110)]);
    game.ranked(Period::Week, &[(3, 7, 100)]);
    assert!(game.state.is_ranking(), "an answer to another question");
    game.ranked(Period::Month, &[(3, 7, 100)]);
    assert!(!game.state.is_ranking());
    assert_eq!(rows(&game, 2), [(3, 7), (1, 0)]);
}

#[test]
fn the_numbers_of_a_period_stay_and_follow_until_those_of_the_next_one_are_there() {
    let mut game = Game::of_a_dozen();
    game.act(Action::Period);
    game.ranked(Period::Month, &[(3, 7, 100), (5, 2, 80)]);
    assert_eq!(game.act(Action::Period), [rank(Period::Week)]);
    assert_eq!(
        (game.state.times.period, game.state.times.wanted()),
        (Period::Month, Period::Week)
    );
    assert_eq!(rows(&game, 3), [(3, 7), (5, 2), (1, 0)]);
    game.changed(player(5, "p5", 90));
    assert_eq!(rows(&game, 2), [(5, 12), (3, 7)], "of the month");
    assert_eq!(game.act(Action::Period), [rank(Period::Day)]);
    game.changed(player(5, "p5", 95));
    game.ranked(Period::Week, &[(3, 7, 100)]);
    assert_eq!(
        rows(&game, 2),
        [(5, 17), (3, 7)],
        "nobody wants the week now"
    );
    game.ranked(Period::Day, &[(3, 1, 100)]);
    let meanwhile = "with what came since the question";
    assert_eq!(rows(&game, 3), [(5, 5), (3, 1), (1, 0)], "{meanwhile}");
    // Back at once, whatever is still asked.
    let mut game = today();
    game.act(Action::Period);
    game.act(Action::Period);
    game.act(Action::Period);
    game.act(Action::Period);
    assert_eq!(game.act(Action::Period), []);
    assert!(!game.state.is_ranking());
    game.ranked(Period::Day, &[(3, 7, 100)]);
    assert_eq!(rows(&game, 1), [(1, 120)], "nobody wants it any more");
}

#[test]
fn a_period_that_can_not_be_read_leaves_the_one_that_is_shown() {
    let mut game = Game::of_a_dozen();
    game.act(Action::Period);
    game.ranked(Period::Month, &[(3, 7, 100)]);
    game.act(Action::Period);
    let asked = Question::Rank(Period::Week, TimeZone::UTC);
    game.reply(Reply::Unanswered(asked, "db does not allow it.".into()));
    assert_eq!(
        game.notice(),
        "The history can't be read. db does not allow it."
    );
    assert!(!game.state.is_ranking());
    assert_eq!(rows(&game, 1), [(3, 7)]);
    game.changed(player(5, "p5", 90));
    assert_eq!(rows(&game, 2), [(5, 10), (3, 7)]);
}

#[test]
fn points_follow_the_scores_without_a_question() {
    let mut game = today();
    game.press(9);
    game.counted(1, 9, 129);
    game.changed(player(5, "p5", 86));
    assert_eq!(rows(&game, 4), [(1, 9), (5, 8), (3, 7), (2, 0)]);
    assert_eq!(
        game.state.picked_player().expect("p1").score,
        129,
        "of all time"
    );
    game.added(13, "Lin");
    game.counted(13, 1, 1);
    assert_eq!(rows(&game, 5), [(1, 9), (5, 8), (3, 7), (13, 1), (2, 0)]);
    game.gone(5);
    assert_eq!(rows(&game, 3), [(1, 9), (3, 7), (13, 1)]);
    let recall = Effect::Send(Command::Ask(Question::Recall(PlayerId(13))));
    assert_eq!(game.after(AGAIN), [recall], "Lin's past and nothing else");
    assert_eq!(game.after(AGAIN), []);
}

#[test]
fn what_changes_while_the_answer_is_on_its_way_is_counted_once() {
    // The answer knows of p1's and p3's first points, and of nothing that came later.
    let mut game = Game::of_a_dozen();
    game.act(Action::Period);
    game.changed(player(1, "p1", 121));
    game.changed(player(3, "p3", 101));
    game.changed(player(2, "p2", 115));
    game.ranked(Period::Month, &[(1, 1, 121), (3, 8, 101)]);
    assert_eq!(rows(&game, 4), [(3, 8), (2, 5), (1, 1), (4, 0)]);
    // A second answer takes nothing back.
    game.ranked(Period::Month, &[(1, 1, 121), (3, 8, 101)]);
    assert_eq!(rows(&game, 4), [(3, 8), (2, 5), (1, 1), (4, 0)]);
    // The answer may also know more than has been seen.
    let mut game = Game::of_a_dozen();
    game.act(Action::Period);
    game.ranked(Period::Month, &[(1, 6, 126)]);
    assert_eq!(rows(&game, 1), [(1, 0)]);
    game.changed(player(1, "p1", 126));
    assert_eq!(rows(&game, 2), [(1, 6), (2, 0)]);
}

#[test]
fn filter_picks_ranks_and_moves_are_those_of_the_period() {
    let mut game = today();
    game.act(Action::Down);
    assert_eq!(
        game.picked(),
        "p2",
        "after p1, who leads those without points"
    );
    game.act(Action::First);
    assert_eq!(game.picked(), "p3");
    game.act(Action::Filter);
    game.type_in("p1");
    assert_eq!(game.rows(), ["p1", "p10", "p11", "p12"]);
    game.act(Action::Back);
    game.changed(player(12, "p12", 13));
    assert_eq!(rows(&game, 3), [(3, 7), (12, 3), (5, 2)]);
    assert_eq!(
        game.state.moved_by(PlayerId(12), 2),
        1,
        "from a shared third rank"
    );
    assert_eq!(game.state.moved_by(PlayerId(5), 3), -1);
    game.act(Action::Period);
    assert_eq!(
        game.state.moved_by(PlayerId(5), 3),
        0,
        "nobody moved in another ranking"
    );
}

#[test]
fn after_midnight_the_day_is_asked_for_and_the_old_one_shown_till_then() {
    let mut game = today();
    game.recalled(1, 120, &[(0, 5)]);
    let (after, effects) = asked(&mut game);
    assert_eq!(after, Duration::from_secs(12 * 3600 + 1));
    let recall = Command::Ask(Question::Recall(P1));
    assert_eq!(effects, [rank(Period::Day), recall].map(Effect::Send));
    assert_eq!(rows(&game, 1), [(3, 7)]);
    // A press between the question and the answer.
    game.changed(player(2, "p2", 111));
    game.reply(Reply::Ranked(
        Period::Day,
        game.clock("2026-11-04T00:00:01Z"),
        Ranking::default(),
    ));
    assert_eq!(rows(&game, 2), [(2, 1), (1, 0)]);
    assert_eq!(game.state.times.today, Some(date(2026, 11, 4)));
    let next_day = Duration::from_secs(24 * 3600);
    assert_eq!(asked(&mut game).0, next_day);
}

#[test]
fn what_points_alone_can_not_tell_is_asked_again_once_a_second() {
    for (about, news) in [
        ("a score that fell", player(3, "p3", 90)),
        ("a stranger with a score", player(13, "p13", 40)),
    ] {
        let mut game = today();
        game.changed(news.clone());
        game.now += AGAIN / 2;
        game.changed(player(news.id.0, &news.name, news.score - 1));
        let (after, effects) = asked(&mut game);
        assert_eq!(after, AGAIN / 2, "{about}");
        assert_eq!(effects, [Effect::Send(rank(Period::Day))], "{about}");
    }
    let mut game = Game::of_a_dozen();
    game.changed(player(3, "p3", 90));
    assert_eq!(game.after(AGAIN), [], "all time needs no answer");
}

#[test]
fn after_an_outage_or_a_sleep_it_is_asked_again() {
    for reply in [Reply::WatchRecovered, Reply::ClockMoved] {
        let mut game = today();
        game.reply(reply);
        let (after, effects) = asked(&mut game);
        assert_eq!(after, Duration::ZERO);
        let questions = [rank(Period::Day), Command::Ask(Question::Recall(P1))].map(Effect::Send);
        assert_eq!(effects, questions);
    }
}

#[test]
fn the_past_is_asked_for_when_a_pick_has_settled() {
    let mut game = Game::of_a_dozen();
    game.recalled(1, 120, &[(0, 5), (1, 3)]);
    for _ in 0..3 {
        game.act(Action::Down);
        assert_eq!(game.after(PICKED / 2), [], "on the way");
    }
    game.act(Action::Up);
    game.act(Action::Up);
    assert_eq!(game.picked(), "p2");
    assert_eq!(game.state.times.past, None, "nobody else's is shown");
    let recall = Effect::Send(Command::Ask(Question::Recall(P2)));
    assert_eq!(asked(&mut game), (PICKED, vec![recall]));
    game.recalled(3, 100, &[(0, 1)]);
    assert_eq!(game.state.times.past, None, "the answer to an old question");
    game.recalled(2, 110, &[(0, 5), (1, 3)]);
    let past = game.state.times.past.as_ref().expect("a past");
    assert_eq!(past.points_on(date(2026, 11, 3)), 5);
    assert_eq!(past.streak(date(2026, 11, 3)), 2);
}

#[test]
fn today_grows_with_every_commit_also_one_that_came_before_the_answer() {
    let mut game = Game::of_a_dozen();
    let today = |game: &Game| {
        game.state
            .times
            .past
            .as_ref()
            .map(|p| p.points_on(date(2026, 11, 3)))
    };
    game.press(2);
    game.counted(1, 2, 122);
    game.recalled(1, 120, &[(0, 5)]);
    assert_eq!(today(&game), Some(7));
    game.press(1);
    game.counted(1, 3, 123);
    assert_eq!(today(&game), Some(8));
    game.changed(player(1, "p1", 130));
    assert_eq!(today(&game), Some(15), "whoever pressed");
}

#[test]
fn the_history_opens_is_walked_through_and_closes() {
    let mut game = Game::of_a_dozen();
    let back = |game: &Game| match game.state.mode {
        clickoff::state::Mode::History(view) => (view.unit, view.back),
        _ => panic!("no history"),
    };
    game.act(Action::History);
    assert_eq!(game.state.context(), Context::History);
    game.act(Action::Earlier);
    assert_eq!(back(&game), (Period::Day, 0), "nothing to walk through yet");
    game.recalled(1, 120, &[(0, 5), (40, 3)]);
    for (action, expected) in [
        (Action::Earlier, 1),
        (Action::Up, 8),
        (Action::Later, 7),
        (Action::PageUp, 37),
        (Action::Up, 40),
        (Action::Earlier, 40),
        (Action::PageDown, 10),
        (Action::Down, 3),
        (Action::Down, 0),
        (Action::First, 40),
    ] {
        game.act(action);
        assert_eq!(back(&game), (Period::Day, expected), "{action:?}");
    }
    game.act(Action::Period);
    assert_eq!(
        back(&game),
        (Period::Week, 6),
        "the same day stays in sight"
    );
    game.act(Action::Period);
    assert_eq!(back(&game), (Period::Month, 2));
    game.act(Action::Period);
    assert_eq!(back(&game).0, Period::Day);
    game.act(Action::Last);
    assert_eq!(game.act(Action::Back), []);
    assert_eq!(game.state.context(), Context::Play);
    game.act(Action::History);
    game.gone(1);
    assert_eq!(game.state.context(), Context::Play, "with the player");
}

#[test]
fn a_database_that_tells_nothing_of_the_past_is_played_on_and_says_so_to_who_asks() {
    let forgotten = || Reply::Unanswered(Question::Recall(P1), "db does not allow it.".into());
    let mut game = Game::of_a_dozen();
    game.reply(forgotten());
    assert_eq!(game.notice(), "", "nobody wanted to see it");
    game.act(Action::Period);
    game.reply(forgotten());
    let notice = "The history can't be read. db does not allow it.";
    assert_eq!(game.notice(), notice);
    assert_eq!(game.state.times.period, Period::AllTime);
    assert_eq!(rows(&game, 1), [(1, 120)]);
    let mut game = Game::of_a_dozen();
    game.act(Action::History);
    assert_eq!(
        asked(&mut game).1,
        [Effect::Send(Command::Ask(Question::Recall(P1)))]
    );
    game.reply(forgotten());
    assert_eq!(
        (game.notice().as_str(), game.state.context()),
        (notice, Context::Play)
    );
}

#[test]
fn nobody_has_no_history_and_who_leaves_asks_for_nothing() {
    let mut game = Game::of_a_dozen();
    game.gone(1);
    game.act(Action::History);
    assert_eq!(game.state.context(), Context::Play);
    assert!(game.notice().contains("no history"), "{}", game.notice());
    let mut game = today();
    game.recalled(1, 120, &[]);
    game.act(Action::Quit);
    assert_eq!(game.state.wake_at(game.now), None);
}
