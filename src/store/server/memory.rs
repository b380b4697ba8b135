//! Remembers the newest state of a database that this process has seen, so that it notices when a
//! server has an older one.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};

/// A server's position in its log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Position {
    /// PostgreSQL's timeline, which grows with each promotion, and the position in the log.
    Wal { timeline: u32, at: i64 },
    /// MariaDB's transaction numbers, by domain.
    Gtid(BTreeMap<u32, u64>),
}

impl Position {
    /// Reads PostgreSQL's log file name, which begins with the timeline, and position.
    pub fn of_wal(file: &str, at: i64) -> Option<Self> {
        let timeline = u32::from_str_radix(file.get(..8)?, 16).ok()?;
        Some(Self::Wal { timeline, at })
    }

    /// Parses MariaDB's `domain-server-number` list; `None` if it writes no log.
    pub fn of_gtid(text: &str) -> Option<Self> {
        let mut domains = BTreeMap::new();
        for one in text.split(',').map(str::trim).filter(|one| !one.is_empty()) {
            let mut parts = one.split('-');
            let domain = parts.next()?.parse().ok()?;
            let number: u64 = parts.nth(1)?.parse().ok()?;
            let newest = domains.entry(domain).or_insert(number);
            *newest = number.max(*newest);
        }
        (!domains.is_empty()).then_some(Self::Gtid(domains))
    }

    /// Whether it lacks transactions of the other.
    fn lacks(&self, other: &Self) -> bool {
        match (self, other) {
            (
                Self::Wal { timeline, at },
                Self::Wal {
                    timeline: other_timeline,
                    at: other_at,
                },
            ) => (timeline, at) < (other_timeline, other_at),
            (Self::Gtid(here), Self::Gtid(there)) => there
                .iter()
                .any(|(domain, number)| here.get(domain).is_none_or(|here| here < number)),
            _ => false,
        }
    }

    /// Whether another server was promoted in place of this one.
    fn is_superseded_by(&self, other: &Self) -> bool {
        match (self, other) {
            (
                Self::Wal { timeline, .. },
                Self::Wal {
                    timeline: other, ..
                },
            ) => timeline < other,
            _ => false,
        }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Wal { timeline, at } => {
                write!(f, "{timeline}, {:X}/{:X}", at >> 32, at & 0xffff_ffff)
            }
            Self::Gtid(domains) => {
                let each = domains.iter();
                let each = each.map(|(domain, number)| format!("{domain}:{number}"));
                f.write_str(&each.collect::<Vec<_>>().join(" "))
            }
        }
    }
}

/// The judgement about a server's position.
#[derive(Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It has all that was seen, or its lag was reported before.
    GoesOn,
    /// It was replaced by a promoted server.
    Superseded(String),
    /// It lacks transactions that were seen.
    Behind(String),
}

/// The newest position that was seen, and the position that was reported as behind.
#[derive(Debug, Default)]
pub struct Memory(Mutex<(Option<Position>, Option<Position>)>);

impl Memory {
    /// Judges a server's position, and remembers it. A server that is behind is accepted the second
    /// time: this may be intended, and there may be no other server.
    pub fn judge(&self, now: Position) -> Verdict {
        let mut memory = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (newest, told) = &mut *memory;
        if let Some(newest) = newest
            && now.lacks(newest)
        {
            let why = match &now {
                Position::Wal { .. } => "timeline and place in the log",
                Position::Gtid(_) => "numbers of transactions",
            };
            let why = format!("{why}: {now}, and it was {newest}");
            if now.is_superseded_by(newest) {
                return Verdict::Superseded(why);
            }
            if told.as_ref().is_none_or(|told| now.lacks(told)) {
                *told = Some(now);
                return Verdict::Behind(why);
            }
        }
        *newest = Some(now);
        *told = None;
        Verdict::GoesOn
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wal(timeline: u32, at: i64) -> Position {
        Position::Wal { timeline, at }
    }

    fn gtid(text: &str) -> Position {
        Position::of_gtid(text).expect(text)
    }

    #[test]
    fn what_servers_tell_is_read() {
        assert_eq!(
            Position::of_wal("0000000A0000000100000002", 7),
            Some(wal(10, 7))
        );
        for broken in ["", "0000", "x000000A0000000100000002", "ääääää"] {
            assert_eq!(Position::of_wal(broken, 7), None, "{broken}");
        }
        let read = gtid("0-1-7, 3-2-9,0-2-8");
        assert_eq!(read, Position::Gtid([(0, 8), (3, 9)].into()));
        for broken in ["", "0-1", "a-b-c", "0-1-7;"] {
            assert_eq!(Position::of_gtid(broken), None, "{broken}");
        }
    }

    #[test]
    fn a_promoted_server_goes_on_and_the_one_before_it_never_does() {
        let memory = Memory::default();
        assert_eq!(memory.judge(wal(1, 100)), Verdict::GoesOn);
        assert_eq!(memory.judge(wal(1, 100)), Verdict::GoesOn);
        assert_eq!(
            memory.judge(wal(2, 90)),
            Verdict::GoesOn,
            "it forgot, and leads"
        );
        for _ in 0..3 {
            let old = memory.judge(wal(1, 200));
            assert!(matches!(old, Verdict::Superseded(_)), "{old:?}");
        }
        assert_eq!(memory.judge(wal(2, 91)), Verdict::GoesOn);
    }

    #[test]
    fn one_that_is_behind_is_told_once() {
        for [newer, older, oldest] in [
            [wal(2, 100), wal(2, 50), wal(2, 10)],
            [gtid("0-1-100"), gtid("0-2-98"), gtid("0-2-9")],
            [gtid("0-1-7,1-1-7"), gtid("0-1-7"), gtid("0-1-6")],
        ] {
            let memory = Memory::default();
            assert_eq!(memory.judge(newer), Verdict::GoesOn);
            let told = memory.judge(older.clone());
            assert!(matches!(told, Verdict::Behind(_)), "{told:?}");
            let further = memory.judge(oldest);
            assert!(matches!(further, Verdict::Behind(_)), "{further:?}");
            assert_eq!(
                memory.judge(older),
                Verdict::GoesOn,
                "as far as it was told"
            );
        }
    }

    #[test]
    fn what_cannot_be_compared_goes_on() {
        let memory = Memory::default();
        assert_eq!(memory.judge(wal(2, 100)), Verdict::GoesOn);
        assert_eq!(memory.judge(gtid("0-1-1")), Verdict::GoesOn);
    }
}
