//! A race in the place of the list: the choice, the start, everyone's bar, the result.

use std::time::Duration;

use ratatui::Frame;
use ratatui::style::Style;
use ratatui::text::{Line, Span, Text};
use ratatui::widgets::Paragraph;

use super::layout::{FULL, Full};
use super::sprint::{bar, length_line, pane, tenths, time_left};
use super::{Look, text};
use crate::game::race::{Race, Racer, Standing};
use crate::game::sprint::Length;
use crate::message::Action;
use crate::state::{Contest, Context, LastRaces, Live, RacePhase, Stage, State};
use crate::words::Say;

/// The most columns of a name in a sentence.
const NAME: usize = 24;

/// The race that others have opened, for the footer; nothing where there is none, it is on the
/// screen, or the keys of something else are needed more.
pub fn offer(state: &State, look: &Look, room: usize) -> Option<Line<'static>> {
    let offer = state.offer.as_ref()?;
    let asked = [Context::Form, Context::Confirm, Context::Leaving];
    if asked.contains(&state.context()) {
        return None;
    }
    if state.contest().and_then(Contest::race) == Some(offer.race) {
        return None;
    }
    let name = short(&offer.opener, look);
    let key = look.keymap.label(state.context(), Action::Join);
    let seconds = offer.length.seconds().into();
    let joins = offer.open && state.rights.play;
    let race = match (joins, name.clone()) {
        (true, name) => Say::RaceOffered { name, seconds },
        (false, name) => Say::RaceIsOn { name, seconds },
    };
    let line = |what: &Say| format!(" {}", look.words.say(what));
    let words = if key.is_empty() {
        line(&race)
    } else {
        let race = race.into();
        let whole = line(&match (joins, key.clone()) {
            (true, key) => Say::RaceJoin { race, key },
            (false, key) => Say::RaceWatch { race, key },
        });
        if text::width(&whole) <= room {
            whole
        } else if joins {
            // The key is what matters.
            line(&Say::ShortRaceJoin { name, key })
        } else {
            line(&Say::ShortRaceWatch { name, key })
        }
    };
    Some(Line::styled(text::cut(&words, room), look.theme.strong))
}

/// Draws the race that is on the screen.
pub fn draw(state: &State, contest: &Contest, look: &Look, full: &Full, frame: &mut Frame) {
    let title = match &contest.phase {
        RacePhase::On(live) => Say::RaceOver {
            seconds: live.race.length.seconds().into(),
        },
        _ => Say::Race,
    };
    let title = format!(" {} ", look.words.say(&title));
    let number = match &contest.phase {
        RacePhase::On(live) => match live.stage() {
            Stage::Starting(seconds) => Some(seconds),
            Stage::Running(_) | Stage::Ended => own_presses(state, live).map(|(made, _)| made),
            Stage::Closed => None,
        },
        _ => None,
    };
    let words = pane(title, number, look, full, frame);
    let mut page = Page {
        look,
        columns: words.width.into(),
        rows: words.height.into(),
        lines: Vec::new(),
    };
    match &contest.phase {
        RacePhase::Choosing(last) => choice(state, last, &mut page),
        RacePhase::Entering(_) | RacePhase::Awaited(..) => {
            page.say(&Say::RaceEntering, look.theme.saving);
        }
        RacePhase::On(live) => on(state, live, &mut page),
        RacePhase::Void(why) => page.say(why, look.theme.trouble),
    }
    page.lines.truncate(page.rows);
    frame.render_widget(Paragraph::new(Text::from_iter(page.lines)), words);
}

/// What is written into the pane.
struct Page<'l> {
    look: &'l Look,
    columns: usize,
    rows: usize,
    lines: Vec<Line<'static>>,
}

impl Page<'_> {
    fn left(&self) -> usize {
        self.rows.saturating_sub(self.lines.len())
    }

    /// A sentence on as many lines as it needs, or as there are.
    fn say(&mut self, what: &Say, style: Style) {
        let words = self.look.words.say(what);
        let wrapped = text::wrap(&words, self.columns, self.left().max(1));
        let lines = wrapped.into_iter().map(|line| Line::styled(line, style));
        self.lines.extend(lines);
    }

    /// A blank line, where there is room for it and for more.
    fn gap(&mut self) {
        if self.left() > 3 {
            self.lines.push(Line::default());
        }
    }
}

/// The lengths, and the last races.
fn choice(state: &State, last: &LastRaces, page: &mut Page) {
    let theme = &page.look.theme;
    for length in Length::ALL {
        let chosen = state.length() == length;
        let words = chosen.then(|| page.look.words.say(&Say::RaceChoice));
        let line = length_line(length, chosen, &words.unwrap_or_default(), page.look);
        page.lines.push(line);
    }
    page.gap();
    match last {
        LastRaces::NotYet => page.say(&Say::LastRacesReading, theme.quiet),
        LastRaces::Not(why) => {
            let why = why.clone().into();
            page.say(&Say::LastRacesUnread { why }, theme.trouble);
        }
        LastRaces::Read(_) if page.left() < 2 => {
            page.say(&Say::LastRacesNoRoom, theme.quiet);
        }
        LastRaces::Read(races) => {
            page.say(&Say::LastRaces, theme.strong);
            let mut run = races.iter().filter(|race| race.was_run()).peekable();
            if run.peek().is_none() {
                page.say(&Say::LastRacesEmpty, theme.quiet);
            }
            for race in run.take(page.left()) {
                let line = past(race, page.columns, page.look);
                page.lines.push(Line::raw(line));
            }
        }
    }
}

