//! Places where a test can make the program fail on purpose, and panics that are foreseen.

use std::cell::Cell;
use std::future::{Future, poll_fn};
use std::pin::pin;

/// Panics where `CLICKOFF_FAULT` names this place, in a debug build.
///
/// # Panics
/// As said.
#[inline]
pub fn point(_place: &str) {
    #[cfg(debug_assertions)]
    if std::env::var_os("CLICKOFF_FAULT").is_some_and(|wanted| wanted == _place) {
        panic!("{_place} fails on purpose");
    }
}

thread_local! {
    static FORESEEN: Cell<bool> = const { Cell::new(false) };
}

/// Whether the panic of this thread is one that its caller catches and tells of.
pub fn is_foreseen() -> bool {
    FORESEEN.get()
}

/// Does what may panic, for a caller that catches that.
pub async fn foreseen<T>(work: impl Future<Output = T>) -> T {
    struct Meanwhile;
    impl Drop for Meanwhile {
        fn drop(&mut self) {
            FORESEEN.set(false);
        }
    }
    let mut work = pin!(work);
    poll_fn(|context| {
        FORESEEN.set(true);
        let _meanwhile = Meanwhile;
        work.as_mut().poll(context)
    })
    .await
}
