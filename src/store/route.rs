//! Chooses the host to connect to: in which order hosts are tried, and when to change.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;

use super::hosts::{Hosts, none_of};
use super::{Remedy, StoreError};
use crate::message::BrokenKind;

/// How long to wait for one host before the next is tried in parallel, as in RFC 8305, section 8.
const HEAD_START: Duration = Duration::from_millis(250);

/// How long a host may block writers before another is tried.
const HELD_UP: Duration = Duration::from_secs(5);

/// The hosts of a store: which it is connected to, and which it tries next.
#[derive(Debug)]
pub struct Route<T> {
    hosts: Hosts<T>,
    here: usize,
    next: Next,
    /// For a watching store, which follows the writing store of this process: the last seen `lead`.
    follows: Option<usize>,
    /// Since when all calls failed because writers are blocked.
    held_since: Option<Instant>,
}

/// Where the next connection is tried first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    /// At the same host: nothing was wrong with it.
    Here,
    /// In the given order.
    First,
    /// In the given order, but this one last: it accepts connections but does not answer, and each
    /// try takes time.
    But(usize),
}

impl<T> Route<T> {
    pub fn new(hosts: Hosts<T>) -> Self {
        Self {
            hosts,
            here: 0,
            next: Next::First,
            follows: None,
            held_since: None,
        }
    }

    /// From now on it follows the writing store of this process.
    pub fn follow(&mut self, mut each: impl FnMut(&mut T)) {
        self.follows = Some(0);
        self.hosts.all.iter_mut().for_each(&mut each);
    }

    /// Whether the writing store has moved to another host since the last call. The next connection
    /// is then tried there first.
    pub fn has_writer_moved(&mut self) -> bool {
        let Some(followed) = &mut self.follows else {
            return false;
        };
        let lead = self.hosts.lead.load(Ordering::Relaxed);
        let moved = std::mem::replace(followed, lead) != lead && lead != self.here + 1;
        if moved {
            self.next = Next::First;
        }
        moved
    }

    /// The host of the connection, or the one that was tried last.
    pub fn here(&self) -> &T {
        &self.hosts.all[self.here]
    }

    /// The same, without the others.
    pub fn into_here(mut self) -> T {
        self.hosts.all.swap_remove(self.here)
    }

    pub fn here_mut(&mut self) -> &mut T {
        &mut self.hosts.all[self.here]
    }

    /// Whether there are other hosts.
    pub fn has_others(&self) -> bool {
        self.hosts.all.len() > 1
    }

