//! The player list: rank, name, score and pace, in columns that stay aligned for any name.

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::{Margin, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Paragraph, Widget, Wrap};

use super::Look;
use super::layout::{self, Full};
use super::{boxes, field, pace};
use crate::game::{Period, Player};
use crate::state::{Mode, State};
use crate::words::{Say, text};

/// Draws the list with its border in this place, its filter and the visible rows.
pub fn draw(state: &State, look: &Look, full: &Full, place: Rect, frame: &mut Frame) {
    let theme = &look.theme;
    let count = match (state.loaded, state.is_filtered()) {
        (false, _) => String::new(),
        (true, false) => format!(" {} ", counted(state)),
        (true, true) => format!(" {} ", look.say(&shown_of(state))),
    };
    let room = usize::from(place.width.saturating_sub(2));
    let titles = titles(state, look).into_iter();
    let mut titles = titles.map(|title| format!(" {title} "));
    let title = titles.find(|title| text::width(title) + text::width(&count) <= room);
    let title = title.unwrap_or_default();
    let mut block = boxes::titled(title, theme.border, look)
        .title(Line::styled(count, theme.quiet).right_aligned());
    let typing = matches!(state.mode, Mode::Filter);
    if typing || state.is_filtered() {
        block = block.title_bottom(filter_line(state, look, place, typing, frame));
    }
    frame.render_widget(block, place);

    let rows = state.viewport.top..state.viewport.top + usize::from(full.rows.height);
    let players = rows.map_while(|r| state.row(r));
    let players: Vec<_> = players.map(|p| (p, state.rank_of(p))).collect();
    let columns = Columns::of(&players, full.rows.width.into());
    for (row, (player, rank)) in full.rows.rows().zip(players) {
        columns.draw((player, rank), state, look, row, frame.buffer_mut());
        if state.picked == Some(player.id) {
            // One style over all parts of the row.
            let style = Style::reset().patch(theme.picked);
            frame.buffer_mut().set_style(row, style);
        }
    }
    if state.loaded && state.row_count() == 0 {
        let words = if state.is_fetching() {
            Say::Searching
        } else if state.is_filtered() {
            Say::NobodyFits
        } else {
            Say::NobodyPlays
        };
        let words = look.say(&words);
        frame.render_widget(
            Paragraph::new(Line::styled(words, theme.quiet)).wrap(Wrap { trim: true }),
            full.rows.inner(Margin::new(1, 0)),
        );
    }
}

/// The titles to choose from, the longest first: the period, and until its numbers are there the one
/// that was asked for, too. The shorter title is enough.
fn titles(state: &State, look: &Look) -> Vec<String> {
    let shown = look.say(&title(state.times.period, state));
    if !state.is_ranking() {
        return vec![shown];
    }
    let next = title(state.times.wanted(), state).into();
    let next = look.say(&Say::ListTo { next });
    vec![format!("{shown} {next}"), next]
}

/// What a list by this period is called, with the time zone if it is not the player's own.
pub fn title(period: Period, state: &State) -> Say {
    let title = match period {
        Period::AllTime => return Say::ListPlayers,
        Period::Month => Say::ListMonth,
        Period::Week => Say::ListWeek,
        Period::Day => Say::ListToday,
    };
    match state.times.zone.is_unknown() {
        true => {
            let title = title.into();
            Say::InUtc { title }
        }
        false => title,
    }
}

/// How many players match the filter.
pub fn shown_of(state: &State) -> Say {
    let (shown, all) = (state.row_count() as u64, state.standings.len() as u64);
    let finds = state
        .search_results
        .as_ref()
        .filter(|_| !state.is_everyone());
    match finds.is_some_and(|finds| finds.more) {
        true => Say::FirstOf { shown, all },
        false => Say::ShownOf { shown, all },
    }
}

/// The number of players, and whether more are being loaded.
fn counted(state: &State) -> String {
    let all = match state.times.is_all_time() {
        true => state.standings.len(),
        false => state.row_count(),
    };
    let all = text::grouped(all);
    match state.is_fetching() {
        true => format!("… {all}"),
        false => all,
    }
}

/// If names are narrower than this, rates are not shown.
const NAME: usize = 12;

