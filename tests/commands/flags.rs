//! The flags that many commands share.

use crate::home::Home;

/// A home with Ada, who has 7 points, on the usual database.
fn played() -> Home {
    let home = Home::new();
    home.run(&["players", "add", "Ada"]).says("Added Ada");
    home.run(&["click", "Ada", "-n", "7"]).says("has 7 now");
    home
}

/// Every command below the program's, by its words, whose help has this flag.
fn commands_with(home: &Home, flag: &str) -> Vec<Vec<String>> {
    fn below(home: &Home, words: &[String], flag: &str, found: &mut Vec<Vec<String>>) {
        let help = home.run(&[words, &["--help".to_owned()]].concat()).out;
        if help.lines().any(|line| line.trim_end().ends_with(flag)) {
            found.push(words.to_vec());
        }
        let listed = help.split("Commands:\n").nth(1).unwrap_or_default();
        let listed = listed.lines().take_while(|line| !line.is_empty());
        for line in listed.filter(|line| line.starts_with("  ") && !line.starts_with("    ")) {
            let word = line.split_whitespace().next().expect("a command");
            if word != "help" {
                below(home, &[words, &[word.to_owned()]].concat(), flag, found);
            }
        }
    }
    let mut found = Vec::new();
    below(home, &[], flag, &mut found);
    found
}

#[test]
fn json_is_short_for_its_format_wherever_there_are_formats() {
    let home = played();
    let with_format = commands_with(&home, "--format <FORMAT>");
    assert_eq!(commands_with(&home, "--json"), with_format);
    assert!(with_format.len() >= 7, "{with_format:?}");
    for command in with_format {
        if command[0] == "keys" && cfg!(not(feature = "serve")) {
            continue;
        }
        let command: Vec<&str> = command.iter().map(String::as_str).collect();
        let format = match command[0] {
            // It goes on until it is told to end.
            "watch" => {
                let run = home.run(&["watch", "--json", "--format", "csv"]);
                run.fails(2, &["--json and --format"]);
                continue;
            }
            "export" => "jsonl",
            _ => "json",
        };
        let other = match command[0] {
            "me" | "card" => "text",
            _ => "csv",
        };
        let player: &[&str] = match command[..] {
            ["history"] | ["players", "show"] | ["me"] | ["card"] => &["Ada"],
            _ => &[],
        };
        let run = |more: &[&str]| home.run(&[&command, player, more].concat());
        let long = run(&["--format", format]);
        assert_eq!((long.code, long.err.as_str()), (0, ""), "{command:?}");
        assert!(long.out.starts_with(['[', '{']), "{command:?}");
        assert_eq!(run(&["--json"]).out, long.out, "{command:?}");
        assert_eq!(run(&["--json", "-f", format]).out, long.out, "{command:?}");
        assert_ne!(run(&["-f", other]).out, long.out, "{command:?}");
        run(&["--json", "-f", other]).fails(2, &["--json and --format"]);
    }
    home.run(&["players", "--json", "list"])
        .fails(2, &["behind `list` or `show`"]);
}

/// What reports success, in an order in which each succeeds.
const DEEDS: [&str; 18] = [
    "click Ada",
    "click Ada --key 1",
    "players add Bob",
    "players edit Bob --name Bo",
    "players remove --yes Bo",
    "rules --max-rate 20",
    "guard install",
    "guard status",
    "guard remove",
    "verify",
    "config check",
    "copy --to away.db",
    "copy --to away.db",
    "export all.jsonl",
    "import all.jsonl --merge skip",
    "backup saved.db",
    "restore saved.db --overwrite",
    "man --to pages",
];

#[test]
fn what_went_well_is_said_on_standard_output_and_with_quiet_not_at_all() {
    for quiet in [None, Some("-q"), Some("--quiet")] {
        let home = played();
        for deed in DEEDS {
            let words: Vec<&str> = deed.split(' ').chain(quiet).collect();
            let run = home.run(&words);
            assert_eq!(run.code, 0, "{words:?}: {run:?}");
            assert_eq!(run.out.is_empty(), quiet.is_some(), "{words:?}: {run:?}");
            assert!(run.err.is_empty(), "{words:?}: {run:?}");
        }
        let answer = home.run(&[&["top"], quiet.as_slice()].concat());
        answer.says("Ada");
        home.run(&[&["players", "show", "Eve"], quiet.as_slice()].concat())
            .fails(3, &["Eve"]);
    }
}

