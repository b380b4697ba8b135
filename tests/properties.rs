//! What holds whatever happens: random games against a worker that keeps its word, and one that
//! says anything at all.

mod common;

use std::collections::HashMap;
use std::time::Duration;

use clickoff::game::{Entry, Player, PlayerId};
use clickoff::message::{
    Action, BrokenKind, Change, Command, Effect, Farewell, Message, Metrics, Reply, Rights, Stop,
};
use clickoff::state::{Context, Sprint, State};
use clickoff::words::Say;
use common::{Game, entry, offline, player, trouble};
use proptest::collection::vec;
use proptest::prelude::*;
use tui_input::InputRequest;

fn ids() -> impl Strategy<Value = PlayerId> {
    (1..8_i64).prop_map(PlayerId)
}

fn players() -> impl Strategy<Value = Player> {
    let score = prop_oneof![-3..5_i64, Just(i64::MAX), Just(i64::MIN)];
    (1..8_i64, "[a-c\u{1b}王 ]{0,3}", score).prop_map(|(id, name, score)| player(id, &name, score))
}

fn actions() -> impl Strategy<Value = Action> {
    use Action::*;
    let often = prop::sample::select(vec![
        Press,
        Press,
        Press,
        Up,
        Down,
        PageUp,
        PageDown,
        First,
        Last,
        Add,
        Edit,
        Remove,
        Filter,
        Accept,
        Accept,
        Accept,
        Back,
        NextField,
        PreviousField,
        Help,
        Mouse,
        Theme,
        Sprint,
        Sprint,
    ]);
    let rarely = prop::sample::select(vec![Suspend, Quit, QuitNow]);
    prop_oneof![30 => often, 1 => rarely]
}

/// What people, terminals and the system do.
fn from_outside() -> impl Strategy<Value = Message> {
    prop_oneof![
        20 => actions().prop_map(Message::Action),
        4 => "[a-d \u{1b}王]".prop_map(|c: String| {
            Message::Type(InputRequest::InsertChar(c.chars().next().unwrap_or('a')))
        }),
        1 => Just(Message::Type(InputRequest::DeletePrevWord)),
        2 => "[ a\n]{0,4}".prop_map(Message::Paste),
        3 => ids().prop_map(Message::Pick),
        3 => (-9..9_i32).prop_map(Message::Scroll),
        2 => (0..6_usize, 0..9_usize).prop_map(|(list_rows, help_overflow)| {
            Message::Viewport(Metrics { list_rows, help_overflow })
        }),
        1 => Just(Message::Unbound("x".into())),
        4 => Just(Message::Tick),
        1 => Just(Message::Suspended),
        // Seldom, because little happens after it.
        1 => (0..40_u8).prop_map(|n| match n {
            0 => Message::Stop(Stop::Signal(15)),
            1 => Message::Stop(Stop::TerminalGone),
            _ => Message::Tick,
        }),
    ]
}

/// What a worker does of its own accord.
fn news() -> impl Strategy<Value = Reply> {
    prop_oneof![
        4 => (vec(players(), 0..3), vec(ids(), 0..2))
            .prop_map(|(players, gone)| Reply::Changed { players, gone }),
        1 => (0..4_u64).prop_map(|s| Reply::Trouble(trouble("It is locked.", s))),
        1 => Just(Reply::Calm),
        1 => (0..9_u64).prop_map(Reply::Kept),
        1 => (0..4_u64).prop_map(|s| Reply::Blind(offline(s))),
        1 => Just(Reply::Sighted),
        1 => (0..9_u64).prop_map(|ms| Reply::RoundTrip(Duration::from_millis(ms))),
        1 => Just(Reply::Notice("Read me.".into())),
        1 => Just(Reply::Resting),
    ]
}

/// Mostly all, or nothing would happen in most games.
fn rights() -> impl Strategy<Value = Rights> {
    let some = (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>());
    let some = some.prop_map(|(play, add, edit, remove)| Rights {
        play,
        add,
        edit,
        remove,
    });
    prop_oneof![3 => Just(Rights::ALL), 1 => some]
}

