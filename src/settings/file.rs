//! Reads the configuration file, and collects every mistake in it.

use std::io;
use std::path::Path;

use tracing::level_filters::LevelFilter;

use super::{LOG_LEVELS, SettingsError};
use crate::files::{self, Links};
use crate::game::{HeldKeys, Motion, Rings};
use crate::mistake::{Document, FilePosition, Mistake, TomlValue, unknown};
use crate::store::Target;
use crate::words::Language;

/// The keys.
const KEYS: [&str; 11] = [
    "database",
    "player",
    "language",
    "plain",
    "mouse",
    "motion",
    "bell",
    "title",
    "held_keys",
    "theme",
    "log_level",
];

/// The values of `motion`.
pub const MOTIONS: [(&str, Motion); 3] = [
    ("full", Motion::Full),
    ("reduced", Motion::Reduced),
    ("none", Motion::None),
];

/// The values of `bell`.
pub const BELLS: [(&str, Rings); 3] = [
    ("none", Rings::None),
    ("starts", Rings::Starts),
    ("all", Rings::All),
];

/// The text of a new configuration file.
pub const TEMPLATE: &str = include_str!("../../assets/config.toml");

/// A value and its position in the file.
pub type Said<T> = Option<(T, FilePosition)>;

/// The content of the file; empty if there is none.
#[derive(Debug, Default)]
pub struct File {
    /// The database to play on.
    pub database: Said<Target>,
    /// The player to start on.
    pub player: Said<String>,
    /// The language of the game.
    pub language: Said<Language>,
    /// Whether the game is played in lines.
    pub plain: Said<bool>,
    /// Whether the game uses the mouse.
    pub mouse: Said<bool>,
    /// How much moves on the screen.
    pub motion: Said<Motion>,
    /// The events for which the terminal's bell rings.
    pub bell: Said<Rings>,
    /// Whether the game sets the terminal's title.
    pub title: Said<bool>,
    /// What a held key scores.
    pub held_keys: Said<HeldKeys>,
    /// The theme at the start.
    pub theme: Said<String>,
    /// The log level.
    pub log_level: Said<LevelFilter>,
    /// The mistakes. Wrong values are not in the other fields.
    pub mistakes: Vec<Mistake>,
}

impl File {
    /// Reads a file. It must exist if it was asked for.
    pub fn read(path: &Path, asked_for: bool) -> Result<Self, SettingsError> {
        match files::read(path, files::SETTINGS, Links::Followed) {
            Ok(text) => Ok(Self::parse(&path.display().to_string(), &text)),
            Err(error) if error.kind() == io::ErrorKind::NotFound && !asked_for => {
                Ok(Self::default())
            }
            Err(error) => {
                let error = files::of_directory(path, error);
                Err(SettingsError::Unreadable(path.to_owned(), error))
            }
        }
    }

    /// Reads a file's text.
    pub fn parse(name: &str, text: &str) -> Self {
        let mut document = Document::new(name, text);
        let mut file = Self::default();
        let languages = Language::ALL.map(|language| (language.name(), language));
        let held_keys = HeldKeys::ALL.map(|held| (held.name(), held));
        let log_levels = LOG_LEVELS.map(|level| (level, level));
        for (key, value) in document.entries() {
            let (doc, value) = (&mut document, &value);
            match key.get_ref().as_str() {
                "database" => file.database = said(doc, value, database),
                "player" => file.player = said(doc, value, words),
                "language" => file.language = said(doc, value, one_of("language", &languages)),
                "plain" => file.plain = said(doc, value, switch),
                "mouse" => file.mouse = said(doc, value, switch),
                "motion" => file.motion = said(doc, value, one_of("motion", &MOTIONS)),
                "bell" => file.bell = said(doc, value, one_of("bell", &BELLS)),
                "title" => file.title = said(doc, value, switch),
                "held_keys" => file.held_keys = said(doc, value, one_of("value", &held_keys)),
                "theme" => file.theme = said(doc, value, words),
                "log_level" => {
                    let level = said(doc, value, one_of("log level", &log_levels));
                    file.log_level = level.and_then(|(l, place)| Some((l.parse().ok()?, place)));
                }
                other => document.wrong(&key.span(), unknown("key", other, &KEYS)),
            }
        }
        file.mistakes = document.mistakes;
        file
    }
}

