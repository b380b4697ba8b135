//! Writes a screen as an SVG picture that looks the same with any installed fonts.

use std::fmt::Write;
use std::time::Duration;

use clickoff::ui::theme::Theme;
use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};
use unicode_width::UnicodeWidthStr;

/// The size of a cell.
const WIDE: u16 = 10;
const HIGH: u16 = 20;

/// The blank around the screen.
const RIM: u16 = 10;

/// The eighths of a cell from its left, top, right and bottom side that a block element fills, one
/// to four times.
#[rustfmt::skip]
const BLOCKS: &[(char, &[[u16; 4]])] = &[
    ('█', &[[0, 0, 8, 8]]), ('▀', &[[0, 0, 8, 4]]), ('▌', &[[0, 0, 4, 8]]), ('▐', &[[4, 0, 8, 8]]),
    ('▔', &[[0, 0, 8, 1]]),
    ('▁', &[[0, 7, 8, 8]]), ('▂', &[[0, 6, 8, 8]]), ('▃', &[[0, 5, 8, 8]]), ('▄', &[[0, 4, 8, 8]]),
    ('▅', &[[0, 3, 8, 8]]), ('▆', &[[0, 2, 8, 8]]), ('▇', &[[0, 1, 8, 8]]),
    ('▖', &[[0, 4, 4, 8]]), ('▗', &[[4, 4, 8, 8]]), ('▘', &[[0, 0, 4, 4]]), ('▝', &[[4, 0, 8, 4]]),
    ('▙', &[[0, 0, 4, 8], [4, 4, 8, 8]]), ('▛', &[[0, 0, 8, 4], [0, 4, 4, 8]]),
    ('▜', &[[0, 0, 8, 4], [4, 4, 8, 8]]), ('▟', &[[0, 4, 8, 8], [4, 0, 8, 4]]),
    ('▚', &[[0, 0, 4, 4], [4, 4, 8, 8]]), ('▞', &[[4, 0, 8, 4], [0, 4, 4, 8]]),
];

/// The line that a box element draws, from the upper left corner of its cell.
const LINES: &[(&str, &str)] = &[
    ("─", "m0 10h10"),
    ("│", "m5 0v20"),
    ("╭", "m5 20v-4q0-6 5-6"),
    ("╮", "m5 20v-4q0-6-5-6"),
    ("╰", "m5 0v4q0 6 5 6"),
    ("╯", "m5 0v4q0 6-5 6"),
];

/// The picture of a screen in a theme with colours of its own.
///
/// # Panics
/// Where a colour is the terminal's, which no picture knows.
pub fn picture(screen: &Buffer, theme: &Theme) -> String {
    let area = screen.area;
    let size = (area.width * WIDE + 2 * RIM, area.height * HIGH + 2 * RIM);
    let ground = colour(theme.text.bg.unwrap_or_default());
    let mut svg = head(size);
    panel((0, 0), size, &ground, &mut svg);
    for y in 0..area.height {
        row(screen, y, RIM, &ground, &mut svg);
    }
    svg + "</svg>\n"
}

/// A moving picture of screens beside each other, all of one size, which begins again at its end.
/// Each frame is shown for the same time. What stays the same is there once.
pub fn film(frames: &[Vec<Buffer>], frame: Duration, theme: &Theme) -> String {
    let screens = frames.first().expect("a frame").len();
    let area = frames[0][0].area;
    let (wide, high) = (area.width * WIDE + 2 * RIM, area.height * HIGH + 2 * RIM);
    let ground = colour(theme.text.bg.unwrap_or_default());
    let mut svg = head((screens as u16 * (wide + RIM) - RIM, high));
    let last = frames.len();
    let seconds = frame.as_secs_f32() * last as f32;
    for screen in 0..screens {
        let left = screen as u16 * (wide + RIM);
        panel((left, 0), (wide, high), &ground, &mut svg);
        for y in 0..area.height {
            let drawn = |frame: &Vec<Buffer>| {
                let mut drawn = String::new();
                row(&frame[screen], y, left + RIM, &ground, &mut drawn);
                drawn
            };
            let rows: Vec<String> = frames.iter().map(drawn).collect();
            let mut known: Vec<&String> = Vec::new();
            for shown in &rows {
                if known.contains(&shown) || shown.is_empty() {
                    continue;
                }
                known.push(shown);
                let mut changes: Vec<(usize, bool)> = Vec::new();
                for (at, other) in rows.iter().enumerate() {
                    let is_shown = other == shown;
                    if changes.last().is_none_or(|(_, was)| *was != is_shown) {
                        changes.push((at, is_shown));
                    }
                }
                if changes == [(0, true)] {
                    svg += shown;
                    continue;
                }
                let times = changes.iter().map(|(at, _)| {
                    let time = format!("{:.4}", *at as f32 / last as f32);
                    time.trim_end_matches('0').trim_end_matches('.').to_owned()
                });
                let times = times.collect::<Vec<_>>().join(";");
                let values = changes.iter().map(|(_, is_shown)| match is_shown {
                    true => "inline",
                    false => "none",
                });
                let values = values.collect::<Vec<_>>().join(";");
                // Where nothing moves, the last frame is shown.
                let still = match rows.last() == Some(shown) {
                    true => "inline",
                    false => "none",
                };
                writeln!(
                    svg,
                    "<g display=\"{still}\"><animate attributeName=\"display\" dur=\"{seconds}s\" \
                     repeatCount=\"indefinite\" calcMode=\"discrete\" keyTimes=\"{times}\" \
                     values=\"{values}\"/>\n{shown}</g>"
                )
                .expect("writing to memory");
            }
        }
    }
    svg + "</svg>\n"
}

