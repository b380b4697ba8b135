//! The numbers of the picked player: standing, today and the streak, rates and a sparkline.

use jiff::civil::Date;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::Sparkline;

use super::layout::{Full, middle};
use super::{Look, pace, status};
use crate::game::{Past, Player, Standings};
use crate::state::State;
use crate::words::{Say, text};

/// The largest width of another player's name.
const NAME: usize = 16;

/// A player from behind is mentioned if the time to catch up is at most this, in seconds.
const SOON: f64 = 60.0;

/// How many players below are checked for one who catches up.
const BEHIND: usize = 20;

/// The row of each number. If there are fewer rows, the last numbers are left out.
const STANDING: usize = 0;
const TODAY: usize = 1;
const RATES: usize = 2;
const CHASER: usize = 3;
const SPARKLINE: usize = 4;

/// Draws the numbers as far as the status line leaves room.
pub fn draw(state: &State, look: &Look, full: &Full, frame: &mut Frame) {
    let Some(player) = picked(state, look, full) else {
        return;
    };
    let row = |row: usize| full.numbers.rows().nth(row);
    let mut write = |at: usize, forms: &[Say]| {
        if let Some(row) = row(at)
            && let Some(words) = look.first_that_fits(forms, row.width.into())
        {
            let line = Line::styled(words, look.theme.quiet).centered();
            frame.render_widget(line, row);
        }
    };
    write(STANDING, &standing(state, player, look));
    write(TODAY, &today(state));
    if state.pace.is_playing(player.id) {
        write(RATES, &rates(state, player));
    }
    write(CHASER, &chaser(state, player, look));
    if full.chart.height > 0 {
        pace::chart(state, player, look, full.chart, frame);
    } else if state.pace.is_playing(player.id)
        && let Some(row) = row(SPARKLINE)
    {
        sparkline(state, player, look, row, frame);
    }
}

/// All numbers of the picked player, each as a sentence.
pub fn summary(state: &State, look: &Look) -> Vec<Say> {
    let Some(player) = state.picked_player() else {
        return Vec::new();
    };
    let rates = if state.pace.is_playing(player.id) {
        rates(state, player)
    } else {
        Vec::new()
    };
    let all = [
        standing(state, player, look),
        today(state),
        rates,
        chaser(state, player, look),
    ];
    // The first form of each is the longest.
    all.into_iter()
        .filter_map(|variants| variants.into_iter().next())
        .collect()
}

/// The picked player, if the numbers are visible.
fn picked<'a>(state: &'a State, look: &Look, full: &Full) -> Option<&'a Player> {
    let words = status::words(state, look);
    let lines = status::wrap(&words, full, usize::MAX).len();
    let free = usize::from(full.numbers.y - full.status.y);
    let fits = full.numbers.height > 0 && lines < free;
    state.picked_player().filter(|_| fits && state.loaded)
}

/// Whether the rates of the picked player are visible here.
pub fn has_rates(state: &State, look: &Look, full: &Full) -> bool {
    picked(state, look, full).is_some() && RATES < full.numbers.height.into()
}

/// The rank in the list's period, and the gap to the next player above, or below for the first;
/// then shorter forms of it.
fn standing(state: &State, player: &Player, look: &Look) -> Vec<Say> {
    let ranking = state.neighbours_of(player.id);
    let Some(own) = ranking.get(player.id) else {
        return far(state, player);
    };
    let place = ranking.rank_of_score(own.score);
    let rank = Say::Rank { rank: place as u64 };
    // The last player with more points. All of those have positions before the rank.
    let above = place.checked_sub(2).and_then(|at| ranking.at(at));
    let Some(above) = above else {
        return lead(ranking, own, rank, look);
    };
    let points = above.score.saturating_sub(own.score);
    let short = Say::Behind {
        rank: rank.clone().into(),
        points,
        name: named(above, look),
    };
    let rate = state.pace.rate(player.id, pace::WINDOW);
    if !state.pace.has_lasted(player.id, pace::WINDOW) || rate <= 0.0 {
        return vec![short, rank];
    }
    let time = Box::new(about(points as f64 / rate));
    let standing = Box::new(short.clone());
    vec![
        Say::AtYourPace {
            standing: standing.clone(),
            time: time.clone(),
        },
        Say::InTime { standing, time },
        short,
        rank,
    ]
}

/// The rank in a period, for a player far behind those whose points are known.
fn far(state: &State, player: &Player) -> Vec<Say> {
    let own = state.times.above().filter(|(id, _)| *id == player.id);
    let rank = own.map(|(_, above)| Say::Rank { rank: above + 1 });
    rank.into_iter().collect()
}

