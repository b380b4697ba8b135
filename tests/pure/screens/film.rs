//! The animation in the README: a race on two terminals, made of the program's own frames.

use std::time::Duration;

use clickoff::game::contest::Length;
use clickoff::game::race::{Entered, Race, RaceId, Racer, Standing};
use clickoff::game::{ClockReading, Player, PlayerId};
use clickoff::message::{Action, Reply};
use clickoff::ui::theme::Theme;
use clickoff::words::Language;
use jiff::Timestamp;

use super::common::{Game, NOON, player};
use super::{draw, look_in, svg};

const RACE: RaceId = RaceId(1);
const ADA: i64 = 1;
const GRACE: i64 = 2;

/// The scores before the race.
const SCORES: [i64; 2] = [838, 851];

/// A terminal of the picture, in columns and rows.
const SIZE: (u16, u16) = (66, 20);

/// How long a frame is shown.
const FRAME: Duration = Duration::from_millis(250);

/// From when to when the picture goes, in milliseconds after the start of the race.
const BEGIN: i64 = -3_500;
const END: i64 = 8_000;

/// Both terminals, and how often each has pressed.
struct Film {
    games: [Game; 2],
    pressed: [u64; 2],
    /// Milliseconds after the start of the race.
    time: i64,
}

impl Film {
    /// Ada has opened a race and Grace has joined it.
    fn begin() -> Self {
        let players = [
            player(ADA, "Ada", SCORES[0]),
            player(GRACE, "Grace", SCORES[1]),
            player(3, "Alan", 790),
            player(4, "王小明", 512),
            player(5, "Annie", 300),
        ];
        let game = |own: i64| {
            let mut game = Game::of(&players);
            game.state.place = "postgres://db.example.org/clickoff".into();
            let above = players
                .iter()
                .filter(|p| p.score > players[own as usize - 1].score);
            (0..above.count()).for_each(|_| drop(game.act(Action::Down)));
            game
        };
        let mut film = Self {
            games: [game(ADA), game(GRACE)],
            pressed: [0; 2],
            time: -8_000,
        };
        for at in 0..2 {
            let (race, sample) = (film.race(), film.sample(at));
            film.games[at].reply(Reply::RaceOpened(race, sample));
            film.games[at].act(Action::Join);
            let (player, racer) = (PlayerId(at as i64 + 1), at as i64 + 1);
            film.games[at].reply(Reply::RaceEntered(player, Entered { race: RACE, racer }));
        }
        film.see();
        film
    }

    fn race(&self) -> Race {
        let is_over = self.time > 5_400;
        let standing = match is_over {
            true => Standing::Done,
            false => Standing::Racing,
        };
        let racer = |(number, name): (i64, &str)| Racer {
            number,
            player: PlayerId(number),
            name: name.to_owned(),
            presses: self.pressed[number as usize - 1],
            standing,
            trace: None,
        };
        Race {
            id: RACE,
            length: Length::Five,
            start: NOON.parse().expect("a time"),
            closed: is_over,
            racers: [(ADA, "Ada"), (GRACE, "Grace")].map(racer).to_vec(),
        }
    }

    fn sample(&self, at: usize) -> ClockReading {
        let start: Timestamp = NOON.parse().expect("a time");
        ClockReading {
            time: start + jiff::SignedDuration::from_millis(self.time),
            at: self.games[at].now,
            took: Duration::from_millis(1),
        }
    }

    /// Both see how everyone stands.
    fn see(&mut self) {
        for at in 0..2 {
            let (race, sample) = (self.race(), self.sample(at));
            self.games[at].reply(Reply::RaceSeen(RACE, Some(race), sample));
        }
    }

    /// A twentieth of a second. Ada begins fast, and Grace ends faster.
    fn step(&mut self) {
        const STEP: i64 = 50;
        self.time += STEP;
        for game in &mut self.games {
            game.after(Duration::from_millis(STEP as u64));
        }
        if (0..5_000).contains(&self.time) {
            let step = self.time / STEP;
            let beats: [&[i64]; 2] = match step {
                0..40 => [&[0, 2], &[0, 3]],
                40..70 => [&[0, 3], &[0, 2]],
                _ => [&[0, 3], &[0, 2, 4]],
            };
            for (at, beats) in beats.into_iter().enumerate() {
                if beats.contains(&(step % 5)) {
                    self.press(at);
                }
            }
        }
        if self.time % 200 == 0 {
            self.see();
        }
    }

    fn press(&mut self, at: usize) {
        self.pressed[at] += 1;
        let (id, presses) = (at as i64 + 1, self.pressed[at]);
        let score = SCORES[at] + presses as i64;
        self.games[at].press(1);
        self.games[at].counted(id, presses, score);
        let name = ["Ada", "Grace"][at];
        let changed: Player = player(id, name, score);
        self.games[1 - at].changed(changed);
    }
}

/// The picture in a theme and a language.
pub fn film(theme: &Theme, language: Language) -> String {
    let look = look_in(*theme, language);
    let mut film = Film::begin();
    let mut frames = Vec::new();
    while film.time < END {
        film.step();
        if film.time >= BEGIN && film.time % FRAME.as_millis() as i64 == 0 {
            let screens = film.games.each_mut();
            frames.push(screens.map(|game| draw(game, &look, SIZE).cells).to_vec());
        }
    }
    svg::film(&frames, FRAME, theme)
}
