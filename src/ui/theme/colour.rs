//! Computes brightness and contrast, and converts colours for terminals with 256 of them.

use anstyle_lossy::palette::DEFAULT;
use ratatui::style::{Color, Style};

/// The contrast that WCAG AA requires for text.
const ENOUGH: f64 = 4.5;

/// The number of steps from a colour to white or black.
const STEPS: u16 = 16;

/// Red, green and blue.
type Rgb = (u8, u8, u8);

/// The brightness of the terminal's background.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Background {
    /// White text has more contrast.
    Dark,
    /// Black text has more contrast.
    Light,
}

impl Background {
    /// The brightness of this colour.
    pub fn of(colour: Rgb) -> Self {
        match contrast(colour, (255, 255, 255)) > contrast(colour, (0, 0, 0)) {
            true => Self::Dark,
            false => Self::Light,
        }
    }
}

/// WCAG's relative luminance.
fn luminance((r, g, b): Rgb) -> f64 {
    let linear = |byte: u8| match f64::from(byte) / 255.0 {
        c if c <= 0.04045 => c / 12.92,
        c => ((c + 0.055) / 1.055).powf(2.4),
    };
    0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
}

/// WCAG's contrast ratio, from 1 to 21.
fn contrast(one: Rgb, other: Rgb) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// Converts a style to 256 colours. The background becomes the nearest colour. The foreground
/// becomes the nearest colour with the same contrast, as far as WCAG requires it. `text` gives the
/// colours of the screen.
pub fn in_256(mut style: Style, text: Style) -> Style {
    let below = style.bg.or(text.bg);
    let colours = style.fg.and_then(rgb).zip(below.and_then(rgb));
    style.bg = style.bg.map(nearest);
    style.fg = style.fg.map(|fg| match colours {
        Some((fg, bg)) => readable(fg, bg),
        None => nearest(fg),
    });
    style
}

fn readable(fg: Rgb, bg: Rgb) -> Color {
    let wanted = contrast(fg, bg).min(ENOUGH);
    let shown = |number: u8| {
        let shown = anstyle_lossy::xterm_to_rgb(number.into(), DEFAULT);
        (shown.r(), shown.g(), shown.b())
    };
    let bg = shown(number(bg));
    let end = match Background::of(bg) {
        Background::Dark => 255,
        Background::Light => 0,
    };
    let mixed = |step: u16| {
        let mix = |c: u8| ((u16::from(c) * (STEPS - step) + end * step) / STEPS) as u8;
        number((mix(fg.0), mix(fg.1), mix(fg.2)))
    };
    let mut steps = (0..=STEPS).map(mixed);
    let found = steps.find(|number| contrast(shown(*number), bg) >= wanted);
    Color::Indexed(found.unwrap_or_else(|| mixed(STEPS)))
}

fn rgb(colour: Color) -> Option<Rgb> {
    match colour {
        Color::Rgb(r, g, b) => Some((r, g, b)),
        _ => None,
    }
}

fn number(colour: Rgb) -> u8 {
    anstyle_lossy::rgb_to_xterm(colour.into()).0
}

fn nearest(colour: Color) -> Color {
    rgb(colour).map_or(colour, |rgb| Color::Indexed(number(rgb)))
}
