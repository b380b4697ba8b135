//! The JSON schemas, by which an editor completes and checks the settings, the keymap and the themes.

use std::io;
use std::path::Path;

#[cfg(test)]
mod tests;

/// Where they are, seen from the configuration directory; the commented files name them so.
const DIRECTORY: &str = "json-schema";

/// The schemas by their names.
const SCHEMAS: [(&str, &str); 3] = [
    (
        "config.json",
        include_str!("../../assets/json-schema/config.json"),
    ),
    (
        "keymap.json",
        include_str!("../../assets/json-schema/keymap.json"),
    ),
    (
        "theme.json",
        include_str!("../../assets/json-schema/theme.json"),
    ),
];

/// Writes them beside a file that names one of them, unless they are there as they should be.
///
/// # Errors
/// Where a file can't be read or written.
pub fn write_beside(file: &Path) -> io::Result<()> {
    let names = format!("#:schema ./{DIRECTORY}/");
    let Some(directory) = file.parent().map(|parent| parent.join(DIRECTORY)) else {
        return Ok(());
    };
    if !std::fs::read_to_string(file)?.contains(&names) {
        return Ok(());
    }
    std::fs::create_dir_all(&directory)?;
    for (name, schema) in SCHEMAS {
        let path = directory.join(name);
        if std::fs::read_to_string(&path).ok().as_deref() != Some(schema) {
            std::fs::write(path, schema)?;
        }
    }
    Ok(())
}
