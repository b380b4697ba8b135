//! `clickoff completions`: shell completion, also of the players' names.
//!
//! The generated script calls this program at each completion, so the choices are always current.

use std::collections::HashMap;
use std::ffi::{OsStr, OsString};
use std::io;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::time::Duration;

use clap::{CommandFactory, FromArgMatches};
use clap_complete::Shell;
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate};
use clap_complete::env::{CompleteEnv, Shells};
use tokio::time::timeout;

use super::common::{Failure, interruptible, many, write_out};
use super::{Cli, Exit};
use crate::settings::{Flags, Settings, appearance};
use crate::store::Target;
use crate::store::archive::{AnyRecord, Archive, PlayerRecord, RecordKind};
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
    shell: Shell,
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

/// Bash inserts an answer as it is, so it is quoted here, in the quotes that the word begins with.
const BASH: &str = r#"
_clickoff() {
    _clap_complete_clickoff "$@"
    local at word sign end="'\\''"
    for at in "${!COMPREPLY[@]}"; do
        word="${COMPREPLY[at]}"
        case "${COMP_WORDS[COMP_CWORD]}" in
            \'*) word="${word//\'/$end}" ;;
            \"*) for sign in \\ \" \$ \`; do word="${word//"$sign"/\\$sign}"; done ;;
            *) printf -v word %q "$word" ;;
        esac
        COMPREPLY[at]="$word"
    done
}
complete -o nospace -o bashdefault -F _clickoff clickoff
complete -o nosort -o nospace -o bashdefault -F _clickoff clickoff 2> /dev/null
"#;

/// When zsh loads the script because of a completion, that completion must be answered, too.
const ZSH: &str = "\
[[ $funcstack[1] == _clickoff ]] && _clap_dynamic_completer_clickoff \"$@\"
true
";

/// Answers a shell that asks for completions. Returns false if no shell asks.
///
/// # Errors
/// If the shell is unknown, or standard output can't be written.
pub fn answer_shell() -> Result<bool, Failure> {
    let asked = CompleteEnv::with_factory(command).var(ASKED);
    let asked = asked.bin(PROGRAM).completer(PROGRAM);
    let directory = std::env::current_dir().ok();
    // The shells pass words as they were typed.
    let words = std::env::args_os().map(|word| unquoted(&word));
    let answered = asked.try_complete(words, directory.as_deref());
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
    let shells = Shells::builtins();
    let written = shells
        .completer(&name)
        .map_or(Err(io::ErrorKind::Unsupported.into()), |shell| {
            shell.write_registration(ASKED, PROGRAM, PROGRAM, PROGRAM, &mut script)
        });
    written.map_err(|error| Failure::new(Exit::Fault, format!("{name}: {error}.")))?;
    let more = match arguments.shell {
        Shell::Bash => BASH,
        Shell::Zsh => ZSH,
        _ => "",
    };
    write_out(&(String::from_utf8_lossy(&script) + more))
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

/// Completes the names of players.
pub fn players() -> ArgValueCompleter {
    ArgValueCompleter::new(candidates)
}

/// Completes the names of themes, built-in ones and the player's own.
pub fn themes() -> ArgValueCompleter {
    ArgValueCompleter::new(|typed: &OsStr| {
        let settings = Settings::of_process(Flags::default());
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
    let settings = Settings::of_process(flags(words));
    let players = settings.map(|settings| read(&settings.database, typed));
    chosen(&players.unwrap_or_default(), typed)
}

/// The flags of the unfinished command line, which name the database.
fn flags(words: Vec<OsString>) -> Flags {
    let command = Cli::command().ignore_errors(true);
    let matches = command.try_get_matches_from(words);
    let flags = matches.and_then(|matches| Flags::from_arg_matches(&matches));
    flags.unwrap_or_default()
}

/// The players that match what was typed: as many as are found in time, and about [`CHOICE`] at
/// most. The database is only read.
fn read(target: &Target, typed: &str) -> Vec<PlayerRecord> {
    let mut players = Vec::new();
    let wanted = typed.to_lowercase();
    // An error adds no players.
    let _ = interruptible(Duration::ZERO, async |_| {
        timeout(PATIENCE, read_all(target, &wanted, &mut players)).await
    });
    players
}

async fn read_all(
    target: &Target,
    wanted: &str,
    found: &mut Vec<PlayerRecord>,
) -> Result<(), Failure> {
    let begins = |player: &PlayerRecord| {
        let name = player.name.as_deref().unwrap_or_default();
        name.to_lowercase().starts_with(wanted) || player.id.to_string().starts_with(wanted)
    };
    let mut archive = Archive::read(target).await?;
    let mut last = None;
    while found.len() < CHOICE {
        let page = archive.page(RecordKind::Players, last.as_ref()).await?;
        last = page.last().cloned();
        if last.is_none() {
            break;
        }
        found.extend(page.into_iter().filter_map(|record| match record {
            AnyRecord::Player(player) if begins(&player) => Some(player),
            _ => None,
        }));
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
        for (typed, word) in [
            ("Ada", "Ada"),
            ("Ada\\ Lovelace", "Ada Lovelace"),
            ("it\\'s\\ \\$HOME", "it's $HOME"),
            ("'it'\\''s $HOME'", "it's $HOME"),
            ("\"it's \\$HOME\"", "it's $HOME"),
            ("\"a\\\\b\"", "a\\b"),
            ("\"\\`x\\`;\\\"y\\\"&\"", "`x`;\"y\"&"),
            ("''", ""),
            ("é王", "é王"),
            ("\"Ada Lo", "Ada Lo"),
            ("'a\\b'", "a\\b"),
            ("\"it's\"", "it's"),
        ] {
            assert_eq!(unquoted(typed.as_ref()), word, "{typed}");
        }
    }
}
