//! The texts about a contest, for the screen and the plain mode.

use std::time::Duration;

use crate::game::contest::{Length, Trace, whole_seconds};
use crate::game::race::Standing;
use crate::game::sprint::Bests;
use crate::state::{Fetched, Ghost, Offer, Racers};
use crate::ui::Look;
use crate::words::{Say, text};

/// The largest width of a name in a sentence.
const NAME: usize = 24;

/// A name, shortened for a sentence.
pub fn short(name: &str, look: &Look) -> String {
    text::cut(&look.name(name), NAME)
}

/// `4 s`, or with tenths `3.4 s`. It is rounded up, so that 0 is the end.
pub fn seconds(time: Duration, tenths: bool) -> Say {
    let n = if tenths {
        let tenths = time.as_millis().div_ceil(100);
        format!("{}.{}", tenths / 10, tenths % 10)
    } else {
        whole_seconds(time).to_string()
    };
    Say::Seconds { n }
}

/// How much time is left.
pub fn time_left(left: Duration, tenths: bool) -> Say {
    let time = seconds(left, tenths).into();
    Say::TimeLeft { time }
}

/// The player's best over a length to choose.
pub fn choice(bests: &Bests, length: Length) -> Say {
    match bests.own(length) {
        Some(best) => Say::ChoiceBest {
            presses: best.presses,
        },
        None => Say::ChoiceNoBest,
    }
}

/// The best result that a sprint is run against.
pub fn best(ghost: &Ghost, length: Length) -> Say {
    match (ghost.best(length), &ghost.bests) {
        (Some(presses), _) => Say::BestIs { presses },
        (None, Fetched::Ready(_)) => Say::BestIsNone,
        (None, _) => Say::BestIsUnknown,
    }
}

/// How many presses over a length, and how fast.
pub fn presses_in(presses: u64, length: Length) -> Say {
    Say::PressesIn {
        presses,
        seconds: length.seconds().into(),
        rate: format!("{:.1}", length.rate(presses)),
    }
}

/// How the result of a sprint compares with the best before.
pub fn sprint_verdict(ghost: &Ghost, presses: u64) -> Say {
    match ghost.before {
        _ if presses == 0 => Say::NothingToKeep,
        Some(best) if presses > best => Say::NewBest { best },
        Some(best) if presses == best => Say::AsGoodAsBest,
        Some(best) => {
            let presses = best - presses;
            Say::BehindBest { presses, best }
        }
        None if ghost.read().is_some() => Say::FirstOver,
        None => Say::BestBeforeUnknown,
    }
}

/// That somebody has opened a race, to join or to watch.
pub fn offer(offer: &Offer, name: String, joins: bool) -> Say {
    let seconds = offer.length.seconds().into();
    match joins {
        true if offer.again => Say::RematchOffered { name, seconds },
        true => Say::RaceOffered { name, seconds },
        false => Say::RaceIsOn { name, seconds },
    }
}

/// The largest number of presses in one second of a trace, and the presses before the start.
pub fn best_second(trace: &Trace, early: u64) -> Say {
    let presses = trace.best_second();
    Say::Beside(vec![
        Say::BestSecond { presses },
        Say::FalseStarts { presses: early },
    ])
}

/// A racer's standing as a remark, with a blank before it.
pub fn note(standing: Standing, closed: bool, look: &Look) -> String {
    let words = match standing {
        Standing::Left => Say::RacerLeft,
        Standing::Done if !closed => Say::RacerDone,
        _ => return String::new(),
    };
    format!(" {}", look.say(&words))
}

/// What the result of a race means for this player.
pub fn race_verdict(racers: &Racers, look: &Look) -> Say {
    let ranked = racers.ranked();
    let own = racers.own_number();
    let alone = ranked.len() == 1;
    if let Some((rank, racer)) = ranked.iter().find(|(_, r)| Some(r.number) == own) {
        let presses = racer.presses;
        let shared = ranked.iter().filter(|(r, _)| r == rank).count() > 1;
        return match (racer.standing, rank) {
            (Standing::Left, _) => Say::LeftWith { presses },
            _ if alone => Say::RacedAlone { presses },
            (_, 1) if shared => Say::RaceShared { presses },
            (_, 1) => Say::RaceWon { presses },
            (_, rank) => Say::RaceRank {
                rank: *rank as u64,
                racers: ranked.len() as u64,
                presses,
            },
        };
    }
    let first: Vec<_> = ranked.iter().filter(|(rank, _)| *rank == 1).collect();
    match first[..] {
        [(_, racer)] if alone => Say::RacedAloneBy {
            name: short(&racer.name, look),
            presses: racer.presses,
        },
        [(_, racer)] => Say::RaceWonBy {
            name: short(&racer.name, look),
            presses: racer.presses,
        },
        _ => Say::RaceDrawn,
    }
}
