//! The words of the game in lines. One table serves for reading lines and for help.

use crate::game::Period;
use crate::game::contest::{Kind, Length};
use crate::message::Action;
use crate::words::Say;

/// What a word does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// Does what a key on the screen does.
    Do(Action),
    /// Lists the players.
    List,
    /// Says the rank of the picked player, or the standings of a race.
    Where,
    /// Picks a player by number or name.
    Pick,
    /// Gives up a contest, or stops watching it.
    Stop,
    /// Turns news of others off or on.
    Quiet,
}

/// What may follow a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    /// Nothing.
    Nothing,
    /// A number from 1, or nothing.
    Number,
    /// Any text, or nothing.
    Text,
    /// One of these, or nothing.
    OneOf(&'static [&'static str]),
}

/// A word.
#[derive(Debug, Clone, Copy)]
pub struct Word {
    /// What it does.
    pub verb: Verb,
    /// The long form.
    pub long: &'static str,
    /// The short form; empty for none. It is the key for it on the screen, if there is one.
    pub short: &'static str,
    /// What may follow it.
    pub takes: Takes,
    /// The text in help; none for words that are only answers.
    pub does: Option<&'static Say>,
}

/// The names of the periods.
pub const PERIODS: [(&str, Period); 4] = [
    ("all", Period::AllTime),
    ("month", Period::Month),
    ("week", Period::Week),
    ("today", Period::Day),
];

/// The names of the units of a history.
pub const UNITS: [(&str, Period); 3] = [
    ("days", Period::Day),
    ("weeks", Period::Week),
    ("months", Period::Month),
];

/// The names of the lengths of a sprint or a race.
pub const LENGTHS: [(&str, Length); 4] = [
    ("5", Length::Five),
    ("10", Length::Ten),
    ("30", Length::Thirty),
    ("60", Length::Sixty),
];

