//! A list that is too long to be loaded as a whole: moving at its edges, searching, and a picked
//! player outside of the loaded part.

use std::time::Duration;

use clickoff::game::{Aim, FoundPlayers, Period, Player, PlayerId, Spot, Standings, Window};
use clickoff::message::{Action, Change, Command, Message, Question, Reply, Rights};
use clickoff::state::Context;
use proptest::collection::vec;
use proptest::prelude::*;

use super::common::{Game, entry, player};

/// How many players there are; `p1` is the best, and `p1000` the last.
const ALL: i64 = 1000;

/// A thousand players of whom the first have the most, two of them as much each.
fn all() -> Vec<Player> {
    let one = |n: i64| player(n, &format!("p{n}"), 10 * ((ALL - n) / 2));
    (1..=ALL).map(one).collect()
}

/// What the worker would answer with, a window of so many.
fn part(all: &[Player], aim: Aim, many: usize) -> Window {
    let last = all.len() - many;
    let from = match aim {
        Aim::Top => 0,
        Aim::Bottom => last,
        Aim::Around(Spot { score, id }) => {
            let before = all.iter().filter(|p| (p.score, id) > (score, p.id));
            before.count().saturating_sub(many / 2).min(last)
        }
    };
    let first = all[from].score;
    Window {
        above: from as u64,
        higher: all.iter().filter(|p| p.score > first).count() as u64,
        players: all[from..from + many].to_vec(),
        below: (last - from) as u64,
    }
}

/// The first of a thousand, on a screen of ten rows.
fn of_a_thousand() -> Game {
    let mut game = Game::started();
    game.sized(10);
    game.reply(Reply::Opened {
        last: Some(PlayerId(1)),
        window: part(&all(), Aim::Top, 400),
        kept: 0,
        rights: Rights::ALL,
    });
    game.send(Message::Tick);
    game
}

/// What was asked of the list.
fn asked(commands: &[Command]) -> Vec<&Command> {
    let list = |c: &&Command| {
        matches!(
            c,
            Command::Ask(Question::Show(..))
                | Command::Ask(Question::Surround(_))
                | Command::Ask(Question::Search(_))
        )
    };
    commands.iter().filter(list).collect()
}

/// Answers what is asked of the list, as the worker would.
fn answer(game: &mut Game, commands: Vec<Command>) {
    answer_from(&all(), game, commands);
}

/// The same with these players in the database, in the order of the ranking.
fn answer_from(all: &[Player], game: &mut Game, commands: Vec<Command>) {
    let mut open = commands;
    while let Some(command) = open.pop() {
        let more = match command {
            Command::Ask(Question::Show(aim, _)) => {
                game.reply(Reply::Shown(aim, part(all, aim, 400)))
            }
            Command::Ask(Question::Surround(id)) => {
                let player = all.iter().find(|p| p.id == id).expect("a player");
                let around = part(all, Aim::Around(player.into()), 40);
                game.reply(Reply::Surrounded(id, Some(around)))
            }
            _ => Vec::new(),
        };
        open.extend(more);
    }
}

/// The names and ranks in sight.
fn in_sight(game: &Game) -> Vec<(String, Option<u64>)> {
    let state = &game.state;
    let rows = state.viewport.top..state.viewport.top + state.viewport.rows;
    let players = rows.filter_map(|row| state.row(row));
    players
        .map(|p| (p.name.clone(), state.rank_of(p)))
        .collect()
}

#[test]
fn the_first_are_shown_with_the_number_of_all() {
    let game = of_a_thousand();
    assert_eq!(game.state.row_count(), 1000);
    assert_eq!(game.picked(), "p1");
    let shown: Vec<_> = in_sight(&game).into_iter().take(3).collect();
    let first = [("p1", 1), ("p2", 1), ("p3", 3)].map(|(name, rank)| (name.to_owned(), Some(rank)));
    assert_eq!(
        game.state.rank_of(game.state.row(2).expect("a row")),
        Some(2 + 1)
    );
    assert_eq!(shown[0], first[0]);
}

