//! `clickoff card`: shows a player or a best sprint as text, SVG or JSON, to share with others.

mod svg;

use jiff::civil::Date;
use serde::Serialize;

use super::Exit;
use super::common::{Failure, write_out};
use super::list::{Formats, Shape, json};
use super::me::KnownPlayer;
use crate::game::contest::Length;
use crate::game::record::OwnSprint;
use crate::plain::words::LENGTHS;
use crate::settings::{Flags, parser};
use crate::ui::about::words::{by_second, last_days, short_date};
use crate::ui::card::{self, DAYS};
use crate::ui::sentences::contest;
use crate::words::{Say, text};

/// Write a card of a player to share, as text or as a picture
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub struct Arguments {
    /// The player: an id, a name, or a part of one [default: --player, `player` in the settings, the last player here, or your login name]
    #[arg(add = super::completions::players())]
    player: Option<String>,
    /// The player's best sprint over this length, in seconds
    #[arg(short, long, value_name = "SECONDS", value_parser = parser(&LENGTHS))]
    sprint: Option<Length>,
    #[command(flatten)]
    shape: Shape<Format>,
}

const EXAMPLES: &str = "\
Examples:
  clickoff card Ada                       a few lines for a chat
  clickoff card Ada --sprint 10           her best sprint over 10 s
  clickoff card Ada --format svg > ada.svg
                                          a picture for a page, light or dark like the page";

/// How the card is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// A few lines
    Text,
    /// A picture for a page
    Svg,
    /// One JSON object
    Json,
}

impl Formats for Format {
    const USUAL: &'static str = "text";
    const JSON: Self = Self::Json;
}

/// The card in JSON. docs/scripting.md promises these fields.
#[derive(Serialize)]
struct Object<'a> {
    id: i64,
    name: &'a str,
    score: i64,
    seconds: Option<u32>,
    presses: Option<u64>,
    time: Option<String>,
    curve: &'a [u64],
    text: String,
}

/// Writes the card.
pub fn run(arguments: &Arguments, flags: Flags) -> Result<(), Failure> {
    let format = arguments.shape.format()?;
    let known = KnownPlayer::read(arguments.player.as_deref(), flags)?;
    let sprint = arguments.sprint.map(|length| best(&known, length));
    let sprint = sprint.transpose()?;
    let KnownPlayer {
        player,
        past,
        today,
        look,
    } = &known;
    let (lines, curve) = match sprint {
        Some((_, sprint)) => {
            let trace = sprint.trace.as_ref();
            let result = (sprint.length, sprint.presses, trace);
            let lines = card::of_sprint(&player.name, result, None, look);
            let curve = trace.map(|trace| by_second(trace, sprint.length));
            (lines, curve.unwrap_or_default())
        }
        None => (
            card::of_player(&player.name, past, *today, look),
            last_days(past, *today, DAYS),
        ),
    };
    write_out(&match format {
        Format::Text => lines.join("\n") + "\n",
        Format::Json => {
            json(&Object {
                id: player.id.0,
                name: &player.name,
                score: past.score(),
                seconds: sprint.map(|(_, sprint)| sprint.length.seconds()),
                presses: sprint.map(|(_, sprint)| sprint.presses),
                time: sprint.map(|(_, sprint)| sprint.at.strftime("%FT%TZ").to_string()),
                curve: &curve,
                text: lines.join("\n"),
            }) + "\n"
        }
        Format::Svg => {
            let say = |what: &Say| look.say(what);
            let (number, unit, note, facts) = match sprint {
                Some((day, sprint)) => {
                    let unit = contest::presses_in(sprint.presses, sprint.length);
                    let number = text::grouped(sprint.presses);
                    (number, say(&unit), String::new(), say(&short_date(*day)))
                }
                None => {
                    let (curve, days) = (String::new(), DAYS as u64);
                    let number = text::grouped(past.score());
                    let note = say(&Say::CardDays { curve, days });
                    let facts = card::player_facts(past, *today);
                    let facts = facts.map_or_else(String::new, |facts| say(&facts));
                    let unit = say(&Say::CardPoints);
                    (number, unit, note.trim().to_owned(), facts)
                }
            };
            let name = card::named(&player.name, look);
            let texts = [
                ("title", format!("{name}: {number} {unit}")),
                ("name", name),
                ("number", number),
                ("unit", unit),
                ("note", note),
                ("facts", facts),
                ("promise", say(&Say::CardPromise)),
            ];
            svg::picture(&texts, &curve)
        }
    })
}

/// The best sprint of a player over a length, and its day.
fn best(known: &KnownPlayer, length: Length) -> Result<&(Date, OwnSprint), Failure> {
    let mut sprints = known.past.sprints().iter();
    let best = sprints.find(|(_, sprint)| sprint.length == length);
    best.ok_or_else(|| {
        let name = text::cut(&text::name(&known.player.name), 60);
        let seconds = length.seconds();
        let words = format!("there is no sprint of {name} over {seconds} s yet.");
        Failure::new(Exit::NotFound, words)
    })
}
