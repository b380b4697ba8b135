//! `clickoff serve`: serves the game by ssh.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::ValueEnum;
use clap::builder::ValueHint;

use super::common::Failure;
use crate::settings::Flags;

/// The default address, which only this machine can reach.
pub const LISTEN: &str = "127.0.0.1:2222";

/// Serve the game by ssh: players need only an ssh client
///
/// One process beside the database is enough for everybody. A public key identifies a player: at
/// the first visit the game asks for a name, and from then on the key plays only for this player.
/// SIGTERM or Ctrl-C ends the server, once everything is saved.
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub struct Arguments {
    /// Where to listen; may be given several times
    #[arg(long, value_name = "ADDRESS:PORT", default_value = LISTEN)]
    listen: Vec<SocketAddr>,

    /// The server's host key, made at the first start [default: in the state directory]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    host_key: Option<PathBuf>,

    /// Whether an unknown key may add a player
    #[arg(long, value_enum, default_value = "open")]
    join: Join,

    /// Whether somebody without a player may watch
    #[arg(long, value_enum, default_value = "open")]
    watch: Watch,

    /// End a session after this long without a key press, such as 90s, 30m or 2h; or `off`
    #[arg(long, value_name = "TIME", default_value = "30m", value_parser = idle)]
    idle: Idle,

    /// The largest number of sessions at a time
    #[arg(long, value_name = "N", default_value = "1000")]
    sessions: usize,
}

/// Who may add a player.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Join {
    /// Every key
    Open,
    /// Only keys that `clickoff keys add` has given to a player, or a player's code
    Invited,
}

/// Who may watch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Watch {
    /// Everybody
    Open,
    /// Only players
    Closed,
}

/// How long a session may go without a key press. As an alias, because clap would take an option
/// for a flag that may be left out.
type Idle = Option<Duration>;

fn idle(word: &str) -> Result<Idle, String> {
    if word == "off" {
        return Ok(None);
    }
    let units = [('s', 1), ('m', 60), ('h', 60 * 60)];
    let idle = units.into_iter().find_map(|(unit, seconds)| {
        let number: u32 = word.strip_suffix(unit)?.parse().ok()?;
        (number > 0).then(|| Duration::from_secs(u64::from(number) * seconds))
    });
    let wrong = || "it must be a time as 90s, 30m or 2h, or off".to_owned();
    idle.map(Some).ok_or_else(wrong)
}

const EXAMPLES: &str = "\
Examples:
  clickoff serve --listen 0.0.0.0:2222
  ssh -p 2222 db.example.org            play, from anywhere
  ssh -T -p 2222 db.example.org         play in lines
  ssh -p 2222 code@db.example.org       a code that lets another machine's key play for you";

/// Runs the server.
#[cfg(feature = "serve")]
pub fn run(arguments: Arguments, flags: Flags) -> Result<(), Failure> {
    use super::Exit;
    use super::common::note;
    use super::database::make_directories;
    use super::farewell::last_words;
    use crate::app::log;
    use crate::serve::{Options, run};
    use crate::settings::Settings;
    use crate::words::{Say, Words};
    use crate::worker::guests::Admission;

    let settings = Settings::of_process(flags)?;
    make_directories(settings.data_dir.iter().chain([&settings.state_dir]))?;
    log::start(&settings.state_dir, settings.log_level);
    let host_key = arguments.host_key;
    let options = Options {
        listen: arguments.listen,
        host_key: host_key.unwrap_or_else(|| crate::settings::host_key(&settings.state_dir)),
        admission: Admission {
            join: arguments.join == Join::Open,
            watch: arguments.watch == Watch::Open,
        },
        idle: arguments.idle,
        sessions: arguments.sessions,
    };
    let place = crate::settings::shown_place(&settings.database);
    let words = Words::new(settings.language);
    let served = run(options, settings, |addresses, key| {
        for address in addresses {
            note(&format!("serving on {address}."));
        }
        note(&format!("the host key is {key}."));
    });
    let (farewell, broken) = served.map_err(|error| {
        Failure::new(Exit::Refused, format!("the game can't be served: {error}."))
    })?;
    let (last, exit) = last_words(place, farewell, broken, Exit::Fine);
    match exit {
        Exit::Fine => Ok(()),
        exit => Err(Failure::new(exit, words.say(&Say::Sentences(last)))),
    }
}

/// Fails, because this program has no server.
#[cfg(not(feature = "serve"))]
pub fn run(_arguments: Arguments, _flags: Flags) -> Result<(), Failure> {
    Err(without_serve())
}

/// The failure that this program was built without the feature for `serve` and `keys`.
#[cfg(not(feature = "serve"))]
pub fn without_serve() -> Failure {
    let words = "this clickoff was built without its ssh server, which would be a third of the time \
                 that it takes to build. The released programs have it, and so has one built with \
                 `cargo build --release --features serve`.";
    Failure::new(super::Exit::Usage, words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_has_a_unit() {
        let seconds = |word| idle(word).map(|idle| idle.map(|time| time.as_secs()));
        assert_eq!(seconds("90s"), Ok(Some(90)));
        assert_eq!(seconds("30m"), Ok(Some(1800)));
        assert_eq!(seconds("2h"), Ok(Some(7200)));
        assert_eq!(seconds("off"), Ok(None));
        for wrong in [
            "", "30", "m", "0m", "-1m", "1.5h", "30 m", "30m ", "1d", "5ä",
        ] {
            assert!(idle(wrong).is_err(), "{wrong}");
        }
    }
}
