//! A contest in the place of the list: the choice, the clock and the rival, the result.

mod page;
mod race;
mod sprint;
pub mod words;

use ratatui::Frame;
use ratatui::layout::{Margin, Rect};
use ratatui::text::{Span, Text};
use ratatui::widgets::{Block, BorderType, Clear, Paragraph};

use super::layout::{FULL, Full};
use super::{Look, clicker};
use crate::game::contest::{Length, Stage};
use crate::state::{Contest, Kind, Phase, Rival, State};
use crate::words::{Say, text};
use page::Page;

pub use race::{offer, offer_action};

/// The fewest columns beside which the clicker pane stays in sight.
const BESIDE: u16 = 30;

/// The fewest rows in which a number is drawn large.
const LARGE: u16 = 14;

/// Where it stands: in the list's place, or in both panes' where that is narrow.
pub fn place(full: &Full) -> Rect {
    if full.list.width >= BESIDE {
        full.list
    } else {
        full.list.union(full.pane)
    }
}

/// Whether it stands where the line of state else is.
pub fn covers_status(state: &State, full: &Full) -> bool {
    state.contest().is_some() && place(full) != full.list
}

/// Draws the contest that is on the screen.
pub fn draw(state: &State, contest: &Contest, look: &Look, full: &Full, frame: &mut Frame) {
    let seconds = contest.length.seconds().into();
    let seen = contest.is_on() || contest.phase == Phase::Over;
    let title = match contest.kind() {
        Kind::Sprint if contest.is_choice() => Say::Sprint,
        Kind::Sprint => Say::SprintOver { seconds },
        Kind::Race if seen => Say::RaceOver { seconds },
        Kind::Race => Say::Race,
    };
    let number = match (contest.stage(), contest.kind()) {
        (Stage::Starting(seconds), _) => Some(seconds),
        (Stage::Running(_) | Stage::Saving, _) | (Stage::Over, Kind::Sprint) => contest.presses(),
        _ => None,
    };
    let title = format!(" {} ", look.words.say(&title));
    let words = pane(title, number, look, full, frame);
    let mut page = Page::new(look, words);
    if contest.is_choice() {
        for length in Length::ALL {
            let chosen = contest.length == length;
            let words = match &contest.rival {
                Rival::Ghost(ghost) => sprint::choice(ghost, length, look),
                Rival::Racers(_) if chosen => look.words.say(&Say::RaceChoice).into_owned(),
                Rival::Racers(_) => String::new(),
            };
            page.length(length, chosen, &words);
        }
    }
    match &contest.rival {
        Rival::Ghost(ghost) => sprint::draw(state, contest, ghost, &mut page),
        Rival::Racers(racers) => race::draw(state, contest, racers, &mut page),
    }
    frame.render_widget(Paragraph::new(Text::from_iter(page.lines())), words);
}

/// An empty bordered box in its place, with a number that is drawn large if there is room for it;
/// gives what is left for words.
fn pane(title: String, number: Option<u64>, look: &Look, full: &Full, frame: &mut Frame) -> Rect {
    let place = place(full);
    let block = Block::bordered()
        .border_type(BorderType::Rounded)
        .border_style(look.theme.accent)
        .title(Span::styled(title, look.theme.strong));
    let inner = block.inner(place).inner(Margin::new(1, 0));
    frame.render_widget(Clear, place);
    frame.render_widget(block, place);
    let Some(number) = number.filter(|_| inner.height >= LARGE) else {
        return inner;
    };
    let above = Rect { height: 6, ..inner };
    let below = Rect {
        y: above.bottom(),
        height: inner.height - above.height,
        ..inner
    };
    clicker::digits(number.cast_signed(), None, look, above, frame);
    below
}

/// All of it in one line, for a screen too small for more.
pub fn summary(state: &State, contest: &Contest, look: &Look) -> String {
    if let Stage::Running(left) = contest.stage() {
        let tenths = state.is_lively() || contest.kind() == Kind::Sprint;
        let elapsed = contest.length.time() - left;
        let left = look.words.say(&words::seconds(left, tenths)).into_owned();
        let Some(made) = contest.presses() else {
            return left;
        };
        let there = match &contest.rival {
            Rival::Ghost(ghost) => ghost.trace(contest.length).map(|trace| trace.by(elapsed)),
            Rival::Racers(racers) => race::best_other(racers),
        };
        let lead = there.map_or_else(String::new, |there| {
            let sign = if made < there { "-" } else { "+" };
            format!(" {sign}{}", text::grouped(made.abs_diff(there)))
        });
        return format!("{left} {}{lead}", text::grouped(made));
    }
    let summary = match &contest.rival {
        Rival::Ghost(ghost) => sprint::summary(contest, ghost),
        Rival::Racers(racers) => race::summary(contest, racers, look),
    };
    look.words.say(&summary).into_owned()
}

/// What a screen of few rows shows below that line, and what it has no room for.
pub fn small_print(contest: &Contest, look: &Look) -> String {
    let (columns, rows) = (FULL.0.into(), FULL.1.into());
    let print = match (contest.stage(), &contest.rival) {
        (Stage::Running(_) | Stage::Starting(_), _) | (Stage::Saving, Rival::Racers(_)) => {
            Some(Say::BarsNeed { columns, rows })
        }
        (_, Rival::Ghost(ghost)) => sprint::small_print(contest, ghost),
        (_, Rival::Racers(racers)) => race::small_print(contest, racers),
    };
    print.map_or_else(String::new, |print| look.words.say(&print).into_owned())
}