/// The names without their values.
const fn names<T: Copy, const N: usize>(named: &[(&'static str, T); N]) -> [&'static str; N] {
    let mut names = [""; N];
    let mut at = 0;
    while at < N {
        names[at] = named[at].0;
        at += 1;
    }
    names
}

static PERIOD_NAMES: [&str; 4] = names(&PERIODS);
static UNIT_NAMES: [&str; 3] = names(&UNITS);
static LENGTH_NAMES: [&str; 4] = names(&LENGTHS);

/// All words, in the order of help.
#[rustfmt::skip]
pub static WORDS: [Word; 29] = {
    use Action::{
        About, Accept, Add, Back, Card, Contest, Down, Edit, Filter, First, Help, History, Join, Last, Mouse, Period, Press,
        Quit, Remove, Replay, Theme, Up,
    };
    use Takes::{Nothing, Number, OneOf, Text};
    const fn word(
        verb: Verb,
        long: &'static str,
        short: &'static str,
        takes: Takes,
        does: &'static Say,
    ) -> Word {
        Word { verb, long, short, takes, does: Some(does) }
    }
    const fn untold(verb: Verb, long: &'static str, short: &'static str) -> Word {
        Word { verb, long, short, takes: Nothing, does: None }
    }
    [
        word(Verb::List, "list", "l", Number, &Say::DoesList),
        word(Verb::Where, "where", "w", Nothing, &Say::DoesWhere),
        word(Verb::Pick, "pick", "", Text, &Say::DoesPick),
        word(Verb::Do(Up), "up", "k", Nothing, &Say::DoesPickAbove),
        word(Verb::Do(Down), "down", "j", Nothing, &Say::DoesPickBelow),
        word(Verb::Do(First), "first", "", Nothing, &Say::DoesPickFirst),
        word(Verb::Do(Last), "last", "", Nothing, &Say::DoesPickLast),
        word(Verb::Do(Add), "add", "n", Text, &Say::DoesAdd),
        word(Verb::Do(Edit), "edit", "e", Text, &Say::DoesEdit),
        word(Verb::Do(Remove), "remove", "d", Nothing, &Say::DoesRemove),
        word(Verb::Do(Filter), "filter", "/", Text, &Say::DoesFilterLine),
        word(Verb::Do(Period), "period", "p", OneOf(&PERIOD_NAMES), &Say::DoesPeriod),
        word(Verb::Do(History), "history", "h", OneOf(&UNIT_NAMES), &Say::DoesHistory),
        word(Verb::Do(About), "me", "i", Nothing, &Say::DoesAbout),
        word(Verb::Do(Card), "card", "c", Nothing, &Say::DoesCardLines),
        word(Verb::Do(Contest(Kind::Sprint)), "sprint", "s", OneOf(&LENGTH_NAMES), &Say::DoesSprint),
        word(Verb::Do(Contest(Kind::Race)), "race", "r", OneOf(&LENGTH_NAMES), &Say::DoesRace),
        word(Verb::Do(Join), "join", "R", Nothing, &Say::DoesJoin),
        word(Verb::Do(Replay), "replay", "", Nothing, &Say::DoesReplayLines),
        word(Verb::Stop, "stop", "", Nothing, &Say::DoesStop),
        word(Verb::Quiet, "quiet", "", OneOf(&["on", "off"]), &Say::DoesQuiet),
        word(Verb::Do(Help), "help", "?", Nothing, &Say::DoesWords),
        word(Verb::Do(Quit), "quit", "q", Nothing, &Say::DoesQuit),
        Word { verb: Verb::Do(Press), long: "press", short: "", takes: Text, does: None },
        untold(Verb::Do(Accept), "yes", "y"),
        untold(Verb::Do(Back), "no", ""),
        untold(Verb::Do(Theme), "theme", "t"),
        untold(Verb::Do(Mouse), "mouse", "m"),
        untold(Verb::Do(Quit), "exit", ""),
    ]
};

/// The meaning of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Request<'l> {
    /// Only this many blanks, or none: Enter alone.
    Blank(usize),
    /// A word, and what follows it.
    Word(Verb, &'l str),
    /// A word, followed by something that it does not take.
    Wrong(&'static str, Takes),
    /// Something else.
    Other(&'l str),
}

impl Takes {
    /// Whether this text may follow the word.
    fn fits(self, text: &str) -> bool {
        match self {
            _ if text.is_empty() => true,
            Self::Nothing => false,
            Self::Number => text.parse().is_ok_and(|n: usize| n > 0),
            Self::Text => true,
            Self::OneOf(these) => these.contains(&text),
        }
    }
}

/// Reads a line.
pub fn read(line: &str) -> Request<'_> {
    let text = line.trim();
    if text.is_empty() {
        return Request::Blank(line.chars().count());
    }
    if let Some(wanted) = text.strip_prefix('/') {
        return Request::Word(Verb::Do(Action::Filter), wanted.trim());
    }
    let (first, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let lower = first.to_lowercase();
    let named = |written: &str| {
        let mut words = WORDS.iter();
        words.find(|word| word.long == written || word.short == written)
    };
    // Upper and lower case as written first: R is a different key than r.
    match named(first).or_else(|| named(&lower)) {
        None => Request::Other(text),
        Some(word) if word.takes.fits(rest.trim()) => Request::Word(word.verb, rest.trim()),
        Some(word) => Request::Wrong(word.long, word.takes),
    }
}

/// The value of a name.
pub fn named<T: Copy>(all: &[(&str, T)], name: &str) -> Option<T> {
    let mut all = all.iter();
    all.find(|(known, _)| *known == name)
        .map(|(_, thing)| *thing)
}

/// The word as help shows it, with its short form and what it takes.
pub fn shown(word: &Word) -> String {
    let mut shown = word.long.to_owned();
    if !word.short.is_empty() {
        shown += &format!(", {}", word.short);
    }
    match word.takes {
        Takes::Nothing => {}
        Takes::Number => shown += " [1…]",
        Takes::Text => shown += " […]",
        Takes::OneOf(these) => shown += &format!(" [{}]", these.join("|")),
    }
    shown
}
