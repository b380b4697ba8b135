//! What the environment tells about the terminal, and the system about the file system.

use std::ffi::OsString;
use std::path::Path;

/// What the environment tells about the terminal, and whether it needs attention.
pub fn terminal(environment: impl Fn(&str) -> Option<OsString>) -> (String, bool) {
    let value = |name| {
        let value = environment(name).filter(|value| !value.is_empty());
        value.map(|value| value.to_string_lossy().into_owned())
    };
    let term = value("TERM");
    // https://pubs.opengroup.org/onlinepubs/9799919799/basedefs/V1_chap08.html#tag_08_02
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(value);
    let locale = locale.unwrap_or_else(|| "C".to_owned());
    let plain = locale.to_lowercase().replace('-', "");
    let wide = plain.contains("utf8");
    let texts = if wide {
        "wide texts"
    } else {
        "perhaps no wide texts: set LANG to a locale of UTF-8"
    };
    let is_unknown = term.is_none();
    let dumb = term.as_deref() == Some("dumb");
    let term = match term {
        Some(term) if dumb => format!("{term}: the game is played in lines"),
        Some(term) => term,
        None => "no TERM: set it to the kind of your terminal".to_owned(),
    };
    let words = format!("{term}, {texts} (locale {locale})");
    (words, is_unknown || !wide)
}

/// Network file systems by their magic numbers, from Linux's magic.h and the sources of each.
const REMOTE: [(u64, &str); 11] = [
    (0x6969, "NFS"),
    (0x517b, "SMB"),
    (0xff53_4d42, "CIFS"),
    (0xfe53_4d42, "SMB2"),
    (0x0102_1997, "9P"),
    (0x6573_5546, "FUSE"),
    (0x5346_414f, "AFS"),
    (0x00c3_6400, "Ceph"),
    (0x7375_7245, "Coda"),
    (0x0bd0_0bd0, "Lustre"),
    (0x0116_1970, "GFS2"),
];

/// The name of the file system, and whether it is a network one, where SQLite's locks and WAL are
/// not safe.
pub fn file_system(file: &Path) -> (String, bool) {
    let there = file.ancestors().find(|path| path.exists());
    let Some(kind) = there.and_then(kind) else {
        return ("not known".to_owned(), false);
    };
    match REMOTE.iter().find(|(number, _)| *number == kind) {
        Some((_, name)) => {
            let words = format!(
                "{name}: several machines on one file may damage it. Use a server for a team, or \
                 a local disk."
            );
            (words, true)
        }
        None => (format!("local ({kind:#x})"), false),
    }
}

#[cfg(target_os = "linux")]
fn kind(path: &Path) -> Option<u64> {
    let found = rustix::fs::statfs(path).ok()?;
    // The width of the type differs by platform, and some extend the sign of 32 bits.
    u64::try_from(i128::from(found.f_type) & 0xffff_ffff).ok()
}

#[cfg(not(target_os = "linux"))]
fn kind(_: &Path) -> Option<u64> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(variables: &[(&str, &str)]) -> (String, bool) {
        terminal(|name| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| value.into())
        })
    }

    #[test]
    fn a_terminal_is_what_the_environment_says() {
        let good = told(&[("TERM", "xterm-256color"), ("LANG", "de_DE.UTF-8")]);
        let words = "xterm-256color, wide texts (locale de_DE.UTF-8)".to_owned();
        assert_eq!(good, (words, false));
        assert!(told(&[]).1 && told(&[("TERM", "xterm")]).1);
        assert!(!told(&[("TERM", "dumb"), ("LANG", "C.UTF-8")]).1);
    }

    #[test]
    fn a_file_that_is_not_there_lies_where_its_directory_does() {
        let (words, _) = file_system(Path::new("/proc/there/is/none.db"));
        let expected = if cfg!(target_os = "linux") {
            "local (0x9fa0)"
        } else {
            "not known"
        };
        assert_eq!(words, expected);
    }
}