/// How far the first player leads.
fn lead(ranking: &Standings, own: &Player, rank: Say, look: &Look) -> Vec<Say> {
    let mut others = ranking.iter().filter(|p| p.id != own.id);
    let words = others.next().map(|next| {
        let name = named(next, look);
        let rank = rank.clone().into();
        match own.score.saturating_sub(next.score) {
            0 => Say::LevelWith { rank, name },
            points => Say::Ahead { rank, points, name },
        }
    });
    words.into_iter().chain([rank]).collect()
}

/// The nearest player below who would catch up soon.
fn chaser(state: &State, player: &Player, look: &Look) -> Vec<Say> {
    let ranking = state.neighbours_of(player.id);
    let own = ranking.get(player.id);
    let (Some(own), Some(at)) = (own, ranking.position(player.id)) else {
        return Vec::new();
    };
    let below = (at + 1..=at + BEHIND).map_while(|at| ranking.at(at));
    let rate = |id| match state.pace.is_playing(id) {
        true => state.pace.rate(id, pace::WINDOW),
        false => 0.0,
    };
    let own_rate = rate(player.id);
    let mut chasing = below.filter(|p| {
        let points = own.score.saturating_sub(p.score);
        points > 0 && points as f64 <= (rate(p.id) - own_rate) * SOON
    });
    let chaser = chasing.next().map(|chaser| Say::Chaser {
        name: named(chaser, look),
        points: own.score.saturating_sub(chaser.score),
    });
    chaser.into_iter().collect()
}

/// Today's points and the streak; empty while they are not known.
fn today(state: &State) -> Vec<Say> {
    let Some((past, today)) = state.times.past_and_today() else {
        return Vec::new();
    };
    let short = points_today(past, today);
    let long = streak(past.streak(today)).map(|streak| Say::Beside(vec![short.clone(), streak]));
    long.into_iter().chain([short]).collect()
}

/// The points of today.
pub fn points_today(past: &Past, today: Date) -> Say {
    let points = past.points_on(today);
    Say::PointsToday { points }
}

/// `3 days in a row`, if it is more than one.
pub fn streak(days: usize) -> Option<Say> {
    let long = days > 1;
    let days = days as u64;
    long.then_some(Say::Streak { days })
}

/// The current rate, and the most points in one second.
fn rates(state: &State, player: &Player) -> Vec<Say> {
    let now = pace::rate(state, player.id);
    let best = pace::words(state.pace.peak(player.id) as f64);
    let short = Say::NowAt { now: now.clone() };
    vec![Say::NowAndBest { now, best }, short]
}

/// Draws the last minute as a sparkline, in as many columns of equal time as fit.
fn sparkline(state: &State, player: &Player, look: &Look, row: Rect, frame: &mut Frame) {
    let columns = [60, 30, 20, 15, 12, 10];
    let Some(columns) = columns.into_iter().find(|c| *c <= usize::from(row.width)) else {
        return;
    };
    let minute = state.pace.last_minute(player.id);
    let points = minute.chunks(60 / columns).map(|c| c.iter().sum::<u64>());
    let points = Sparkline::default().data(points);
    let place = middle(row, columns as u16);
    frame.render_widget(points.style(look.theme.accent), place);
}

fn named(player: &Player, look: &Look) -> String {
    text::cut(&look.name(&player.name), NAME)
}

/// A rough time in seconds, minutes, hours or days, rounded up.
fn about(seconds: f64) -> Say {
    let seconds = seconds.ceil();
    let whole = |unit: f64| (seconds / unit).ceil() as u64;
    match seconds {
        s if s <= 90.0 => Say::AboutSeconds { n: whole(1.0) },
        s if s <= 90.0 * 60.0 => Say::AboutMinutes { n: whole(60.0) },
        s if s <= 48.0 * 3600.0 => Say::AboutHours { n: whole(3600.0) },
        _ => Say::AboutDays,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Words;

    #[test]
    fn ranks_end_as_they_are_spoken() {
        let ranks = [1, 2, 3, 4, 10, 11, 12, 13, 21, 22, 23, 101, 111, 112, 1003];
        let words = Words::default();
        let ranks = ranks.map(|rank| words.say(&Say::Rank { rank }).into_owned());
        let spoken = "1st 2nd 3rd 4th 10th 11th 12th 13th 21st 22nd 23rd 101st 111th 112th 1,003rd";
        assert_eq!(ranks.join(" "), spoken);
    }

    #[test]
    fn times_are_rounded_up_to_what_one_would_say() {
        let times = [
            0.2, 40.0, 90.0, 91.0, 3_600.0, 5_401.0, 170_000.0, 180_000.0,
        ];
        let words = "about 1 s, about 40 s, about 90 s, about 2 min, about 60 min, about 2 h, \
                     about 48 h, days";
        let english = Words::default();
        let times = times.map(|seconds| english.say(&about(seconds)).into_owned());
        assert_eq!(times.join(", "), words);
    }
}
