//! `clickoff config`: shows each setting with its source, finds and edits the files, and checks
//! them.

use std::ffi::OsString;
use std::fs::OpenOptions;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::{Subcommand, ValueEnum};

use super::Exit;
use super::common::{Failure, answer, done, many, write_out};
use super::list::json;
use super::schema;
use crate::app::log::has_password;
use crate::settings::{
    BELLS, Directories, Flags, MOTIONS, Settings, TEMPLATE, appearance, host_key, name_of,
    shown_path,
};
use crate::store::Target;
use crate::store::archive;
use crate::words::text;

/// Show, find, edit or check the settings
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub struct Arguments {
    #[command(subcommand)]
    what: Option<What>,
}

/// What to do with the settings.
#[derive(Debug, Subcommand)]
enum What {
    /// Show the settings in force, as lines of a config.toml, each with its source (the default)
    ///
    /// A password is left out.
    Show,
    /// Show where the files are, or where they would be
    Path {
        /// Show only this path
        file: Option<PathOf>,
    },
    /// Edit config.toml or keymap.toml with $VISUAL, $EDITOR or vi, and check it afterwards
    ///
    /// If the file does not exist, it is made, with every setting explained and none set. The JSON
    /// schemas that it names are written beside it: an editor uses them to complete and check the
    /// file.
    Edit {
        /// Which file
        #[arg(default_value = "config")]
        file: Editable,
    },
    /// List every mistake in config.toml, keymap.toml and the themes; exits 2 if there is one
    Check,
}

/// A file or directory of clickoff.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum PathOf {
    /// The settings
    Config,
    /// The keys
    Keymap,
    /// The directory of the themes
    Themes,
    /// The database, if it is a file
    Database,
    /// The directory of the log and the reports of crashes
    Log,
    /// The directory of presses that wait for their database
    Outbox,
    /// The key of `clickoff serve`
    HostKey,
}

/// A file that people edit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Editable {
    /// The settings
    Config,
    /// The keys
    Keymap,
}

const EXAMPLES: &str = "\
Examples:
  clickoff config                       what holds, and who said so
  clickoff config edit                  change it
  tail -f \"$(clickoff config path log)\"/clickoff.*.log
                                        watch the log";

/// Runs `clickoff config`.
///
/// # Errors
/// A [`Failure`]; [`Exit::Usage`] if there are mistakes.
pub fn run(arguments: Arguments, flags: Flags) -> Result<(), Failure> {
    match arguments.what.unwrap_or(What::Show) {
        What::Show => write_out(&shown(&Settings::of_process(flags)?)),
        What::Path { file } => paths(file, flags),
        What::Edit { file } => edit(file, flags),
        What::Check => check(flags),
    }
}

fn environment(name: &str) -> Option<OsString> {
    std::env::var_os(name)
}

