//! The manual pages of section 5, generated from the commented example files and the tables.

use super::roff::{ManPage, bold, italic};
use crate::cli::explained;
use crate::ui::keymap::{SECTIONS, Section, action_name, rows};
use crate::ui::theme::Theme;
use crate::words::Words;

/// The pages, and the subject of each.
pub const NAMES: [(&str, &str); 3] = [
    ("clickoff-config", "the settings of clickoff"),
    ("clickoff-keymap", "which keys do what in clickoff"),
    ("clickoff-theme", "the colours of clickoff"),
];

/// The pages by their names.
pub fn pages() -> Vec<(&'static str, String)> {
    let [config, keymap, theme] = NAMES;
    let pages = [
        (config, "config.toml", settings as fn(&mut ManPage)),
        (keymap, "keymap.toml", keys),
        (theme, "themes/NAME.toml", styles),
    ];
    let pages = pages.into_iter().map(|((name, about), file, write)| {
        let mut page = ManPage::new(name, '5', about);
        page.heading("Synopsis");
        page.fill(&bold(&format!("~/.config/clickoff/{file}")));
        write(&mut page);
        page.heading("Files");
        page.item(
            &bold(&format!("~/.config/clickoff/{file}")),
            "The path on Linux; `clickoff config path` shows the one on this system.",
        );
        page.item(
            &bold("~/.config/clickoff/json-schema/"),
            "JSON schemas, with which an editor completes and checks these files; `clickoff config edit` \
             writes them.",
        );
        let commands = ["clickoff", "clickoff-config", "clickoff-themes"];
        let commands = commands.map(|command| (command, '1')).into_iter();
        let others = NAMES.into_iter().filter(|(other, _)| *other != name);
        page.see_also(commands.chain(others.map(|(other, _)| (other, '5'))));
        (name, page.source())
    });
    pages.collect()
}

fn settings(page: &mut ManPage) {
    page.heading("Description");
    page.paragraphs(&explained::of_settings(), ".PP");
    page.heading("Settings");
    for setting in explained::settings() {
        let term = format!("{} = {}", bold(setting.key), italic(setting.sample));
        page.item(&term, &setting.about);
    }
}

fn keys(page: &mut ManPage) {
    page.heading("Description");
    page.paragraphs(&explained::of_keymap(), ".PP");
    page.heading("Sections and actions");
    let words = Words::default();
    for &(section, name, _) in SECTIONS {
        let (about, keys) = explained::section(name);
        page.subheading(&format!("[{name}]"));
        if !about.is_empty() {
            page.paragraphs(&about, ".PP");
        }
        for row in rows(section) {
            let action = action_name(row.action);
            let keys = keys.iter().find(|(of, _)| *of == action);
            if keys.is_none() && section != Section::Everywhere && is_everywhere(action) {
                continue;
            }
            let keys = keys.map_or("[]", |(_, keys)| keys);
            let term = format!("{} = {}", bold(action), italic(keys));
            page.item(&term, &words.say(row.help));
        }
    }
}

/// Whether an action can be bound for all sections at once. The page lists it only once.
fn is_everywhere(action: &str) -> bool {
    rows(Section::Everywhere).any(|row| action_name(row.action) == action)
}

fn styles(page: &mut ManPage) {
    page.heading("Description");
    page.paragraphs(&explained::of_themes(), ".PP");
    page.heading("Styles");
    for (name, meaning) in Theme::MEANINGS {
        page.item(&bold(name), meaning.trim());
    }
}
