//! A player's themes: what they change, what they inherit, and their mistakes.

use clickoff::ui::theme::{self, BUILT_IN, Named, Theme, ThemeFile};
use ratatui::style::{Color, Modifier, Style};

fn files(files: &[(&str, &str)]) -> Vec<ThemeFile> {
    let file = |(name, text): &(&str, &str)| ThemeFile {
        name: (*name).to_owned(),
        path: format!("~/themes/{name}.toml"),
        text: (*text).to_owned(),
    };
    files.iter().map(file).collect()
}

/// All themes, where no file has a mistake.
#[track_caller]
fn themes(of: &[(&str, &str)]) -> Vec<Named> {
    let (themes, mistakes) = theme::collect(&files(of));
    assert_eq!(mistakes, []);
    themes
}

#[track_caller]
fn find(themes: &[Named], name: &str) -> Theme {
    let named = themes.iter().find(|named| named.name == name);
    named.unwrap_or_else(|| panic!("no {name}")).theme()
}

/// The mistakes as they are told.
fn mistakes(of: &[(&str, &str)]) -> Vec<String> {
    let (_, mistakes) = theme::collect(&files(of));
    mistakes.iter().map(ToString::to_string).collect()
}

#[test]
fn the_built_in_files_have_no_mistake_and_are_the_built_in_themes() {
    let themes = themes(&BUILT_IN);
    for (named, (name, _)) in themes.iter().zip(BUILT_IN) {
        assert_eq!(named.name, name);
        assert_eq!(named.theme(), Theme::built_in(name), "{name}");
        assert_ne!(named.theme(), Theme::default(), "{name}");
    }
    assert_eq!(themes.len(), BUILT_IN.len());
}

#[test]
fn a_theme_overrides_what_it_names_and_inherits_the_rest() {
    let mine = "inherits = 'dark'\naccent = '#102030'\ntrouble = { bg = '52' }\n\
                saved = { attributes = ['italic', 'underlined'] }\nkey = { fg = 'default' }";
    let themes = themes(&[("mine", mine)]);
    let (mine, dark) = (find(&themes, "mine"), find(&themes, "dark"));
    let expected = Theme {
        accent: dark.accent.fg(Color::Rgb(16, 32, 48)),
        trouble: dark.trouble.bg(Color::Indexed(52)),
        key: dark.key.fg(Color::Reset),
        saved: mine.saved,
        ..dark
    };
    assert_eq!(mine, expected);
    assert_eq!(mine.saved.fg, dark.saved.fg);
    let attributes = Modifier::ITALIC | Modifier::UNDERLINED;
    assert_eq!(mine.saved.add_modifier, attributes);
    assert_eq!(themes.last().map(|t| t.name.as_str()), Some("mine"), "last");
}

#[test]
fn a_theme_that_names_no_other_inherits_from_the_default_or_from_its_namesake() {
    let themes = themes(&[("light", "key = 'red'"), ("mine", "key = 'red'")]);
    let red = |theme: Theme| Theme {
        key: theme.key.fg(Color::Red),
        ..theme
    };
    assert_eq!(find(&themes, "mine"), red(Theme::terminal()));
    assert_eq!(find(&themes, "light"), red(Theme::built_in("light")));
    let names: Vec<&str> = themes.iter().map(|t| t.name.as_str()).collect();
    let built_in = BUILT_IN.map(|(name, _)| name);
    assert_eq!(names, [&built_in[..], &["mine"]].concat());
}

#[test]
fn themes_of_ones_own_inherit_from_each_other_in_whatever_order_they_come() {
    let themes = themes(&[
        ("a", "inherits = 'b'\nkey = 'red'"),
        ("b", "inherits = 'dark'\nquiet = 'blue'"),
        ("dark", "inherits = 'dark'\nborder = 'green'"),
    ]);
    let fg = |style: Style| style.fg;
    let a = find(&themes, "a");
    assert_eq!(fg(a.key), Some(Color::Red));
    assert_eq!(fg(a.quiet), Some(Color::Blue));
    assert_eq!(fg(a.border), Some(Color::Green));
    assert_eq!(fg(a.saved), fg(Theme::built_in("dark").saved));
}

