//! `clickoff completions`: shell completion, also of the players' names.
//!
//! The generated script calls this program at each completion, so the choices are always current.

use std::collections::HashMap;
use std::ffi::{OsStr, OsString};
use std::io::{self, Write};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::Path;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use clap::{ArgMatches, CommandFactory};
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate, complete};
use clap_complete::env::{Bash, CompleteEnv, Elvish, EnvCompleter, Fish, Powershell, Shells, Zsh};

use super::common::{Failure, many, write_out};
use super::{Cli, Exit};
use crate::settings::{Flags, Settings, appearance};
use crate::store::Target;
use crate::store::archive::{AnyRecord, Archive, ArchiveError, PlayerRecord, RecordKind};
use crate::words::text;

/// Generate shell completions for commands, options and players
///
/// Player names are read from the database at each completion. If it does not answer at once, none
/// are offered.
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub struct Arguments {
    /// The shell
    #[arg(value_enum)]
    shell: clap_complete::Shell,
}

const EXAMPLES: &str = "\
Examples:
  source <(clickoff completions bash)   in ~/.bashrc
  source <(clickoff completions zsh)    in ~/.zshrc, after compinit
  clickoff completions fish > ~/.config/fish/completions/clickoff.fish";

/// The environment variable that a shell sets to ask for completions; its value is the shell's
/// name.
const ASKED: &str = "_CLICKOFF_COMPLETE";

/// The program's name in the scripts.
const PROGRAM: &str = "clickoff";

/// How long to wait for the database. The player waits for this after each Tab.
const PATIENCE: Duration = Duration::from_millis(500);

/// How many players are offered at most.
const CHOICE: usize = 1000;

/// Tells the program which quote the current word begins with. Bash does not do this otherwise.
const BASH: &str = "\
_clickoff() {
    local -x _CLICKOFF_QUOTE=\"${COMP_WORDS[COMP_CWORD]:0:1}\"
    _clap_complete_clickoff \"$@\"
}
complete -o nospace -o bashdefault -F _clickoff clickoff
complete -o nosort -o nospace -o bashdefault -F _clickoff clickoff 2> /dev/null
";

/// When zsh loads the script because of a completion, that completion must be answered, too.
const ZSH: &str = "\
[[ $funcstack[1] == _clickoff ]] && _clap_dynamic_completer_clickoff \"$@\"
true
";

const SHELLS: Shells<'static> = Shells(&[
    &Typed(Bash),
    &Typed(Elvish),
    &Typed(Fish),
    &Typed(Powershell),
    &Typed(Zsh),
]);

/// Answers a shell that asks for completions. Returns false if no shell asks.
///
/// # Errors
/// If the shell is unknown, or standard output can't be written.
pub fn answer_shell() -> Result<bool, Failure> {
    let asked = CompleteEnv::with_factory(command).var(ASKED);
    let asked = asked.shells(SHELLS).bin(PROGRAM).completer(PROGRAM);
    let directory = std::env::current_dir().ok();
    let answered = asked.try_complete(std::env::args_os(), directory.as_deref());
    answered.map_err(|error| Failure::new(Exit::Usage, error.to_string()))
}

/// The command line, with completions for the flags of the game.
fn command() -> clap::Command {
    Cli::command()
        .mut_arg("player", |arg| arg.add(players()))
        .mut_arg("theme", |arg| arg.add(themes()))
}

/// Prints a script.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let name = arguments.shell.to_string();
    let mut script = Vec::new();
    let shell = SHELLS.completer(&name);
    let written = shell.map_or(Err(io::ErrorKind::Unsupported.into()), |shell| {
        shell.write_registration(ASKED, PROGRAM, PROGRAM, PROGRAM, &mut script)
    });
    written.map_err(|error| Failure::new(Exit::Fault, format!("{name}: {error}.")))?;
    write_out(&String::from_utf8_lossy(&script))
}

/// A shell that passes words as they were typed, including quotes.
struct Typed<S>(S);