#[test]
fn who_walks_down_gets_the_next_part_before_an_end_is_seen() {
    let mut game = of_a_thousand();
    let mut parts = 0;
    for step in 1..1000 {
        let commands = game.act(Action::Down);
        let shows = commands
            .iter()
            .filter(|c| matches!(c, Command::Ask(Question::Show(..))));
        parts += shows.count();
        answer(&mut game, commands);
        assert_eq!(game.picked(), format!("p{}", step + 1));
        let rows = in_sight(&game);
        assert_eq!(rows.len(), 10, "no row is missing at {step}");
    }
    assert!((3..20).contains(&parts), "{parts} parts");
    assert_eq!(asked(&game.act(Action::Down)), Vec::<&Command>::new());
    assert_eq!(game.picked(), "p1000");
}

#[test]
fn a_part_that_is_late_stops_nobody_and_is_asked_for_once() {
    let mut game = of_a_thousand();
    let mut shows = Vec::new();
    for _ in 0..50 {
        let commands = game.act(Action::PageDown);
        shows.extend(
            commands
                .into_iter()
                .filter(|c| matches!(c, Command::Ask(Question::Show(..)))),
        );
    }
    let [Command::Ask(Question::Show(aim, _))] = shows[..] else {
        panic!("{shows:?}");
    };
    assert_eq!(game.picked(), "p400", "the last that is here");
    assert_eq!(
        game.press(1).len(),
        1,
        "and presses are for whoever is shown"
    );
    let more = game.reply(Reply::Shown(aim, part(&all(), aim, 400)));
    assert_eq!(game.picked(), "p400", "selection follows the player");
    answer(&mut game, more);
    let more = game.act(Action::PageDown);
    answer(&mut game, more);
    assert_eq!(game.picked(), "p410");
}

#[test]
fn either_end_is_gone_to_when_it_is_here() {
    let mut game = of_a_thousand();
    let commands = game.act(Action::Last);
    assert_eq!(
        asked(&commands),
        [&Command::Ask(Question::Show(Aim::Bottom, 400))]
    );
    assert!(game.state.is_fetching());
    assert_eq!(game.picked(), "p1", "until then nobody else is picked");
    answer(&mut game, commands);
    assert!(!game.state.is_fetching());
    assert_eq!(game.picked(), "p1000");
    assert_eq!(
        in_sight(&game).last(),
        Some(&("p1000".to_owned(), Some(999)))
    );
    let commands = game.act(Action::First);
    assert_eq!(
        asked(&commands),
        [&Command::Ask(Question::Show(Aim::Top, 400))]
    );
    answer(&mut game, commands);
    assert_eq!(game.picked(), "p1");
    assert_eq!(game.state.viewport.top, 0);
}

#[test]
fn an_answer_to_what_is_not_wanted_any_more_changes_nothing() {
    let mut game = of_a_thousand();
    game.act(Action::Last);
    let commands = game.act(Action::Last);
    game.reply(Reply::Shown(Aim::Top, part(&all(), Aim::Top, 400)));
    assert_eq!(game.picked(), "p1");
    answer(&mut game, commands);
    assert_eq!(game.picked(), "p1000");
}

