//! The built-in themes can be read by everyone: contrast by WCAG, colours that colour-blind people
//! tell apart, and no colour at all where that was promised.

use clickoff::mistake::Document;
use clickoff::ui::theme::{BUILT_IN, Theme};
use ratatui::style::{Color, Modifier, Style};
use unicode_width::UnicodeWidthStr;

use super::{draw, look, scenes};

/// The themes with colours and a background of their own; of the terminal's own colours nobody
/// knows what they are.
fn coloured() -> impl Iterator<Item = (String, Theme)> {
    let names = BUILT_IN.iter().map(|(name, _)| *name);
    let themes = names.map(|name| (name, Theme::built_in(name)));
    let themes = themes.filter(|(_, theme)| theme.text.bg.is_some());
    themes.flat_map(|(name, theme)| {
        [
            (name.to_owned(), theme),
            (format!("{name} in 256 colours"), theme.in_256_colours()),
        ]
    })
}

/// Red, green and blue from 0 to 1, of a colour that looks the same on every terminal.
fn rgb(colour: Color) -> [f64; 3] {
    let bytes = match colour {
        Color::Rgb(r, g, b) => [r, g, b],
        Color::Indexed(n @ 16..232) => {
            let level = |n: u8| [0, 95, 135, 175, 215, 255][usize::from(n % 6)];
            let n = n - 16;
            [level(n / 36), level(n / 6), level(n)]
        }
        Color::Indexed(n @ 232..) => [8 + 10 * (n - 232); 3],
        other => panic!("{other} looks different on every terminal"),
    };
    bytes.map(|byte| f64::from(byte) / 255.0)
}

/// The colour in linear light, as WCAG and the matrices of colour blindness count.
fn linear(colour: Color) -> [f64; 3] {
    rgb(colour).map(|c| match c {
        c if c <= 0.04045 => c / 12.92,
        c => ((c + 0.055) / 1.055).powf(2.4),
    })
}

/// WCAG's contrast ratio, from 1 to 21.
fn contrast(one: Color, other: Color) -> f64 {
    let luminance = |colour| {
        let [r, g, b] = linear(colour);
        0.2126 * r + 0.7152 * g + 0.0722 * b
    };
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// What a style looks like on a theme's screen: foreground and background.
fn colours(theme: &Theme, style: Style) -> (Color, Color) {
    let set = |own: Option<Color>, text| own.filter(|c| *c != Color::Reset).or(text);
    let fg = set(style.fg, theme.text.fg).expect("a foreground");
    let bg = set(style.bg, theme.text.bg).expect("a background");
    if style.add_modifier.contains(Modifier::REVERSED) {
        (bg, fg)
    } else {
        (fg, bg)
    }
}

/// The contrast that WCAG AA asks of text and, without text, of lines and marks; the theme that has
/// it in its name keeps the stricter level AAA.
fn wanted(theme: &str, is_text: bool) -> f64 {
    match (theme.starts_with("high-contrast"), is_text) {
        (true, _) => 7.0,
        (false, true) => 4.5,
        (false, false) => 3.0,
    }
}

#[test]
fn every_style_of_a_theme_has_the_contrast_that_wcag_asks_of_text() {
    let mut seen = 0;
    for (name, theme) in coloured() {
        for (style_name, style) in theme.styles() {
            let (fg, bg) = colours(&theme, style);
            let ratio = contrast(fg, bg);
            let wanted = wanted(&name, style_name != "border");
            assert!(ratio >= wanted, "{style_name} of {name}: {ratio:.2}");
            let dim = style.add_modifier.contains(Modifier::DIM);
            assert!(!dim, "{style_name} of {name}: nobody knows how dim dim is");
            seen += 1;
        }
    }
    assert_eq!(
        seen,
        2 * 13 * Theme::STYLES.len(),
        "two forms of thirteen themes"
    );
}

#[test]
fn every_cell_of_every_scene_has_the_contrast_that_wcag_asks() {
    for (name, theme) in coloured() {
        let look = look(theme);
        for (scene_name, scene) in scenes::ALL {
            for size in [(80, 24), (30, 6), (16, 1), (5, 1)] {
                let screen = draw(&mut scene(), &look, size);
                for cell in screen.cells.content() {
                    let symbol = cell.symbol();
                    let (fg, bg) = colours(&theme, cell.style());
                    // Lines, blocks (the digits are larger than large text) and marks.
                    let is_text = !symbol
                        .chars()
                        .all(|c| ('\u{2500}'..'\u{2600}').contains(&c));
                    let ratio = contrast(fg, bg);
                    let enough = symbol.trim().is_empty() || ratio >= wanted(&name, is_text);
                    let about = format!("{scene_name} in {name} at {size:?}");
                    assert!(enough, "{symbol} in {about}: {fg} on {bg} is {ratio:.2}");
                }
            }
        }
    }
}

#[test]
fn the_contrast_is_computed_as_wcag_has_it() {
    let hex = |n: u32| Color::from_u32(n);
    let near = |one: f64, other: f64| (one - other).abs() < 0.01;
    assert!(near(contrast(hex(0xffffff), hex(0x000000)), 21.0));
    assert!(near(contrast(hex(0x777777), hex(0xffffff)), 4.48));
    assert!(near(contrast(hex(0xff0000), hex(0xffffff)), 4.0));
    assert_eq!(rgb(Color::Indexed(16)), rgb(hex(0x000000)));
    assert_eq!(rgb(Color::Indexed(214)), rgb(hex(0xffaf00)));
    assert_eq!(rgb(Color::Indexed(255)), rgb(hex(0xeeeeee)));
}

/// How a colour looks without one of the three kinds of cones, in linear light: the matrices of
/// Machado, Oliveira and Fernandes (2009) for full severity.
const BLINDNESS: [(&str, [[f64; 3]; 3]); 3] = [
    (
        "protanopia",
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ],
    ),
    (
        "deuteranopia",
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ],
    ),
    (
        "tritanopia",
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ],
    ),
];

