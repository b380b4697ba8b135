//! The hosts that serve one database: in which order they are tried, and when to move on.

use futures_util::future::BoxFuture;

use super::StoreError;

/// What serves one database, best first.
///
/// All clients try them in the same order, so that writers meet on one node of a cluster instead
/// of undoing each other's transactions from several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hosts<T> {
    /// Never empty.
    pub(super) all: Vec<T>,
}

impl<T> From<T> for Hosts<T> {
    fn from(only: T) -> Self {
        Self { all: vec![only] }
    }
}

/// Which host a store is connected to, and which it tries next.
#[derive(Debug)]
pub struct Route<T> {
    hosts: Hosts<T>,
    here: usize,
    next: Next,
}

/// Where the next connection is tried first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    /// Where the last one was: nothing was wrong with the host.
    Here,
    /// In the given order.
    First,
    /// In the given order, but this one last: it takes connections and gives no answers, and
    /// finding that out again takes time.
    But(usize),
}

impl<T> Route<T> {
    pub fn new(hosts: Hosts<T>) -> Self {
        Self {
            hosts,
            here: 0,
            next: Next::First,
        }
    }

    /// The host that the connection leads to, or the one that was tried last.
    pub fn here(&self) -> &T {
        &self.hosts.all[self.here]
    }

    fn is_only(&self) -> bool {
        self.hosts.all.len() == 1
    }

    /// Connects to the first host that takes it, in the order in which to try them now; `place` is
    /// what they all are. What else a host answers than that it is out of reach ends the search.
    pub async fn reach<L, C>(
        &mut self,
        place: &str,
        local: &mut L,
        connect: impl for<'a> Fn(&'a T, &'a mut L) -> BoxFuture<'a, Result<C, StoreError>>,
    ) -> Result<C, StoreError> {
        let mut missed = Vec::new();
        for at in self.order() {
            match connect(self.go(at), local).await {
                Ok(conn) => {
                    self.next = Next::Here;
                    return Ok(conn);
                }
                Err(error @ (StoreError::Away { .. } | StoreError::Lost { .. }))
                    if !self.is_only() =>
                {
                    tracing::warn!(%error, "trying the next host");
                    missed.push(error);
                }
                Err(error) => return Err(error),
            }
        }
        Err(self.none(missed, place.to_owned()))
    }

    fn order(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.hosts.all.len()).collect();
        match self.next {
            Next::Here => order.sort_by_key(|at| *at != self.here),
            Next::First => {}
            Next::But(hung) => order.sort_by_key(|at| *at == hung),
        }
        order
    }

    fn go(&mut self, at: usize) -> &T {
        self.here = at;
        self.here()
    }

    /// Takes note of a call that failed on the connection, and tells what that means where there
    /// are other hosts; `hung` says that no answer came in time.
    pub fn failed(&mut self, error: StoreError, hung: bool) -> StoreError {
        self.next = match &error {
            StoreError::Lost { .. } if hung => Next::But(self.here),
            StoreError::Lost { .. } | StoreError::Standby { .. } => Next::First,
            _ => Next::Here,
        };
        match error {
            // Another takes writes, or this one will when it has been promoted.
            StoreError::Standby { place } if !self.is_only() => StoreError::Away {
                place,
                why: "it takes no writes now".into(),
            },
            error => error,
        }
    }

    /// What it means that none could be connected to, each for its reason.
    fn none(&mut self, missed: Vec<StoreError>, place: String) -> StoreError {
        self.next = Next::First;
        let passes = missed.iter().any(|e| matches!(e, StoreError::Away { .. }));
        let reasons = missed.iter().filter_map(|error| match error {
            StoreError::Away { why, .. } | StoreError::Lost { why, .. } => Some(why.as_str()),
            _ => None,
        });
        let why = reasons.collect::<Vec<_>>().join("; ");
        if passes {
            StoreError::Away { place, why }
        } else {
            StoreError::Lost { place, why }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lost() -> StoreError {
        StoreError::Lost {
            place: "b".into(),
            why: "cut".into(),
        }
    }

    fn on_the_second() -> Route<char> {
        let mut route = Route::new(Hosts {
            all: vec!['a', 'b', 'c'],
        });
        assert_eq!(route.order(), [0, 1, 2]);
        assert_eq!(*route.go(1), 'b');
        route.next = Next::Here;
        route
    }

    #[test]
    fn a_host_that_works_is_stayed_with() {
        let mut route = on_the_second();
        assert_eq!(route.order(), [1, 0, 2]);
        let busy = StoreError::Busy { place: "b".into() };
        assert_eq!(route.failed(busy.clone(), false), busy);
        assert_eq!(route.order(), [1, 0, 2], "a lock is no fault of the host");
    }

    #[test]
    fn one_that_fails_is_left_for_the_first_that_works() {
        let mut route = on_the_second();
        assert_eq!(route.failed(lost(), false), lost());
        assert_eq!(route.order(), [0, 1, 2]);
    }

    #[test]
    fn one_that_hangs_is_tried_last() {
        let mut route = on_the_second();
        assert_eq!(route.failed(lost(), true), lost());
        assert_eq!(route.order(), [0, 2, 1]);
    }

    #[test]
    fn one_that_takes_no_writes_is_left_where_there_are_others() {
        let mut route = on_the_second();
        let standby = StoreError::Standby { place: "b".into() };
        let error = route.failed(standby.clone(), false);
        assert!(matches!(error, StoreError::Away { .. }), "{error:?}");
        assert_eq!(route.order(), [0, 1, 2]);
        let mut only = Route::new(Hosts::from('b'));
        assert_eq!(only.failed(standby.clone(), false), standby);
    }

    #[test]
    fn what_passes_on_one_host_is_waited_for() {
        let mut route = on_the_second();
        let away = StoreError::Away {
            place: "a".into(),
            why: "nothing listens at a".into(),
        };
        let all = |error| match error {
            StoreError::Away { why, .. } => (true, why),
            StoreError::Lost { why, .. } => (false, why),
            other => panic!("{other:?}"),
        };
        let (passes, why) = all(route.none(vec![away, lost()], "all".into()));
        assert!(passes);
        assert_eq!(why, "nothing listens at a; cut");
        let (passes, _) = all(route.none(vec![lost(), lost()], "all".into()));
        assert!(!passes);
    }
}
