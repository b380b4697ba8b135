//! Reads theme files: each sets some styles and inherits the rest from another theme.

use ratatui::style::{Color, Modifier, Style};

use super::{BUILT_IN, Theme};
use crate::mistake::{Document, FilePosition, Mistake, TomlValue, unknown};

/// The theme that a player's theme inherits from by default.
const DEFAULT: &str = "terminal";

/// The attributes of a style. Blinking is not among them.
pub const ATTRIBUTES: [(&str, Modifier); 5] = [
    ("bold", Modifier::BOLD),
    ("dim", Modifier::DIM),
    ("italic", Modifier::ITALIC),
    ("underlined", Modifier::UNDERLINED),
    ("reversed", Modifier::REVERSED),
];

/// A theme's file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThemeFile {
    /// The theme's name.
    pub name: String,
    /// The file's path, as it is shown.
    pub path: String,
    /// What is in it.
    pub text: String,
}

/// A theme with its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The name, as the settings have it.
    pub name: String,
    /// The styles; none if it is one of two others, depending on the terminal's background.
    theme: Option<Theme>,
}

impl Named {
    /// A theme of [`BUILT_IN`].
    pub fn built_in(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            theme: Some(Theme::built_in(name)),
        }
    }

    /// The theme that depends on the terminal's background.
    pub fn auto() -> Self {
        Self {
            name: "auto".to_owned(),
            theme: None,
        }
    }

    /// Whether it depends on the terminal's background.
    pub fn is_auto(&self) -> bool {
        self.theme.is_none()
    }

    /// The styles.
    pub fn theme(&self) -> Theme {
        self.theme.unwrap_or_else(Theme::terminal)
    }

    /// The theme for a terminal without 24-bit colours.
    #[must_use]
    pub fn in_256_colours(self) -> Self {
        Self {
            theme: self.theme.map(Theme::in_256_colours),
            ..self
        }
    }
}

/// What a file says about one style.
#[derive(Debug, Default)]
struct Change {
    fg: Option<Color>,
    bg: Option<Color>,
    attributes: Option<Modifier>,
}

impl Change {
    fn apply(&self, style: &mut Style) {
        style.fg = self.fg.or(style.fg);
        style.bg = self.bg.or(style.bg);
        if let Some(attributes) = self.attributes {
            // Attributes replace those of the parent: for example, a title need not be dim because
            // its parent is.
            style.add_modifier = attributes;
            style.sub_modifier = attributes.complement();
        }
    }
}

/// A file that was read, before its parent is applied.
#[derive(Debug)]
struct Draft {
    name: String,
    inherits: Option<(String, FilePosition)>,
    changes: Vec<(String, Change)>,
}

impl Draft {
    fn read(name: &str, document: &mut Document<'_>) -> Self {
        let mut draft = Self {
            name: name.to_owned(),
            inherits: None,
            changes: Vec::new(),
        };
        for (key, value) in document.entries() {
            if key.get_ref() == "inherits" {
                let place = document.place(&value.span());
                let parent = document.text(&value);
                draft.inherits = parent.map(|p| (p.to_owned(), place));
            } else if Theme::STYLES.contains(&key.get_ref().as_str()) {
                let change = change(document, value);
                draft.changes.push((key.into_inner(), change));
            } else {
                let known = [Theme::STYLES, &["inherits"]].concat();
                document.wrong(&key.span(), unknown("style", key.get_ref(), &known));
            }
        }
        draft
    }

    /// The theme that it inherits from.
    fn parent(&self) -> &str {
        match &self.inherits {
            Some((parent, _)) => parent,
            None if is_built_in(&self.name) => &self.name,
            None => DEFAULT,
        }
    }

    fn over(&self, mut theme: Theme) -> Theme {
        for (name, change) in &self.changes {
            if let Some(style) = theme.style_mut(name) {
                change.apply(style);
            }
        }
        theme
    }
}

/// Parses a style: a table, or a string with the foreground colour.
fn change(document: &mut Document<'_>, value: TomlValue<'_>) -> Change {
    let mut change = Change::default();
    if value.get_ref().is_str() {
        change.fg = colour(document, &value);
        return change;
    }
    let what =
        "a colour in quotes, or a table such as `{ fg = \"blue\", attributes = [\"bold\"] }`";
    for (key, value) in document.table(value, what) {
        match key.get_ref().as_str() {
            "fg" => change.fg = colour(document, &value),
            "bg" => change.bg = colour(document, &value),
            "attributes" => change.attributes = Some(attributes(document, &value)),
            other => {
                let known = ["fg", "bg", "attributes"];
                document.wrong(&key.span(), unknown("key", other, &known));
            }
        }
    }
    change
}