/// Answers that nothing was asked for.
fn nonsense() -> impl Strategy<Value = Reply> {
    let changes = prop_oneof![
        Just(Change::Add(entry("a"))),
        ids().prop_map(|id| Change::Edit(id, entry("b"))),
        ids().prop_map(Change::Remove),
    ];
    let why = || Say::from("No.");
    prop_oneof![
        10 => news(),
        1 => (vec(players(), 0..6), 0..5_u64, rights())
            .prop_map(|(players, kept, rights)| Reply::Opened { window: players.into(), kept, rights }),
        1 => (ids(), 0..9_u64, -3..9_i64)
            .prop_map(|(player, counted, score)| Reply::Counted { player, counted, score }),
        1 => (ids(), 0..9_u64, -3..9_i64)
            .prop_map(|(player, presses, score)| Reply::Delivered { player, presses, score }),
        1 => (ids(), 0..9_u64)
            .prop_map(move |(player, presses)| Reply::Refused { player, presses, why: why() }),
        1 => (0..9_u64).prop_map(move |presses| Reply::RefusedKept { presses, why: why() }),
        1 => (changes.clone(), players()).prop_map(|(change, player)| Reply::Done(change, player)),
        1 => changes.prop_map(move |change| Reply::Failed(change, why())),
        1 => Just(Reply::Left(Farewell::default())),
        1 => Just(Reply::Broken {
            why: why(),
            kind: BrokenKind::Internal,
            farewell: Farewell::default(),
        }),
    ]
}

/// One step of a game with a worker that keeps its word.
#[derive(Debug, Clone)]
enum Step {
    Outside(Message),
    News(Reply),
    /// So much time passes.
    Time(u64),
    /// Up to so many presses of the player are committed, or refused.
    Settle {
        player: PlayerId,
        presses: u64,
        refused: bool,
    },
    /// The oldest change of the list is made, or is not.
    Change {
        made: bool,
    },
}

fn steps() -> impl Strategy<Value = Step> {
    prop_oneof![
        20 => from_outside().prop_map(Step::Outside),
        3 => news().prop_map(Step::News),
        2 => (0..3_000_u64).prop_map(Step::Time),
        4 => (ids(), 0..4_u64, any::<bool>())
            .prop_map(|(player, presses, refused)| Step::Settle { player, presses, refused }),
        4 => prop::bool::weighted(0.8).prop_map(|made| Step::Change { made }),
    ]
}

/// What the worker has been told and has answered.
#[derive(Debug, Default)]
struct Books {
    told: HashMap<PlayerId, u64>,
    counted: HashMap<PlayerId, u64>,
    refused: HashMap<PlayerId, u64>,
    changes: Vec<Change>,
    /// Presses for players who could not be added.
    reported: u64,
    next_id: i64,
}

impl Books {
    fn take(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Tell(Command::Press(id)) => *self.told.entry(id).or_default() += 1,
                Effect::Tell(Command::Add(entry)) => self.changes.push(Change::Add(entry)),
                Effect::Tell(Command::Edit(id, e)) => self.changes.push(Change::Edit(id, e)),
                Effect::Tell(Command::Remove(id)) => self.changes.push(Change::Remove(id)),
                _ => {}
            }
        }
    }

    fn settle(&mut self, player: PlayerId, presses: u64, refused: bool) -> Option<Reply> {
        let of = |book: &HashMap<_, u64>| book.get(&player).copied().unwrap_or_default();
        let open = of(&self.told) - of(&self.counted) - of(&self.refused);
        let presses = presses.min(open);
        let book = if refused {
            &mut self.refused
        } else {
            &mut self.counted
        };
        *book.entry(player).or_default() += presses;
        let (why, counted) = (Say::from("No."), of(&self.counted));
        let score = counted as i64;
        (open > 0).then_some(if refused {
            Reply::Refused {
                player,
                presses,
                why,
            }
        } else {
            Reply::Counted {
                player,
                counted,
                score,
            }
        })
    }

    fn change(&mut self, made: bool, held: u64) -> Option<Reply> {
        if self.changes.is_empty() {
            return None;
        }
        let change = self.changes.remove(0);
        if !made {
            if let Change::Add(_) = change {
                self.reported += held;
            }
            return Some(Reply::Failed(change, "No.".into()));
        }
        let (id, entry) = match &change {
            Change::Add(entry) => {
                self.next_id += 1;
                (PlayerId(100 + self.next_id), entry.clone())
            }
            Change::Edit(id, entry) => (*id, entry.clone()),
            Change::Remove(id) => (*id, entry("")),
        };
        let Entry { name, email } = entry;
        Some(Reply::Done(
            change,
            Player {
                id,
                name,
                email,
                score: 0,
            },
        ))
    }
}

/// How many presses a message makes, from what the screen shows before it.
fn presses_in(message: &Message, state: &State) -> u64 {
    let somebody = state.picked_adding().is_some() || state.picked_player().is_some();
    match (message, state.context()) {
        _ if !somebody => 0,
        (Message::Action(Action::Press), Context::Play | Context::Filter | Context::Sprinting) => 1,
        (Message::Paste(text), Context::Play | Context::Sprinting) => {
            text.matches(' ').count() as u64
        }
        _ => 0,
    }
}