#[test]
fn the_latest_keystroke_wins() {
    let mut game = of_a_thousand();
    game.act(Action::Filter);
    let type_in = |game: &mut Game, c| {
        let request = tui_input::InputRequest::InsertChar(c);
        game.tell(Message::Type(request))
    };
    let first = type_in(&mut game, 'P');
    assert_eq!(asked(&first), [&Command::Ask(Question::Search("p".into()))]);
    let second = type_in(&mut game, '9');
    assert_eq!(
        asked(&second),
        [&Command::Ask(Question::Search("p9".into()))]
    );
    assert!(game.state.is_fetching());
    let found = |wanted: &str, ids: &[i64], done| {
        let players = ids.iter().map(|id| all()[*id as usize - 1].clone());
        Reply::Found(FoundPlayers {
            wanted: wanted.into(),
            players: Standings::new(players.collect()),
            ranks: ids.iter().map(|id| (PlayerId(*id), *id as u64)).collect(),
            more: false,
            done,
        })
    };
    game.reply(found("p", &[1, 2, 3], true));
    assert_eq!(game.state.row_count(), 11, "those who are here, until then");
    game.reply(found("p9", &[9, 90], false));
    assert_eq!(game.state.row_count(), 2);
    assert!(game.state.is_fetching(), "there may be more");
    game.reply(found("p9", &[9, 90, 950], true));
    assert!(!game.state.is_fetching());
    game.act(Action::First);
    game.act(Action::Last);
    assert_eq!(game.picked(), "p950");
    assert_eq!(in_sight(&game)[2], ("p950".to_owned(), Some(950)));
    assert_eq!(game.press(1).len(), 1);
    let back = game.act(Action::Back);
    assert!(asked(&back).contains(&&Command::Ask(Question::Search(String::new()))));
    assert_eq!(game.picked(), "p950", "who was found stays picked");
}

#[test]
fn a_picked_player_who_is_elsewhere_is_kept_with_the_rivals() {
    let mut game = of_a_thousand();
    let commands = game.act(Action::Last);
    answer(&mut game, commands);
    // The wheel takes the list away from whoever is picked.
    let commands = game.act(Action::Filter);
    answer(&mut game, commands);
    game.act(Action::Back);
    game.reply(Reply::Shown(Aim::Top, part(&all(), Aim::Top, 400)));
    let last = PlayerId(1000);
    assert_eq!(game.state.picked, Some(last));
    assert_eq!(game.state.picked_player().map(|p| p.score), Some(0));
    game.now += Duration::from_secs(2);
    let commands = game.tell(Message::Tick);
    assert!(
        commands.contains(&Command::Ask(Question::Surround(last))),
        "{commands:?}"
    );
    answer(&mut game, commands);
    let midst = game.state.neighbours_of(last);
    assert_eq!(midst.position(last), Some(999));
    assert_eq!(midst.rank_of_score(0), 999);
    assert_eq!(game.press(1).len(), 1);
    game.counted(1000, 1, 1);
    assert_eq!(game.state.picked_player().map(|p| p.score), Some(1));
    let news = game.changed(player(5, "p5", 99_999));
    assert_eq!(asked(&news), Vec::<&Command>::new());
    game.gone(1000);
    assert_eq!(game.state.picked, None);
}

/// A thousand players without a point, as after a start of many, of whom the last is picked.
fn last_of_a_thousand_equals() -> (Game, Vec<Player>) {
    let all: Vec<Player> = (1..=ALL).map(|n| player(n, &format!("p{n}"), 0)).collect();
    let mut game = of_a_thousand();
    let commands = game.act(Action::Last);
    answer_from(&all, &mut game, commands);
    assert_eq!(game.picked(), "p1000");
    (game, all)
}

/// Gives a player a score in the database.
fn score(all: &mut [Player], id: i64, score: i64) {
    let player = all.iter_mut().find(|p| p.id == PlayerId(id));
    player.expect("a player").score = score;
    all.sort_by_key(|p| (std::cmp::Reverse(p.score), p.id));
}

fn sees_picked(game: &Game) -> bool {
    let picked = game.picked();
    in_sight(game).iter().any(|(name, _)| *name == picked)
}

#[test]
fn a_picked_player_who_leaps_out_of_the_loaded_part_stays_in_sight() {
    // By own presses, and by somebody else's.
    for own in [true, false] {
        let (mut game, mut all) = last_of_a_thousand_equals();
        game.press(1);
        score(&mut all, 1000, 1);
        let commands = match own {
            true => game.reply(Reply::Counted {
                player: PlayerId(1000),
                counted: 1,
                score: 1,
            }),
            false => game.changed(player(1000, "p1000", 1)),
        };
        let there = Aim::Around(Spot::from(&player(1000, "p1000", 1)));
        assert!(
            commands.contains(&Command::Ask(Question::Show(there, 400))),
            "{commands:?}"
        );
        answer_from(&all, &mut game, commands);
        assert_eq!(in_sight(&game)[0], ("p1000".into(), Some(1)), "{own}");
        assert_eq!(game.picked(), "p1000");
    }
}