fn colour(document: &mut Document<'_>, value: &TomlValue<'_>) -> Option<Color> {
    let text = document.text(value)?;
    if text == "default" {
        return Some(Color::Reset);
    }
    let colour = text.parse().ok();
    if colour.is_none() {
        let what = format!(
            "`{text}` is no colour: use `#rrggbb`, a name such as `red` or `light-red`, a number \
             from 0 to 255 in quotes, or `default`"
        );
        document.wrong(&value.span(), what);
    }
    colour
}

fn attributes(document: &mut Document<'_>, value: &TomlValue<'_>) -> Modifier {
    let mut all = Modifier::empty();
    for (text, span) in document.texts(value) {
        match ATTRIBUTES.iter().find(|(name, _)| *name == text) {
            Some((_, attribute)) => all |= *attribute,
            None => {
                let known = ATTRIBUTES.map(|(name, _)| name);
                document.wrong(&span, unknown("attribute", text, &known));
            }
        }
    }
    all
}

fn is_built_in(name: &str) -> bool {
    BUILT_IN.iter().any(|(built_in, _)| *built_in == name)
}

/// A built-in theme.
pub fn built_in(name: &str) -> Option<Theme> {
    let (name, text) = BUILT_IN.iter().find(|(built_in, _)| *built_in == name)?;
    let draft = Draft::read(name, &mut Document::new(name, text));
    let parent = Some(draft.parent()).filter(|parent| parent != name);
    Some(draft.over(parent.and_then(built_in).unwrap_or_default()))
}

/// All themes: the built-in ones and the player's own, which replace built-in ones of the same
/// name. Files with mistakes are left out.
pub fn collect(files: &[ThemeFile]) -> (Vec<Named>, Vec<Mistake>) {
    let mut mistakes = Vec::new();
    let mut waiting = Vec::new();
    for file in files {
        let mut document = Document::new(&file.path, &file.text);
        let draft = Draft::read(&file.name, &mut document);
        if document.mistakes.is_empty() {
            waiting.push(draft);
        }
        mistakes.append(&mut document.mistakes);
    }
    let mut themes = Vec::from(BUILT_IN.map(|(name, _)| Named::built_in(name)));
    while !waiting.is_empty() {
        let names: Vec<String> = waiting.iter().map(|draft| draft.name.clone()).collect();
        let (ready, later): (Vec<Draft>, Vec<Draft>) = waiting.into_iter().partition(|draft| {
            let parent = draft.parent();
            // Under its own name, only a built-in theme can be inherited from.
            parent == draft.name && is_built_in(parent) || !names.iter().any(|name| name == parent)
        });
        if ready.is_empty() {
            let circle = |draft: Draft| {
                let (parent, place) = draft.inherits?;
                let what = format!("inheriting from `{parent}` leads in a circle");
                Some(Mistake { place, what })
            };
            mistakes.extend(later.into_iter().filter_map(circle));
            break;
        }
        for draft in ready {
            let parent = themes.iter().find(|named| named.name == draft.parent());
            match (parent.map(|p| draft.over(p.theme())), draft.inherits) {
                (Some(theme), _) => put(&mut themes, draft.name, theme),
                (None, Some((parent, place))) => {
                    let what = no_such(&parent, &themes, files);
                    mistakes.push(Mistake { place, what });
                }
                (None, None) => {}
            }
        }
        waiting = later;
    }
    (themes, mistakes)
}

fn put(themes: &mut Vec<Named>, name: String, theme: Theme) {
    let theme = Some(theme);
    match themes.iter_mut().find(|named| named.name == name) {
        Some(named) => named.theme = theme,
        None => themes.push(Named { name, theme }),
    }
}

/// Why a theme of this name can't be used.
pub fn no_such(name: &str, themes: &[Named], files: &[ThemeFile]) -> String {
    if files.iter().any(|file| file.name == name) {
        return format!("the theme `{name}` has mistakes of its own");
    }
    let known: Vec<&str> = themes.iter().map(|named| named.name.as_str()).collect();
    unknown("theme", name, &known)
}
