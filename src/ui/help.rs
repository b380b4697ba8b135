//! The help: every key and mouse action, in columns if there is room.

mod sheet;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Text};
use ratatui::widgets::Paragraph;

use super::keymap::{Binding, Key, SECTIONS, Section};
use super::layout::{self, Layout};
use super::{Look, popup};
use crate::message::Rights;
use crate::state::{Context, Kind, State};
use crate::words::{Say, text};
use sheet::{Block, COLUMN, HelpRow, KEYS, Sheet, WIDTH, column, line};

/// Whether a player with these rights can get there.
fn is_reached(section: Section, rights: Rights) -> bool {
    let Section::In(context) = section else {
        return true;
    };
    match context {
        Context::Form => rights.add || rights.edit,
        Context::Namesake => rights.add,
        Context::Confirm => rights.remove,
        // Who may not play can watch a race.
        Context::Competing(Kind::Race) => true,
        Context::Choosing(_) | Context::Competing(_) => rights.play,
        _ => true,
    }
}

/// The sections of the help, first the one for the screen below. They list every binding that the
/// rights allow. Bindings with the same keys and words as in an earlier section are left out.
fn blocks(look: &Look, rights: Rights, over: Context) -> Vec<Block> {
    let reached = |(section, ..): &&(Section, _, _)| is_reached(*section, rights);
    let mut sections: Vec<_> = SECTIONS.iter().filter(reached).collect();
    sections.sort_by_key(|(section, ..)| *section != Section::In(over));
    let mut told: Vec<(Key, &Say)> = Vec::new();
    let mut blocks = Vec::new();
    for &(section, _, heading) in sections {
        let mut rows = Vec::new();
        for binding in allowed(section, rights, look) {
            let pairs = binding.keys.iter().map(|key| (*key, binding.help));
            if !pairs.clone().all(|pair| told.contains(&pair)) {
                told.extend(pairs);
                rows.push(row(binding));
            }
        }
        blocks.push(Block { heading, rows });
    }
    let mouse = [
        (&Say::MouseButton, &Say::MouseButtonDoes, rights.play),
        (&Say::MouseRow, &Say::MouseRowDoes, true),
        (&Say::MouseWheel, &Say::MouseWheelDoes, true),
    ];
    let mouse = mouse.into_iter().filter(|(.., allowed)| *allowed);
    let rows = mouse.map(|(what, does, _)| (vec![look.say(what)], does));
    blocks.push(Block {
        heading: &Say::KeysMouse,
        rows: rows.collect(),
    });
    blocks.retain(|block| !block.rows.is_empty());
    blocks
}

/// The bindings of a section that the rights allow.
fn allowed(section: Section, rights: Rights, look: &Look) -> impl Iterator<Item = &Binding> {
    let bindings = look.keymap.section(section);
    bindings.filter(move |binding| rights.allow(binding.action))
}

fn row(binding: &Binding) -> HelpRow {
    let keys = binding.keys.iter();
    (keys.map(|key| key.label()).collect(), binding.help)
}

/// The keys of one context, and what they do.
pub fn section(context: Context, rights: Rights, look: &Look) -> impl Iterator<Item = HelpRow> {
    allowed(Section::In(context), rights, look).map(row)
}

/// Draws all keys into an area, or if they don't fit, those of the game. If the area is narrow, only
/// the first key of each action.
pub fn fill(state: &State, look: &Look, area: Rect, frame: &mut Frame) {
    let blocks = blocks(look, state.rights, Context::Play);
    let most = area.width / COLUMN;
    if let Some(sheet) = Sheet::of(&blocks, area.height.into(), most.into()) {
        return sheet.draw(0, look, area, frame);
    }
    let mut rows: Vec<HelpRow> = section(Context::Play, state.rights, look).collect();
    let mut width = KEYS;
    if area.width < COLUMN {
        rows.iter_mut().for_each(|(keys, _)| keys.truncate(1));
        let keys = rows.iter().map(|(keys, _)| text::width(&keys.concat()));
        width = keys.max().unwrap_or_default().min(KEYS);
    }
    let rows = rows.iter();
    let lines = rows.map(|row| line(row, width, look, area.width.into()));
    frame.render_widget(Paragraph::new(Text::from_iter(lines)), area);
}

/// The lines of the help in one column, for a screen of one line.
pub fn lines(state: &State, look: &Look, columns: usize) -> Vec<Line<'static>> {
    let blocks = blocks(look, state.rights, state.helped());
    column(blocks.iter(), 1, look, columns)
}

/// The rows for the help on a screen, and how many columns fit.
fn room(area: Rect) -> Option<(usize, usize)> {
    match Layout::of(area) {
        Layout::Full(_) => {
            let columns = (area.width.saturating_sub(2) / COLUMN).max(1);
            Some((area.height.saturating_sub(4).into(), columns.into()))
        }
        Layout::Compact(_) => Some((layout::rows_above_hints(area).height.into(), 1)),
        Layout::TooSmall(_) => None,
    }
}

/// How many rows the help can be scrolled on a screen of this size.
pub fn overflow(state: &State, look: &Look, area: Rect) -> usize {
    let blocks = blocks(look, state.rights, state.helped());
    hidden(&blocks, area)
}

