//! What stands in a list: its columns, and its cells as people and as programs read them.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::game::Player;
use crate::words::text;

/// A column of a list.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// What programs know it by: docs/scripting.md promises it to them.
    pub(super) name: &'static str,
    /// What people read above it.
    pub(super) title: &'static str,
    /// Whether it holds numbers, which end under each other in a table.
    pub(super) number: bool,
    /// As wide as this where lines are written before all of them are known, in columns.
    pub(super) usual: usize,
}

impl Column {
    /// A place in the list, from 1; players with as many points share one.
    pub const RANK: Self = Self::number("rank", "RANK", 4);
    /// The player's key in the database.
    pub const ID: Self = Self::number("id", "ID", 6);
    /// The player's name.
    pub const NAME: Self = Self::text("name", "NAME", 20);
    /// The player's e-mail address.
    pub const EMAIL: Self = Self::text("email", "E-MAIL", 20);
    /// Some of the points that make the score.
    pub const POINTS: Self = Self::number("points", "POINTS", 6);
    /// The score.
    pub const SCORE: Self = Self::number("score", "SCORE", 10);

    /// A column of numbers.
    pub const fn number(name: &'static str, title: &'static str, usual: usize) -> Self {
        Self {
            name,
            title,
            number: true,
            usual,
        }
    }

    /// A column of texts.
    pub const fn text(name: &'static str, title: &'static str, usual: usize) -> Self {
        Self {
            name,
            title,
            number: false,
            usual,
        }
    }
}

/// What stands in a line under a column.
#[derive(Debug, Clone, Copy)]
pub enum Cell<'a> {
    /// A number.
    Number(i64),
    /// Points or presses, which people read in groups of digits.
    Points(i64),
    /// By how much a score changed.
    Gain(i64),
    /// A text.
    Text(&'a str),
    /// A player's name, which may have nothing to see.
    Name(&'a str),
    /// A moment.
    Time(Timestamp),
    /// Nothing.
    None,
}

impl<'a> Cell<'a> {
    /// A player's e-mail address, if there is one.
    pub fn email(player: &'a Player) -> Self {
        match player.email.as_str() {
            "" => Self::None,
            email => Self::Text(email),
        }
    }

    /// As people read it.
    pub(super) fn shown(self) -> String {
        match self {
            Self::Number(number) => number.to_string(),
            Self::Points(points) => text::grouped(points),
            Self::Gain(gain) if gain > 0 => format!("+{}", text::grouped(gain)),
            Self::Gain(gain) => text::grouped(gain),
            Self::Text(text) => text::harmless(text).into_owned(),
            Self::Name(name) => text::name(name).into_owned(),
            Self::Time(time) => {
                let here = time.to_zoned(TimeZone::system());
                here.strftime("%F %T").to_string()
            }
            Self::None => String::new(),
        }
    }

    /// As programs read it; a moment is one of UTC.
    pub(super) fn plain(self) -> String {
        match self {
            Self::Number(number) | Self::Points(number) | Self::Gain(number) => number.to_string(),
            Self::Text(text) | Self::Name(text) => text.to_owned(),
            Self::Time(time) => time.strftime("%FT%TZ").to_string(),
            Self::None => String::new(),
        }
    }

    /// As JSON has it.
    pub(super) fn json(self) -> String {
        match self {
            Self::Number(_) | Self::Points(_) | Self::Gain(_) => self.plain(),
            Self::None => "null".to_owned(),
            _ => escaped(&serde_json::Value::from(self.plain()).to_string()),
        }
    }
}

/// JSON with everything as an escape that a terminal could obey, which stays the same JSON.
pub fn escaped(json: &str) -> String {
    let mut out = String::new();
    for c in json.chars() {
        let harmless = text::harmless(c.encode_utf8(&mut [0; 4])) == c.to_string();
        if harmless {
            out.push(c);
        } else {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                out += &format!("\\u{unit:04x}");
            }
        }
    }
    out
}
