//! `clickoff doctor`: checks files, settings, terminal and database, and shows what may cause
//! trouble.

mod database;

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::asking::ask;
use super::surroundings;
use crate::app::log::has_password;
use crate::cli::Exit;
use crate::cli::common::{Failure, answer, answered, many};
use crate::cli::config;
use crate::files::{self, Links};
use crate::settings::{Flags, Settings, Source, appearance};
use crate::store::{Target, archive};
use crate::words::text;
use crate::worker;

/// Check files, settings, the terminal and the database
///
/// The database is opened as in a game, but none is created. A line that begins with ! needs your
/// attention, and says what to do.
///
/// If there is a terminal, it is asked for its features, which takes at most a second. What you
/// type meanwhile is not shown. The terminal's modes are restored afterwards.
#[derive(Debug, clap::Args)]
pub struct Arguments {}

/// Prints a line: the subject, its state, and whether it needs attention.
fn line(what: &str, words: &str, look: bool) -> Result<(), Failure> {
    let mark = if look { "!" } else { " " };
    answer(&format!("{mark} {what:<14} {words}"))
}

/// Runs all checks.
///
/// # Errors
/// An error of the settings or the database, after everything else was printed.
pub fn run(Arguments {}: Arguments, flags: Flags) -> Result<(), Failure> {
    line("clickoff", env!("CARGO_PKG_VERSION"), false)?;
    let config = flags.config.clone();
    let (settings, mistakes) = Settings::find_with_mistakes(flags, &|name| std::env::var_os(name))?;
    let mistakes = appearance::all_mistakes(&settings, mistakes);
    let config = config.unwrap_or_else(|| settings.config_dir.join("config.toml"));
    let there = |path: &Path| if path.exists() { "" } else { " (not there)" };
    let path = |path: &Path| format!("{}{}", path.display(), there(path));
    line("configuration", &path(&config), false)?;
    for mistake in &mistakes {
        line("", &mistake.to_string(), true)?;
    }
    if let Ok(text) = files::read(&config, files::SETTINGS, Links::Followed)
        && text
            .lines()
            .any(|line| !line.starts_with('#') && has_password(line))
        && others_may_read(&config)
    {
        let words = format!(
            "others can read it, and it holds a password: chmod 600 {}",
            config.display()
        );
        line("", &words, true)?;
    }
    for (name, value) in config::each_of(&settings) {
        // The database has a line of its own further down.
        if name != "database" {
            let value = value.unwrap_or_else(|| "not set".to_owned());
            let source = by(settings.sources.of(name));
            line(name, &format!("{value} {source}"), false)?;
        }
    }
    line("log", &path(&settings.state_dir), false)?;
    if let Some(why) = unkept(&settings.state_dir) {
        let words = format!(
            "neither a log nor presses that wait can be kept there, for {why}: mend that, or set \
             XDG_STATE_HOME"
        );
        line("", &words, true)?;
    }
    server(&settings.state_dir)?;
    let (words, look) = surroundings::terminal(|name| std::env::var_os(name));
    line("terminal", &words, look)?;
    abilities(&settings)?;

    let place = archive::place(&settings.database);
    let source = settings.sources.of("database");
    line("database", &format!("{place} {}", by(source)), false)?;
    let mut name = None;
    let missing = matches!(&settings.database, Target::Sqlite(path) if !path.exists());
    if let Target::Sqlite(path) = &settings.database {
        let (words, look) = surroundings::file_system(path);
        line("file system", &words, look)?;
    }
    let lost = match &settings.database {
        Target::Sqlite(path) if settings.data_dir.is_none() => files::missing_directory(path),
        _ => None,
    };
    let examined = if let Some(directory) = lost {
        let directory = directory.display();
        let words = format!("there is no directory {directory}: make it, or check the path");
        line("", &words, true)
    } else if missing {
        line("", "not there yet: the game makes it", false)
    } else {
        database::examine(&settings).map(|found| name = Some(found))
    };
    outbox(&settings.state_dir.join("outbox"), name.as_deref())?;
    examined?;
    match mistakes.len() {
        0 => Ok(()),
        found => {
            let words = format!("{}, as told above.", config::in_settings(found));
            Err(Failure::new(Exit::Usage, words))
        }
    }
}