    /// Connects to one of the hosts; `place` names them all. Each host is tried a little after the
    /// one before it, or as soon as that one has failed. The first connection is used, and `close`
    /// ends later ones. Only an error about the database's contents ends the search: other errors,
    /// like a refused login, may be different on another host.
    pub async fn reach<C, F>(
        &mut self,
        place: &str,
        connect: F,
        close: fn(C) -> BoxFuture<'static, ()>,
    ) -> Result<C, StoreError>
    where
        T: Clone + Send + Sync + 'static,
        C: Send + 'static,
        F: for<'a> Fn(&'a mut T) -> BoxFuture<'a, Result<C, StoreError>> + Copy + Send + 'static,
    {
        if !self.has_others() {
            let reached = connect(self.here_mut()).await;
            if reached.is_ok() {
                self.arrive(0);
            }
            return reached;
        }
        let mut next = self.order().into_iter();
        let mut trying = FuturesUnordered::new();
        let mut missed = Vec::new();
        let mut may_start = true;
        let outcome = loop {
            if may_start && let Some(at) = next.next() {
                let mut host = self.hosts.all[at].clone();
                trying.push(async move { (at, connect(&mut host).await) });
            }
            let others_wait = next.len() > 0;
            may_start = tokio::select! {
                biased;
                tried = trying.next() => match tried {
                    None => break {
                        self.next = Next::First;
                        Err(none_of(missed, place.to_owned()))
                    },
                    Some((at, Ok(conn))) => {
                        self.arrive(at);
                        break Ok(conn);
                    }
                    Some((at, Err(error))) => {
                        self.here = at;
                        if error.remedy() == Remedy::Stop(BrokenKind::Damaged) {
                            break Err(error);
                        }
                        tracing::warn!(%error, "trying the next host");
                        missed.push((at, error));
                        true
                    }
                },
                () = tokio::time::sleep(HEAD_START), if others_wait => true,
            };
        };
        if !trying.is_empty() {
            // Connections that come up later are closed properly.
            tokio::spawn(async move {
                while let Some((_, tried)) = trying.next().await {
                    if let Ok(conn) = tried {
                        close(conn).await;
                    }
                }
            });
        }
        outcome
    }

    fn arrive(&mut self, at: usize) {
        self.here = at;
        self.next = Next::Here;
        if self.follows.is_none() {
            self.hosts.lead.store(at + 1, Ordering::Relaxed);
        }
    }

    fn order(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.hosts.all.len()).collect();
        match self.next {
            Next::Here => order.sort_by_key(|at| *at != self.here),
            Next::First => {}
            Next::But(hung) => order.sort_by_key(|at| *at == hung),
        }
        if self.follows.is_some() && !matches!(self.next, Next::Here) {
            let lead = self.hosts.lead.load(Ordering::Relaxed);
            order.sort_by_key(|at| at + 1 != lead);
        }
        order
    }

    /// Records a successful call.
    pub fn worked(&mut self) {
        self.held_since = None;
    }

    /// Records a failed call, and returns its error, adapted if there are other hosts. `hung` means
    /// that no answer came in time.
    pub fn failed(&mut self, error: StoreError, hung: bool) -> StoreError {
        let now = Instant::now();
        let is_held = matches!(error, StoreError::Busy { .. } | StoreError::Held { .. });
        let held_since = match is_held {
            true => *self.held_since.get_or_insert(now),
            false => now,
        };
        self.next = match &error {
            StoreError::Lost { .. } if hung => Next::But(self.here),
            StoreError::Lost { .. } | StoreError::Away { .. } | StoreError::Standby { .. } => {
                Next::First
            }
            // Its disk, or what is stored on it; another node of a cluster may be sound.
            StoreError::Full { .. }
            | StoreError::Device { .. }
            | StoreError::Missing { .. }
            | StoreError::Other { .. } => Next::But(self.here),
            _ if now - held_since >= HELD_UP => Next::But(self.here),
            _ => Next::Here,
        };
        match error {
            // Another host takes writes, or this one will after a promotion.
            StoreError::Standby { place } if self.has_others() => StoreError::Away {
                place,
                why: "it takes no writes now".into(),
            },
            error => error,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::AtomicUsize;

    use futures_util::FutureExt;

    use crate::store::hosts::tests::{away, lost, unusable};

    fn on_the_second() -> Route<char> {
        let mut route = Route::new(Hosts::of(vec!['a', 'b', 'c']));
        assert_eq!(route.order(), [0, 1, 2]);
        route.arrive(1);
        assert_eq!(*route.here(), 'b');
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
    fn one_that_holds_writers_up_for_long_is_tried_last() {
        let mut route = on_the_second();
        let held = StoreError::Held {
            place: "b".into(),
            by: "a backup runs".into(),
        };
        route.held_since = Instant::now().checked_sub(HELD_UP);
        assert!(route.held_since.is_some());
        route.worked();
        assert_eq!(route.failed(held.clone(), false), held);
        assert_eq!(route.order(), [1, 0, 2], "it worked meanwhile");
        route.held_since = Instant::now().checked_sub(HELD_UP);
        assert_eq!(route.failed(held.clone(), false), held);
        assert_eq!(route.order(), [0, 2, 1]);
    }

    #[test]
    fn one_with_a_fault_of_its_own_is_tried_last() {
        let mut route = on_the_second();
        let full = StoreError::Full { place: "b".into() };
        assert_eq!(route.failed(full.clone(), false), full);
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
    fn who_watches_goes_where_the_other_writes() {
        let hosts = Hosts::of(vec!['a', 'b', 'c']);
        let mut writing = Route::new(hosts.clone());
        let mut watching = Route::new(hosts);
        watching.follow(|_| {});
        assert!(!watching.has_writer_moved());
        writing.arrive(0);
        watching.arrive(0);
        assert!(!watching.has_writer_moved(), "both are there");
        writing.arrive(2);
        assert!(watching.has_writer_moved());
        assert_eq!(watching.order(), [2, 0, 1]);
        assert!(!watching.has_writer_moved(), "it is told once");
        watching.arrive(1);
        assert!(!watching.has_writer_moved(), "it could not get there");
        assert!(!writing.has_writer_moved(), "who writes follows nobody");
    }

    /// The outcome of a host, after this many milliseconds.
    type Fate = (u64, Result<char, StoreError>);

    fn meet(fate: &mut Fate) -> BoxFuture<'_, Result<char, StoreError>> {
        let (after, fate) = fate.clone();
        async move {
            tokio::time::sleep(Duration::from_millis(after)).await;
            fate
        }
        .boxed()
    }

    /// Which host is used, after how long, and how many connections were closed in the end.
    async fn reached(fates: Vec<Fate>) -> (Result<char, StoreError>, u64, u32) {
        static CLOSED: AtomicUsize = AtomicUsize::new(0);
        CLOSED.store(0, Ordering::SeqCst);
        let mut route = Route::new(Hosts::of(fates));
        let begun = tokio::time::Instant::now();
        let close = |_: char| {
            CLOSED.fetch_add(1, Ordering::SeqCst);
            std::future::ready(()).boxed()
        };
        let reached = route.reach("all", meet, close).await;
        let took = begun.elapsed().as_millis() as u64;
        tokio::time::sleep(Duration::from_secs(60)).await;
        (reached, took, CLOSED.load(Ordering::SeqCst) as u32)
    }

    #[tokio::test(start_paused = true)]
    async fn hosts_are_tried_one_a_little_after_the_other_and_at_once_where_one_fails() {
        const LONG: u64 = 10_000;
        for (fates, taken, took, closed) in [
            // The first is taken, whatever the others would say.
            (vec![(100, Ok('a')), (0, Ok('b'))], Ok('a'), 100, 0),
            // One that is silent costs a moment, and is closed where it comes up later.
            (vec![(LONG, Ok('a')), (20, Ok('b'))], Ok('b'), 270, 1),
            (
                vec![(LONG, Err(lost())), (LONG, Ok('b')), (0, Ok('c'))],
                Ok('c'),
                500,
                1,
            ),
            // One that says no costs nothing more.
            (vec![(20, Err(away("no"))), (20, Ok('b'))], Ok('b'), 40, 0),
            // Neither does one with another list of users.
            (vec![(20, Err(unusable())), (20, Ok('b'))], Ok('b'), 40, 0),
            (vec![(300, Ok('a')), (400, Ok('b'))], Ok('a'), 300, 1),
        ] {
            let (reached, after, left) = reached(fates.clone()).await;
            assert_eq!((reached, left), (taken, closed), "{fates:?}");
            assert!((took..took + 20).contains(&after), "{fates:?}: {after}");
        }
        let foreign = StoreError::Foreign {
            place: "a".into(),
            why: "it has no name".into(),
        };
        let fates = vec![(20, Err(foreign.clone())), (20, Ok('b'))];
        assert_eq!(reached(fates).await.0, Err(foreign));
        let (none, ..) = reached(vec![(20, Err(unusable())), (20, Err(unusable()))]).await;
        assert!(matches!(none, Err(StoreError::Unusable { .. })), "{none:?}");
    }
}
