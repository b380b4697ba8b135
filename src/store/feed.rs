//! Removes duplicates from polls that overlap.
//!
//! On a server, changes are not committed in the order of their stamps: a change with an earlier
//! stamp may become visible later. So each poll goes back a little, and this leaves out what was
//! reported before.

use std::collections::HashSet;

use super::Cursor;
use super::connection::Row;

/// A changed player and the stamp of the change.
pub type Stamped = (i64, i64);

/// What was reported up to a cursor.
#[derive(Debug, Default)]
struct Known {
    cursor: Cursor,
    /// The stamp from which the next poll goes back.
    from: i64,
    reported: HashSet<Stamped>,
}

/// The changes that the caller has accepted, and those that were offered last.
#[derive(Debug, Default)]
pub struct Feed {
    taken: Known,
    offered: Option<Known>,
}

impl Feed {
    /// Starts at a cursor, with the changes that were reported already.
    pub fn begin(&mut self, cursor: Cursor, reported: HashSet<Stamped>) {
        self.offered = None;
        self.taken = Known {
            cursor,
            from: cursor.0,
            reported,
        };
    }

    /// The stamp from which to poll for changes after `since`. If `since` is not the offered
    /// cursor, the caller did not accept the offer, and the changes will be offered again.
    pub fn from(&mut self, since: Cursor) -> i64 {
        match self.offered.take() {
            Some(offered) if offered.cursor == since => self.taken = offered,
            _ if self.taken.cursor != since => self.begin(since, HashSet::new()),
            _ => {}
        }
        self.taken.from
    }

    /// Whether the change is new.
    pub fn is_news(&self, change: Stamped) -> bool {
        !self.taken.reported.contains(&change)
    }

    /// Ends a poll that had too many changes: the next one starts at this stamp. Returns the new
    /// cursor.
    pub fn skip(&mut self, to: i64) -> Cursor {
        let cursor = Cursor(to.max(self.taken.cursor.0 + 1));
        self.offered = Some(Known {
            cursor,
            from: to,
            reported: HashSet::new(),
        });
        cursor
    }

    /// Ends a poll with these changes and this newest stamp. Returns the new cursor if anything was
    /// new.
    pub fn offer(&mut self, seen: HashSet<Stamped>, newest: Option<i64>) -> Option<Cursor> {
        let since = self.taken.cursor;
        let news = seen.iter().any(|change| self.is_news(*change));
        if !news {
            self.taken.reported = seen;
            self.taken.from = newest.unwrap_or(self.taken.from);
            return None;
        }
        // Each offer has its own cursor, to know whether it was accepted.
        let cursor = Cursor(newest.unwrap_or(since.0).max(since.0 + 1));
        self.offered = Some(Known {
            cursor,
            from: newest.unwrap_or(cursor.0),
            reported: seen,
        });
        Some(cursor)
    }
}

/// What a poll returned.
#[derive(Debug)]
pub struct Stamps {
    /// The changes.
    pub seen: HashSet<Stamped>,
    /// The newest stamp.
    pub newest: Option<i64>,
}

/// Reads the stamps of changes, with the players that changed.
pub fn stamps(rows: &[Row]) -> Result<Stamps, sqlx::Error> {
    let mut stamps = Stamps {
        seen: HashSet::new(),
        newest: None,
    };
    for row in rows {
        let stamp = row.get("stamp")?;
        stamps.newest = stamps.newest.max(Some(stamp));
        if let Some(id) = row.get::<Option<i64>>("user_id")? {
            stamps.seen.insert((id, stamp));
        }
    }
    Ok(stamps)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(feed: &mut Feed, since: Cursor, seen: &[Stamped], newest: i64) -> Option<Cursor> {
        feed.from(since);
        feed.offer(seen.iter().copied().collect(), Some(newest))
    }

    #[test]
    fn what_was_taken_is_not_told_again_and_what_was_not_is() {
        let mut feed = Feed::default();
        feed.begin(Cursor(100), HashSet::from([(1, 90)]));
        assert_eq!(look(&mut feed, Cursor(100), &[(1, 90)], 110), None);
        let offer = look(&mut feed, Cursor(100), &[(1, 90), (2, 115)], 120);
        assert_eq!(offer, Some(Cursor(120)));
        let again = look(&mut feed, Cursor(100), &[(1, 90), (2, 115)], 130);
        assert_eq!(again, Some(Cursor(130)), "the offer was not taken");
        assert_eq!(look(&mut feed, Cursor(130), &[(2, 115)], 140), None);
        assert!(!feed.is_news((2, 115)));
        let late = look(&mut feed, Cursor(130), &[(3, 112), (2, 115)], 150);
        assert_eq!(late, Some(Cursor(150)), "stamped early, committed late");
    }

    #[test]
    fn a_clock_set_back_is_followed_and_the_cursor_still_grows() {
        let mut feed = Feed::default();
        feed.begin(Cursor(1000), HashSet::new());
        assert_eq!(
            look(&mut feed, Cursor(1000), &[(1, 10)], 11),
            Some(Cursor(1001))
        );
        assert_eq!(feed.from(Cursor(1001)), 11);
    }
}
