//! The SQL statements that every engine has. Each engine's folder has its own table of them.

use super::archive::statements::ArchiveStatements;
use super::listing::ListingStatements;
use super::migrations::Migrations;

/// The statements of one engine. The comments list the placeholders in order, and after `->` the
/// columns of the result.
#[derive(Debug, Clone, Copy)]
pub struct Statements {
    /// the migrations
    pub migrations: Migrations,
    /// the statements of the archive
    pub archive: ArchiveStatements,
    /// -> the database's name for itself
    pub database: &'static str,
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
    /// session, total -> `counted`, `score`, `refused`, `max_rate`, or nothing if the player is
    /// gone: the whole locked transaction. For SQLite it is in Rust: `sqlite::count`
    pub count: &'static str,
    /// sessions, totals, each as a list with commas -> the same for each, in order, all in one
    /// transaction. If `None`, each total has its own transaction
    pub count_all: Option<&'static str>,
    /// client -> `client`, `user_id`, `last_seq` of every client whose id starts with the same 24
    /// characters
    pub claims: &'static str,
    /// begins a transaction that writes
    pub begin: &'static str,
    /// -> kind and name of each trigger or rule on the table of players that is not clickoff's
    pub meddlers: &'static str,
    /// name, email -> id
    pub add: &'static str,
    /// name, email, id
    pub edit: &'static str,
    /// id
    pub remove: &'static str,
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
    /// player -> `seconds`, `user_id`, `presses`, `at` in seconds since 1970, `trace`, and `own`:
    /// the best sprints of each length, where `own` is NULL, and the player's own bests, where it
    /// is not
    pub bests: &'static str,
    /// fingerprint -> `user_id`
    pub key: &'static str,
    /// -> `fingerprint`, `user_id`, `comment`, `at` of each key, oldest first
    pub keys: &'static str,
    /// fingerprint, player, comment: adds a key
    pub key_add: &'static str,
    /// fingerprint
    pub key_remove: &'static str,
    /// `held_keys`, `max_rate`; NULL leaves a rule as it is
    pub set_rules: &'static str,
    /// seconds, limit -> `user_id`, `seconds`, `presses`, `at`, and NULL as `better`: the best
    /// sprints, in order
    pub board: &'static str,
    /// player -> the same of that player, each with how many are `better`
    pub own_board: &'static str,
    /// session, seconds -> `race`, `racer`: opens a race, or joins the one that waits for racers
    pub race_open: &'static str,
    /// session, race -> `race`, `racer`, or nothing if the race can't be joined any more
    pub race_join: &'static str,
    /// session, race, presses, standing, trace as in `sprint` or NULL: see
    /// [`super::Contests::report_race`]
    pub race_report: &'static str,
    /// race, or 0 for the newest that is not closed -> `clock` as in `ranking`, `race`, `seconds`,
    /// `starts_at`, `closed_at`, and a `racer` with `user_id`, `name_bytes`, `presses`, `standing`
    /// and `trace`. Without a race all but the clock is NULL
    pub race: &'static str,
    /// limit -> as in `race`, of the last closed races
    pub races: &'static str,
    /// begins the transaction in which the list is read, with a longer time limit
    pub begin_reading: Option<&'static str>,
    /// quarter, limit, id -> `clock` in microseconds since 1970, then `id`, `name_bytes`,
    /// `email_bytes`, `score`, `points` since the quarter began, `place`, which is how many players
    /// stand before this one, and `players`, which is how many have points. The rows are the best
    /// players with points, and the player with that id. If nobody has points, there is one row
    /// with only a clock
    pub ranking: &'static str,
    /// id -> three kinds of rows, each with `clock` as in `ranking`. First: `score`, NULL if the
    /// player is gone, and a `quarter` with its `points`, if there is one. Second: the `seconds` of
    /// a best sprint, its presses as `points`, `at` in microseconds since 1970, its `trace`, and by
    /// how much it `beat` the best before. Third: a closed `race` that started `at`, the player's
    /// presses as `points`, and the most presses of a `rival`, NULL if nobody else raced. All other
    /// columns are NULL
    pub history: &'static str,
}

