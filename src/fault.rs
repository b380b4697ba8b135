//! Places where a test can make the program fail on purpose; a release build has none.

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