/// The width of each part of a row. If there is little room, rates are dropped first, then the
/// number of ranks moved; then names are cut, and scores last. The signs for moving and playing
/// stay, because they only replace a blank.
struct Columns {
    rank: usize,
    moved: usize,
    name: usize,
    score: usize,
    rate: usize,
}

impl Columns {
    /// The widths for the visible players, if this many columns are available.
    fn of(players: &[(&Player, Option<u64>)], all: usize) -> Self {
        let ranks = players.iter().filter_map(|(_, rank)| *rank);
        let rank = text::grouped(ranks.max().unwrap_or_default()).len().max(2);
        let scores = players
            .iter()
            .map(|(player, _)| text::grouped(player.score).len());
        let score = scores.max().unwrap_or_default().max(3);
        // The marker of the picked row, the sign of a move, a blank before the score, and the sign
        // of who plays.
        let score = score.min(all.saturating_sub(rank + 4));
        let left = all.saturating_sub(rank + score + 4);
        // A blank before the sign of who plays, and one behind the number of ranks moved.
        let (moved, rate) = (3, 1 + pace::RATE_COLUMNS);
        let moved = if left >= NAME + moved - 1 { moved } else { 1 };
        let left = left + 1 - moved;
        let rate = if left >= NAME + rate { rate } else { 0 };
        Self {
            rank,
            moved,
            name: left - rate,
            score,
            rate,
        }
    }

    /// Draws a player's row. What is blank in it is left as it is.
    fn draw(
        &self,
        (player, rank): (&Player, Option<u64>),
        state: &State,
        look: &Look,
        row: Rect,
        buffer: &mut Buffer,
    ) {
        let theme = &look.theme;
        let picked = state.picked == Some(player.id);
        let (style, quiet) = match picked {
            true => (theme.picked, theme.picked),
            false => (Style::new(), theme.quiet),
        };
        let mut put = |column: usize, words: &str, style: Style| {
            let (_, place) = layout::left(row, column as u16);
            write(words, style, place, buffer);
        };
        if picked {
            put(0, "▶", theme.accent);
        }
        let mut end = 1 + self.rank;
        // The rank may not be known yet.
        let ranked = rank.map_or_else(|| "…".to_owned(), text::grouped);
        put(end - text::width(&ranked), &ranked, quiet);
        if let Some(rank) = rank {
            let moved = pace::moved(state, player.id, rank as usize);
            let moved: String = moved.chars().take(self.moved).collect();
            put(end, &moved, theme.strong);
        }
        end += self.moved;
        put(end, &text::cut(&look.name(&player.name), self.name), style);
        end += self.name + 1 + self.score;
        // A cut number ends with `…`.
        let score = text::cut(&text::grouped(player.score), self.score);
        put(end - text::width(&score), &score, style);
        if state.pace.is_playing(player.id) {
            let gap = usize::from(self.rate > 0);
            put(end + gap, pace::PLAYING, theme.accent);
            if self.rate > 0 {
                put(end + gap + 1, &pace::rate(state, player.id), quiet);
            }
        }
    }
}

/// Writes a text of one style. Most names and all numbers are plain: each byte is a character of one
/// column. Only for other texts the characters have to be found first, which takes three times as
/// long, and a game server does this for every row of every player.
fn write(words: &str, style: Style, place: Rect, buffer: &mut Buffer) {
    if !text::is_plain(words) {
        return Span::styled(words, style).render(place, buffer);
    }
    for (x, byte) in (place.left()..place.right()).zip(words.bytes()) {
        if let Some(cell) = buffer.cell_mut((x, place.y)) {
            cell.set_char(byte.into()).set_style(style);
        }
    }
}

/// The filter in the list's lower border, with the cursor.
fn filter_line(
    state: &State,
    look: &Look,
    list: Rect,
    typing: bool,
    frame: &mut Frame,
) -> Line<'static> {
    let room = usize::from(list.width).saturating_sub(7);
    let (shown, cursor) = field::visible(&state.filter, room);
    if typing {
        frame.set_cursor_position((list.x + 4 + cursor as u16, list.bottom() - 1));
    }
    let width = room.min(text::width(&shown) + 1);
    Line::from(vec![
        Span::styled(" / ", look.theme.key),
        Span::styled(text::fit(&shown, width), look.theme.strong),
    ])
}
