//! What every engine has statements for; each has its table of them in its own folder.

use super::archive::statements::ArchiveStatements;
use super::listing::ListingStatements;
use super::migrations::Migrations;

/// The statements of one database. A placeholder's meaning is its position, written beside each.
#[derive(Debug, Clone, Copy)]
pub struct Statements {
    /// what makes the schema
    pub migrations: Migrations,
    /// what reads, writes and checks everything
    pub archive: ArchiveStatements,
    /// -> the database's own name
    pub database: &'static str,
    /// -> [`super::Epoch`], where the database can forget what was committed
    pub epoch: Option<&'static str>,
    /// -> what a game begins with: `database`, its own name; of its rules `held_keys` and
    /// `max_rate`; `today`, the day; and `cursor`, the newest
    pub opening: &'static str,
    /// -> the newest cursor
    pub cursor: &'static str,
    /// what is asked of the ranking
    pub listing: ListingStatements,
    /// cursor, many -> `stamp`, its cursor; `user_id`, whose change it is; then `id`, `name_bytes`,
    /// `email_bytes`, `score`, all NULL where the player is gone; at most so many rows. A row of
    /// nothing but a stamp says how far this look saw, and may tell changes again
    pub changes: &'static str,
    /// whether `changes` looks back behind its cursor, so that it may tell changes twice
    pub looks_back: bool,
    /// client, player: makes the session's row unless it is there
    pub register: &'static str,
    /// client, player, day: the same, but only if no client of that day was forgotten
    pub resume: &'static str,
    /// client, player -> session
    pub session: &'static str,
    /// session, total -> `counted`, `score`, `refused`, `max_rate`, or nothing where the player is
    /// gone: the whole locked transaction. In SQLite it is written in Rust: see `sqlite::count`
    pub count: &'static str,
    /// sessions, totals, each with commas between them -> the same of each, in their order: one
    /// transaction for all. Without, each has its own
    pub count_all: Option<&'static str>,
    /// client -> `client`, `user_id`, `last_seq`: of every client whose id begins with the same 24
    /// characters
    pub claims: &'static str,
    /// begins a transaction that writes
    pub begin: &'static str,
    /// -> what on the table of players is not clickoff's and may change what is written there: the
    /// kind and the name of each
    pub meddlers: &'static str,
    /// name, email -> id
    pub add: &'static str,
    /// name, email, id
    pub edit: &'static str,
    /// id
    pub remove: &'static str,
    /// client
    pub retire: &'static str,
    /// client -> 1 where there may be more to forget: as [`super::Store::tidy`] says
    pub tidy: &'static str,
    /// -> the first day whose clients are all there
    pub kept_since: &'static str,
    /// session: notes how many presses it has scored, and when
    pub sprint_begin: &'static str,
    /// session, seconds, presses, trace (numbers with commas between them, a nought left out) -> 1
    /// where it is kept, or there is one as good: as [`super::Contests::keep_sprint`] says. What was
    /// noted stays, so that said again it is answered the same
    pub sprint: &'static str,
    /// player -> `seconds`, `user_id`, `presses`, `at` in seconds since 1970, `trace`, and
    /// `own`, which is NULL but for that player's own bests: these, and of each length the first ones
    pub bests: &'static str,
    /// fingerprint -> `user_id`: whose key it is
    pub key: &'static str,
    /// -> `fingerprint`, `user_id`, `comment`, `at` of each key
    pub keys: &'static str,
    /// fingerprint, player, comment: notes whose a key is that was nobody's
    pub key_add: &'static str,
    /// fingerprint
    pub key_remove: &'static str,
    /// `held_keys`, `max_rate`, each NULL to be left as it is
    pub set_rules: &'static str,
    /// seconds, how many -> `user_id`, `seconds`, `presses`, `at`, and NULL as `better`: the first
    /// of all, in their order
    pub board: &'static str,
    /// player -> the same of that player alone, each with how many are `better`
    pub own_board: &'static str,
    /// session, seconds -> `race`, `racer`: opens a race, or finds the one that waits for racers
    pub race_open: &'static str,
    /// session, race -> `race`, `racer`, or nothing where that is not possible any more
    pub race_join: &'static str,
    /// session, race, presses, standing, trace as in `sprint` or NULL: as [`super::Contests::report_race`] says
    pub race_report: &'static str,
    /// race, or 0 for the newest that is not closed -> `clock` as in `ranking`, `race`, `seconds`,
    /// `starts_at`, `closed_at`, and a `racer` with `user_id`, `name_bytes`, `presses`,
    /// `standing` and `trace`; all but the clock NULL where there is none
    pub race: &'static str,
    /// how many -> as in `race`, of the last races that are closed
    pub races: &'static str,
    /// begins the transaction in which the list is read, with the time that a long one takes
    pub begin_reading: Option<&'static str>,
    /// quarter, many, id -> `clock` in microseconds since 1970, then `id`, `name_bytes`,
    /// `email_bytes`, `score` and `points` since the quarter began, `place`, how many stand before
    /// this one, and `players`, how many have points in all: of so many first of those with any, and
    /// of that one; all but the clock NULL in the only row where nobody has
    pub ranking: &'static str,
    /// id -> `clock` as in `ranking`, in three kinds of rows, where all else is NULL: the `score`, which
    /// is NULL where the player is gone, and a `quarter` with its `points` where there is one; `seconds`
    /// of a best sprint, its presses as `points`, `at` in microseconds since 1970, its `trace` and by how
    /// much it `beat` the best before; a closed `race` of the player's that started `at`, with its presses
    /// as `points`, and the most presses of a `rival`, which is NULL where nobody else has raced
    pub history: &'static str,
}

/// The history of a player, where the clock, the player's id, the score of the player `u`, the type of
/// a whole number and that of a text are written so.
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

/// The bests for the player that a placeholder stands for; the table is the same everywhere.
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

/// Sprints for what placeholders stand for: of a length, the first so many, or of a player.
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

/// Races with their racers, where the clock, a racer's name as bytes, and the race that is asked for
/// are written so.
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
