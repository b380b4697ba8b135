//! Reads the player's themes and keymap. Files with mistakes are left out and reported.

use std::io;
use std::path::Path;

use super::{Settings, Source, shown_path};
use crate::files::{self, Links};
use crate::game::{Effects, Motion};
use crate::message::Action;
use crate::mistake::{FilePosition, Mistake};
use crate::state::{Context, State};
use crate::ui::Look;
use crate::ui::keymap::{self, Keymap};
use crate::ui::theme::{self, Named, ThemeFile, Themes};
use crate::words::{Say, Words};

/// The default theme.
pub const DEFAULT_THEME: &str = "auto";

/// The theme without colours.
const WITHOUT_COLOUR: &str = "monochrome";

/// All mistakes, those in themes and keymap after the given ones of the settings file, by their places.
pub fn all_mistakes(settings: &Settings, mut mistakes: Vec<Mistake>) -> Vec<Mistake> {
    mistakes.extend(find(settings).mistakes);
    mistakes.sort_by(|a, b| (&a.place.file, a.place.line).cmp(&(&b.place.file, b.place.line)));
    mistakes
}

/// Themes and keymap, and the mistakes in their files.
#[derive(Debug)]
pub struct Appearance {
    /// The keys in force.
    pub keymap: Keymap,
    /// The themes to choose from, in the order of the list; never empty.
    pub themes: Vec<Named>,
    /// The index of the theme to start with.
    pub chosen: usize,
    /// Every mistake in every file.
    pub mistakes: Vec<Mistake>,
    /// What the mistakes cause, one sentence for each file.
    sentences: Vec<Say>,
}

impl Appearance {
    /// What the player must be told about mistakes.
    pub fn notice(&self) -> Option<Say> {
        (!self.sentences.is_empty()).then(|| Say::Sentences(self.sentences.clone()))
    }

    /// Makes a game look like this, and returns what to draw it with.
    pub fn dress(&self, state: &mut State, motion: Motion, words: Words) -> Look {
        state.help_key = self.keymap.label(Context::Play, Action::Help);
        state.quit_key = self.keymap.label(Context::Play, Action::Quit);
        state.effects = Effects::new(motion);
        state.theme = self.chosen;
        let themes = Themes::new(self.themes.clone());
        Look {
            keymap: self.keymap.clone(),
            theme: themes.theme(self.chosen),
            themes,
            words,
        }
    }

    fn report(&mut self, mut mistakes: Vec<Mistake>, consequence: Say) {
        mistakes.sort_by(|a, b| a.place.file.cmp(&b.place.file));
        for file in mistakes.chunk_by(|a, b| a.place.file == b.place.file) {
            let mut sentence = file[0].to_string();
            if !sentence.ends_with('?') {
                sentence.push('.');
            }
            self.sentences.push(sentence.into());
            if let mistakes @ 1.. = file.len() as u64 - 1 {
                self.sentences.push(Say::MoreInLog { mistakes });
            }
            self.sentences.push(consequence.clone());
        }
        self.mistakes.append(&mut mistakes);
    }
}

/// The text of a new keymap file: the default keymap, with all lines commented out.
pub fn keymap_template() -> String {
    let lines = keymap::DEFAULT
        .lines()
        .map(|line| match line.contains(" = ") {
            true if !line.starts_with('#') => format!("# {line}\n"),
            _ => format!("{line}\n"),
        });
    lines.collect()
}

