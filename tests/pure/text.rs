//! Text that is made safe, and fitted into columns.

use clickoff::words::text::{cut, fit, grouped, harmless, name, presses, width, wrap};

#[test]
fn every_text_fits_its_column_exactly() {
    let names = [
        "Ada",
        "王小明和他的朋友们",
        "👩‍👩‍👧‍👦 family",
        "e\u{301}\u{301}\u{301}tienne",
        "نرگس محمدی",
        "\x1b[31mred\x07",
        "a\u{202e}gpj.exe",
        "",
        "\u{301}",
        "🇫🇷🇩🇪🇨🇳",
    ];
    for name in names {
        for columns in 0..20 {
            let fitted = fit(name, columns);
            assert_eq!(width(&fitted), columns, "{name:?} in {columns}: {fitted:?}");
            assert!(!fitted.chars().any(char::is_control), "{fitted:?}");
        }
    }
}

#[test]
fn a_cut_is_seen_and_a_fit_is_not_cut() {
    assert_eq!(cut("Ada", 3), "Ada");
    assert_eq!(cut("Adam", 3), "Ad…");
    assert_eq!(cut("王小明", 6), "王小明");
    assert_eq!(cut("王小明", 5), "王小…");
    assert_eq!(cut("王小明", 4), "王…");
}

#[test]
fn a_long_sentence_breaks_between_words_and_a_cut_is_seen() {
    assert_eq!(wrap("one two three", 7, 9), ["one two", "three"]);
    assert_eq!(wrap("one two three", 7, 1), ["one tw…"]);
    assert_eq!(wrap("abcdefgh ij", 3, 9), ["abc", "def", "gh", "ij"]);
    assert_eq!(wrap("王小明", 1, 9).len(), 3);
    assert_eq!(wrap("连接 db 中断。", 9, 9), ["连接 db", "中断。"]);
    assert_eq!(wrap("磁盘已满。继续", 8, 9), ["磁盘已", "满。继续"]);
    // Between facts rather than within one, and without the dot.
    let facts = "今天 25 分 · 最佳 8 月 13 日 971 分 · 连续 2 天";
    let lines = ["今天 25 分", "最佳 8 月 13 日 971 分", "连续 2 天"];
    assert_eq!(wrap(facts, 24, 9), lines);
    let lines = ["one", "two three", "four"];
    assert_eq!(wrap("one · two three · four", 11, 9), lines);
    assert_eq!(wrap("one · two three", 7, 9), ["one", "two", "three"]);
    assert_eq!(wrap("one · two", 5, 9), ["one", "two"]);
    assert_eq!(wrap("one", 0, 9), Vec::<String>::new());
    assert_eq!(wrap("", 9, 9), Vec::<String>::new());
}

#[test]
fn a_tower_of_combining_marks_stays_small() {
    let tower = format!("a{}", "\u{301}".repeat(100_000));
    assert!(fit(&tower, 5).len() < 100);
}

#[test]
fn controls_show_as_pictures() {
    assert_eq!(harmless("a\x1b[2Jb\n"), "a␛[2Jb␊");
    assert_eq!(harmless("\u{9b}31m"), "\u{fffd}31m");
    assert_eq!(name(" \u{200f} "), "(no name)");
    assert_eq!(name("\u{301}"), "(no name)");
}

#[test]
fn numbers_are_grouped_by_threes() {
    let numbers = [0, 999, -999, 1_000, -1_234, 12_345_678, i64::MIN].map(grouped);
    let wanted = ["0", "999", "-999", "1,000", "-1,234", "12,345,678"];
    assert_eq!(numbers[..6], wanted);
    assert_eq!(numbers[6], "-9,223,372,036,854,775,808");
    assert_eq!(grouped(u64::MAX), "18,446,744,073,709,551,615");
    assert_eq!(presses(1), "1 press");
    assert_eq!(presses(2_000), "2,000 presses");
}
