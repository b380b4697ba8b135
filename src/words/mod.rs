//! All texts of the game, by meaning, in the languages of its catalogues.
//!
//! To add a message, add a variant to [`Say`], and a line with its name in kebab-case to each
//! catalogue in `assets/locales`. Then `words.say(&Say::NewOne)` is its text, and a state or an
//! answer can hold the variant. `tests/pure/words.rs` reports missing and unused messages.

mod language;
mod messages;
mod say;
pub mod text;

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, OnceLock, PoisonError};

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

pub use language::Language;
pub use say::{MESSAGES, Say, StoreError};

/// The largest number up to which an `f64` holds every integer exactly.
const EXACT: u64 = 1 << 53;

/// The text of each message of a language, by its name.
type Entries = HashMap<&'static str, &'static str>;

/// The texts of each language, shared by all games of a server.
static ENTRIES: [OnceLock<Entries>; Language::ALL.len()] =
    [const { OnceLock::new() }; Language::ALL.len()];

/// One language and its messages.
///
/// A message is parsed when it is first used. A game uses few of them, and the first frame need not
/// wait for the rest.
pub struct Words {
    language: Language,
    entries: &'static Entries,
    /// The messages parsed so far.
    bundle: Mutex<FluentBundle<FluentResource>>,
    /// The text of each message without arguments, cached for the frames.
    plain: Vec<OnceLock<String>>,
}

impl fmt::Debug for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Words").field(&self.language).finish()
    }
}

impl Default for Words {
    fn default() -> Self {
        Self::new(Language::default())
    }
}

impl Words {
    /// Prepares a language. Messages are parsed later.
    pub fn new(language: Language) -> Self {
        let mut bundle = FluentBundle::new_concurrent(vec![language.identifier()]);
        // Isolation marks would be replaced before they reach the screen, like everything that can
        // reorder a line. Names contain no such marks.
        bundle.set_use_isolating(false);
        let _ = bundle.add_builtins();
        bundle.set_formatter(Some(number));
        Self {
            language,
            entries: ENTRIES[language as usize].get_or_init(|| entries(language.catalogue())),
            bundle: Mutex::new(bundle),
            plain: MESSAGES.iter().map(|_| OnceLock::new()).collect(),
        }
    }

    /// The language.
    pub fn language(&self) -> Language {
        self.language
    }

    /// The text of a message. Control characters in its arguments are kept.
    pub fn say<'a>(&'a self, say: &'a Say) -> Cow<'a, str> {
        match say {
            Say::Verbatim(words) => Cow::Borrowed(words),
            Say::Sentences(sentences) => Cow::Owned(self.join(sentences)),
            Say::Beside(things) => {
                let things: Vec<_> = things.iter().map(|thing| self.say(thing)).collect();
                Cow::Owned(things.join(" · "))
            }
            message => {
                let at = message.index();
                let (name, about) = MESSAGES[at];
                if about.is_empty() {
                    let plain = || self.format(name, &FluentArgs::new());
                    Cow::Borrowed(self.plain[at].get_or_init(plain))
                } else {
                    Cow::Owned(self.format(name, &message.arguments(self)))
                }
            }
        }
    }

    fn join(&self, sentences: &[Say]) -> String {
        let mut all = String::new();
        for sentence in sentences {
            let sentence = self.say(sentence);
            // A Chinese full stop is already as wide as one with a blank.
            if !all.is_empty() && !all.ends_with(['。', '！', '？', '；']) {
                all.push(' ');
            }
            all += &sentence;
        }
        all
    }

    fn format(&self, name: &str, arguments: &FluentArgs<'_>) -> String {
        let id = id(name);
        let mut bundle = self.bundle.lock().unwrap_or_else(PoisonError::into_inner);
        if !bundle.has_message(&id) {
            let text = self.entries.get(id.as_str()).copied().unwrap_or_default();
            // Use whatever can be parsed. Tests check that the catalogues have no errors.
            let resource = FluentResource::try_new(text.to_owned());
            let resource = resource.unwrap_or_else(|(resource, _)| resource);
            let _ = bundle.add_resource(resource);
        }
        let message = bundle.get_message(&id);
        let Some(pattern) = message.and_then(|message| message.value()) else {
            return id;
        };
        let mut errors = Vec::new();
        let words = bundle.format_pattern(pattern, Some(arguments), &mut errors);
        debug_assert!(errors.is_empty(), "{id}: {errors:?}");
        words.into_owned()
    }
}