/// Reads the themes and the keymap of the configuration directory.
pub fn find(settings: &Settings) -> Appearance {
    let (files, unread) = theme_files(&settings.config_dir.join("themes"));
    let (mut themes, mistakes) = theme::collect(&files);
    if position(&themes, DEFAULT_THEME).is_none() {
        themes.insert(0, Named::auto());
    }
    let keymap = keymap_file(&settings.config_dir.join("keymap.toml"));
    let (keymap, unbound) = match keymap {
        Ok(keymap) => (keymap, Vec::new()),
        Err(mistakes) => (Keymap::default(), mistakes),
    };
    let mut found = Appearance {
        keymap,
        themes,
        chosen: 0,
        mistakes: Vec::new(),
        sentences: Vec::new(),
    };
    let mistakes = unread.into_iter().chain(mistakes).collect();
    found.report(mistakes, Say::ThemeLeftOut);
    found.report(unbound, Say::DefaultKeysHold);
    let mut wanted = DEFAULT_THEME;
    if position(&found.themes, &settings.theme).is_some() {
        wanted = &settings.theme;
    } else if !files.iter().any(|file| file.name == settings.theme) {
        // A mistake in the theme's file was already reported.
        let what = theme::no_such(&settings.theme, &found.themes, &files);
        let place = match settings.sources.of("theme") {
            Source::File(place) => place.clone(),
            said_by => FilePosition {
                file: said_by.to_string(),
                line: None,
            },
        };
        found.report(vec![Mistake { place, what }], Say::DefaultThemeUsed);
    }
    if settings.no_color {
        let is_plain = |named: &Named| !named.is_auto() && named.theme().is_monochrome();
        found.themes.retain(is_plain);
        if found.themes.is_empty() {
            // A file of the player's may have replaced the built-in theme without colours.
            found.themes.push(Named::built_in(WITHOUT_COLOUR));
        }
        wanted = position(&found.themes, wanted).map_or(WITHOUT_COLOUR, |_| wanted);
    } else if !settings.truecolor {
        let themes = found.themes.into_iter();
        found.themes = themes.map(Named::in_256_colours).collect();
    }
    found.chosen = position(&found.themes, wanted).unwrap_or_default();
    found
}

fn position(themes: &[Named], name: &str) -> Option<usize> {
    themes.iter().position(|named| named.name == name)
}

/// What is wrong with the theme of a flag or variable. The game itself reports a wrong theme in the
/// configuration file.
pub fn wrong_theme(settings: &Settings) -> Option<Mistake> {
    let said_by = settings.sources.of("theme");
    if matches!(said_by, Source::File(_) | Source::Default) {
        return None;
    }
    let place = said_by.to_string();
    let mut mistakes = find(settings).mistakes.into_iter();
    mistakes.find(|mistake| mistake.place.file == place)
}

/// The theme files of a directory, by name, and a mistake for each that can't be read.
fn theme_files(directory: &Path) -> (Vec<ThemeFile>, Vec<Mistake>) {
    let mut paths = Vec::new();
    let mut unread = Vec::new();
    match std::fs::read_dir(directory) {
        Ok(entries) => paths.extend(entries.flatten().map(|entry| entry.path())),
        Err(error) => unread.extend(unreadable(directory, &error)),
    }
    paths.retain(|path| path.extension().is_some_and(|e| e == "toml"));
    paths.sort();
    let mut files = Vec::new();
    for path in paths {
        match files::read(&path, files::SETTINGS, Links::Followed) {
            Ok(text) => files.push(ThemeFile {
                name: path
                    .file_stem()
                    .unwrap_or_default()
                    .to_string_lossy()
                    .into_owned(),
                path: shown_path(&path),
                text,
            }),
            Err(error) => unread.extend(unreadable(&path, &error)),
        }
    }
    (files, unread)
}

fn keymap_file(path: &Path) -> Result<Keymap, Vec<Mistake>> {
    match files::read(path, files::SETTINGS, Links::Followed) {
        Ok(text) => Keymap::read(&shown_path(path), &text),
        Err(error) => {
            unreadable(path, &error).map_or_else(|| Ok(Keymap::default()), |m| Err(vec![m]))
        }
    }
}

/// The mistake that a file can't be read; `None` if it does not exist.
fn unreadable(path: &Path, error: &io::Error) -> Option<Mistake> {
    let place = FilePosition {
        file: shown_path(path),
        line: None,
    };
    let what = format!("it can't be read: {error}");
    (error.kind() != io::ErrorKind::NotFound).then_some(Mistake { place, what })
}
