//! Places where a test can make the program fail on purpose; a release build has none.

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
