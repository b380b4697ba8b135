//! Hostile input in every argument of every command: the exit code is a documented one, and no
//! control character is printed.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::process::Stdio;

use clap::CommandFactory;
use clickoff::cli::Cli;

use crate::home::Home;
use crate::place::{Place, TABLE, row};

/// Every command with each of its arguments in turn as `{}`.
const COMMANDS: &[&str] = &[
    "-d {} players",
    "--config {} players",
    "--log-level {} players",
    "--player {} players",
    "backup {}",
    "click {}",
    "click Ada -n {}",
    "click Ada --key {}",
    "completions {}",
    "config {}",
    "config edit {}",
    "copy --from {} --to to.db",
    "copy --to {}",
    "doctor {}",
    "-d {} doctor",
    "export {}",
    "export -f {}",
    "guard {}",
    "-d {} guard install",
    "card {}",
    "card Ada --sprint {}",
    "card Ada -f {}",
    "me {}",
    "me Ada -f {}",
    "history {}",
    "history Ada -f {}",
    "history Ada --limit {}",
    "import {}",
    "import {} --merge add",
    "import file --merge {}",
    "keys {}",
    "keys add Ada {}",
    "keys remove {}",
    "man --to {}",
    "man {}",
    "players {}",
    "players show {}",
    "players list -f {}",
    "players add {}",
    "players add Eve --email {}",
    "players edit Ada --email {}",
    "players edit {} --name Eve",
    "players remove {} --yes",
    "restore {}",
    "restore {} --overwrite",
    "roles {}",
    "rules --held-keys {}",
    "rules --max-rate {}",
    "serve --idle {}",
    "serve --listen {}",
    "sprints {}",
    "sprints --length {}",
    "sprints --limit {}",
    "sprints -f {}",
    "themes {}",
    "themes print {}",
    "top --period {}",
    "top --limit {}",
    "verify {}",
    "-d {} verify",
    "-d {} watch",
    "watch -f {}",
];

/// What does harm where it is obeyed, run, calculated or taken for a name.
fn inputs() -> Vec<OsString> {
    let long = "王\x1b[2J".repeat(15_000);
    let texts = [
        "",
        " ",
        "\x1b]0;title\x07\x1b[31m\x1b[6n",
        "\u{9b}31m\u{202e}a\nb\r",
        "'; DROP TABLE users; --\"`\\",
        "=1+1",
        "@SUM(A1)",
        "%s%n{}$(id)",
        "dir with spaces/no such file",
        "99999999999999999999",
        "-9",
        "--",
        "postgres://u:s3cret@\x1b[31m/db",
        &long,
    ];
    let mut inputs: Vec<OsString> = texts.iter().map(OsString::from).collect();
    inputs.push(OsStr::from_bytes(b"caf\xe9\xff.db").to_owned());
    inputs
}

#[test]
fn no_argument_of_any_command_does_harm() {
    let known: Vec<i32> = [0, 1, 2, 3, 4, 5, 6, 7].into();
    for line in COMMANDS {
        let (home, place) = (Home::new(), Place::sqlite().expect("a file"));
        place.fill(TABLE, &[row(1, "Ada", 7), row(2, "Bob", 4)]);
        for input in inputs() {
            let word = |word| match word {
                "{}" => input.clone(),
                word => OsString::from(word),
            };
            let mut arguments: Vec<OsString> = line.split(' ').map(word).collect();
            if !line.starts_with("-d ") {
                arguments.splice(0..0, ["-d".into(), place.file().into()]);
            }
            let mut command = home.command(&arguments);
            // An editor that would be asked for changes nothing.
            command.env("EDITOR", "true").stdin(Stdio::null());
            let output = command.output().expect("it starts");
            let said = [&output.stdout, &output.stderr]
                .map(|bytes| String::from_utf8_lossy(bytes).into_owned());
            let shown = input.to_string_lossy().chars().take(40).collect::<String>();
            let code = output.status.code();
            assert!(
                code.is_some_and(|code| known.contains(&code)),
                "{line} {shown:?}: {code:?} {}",
                said[1].chars().take(400).collect::<String>()
            );
            let obeyed = |c: &char| c.is_control() && !['\n', '\r', '\t'].contains(c);
            // Completions and pages are code, and what was asked for may be as it is in a pipe.
            let listed = if line.contains("-f ") || line.starts_with("export") {
                ""
            } else {
                &said[0]
            };
            for text in [listed, &said[1]] {
                let found = text.chars().find(obeyed);
                assert_eq!(found, None, "{line} {shown:?}: {text:?}");
            }
            let is_database = line.contains("-d {}") || line.starts_with("copy");
            let is_told = said.concat().contains("s3cret");
            assert!(!(is_database && is_told), "{line}: {said:?}");
        }
        let there =
            place.texts("SELECT name FROM users WHERE name IN ('Bob', 'Eve') ORDER BY name");
        assert!(!there.is_empty(), "{line}");
    }
}

#[test]
fn the_table_has_every_command() {
    for command in Cli::command().get_subcommands() {
        let name = command.get_name();
        let mut words = COMMANDS.iter().flat_map(|line| line.split(' '));
        assert!(words.any(|word| word == name), "no {name}");
    }
}
