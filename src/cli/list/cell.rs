//! The columns and cells of a list.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

use crate::words::text;

/// A column of a list.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// The name in JSON and CSV. docs/scripting.md promises it.
    pub(super) name: &'static str,
    /// The heading in a table.
    pub(super) title: &'static str,
    /// Whether it holds numbers, which are aligned right in a table.
    pub(super) number: bool,
}

impl Column {
    /// The rank, from 1. Players with equal points share it.
    pub const RANK: Self = Self::number("rank", "RANK");
    /// The player's id in the database.
    pub const ID: Self = Self::number("id", "ID");
    /// The player's name.
    pub const NAME: Self = Self::text("name", "NAME");
    /// The player's e-mail address.
    pub const EMAIL: Self = Self::text("email", "E-MAIL");
    /// Points of a period.
    pub const POINTS: Self = Self::number("points", "POINTS");
    /// The score.
    pub const SCORE: Self = Self::number("score", "SCORE");

    /// A column of numbers.
    pub const fn number(name: &'static str, title: &'static str) -> Self {
        Self {
            name,
            title,
            number: true,
        }
    }

    /// A column of texts.
    pub const fn text(name: &'static str, title: &'static str) -> Self {
        Self {
            name,
            title,
            number: false,
        }
    }
}

/// The content of a cell.
#[derive(Debug, Clone, Copy)]
pub enum Cell<'a> {
    /// A number.
    Number(i64),
    /// Points or presses, with grouped digits in tables.
    Points(i64),
    /// The change of a score.
    Gain(i64),
    /// A text.
    Text(&'a str),
    /// A player's name. It may consist of invisible characters.
    Name(&'a str),
    /// A moment.
    Time(Timestamp),
    /// An empty cell.
    None,
}

impl<'a> Cell<'a> {
    /// A text, or no value if it is empty.
    pub fn filled(text: &'a str) -> Self {
        match text {
            "" => Self::None,
            text => Self::Text(text),
        }
    }

    /// The text in a table.
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

    /// The text in CSV. Times are in UTC.
    pub(super) fn plain(self) -> String {
        match self {
            Self::Number(number) | Self::Points(number) | Self::Gain(number) => number.to_string(),
            Self::Text(text) | Self::Name(text) => text.to_owned(),
            Self::Time(time) => time.strftime("%FT%TZ").to_string(),
            Self::None => String::new(),
        }
    }

    /// The value in JSON.
    pub(super) fn json(self) -> String {
        match self {
            Self::Number(_) | Self::Points(_) | Self::Gain(_) => self.plain(),
            Self::None => "null".to_owned(),
            _ => json(&self.plain()),
        }
    }
}

/// Something as JSON, in which characters that a terminal would act on are escaped. Its meaning
/// stays the same.
pub fn json(value: &impl Serialize) -> String {
    // Serializing texts and numbers can't fail.
    let json = serde_json::to_string(value).unwrap_or_default();
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
