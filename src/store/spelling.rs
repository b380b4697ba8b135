//! How engines spell statements that are written once for all of them.

use sqlx::AssertSqlSafe;

/// How an engine writes what differs in a statement for all engines. `{player}` stands for the
/// columns of the player `u`.
#[derive(Debug, Clone, Copy)]
pub struct Spelling {
    /// `{integer}`: the integer type
    pub integer: &'static str,
    /// `{text}`: a text type
    pub text: &'static str,
    /// `{divide}`: the operator of integer division
    pub divide: &'static str,
    /// `{join}`: a join that reads the left side first
    pub join: &'static str,
    /// `{call}`: what stands before the name of a routine that returns rows
    pub call: &'static str,
    /// `{numbers}`: a placeholder of a list of numbers, which comes as a text with commas between
    /// them
    pub numbers: &'static str,
    /// `{clock}`: the time, in microseconds since 1970
    pub clock: &'static str,
    /// `{cursor}`: the newest cursor
    pub cursor: &'static str,
    /// `{score}`: the score of the player `u`, as an integer
    pub score: &'static str,
    /// `{meta_key}`: the column of `click_meta` with the names of its values
    pub meta_key: &'static str,
    /// What stands before and after a text to convert it to bytes of UTF-8. `{name}`, `{email}` and
    /// `{racer_name}` are those of the player `u` and of the racer `c`.
    pub bytes: [&'static str; 2],
    /// Whether the placeholders, `?`, are numbered.
    pub is_numbered: bool,
}

/// The columns of the player `u`.
const PLAYER: &str = "CAST(u.id AS {integer}) AS id, {name} AS name_bytes, {email} AS email_bytes,
                      {score} AS score";

impl Spelling {
    /// The statement as the engine writes it.
    ///
    /// The only place where SQL is asserted to be safe: every part of it is a constant of this
    /// program. All data is bound.
    pub fn spell(&self, sql: &str) -> AssertSqlSafe<String> {
        let mut sql = sql.to_owned();
        for (word, spelled) in [
            ("{player}", PLAYER),
            ("{name}", self.bytes.join("u.name").as_str()),
            ("{email}", &self.bytes.join("u.email")),
            ("{racer_name}", &self.bytes.join("c.name")),
            ("{cursor}", self.cursor),
            ("{clock}", self.clock),
            ("{score}", self.score),
            ("{meta_key}", self.meta_key),
            ("{divide}", self.divide),
            ("{join}", self.join),
            ("{call}", self.call),
            ("{numbers}", self.numbers),
            ("{integer}", self.integer),
            ("{text}", self.text),
        ] {
            if sql.contains(word) {
                sql = sql.replace(word, spelled);
            }
        }
        if !self.is_numbered {
            return AssertSqlSafe(sql);
        }
        let mut numbered = String::with_capacity(2 * sql.len());
        for (at, part) in sql.split('?').enumerate() {
            if at > 0 {
                numbered += &format!("${at}");
            }
            numbered += part;
        }
        AssertSqlSafe(numbered)
    }
}