#[test]
fn who_leaps_on_while_the_part_is_read_is_followed_on() {
    let (mut game, mut all) = last_of_a_thousand_equals();
    // Between the places that the player leaps to are more players than a part holds.
    (1..=500).for_each(|id| score(&mut all, id, 5));
    let commands = game.changed(player(1000, "p1000", 1));
    score(&mut all, 1000, 9);
    // The part is of a time when the player had gone on, and says nothing of where.
    answer_from(&all, &mut game, commands);
    let commands = game.changed(player(1000, "p1000", 9));
    answer_from(&all, &mut game, commands);
    assert_eq!(in_sight(&game)[0], ("p1000".into(), Some(1)));
}

#[test]
fn a_list_that_was_moved_away_from_the_picked_player_is_not_moved_back() {
    let (mut game, mut all) = last_of_a_thousand_equals();
    game.send(Message::Scroll(-50));
    score(&mut all, 1000, 1);
    let commands = game.changed(player(1000, "p1000", 1));
    assert!(
        !commands
            .iter()
            .any(|c| matches!(c, Command::Ask(Question::Show(..))))
    );
    assert!(!sees_picked(&game));

    // Nor one that is moved while the part is on its way.
    let (mut game, mut all) = last_of_a_thousand_equals();
    score(&mut all, 1000, 1);
    let shows = game.changed(player(1000, "p1000", 1));
    let commands = game.act(Action::First);
    answer_from(&all, &mut game, commands);
    answer_from(&all, &mut game, shows);
    assert_eq!(game.picked(), "p1000");
    assert!(sees_picked(&game), "the first is the picked player");
}

#[test]
fn who_was_found_by_a_search_stays_in_sight_when_it_ends() {
    let mut game = of_a_thousand();
    game.act(Action::Filter);
    game.type_in("p950");
    game.reply(Reply::Found(FoundPlayers {
        wanted: "p950".into(),
        players: Standings::new(vec![all()[949].clone()]),
        ranks: vec![(PlayerId(950), 949)],
        more: false,
        done: true,
    }));
    game.act(Action::Accept);
    assert_eq!(game.picked(), "p950");
    let commands = game.act(Action::Back);
    answer(&mut game, commands);
    assert!(sees_picked(&game));
    assert_eq!(game.press(1).len(), 1);
}

#[test]
fn who_is_of_no_concern_changes_nothing() {
    let mut game = of_a_thousand();
    game.state.take_redraw();
    game.changed(player(900, "p900", 501));
    assert!(!game.state.take_redraw());
    assert_eq!(game.state.row_count(), 1000);
    game.changed(player(900, "p900", 4_985));
    assert!(game.state.take_redraw());
    assert_eq!(
        game.state.row(2).map(|p| p.name.clone()).as_deref(),
        Some("p900")
    );
    assert_eq!(game.state.row_count(), 1000, "it came from below");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever is pressed, a list in parts shows what a whole one does.
    #[test]
    fn a_list_in_parts_shows_what_a_whole_one_does(
        keys in vec(prop::sample::select(vec![
            Action::Up, Action::Down, Action::PageUp, Action::PageDown, Action::First, Action::Last,
        ]), 1..60)
    ) {
        let mut parts = of_a_thousand();
        let mut whole = Game::of(&all());
        for key in keys {
            let commands = parts.act(key);
            answer(&mut parts, commands);
            whole.act(key);
            prop_assert_eq!(parts.picked(), whole.picked());
            prop_assert_eq!(parts.state.viewport.top, whole.state.viewport.top);
            prop_assert_eq!(in_sight(&parts), in_sight(&whole));
        }
    }
}

