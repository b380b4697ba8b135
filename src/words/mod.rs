//! All that the game says, by meaning, in the languages of its catalogues.
//!
//! To add a message, add a variant to [`Say`], and under its name in kebab-case a line to each
//! catalogue in `assets/locales`; then `words.say(&Say::NewOne)` is it on the screen, and a state or
//! an answer can hold the variant. `tests/pure/words.rs` tells what is missing, unused or spelt otherwise.

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
pub use say::{MESSAGES, Say};

/// The greatest whole number up to which a number with a fraction holds every one exactly.
const EXACT: u64 = 1 << 53;

/// One language, ready to speak.
///
/// A message is read from the catalogue when it is first said: a game says few of them, and the
/// first frame does not wait for the others.
pub struct Words {
    language: Language,
    entries: HashMap<&'static str, &'static str>,
    /// What has been read.
    bundle: Mutex<FluentBundle<FluentResource>>,
    /// Of each message without arguments its words, so that a frame only copies them.
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
    /// Speaks a language.
    pub fn new(language: Language) -> Self {
        let mut bundle = FluentBundle::new_concurrent(vec![language.identifier()]);
        // The marks around an argument would be replaced on the way to the screen, as all that
        // could reorder a line; names come without any such marks.
        bundle.set_use_isolating(false);
        let _ = bundle.add_builtins();
        bundle.set_formatter(Some(number));
        Self {
            language,
            entries: entries(language.catalogue()),
            bundle: Mutex::new(bundle),
            plain: MESSAGES.iter().map(|_| OnceLock::new()).collect(),
        }
    }

    /// The language.
    pub fn language(&self) -> Language {
        self.language
    }

    /// What is to be said, in words; control characters in what it is about are left as they are.
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
            // The full stop of a Chinese sentence is as wide as a blank with it.
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
            // What can be read is there whatever else is wrong, and tests find that nothing is.
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

/// The messages of a catalogue, each with its part of the text. None refers to another, so each can
/// be read alone.
fn entries(catalogue: &'static str) -> HashMap<&'static str, &'static str> {
    let mut entries = HashMap::new();
    let mut rest = catalogue;
    while !rest.is_empty() {
        // A message goes on in lines that are indented, blank, or close what it has opened.
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

/// A whole number with its digits grouped, which a catalogue can ask not to be, as for years:
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
    /// The sentences that it consists of.
    pub fn sentences(&self) -> &[Self] {
        match self {
            Self::Sentences(sentences) => sentences,
            one => std::slice::from_ref(one),
        }
    }

    /// That presses were over a database's limit, of so many a second where there still is one.
    pub fn over_rate(presses: u64, limit: Option<u32>) -> Self {
        match limit.map(u64::from) {
            Some(limit) => Self::OverRate { presses, limit },
            None => Self::OverRateBefore { presses },
        }
    }

    /// This, and after it something more.
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

/// What a message can be about.
trait Argument {
    /// As the catalogue takes it.
    fn value<'a>(&'a self, words: &'a Words) -> FluentValue<'a>;
}

impl Argument for u64 {
    fn value<'a>(&'a self, _: &'a Words) -> FluentValue<'a> {
        if *self <= EXACT {
            FluentValue::from(*self)
        } else {
            // As a text it takes the form for any other number, which fits one as large as this.
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