fn said<T>(
    document: &mut Document<'_>,
    value: &TomlValue<'_>,
    read: impl Fn(&mut Document<'_>, &TomlValue<'_>) -> Option<T>,
) -> Said<T> {
    Some((read(document, value)?, document.place(&value.span())))
}

fn words(document: &mut Document<'_>, value: &TomlValue<'_>) -> Option<String> {
    document.text(value).map(str::to_owned)
}

fn switch(document: &mut Document<'_>, value: &TomlValue<'_>) -> Option<bool> {
    let on = value.get_ref().as_bool();
    if on.is_none() {
        document.wrong(&value.span(), "this must be true or false, without quotes");
    }
    on
}

/// The name of a value, as the file has it.
pub fn name_of<T: Copy + PartialEq>(all: &[(&'static str, T)], thing: T) -> &'static str {
    let named = all.iter().find(|(_, known)| *known == thing);
    named.map_or("", |(name, _)| name)
}

/// Parses one of several named values.
fn one_of<T: Copy>(
    what: &str,
    all: &[(&str, T)],
) -> impl Fn(&mut Document<'_>, &TomlValue<'_>) -> Option<T> {
    move |document, value| {
        let written = document.text(value)?;
        let known = all.iter().find(|(name, _)| *name == written);
        if known.is_none() {
            let names: Vec<&str> = all.iter().map(|(name, _)| *name).collect();
            document.wrong(&value.span(), unknown(what, written, &names));
        }
        known.map(|(_, thing)| *thing)
    }
}

fn database(document: &mut Document<'_>, value: &TomlValue<'_>) -> Option<Target> {
    match Target::parse(document.text(value)?.as_ref()) {
        Ok(target) => Some(target),
        Err(error) => {
            // The store's error can be shown: it contains no password.
            let place = document.place(&value.span());
            let what = error.to_string();
            document.mistakes.push(Mistake { place, what });
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mistake_is_found_and_the_rest_is_read() {
        let text = "databse = 'x'\nplayer = 7\nmouse = 'no'\ntheme = 'dark'\n\
                    log_level = 'wran'\ndatabase = ''\n[players]\n";
        let file = File::parse("config.toml", text);
        let mistakes: Vec<String> = file.mistakes.iter().map(ToString::to_string).collect();
        let expected = [
            "config.toml, line 1: unknown key `databse`; did you mean `database`?",
            "config.toml, line 2: this must be a text in quotes",
            "config.toml, line 3: this must be true or false, without quotes",
            "config.toml, line 5: unknown log level `wran`; did you mean `warn`?",
            "config.toml, line 6: the name of the database is empty: give the path of a file",
            "config.toml, line 7: unknown key `players`; did you mean `player`?",
        ];
        assert_eq!(mistakes, expected);
        assert_eq!(file.theme.expect("a theme").0, "dark");
    }

    #[test]
    fn the_template_says_nothing_and_with_its_marks_taken_away_has_no_mistake() {
        assert!(
            TEMPLATE
                .lines()
                .all(|line| line.is_empty() || line.starts_with('#'))
        );
        assert_eq!(File::parse("template", TEMPLATE).mistakes, []);
        let lines = TEMPLATE.lines().filter_map(|line| line.strip_prefix("# "));
        let set: Vec<&str> = lines.filter(|line| line.contains(" = ")).collect();
        let file = File::parse("template", &set.join("\n"));
        assert_eq!(file.mistakes, []);
        assert_eq!(set.len(), KEYS.len(), "{set:?}");
        for key in KEYS {
            assert!(set.iter().any(|line| line.starts_with(key)), "{key}");
        }
    }
}
