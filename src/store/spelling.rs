//! How engines spell statements that are written once for all of them.

use sqlx::AssertSqlSafe;

/// SQL made from constants of this program.
pub type Sql = AssertSqlSafe<String>;

/// How an engine writes what differs in a statement for all engines.
#[derive(Debug, Clone, Copy)]
pub struct Spelling {
    /// `{integer}`: the integer type
    pub integer: &'static str,
    /// `{text}`: a text type
    pub text: &'static str,
    /// `{divide}`: the operator of integer division
    pub divide: &'static str,
    /// `{clock}`: the time, in microseconds since 1970
    pub clock: &'static str,
    /// `{score}`: the score of the player `u`, as an integer
    pub score: &'static str,
    /// `{meta_key}`: the column of `click_meta` with the names of its values
    pub meta_key: &'static str,
    /// What stands before and after a text to convert it to bytes of UTF-8. `{name}` and
    /// `{racer_name}` are those of the player `u` and of the racer `c`.
    pub bytes: [&'static str; 2],
    /// Whether the placeholders, `?`, are numbered.
    pub is_numbered: bool,
}

impl Spelling {
    /// The statement as the engine writes it.
    ///
    /// The only place where SQL is asserted to be safe: every part of it is a constant of this
    /// program. All data is bound.
    pub fn spell(&self, sql: impl Into<String>) -> Sql {
        let mut sql = sql.into();
        for (word, spelled) in [
            ("{name}", self.bytes.join("u.name").as_str()),
            ("{racer_name}", &self.bytes.join("c.name")),
            ("{clock}", self.clock),
            ("{score}", self.score),
            ("{meta_key}", self.meta_key),
            ("{divide}", self.divide),
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
        let mut parts = sql.split('?');
        let first = parts.next().unwrap_or_default().to_owned();
        let numbered = (1..).zip(parts);
        AssertSqlSafe(numbered.fold(first, |sql, (n, part)| format!("{sql}${n}{part}")))
    }
}