fn check(state: &State) -> Result<(), TestCaseError> {
    let key = |p: &Player| (std::cmp::Reverse(p.score), p.id);
    prop_assert!(state.standings.iter().is_sorted_by_key(key));
    for (at, player) in state.standings.iter().enumerate() {
        prop_assert_eq!(state.standings.position(player.id), Some(at));
    }
    prop_assert_eq!(state.picked.is_some(), state.picked_player().is_some());
    let last_top = state.row_count().saturating_sub(state.viewport.rows);
    prop_assert!(state.viewport.top <= last_top, "{:?}", state.viewport);
    prop_assert!(state.viewport.rows > 0);
    let rows = (0..state.row_count()).map(|row| state.row(row));
    prop_assert!(rows.into_iter().all(|player| player.is_some()));
    Ok(())
}

/// A key that moves shows where it went.
fn check_move(message: &Message, context: Context, state: &State) -> Result<(), TestCaseError> {
    use Action::{Down, First, Last, PageDown, PageUp, Up};
    let moves = matches!(
        message,
        Message::Action(Down | First | Last | PageDown | PageUp | Up)
    );
    let on_list = matches!(context, Context::Play | Context::Filter);
    if moves && on_list && state.row_count() > 0 {
        let row = state.picked.and_then(|id| state.row_of(id));
        let seen = state.viewport.top..state.viewport.top + state.viewport.rows;
        prop_assert!(
            row.is_some_and(|row| seen.contains(&row)),
            "{row:?} in {seen:?}"
        );
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..Default::default() })]

    #[test]
    fn with_a_worker_that_keeps_its_word_no_press_is_lost_or_made_up(
        start in vec(players(), 0..6),
        steps in vec(steps(), 0..120),
    ) {
        let mut game = Game::of(&start);
        let mut books = Books::default();
        let mut made = 0;
        for step in steps {
            let message = match step {
                Step::Outside(message) => Some(message),
                Step::News(reply) => Some(Message::Reply(reply)),
                Step::Time(millis) => {
                    game.now += Duration::from_millis(millis);
                    Some(Message::Tick)
                }
                Step::Settle { player, presses, refused } => {
                    books.settle(player, presses, refused).map(Message::Reply)
                }
                Step::Change { made } => books.change(made, game.held()).map(Message::Reply),
            };
            let Some(message) = message else { continue };
            let context = game.state.context();
            made += presses_in(&message, &game.state);
            let effects = game.send(message.clone());
            books.take(effects);

            check(&game.state)?;
            check_move(&message, context, &game.state)?;
            for (id, told) in &books.told {
                prop_assert_eq!(game.state.tallies[id].pressed, *told);
            }
            let sum = |book: &HashMap<_, u64>| book.values().sum::<u64>();
            let told = sum(&books.told);
            prop_assert_eq!(told + game.held() + books.reported, made);
            let open = told - sum(&books.counted) - sum(&books.refused);
            prop_assert_eq!(game.state.waiting(), open + game.held());
        }
    }

    #[test]
    fn whatever_it_is_told_the_state_stays_whole(
        messages in vec(
            prop_oneof![3 => from_outside(), 1 => nonsense().prop_map(Message::Reply)],
            0..150,
        ),
    ) {
        let mut game = Game::started();
        for message in messages {
            let context = game.state.context();
            let over = game.state.ended.is_some();
            game.now += Duration::from_millis(70);
            game.send(message.clone());
            check(&game.state)?;
            check_move(&message, context, &game.state)?;
            prop_assert!(!over || game.state.ended.is_some());
        }
    }

    #[test]
    fn time_alone_comes_to_rest(
        messages in vec(prop_oneof![from_outside(), news().prop_map(Message::Reply)], 0..60)
    ) {
        let mut game = Game::of_a_dozen();
        game.troubled("It is locked.", 3);
        for message in messages {
            game.send(message);
        }
        // A sprint's clock ticks ten times a second, for a minute and the countdown at most.
        let most = if game.state.sprint().is_some_and(Sprint::is_on) { 630 } else { 20 };
        let mut ticks = 0;
        while let Some(at) = game.state.wake_at(game.now) {
            prop_assert!(at >= game.now);
            game.now = at;
            game.send(Message::Tick);
            ticks += 1;
            prop_assert!(ticks < most, "it wakes for ever");
        }
    }
}