fn head((width, height): (u16, u16)) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
         font-family=\"ui-monospace, 'DejaVu Sans Mono', 'Noto Sans Mono CJK SC', Menlo, Consolas, \
         monospace\" font-size=\"16\">\n"
    )
}

/// The ground of a screen.
fn panel((left, top): (u16, u16), (width, height): (u16, u16), ground: &str, svg: &mut String) {
    let place = match (left, top) {
        (0, 0) => String::new(),
        _ => format!("x=\"{left}\" y=\"{top}\" "),
    };
    writeln!(
        svg,
        "<rect {place}width=\"{width}\" height=\"{height}\" rx=\"8\" fill=\"{ground}\"/>"
    )
    .expect("writing to memory");
}

/// A row of a screen whose first column is at `left`.
fn row(screen: &Buffer, y: u16, left: u16, ground: &str, svg: &mut String) {
    let mut x = 0;
    while x < screen.area.width {
        let run = run(screen, x, y);
        let cell = &screen[(x, y)];
        let place = (x * WIDE + left, y * HIGH + RIM);
        draw(cell, &run, place, ground, svg);
        x += columns(&run);
    }
}

fn columns(text: &str) -> u16 {
    (text.width() as u16).max(1)
}

/// The symbols from a cell on that can be drawn at once: plain text in one style, or one symbol.
fn run(screen: &Buffer, x: u16, y: u16) -> String {
    let first = &screen[(x, y)];
    let mut run = first.symbol().to_owned();
    if !run.is_ascii() {
        return run;
    }
    for x in x + 1..screen.area.width {
        let cell = &screen[(x, y)];
        if !cell.symbol().is_ascii() || cell.style() != first.style() {
            break;
        }
        run += cell.symbol();
    }
    run
}

fn draw(cell: &Cell, run: &str, (x, y): (u16, u16), ground: &str, svg: &mut String) {
    let (mut ink, mut paper) = (colour(cell.fg), colour(cell.bg));
    if cell.modifier.contains(Modifier::REVERSED) {
        std::mem::swap(&mut ink, &mut paper);
    }
    let wide = columns(run) * WIDE;
    let mut rectangle = |[left, top, right, bottom]: [u16; 4], fill: &str| {
        writeln!(
            svg,
            "<rect x=\"{left}\" y=\"{top}\" width=\"{}\" height=\"{}\" fill=\"{fill}\" \
             shape-rendering=\"crispEdges\"/>",
            right - left,
            bottom - top
        )
        .expect("writing to memory");
    };
    if paper != ground {
        rectangle([x, y, x + wide, y + HIGH], &paper);
    }
    if run.trim().is_empty() {
        return;
    }
    let block = BLOCKS.iter().find(|(symbol, _)| run.starts_with(*symbol));
    if let Some((_, parts)) = block {
        for [left, top, right, bottom] in *parts {
            let across = |eighths: u16| x + eighths * WIDE / 8;
            let down = |eighths: u16| y + eighths * HIGH / 8;
            rectangle(
                [across(*left), down(*top), across(*right), down(*bottom)],
                &ink,
            );
        }
        return;
    }
    if let Some((_, line)) = LINES.iter().find(|(symbol, _)| *symbol == run) {
        let path = format!("M{x} {y}{line}");
        writeln!(svg, "<path d=\"{path}\" stroke=\"{ink}\" fill=\"none\"/>").expect("to memory");
        return;
    }
    let blank = (run.len() - run.trim_start().len()) as u16 * WIDE;
    let text = run.trim();
    let weight = match cell.modifier.contains(Modifier::BOLD) {
        true => " font-weight=\"bold\"",
        false => "",
    };
    let place = match text.is_ascii() {
        true => format!(
            "x=\"{}\" textLength=\"{}\"",
            x + blank,
            columns(text) * WIDE
        ),
        false => format!("x=\"{}\" text-anchor=\"middle\"", x + wide / 2),
    };
    // Browsers show blanks in a row as one, unless they are hard ones.
    let text = text.replace("  ", "\u{a0}\u{a0}");
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    writeln!(
        svg,
        "<text {place} y=\"{}\" fill=\"{ink}\"{weight}>{text}</text>",
        y + 15
    )
    .expect("writing to memory");
}

fn colour(colour: Color) -> String {
    match colour {
        Color::Rgb(r, g, b) => format!("#{r:02x}{g:02x}{b:02x}"),
        other => panic!("{other} is the terminal's own"),
    }
}