/// A race in one line: how long, and who made how many, the first first.
fn past(race: &Race, columns: usize, look: &Look) -> String {
    let racer = |(rank, racer): (usize, &Racer)| {
        let name = short(&racer.name, look);
        let note = note(racer.standing, true, look);
        format!("{rank} {name} {}{note}", racer.presses)
    };
    let racers: Vec<String> = race.ranked().into_iter().map(racer).collect();
    let time = seconds(format!("{:>2}", race.length.seconds()));
    let line = format!("{}  {}", look.words.say(&time), racers.join(" · "));
    text::cut(&line, columns)
}

/// A name that fits in a sentence.
fn short(name: &str, look: &Look) -> String {
    text::cut(&look.name(name), NAME)
}

/// What there is to say of a racer's standing, with a blank before it.
pub fn note(standing: Standing, closed: bool, look: &Look) -> String {
    let words = match standing {
        Standing::Left => Say::RacerLeft,
        Standing::Done if !closed => Say::RacerDone,
        _ => return String::new(),
    };
    format!(" {}", look.words.say(&words))
}

/// One's own presses: those made, and of them the ones that are committed.
fn own_presses(state: &State, live: &Live) -> Option<(u64, u64)> {
    live.own_presses(state.tally(live.own.as_ref()?.player))
}

/// A race that is seen.
fn on(state: &State, live: &Live, page: &mut Page) {
    let theme = &page.look.theme;
    match live.stage() {
        Stage::Starting(seconds) => {
            page.say(&Say::RaceStarts { seconds }, theme.strong);
        }
        Stage::Running(left) if state.is_lively() => {
            let line = time_left(left, live.race.length, page.look, page.columns);
            page.lines.push(line);
        }
        Stage::Running(left) => {
            let time = whole(left).into();
            page.say(&Say::TimeLeft { time }, theme.strong);
        }
        Stage::Ended => page.say(&Say::RaceSaving, theme.saving),
        Stage::Closed => {
            page.say(&verdict(live, page.look), theme.accent);
            page.gap();
        }
    }
    if let Some(why) = live.own.as_ref().and_then(|own| own.left.as_ref()) {
        let why = why.clone().into();
        page.say(&Say::RaceLeft { why }, theme.trouble);
    } else if state.is_offline() && live.stage() != Stage::Closed {
        page.say(&Say::RaceLinkLost, theme.trouble);
    }
    racers(state, live, page);
    if matches!(live.stage(), Stage::Starting(_)) && page.left() > 1 {
        page.gap();
        page.say(&Say::EarlyPresses, theme.quiet);
    }
}

/// Whole seconds, rounded up.
fn whole(left: Duration) -> Say {
    seconds((left.as_secs() + u64::from(left.subsec_nanos() > 0)).to_string())
}

fn seconds(n: String) -> Say {
    Say::Seconds { n }
}

/// Everyone's presses and bars, in the order of joining until the result stands.
fn racers(state: &State, live: &Live, page: &mut Page) {
    let theme = &page.look.theme;
    let own = live.own.as_ref().map(|own| own.number);
    let mine = own_presses(state, live).map(|(_, committed)| committed);
    let closed = live.stage() == Stage::Closed;
    let shown = |racer: &Racer| match mine {
        Some(mine) if Some(racer.number) == own && !closed => mine.max(racer.presses),
        _ => racer.presses,
    };
    let most = live.race.racers.iter().map(shown).max().unwrap_or(0).max(1);
    let ranked: Vec<(usize, &Racer)> = if closed {
        live.race.ranked()
    } else {
        let racers = live.race.racers.iter();
        racers.map(|r| (r.number as usize, r)).collect()
    };
    let width = most.to_string().len().max(3);
    let room = page.columns.saturating_sub(width + 6);
    let name_room = if page.columns >= 34 { 12 } else { room.min(8) };
    let (ranked, hidden) = in_sight(ranked, page.left(), own);
    for (rank, racer) in ranked {
        let is_own = Some(racer.number) == own;
        let style = if is_own { theme.picked } else { Style::new() };
        let marker = if is_own { "▶" } else { " " };
        let note = note(racer.standing, closed, page.look);
        let name = text::fit(&page.look.name(&racer.name), name_room);
        let presses = format!(" {:>width$}", shown(racer));
        let used = 4 + name_room + presses.len() + text::width(&note) + 1;
        let bars = if state.is_lively() || closed {
            bar(
                shown(racer).into(),
                most.into(),
                page.columns.saturating_sub(used),
            )
        } else {
            String::new()
        };
        page.lines.push(Line::from(vec![
            Span::styled(marker, theme.accent),
            Span::styled(format!("{rank:>2} "), theme.quiet),
            Span::styled(name, style),
            Span::styled(presses, style),
            Span::styled(note, theme.trouble),
            Span::raw(" "),
            Span::styled(bars, if is_own { theme.accent } else { theme.quiet }),
        ]));
    }
    if hidden > 0 {
        let racers = hidden as u64;
        page.say(&Say::MoreRacers { racers }, theme.quiet);
    }
}

