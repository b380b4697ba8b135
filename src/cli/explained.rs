//! What the commented files say of themselves, for the manual pages and the schemas.

use crate::settings::TEMPLATE;
use crate::ui::keymap;
use crate::ui::theme::BUILT_IN;

/// A setting as the commented file explains it.
#[derive(Debug)]
pub struct Explained {
    /// Its key.
    pub key: &'static str,
    /// A value that it may have, as it stands in the file.
    pub sample: &'static str,
    /// What is said of it.
    pub about: String,
}

/// What config.toml says of itself.
pub fn of_settings() -> String {
    comment(blocks(TEMPLATE).next().unwrap_or_default())
}

/// What it says of each setting.
pub fn settings() -> Vec<Explained> {
    let explained = |block: &'static str| {
        let (about, line) = block.rsplit_once('\n')?;
        let (key, sample) = line.strip_prefix("# ")?.split_once(" = ")?;
        let about = comment(about);
        Some(Explained { key, sample, about })
    };
    blocks(TEMPLATE).skip(1).filter_map(explained).collect()
}

/// What keymap.toml says of itself.
pub fn of_keymap() -> String {
    comment(blocks(keymap::DEFAULT).next().unwrap_or_default())
}

/// What it says of a section, if anything, and the default keys of its actions, as they stand there.
pub fn section(name: &str) -> (String, Vec<(&'static str, &'static str)>) {
    let heading = format!("[{name}]");
    let block = blocks(keymap::DEFAULT).find(|block| block.lines().any(|line| line == heading));
    let block = block.unwrap_or_default();
    let keys = block.lines().filter(|line| !line.starts_with('#'));
    let keys = keys.filter_map(|line| line.split_once(" = "));
    (comment(block), keys.collect())
}

/// What the theme that names every style says of themes.
pub fn of_themes() -> String {
    let text = BUILT_IN.iter().find(|(name, _)| *name == "monochrome");
    let text = text.map_or("", |(_, text)| text);
    comment(blocks(text).next().unwrap_or_default())
}

fn blocks(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.split("\n\n").map(|block| block.trim_matches('\n'))
}

/// The comment in a block, a line a paragraph, with an empty line between two.
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
