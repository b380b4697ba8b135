//! The SQL statements that differ by engine. Each engine's folder has its own table of them.

use super::archive::statements::ArchiveStatements;
use super::listing::ListingStatements;
use super::migrations::Migrations;
use super::spelling::Spelling;

/// The statements of one engine. The comments list the placeholders in order, and after `->` the
/// columns of the result.
#[derive(Debug, Clone, Copy)]
pub struct Statements {
    /// the migrations
    pub migrations: Migrations,
    /// how the statements are spelled that are written once for all engines
    pub spelling: Spelling,
    /// the statements of the archive
    pub archive: ArchiveStatements,
    /// -> [`super::Epoch`], if commits can get lost
    pub epoch: Option<&'static str>,
    /// -> `database`, its name for itself; the rules `held_keys` and `max_rate`; `today`, the day;
    /// and `cursor`, the newest
    pub opening: &'static str,
    /// -> the newest cursor
    pub cursor: &'static str,
    /// the statements about the ranking
    pub listing: ListingStatements,
    /// cursor, limit -> `stamp`, the change's cursor; `user_id`; then `id`, `name_bytes`,
    /// `email_bytes`, `score` of the player, all NULL if the player is gone. A row with only a
    /// stamp says how far this poll has read; polls that return one overlap
    pub changes: &'static str,
    /// whether `changes` also reads some changes before its cursor, so that polls overlap
    pub looks_back: bool,
    /// client, player: creates the session's row if needed
    pub register: &'static str,
    /// client, player, day: the same, but only if no client was removed since that day
    pub resume: &'static str,
    /// client, player -> session
    pub session: &'static str,
    /// the routine with the locked transaction; for SQLite it is in Rust: `sqlite::count`
    pub count: Option<CountRoutine>,
    /// client -> `client`, `user_id`, `last_seq` of every client whose id starts with the same 24
    /// characters
    pub claims: &'static str,
    /// begins a transaction that writes
    pub begin: &'static str,
    /// -> kind and name of each trigger or rule on the table of players that is not clickoff's
    pub foreign_triggers: &'static str,
    /// name, email -> id
    pub add: &'static str,
    /// name, email, id
    pub edit: &'static str,
    /// client
    pub retire: &'static str,
    /// client -> 1 if there may be more to remove: see [`super::Store::tidy`]
    pub tidy: &'static str,
    /// -> the first day since which no client was removed
    pub kept_since: &'static str,
    /// session: records how many presses it has scored, and the time
    pub sprint_begin: &'static str,
    /// session, seconds, presses, trace (numbers with commas, zeros left empty) -> 1 if it is kept,
    /// or there is one as good: see [`super::Contests::keep_sprint`]. It is idempotent
    pub sprint: &'static str,
    /// `held_keys`, `max_rate`; NULL leaves a rule as it is
    pub set_rules: &'static str,
    /// session, seconds -> `race`, `racer`: opens a race, or joins the one that waits for racers
    pub race_open: &'static str,
    /// session, race -> `race`, `racer`, or nothing if the race can't be joined any more
    pub race_join: &'static str,
    /// session, race, presses, standing, trace as in `sprint` or NULL: see
    /// [`super::Contests::report_race`]
    pub race_report: &'static str,
    /// begins the transaction in which the list is read, with a longer time limit
    pub begin_reading: Option<&'static str>,
    /// quarter, limit, id -> `clock` in microseconds since 1970, then `id`, `name_bytes`,
    /// `email_bytes`, `score`, `points` since the quarter began, `place`, which is how many players
    /// stand before this one, and `players`, which is how many have points. The rows are the best
    /// players with points, and the player with that id. If nobody has points, there is one row
    /// with only a clock
    pub ranking: &'static str,
}

impl Statements {
    /// Whether one transaction can be for many players.
    pub fn takes_many(&self) -> bool {
        !matches!(self.count, Some(CountRoutine { all: None, .. }))
    }
}

/// The statements that call the routine with the locked transaction.
#[derive(Debug, Clone, Copy)]
pub struct CountRoutine {
    /// session, total -> `counted`, `score`, `refused`, `max_rate`, or nothing if the player is gone
    pub one: &'static str,
    /// sessions, totals, each as a list with commas -> the same for each, in order, all in one
    /// transaction. If `None`, each total has its own transaction
    pub all: Option<&'static str>,
}
