//! Writes a screen as an SVG picture, which looks the same whatever fonts there are.

use std::fmt::Write;

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
    let (width, height) = (area.width * WIDE + 2 * RIM, area.height * HIGH + 2 * RIM);
    let ground = colour(theme.text.bg.unwrap_or_default());
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
         font-family=\"ui-monospace, 'DejaVu Sans Mono', 'Noto Sans Mono CJK SC', Menlo, Consolas, \
         monospace\" font-size=\"16\" xml:space=\"preserve\">\n\
         <rect width=\"{width}\" height=\"{height}\" rx=\"8\" fill=\"{ground}\"/>\n"
    );
    for y in 0..area.height {
        let mut x = 0;
        while x < area.width {
            let run = run(screen, x, y);
            let cell = &screen[(x, y)];
            let place = (x * WIDE + RIM, y * HIGH + RIM);
            draw(cell, &run, place, &ground, &mut svg);
            x += columns(&run);
        }
    }
    svg + "</svg>\n"
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