/// Every setting of the configuration file, with its value in TOML if it is set.
pub fn each_of(settings: &Settings) -> [(&'static str, Option<String>); 11] {
    let database = match &settings.database {
        Target::Sqlite(path) => path.display().to_string(),
        server => archive::place(server),
    };
    // A string of TOML is written as one of JSON.
    let text = |text: &str| Some(json(&text));
    let switch = |on: bool| Some(on.to_string());
    [
        ("database", text(&database)),
        ("player", settings.player.as_deref().and_then(text)),
        ("language", text(settings.language.name())),
        ("plain", switch(settings.plain)),
        ("mouse", switch(settings.mouse)),
        ("motion", text(name_of(&MOTIONS, settings.motion))),
        ("bell", text(name_of(&BELLS, settings.bell))),
        ("title", switch(settings.title)),
        (
            "held_keys",
            settings.held_keys.and_then(|held| text(held.name())),
        ),
        ("theme", text(&settings.theme)),
        ("log_level", text(&settings.log_level.to_string())),
    ]
}

/// The settings in force as the text of a configuration file, each with its source.
fn shown(settings: &Settings) -> String {
    let mut text = String::new();
    for (name, value) in each_of(settings) {
        let line = match value {
            Some(value) => format!("{name} = {value}"),
            None => format!("# {name} is not set"),
        };
        let source = settings.sources.of(name).to_string();
        text += &format!("{line:<40}  # {}\n", text::harmless(&source));
    }
    let (colours, source) = settings.colors();
    text + &format!("# {colours:<38}  # {source}\n")
}

fn paths(file: Option<PathOf>, flags: Flags) -> Result<(), Failure> {
    let directories = Directories::find()?;
    let path = |file| -> Result<Option<PathBuf>, Failure> {
        Ok(Some(match file {
            PathOf::Config => config_file(&directories, &flags),
            PathOf::Keymap => directories.config.join("keymap.toml"),
            PathOf::Themes => directories.config.join("themes"),
            PathOf::Log => directories.state.clone(),
            PathOf::Outbox => directories.state.join("outbox"),
            PathOf::HostKey => host_key(&directories.state),
            PathOf::Database => match Settings::of_process(flags.clone())?.database {
                Target::Sqlite(path) => path,
                _ => return Ok(None),
            },
        }))
    };
    if let Some(file) = file {
        let found = path(file)?.ok_or_else(|| {
            let words = "the scores are on a server, not in a file: see `clickoff config`.";
            Failure::new(Exit::NotFound, words)
        })?;
        return answer(&found.display().to_string());
    }
    for file in PathOf::value_variants() {
        if let (Some(name), Some(path)) = (file.to_possible_value(), path(*file)?) {
            answer(&format!("{:<8}  {}", name.get_name(), path.display()))?;
        }
    }
    Ok(())
}

fn config_file(directories: &Directories, flags: &Flags) -> PathBuf {
    let named = flags.config.clone();
    named.unwrap_or_else(|| directories.config_file())
}

fn edit(file: Editable, flags: Flags) -> Result<(), Failure> {
    let directories = Directories::find()?;
    let (path, template) = match file {
        Editable::Config => (config_file(&directories, &flags), TEMPLATE.to_owned()),
        Editable::Keymap => (
            directories.config.join("keymap.toml"),
            appearance::keymap_template(),
        ),
    };
    let editor = ["VISUAL", "EDITOR"].into_iter().find_map(|name| {
        let editor = environment(name).filter(|editor| !editor.is_empty());
        editor.map(|editor| (name, editor))
    });
    if editor.is_none() && !(io::stdin().is_terminal() && io::stdout().is_terminal()) {
        let words = format!(
            "there is no terminal to edit on. Name an editor that needs none in VISUAL or EDITOR, or \
             edit {} as you like.",
            path.display()
        );
        return Err(Failure::new(Exit::Refused, words));
    }
    make(&path, &template).map_err(|error| {
        let words = format!("{} can't be made: {error}.", path.display());
        Failure::new(Exit::Refused, words)
    })?;
    // The schemas only help the editor, so an error here does not matter.
    let _ = schema::write_beside(&path);
    let (said_by, editor) = editor.unwrap_or(("the default", "vi".into()));
    // Run by a shell, as git does it, so that the variable may hold arguments.
    let mut script = editor.clone();
    script.push(" \"$@\"");
    let mut command = Command::new("sh");
    command.arg("-c").arg(script).arg(&editor).arg(&path);
    // An editor runs plug-ins, which must not see passwords.
    for (name, value) in std::env::vars_os() {
        if is_secret(&name.to_string_lossy(), &value.to_string_lossy()) {
            command.env_remove(name);
        }
    }
    let status = command.status();
    let ended = match status {
        Ok(status) if status.success() => return check(flags),
        Ok(status) => status.to_string(),
        Err(error) => error.to_string(),
    };
    let words = format!(
        "the editor `{}` (given by {said_by}) failed: {ended}. Name another one in VISUAL or \
         EDITOR, or edit {} as you like.",
        editor.display(),
        path.display()
    );
    Err(Failure::new(Exit::Usage, words))
}

/// Whether a variable holds a password: one of ours, one that the clients of PostgreSQL and MariaDB
/// read, or one whose name says so.
fn is_secret(name: &str, value: &str) -> bool {
    let name = name.to_ascii_uppercase();
    name == "MYSQL_PWD"
        || ["PASSWORD", "PASSWD", "PASSPHRASE"]
            .iter()
            .any(|end| name.ends_with(end))
        || has_password(value)
}

/// Makes a file and its directory, if the file does not exist.
fn make(path: &Path, template: &str) -> io::Result<()> {
    if let Some(directory) = path.parent() {
        std::fs::create_dir_all(directory)?;
    }
    match OpenOptions::new().write(true).create_new(true).open(path) {
        Ok(mut file) => file.write_all(template.as_bytes()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
    }
}

fn check(flags: Flags) -> Result<(), Failure> {
    let directories = Directories::find()?;
    let file = config_file(&directories, &flags);
    // Mistakes in flags and variables are not in the files. They are checked last.
    let files_alone = Flags {
        config: flags.config.clone(),
        ..Flags::default()
    };
    let without = |name: &str| environment(name).filter(|_| !name.starts_with("CLICKOFF_"));
    let (settings, mistakes) = Settings::find_with_mistakes(files_alone, &without)?;
    let mistakes = appearance::all_mistakes(&settings, mistakes);
    if !mistakes.is_empty() {
        let lines = mistakes.iter().map(|mistake| format!("\n  {mistake}"));
        let words = in_settings(mistakes.len()) + ":" + &lines.collect::<String>();
        return Err(Failure::new(Exit::Usage, words));
    }
    let settings = Settings::of_process(flags)?;
    if let Some(mistake) = appearance::wrong_theme(&settings) {
        return Err(Failure::new(Exit::Usage, mistake.to_string()));
    }
    let themes = directories.config.join("themes");
    let keymap = directories.config.join("keymap.toml");
    let there = [file, keymap, themes].into_iter();
    let there = there.filter(|path| path.exists());
    let there: Vec<String> = there.map(|path| shown_path(&path)).collect();
    done(&match there.as_slice() {
        [] => "No mistake: there is no file, and the defaults hold.".to_owned(),
        there => format!("No mistake in {}.", there.join(", ")),
    })
}

/// `3 mistakes in the settings`: the count, for every place that shows it.
pub fn in_settings(mistakes: usize) -> String {
    format!("{} in the settings", many(mistakes, "mistake"))
}
