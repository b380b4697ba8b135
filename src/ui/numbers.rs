//! The numbers of the picked player: where one stands, today and the streak, rates and a sparkline.

use std::time::Duration;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::Sparkline;

use super::layout::Full;
use super::{Look, clicker, pace, text};
use crate::game::{Player, Standings};
use crate::state::State;

/// The most columns of another player's name.
const NAME: usize = 16;

/// How many players below are looked through for one who comes from behind.
const BEHIND: usize = 20;

/// The rows of each number. Where there are fewer, the last ones go.
const STANDING: u16 = 0;
const TODAY: u16 = 1;
const RATES: u16 = 2;
const CHASER: u16 = 3;
const SPARKLINE: u16 = 4;

/// Draws them where the line of state leaves room.
pub fn draw(state: &State, look: &Look, full: &Full, frame: &mut Frame) {
    let Some(player) = picked(state, full) else {
        return;
    };
    let row = |row: u16| Rect {
        y: full.numbers.y + row,
        height: 1,
        ..full.numbers
    };
    let room = usize::from(full.numbers.width);
    let mut write = |at: u16, variants: &[String]| {
        let fits = variants.iter().find(|words| text::width(words) <= room);
        let last = variants.last().map(|words| text::cut(words, room));
        if at < full.numbers.height
            && let Some(words) = fits.cloned().or(last)
        {
            let line = Line::styled(words, look.theme.quiet).centered();
            frame.render_widget(line, row(at));
        }
    };
    write(STANDING, &standing(state, player));
    write(TODAY, &today(state));
    if state.pace.is_playing(player.id) {
        write(RATES, &rates(state, player));
    }
    write(CHASER, &chaser(state, player));
    if state.pace.is_playing(player.id) && SPARKLINE < full.numbers.height {
        sparkline(state, player, look, row(SPARKLINE), frame);
    }
}

/// The picked player, where the numbers have a place.
fn picked<'a>(state: &'a State, full: &Full) -> Option<&'a Player> {
    let words = clicker::status_words(state);
    let lines = clicker::wrap_status(&words, full, usize::MAX).len();
    let free = usize::from(full.numbers.y - full.status.y);
    let fits = full.numbers.height > 0 && lines <= free;
    state.picked_player().filter(|_| fits && state.loaded)
}

/// Whether the rates of the picked player are shown here.
pub fn has_rates(state: &State, full: &Full) -> bool {
    picked(state, full).is_some() && RATES < full.numbers.height
}

/// The rank in the list's period, and who is next above and how far, or below for the first; the
/// same again in fewer words.
fn standing(state: &State, player: &Player) -> Vec<String> {
    let ranking = state.ranking();
    let Some(own) = ranking.get(player.id).filter(|_| !state.is_ranking()) else {
        return Vec::new();
    };
    let rank = ranking.rank_of_score(own.score);
    let place = ordinal(rank);
    // The last of those with more, whose positions are all below the rank.
    let above = rank.checked_sub(2).and_then(|at| ranking.at(at));
    let Some(above) = above else {
        return lead(ranking, own, &place);
    };
    let gap = above.score.saturating_sub(own.score);
    let short = format!("{place} · {gap} behind {}", named(above));
    let rate = state.pace.rate(player.id, pace::WINDOW);
    if !state.pace.is_playing(player.id) || rate <= 0.0 {
        return vec![short, place];
    }
    let time = about(gap as f64 / rate);
    vec![
        format!("{short}, {time} at your pace"),
        format!("{short}, {time}"),
        short,
        place,
    ]
}

/// How far the first is ahead.
fn lead(ranking: &Standings, own: &Player, place: &str) -> Vec<String> {
    let mut others = ranking.iter().filter(|p| p.id != own.id);
    let words = others
        .next()
        .map(|next| match own.score.saturating_sub(next.score) {
            0 => format!("{place} · level with {}", named(next)),
            gap => format!("{place} · {gap} ahead of {}", named(next)),
        });
    words.into_iter().chain([place.to_owned()]).collect()
}

