//! A text field: the visible part of the text, and the column of its cursor.

use tui_input::Input;
use unicode_segmentation::UnicodeSegmentation;

use crate::words::text;

/// The text around the cursor in at most `room` columns, and the cursor's column in it.
pub fn visible(input: &Input, room: usize) -> (String, usize) {
    let scroll = input.visual_scroll(room);
    let cursor = input.visual_cursor().saturating_sub(scroll).min(room);
    (scrolled(input.value(), scroll, room), cursor)
}

/// The part of the text from column `scroll` on, in at most `room` columns.
fn scrolled(value: &str, scroll: usize, room: usize) -> String {
    let value = text::harmless(value);
    let mut skipped = 0;
    let rest: String = value
        .graphemes(true)
        .skip_while(|cluster| {
            let skip = skipped < scroll;
            skipped += text::width(cluster);
            skip
        })
        .collect();
    let mut used = 0;
    rest.graphemes(true)
        .take_while(|cluster| {
            used += text::width(cluster);
            used <= room
        })
        .collect()
}
