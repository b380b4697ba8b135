//! Tests which source has priority, and how mistakes are reported.

use std::ffi::OsString;

use clickoff::game::Motion;
use clickoff::mistake::FilePosition;
use clickoff::settings::*;
use clickoff::store::Target;
use clickoff::words::Language;

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