/// Why nothing can be written in a directory, or why it can't be made; `None` if all is well.
fn unkept(directory: &Path) -> Option<String> {
    let there = directory.ancestors().find(|path| path.exists())?;
    let shown = there.display();
    if !there.is_dir() {
        return Some(format!("{shown} is no directory"));
    }
    let may = rustix::fs::Access::WRITE_OK | rustix::fs::Access::EXEC_OK;
    let refused = rustix::fs::access(there, may).is_err();
    refused.then(|| format!("{shown} can't be written to"))
}

/// `(from --database)`, `(default)`.
fn by(source: &Source) -> String {
    match source {
        Source::Default => format!("({source})"),
        said_by => format!("(from {said_by})"),
    }
}

/// Whether the mode of a file lets others read it.
fn others_may_read(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|data| data.permissions().mode() & 0o044 != 0)
}

/// Prints whether `clickoff serve` is there, and the state of its key.
#[cfg(feature = "serve")]
fn server(state: &Path) -> Result<(), Failure> {
    use crate::cli::serve::LISTEN;
    use crate::serve::host_key::{read, shown};
    use crate::settings::host_key;
    let words = format!("`clickoff serve` listens on {LISTEN} where --listen says nothing else");
    line("server", &words, false)?;
    let path = host_key(state);
    match read(&path) {
        Ok(Some(key)) => {
            let words = format!("{}, {}", path.display(), shown(&key));
            line("host key", &words, false)
        }
        Ok(None) => {
            let words = format!("{} (not there: the server makes it)", path.display());
            line("host key", &words, false)
        }
        Err(error) => line("host key", &error.to_string(), true),
    }
}

/// Prints that `clickoff serve` is not part of this program.
#[cfg(not(feature = "serve"))]
fn server(_state: &Path) -> Result<(), Failure> {
    let words = "not in this program: `clickoff serve` says how to have it";
    line("server", words, false)
}

/// Prints what the terminal answers, if there is one.
fn abilities(settings: &Settings) -> Result<(), Failure> {
    // After a signal it still restores the terminal, which takes at most a second.
    let asked = answered(async |stop| {
        let asked = tokio::task::spawn_blocking(ask).await;
        stop.check().map(|()| asked)
    });
    let asked = match asked? {
        Ok(Ok(asked)) => asked,
        Ok(Err(error)) => return line("abilities", &format!("not known: {error}"), true),
        Err(panic) => return Err(Failure::new(Exit::Fault, panic.to_string())),
    };
    let (colours, source) = settings.colors();
    let mut colours = format!("{colours} ({source})");
    let Some(found) = asked else {
        line("colours", &colours, false)?;
        return line("abilities", "not asked: this is no terminal", false);
    };
    if !found.answered {
        line("abilities", "the terminal left questions unanswered", false)?;
    }
    let either = |known, yes: &'static str, no: &'static str| match known {
        Some(true) => yes,
        Some(false) => no,
        None => "no answer",
    };
    let unused = found.colours == Some(true) && !settings.truecolor && !settings.no_color;
    if unused {
        colours += "; the terminal has 16 million: set COLORTERM=truecolor to use them";
    }
    line("colours", &colours, unused)?;
    let held = "held ones are told from pressed ones (kitty protocol)";
    let guessed = "held ones are guessed by their pace (no kitty protocol)";
    line("keys", either(found.keys, held, guessed), false)?;
    let sync = "each frame is shown at once (synchronized output)";
    let no_sync = "frames may be seen half drawn (no synchronized output)";
    line("frames", either(found.synchronized, sync, no_sync), false)?;
    for (text, columns, counted) in found.widths {
        let columns = many(columns, "column");
        let differ = columns != many(counted, "column");
        let mut words = format!("{columns} for {text}, where the game counts {counted}");
        if differ {
            words += ": lines with such signs are out of line; another terminal may be better";
        }
        line("width", &words, differ)?;
    }
    Ok(())
}

/// Prints what waits in the outbox, for this database and for others.
fn outbox(directory: &Path, name: Option<&str>) -> Result<(), Failure> {
    let (mut here, mut elsewhere) = (0, 0);
    for entry in worker::outbox_entries(directory) {
        if Some(entry.database.as_str()) == name {
            here += entry.waiting();
        } else {
            elsewhere += entry.waiting();
        }
    }
    let words = match (here, elsewhere) {
        (0, 0) => "nothing waits".to_owned(),
        (here, 0) => format!(
            "{} for this database: play on it once to save them",
            text::presses(here)
        ),
        (here, elsewhere) => format!(
            "{} for this database, {} for others: play once on each to save them",
            text::presses(here),
            text::presses(elsewhere)
        ),
    };
    line("outbox", &words, here + elsewhere > 0)
}
