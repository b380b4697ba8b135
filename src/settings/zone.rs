//! Finds the time zone of the viewer.

use jiff::Error;
use jiff::tz::TimeZone;

/// The machine's own zone, if no variable names another. Looking it up by name would first read
/// every directory of the zone database, which takes a fifth of the start.
const LOCAL: &str = "/etc/localtime";

/// The viewer's time zone.
///
/// # Errors
/// If the machine's zone is unknown.
pub fn zone() -> Result<TimeZone, Error> {
    let named = std::env::var_os("TZ").is_some();
    let local = (!named).then(|| std::fs::read(LOCAL).ok()).flatten();
    let local = local.and_then(|data| TimeZone::tzif(LOCAL, &data).ok());
    local.map_or_else(TimeZone::try_system, Ok)
}