#[test]
fn every_mistake_is_told_with_file_line_and_what_may_be_meant() {
    let text = "inherits = 'drak'\n\
                acent = 'red'\n\
                quiet = { fg = 'bleu', bold = true }\n\
                # a comment\n\
                strong = 3\n\
                key = { attributes = ['bold', 'blink'] }\n\
                \n\
                [border]\n\
                fg = '#12345'\n";
    let told = mistakes(&[("mine", text)]);
    let wanted = [
        "~/themes/mine.toml, line 2: unknown style `acent`; did you mean `accent`?",
        "~/themes/mine.toml, line 3: `bleu` is no colour",
        "~/themes/mine.toml, line 3: unknown key `bold`",
        "~/themes/mine.toml, line 5: this must be a colour in quotes, or a table",
        "~/themes/mine.toml, line 6: unknown attribute `blink`",
        "~/themes/mine.toml, line 9: `#12345` is no colour",
    ];
    for (told, wanted) in told.iter().zip(wanted) {
        assert!(told.starts_with(wanted), "{told}");
    }
    assert_eq!(told.len(), wanted.len(), "{told:#?}");
}

#[test]
fn what_a_theme_inherits_from_must_be_there_and_be_right() {
    let told = mistakes(&[
        ("a", "key = 'red'\ninherits = 'drak'"),
        ("b", "keys = 'red'"),
        ("c", "inherits = 'b'"),
        ("d", "inherits = 'e'"),
        ("e", "inherits = 'd'"),
        ("f", "inherits = 'f'"),
        ("g", "inherits = 'd'"),
    ]);
    let wanted = [
        "b.toml, line 1: unknown style `keys`; did you mean `key`?",
        "a.toml, line 2: unknown theme `drak`; did you mean `dark`?",
        "c.toml, line 1: the theme `b` has mistakes of its own",
        "d.toml, line 1: inheriting from `e` leads in a circle",
        "e.toml, line 1: inheriting from `d` leads in a circle",
        "f.toml, line 1: inheriting from `f` leads in a circle",
        "g.toml, line 1: inheriting from `d` leads in a circle",
    ];
    let wanted = wanted.map(|words| format!("~/themes/{words}"));
    assert_eq!(told, wanted);
}

#[test]
fn a_theme_with_a_mistake_is_none_and_the_others_are_there() {
    let (themes, mistakes) = theme::collect(&files(&[
        ("dark", "accent = 'red'\nfoo"),
        ("mine", "accent = 'red'"),
        ("none", "accents = 'red'"),
    ]));
    assert_eq!(mistakes.len(), 2, "{mistakes:?}");
    assert_eq!(find(&themes, "dark"), Theme::built_in("dark"));
    assert_eq!(find(&themes, "mine").accent.fg, Some(Color::Red));
    assert!(themes.iter().all(|named| named.name != "none"));
}

#[test]
fn on_256_colours_every_colour_is_one_of_those_that_are_the_same_everywhere() {
    let mine = "accent = '#ff8700'\nkey = '#fe8801'\nsaved = 'green'\nquiet = { bg = '#121212' }";
    let mine = find(&themes(&[("mine", mine)]), "mine").in_256_colours();
    assert_eq!(mine.accent.fg, Some(Color::Indexed(208)));
    assert_eq!(mine.key.fg, Some(Color::Indexed(208)));
    assert_eq!(mine.quiet.bg, Some(Color::Indexed(233)));
    assert_eq!(mine.saved.fg, Some(Color::Green), "the player's own");
    for (name, _) in BUILT_IN {
        let few = Named::built_in(name).in_256_colours().theme();
        assert_eq!(few, Theme::built_in(name).in_256_colours(), "{name}");
        for (_, style) in few.styles() {
            for colour in [style.fg, style.bg].into_iter().flatten() {
                assert!(!matches!(colour, Color::Rgb(..)), "{name}: {colour}");
            }
        }
    }
}
