//! Tests which source has priority, and how mistakes are reported.

use std::ffi::OsString;
use std::fs;
use std::path::Path;

use clickoff::game::Motion;
use clickoff::mistake::FilePosition;
use clickoff::settings::*;
use clickoff::store::Target;
use clickoff::words::{Language, Say};

fn find(flag: Option<&str>, variable: Option<&str>, file: &str) -> Result<Settings, SettingsError> {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let config = dir.path().join("config.toml");
    std::fs::write(&config, file).expect("written");
    let flags = Flags {
        database: flag.map(Into::into),
        config: Some(config),
        ..Flags::default()
    };
    Settings::find(flags, |name| {
        (name == DATABASE_VARIABLE)
            .then(|| variable.map(OsString::from))
            .flatten()
    })
}

#[test]
fn the_flag_goes_before_the_variable_before_the_file_before_the_default() {
    let file = "database = '/file.db'";
    let database = |s: Settings| match s.database {
        Target::Sqlite(path) => path.display().to_string(),
        other => panic!("{other:?} is no file"),
    };
    let found = |flag, variable, file| database(find(flag, variable, file).expect("settings"));
    assert_eq!(found(Some("/flag.db"), Some("/env.db"), file), "/flag.db");
    assert_eq!(found(None, Some("/env.db"), file), "/env.db");
    assert_eq!(found(None, Some(""), file), "/file.db");
    assert!(found(None, None, "").ends_with("clickoff.db"));
}

#[test]
fn a_mistake_in_the_file_is_named_with_its_line() {
    let error = find(None, None, "player = 'Ada'\ndatabse = 'x'").expect_err("a mistake");
    let text = error.to_string();
    assert!(
        text.contains("line 2") && text.contains("databse"),
        "{text}"
    );
    assert!(text.contains("did you mean `database`?"), "{text}");
}

#[test]
fn everything_moves_unless_the_file_says_less() {
    let motion = |file: &str| find(None, None, file).expect("settings").motion;
    assert_eq!(motion(""), Motion::Full);
    for (name, wanted) in [
        ("full", Motion::Full),
        ("reduced", Motion::Reduced),
        ("none", Motion::None),
    ] {
        assert_eq!(motion(&format!("motion = '{name}'")), wanted);
    }
    let error = find(None, None, "mouse = true\nmotion = 'reduce'").expect_err("a mistake");
    let text = error.to_string();
    assert!(text.contains("line 2"), "{text}");
    assert!(text.contains("did you mean `reduced`?"), "{text}");
    let title = |file: &str| find(None, None, file).expect("settings").title;
    assert_eq!([title(""), title("title = false")], [true, false]);
}

#[test]
fn the_files_language_goes_before_the_locales() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let config = dir.path().join("config.toml");
    let find = |file: &str, locale: Option<&str>| {
        std::fs::write(&config, file).expect("written");
        let flags = Flags {
            config: Some(config.clone()),
            ..Flags::default()
        };
        let locale = |name: &str| locale.filter(|_| name == "LANG").map(OsString::from);
        Settings::find(flags, locale)
            .map(|found| (found.language, found.sources.of("language").clone()))
    };
    let (language, source) = find("", None).expect("settings");
    assert_eq!((language, source), (Language::English, Source::Default));
    let (language, source) = find("", Some("zh_CN.UTF-8")).expect("settings");
    let lang = Source::Environment("LANG");
    assert_eq!((language, source), (Language::Chinese, lang));
    let said = find("mouse = true\nlanguage = 'en'", Some("zh_CN.UTF-8"));
    let (language, source) = said.expect("settings");
    assert_eq!(language, Language::English);
    assert!(matches!(
        source,
        Source::File(FilePosition { line: Some(2), .. })
    ));
    let error = find("language = 'zh-cn'", None).expect_err("a mistake");
    let text = error.to_string();
    assert!(text.contains("did you mean `zh-CN`?"), "{text}");
}

#[test]
fn a_theme_is_known_with_the_place_where_it_was_asked_for() {
    let found = find(None, None, "mouse = true\n\ntheme = 'dark'").expect("settings");
    assert_eq!(found.theme, "dark");
    let Source::File(place) = found.sources.of("theme") else {
        panic!("{:?}", found.sources);
    };
    assert_eq!(place.line, Some(3));
    assert!(place.file.ends_with("config.toml"), "{place}");
    let found = find(None, None, "").expect("settings");
    let default = ("auto", &Source::Default);
    assert_eq!((found.theme.as_str(), found.sources.of("theme")), default);
}

