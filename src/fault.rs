//! Places where a test can make the program fail on purpose, and failures of others that are
//! foreseen: panics, and what never ends.

use std::cell::Cell;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Once, OnceLock};
use std::time::Duration;

/// Panics where `CLICKOFF_FAULT` names this place, in a debug build; with `hang-` before the name, it
/// never goes on.
///
/// # Panics
/// As said.
#[inline]
pub fn point(_place: &str) {
    #[cfg(debug_assertions)]
    if let Some(wanted) = std::env::var_os("CLICKOFF_FAULT") {
        assert!(wanted != _place, "{_place} fails on purpose");
        while wanted.to_str().and_then(|w| w.strip_prefix("hang-")) == Some(_place) {
            std::thread::park();
        }
    }
}

/// How long something is waited for: as long as said, or two seconds where `CLICKOFF_FAULT` is `soon-`
/// and its name, in a debug build.
#[inline]
pub fn limit(_name: &str, said: Duration) -> Duration {
    #[cfg(debug_assertions)]
    if let Some(wanted) = std::env::var_os("CLICKOFF_FAULT")
        && wanted.to_str().and_then(|w| w.strip_prefix("soon-")) == Some(_name)
    {
        return Duration::from_secs(2);
    }
    said
}

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Whether the panic of this thread is one that its caller catches and tells of.
pub fn is_guarded() -> bool {
    GUARDED.get()
}

/// How many steps of what is foreseen to fail were begun, and whether one of them goes on: the
/// number is even while none does.
static STEPS: AtomicU64 = AtomicU64::new(0);

/// The time between two looks at whether the same step still goes on.
const CHECK_EVERY: Duration = Duration::from_millis(2500);

/// So many looks in a row that find the same step tell that it does not end.
const CHECKS: u32 = 4;

/// What ends the process, in words.
type End = fn(&str) -> !;

static END: OnceLock<End> = OnceLock::new();

/// Says how the process is ended where a step of what is foreseen to fail does not end: a driver
/// whose server goes on and on gives no other task a turn, and so hears neither of the time nor of
/// a signal.
pub fn on_hang(end: End) {
    let _ = END.set(end);
}

/// Does what may panic, for a caller that catches that, or may never give another task a turn.
pub async fn guarded<T>(work: impl Future<Output = T>) -> T {
    struct Meanwhile;
    impl Drop for Meanwhile {
        fn drop(&mut self) {
            GUARDED.set(false);
            STEPS.fetch_add(1, Ordering::Relaxed);
        }
    }
    static WATCHED: Once = Once::new();
    WATCHED.call_once(watch);
    let mut work = pin!(work);
    poll_fn(|context| {
        GUARDED.set(true);
        STEPS.fetch_add(1, Ordering::Relaxed);
        let _meanwhile = Meanwhile;
        work.as_mut().poll(context)
    })
    .await
}

/// Looks at the steps on a thread of its own, where the process has said how it is ended.
fn watch() {
    let Some(end) = END.get() else {
        return;
    };
    let check = || {
        let (mut seen, mut checks) = (0, 0);
        loop {
            std::thread::sleep(CHECK_EVERY);
            let now = STEPS.load(Ordering::Relaxed);
            checks = if now == seen && now % 2 == 1 {
                checks + 1
            } else {
                0
            };
            seen = now;
            if checks == CHECKS {
                end("a database server goes on and on without an end: look at who runs it.");
            }
        }
    };
    // Without the thread, it is as it would be without this.
    let _ = std::thread::Builder::new().name("hang".into()).spawn(check);
}