/// A colour of linear light in CIE L*a*b*, in which distances are what eyes see.
fn lab([r, g, b]: [f64; 3]) -> [f64; 3] {
    let white = [0.95047, 1.0, 1.08883];
    let xyz = [
        0.4124 * r + 0.3576 * g + 0.1805 * b,
        0.2126 * r + 0.7152 * g + 0.0722 * b,
        0.0193 * r + 0.1192 * g + 0.9505 * b,
    ];
    let mut f = [0.0; 3];
    for at in 0..3 {
        let t: f64 = xyz[at] / white[at];
        f[at] = match t {
            t if t > 0.008856 => t.cbrt(),
            t => 7.787 * t + 16.0 / 116.0,
        };
    }
    [
        116.0 * f[1] - 16.0,
        500.0 * (f[0] - f[1]),
        200.0 * (f[1] - f[2]),
    ]
}

/// The least distance, for any kind of colour blindness, between what is saved, what is on its way
/// and what went wrong.
fn least_distance(theme: &Theme) -> f64 {
    let styles = [theme.saved, theme.saving, theme.trouble];
    let mut least = f64::MAX;
    for (_, matrix) in BLINDNESS {
        let seen = styles.map(|style| {
            let light = linear(colours(theme, style).0);
            let row = |row: [f64; 3]| (0..3).map(|at| row[at] * light[at]).sum::<f64>();
            lab(matrix.map(|m| row(m).clamp(0.0, 1.0)))
        });
        for (one, other) in [(0, 1), (0, 2), (1, 2)] {
            let squares = (0..3).map(|at| (seen[one][at] - seen[other][at]).powi(2));
            least = least.min(squares.sum::<f64>().sqrt());
        }
    }
    least
}

#[test]
fn the_colours_of_the_colour_blind_theme_stay_far_apart() {
    let theme = Theme::built_in("colour-blind");
    for theme in [theme, theme.in_256_colours()] {
        let least = least_distance(&theme);
        assert!(least > 30.0, "{least:.1}");
    }
    // A theme of red and green would be found out.
    let style = |colour| Style::new().fg(Color::from_u32(colour));
    let red_and_green = Theme {
        saved: style(0x8a9a20),
        saving: style(0x2080ff),
        trouble: style(0xc07020),
        ..theme
    };
    assert!(least_distance(&red_and_green) < 30.0);
}

#[test]
fn monochrome_has_attributes_and_no_colour() {
    let theme = Theme::built_in("monochrome");
    assert!(theme.is_monochrome());
    assert_eq!(theme, Theme::plain());
    assert_ne!(theme.picked, theme.text);
    for (name, _) in BUILT_IN.iter().filter(|(name, _)| *name != "monochrome") {
        assert!(!Theme::built_in(name).is_monochrome(), "{name}");
    }
}

#[test]
fn monochrome_names_every_style_for_the_others_inherit_from_it() {
    let monochrome = BUILT_IN.iter().find(|(name, _)| *name == "monochrome");
    let (_, text) = monochrome.expect("a theme");
    let entries = Document::new("monochrome.toml", text).entries();
    let named: Vec<&str> = entries
        .iter()
        .map(|(key, _)| key.get_ref().as_str())
        .collect();
    assert_eq!(named, Theme::STYLES);
}

#[test]
fn the_picked_row_is_one_bar_that_no_other_row_looks_like() {
    for (name, _) in BUILT_IN {
        for size in [(120, 40), (80, 24), (40, 12)] {
            for scene in [
                scenes::playing,
                scenes::rivals,
                scenes::hostile_names_playing,
            ] {
                let screen = draw(&mut scene(), &look(Theme::built_in(name)), size);
                let border = |x: &u16| screen.cells[(*x, 1)].symbol() == "╮";
                let right = (0..size.0).find(border).expect("the list's corner");
                let is_picked = |y: &u16| screen.cells[(1, *y)].symbol() == "▶";
                let row = (2..size.1).find(is_picked).expect("the picked row");
                let style = |x, y| screen.cells[(x, y)].style();
                let bar = style(1, row);
                let mut x = 1;
                while x < right {
                    assert_eq!(style(x, row), bar, "{name} at {size:?}: column {x}");
                    // What a wide symbol covers is not drawn.
                    x += (screen.cells[(x, row)].symbol().width() as u16).max(1);
                }
                let reversed = bar.add_modifier.contains(Modifier::REVERSED);
                let other = style(right - 1, row + 1);
                assert!(reversed || bar.bg != other.bg, "{name} at {size:?}");
            }
        }
    }
}
