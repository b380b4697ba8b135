//! Mistakes in files that people write: the place, what is wrong, and a suggestion.

use std::fmt;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// How similar two words must be, from 0 to 1, for one to be suggested instead of the other.
const ALIKE: f64 = 0.8;

/// A value with its byte range in the text.
pub type TomlValue<'t> = Spanned<DeValue<'t>>;

/// A key and its value.
pub type KeyValue<'t> = (Spanned<String>, TomlValue<'t>);

/// A place in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilePosition {
    /// The file, as it is shown.
    pub file: String,
    /// The line, counted from 1; none if the whole file is meant.
    pub line: Option<usize>,
}

impl fmt::Display for FilePosition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        self.line.map_or(Ok(()), |line| write!(f, ", line {line}"))
    }
}

/// A mistake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// Where it is.
    pub place: FilePosition,
    /// What is wrong, without a full stop.
    pub what: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.what)
    }
}

/// A TOML file's text, and the mistakes found in it so far.
#[derive(Debug)]
pub struct Document<'t> {
    file: &'t str,
    text: &'t str,
    /// The mistakes found so far.
    pub mistakes: Vec<Mistake>,
}

impl<'t> Document<'t> {
    /// A document with this text. `file` is the name that is shown.
    pub fn new(file: &'t str, text: &'t str) -> Self {
        Self {
            file,
            text,
            mistakes: Vec::new(),
        }
    }

    /// The entries of the top table, line by line. A text that is not TOML gives none, and one
    /// mistake.
    pub fn entries(&mut self) -> Vec<KeyValue<'t>> {
        match DeTable::parse(self.text) {
            Ok(table) => in_order(table.into_inner()),
            Err(error) => {
                let what = error.message().trim_end().replace('\n', ", ");
                self.wrong(&error.span().unwrap_or_default(), what);
                Vec::new()
            }
        }
    }

    /// The place of these bytes.
    pub fn place(&self, span: &Range<usize>) -> FilePosition {
        let before = self.text.bytes().take(span.start);
        FilePosition {
            file: self.file.to_owned(),
            line: Some(before.filter(|b| *b == b'\n').count() + 1),
        }
    }

    /// Adds a mistake.
    pub fn wrong(&mut self, span: &Range<usize>, what: impl Into<String>) {
        self.mistakes.push(self.mistake(span, what.into()));
    }

    /// Makes a mistake. A text that repeats a URL is replaced, since a password may be in it.
    fn mistake(&self, span: &Range<usize>, what: String) -> Mistake {
        let place = self.place(span);
        if what.contains("://") {
            let what = "a value that can't be used".to_owned();
            return Mistake { place, what };
        }
        Mistake { place, what }
    }

    /// The value as a text; anything else is a mistake.
    pub fn text<'v>(&mut self, value: &'v TomlValue<'_>) -> Option<&'v str> {
        let text = value.get_ref().as_str();
        if text.is_none() {
            self.wrong(&value.span(), "this must be a text in quotes");
        }
        text
    }

    /// The value as a list of texts, or one text; anything else is a mistake.
    pub fn texts<'v>(&mut self, value: &'v TomlValue<'_>) -> Vec<(&'v str, Range<usize>)> {
        let items = match value.get_ref() {
            DeValue::Array(items) => items.iter().collect(),
            _ => vec![value],
        };
        let texts = items.into_iter();
        let texts = texts.filter_map(|item| Some((self.text(item)?, item.span())));
        texts.collect()
    }

    /// The entries of the value as a table, line by line; anything else is a mistake.
    pub fn table<'v>(&mut self, value: TomlValue<'v>, what: &str) -> Vec<KeyValue<'v>> {
        let span = value.span();
        match value.into_inner() {
            DeValue::Table(table) => in_order(table),
            _ => {
                self.wrong(&span, format!("this must be {what}"));
                Vec::new()
            }
        }
    }
}

fn in_order(table: DeTable<'_>) -> Vec<KeyValue<'_>> {
    let entries = table.into_iter();
    let owned = entries.map(|(k, v)| (Spanned::new(k.span(), k.into_inner().into_owned()), v));
    let mut entries: Vec<_> = owned.collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    entries
}

/// The known word that is most similar to an unknown one, if any is similar enough.
pub fn meant<'k>(written: &str, known: &[&'k str]) -> Option<&'k str> {
    let likeness = |known: &str| strsim::jaro(&written.to_lowercase(), &known.to_lowercase());
    let alike = known.iter().map(|known| (likeness(known), *known));
    let best = alike.max_by(|(a, _), (b, _)| a.total_cmp(b));
    best.filter(|(alike, _)| *alike >= ALIKE)
        .map(|(_, best)| best)
}

/// The sentence for an unknown word, with the word that may be meant, or with all known words.
pub fn unknown(kind: &str, written: &str, known: &[&str]) -> String {
    match meant(written, known) {
        Some(meant) => format!("unknown {kind} `{written}`; did you mean `{meant}`?"),
        None => {
            let known: Vec<String> = known.iter().map(|k| format!("`{k}`")).collect();
            let known = known.join(", ");
            format!("unknown {kind} `{written}`; there is {known}")
        }
    }
}