impl<S: EnvCompleter> EnvCompleter for Typed<S> {
    fn name(&self) -> &'static str {
        self.0.name()
    }

    fn is(&self, name: &str) -> bool {
        self.0.is(name)
    }

    fn write_registration(
        &self,
        var: &str,
        name: &str,
        bin: &str,
        completer: &str,
        buf: &mut dyn Write,
    ) -> io::Result<()> {
        self.0.write_registration(var, name, bin, completer, buf)?;
        let more = match self.name() {
            "bash" => BASH,
            "zsh" => ZSH,
            _ => "",
        };
        buf.write_all(more.as_bytes())
    }

    fn write_complete(
        &self,
        command: &mut clap::Command,
        words: Vec<OsString>,
        current_dir: Option<&Path>,
        buf: &mut dyn Write,
    ) -> io::Result<()> {
        let words: Vec<OsString> = words.iter().map(|word| unquoted(word)).collect();
        if !self.is("bash") {
            return self.0.write_complete(command, words, current_dir, buf);
        }
        // Bash inserts the answer as it is, so it must be quoted here.
        let variable = |name| std::env::var(name).ok();
        let index = variable("_CLAP_COMPLETE_INDEX").and_then(|index| index.parse().ok());
        let between = variable("_CLAP_IFS").unwrap_or_else(|| "\n".to_owned());
        let found = complete(command, words, index.unwrap_or_default(), current_dir)?;
        let quote = variable("_CLICKOFF_QUOTE").unwrap_or_default();
        let found = found.iter().map(|found| quoted(found.get_value(), &quote));
        buf.write_all(found.collect::<Vec<_>>().join(&between).as_bytes())
    }
}

/// A word without its quotes, as the shell would pass it to a program.
fn unquoted(word: &OsStr) -> OsString {
    let mut bytes = Vec::new();
    let (mut quote, mut escaped) = (None, false);
    for byte in word.as_bytes() {
        match byte {
            _ if escaped => {
                bytes.push(*byte);
                escaped = false;
            }
            b'\\' if quote != Some(b'\'') => escaped = true,
            b'\'' | b'"' if quote.is_none() => quote = Some(*byte),
            _ if quote == Some(*byte) => quote = None,
            _ => bytes.push(*byte),
        }
    }
    OsString::from_vec(bytes)
}

/// Quotes a word for the shell, inside the quote that the typed word begins with.
fn quoted(word: &OsStr, quote: &str) -> String {
    let mut typed = String::new();
    for c in word.to_string_lossy().chars() {
        let escape = match quote {
            "'" if c == '\'' => "'\\'",
            "'" => "",
            "\"" if "\"$`\\!".contains(c) => "\\",
            "\"" => "",
            _ if c.is_alphanumeric() || !c.is_ascii() || "-_./=:,+@%~".contains(c) => "",
            _ => "\\",
        };
        typed.push_str(escape);
        typed.push(c);
    }
    typed
}

/// Completes the names of players.
pub fn players() -> ArgValueCompleter {
    ArgValueCompleter::new(candidates)
}

/// Completes the names of themes, built-in ones and the player's own.
pub fn themes() -> ArgValueCompleter {
    ArgValueCompleter::new(|typed: &OsStr| {
        let settings = Settings::find(Flags::default(), |name| std::env::var_os(name));
        let themes = settings.map(|settings| appearance::find(&settings).themes);
        let names = themes.unwrap_or_default().into_iter();
        let names = names.map(|named| named.name);
        let begun =
            names.filter(|name| typed.to_str().is_some_and(|typed| name.starts_with(typed)));
        begun.map(CompletionCandidate::new).collect()
    })
}

fn candidates(typed: &OsStr) -> Vec<CompletionCandidate> {
    let Some(typed) = typed.to_str() else {
        return Vec::new();
    };
    let words = std::env::args_os().skip_while(|word| word != "--").skip(1);
    let words: Vec<OsString> = words.map(|word| unquoted(&word)).collect();
    let settings = Settings::find(flags(words), |name| std::env::var_os(name));
    let players = settings.map(|settings| read(settings.database, typed));
    chosen(&players.unwrap_or_default(), typed)
}

/// The flags of the unfinished command line that name the database.
fn flags(words: Vec<OsString>) -> Flags {
    fn last<T: Clone + Send + Sync + 'static>(matches: &ArgMatches, id: &str) -> Option<T> {
        let below = matches.subcommand().and_then(|(_, below)| last(below, id));
        let here = || matches.try_get_one::<T>(id).ok().flatten().cloned();
        below.or_else(here)
    }
    let matches = Cli::command()
        .ignore_errors(true)
        .try_get_matches_from(words);
    matches.map_or_else(
        |_| Flags::default(),
        |matches| Flags {
            database: last(&matches, "database"),
            config: last(&matches, "config"),
            ..Flags::default()
        },
    )
}

