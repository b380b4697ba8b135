//! What only a race shows: the one that is offered, everyone's bar, the last races.

use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};

use super::page::{Page, bar};
use super::words::{self, note, short};
use crate::game::contest::Stage;
use crate::game::race::{Race, Racer};
use crate::message::Action;
use crate::state::{Contest, Context, Known, Phase, Racers, State};
use crate::ui::Look;
use crate::ui::layout::FULL;
use crate::words::{Say, text};

/// What a click on the race that others have opened means; nothing where no key does it.
pub fn offer_action(state: &State, look: &Look) -> Option<Action> {
    let offered = offer(state, look, 0).is_some();
    let mut bound = look.keymap.of(state.context());
    let joins = bound.any(|binding| binding.action == Action::Join);
    (offered && joins).then_some(Action::Join)
}

/// The race that others have opened, as a bar of this width; nothing where there is none, it is on
/// the screen, or the keys of something else are needed more.
pub fn offer(state: &State, look: &Look, room: usize) -> Option<Line<'static>> {
    let offer = state.offer.as_ref()?;
    let asked = [
        Context::Form,
        Context::Namesake,
        Context::Confirm,
        Context::Leaving,
    ];
    if asked.contains(&state.context()) {
        return None;
    }
    if state.watched_race() == Some(offer.race) {
        return None;
    }
    let name = short(&offer.opener, look);
    let key = look.keymap.label(state.context(), Action::Join);
    let joins = offer.open && state.rights.play;
    let race = words::offer(offer, name.clone(), joins);
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
    let style = look
        .theme
        .button
        .add_modifier(Modifier::REVERSED | Modifier::BOLD);
    Some(Line::styled(text::fit(&words, room), style))
}

/// Writes how the race is.
pub fn draw(state: &State, contest: &Contest, racers: &Racers, page: &mut Page) {
    let theme = &page.look.theme;
    match contest.stage() {
        Stage::Choosing => return last_races(&racers.last, page),
        Stage::Entering => return page.say(&Say::RaceEntering, theme.saving),
        Stage::Starting(seconds) => page.say(&Say::RaceStarts { seconds }, theme.strong),
        Stage::Running(left) if state.is_lively() => page.time_left(left, contest.length),
        Stage::Running(left) => page.say(&words::time_left(left, false), theme.strong),
        Stage::Saving => page.say(&Say::RaceSaving, theme.saving),
        Stage::Over => {
            page.say(&words::race_verdict(racers, page.look), theme.accent);
            page.gap();
        }
        Stage::Void => {
            if let Phase::Void(why) = &contest.phase {
                page.say(why, theme.trouble);
            }
            return;
        }
    }
    if let Some(why) = racers.left() {
        let why = why.clone().into();
        page.say(&Say::RaceLeft { why }, theme.trouble);
    } else if state.is_offline() && contest.is_on() {
        page.say(&Say::RaceLinkLost, theme.trouble);
    }
    lanes(state, contest, racers, page);
    if matches!(contest.stage(), Stage::Starting(_)) && page.left() > 1 {
        page.gap();
        page.say(&Say::EarlyPresses, theme.quiet);
    }
}

/// The last races, below the lengths.
fn last_races(last: &Known<Vec<Race>>, page: &mut Page) {
    let theme = &page.look.theme;
    page.gap();
    match last {
        Known::NotYet => page.say(&Say::LastRacesReading, theme.quiet),
        Known::Not(why) => {
            let why = why.clone().into();
            page.say(&Say::LastRacesUnread { why }, theme.trouble);
        }
        Known::Read(_) if page.left() < 2 => {
            page.say(&Say::LastRacesNoRoom, theme.quiet);
        }
        Known::Read(races) => {
            page.say(&Say::LastRaces, theme.strong);
            let mut run = races.iter().filter(|race| race.was_run()).peekable();
            if run.peek().is_none() {
                page.say(&Say::LastRacesEmpty, theme.quiet);
            }
            for race in run.take(page.left()) {
                let line = past(race, page.columns, page.look);
                page.push(Line::raw(line));
            }
        }
    }
}

