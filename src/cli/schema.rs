//! The JSON schemas with which an editor completes and checks settings, keymap and themes.

use std::io;
use std::path::Path;

/// The directory of the schemas, relative to the configuration directory. The commented files name
/// it.
const DIRECTORY: &str = "json-schema";

/// The schemas and their names.
pub const SCHEMAS: [(&str, &str); 3] = [
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

/// Writes the schemas beside a file that names one, unless they are up to date.
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