/// How many of these lines a screen of this size hides.
fn hidden(blocks: &[Block], area: Rect) -> usize {
    room(area).map_or(0, |(rows, columns)| {
        let sheet = Sheet::scrolled(blocks, rows, columns);
        sheet.height().saturating_sub(rows)
    })
}

/// Draws the help if it is open: in as many columns as fit, which scroll if they are too high.
pub fn draw(state: &State, look: &Look, frame: &mut Frame) {
    let Some(top) = state.help else {
        return;
    };
    let blocks = blocks(look, state.rights, state.helped());
    let (rows, most) = room(frame.area()).unwrap_or_default();
    let sheet = Sheet::scrolled(&blocks, rows, most);
    let count = sheet.columns.len().max(1) as u16;
    let wide = ((frame.area().width - 2) / count).min(WIDTH);
    let high = sheet.height() as u16;
    let size = match wide * count + 2 {
        // If only a narrow strip would stay visible beside the box, cover it, too.
        most if most + 6 > frame.area().width => (frame.area().width, high + 2),
        some => (some, high + 2),
    };
    let inner = popup::open(&look.say(&Say::Keys), size, look, frame);
    let more = usize::from(high).saturating_sub(inner.height.into());
    let top = top.min(more);
    sheet.draw(top, look, inner, frame);
    let arrows = match (top > 0, top < more) {
        (false, false) => return,
        (false, true) => "↓",
        (true, true) => "↑ ↓",
        (true, false) => "↑",
    };
    let note = format!(" {arrows} {} ", look.say(&Say::KeysMore));
    let border = Rect {
        y: inner.bottom(),
        height: 1,
        ..inner
    };
    let note = Line::styled(note, look.theme.key).right_aligned();
    frame.render_widget(note, border.intersection(frame.area()));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::{Language, Words};

    fn look(language: Language) -> Look {
        Look {
            words: Words::new(language),
            ..Look::default()
        }
    }

    const NONE: Rights = Rights {
        play: false,
        add: false,
        edit: false,
        remove: false,
    };

    #[test]
    fn the_help_is_as_high_as_its_lines() {
        let look = look(Language::English);
        let area = Rect::new(0, 0, 60, 24);
        for rights in [Rights::ALL, NONE] {
            let blocks = blocks(&look, rights, Context::Play);
            let lines = column(blocks.iter(), 1, &look, WIDTH.into()).len();
            assert_eq!(hidden(&blocks, area), lines - 20);
            // Two columns are about half as high.
            let wide = hidden(&blocks, Rect::new(0, 0, 80, 24));
            assert!(
                (lines / 2 - 20..lines * 2 / 3 - 20).contains(&wide),
                "{wide}"
            );
        }
        let hidden = |rights| hidden(&blocks(&look, rights, Context::Play), area);
        assert!(hidden(NONE) < hidden(Rights::ALL));
    }

    #[test]
    fn what_it_is_opened_over_comes_first_and_whole() {
        let look = look(Language::English);
        for &(section, _, heading) in SECTIONS {
            let Section::In(context) = section else {
                continue;
            };
            let blocks = blocks(&look, Rights::ALL, context);
            assert_eq!(blocks[0].heading, heading);
            let keys = allowed(section, Rights::ALL, &look).count();
            assert_eq!(blocks[0].rows.len(), keys, "{context:?}");
            let (rows, columns) = room(Rect::new(0, 0, 120, 40)).expect("room");
            assert!(Sheet::of(&blocks, rows, columns).is_some(), "{context:?}");
        }
    }

    #[test]
    fn a_large_window_has_room_for_all_of_it_and_for_a_mode_more() {
        for language in Language::ALL {
            let look = look(language);
            let mut blocks = blocks(&look, Rights::ALL, Context::Play);
            let (rows, columns) = room(Rect::new(0, 0, 120, 40)).expect("room");
            assert_eq!((rows, columns), (36, 3));
            let sheet = Sheet::of(&blocks, rows, columns).expect("room for all");
            for blocks in &sheet.columns {
                let blocks = blocks.iter().copied();
                let lines = column(blocks, sheet.gap, &look, COLUMN.into());
                let cut = lines.iter().find(|line| line.to_string().ends_with('…'));
                assert_eq!(cut, None, "{language:?}");
            }
            let rows_of = |keys: usize| Block {
                heading: &Say::KeysHelp,
                rows: vec![(Vec::new(), &Say::Keys); keys],
            };
            blocks.push(rows_of(4));
            assert!(Sheet::of(&blocks, rows, columns).is_some());
        }
    }

    #[test]
    fn no_section_is_torn_and_none_is_left_out() {
        let look = look(Language::English);
        let blocks = blocks(&look, Rights::ALL, Context::Play);
        for rows in 25..60 {
            let Some(sheet) = Sheet::of(&blocks, rows, 9) else {
                panic!("{rows} rows");
            };
            let placed = sheet.columns.iter().map(Vec::len).sum::<usize>();
            assert_eq!(placed, blocks.len());
            let first = sheet.columns[0][0].heading;
            assert_eq!(first, blocks[0].heading, "the present one first");
        }
        let too_few = Sheet::of(&blocks, 10, 9);
        assert!(too_few.is_none(), "the game's keys alone are more");
    }
}
