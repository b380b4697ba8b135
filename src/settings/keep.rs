//! Writes a setting into the configuration file, and leaves all other lines as they are.

use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use tempfile::NamedTempFile;
use toml::de::{DeTable, DeValue};

use super::{Flags, Settings, Source, shown_path};
use crate::files::{self, Links};
use crate::words::Say;

/// How the template's commented line for the theme begins. The setting is written beside it.
const COMMENTED: &str = "# theme = ";

/// A function that saves the theme chosen in a game with these settings.
pub fn keep(settings: &Settings) -> Arc<dyn Fn(&str) -> Say + Send + Sync> {
    let path = settings.config_file.clone();
    let by = match settings.sources.of("theme") {
        said_by @ (Source::Flag(_) | Source::Environment(_)) => Some(said_by.to_string()),
        Source::File(_) | Source::Default => None,
    };
    Arc::new(move |name| {
        let (shown, name) = (shown_path(&path), name.to_owned());
        match (keep_theme(&path, &name), by.clone()) {
            (Ok(()), None) => Say::ThemeKept { name, path: shown },
            (Ok(()), Some(by)) => Say::ThemeKeptBehind {
                name,
                path: shown,
                by,
            },
            (Err(error), _) => {
                let why = error.to_string();
                Say::ThemeUnkept {
                    name,
                    path: shown,
                    why,
                }
            }
        }
    })
}

/// Writes the theme into a configuration file, which is created if it does not exist.
///
/// # Errors
/// If the file can't be read or written, or would not be valid with this theme.
fn keep_theme(path: &Path, name: &str) -> io::Result<()> {
    if let Some(directory) = path.parent() {
        fs::create_dir_all(directory)?;
    }
    let before = match files::read(path, files::SETTINGS, Links::Followed) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        text => text?,
    };
    let text = with_theme(&before, name).ok_or_else(|| {
        let words = "its text can't be changed: write the theme into it by hand";
        io::Error::new(io::ErrorKind::InvalidData, words)
    })?;
    if text == before {
        return Ok(());
    }
    // A symbolic link is kept; the file that it points to is changed.
    let path = match fs::canonicalize(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => path.to_owned(),
        found => found?,
    };
    replace(&path, &text)
}

/// The text of a configuration file with this theme; `None` if that is not possible.
fn with_theme(text: &str, name: &str) -> Option<String> {
    let setting = DeTable::parse(text).ok()?;
    let value = serde_json::Value::from(name).to_string();
    let line = format!("theme = {value}\n");
    let mut changed = text.to_owned();
    match setting.get_ref().get("theme") {
        Some(old) if matches!(old.get_ref(), DeValue::String(_)) => {
            changed.replace_range(old.span(), &value);
        }
        Some(_) => return None,
        None => {
            let mut at = 0;
            let mut lines = text.split_inclusive('\n');
            let beside = lines.find(|line| {
                at += line.len();
                line.starts_with(COMMENTED)
            });
            let at = if beside.is_some() { at } else { text.len() };
            let gap = if changed[..at].ends_with('\n') || at == 0 {
                ""
            } else {
                "\n"
            };
            changed.insert_str(at, &format!("{gap}{line}"));
        }
    }
    let (read, mistakes) =
        Settings::of(Flags::default(), Path::new(""), &changed, &|_| None).ok()?;
    (mistakes.is_empty() && read.theme == name).then_some(changed)
}

/// Replaces a file atomically, and keeps its mode.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    let mut new = NamedTempFile::new_in(files::directory_of(path))?;
    if let Ok(old) = fs::metadata(path) {
        new.as_file().set_permissions(old.permissions())?;
    }
    new.write_all(text.as_bytes())?;
    new.as_file().sync_all()?;
    new.persist(path)?;
    Ok(())
}
