//! The language that a locale chooses.

use clickoff::words::Language;

#[test]
fn the_locale_decides_by_the_rules_of_gettext() {
    use Language::{Chinese, English};
    let cases = [
        ("", English, ""),
        ("LANG=", English, ""),
        ("LANG=zh_CN.UTF-8", Chinese, "LANG"),
        ("LANG=zh_CN", Chinese, "LANG"),
        ("LANG=zh_SG.utf8", Chinese, "LANG"),
        ("LANG=zh", Chinese, "LANG"),
        ("LANG=zh-Hans", Chinese, "LANG"),
        ("LANG=zh_Hans_HK.UTF-8", Chinese, "LANG"),
        ("LANG=zh_CN.UTF-8@pinyin", Chinese, "LANG"),
        ("LANG=zh_TW.UTF-8", English, "LANG"),
        ("LANG=zh_Hant_CN", English, "LANG"),
        ("LANG=en_GB.UTF-8", English, "LANG"),
        ("LANG=de_DE.UTF-8", English, "LANG"),
        ("LANG=no:locale", English, "LANG"),
        ("LC_MESSAGES=zh_CN LANG=en_US", Chinese, "LC_MESSAGES"),
        ("LC_ALL=en_US LC_MESSAGES=zh_CN", English, "LC_ALL"),
        ("LC_ALL= LANG=zh_CN", Chinese, "LANG"),
        ("LC_ALL=C LANG=zh_CN", English, "LC_ALL"),
        // LANGUAGE has no effect without a locale, or with C.
        ("LANGUAGE=zh_CN", English, ""),
        ("LANGUAGE=zh_CN LANG=en_US", Chinese, "LANGUAGE"),
        ("LANGUAGE=zh_CN LANG=C.UTF-8", English, "LANG"),
        ("LANGUAGE=zh_CN LC_ALL=POSIX", English, "LC_ALL"),
        ("LANGUAGE=de:zh:en LANG=de_DE", Chinese, "LANGUAGE"),
        ("LANGUAGE=en:zh LANG=zh_CN", English, "LANGUAGE"),
        ("LANGUAGE=de:fr LANG=zh_CN", Chinese, "LANG"),
    ];
    for (variables, language, source) in cases {
        let variable = |name: &str| {
            let mut all = variables.split(' ').filter_map(|v| v.split_once('='));
            all.find(|(known, _)| *known == name)
                .map(|(_, value)| value.to_owned())
        };
        let (found, by) = Language::of_locale(variable);
        assert_eq!((found, by.unwrap_or("")), (language, source), "{variables}");
    }
}
