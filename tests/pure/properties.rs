//! Properties of random games, against a correct worker and against one that gives arbitrary
//! answers.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use crate::common::{Game, entry, offline, player, trouble};
use clickoff::game::contest::{Length, Trace};
use clickoff::game::race::{Entered, Race, RaceId, Racer, Standing};
use clickoff::game::sprint::Sprinted;
use clickoff::game::{
    Aim, ClockReading, Entry, FoundPlayers, HeldKeys, Period, Player, PlayerId, Points, Quarter,
    Ranking, Record, Rules, Spot, Standings, Window,
};
use clickoff::message::{
    Action, BrokenKind, Change, Command, Effect, Farewell, Message, Metrics, Question, Reply,
    Rights, Seat, Stop,
};
use clickoff::state::{Contest, Context, Kind, State};
use clickoff::words::Say;
use jiff::Timestamp;
use jiff::tz::TimeZone;
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

/// A strategy for each variant of an enum, with its weight. One that is left out does not compile.
macro_rules! every {
    ($(#[$doc:meta])* $name:ident -> $type:ty { $($variant:pat => $weight:literal, $strategy:expr;)* }) => {
        $(#[$doc])*
        fn $name() -> impl Strategy<Value = $type> {
            const fn _all_are_here(one: &$type) {
                match one {
                    $($variant => {})*
                }
            }
            prop::strategy::Union::new_weighted(vec![$(($weight, $strategy.boxed())),*])
        }
    };
}

every! {
    actions -> Action {
        Action::Press => 60, Just(Action::Press);
        Action::About => 8, Just(Action::About);
        Action::Card => 8, Just(Action::Card);
        Action::Up => 20, Just(Action::Up);
        Action::Down => 20, Just(Action::Down);
        Action::PageUp => 20, Just(Action::PageUp);
        Action::PageDown => 20, Just(Action::PageDown);
        Action::First => 20, Just(Action::First);
        Action::Last => 20, Just(Action::Last);
        Action::Add => 20, Just(Action::Add);
        Action::Edit => 20, Just(Action::Edit);
        Action::Remove => 20, Just(Action::Remove);
        Action::Filter => 20, Just(Action::Filter);
        Action::Period => 20, Just(Action::Period);
        Action::History => 20, Just(Action::History);
        Action::Earlier => 10, Just(Action::Earlier);
        Action::Later => 10, Just(Action::Later);
        Action::Contest(Kind::Sprint) => 40, Just(Action::Contest(Kind::Sprint));
        Action::Contest(Kind::Race) => 40, Just(Action::Contest(Kind::Race));
        Action::Join => 30, Just(Action::Join);
        Action::Replay => 30, Just(Action::Replay);
        Action::Help => 20, Just(Action::Help);
        Action::Mouse => 10, Just(Action::Mouse);
        Action::Theme => 10, Just(Action::Theme);
        Action::Accept => 70, Just(Action::Accept);
        Action::Back => 20, Just(Action::Back);
        Action::NextField => 20, Just(Action::NextField);
        Action::PreviousField => 20, Just(Action::PreviousField);
        Action::Redraw => 5, Just(Action::Redraw);
        // Seldom, because little happens after them.
        Action::Suspend => 5, Just(Action::Suspend);
        Action::Quit => 5, Just(Action::Quit);
        Action::QuitNow => 5, Just(Action::QuitNow);
    }
}

every! {
    /// What the database may be asked.
    questions -> Question {
        Question::Show(..) => 1, Just(Question::Show(Aim::Top, 400));
        Question::Surround(_) => 1, ids().prop_map(Question::Surround);
        Question::Named(_) => 1, "[ab]".prop_map(Question::Named);
        Question::Search(_) => 1, "[a-c]{0,1}".prop_map(Question::Search);
        Question::Rank(..) => 1, periods().prop_map(|p| Question::Rank(p, TimeZone::UTC));
        Question::Recall(_) => 1, ids().prop_map(Question::Recall);
        Question::Bests(_) => 1, ids().prop_map(Question::Bests);
        Question::Races => 1, Just(Question::Races);
        Question::OpenRace => 1, Just(Question::OpenRace);
    }
}

every! {
    /// What people, terminals and the system do, and what a worker may say at any time.
    messages -> Message {
        Message::Action(_) => 200, actions().prop_map(Message::Action);
        Message::Held => 10, Just(Message::Held);
        Message::Released => 10, Just(Message::Released);
        Message::KeysReported => 2, Just(Message::KeysReported);
        Message::KeysNotReported => 2, Just(Message::KeysNotReported);
        Message::Type(_) => 50, prop_oneof![
            4 => "[a-d \u{1b}王]".prop_map(|c: String| {
                InputRequest::InsertChar(c.chars().next().unwrap_or('a'))
            }),
            1 => Just(InputRequest::DeletePrevWord),
        ].prop_map(Message::Type);
        Message::Paste(_) => 20, "[ a\n]{0,4}".prop_map(Message::Paste);
        Message::Pick(_) => 30, ids().prop_map(Message::Pick);
        Message::Scroll(_) => 30, (-9..9_i32).prop_map(Message::Scroll);
        Message::Viewport(_) => 20, (0..6_usize, 0..9_usize).prop_map(|(list_rows, help_overflow)| {
            Message::Viewport(Metrics { list_rows, help_overflow })
        });
        Message::Unbound(_) => 10, Just(Message::Unbound("x".into()));
        Message::Reply(_) => 30, news().prop_map(Message::Reply);
        Message::Tick => 60, Just(Message::Tick);
        Message::Behind => 5, Just(Message::Behind);
        Message::Stop(_) => 1, prop_oneof![
            Just(Stop::Signal(15)),
            Just(Stop::TerminalGone),
        ].prop_map(Message::Stop);
        Message::Suspended => 10, Just(Message::Suspended);
    }
}

/// What a worker says of its own accord, or in answer to questions that change no press.
fn news() -> impl Strategy<Value = Reply> {
    replies().prop_filter("it is about presses, changes or the end", |reply| {
        !matches!(
            reply,
            Reply::Opened { .. }
                | Reply::Counted { .. }
                | Reply::Delivered { .. }
                | Reply::ServerForgot { .. }
                | Reply::Refused { .. }
                | Reply::OverRate { .. }
                | Reply::RefusedKept { .. }
                | Reply::Done(..)
                | Reply::Failed(..)
                | Reply::Left(_)
                | Reply::Broken { .. }
        )
    })
}

fn why() -> Say {
    Say::from("No.")
}

/// Players as a database tells them: each once, in their order.
fn ranked() -> impl Strategy<Value = Vec<Player>> {
    vec(players(), 0..6).prop_map(|mut players| {
        players.sort_by_key(|p| p.id);
        players.dedup_by_key(|p| p.id);
        players.sort_by_key(|p| (std::cmp::Reverse(p.score), p.id));
        players
    })
}

fn windows() -> impl Strategy<Value = Window> {
    (ranked(), 0..3_u64, 0..3_u64).prop_map(|(players, above, below)| {
        // Where nobody is, nobody is before or behind.
        let some = u64::from(!players.is_empty());
        Window {
            above: above * some,
            below: below * some,
            ..players.into()
        }
    })
}

fn clocks() -> impl Strategy<Value = Timestamp> {
    (0..4_000_i64).prop_map(|s| Timestamp::from_second(1_790_000_000 + s).expect("a time"))
}

fn readings() -> impl Strategy<Value = ClockReading> {
    (clocks(), 0..90_u64).prop_map(|(time, took)| ClockReading {
        time,
        at: Instant::now(),
        took: Duration::from_millis(took),
    })
}

fn lengths() -> impl Strategy<Value = Length> {
    prop::sample::select(Length::ALL.to_vec())
}

fn sprinted() -> impl Strategy<Value = Sprinted> {
    (ids(), lengths(), 0..9_u64).prop_map(|(player, length, presses)| {
        let mut trace = Trace::default();
        trace.add(Duration::ZERO, presses);
        Sprinted {
            player,
            length,
            trace,
        }
    })
}

fn races() -> impl Strategy<Value = Race> {
    let standing = prop::sample::select(vec![Standing::Racing, Standing::Done, Standing::Left]);
    let racer = (ids(), "[a王]{0,2}", 0..9_u64, standing);
    (
        0..3_i64,
        lengths(),
        clocks(),
        any::<bool>(),
        vec(racer, 0..4),
    )
        .prop_map(|(id, length, start, closed, racers)| Race {
            id: RaceId(id),
            length,
            start,
            closed,
            racers: (1..)
                .zip(racers)
                .map(|(number, (player, name, presses, standing))| Racer {
                    number,
                    player,
                    name,
                    presses,
                    standing,
                    trace: None,
                })
                .collect(),
        })
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

fn seats() -> impl Strategy<Value = Seat> {
    prop_oneof![
        3 => Just(Seat::Anyone),
        1 => Just(Seat::Newcomer),
        1 => Just(Seat::Watcher),
        1 => ids().prop_map(Seat::Player),
    ]
}

fn changes() -> impl Strategy<Value = Change> {
    prop_oneof![
        Just(Change::Add(entry("a"))),
        ids().prop_map(|id| Change::Edit(id, entry("b"))),
        ids().prop_map(Change::Remove),
    ]
}

/// The periods that a worker is asked about.
fn periods() -> impl Strategy<Value = Period> {
    prop::sample::select(vec![Period::Month, Period::Week, Period::Day])
}

every! {
    /// Answers, whether they were asked for or not.
    replies -> Reply {
        Reply::Seated(_) => 1, seats().prop_map(Reply::Seated);
        Reply::Opened { .. } => 2, (windows(), proptest::option::of(ids()), 0..5_u64, rights())
            .prop_map(|(window, last, kept, rights)| Reply::Opened {
                window,
                last,
                kept,
                rights,
            });
        Reply::Rules(_) => 2, (any::<bool>(), any::<bool>()).prop_map(|(held, rate)| {
            Reply::Rules(Rules {
                held_keys: held.then_some(HeldKeys::Once),
                max_rate: rate.then_some(9),
            })
        });
        Reply::Changed { .. } => 12, (vec(players(), 0..3), vec(ids(), 0..2))
            .prop_map(|(players, gone)| Reply::Changed { players: players.into(), gone });
        Reply::Shown(..) => 2, (windows(), 0..3_u8).prop_map(|(window, aim)| match aim {
            0 => Reply::Shown(Aim::Top, Window { above: 0, ..window }),
            1 => Reply::Shown(Aim::Bottom, Window { below: 0, ..window }),
            _ => {
                let spot = window.players.first().map(Spot::from);
                Reply::Shown(spot.map_or(Aim::Top, Aim::Around), window)
            }
        });
        Reply::Surrounded(..) => 2, (ids(), proptest::option::of(windows()))
            .prop_map(|(player, window)| Reply::Surrounded(player, window));
        Reply::Found(_) => 2, ("[a-c]{0,1}", ranked(), any::<bool>(), any::<bool>())
            .prop_map(|(wanted, players, more, done)| Reply::Found(FoundPlayers {
                wanted,
                ranks: players.iter().map(|p| p.id).zip(1..).collect(),
                players: Standings::new(players),
                more,
                done,
            }));
        Reply::Unanswered(..) => 4, questions().prop_map(|asked| Reply::Unanswered(asked, why()));
        Reply::Named(..) => 2, ("[ab]", proptest::option::of(players()))
            .prop_map(|(name, found)| Reply::Named(name, found));
        Reply::Counted { .. } => 2, (ids(), 0..9_u64, -3..9_i64)
            .prop_map(|(player, counted, score)| Reply::Counted { player, counted, score });
        Reply::Delivered { .. } => 2, (ids(), 0..9_u64, -3..9_i64)
            .prop_map(|(player, presses, score)| Reply::Delivered { player, presses, score });
        Reply::ServerForgot { .. } => 2, (ids(), 0..9_u64)
            .prop_map(|(player, presses)| Reply::ServerForgot { player, presses });
        Reply::Refused { .. } => 2, (ids(), 0..9_u64)
            .prop_map(|(player, presses)| Reply::Refused { player, presses, why: why() });
        Reply::OverRate { .. } => 2, (ids(), 0..9_u64, any::<bool>()).prop_map(
            |(player, presses, limit)| Reply::OverRate {
                player,
                presses,
                limit: limit.then_some(9),
            }
        );
        Reply::RefusedKept { .. } => 2, (0..9_u64)
            .prop_map(|presses| Reply::RefusedKept { presses, why: why() });
        Reply::Trouble(_) => 3, (0..4_u64).prop_map(|s| Reply::Trouble(trouble("It is locked.", s)));
        Reply::Recovered => 3, Just(Reply::Recovered);
        Reply::Kept(_) => 3, (0..9_u64).prop_map(Reply::Kept);
        Reply::WatchTrouble(_) => 3, (0..4_u64).prop_map(|s| Reply::WatchTrouble(offline(s)));
        Reply::WatchRecovered => 3, Just(Reply::WatchRecovered);
        Reply::RoundTrip(_) => 3, (0..9_u64)
            .prop_map(|ms| Reply::RoundTrip(Duration::from_millis(ms)));
        Reply::Done(..) => 2, (changes(), players())
            .prop_map(|(change, player)| Reply::Done(change, player));
        Reply::Failed(..) => 2, changes().prop_map(|change| Reply::Failed(change, why()));
        Reply::Ranked(..) => 3, (periods(), readings(), ranked(), 0..9_u64).prop_map(
            |(period, reading, players, scorers)| {
                let points = players
                    .iter()
                    .map(|p| Points { player: p.id, points: 1, score: p.score })
                    .collect();
                let above = (scorers > 4).then_some(scorers);
                Reply::Ranked(period, reading, Ranking { points, players, above, scorers })
            }
        );
        Reply::Recalled(..) => 3, (ids(), readings(), -3..9_i64).prop_map(
            |(player, reading, score)| {
                let quarters = vec![(Quarter(0), score)];
                let record = Record { score, quarters, ..Record::default() };
                Reply::Recalled(player, reading, record)
            }
        );
        Reply::ClockMoved => 1, Just(Reply::ClockMoved);
        Reply::Bests(..) => 3, ids().prop_map(|player| Reply::Bests(player, Default::default()));
        Reply::SprintKept(_) => 2, sprinted().prop_map(Reply::SprintKept);
        Reply::SprintUnkept(..) => 2, sprinted()
            .prop_map(|sprinted| Reply::SprintUnkept(sprinted, why()));
        Reply::RaceOpened(..) => 4, (races(), readings())
            .prop_map(|(race, sample)| Reply::RaceOpened(race, sample));
        Reply::RaceEntered(..) => 4, (ids(), 0..3_i64, 1..4_i64).prop_map(|(player, race, racer)| {
            Reply::RaceEntered(player, Entered { race: RaceId(race), racer })
        });
        Reply::RaceMissed(_) => 2, Just(Reply::RaceMissed(why()));
        Reply::RaceSeen(..) => 4, (races(), readings(), any::<bool>()).prop_map(
            |(race, sample, there)| Reply::RaceSeen(race.id, there.then_some(race), sample)
        );
        Reply::RaceUnseen(_) => 1, Just(Reply::RaceUnseen(why()));
        Reply::Races(_) => 2, vec(races(), 0..3).prop_map(Reply::Races);
        Reply::Notice(_) => 3, Just(Reply::Notice("Read me.".into()));
        Reply::Resting => 3, Just(Reply::Resting);
        Reply::Left(_) => 1, Just(Reply::Left(Farewell::default()));
        Reply::Broken { .. } => 1, Just(Reply::Broken {
            why: why(),
            kind: BrokenKind::Internal,
            farewell: Farewell::default(),
        });
    }
}

/// One step of a game with a worker that keeps its word.
#[derive(Debug, Clone)]
enum Step {
    Outside(Message),
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
        23 => messages().prop_map(Step::Outside),
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
                Effect::Send(Command::Press(id, n)) => *self.told.entry(id).or_default() += n,
                Effect::Send(Command::Change(Change::Add(entry))) => {
                    self.changes.push(Change::Add(entry));
                }
                Effect::Send(Command::Change(Change::Edit(id, e))) => {
                    self.changes.push(Change::Edit(id, e));
                }
                Effect::Send(Command::Change(Change::Remove(id))) => {
                    self.changes.push(Change::Remove(id));
                }
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
    let adding = state.picked_adding().is_some();
    let somebody = match state.seat {
        Seat::Anyone | Seat::Watcher => adding || state.picked_player().is_some(),
        Seat::Newcomer => adding,
        Seat::Player(own) => state.player(own).is_some(),
    };
    match (message, state.context()) {
        _ if !somebody => 0,
        (
            Message::Action(Action::Press),
            Context::Play | Context::Filter | Context::Competing(_),
        ) => 1,
        (Message::Paste(text), Context::Play | Context::Competing(_)) => {
            text.matches(' ').count() as u64
        }
        _ => 0,
    }
}

fn check(state: &State) -> Result<(), TestCaseError> {
    let key = |p: &Player| (std::cmp::Reverse(p.score), p.id);
    prop_assert!(state.standings.iter().is_sorted_by_key(key));
    for (at, player) in state.standings.here().zip(state.standings.iter()) {
        prop_assert_eq!(state.standings.position(player.id), Some(at));
    }
    prop_assert_eq!(state.picked.is_some(), state.picked_player().is_some());
    let last_top = state.row_count().saturating_sub(state.viewport.rows);
    let last_top = last_top.max(state.rows_here().start);
    prop_assert!(state.viewport.top <= last_top, "{:?}", state.viewport);
    prop_assert!(state.viewport.rows > 0);
    let known = state.rows_here();
    prop_assert!(known.end <= state.row_count());
    for row in 0..state.row_count() {
        let is_known = known.contains(&row);
        prop_assert_eq!(state.row(row).is_some(), is_known, "{} in {:?}", row, known);
    }
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
    // The rest of a list of which only a part is here is asked for first.
    let is_whole = state.rows_here() == (0..state.row_count());
    if moves && on_list && is_whole && state.row_count() > 0 {
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
            let before = books.told.values().sum::<u64>() + game.held();
            let effects = game.send(message.clone());
            books.take(effects);
            if message == Message::Held {
                // What the keyboard repeats scores as the player wants it to.
                let scored = books.told.values().sum::<u64>() + game.held() - before;
                prop_assert!(scored <= 1);
                made += scored;
            }

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
            prop_oneof![3 => messages(), 1 => replies().prop_map(Message::Reply)],
            0..150,
        ),
    ) {
        let mut game = Game::started();
        for message in messages {
            if game.state.loaded && matches!(message, Message::Reply(Reply::Opened { .. })) {
                // A worker opens its database once.
                continue;
            }
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
        messages in vec(messages(), 0..60)
    ) {
        let mut game = Game::of_a_dozen();
        game.troubled("It is locked.", 3);
        for message in messages {
            game.send(message);
        }
        // A sprint's clock ticks ten times a second, for a minute and the countdown at most.
        let sprint = game.state.contest_of(Kind::Sprint);
        let most = if sprint.is_some_and(Contest::is_on) { 630 } else { 20 };
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