#[test]
fn the_flag_for_colours_goes_before_the_variable() {
    let home = Home::new();
    for (flag, variable, wanted) in [
        (None, "", "# 256 colours "),
        (None, "1", "# no colours "),
        (Some("auto"), "1", "# no colours "),
        (Some("always"), "1", "# 256 colours "),
        (Some("never"), "", "# no colours "),
    ] {
        let flag = flag.map(|when| format!("--color={when}"));
        let told = |command: &str| {
            let words: Vec<&str> = [command].into_iter().chain(flag.as_deref()).collect();
            let mut command = home.command(&words);
            let output = command.env("NO_COLOR", variable).output();
            String::from_utf8(output.expect("it starts").stdout).expect("text")
        };
        let config = told("config");
        assert!(config.contains(wanted), "{flag:?} {variable:?}: {config}");
        let doctor = told("doctor");
        let colours: Vec<&str> = doctor.lines().filter(|l| l.contains("colours")).collect();
        assert_eq!(colours.len(), 1, "{doctor}");
        let wanted = wanted.trim_matches(['#', ' ']);
        assert!(colours[0].contains(wanted), "{doctor}");
    }
    home.run(&["config", "--color", "sometimes"])
        .fails(2, &["sometimes"]);
}

#[test]
fn the_usual_short_names_are_known() {
    let home = played();
    let list = home.run(&["players", "list"]).out;
    assert_eq!(home.run(&["players", "ls"]).out, list);
    home.run(&["players", "rm", "--yes", "Ada"])
        .says("Removed Ada");
}

#[test]
fn what_the_game_looks_like_is_said_by_flags_and_variables_and_shown_by_config() {
    let home = Home::new();
    let flags = ["--theme", "nord", "--language", "zh-CN", "--motion", "none"];
    let shown = home.run(&[&flags[..], &["config"]].concat()).out;
    for line in [
        ("theme = \"nord\"", "# --theme"),
        ("language = \"zh-CN\"", "# --language"),
        ("motion = \"none\"", "# --motion"),
    ] {
        let said = shown.lines().find(|shown| shown.starts_with(line.0));
        assert!(said.is_some_and(|said| said.ends_with(line.1)), "{shown}");
    }
    let mut command = home.command(&["config"]);
    command.envs([("CLICKOFF_THEME", "dracula"), ("CLICKOFF_LANGUAGE", "en")]);
    command.env("CLICKOFF_MOTION", "reduced");
    let shown = command.output().expect("it starts").stdout;
    let shown = String::from_utf8(shown).expect("UTF-8");
    for variable in ["CLICKOFF_THEME", "CLICKOFF_LANGUAGE", "CLICKOFF_MOTION"] {
        assert!(
            shown
                .lines()
                .any(|line| line.ends_with(&format!("# {variable}"))),
            "{shown}"
        );
    }
    // No other command obeys them.
    for pair in flags.chunks(2) {
        home.run(&[pair, &["top"]].concat())
            .fails(2, &[pair[0], "is for the game"]);
    }
}

#[test]
fn a_look_that_there_is_not_is_refused_with_the_one_that_may_be_meant() {
    let home = Home::new();
    for (flag, variable, wrong, meant) in [
        ("--theme", "CLICKOFF_THEME", "drcula", "dracula"),
        ("--language", "CLICKOFF_LANGUAGE", "zh-cn", "zh-CN"),
        ("--motion", "CLICKOFF_MOTION", "reduce", "reduced"),
    ] {
        home.run(&["--plain", flag, wrong]).fails(2, &[flag, meant]);
        for arguments in [&["--plain"][..], &["config", "check"]] {
            let mut command = home.command(arguments);
            let run: crate::home::Run = command
                .env(variable, wrong)
                .output()
                .expect("it starts")
                .into();
            run.fails(2, &[&format!("{variable}: unknown"), meant]);
        }
    }
    assert_eq!(std::fs::read_dir(home.path()).expect("listed").count(), 0);
}