#[test]
fn what_the_game_looks_like_is_said_by_flag_or_variable_or_file() {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let config = dir.path().join("config.toml");
    let file = "theme = 'file'\nlanguage = 'zh-CN'\nmotion = 'reduced'";
    std::fs::write(&config, file).expect("written");
    let find = |flags: Flags, variables: &[(&str, &str)]| {
        let flags = Flags {
            config: Some(config.clone()),
            ..flags
        };
        Settings::find(flags, |name| {
            let said = variables.iter().find(|(known, _)| *known == name);
            said.map(|(_, value)| value.into())
        })
    };
    let told = |found: &Settings| {
        let sources = &found.sources;
        (
            (found.theme.clone(), sources.of("theme").to_string()),
            (found.language, sources.of("language").to_string()),
            (found.motion, sources.of("motion").to_string()),
        )
    };
    let variables = [
        (THEME_VARIABLE, "nord"),
        (LANGUAGE_VARIABLE, "en"),
        (MOTION_VARIABLE, "none"),
    ];
    let flags = Flags {
        theme: Some("flag".into()),
        language: Some(Language::Chinese),
        motion: Some(Motion::Full),
        ..Flags::default()
    };
    let found = told(&find(flags, &variables).expect("settings"));
    let by = |words: &str| words.to_owned();
    assert_eq!(found.0, (by("flag"), by("--theme")));
    assert_eq!(found.1, (Language::Chinese, by("--language")));
    assert_eq!(found.2, (Motion::Full, by("--motion")));
    let found = told(&find(Flags::default(), &variables).expect("settings"));
    assert_eq!(found.0, (by("nord"), by(THEME_VARIABLE)));
    assert_eq!(found.1, (Language::English, by(LANGUAGE_VARIABLE)));
    assert_eq!(found.2, (Motion::None, by(MOTION_VARIABLE)));
    let empty = variables.map(|(name, _)| (name, ""));
    let found = told(&find(Flags::default(), &empty).expect("settings"));
    assert_eq!(
        (found.0.0, found.1.0, found.2.0),
        (by("file"), Language::Chinese, Motion::Reduced)
    );
}

#[test]
fn a_mistake_in_a_url_is_named_without_its_password() {
    for file in [
        "player = 'Ada'\ndatabse = 'postgres://ada:s3cret@host/db'",
        "player = 'Ada'\ndatabase = 'postgres://ada:s3cret@host/db",
        "player = 'Ada'\ndatabase = ['postgres://ada:s3cret@host/db']",
        "player = 'Ada'\nmouse = 'postgres://ada:s3cret@host/db'",
        "player = 'Ada'\n'postgres://ada:s3cret@host/db' = 'database'",
    ] {
        let error = find(None, None, file).expect_err("a mistake");
        let text = format!("{error} {error:?}");
        assert!(text.contains("line 2"), "{text}");
        assert!(!text.contains("s3cret"), "{text}");
    }
}

/// The settings in a text, and the mistakes in it.
fn read(text: &str) -> (Settings, Vec<String>) {
    let path = Path::new("config.toml");
    let read = Settings::of(Flags::default(), path, text, &|_| None);
    let (settings, mistakes) = read.expect("settings");
    (settings, mistakes.iter().map(ToString::to_string).collect())
}

#[test]
fn every_mistake_is_found_and_the_rest_is_read() {
    let text = "databse = 'x'\nplayer = 7\nmouse = 'no'\ntheme = 'dark'\n\
                log_level = 'wran'\ndatabase = ''\n[players]\n";
    let (settings, mistakes) = read(text);
    let expected = [
        "config.toml, line 1: unknown key `databse`; did you mean `database`?",
        "config.toml, line 2: this must be a text in quotes",
        "config.toml, line 3: this must be true or false, without quotes",
        "config.toml, line 5: unknown log level `wran`; did you mean `warn`?",
        "config.toml, line 6: the name of the database is empty: give the path of a file",
        "config.toml, line 7: unknown key `players`; did you mean `player`?",
    ];
    assert_eq!(mistakes, expected);
    assert_eq!(settings.theme, "dark");
}

