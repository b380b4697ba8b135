//! Reads the explanations in the commented example files, for the manual pages and the schemas.

use crate::settings::TEMPLATE;
use crate::ui::keymap;
use crate::ui::theme::BUILT_IN;

/// A setting and its explanation.
#[derive(Debug)]
pub struct Explained {
    /// Its key.
    pub key: &'static str,
    /// An example value, as it is in the file.
    pub sample: &'static str,
    /// The explanation.
    pub about: String,
}

/// The introduction of config.toml.
pub fn of_settings() -> String {
    comment(blocks(TEMPLATE).next().unwrap_or_default())
}

/// Each setting in config.toml with its explanation.
pub fn settings() -> Vec<Explained> {
    let explained = |block: &'static str| {
        let (about, line) = block.rsplit_once('\n')?;
        let (key, sample) = line.strip_prefix("# ")?.split_once(" = ")?;
        let about = comment(about);
        Some(Explained { key, sample, about })
    };
    blocks(TEMPLATE).skip(1).filter_map(explained).collect()
}

/// The introduction of keymap.toml.
pub fn of_keymap() -> String {
    comment(blocks(keymap::DEFAULT).next().unwrap_or_default())
}

/// The explanation of a section of keymap.toml, and the default keys of its actions.
pub fn section(name: &str) -> (String, Vec<(&'static str, &'static str)>) {
    let heading = format!("[{name}]");
    let block = blocks(keymap::DEFAULT).find(|block| block.lines().any(|line| line == heading));
    let block = block.unwrap_or_default();
    let keys = block.lines().filter(|line| !line.starts_with('#'));
    let keys = keys.filter_map(|line| line.split_once(" = "));
    (comment(block), keys.collect())
}

/// The introduction of themes, from the theme that names every style.
pub fn of_themes() -> String {
    let text = BUILT_IN.iter().find(|(name, _)| *name == "monochrome");
    let text = text.map_or("", |(_, text)| text);
    comment(blocks(text).next().unwrap_or_default())
}

fn blocks(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.split("\n\n").map(|block| block.trim_matches('\n'))
}

/// The comment in a block: one line for each paragraph, with an empty line between two.
fn comment(block: &str) -> String {
    let lines = block.lines().filter_map(|line| line.strip_prefix('#'));
    let mut text = String::new();
    for line in lines.filter(|line| !line.starts_with(':')) {
        match line.trim() {
            "" => text += "\n\n",
            words if text.is_empty() || text.ends_with('\n') => text += words,
            words => text = text + " " + words,
        }
    }
    text
}