/// Splits a catalogue into its messages. None refers to another, so each can be parsed alone.
fn entries(catalogue: &'static str) -> Entries {
    let mut entries = HashMap::new();
    let mut rest = catalogue;
    while !rest.is_empty() {
        // The next message begins at a line that is not indented, not blank, and does not close a
        // bracket.
        let next = rest.match_indices('\n').map(|(at, _)| at + 1).find(|at| {
            let line = &rest[*at..];
            line.starts_with(|first: char| first.is_ascii_alphabetic() || first == '#')
        });
        let (entry, after) = rest.split_at(next.unwrap_or(rest.len()));
        if let Some((id, _)) = entry.split_once(" =").filter(|_| !entry.starts_with('#')) {
            entries.insert(id, entry);
        }
        rest = after;
    }
    entries
}

/// The name of a message in a catalogue: `ListTitle` is `list-title`.
fn id(name: &str) -> String {
    let mut id = String::with_capacity(name.len() + 4);
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !id.is_empty() {
            id.push('-');
        }
        id.push(letter.to_ascii_lowercase());
    }
    id
}

/// Formats an integer with grouped digits. A catalogue can turn that off, for example for years:
/// `NUMBER($year, useGrouping: "false")`.
fn number<M>(value: &FluentValue<'_>, _: &M) -> Option<String> {
    match value {
        FluentValue::Number(n) if n.options.use_grouping && n.value.fract() == 0.0 => {
            Some(text::grouped(n.value as i64))
        }
        _ => None,
    }
}

impl Say {
    /// Its sentences.
    pub fn sentences(&self) -> &[Self] {
        match self {
            Self::Sentences(sentences) => sentences,
            one => std::slice::from_ref(one),
        }
    }

    /// The message that presses were over the database's limit, with the limit if there still is
    /// one.
    pub fn over_rate(presses: u64, limit: Option<u32>) -> Self {
        match limit.map(u64::from) {
            Some(limit) => Self::OverRate { presses, limit },
            None => Self::OverRateBefore { presses },
        }
    }

    /// This message, followed by another.
    #[must_use]
    pub fn and(self, more: Self) -> Self {
        let mut sentences = self.sentences().to_vec();
        sentences.extend_from_slice(more.sentences());
        sentences.into()
    }
}

impl From<Vec<Say>> for Say {
    fn from(mut sentences: Vec<Say>) -> Self {
        match sentences.len() {
            1 => sentences.swap_remove(0),
            _ => Self::Sentences(sentences),
        }
    }
}

impl From<&str> for Say {
    fn from(words: &str) -> Self {
        words.to_owned().into()
    }
}

impl From<String> for Say {
    fn from(words: String) -> Self {
        Self::Verbatim(words.into())
    }
}

/// A type that can be an argument of a message.
trait Argument {
    /// The value for the catalogue.
    fn value<'a>(&'a self, words: &'a Words) -> FluentValue<'a>;
}

impl Argument for u64 {
    fn value<'a>(&'a self, _: &'a Words) -> FluentValue<'a> {
        if *self <= EXACT {
            FluentValue::from(*self)
        } else {
            // A number this large becomes text. Its plural form is then `other`, which is correct.
            FluentValue::from(text::grouped(self))
        }
    }
}

impl Argument for i64 {
    fn value<'a>(&'a self, _: &'a Words) -> FluentValue<'a> {
        if self.unsigned_abs() <= EXACT {
            FluentValue::from(*self)
        } else {
            FluentValue::from(text::grouped(self))
        }
    }
}

impl Argument for String {
    fn value<'a>(&'a self, _: &'a Words) -> FluentValue<'a> {
        FluentValue::from(self.as_str())
    }
}

impl Argument for Box<Say> {
    fn value<'a>(&'a self, words: &'a Words) -> FluentValue<'a> {
        FluentValue::from(words.say(self))
    }
}
