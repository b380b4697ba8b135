//! `clickoff me`: shows the page about a player.

use jiff::civil::Date;
use serde::Serialize;

use super::common::{Failure, write_out};
use super::database::ask_opened;
use super::find::{find, remembered};
use super::list::{Formats, Shape, json, zone};
use super::retry::retried;
use crate::game::marks::{self, Mark, MarkProgress};
use crate::game::{Past, Player, calendar};
use crate::settings::{Flags, Settings};
use crate::store::Store;
use crate::ui::about::map;
use crate::ui::about::words::{facts, mark_lines};
use crate::ui::{Look, card};
use crate::words::{Say, Words, text};
use crate::worker;

/// The width of the text.
const COLUMNS: usize = 80;

/// Show a page about a player: a year of days, bests, streaks and marks
///
/// All of it comes from what the database keeps. Days begin at midnight of your time zone.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The player: an id, a name, or a part of one [default: --player, `player` in the settings, the last player here, or your login name]
    #[arg(add = super::completions::players())]
    player: Option<String>,
    #[command(flatten)]
    shape: Shape<Format>,
}

/// The format of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// Lines to read
    Text,
    /// One JSON object
    Json,
}

impl Formats for Format {
    const USUAL: &'static str = "text";
    const JSON: Self = Self::Json;
}

/// A player and everything known of it.
pub struct KnownPlayer {
    /// The player.
    pub player: Player,
    /// The player's history.
    pub past: Past,
    /// Today by the database's clock.
    pub today: Date,
    /// The language and the style of the text.
    pub look: Look,
}

impl KnownPlayer {
    /// Reads the player that a word names, or the one whom the game would start on.
    pub fn read(word: Option<&str>, flags: Flags) -> Result<Self, Failure> {
        let settings = Settings::of_process(flags)?;
        let login = || whoami::username().unwrap_or_default();
        let word = word.map(str::to_owned).or_else(|| settings.player.clone());
        let (player, history) = ask_opened(&settings.database, async |store, opened| {
            let last = match &word {
                Some(_) => None,
                None => worker::last_player(&settings.last_players(), &opened.database),
            };
            let last = match last {
                Some(last) => remembered(store, &last).await?,
                None => None,
            };
            let player = match last {
                Some(player) => player,
                None => find(store, &word.unwrap_or_else(login)).await?,
            };
            let history = retried(async || store.history(player.id).await).await?;
            Ok((player, history))
        })?;
        let zone = zone();
        Ok(Self {
            past: Past::new(&history.value, &zone),
            today: calendar::day(history.clock, &zone),
            look: Look::of_text(Words::new(settings.language)),
            player,
        })
    }
}

/// Shows the page.
pub fn run(arguments: &Arguments, flags: Flags) -> Result<(), Failure> {
    let format = arguments.shape.format()?;
    let known = KnownPlayer::read(arguments.player.as_deref(), flags)?;
    write_out(&match format {
        Format::Text => page(&known),
        Format::Json => json(&Page::of(&known)) + "\n",
    })
}

fn page(known: &KnownPlayer) -> String {
    let KnownPlayer { past, look, .. } = known;
    let name = card::named(&known.player.name, look);
    let title = look.say(&Say::AboutPlayer { name });
    let map = map(past, known.today, look, COLUMNS);
    let facts = facts(past, known.today, look);
    let width = facts.iter().map(|(name, _)| text::width(name)).max();
    let facts = facts.into_iter().map(|(name, what)| {
        let name = text::fit(&name, width.unwrap_or(0) + 2);
        name + &what
    });
    let parts = [
        vec![title],
        map.iter().map(ToString::to_string).collect(),
        facts.collect(),
        mark_lines(past, known.today, look),
    ];
    let parts = parts.map(|lines| {
        let lines = lines
            .iter()
            .map(|line| text::harmless(line.trim_end()).into_owned() + "\n");
        lines.collect::<String>()
    });
    parts.join("\n")
}

/// The page in JSON. docs/scripting.md promises these fields.
#[derive(Serialize)]
struct Page {
    id: i64,
    name: String,
    score: i64,
    today: i64,
    streak: u64,
    longest_streak: u64,
    best_day: Option<Points>,
    best_hour: Option<Hour>,
    races_won: u64,
    races: u64,
    sprints: Vec<Sprint>,
    marks: Vec<OneMark>,
    next_mark: Option<String>,
    days: Vec<Points>,
}

#[derive(Serialize)]
struct Points {
    date: String,
    points: i64,
}

#[derive(Serialize)]
struct Hour {
    from: String,
    points: i64,
}

#[derive(Serialize)]
struct Sprint {
    seconds: u32,
    presses: u64,
    time: String,
}

#[derive(Serialize)]
struct OneMark {
    mark: String,
    have: u64,
    goal: u64,
    date: Option<String>,
}

impl Page {
    fn of(known: &KnownPlayer) -> Self {
        let KnownPlayer { player, past, .. } = known;
        let points = |(day, points): (Date, i64)| Points {
            date: day.to_string(),
            points,
        };
        let marks = marks::of(past);
        let won = past
            .races()
            .iter()
            .filter(|(_, race)| race.won_by().is_some());
        let mark = |marked: &MarkProgress| OneMark {
            mark: mark_name(marked.mark),
            have: marked.have,
            goal: marked.goal,
            date: marked.on.map(|day| day.to_string()),
        };
        Self {
            id: player.id.0,
            name: player.name.clone(),
            score: past.score(),
            today: past.points_on(known.today),
            streak: past.streak(known.today) as u64,
            longest_streak: past.longest_streak() as u64,
            best_day: past.best_day().map(points),
            best_hour: past.best_hour().map(|(from, points)| Hour {
                from: from.strftime("%FT%H:%M").to_string(),
                points,
            }),
            races_won: won.count() as u64,
            races: past.races().len() as u64,
            sprints: past
                .sprints()
                .iter()
                .map(|(_, sprint)| Sprint {
                    seconds: sprint.length.seconds(),
                    presses: sprint.presses,
                    time: sprint.at.strftime("%FT%TZ").to_string(),
                })
                .collect(),
            next_mark: marks::next(&marks).map(|next| mark_name(next.mark)),
            marks: marks.iter().map(mark).collect(),
            days: past.days().filter(|(_, n)| *n != 0).map(points).collect(),
        }
    }
}

/// The name of a mark in JSON.
fn mark_name(mark: Mark) -> String {
    match mark {
        Mark::First => "first".to_owned(),
        Mark::Day(n) => format!("day-{n}"),
        Mark::All(n) => format!("all-{n}"),
        Mark::Hour(n) => format!("hour-{n}"),
        Mark::Streak(n) => format!("streak-{n}"),
        Mark::Sprint => "sprint".to_owned(),
        Mark::Lengths => "lengths".to_owned(),
        Mark::Second(n) => format!("second-{n}"),
        Mark::Beaten(n) => format!("ghost-beaten-by-{n}"),
        Mark::Won => "won".to_owned(),
        Mark::Close => "won-by-1".to_owned(),
    }
}