/// The query for the history of a player. Its arguments are how the engine writes the clock, the
/// player's id, the score of the player `u`, the integer type, and the text type.
macro_rules! history {
    ($clock:expr, $player:literal, $score:expr, $whole:literal, $text:literal) => {
        concat!(
            "WITH p AS (SELECT ",
            $player,
            " AS id, ",
            $clock,
            " AS clock)
             SELECT p.clock, CASE WHEN u.id IS NOT NULL THEN ",
            $score,
            " END AS score, h.quarter, h.points,
                    CAST(NULL AS ", $whole, ") AS seconds, CAST(NULL AS ", $whole, ") AS at,
                    CAST(NULL AS ", $text, ") AS trace, CAST(NULL AS ", $whole, ") AS beat,
                    CAST(NULL AS ", $whole, ") AS race, CAST(NULL AS ", $whole, ") AS rival
             FROM p LEFT JOIN users u ON u.id = p.id LEFT JOIN click_history h ON h.user_id = u.id
             UNION ALL
             SELECT p.clock, NULL, NULL, s.presses, s.seconds, s.at * 1000000, s.trace, s.beat, NULL, NULL
             FROM p JOIN click_sprints s ON s.user_id = p.id
             UNION ALL
             SELECT p.clock, NULL, NULL, MAX(CASE WHEN c.user_id = p.id THEN c.presses END), NULL,
                    r.starts_at, NULL, NULL, r.id,
                    MAX(CASE WHEN c.user_id <> p.id AND (c.presses > 0 OR c.standing <> 2)
                             THEN c.presses END)
             FROM p JOIN click_racers o ON o.user_id = p.id
                    JOIN click_races r ON r.id = o.race AND r.closed_at IS NOT NULL
                    JOIN click_racers c ON c.race = r.id
             GROUP BY p.clock, r.id, r.starts_at"
        )
    };
}
pub(super) use history;

/// The query for the best sprints. Its argument is the placeholder of the player.
macro_rules! bests {
    ($player:literal) => {
        concat!(
            "SELECT seconds, user_id, presses, at, trace, user_id AS own FROM click_sprints WHERE user_id = ",
            $player,
            bests!(top 5),
            bests!(top 10),
            bests!(top 30),
            bests!(top 60)
        )
    };
    (top $seconds:literal) => {
        concat!(
            " UNION ALL SELECT * FROM (
                  SELECT seconds, user_id, presses, at, trace, NULLIF(user_id, user_id) AS own FROM click_sprints
                  WHERE seconds = ",
            $seconds,
            " ORDER BY presses DESC, at, user_id LIMIT 10) AS top_",
            $seconds
        )
    };
}
pub(super) use bests;

/// The query for a board of sprints: the best of a length, or those of a player. Its arguments are
/// the placeholders.
macro_rules! board {
    (first $many:literal over $seconds:literal) => {
        concat!(
            "SELECT user_id, seconds, presses, at, NULL AS better FROM click_sprints WHERE seconds = ",
            $seconds,
            " ORDER BY presses DESC, at, user_id LIMIT ",
            $many
        )
    };
    (of $player:literal) => {
        concat!(
            "SELECT user_id, seconds, presses, at,
                    (SELECT COUNT(*) FROM click_sprints b
                     WHERE b.seconds = s.seconds AND b.presses > s.presses) AS better
             FROM click_sprints s WHERE user_id = ",
            $player,
            " ORDER BY seconds"
        )
    };
}
pub(super) use board;

/// The query for races with their racers. Its arguments are how the engine writes the clock, a
/// racer's name as bytes, and the placeholder.
macro_rules! race {
    ($clock:expr, $name:literal, $asked:literal) => {
        race!(@from $clock, $name, concat!(
            "(SELECT ",
            $asked,
            " AS id) asked LEFT JOIN click_races r ON r.id = CASE asked.id
                 WHEN 0 THEN (SELECT MAX(id) FROM click_races WHERE closed_at IS NULL)
                 ELSE asked.id END"
        ))
    };
    (last $clock:expr, $name:literal, $many:literal) => {
        race!(@from $clock, $name, concat!(
            "(SELECT * FROM click_races WHERE closed_at IS NOT NULL ORDER BY id DESC LIMIT ",
            $many,
            ") r"
        ))
    };
    (@from $clock:expr, $name:literal, $races:expr) => {
        concat!(
            "SELECT ",
            $clock,
            " AS clock, r.id AS race, r.seconds, r.starts_at, r.closed_at, c.racer, c.user_id, ",
            $name,
            " AS name_bytes, c.presses, c.standing, c.trace FROM ",
            $races,
            " LEFT JOIN click_racers c ON c.race = r.id"
        )
    };
}
pub(super) use race;