/// Who comes from behind: the nearest of those below who plays now.
fn chaser(state: &State, player: &Player) -> Vec<String> {
    let ranking = state.ranking();
    let own = ranking.get(player.id).filter(|_| !state.is_ranking());
    let (Some(own), Some(at)) = (own, ranking.position(player.id)) else {
        return Vec::new();
    };
    let below = (at + 1..=at + BEHIND).map_while(|at| ranking.at(at));
    let mut chasing = below.filter(|p| p.score < own.score && state.pace.is_playing(p.id));
    let chaser = chasing.next().map(|chaser| {
        let gap = own.score.saturating_sub(chaser.score);
        format!("{} comes from behind, {gap} to go", named(chaser))
    });
    chaser.into_iter().collect()
}

/// The points of today and the streak; nothing where they are not known yet.
fn today(state: &State) -> Vec<String> {
    let (Some(past), Some(today)) = (&state.times.past, state.times.today) else {
        return Vec::new();
    };
    let short = format!("today {}", past.on(today));
    let streak = streak(past.streak(today));
    streak
        .map(|streak| format!("{short} · {streak}"))
        .into_iter()
        .chain([short.clone()])
        .collect()
}

/// `3 days in a row`, if there are more than one.
pub fn streak(days: usize) -> Option<String> {
    (days > 1).then(|| format!("{days} days in a row"))
}

/// The rates over one, ten and sixty seconds, and the most points within a second.
fn rates(state: &State, player: &Player) -> Vec<String> {
    let rate = |seconds| {
        let rate = state.pace.rate(player.id, Duration::from_secs(seconds));
        format!("{seconds} s {}", pace::words(rate))
    };
    let rates = [1, 10, 60].map(rate);
    let peak = pace::words(state.pace.peak(player.id) as f64);
    vec![
        format!("{} · peak {peak}", rates.join(" · ")),
        rates.join(" · "),
        rates[1].clone(),
    ]
}

/// The last minute, in as many columns of equal time as there is room for.
fn sparkline(state: &State, player: &Player, look: &Look, row: Rect, frame: &mut Frame) {
    let columns = [60, 30, 20, 15, 12, 10];
    let Some(columns) = columns.into_iter().find(|c| *c <= usize::from(row.width)) else {
        return;
    };
    let minute = state.pace.last_minute(player.id);
    let points: Vec<u64> = minute
        .chunks(60 / columns)
        .map(|c| c.iter().sum())
        .collect();
    let place = Rect {
        x: row.x + (row.width - columns as u16) / 2,
        width: columns as u16,
        ..row
    };
    frame.render_widget(
        Sparkline::default().data(points).style(look.theme.accent),
        place,
    );
}

fn named(player: &Player) -> String {
    text::cut(&text::name(&player.name), NAME)
}

/// `1st`, `2nd`, `3rd`, `4th`, `11th`, `21st`.
fn ordinal(n: usize) -> String {
    let ending = match (n % 10, n % 100) {
        (1, rest) if rest != 11 => "st",
        (2, rest) if rest != 12 => "nd",
        (3, rest) if rest != 13 => "rd",
        _ => "th",
    };
    format!("{n}{ending}")
}

/// `about 40 s`, `about 5 min`, `about 3 h`, `days`: never less than it takes.
fn about(seconds: f64) -> String {
    let seconds = seconds.ceil();
    let whole = |unit: f64| (seconds / unit).ceil();
    match seconds {
        s if s <= 90.0 => format!("about {s} s"),
        s if s <= 90.0 * 60.0 => format!("about {} min", whole(60.0)),
        s if s <= 48.0 * 3600.0 => format!("about {} h", whole(3600.0)),
        _ => "days".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinals_end_as_they_are_spoken() {
        let numbers = [1, 2, 3, 4, 10, 11, 12, 13, 21, 22, 23, 101, 111, 112, 1003];
        let words = numbers.map(ordinal).join(" ");
        let spoken = "1st 2nd 3rd 4th 10th 11th 12th 13th 21st 22nd 23rd 101st 111th 112th 1003rd";
        assert_eq!(words, spoken);
    }

    #[test]
    fn times_are_rounded_up_to_what_one_would_say() {
        let times = [
            0.2, 40.0, 90.0, 91.0, 3_600.0, 5_401.0, 170_000.0, 180_000.0,
        ];
        let words = "about 1 s, about 40 s, about 90 s, about 2 min, about 60 min, about 2 h, \
                     about 48 h, days";
        assert_eq!(times.map(about).join(", "), words);
    }
}
