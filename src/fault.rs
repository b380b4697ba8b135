//! Places where a test can make the program fail on purpose, and guards against code of others that
//! panics or hangs.

use std::cell::Cell;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Once, OnceLock};
use std::time::Duration;

/// In a debug build, panics if `CLICKOFF_FAULT` names this place, and hangs if it is `hang-` and
/// the name.
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

/// A time limit. In a debug build it is two seconds if `CLICKOFF_FAULT` is `soon-` and the name.
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

/// Whether this thread runs [`guarded`] code, so that its panic will be caught and reported.
pub fn is_guarded() -> bool {
    GUARDED.get()
}

/// Counts the beginnings and ends of polls of guarded code. It is odd while such a poll runs.
static STEPS: AtomicU64 = AtomicU64::new(0);

/// The time between two checks whether the same poll still runs.
const CHECK_EVERY: Duration = Duration::from_millis(2500);

/// A poll hangs if this many checks in a row find it running.
const CHECKS: u32 = 4;

/// Ends the process with this message.
type End = fn(&str) -> !;

static END: OnceLock<End> = OnceLock::new();

/// Sets how the process ends if a poll of guarded code hangs. A driver whose server never stops
/// sending lets no other task run, so no timeout and no signal can end it.
pub fn on_hang(end: End) {
    let _ = END.set(end);
}

/// Runs code that may panic, whose caller catches the panic, or that may block the runtime for
/// ever.
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

/// Starts a thread that checks for polls that hang, if [`on_hang`] was called.
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
    // Without the thread nothing else breaks.
    let _ = std::thread::Builder::new().name("hang".into()).spawn(check);
}
