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
use std::sync::OnceLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

pub use language::Language;
pub use say::{MESSAGES, Say, StoreError};

/// The largest number up to which an `f64` holds every integer exactly.
const EXACT: u128 = 1 << 53;

/// The messages of each language, parsed when the first of them is said.
static BUNDLES: [OnceLock<FluentBundle<FluentResource>>; Language::ALL.len()] =
    [const { OnceLock::new() }; Language::ALL.len()];

/// The messages of one language.
#[derive(Debug, Clone, Copy, Default)]
pub struct Words {
    language: Language,
}

impl Words {
    /// The messages of this language.
    pub fn new(language: Language) -> Self {
        Self { language }
    }

    /// The language.
    pub fn language(self) -> Language {
        self.language
    }

    /// The text of a message. Control characters in its arguments are kept.
    pub fn say(self, say: &Say) -> Cow<'_, str> {
        match say {
            Say::Verbatim(words) => Cow::Borrowed(words),
            Say::Sentences(sentences) => Cow::Owned(self.join(sentences)),
            Say::Beside(things) => {
                let things: Vec<_> = things.iter().map(|thing| self.say(thing)).collect();
                Cow::Owned(things.join(" · "))
            }
            message => {
                let mut arguments = FluentArgs::new();
                let name = message.read(self, &mut arguments);
                Cow::Owned(self.format(name, &arguments))
            }
        }
    }

    fn join(self, sentences: &[Say]) -> String {
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

    fn format(self, name: &str, arguments: &FluentArgs<'_>) -> String {
        let id = id(name);
        let bundle = BUNDLES[self.language as usize].get_or_init(|| bundle(self.language));
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

fn bundle(language: Language) -> FluentBundle<FluentResource> {
    let mut bundle = FluentBundle::new_concurrent(vec![language.identifier()]);
    // Isolation marks would be replaced before they reach the screen, like everything that can
    // reorder a line. Names contain no such marks.
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(number));
    // Use whatever can be parsed. Tests check that the catalogues have no errors.
    let resource = FluentResource::try_new(language.catalogue().to_owned());
    let resource = resource.unwrap_or_else(|(resource, _)| resource);
    let _ = bundle.add_builtins();
    let _ = bundle.add_resource(resource);
    bundle
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

impl From<&Say> for Box<Say> {
    fn from(say: &Say) -> Self {
        Self::new(say.clone())
    }
}

impl From<String> for Box<Say> {
    fn from(words: String) -> Self {
        Self::new(words.into())
    }
}

/// A type that can be an argument of a message.
trait Argument {
    /// The value for the catalogue.
    fn value(&self, words: Words) -> FluentValue<'_>;
}

impl Argument for u64 {
    fn value(&self, _: Words) -> FluentValue<'_> {
        integer((*self).into())
    }
}

impl Argument for i64 {
    fn value(&self, _: Words) -> FluentValue<'_> {
        integer((*self).into())
    }
}

/// A number too large to be exact becomes text. Its plural form is then `other`, which is correct.
fn integer(n: i128) -> FluentValue<'static> {
    match n.unsigned_abs() <= EXACT {
        true => FluentValue::from(n),
        false => FluentValue::from(text::grouped(n)),
    }
}

impl Argument for String {
    fn value(&self, _: Words) -> FluentValue<'_> {
        FluentValue::from(self.as_str())
    }
}

impl Argument for Box<Say> {
    fn value(&self, words: Words) -> FluentValue<'_> {
        FluentValue::from(words.say(self))
    }
}