/// A race in one line: how long, and who made how many, the first first.
fn past(race: &Race, columns: usize, look: &Look) -> String {
    let racer = |(rank, racer): (usize, &Racer)| {
        let name = short(&racer.name, look);
        let note = note(racer.standing, true, look);
        format!("{rank} {name} {}{note}", text::grouped(racer.presses))
    };
    let racers: Vec<String> = race.ranked().into_iter().map(racer).collect();
    let time = Say::Seconds {
        n: format!("{:>2}", race.length.seconds()),
    };
    let line = format!("{}  {}", look.words.say(&time), racers.join(" · "));
    text::cut(&line, columns)
}

/// Everyone's presses and bars, in the order of joining until the result stands.
fn lanes(state: &State, contest: &Contest, racers: &Racers, page: &mut Page) {
    let theme = &page.look.theme;
    let own = racers.own_number();
    let mine = contest.committed(state);
    let closed = contest.is_over();
    let shown = |racer: &Racer| match mine {
        Some(mine) if Some(racer.number) == own && !closed => mine.max(racer.presses),
        _ => racer.presses,
    };
    let most = racers.all().iter().map(shown).max().unwrap_or(0).max(1);
    let ranked: Vec<(usize, &Racer)> = if closed {
        racers.ranked()
    } else {
        let racers = racers.all().iter();
        racers.map(|r| (r.number as usize, r)).collect()
    };
    let width = text::grouped(most).len().max(3);
    let room = page.columns.saturating_sub(width + 6);
    let name_room = if page.columns >= 34 { 12 } else { room.min(8) };
    let (ranked, hidden) = in_sight(ranked, page.left(), own);
    for (rank, racer) in ranked {
        let is_own = Some(racer.number) == own;
        let style = if is_own { theme.picked } else { Style::new() };
        let marker = if is_own { "▶" } else { " " };
        let note = note(racer.standing, closed, page.look);
        let name = text::fit(&page.look.name(&racer.name), name_room);
        let presses = format!(" {:>width$}", text::grouped(shown(racer)));
        let used = 4 + name_room + presses.len() + text::width(&note) + 1;
        let bars = if state.is_lively() || closed {
            bar(shown(racer), most, page.columns.saturating_sub(used))
        } else {
            String::new()
        };
        page.push(Line::from(vec![
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

/// All of it in one line, but while it runs.
pub fn summary(contest: &Contest, racers: &Racers, look: &Look) -> Say {
    match (contest.stage(), &contest.phase) {
        (_, Phase::Void(why)) => why.clone(),
        (Stage::Choosing, _) => Say::ShortRaceChoice {
            seconds: contest.length.seconds().into(),
        },
        (Stage::Starting(seconds), _) => Say::ShortRaceStarts {
            seconds,
            racers: racers.all().len() as u64,
        },
        (Stage::Saving, _) => Say::ShortRaceSaving,
        (Stage::Over, _) => words::race_verdict(racers, look),
        _ => Say::ShortRaceEntering,
    }
}

/// The presses of the best of the others.
pub fn best_other(racers: &Racers) -> Option<u64> {
    let own = racers.own_number();
    let others = racers.all().iter().filter(|r| Some(r.number) != own);
    others.map(|racer| racer.presses).max()
}

/// What a screen of few rows shows below that line, but while it runs.
pub fn small_print(contest: &Contest, racers: &Racers) -> Option<Say> {
    let (columns, rows) = (FULL.0.into(), FULL.1.into());
    match (contest.stage(), &racers.last) {
        (Stage::Choosing, Known::Not(why)) => {
            let why = why.clone().into();
            Some(Say::LastRacesUnread { why })
        }
        (Stage::Choosing, _) => Some(Say::LastRacesNeed { columns, rows }),
        (Stage::Over, _) => Some(Say::ResultNeeds { columns, rows }),
        _ => None,
    }
}