#[test]
fn the_template_says_nothing_and_with_its_marks_taken_away_has_no_mistake() {
    let is_comment = |line: &str| line.is_empty() || line.starts_with('#');
    assert!(TEMPLATE.lines().all(is_comment));
    assert_eq!(read(TEMPLATE).1, [""; 0]);
    let lines = TEMPLATE.lines().filter_map(|line| line.strip_prefix("# "));
    let set: Vec<&str> = lines.filter(|line| line.contains(" = ")).collect();
    let (settings, mistakes) = read(&set.join("\n"));
    assert_eq!(mistakes, [""; 0]);
    let keys = clickoff::cli::each_of(&settings).map(|(key, _)| key);
    assert_eq!(set.len(), keys.len(), "{set:?}");
    for key in keys {
        assert!(set.iter().any(|line| line.starts_with(key)), "{key}");
        assert!(matches!(settings.sources.of(key), Source::File(_)), "{key}");
    }
}

/// What becomes of a configuration file when a theme is chosen in the game.
fn kept(path: &Path, theme: &str) -> Say {
    let (mut settings, _) = read("");
    settings.config_file = path.to_owned();
    keep(&settings)(theme)
}

/// The text with a theme that was chosen; `None` if it is not changed.
fn with_theme(text: &str, theme: &str) -> Option<String> {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let path = dir.path().join("config.toml");
    fs::write(&path, text).expect("written");
    let is_kept = matches!(kept(&path, theme), Say::ThemeKept { .. });
    let now = fs::read_to_string(path).expect("read");
    assert_eq!(now != text, is_kept);
    is_kept.then_some(now)
}

#[test]
fn only_the_theme_changes() {
    let text = "# mine\nplayer = 'Ada' # me\r\n\ntheme   =   'dark'  # nice\n# end";
    let changed = with_theme(text, "nord").expect("changed");
    assert_eq!(changed, text.replace("'dark'", "\"nord\""));
    let empty = with_theme("", "nord");
    assert_eq!(empty.as_deref(), Some("theme = \"nord\"\n"));
    let changed = with_theme("player = 'Ada'", "nord").expect("changed");
    assert_eq!(changed, "player = 'Ada'\ntheme = \"nord\"\n");
    let odd = "a \"b\" \\ 王";
    let quoted = with_theme("\"theme\" = 'dark'", odd).expect("changed");
    assert_eq!(read(&quoted).0.theme, odd);
}

#[test]
fn in_the_template_the_theme_stands_beside_its_explanation() {
    let changed = with_theme(TEMPLATE, "nord").expect("changed");
    let lines: Vec<&str> = changed.lines().collect();
    let at = lines.iter().position(|line| *line == "theme = \"nord\"");
    let before = lines[at.expect("a line") - 1];
    assert!(before.starts_with("# theme = "), "{changed}");
    assert_eq!(lines.len(), TEMPLATE.lines().count() + 1);
}

#[test]
fn what_is_no_settings_file_is_left_alone() {
    for text in [
        "theme = 7",
        "player = ",
        "databse = 'x'",
        "player = \"\"\"a\n",
    ] {
        assert_eq!(with_theme(text, "nord"), None, "{text}");
    }
}

#[test]
fn a_link_and_a_mode_stay_and_nothing_is_left_behind() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let dir = tempfile::tempdir().expect("a temporary directory");
    let file = dir.path().join("real.toml");
    let link = dir.path().join("made/config.toml");
    fs::write(&file, "mouse = false\n").expect("written");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).expect("set");
    fs::create_dir(dir.path().join("made")).expect("made");
    symlink("../real.toml", &link).expect("linked");
    let keeps = |path: &Path, theme| matches!(kept(path, theme), Say::ThemeKept { .. });
    assert!(keeps(&link, "nord"));
    let text = fs::read_to_string(&file).expect("read");
    assert_eq!(text, "mouse = false\ntheme = \"nord\"\n");
    assert!(fs::symlink_metadata(&link).expect("there").is_symlink());
    let mode = fs::metadata(&file).expect("there").permissions().mode();
    assert_eq!(mode & 0o777, 0o640);
    let fresh = dir.path().join("new/config.toml");
    assert!(keeps(&fresh, "dark"));
    let text = fs::read_to_string(fresh).expect("read");
    assert_eq!(text, "theme = \"dark\"\n");
    assert_eq!(fs::read_dir(dir.path()).expect("listed").count(), 3);
    assert!(!keeps(&file.join("config.toml"), "dark"));
}
