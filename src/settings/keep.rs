//! Writes a setting into the configuration file, and leaves all other lines as they are.

use std::fs::{self, File as OpenFile, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use toml::de::{DeTable, DeValue};

use super::file::File;
use super::{Settings, Source, shown_path};
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
    let read = File::parse("", &changed);
    let is_right = read.mistakes.is_empty() && read.theme.is_some_and(|(read, _)| read == name);
    is_right.then_some(changed)
}

/// Replaces a file atomically, and keeps its mode.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.new", std::process::id()));
    let new: PathBuf = path.with_file_name(name);
    let written = write_new(&new, path, text).and_then(|()| fs::rename(&new, path));
    if written.is_err() {
        let _ = fs::remove_file(&new);
    }
    written
}

fn write_new(new: &Path, old: &Path, text: &str) -> io::Result<()> {
    let mut file: OpenFile = OpenOptions::new().write(true).create_new(true).open(new)?;
    if let Ok(old) = fs::metadata(old) {
        file.set_permissions(old.permissions())?;
    }
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_theme_changes() {
        let text = "# mine\nplayer = 'Ada' # me\r\n\ntheme   =   'dark'  # nice\n# end";
        let changed = with_theme(text, "nord").expect("changed");
        assert_eq!(changed, text.replace("'dark'", "\"nord\""));
        assert_eq!(
            with_theme("", "nord").as_deref(),
            Some("theme = \"nord\"\n")
        );
        let changed = with_theme("player = 'Ada'", "nord").expect("changed");
        assert_eq!(changed, "player = 'Ada'\ntheme = \"nord\"\n");
        let quoted = with_theme("\"theme\" = 'dark'", "a \"b\" \\ 王").expect("changed");
        assert_eq!(
            File::parse("", &quoted).theme.expect("a theme").0,
            "a \"b\" \\ 王"
        );
    }

    #[test]
    fn in_the_template_it_stands_beside_its_explanation() {
        let changed = with_theme(super::super::TEMPLATE, "nord").expect("changed");
        let lines: Vec<&str> = changed.lines().collect();
        let at = lines.iter().position(|line| *line == "theme = \"nord\"");
        assert!(
            lines[at.expect("a line") - 1].starts_with(COMMENTED),
            "{changed}"
        );
        assert_eq!(
            changed.lines().count(),
            super::super::TEMPLATE.lines().count() + 1
        );
    }

    #[test]
    fn what_is_no_settings_file_is_left_alone() {
        for text in [
            "theme = 7",
            "player = ",
            "databse = 'x'",
            "player = \"\"\"a\n",
        ] {
            assert_eq!(with_theme(text, "nord"), None, "{text}");
        }
    }

    #[test]
    fn a_link_and_a_mode_stay_and_nothing_is_left_behind() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let dir = tempfile::tempdir().expect("a temporary directory");
        let (file, link) = (
            dir.path().join("real.toml"),
            dir.path().join("made/config.toml"),
        );
        fs::write(&file, "mouse = false\n").expect("written");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).expect("set");
        fs::create_dir(dir.path().join("made")).expect("made");
        symlink("../real.toml", &link).expect("linked");
        keep_theme(&link, "nord").expect("kept");
        let text = fs::read_to_string(&file).expect("read");
        assert_eq!(text, "mouse = false\ntheme = \"nord\"\n");
        assert!(fs::symlink_metadata(&link).expect("there").is_symlink());
        let mode = fs::metadata(&file).expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o640);
        let fresh = dir.path().join("new/config.toml");
        keep_theme(&fresh, "dark").expect("kept");
        assert_eq!(
            fs::read_to_string(fresh).expect("read"),
            "theme = \"dark\"\n"
        );
        assert_eq!(fs::read_dir(dir.path()).expect("listed").count(), 3);
        assert!(keep_theme(&file.join("config.toml"), "dark").is_err());
    }
}