#[test]
fn of_a_long_list_the_database_is_asked_whether_somebody_bears_a_new_name() {
    let named = |found| Reply::Named("Lin".into(), found);
    let typed = || {
        let mut game = of_a_thousand();
        game.act(Action::Add);
        game.type_in("Lin");
        assert_eq!(
            game.act(Action::Accept),
            [Command::Ask(Question::Named("Lin".into()))]
        );
        assert_eq!(game.state.context(), Context::Form);
        game
    };
    let adds = [Command::Change(Change::Add(entry("Lin")))];
    let lin = || player(5_000, "Lin", 3);

    let mut nobody = typed();
    assert_eq!(nobody.reply(named(None)), adds);

    let mut somebody = typed();
    somebody.reply(named(Some(lin())));
    assert_eq!(somebody.state.context(), Context::Namesake);
    somebody.act(Action::Accept);
    assert_eq!(somebody.picked(), "Lin");

    let mut impatient = typed();
    assert_eq!(impatient.act(Action::Accept), adds);
    assert_eq!(impatient.reply(named(Some(lin()))), []);
    assert_eq!(impatient.state.context(), Context::Play);

    let mut goes_on = typed();
    goes_on.type_in("a");
    goes_on.reply(named(None));
    assert_eq!(goes_on.state.context(), Context::Form, "it is another name");
    let other = [Command::Ask(Question::Named("Lina".into()))];
    assert_eq!(goes_on.act(Action::Accept), other);
}

#[test]
fn everybody_may_rise_past_the_part_that_is_here_and_the_list_comes_back() {
    let mut game = of_a_thousand();
    let commands = game.act(Action::Last);
    answer(&mut game, commands);
    let raised = game.state.standings.iter().map(|player| Player {
        score: player.score + 5_000,
        ..player.clone()
    });
    let mut commands = game.reply(Reply::Changed {
        players: raised.collect(),
        gone: Vec::new(),
    });
    assert_eq!(game.state.standings.here().len(), 0);
    commands.extend(game.tell(Message::Tick));
    answer(&mut game, commands);
    assert_eq!(game.picked(), "p1000");
    assert!(!game.state.standings.here().is_empty());
}

#[test]
fn a_player_who_moved_while_the_others_around_were_read_is_not_gone() {
    let mut game = of_a_thousand();
    let without = part(&all(), Aim::Around(Spot::from(&all()[500])), 40);
    game.reply(Reply::Surrounded(PlayerId(1), Some(without)));
    assert_eq!(game.picked(), "p1");
    game.reply(Reply::Surrounded(PlayerId(1), None));
    assert_eq!(game.state.picked, None);
}

/// A player rises out of the loaded part, while a list of few still has them: they can be picked
/// there, and have a name.
#[test]
fn who_leaves_the_loaded_part_is_still_known_where_a_list_has_them() {
    let at_the_end = || {
        let mut game = of_a_thousand();
        let commands = game.act(Action::Last);
        answer(&mut game, commands);
        game
    };
    let rises = |game: &mut Game| {
        game.changed(player(900, "p900", 9_000));
        assert!(game.state.standings.get(PlayerId(900)).is_none());
        game.act(Action::First);
        assert_eq!(game.picked(), "p900");
        assert_eq!(game.press(1).len(), 1);
    };

    let mut ranked = at_the_end();
    ranked.act(Action::Period);
    ranked.ranked(Period::Month, &[(900, 40, 500), (1000, 0, 0)]);
    rises(&mut ranked);

    let mut found = at_the_end();
    found.act(Action::Filter);
    found.type_in("p");
    found.reply(Reply::Found(FoundPlayers {
        wanted: "p".into(),
        players: Standings::new(vec![all()[899].clone(), all()[999].clone()]),
        ranks: Vec::new(),
        more: false,
        done: true,
    }));
    found.act(Action::Accept);
    rises(&mut found);
}
