//! The SQL statements that differ by engine. Each engine's folder has its own table of them. The
//! others stand where they are used, and say by [`Spelling`]'s words what an engine spells.

use super::archive::statements::ArchiveStatements;
use super::listing::RankingSql;
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
    /// how the ranking is read
    pub listing: RankingSql,
    /// the calls of routines, or the statements in their place
    pub calls: Calls,
    /// -> [`super::Epoch`], if commits can get lost
    pub epoch: Option<&'static str>,
    /// cursor, limit -> `stamp`, the change's cursor; `user_id`; then `id`, `name_bytes`,
    /// `email_bytes`, `score` of the player, all NULL if the player is gone. A row with only a
    /// stamp says how far this poll has read; polls that return one overlap
    pub changes: &'static str,
    /// whether `changes` also reads some changes before its cursor, so that polls overlap
    pub looks_back: bool,
    /// whether one transaction can be for many players
    pub takes_many: bool,
    /// client -> `id`, `client`, `user_id`, `last_seq` of each session of every client whose id
    /// starts with the same 24 characters
    pub claims: &'static str,
    /// begins a transaction that writes
    pub begin: &'static str,
    /// begins a transaction around each call and makes the session's settings, which is needed behind
    /// a transaction-pooling proxy; `None` if such proxies can't be used
    pub begin_pooled: Option<&'static str>,
    /// begins the transaction in which the list is read, with a longer time limit
    pub begin_reading: Option<&'static str>,
    /// -> kind and name of each trigger or rule on the table of players that is not clickoff's
    pub foreign_triggers: &'static str,
    /// name, email, id
    pub edit: &'static str,
    /// quarter -> `user_id` and `points` of each player who has scored since then
    pub scorers: &'static str,
    /// whether an error says that a text can't be encoded in the database's character set
    pub is_unwritable: fn(&sqlx::Error) -> bool,
}

/// The statements that are routines on a server.
#[derive(Debug, Clone, Copy)]
pub struct Calls {
    /// client, players as a list: creates the sessions' rows if needed. On MariaDB it is for one
    /// player, as its routine begins and ends its transaction
    pub register: &'static str,
    /// client, player, day: the same, but only if no client was removed since that day
    pub resume: &'static str,
    /// client, players as a list -> `id`, `user_id` of each session; on MariaDB for one player
    pub session: &'static str,
    /// name, email -> id
    pub add: &'static str,
    /// client
    pub retire: &'static str,
    /// client -> 1 if there may be more to remove: see [`super::Store::tidy`]
    pub tidy: &'static str,
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
}

/// The calls of a server's routines. Those that return nothing are procedures on every server.
pub const ROUTINES: Calls = Calls {
    register: "CALL click_register(?, {numbers})",
    resume: "CALL click_resume(?, ?, ?)",
    session: "{call} click_session(?, {numbers})",
    add: "{call} click_add(?, ?)",
    retire: "CALL click_retire(?)",
    tidy: "{call} click_tidy(?)",
    sprint_begin: "{call} click_sprint_begin(?)",
    sprint: "{call} click_sprint(?, ?, ?, ?)",
    set_rules: "CALL click_rule(?, ?)",
    race_open: "{call} click_race_open(?, ?)",
    race_join: "{call} click_race_join(?, ?)",
    race_report: "CALL click_race_report(?, ?, ?, ?, ?)",
};
