//! The languages of the game, and how the locale chooses one.

use unic_langid::LanguageIdentifier;

/// A language of the game.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Chinese in simplified characters.
    Chinese,
}

/// The variables of the locale, in the order of their priority.
const LOCALE: [&str; 3] = ["LC_ALL", "LC_MESSAGES", "LANG"];

/// The variable with a list of preferred languages.
const PREFERENCES: &str = "LANGUAGE";

impl Language {
    /// All languages.
    pub const ALL: [Self; 2] = [Self::English, Self::Chinese];

    /// Its name in a configuration file.
    pub fn name(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh-CN",
        }
    }

    /// Its catalogue, a Fluent resource.
    pub fn catalogue(self) -> &'static str {
        match self {
            Self::English => include_str!("../../assets/locales/en.ftl"),
            Self::Chinese => include_str!("../../assets/locales/zh-CN.ftl"),
        }
    }

    /// Its identifier, which decides its plural forms.
    pub(super) fn identifier(self) -> LanguageIdentifier {
        self.name().parse().unwrap_or_default()
    }

    /// The language of the locale, and the variable that decided it, if one did; `variable` looks
    /// one up.
    ///
    /// The rules are those of gettext: the locale is the first of LC_ALL, LC_MESSAGES and LANG that
    /// is not empty. Unless it is C or POSIX, LANGUAGE has priority: the first language of its list
    /// that the game has.
    pub fn of_locale(variable: impl Fn(&str) -> Option<String>) -> (Self, Option<&'static str>) {
        let variable = |name| variable(name).filter(|value| !value.is_empty());
        let locale = LOCALE
            .into_iter()
            .find_map(|name| Some((name, variable(name)?)));
        let Some((name, locale)) = locale else {
            return (Self::default(), None);
        };
        if ["C", "POSIX"].contains(&without_codeset(&locale)) {
            return (Self::English, Some(name));
        }
        let preferences = variable(PREFERENCES).unwrap_or_default();
        let preferred = preferences.split(':').find_map(Self::named);
        match preferred {
            Some(language) => (language, Some(PREFERENCES)),
            None => (Self::named(&locale).unwrap_or_default(), Some(name)),
        }
    }

    /// The language for a locale such as `zh_CN.UTF-8`, `zh-Hans` or `en`; `None` if the game does
    /// not have it, as for traditional Chinese.
    fn named(locale: &str) -> Option<Self> {
        let identifier: LanguageIdentifier = without_codeset(locale).parse().ok()?;
        let script = identifier.script.map(|script| script.as_str().to_owned());
        let region = identifier.region.map(|region| region.as_str().to_owned());
        match (
            identifier.language.as_str(),
            script.as_deref(),
            region.as_deref(),
        ) {
            ("en", ..) => Some(Self::English),
            ("zh", Some("Hans"), _) | ("zh", None, None | Some("CN" | "SG")) => Some(Self::Chinese),
            _ => None,
        }
    }
}

/// A locale's name without codeset (`.UTF-8`) and modifier (`@latin`).
fn without_codeset(locale: &str) -> &str {
    let end = locale.find(['.', '@']).unwrap_or(locale.len());
    &locale[..end]
}
