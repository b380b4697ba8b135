//! The hosts of one database, and the error if none of them can be used.

use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

use super::{Remedy, StoreError};

/// The hosts of one database, in the order of preference.
///
/// All clients try them in the same order, so that they write on one node of a cluster. On several
/// nodes their transactions would conflict.
#[derive(Debug, Clone)]
pub struct Hosts<T> {
    /// Never empty.
    pub(super) all: Vec<T>,
    /// The host that this process writes to, counted from 1; 0 if unknown yet. Clones share it.
    pub(super) lead: Arc<AtomicUsize>,
}

impl<T> Hosts<T> {
    pub(super) fn of(all: Vec<T>) -> Self {
        let lead = Arc::default();
        Self { all, lead }
    }

    /// Converts each host.
    pub(super) fn map<U>(self, shape: impl FnMut(T) -> U) -> Hosts<U> {
        Hosts {
            all: self.all.into_iter().map(shape).collect(),
            lead: self.lead,
        }
    }
}

impl<T: PartialEq> PartialEq for Hosts<T> {
    fn eq(&self, other: &Self) -> bool {
        self.all == other.all
    }
}

impl<T: Eq> Eq for Hosts<T> {}

impl<T> From<T> for Hosts<T> {
    fn from(only: T) -> Self {
        Self::of(vec![only])
    }
}

/// The error if none of the hosts could be connected to.
pub fn none_of(mut missed: Vec<(usize, StoreError)>, place: String) -> StoreError {
    missed.sort_by_key(|(at, _)| *at);
    // This is reported only once, and the next try succeeds.
    let behind = |(_, error): &(usize, StoreError)| matches!(error, StoreError::Behind { .. });
    if let Some(at) = missed.iter().position(behind) {
        return missed.swap_remove(at).1;
    }
    let passes = missed
        .iter()
        .any(|(_, e)| e.remedy() == Remedy::Retry && e.wrote_nothing());
    let wrong = missed
        .iter()
        .any(|(_, e)| matches!(e.remedy(), Remedy::Stop(_)));
    let reasons: Vec<String> = missed
        .into_iter()
        .map(|(_, error)| match error {
            StoreError::Away { why, .. }
            | StoreError::Lost { why, .. }
            | StoreError::Unusable { why, .. } => why.trim_end_matches('.').to_owned(),
            error => error.to_string().trim_end_matches('.').to_owned(),
        })
        .collect();
    let why = reasons.join("; ");
    if passes {
        StoreError::Away { place, why }
    } else if wrong {
        let why = why + ".";
        StoreError::Unusable { place, why }
    } else {
        StoreError::Lost { place, why }
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;

    pub fn lost() -> StoreError {
        StoreError::Lost {
            place: "b".into(),
            why: "cut".into(),
        }
    }

    pub fn away(why: &str) -> StoreError {
        StoreError::Away {
            place: "a".into(),
            why: why.into(),
        }
    }

    pub fn unusable() -> StoreError {
        StoreError::Unusable {
            place: "a".into(),
            why: "the password is wrong. Check it.".into(),
        }
    }

    #[test]
    fn what_passes_on_one_host_is_waited_for() {
        let all = |errors: Vec<StoreError>| {
            let missed = errors.into_iter().enumerate().rev().collect();
            match none_of(missed, "all".into()) {
                StoreError::Away { why, .. } => (Some(true), why),
                StoreError::Lost { why, .. } => (Some(false), why),
                StoreError::Unusable { why, .. } => (None, why),
                other => panic!("{other:?}"),
            }
        };
        let (passes, why) = all(vec![away("nothing listens at a"), lost()]);
        assert_eq!(passes, Some(true));
        assert_eq!(why, "nothing listens at a; cut");
        assert_eq!(all(vec![lost(), lost()]).0, Some(false));
        let (passes, why) = all(vec![unusable(), away("nothing listens at b")]);
        assert_eq!(passes, Some(true), "the other may come");
        assert_eq!(why, "the password is wrong. Check it; nothing listens at b");
        let (passes, why) = all(vec![unusable(), unusable()]);
        assert_eq!(passes, None, "no host will do");
        assert!(why.ends_with("Check it."), "{why}");
    }
}