/// The players that match what was typed: as many as are found in time, and at most [`CHOICE`]. The
/// database is only read.
fn read(target: Target, typed: &str) -> Vec<PlayerRecord> {
    let (found, pages) = mpsc::channel();
    let wanted = typed.to_lowercase();
    // This thread is not joined. It ends with the process.
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        if let Ok(runtime) = runtime {
            // An error adds no players.
            let _ = runtime.block_on(read_all(&target, &wanted, &found));
        }
    });
    let end = Instant::now() + PATIENCE;
    let mut players = Vec::new();
    while players.len() < CHOICE {
        let left = end.saturating_duration_since(Instant::now());
        let Ok(page) = pages.recv_timeout(left) else {
            break;
        };
        players.extend(page);
    }
    players
}

async fn read_all(
    target: &Target,
    wanted: &str,
    found: &mpsc::Sender<Vec<PlayerRecord>>,
) -> Result<(), ArchiveError> {
    let begins = |player: &PlayerRecord| {
        let name = player.name.as_deref().unwrap_or_default();
        name.to_lowercase().starts_with(wanted) || player.id.to_string().starts_with(wanted)
    };
    let mut archive = Archive::read(target).await?;
    let mut page = archive.page(RecordKind::Players, None).await?;
    while !page.is_empty() {
        let players = page.iter().filter_map(|record| match record {
            AnyRecord::Player(player) if begins(player) => Some(player.clone()),
            _ => None,
        });
        if found.send(players.collect()).is_err() {
            break;
        }
        page = archive.page(RecordKind::Players, page.last()).await?;
    }
    Ok(())
}

/// The candidates for a player on the command line. The id is used where the name is not unique,
/// has another meaning there, or holds characters that a shell or terminal would act on.
fn chosen(players: &[PlayerRecord], typed: &str) -> Vec<CompletionCandidate> {
    let mut bearers: HashMap<&str, usize> = HashMap::new();
    for name in players.iter().filter_map(|p| p.name.as_deref()) {
        *bearers.entry(name).or_default() += 1;
    }
    let typed = typed.to_lowercase();
    let candidates = players.iter().map(|player| {
        let shown = player.name.as_deref().unwrap_or_default();
        let points = many(player.score.unwrap_or(0), "point");
        let is_plain = text::name(shown) == shown && !shown.starts_with('-');
        if is_plain && bearers[shown] == 1 && shown.parse::<i64>().is_err() {
            (shown.to_owned(), points)
        } else {
            let help = format!("{}, {points}", text::name(shown));
            (player.id.to_string(), help)
        }
    });
    candidates
        .filter(|(value, _)| value.to_lowercase().starts_with(&typed))
        .map(|(value, help)| CompletionCandidate::new(value).help(Some(help.into())))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;

    fn values(names: &[Option<&str>], typed: &str) -> Vec<String> {
        let players: Vec<PlayerRecord> = (1..)
            .zip(names)
            .map(|(id, name)| PlayerRecord {
                id,
                name: name.map(str::to_owned),
                score: Some(id),
                ..PlayerRecord::default()
            })
            .collect();
        let chosen = chosen(&players, typed);
        let values = chosen.iter().map(|c| c.get_value().to_string_lossy());
        values.map(Cow::into_owned).collect()
    }

    #[test]
    fn a_name_that_means_one_player_is_offered_and_else_the_id() {
        let names = ["Ada", "Bob", "Bob", "4", "", "-rf", "a\x1b[31mb", "王 小明"].map(Some);
        let all = ["Ada", "2", "3", "4", "5", "6", "7", "王 小明"];
        assert_eq!(values(&names, ""), all);
        assert_eq!(values(&names, "aD"), ["Ada"]);
        assert_eq!(values(&names, "王"), ["王 小明"]);
        assert_eq!(values(&[None, Some("None")], ""), ["1", "None"]);
    }

    #[test]
    fn a_word_is_unquoted_to_what_was_quoted() {
        for word in [
            "Ada",
            "Ada Lovelace",
            "it's $HOME",
            "a\\b",
            "`x`;\"y\"&",
            "",
            "é王",
        ] {
            for quote in ["", "'", "\""] {
                let typed = format!("{quote}{}{quote}", quoted(word.as_ref(), quote));
                assert_eq!(unquoted(typed.as_ref()), word, "{typed}");
            }
        }
        for (typed, word) in [
            ("\"Ada Lo", "Ada Lo"),
            ("'a\\b'", "a\\b"),
            ("\"it's\"", "it's"),
        ] {
            assert_eq!(unquoted(typed.as_ref()), word, "{typed}");
        }
    }
}