/// The first of them and one's own, as many as there are rows for, and how many are left out.
fn in_sight(
    mut ranked: Vec<(usize, &Racer)>,
    rows: usize,
    own: Option<i64>,
) -> (Vec<(usize, &Racer)>, usize) {
    if ranked.len() <= rows {
        return (ranked, 0);
    }
    let keep = rows.saturating_sub(1);
    let hidden = ranked.len() - keep;
    let mut below = ranked.iter().skip(keep);
    let mine = below.find(|(_, r)| Some(r.number) == own).copied();
    ranked.truncate(keep);
    if let (Some(mine), Some(last)) = (mine, ranked.last_mut()) {
        *last = mine;
    }
    (ranked, hidden)
}

/// What the result is to the one who reads it.
pub fn verdict(live: &Live, look: &Look) -> Say {
    let ranked = live.race.ranked();
    let racers = ranked.len();
    let own = live.own.as_ref().map(|own| own.number);
    if let Some((rank, racer)) = ranked.iter().find(|(_, r)| Some(r.number) == own) {
        let presses = racer.presses;
        let shared = ranked.iter().filter(|(r, _)| r == rank).count() > 1;
        return match (racer.standing, rank) {
            (Standing::Left, _) => Say::LeftWith { presses },
            _ if racers == 1 => Say::RacedAlone { presses },
            (_, 1) if shared => Say::RaceShared { presses },
            (_, 1) => Say::RaceWon { presses },
            (_, rank) => Say::RaceRank {
                rank: *rank as u64,
                racers: racers as u64,
                presses,
            },
        };
    }
    let first: Vec<_> = ranked.iter().filter(|(rank, _)| *rank == 1).collect();
    match first[..] {
        [(_, racer)] => Say::RaceWonBy {
            name: short(&racer.name, look),
            presses: racer.presses,
        },
        _ => Say::RaceDrawn,
    }
}

/// All of it in one line, for a screen too small for more.
pub fn summary(state: &State, contest: &Contest, look: &Look) -> String {
    let summary = match &contest.phase {
        RacePhase::Choosing(_) => Say::ShortRaceChoice {
            seconds: state.length().seconds().into(),
        },
        RacePhase::Entering(_) | RacePhase::Awaited(..) => Say::ShortRaceEntering,
        RacePhase::On(live) => match live.stage() {
            Stage::Starting(seconds) => Say::ShortRaceStarts {
                seconds,
                racers: live.race.racers.len() as u64,
            },
            Stage::Running(left) => {
                let left = if state.is_lively() {
                    tenths(left)
                } else {
                    whole(left)
                };
                let left = look.words.say(&left);
                return match own_presses(state, live) {
                    Some((made, _)) => format!("{left} {made}{}", lead(live, made)),
                    None => left.into_owned(),
                };
            }
            Stage::Ended => Say::ShortRaceSaving,
            Stage::Closed => verdict(live, look),
        },
        RacePhase::Void(why) => why.clone(),
    };
    look.words.say(&summary).into_owned()
}

/// How far one is before the best of the others, or behind.
fn lead(live: &Live, made: u64) -> String {
    let own = live.own.as_ref().map(|own| own.number);
    let others = live.race.racers.iter().filter(|r| Some(r.number) != own);
    let best = others.map(|racer| racer.presses).max();
    best.map_or_else(String::new, |best| {
        format!(" {:+}", i128::from(made) - i128::from(best))
    })
}

/// What a screen of few rows shows below that line, and what it has no room for.
pub fn small_print(contest: &Contest, look: &Look) -> String {
    let (columns, rows) = (FULL.0.into(), FULL.1.into());
    let print = match &contest.phase {
        RacePhase::Choosing(LastRaces::Not(why)) => {
            let why = why.clone().into();
            Say::LastRacesUnread { why }
        }
        RacePhase::Choosing(_) => Say::LastRacesNeed { columns, rows },
        RacePhase::On(live) if live.stage() == Stage::Closed => Say::ResultNeeds { columns, rows },
        RacePhase::On(_) => Say::BarsNeed { columns, rows },
        RacePhase::Entering(_) | RacePhase::Awaited(..) | RacePhase::Void(_) => {
            return String::new();
        }
    };
    look.words.say(&print).into_owned()
}
