//! Spells an engine's SQL for a kind of records, from the table of kinds.

use super::kinds::{Is, Merge, Sum, Table, TableColumn};
use crate::store::dialect::Statements;

impl Statements {
    /// -> the number of records, the sums of their points / 2^32 and of points % 2^32, and the sum
    /// of the rest.
    pub fn totals(&self, table: &Table) -> String {
        let [mut high, mut low, mut rest] = ["0"; 3].map(str::to_owned);
        for column in table.columns {
            let value = self.value(column);
            match column.sum {
                Sum::Nothing => {}
                Sum::Points => {
                    high += &format!(" + {value} {{divide}} 4294967296");
                    low += &format!(" + {value} % 4294967296");
                }
                Sum::Rest if column.is.is_text() => {
                    rest += &format!(" + COALESCE(length({value}), 0)");
                }
                Sum::Rest => rest += &format!(" + {value} % 4294967296"),
            }
        }
        let sums = [("high", high), ("low", low), ("rest", rest)].map(|(name, terms)| {
            format!("CAST(COALESCE(SUM({terms}), 0) AS {{integer}}) AS {name}_sum")
        });
        format!(
            "SELECT COUNT(*) AS records, {} FROM {} t WHERE {}",
            sums.join(", "),
            table.name,
            table.read
        )
    }

    /// The key of the last record, if `after`, with its first column twice if it has two columns;
    /// limit -> the records after it, in order of their keys.
    pub fn page(&self, table: &Table, after: bool) -> String {
        let behind = match table.key {
            _ if !after => String::new(),
            [first, second] => {
                format!(" AND {first} >= ? AND ({first} > ? OR {second} > ?)")
            }
            key => format!(" AND {} > ?", key.join(", ")),
        };
        self.select(table, &behind) + " LIMIT ?"
    }

    /// Owner -> its records, in order of their keys.
    pub fn own(&self, table: &Table) -> String {
        self.select(table, &format!(" AND {} = ?", table.owner))
    }

    fn select(&self, table: &Table, condition: &str) -> String {
        let columns = table.columns.iter();
        let columns = columns.map(|column| format!("{} AS {}", self.value(column), column.name));
        // By the table's own columns, and not by selected expressions with the same names.
        let order = table.key.iter().map(|column| format!("t.{column}"));
        format!(
            "SELECT {} FROM {} t WHERE {}{condition} ORDER BY {}",
            join(columns),
            table.name,
            table.read,
            join(order)
        )
    }

    /// Limit -> the largest owner of the first records, up to the limit.
    pub fn edge(&self, table: &Table) -> String {
        let (name, owner, cleared) = (table.name, table.owner, table.cleared);
        format!(
            "SELECT CAST(MAX({owner}) AS {{integer}}) AS edge
             FROM (SELECT {owner} FROM {name} WHERE {cleared} ORDER BY {owner} LIMIT ?) t"
        )
    }

    /// The largest owner: removes the records of all owners up to this one.
    pub fn clear(&self, table: &Table) -> String {
        let (name, owner) = (table.name, table.owner);
        format!(
            "DELETE FROM {name} WHERE {owner} <= ? AND {}",
            table.cleared
        )
    }

    /// The first and the last owner: removes the records of all owners between them.
    pub fn forget(&self, table: &Table) -> String {
        let (name, owner) = (table.name, table.owner);
        format!(
            "DELETE FROM {name} WHERE {owner} BETWEEN ? AND ? AND {}",
            table.forgotten
        )
    }

    /// The values of this many records, one after the other: adds them, or merges them with
    /// existing ones.
    pub fn insert(&self, table: &Table, records: usize, merged: bool) -> String {
        let written = table.columns.iter().map(|column| (column.name, "?"));
        let (columns, row): (Vec<_>, Vec<_>) = written.chain(table.constant).unzip();
        let row = format!("({})", row.join(", "));
        let rows = join(std::iter::repeat_n(row, records));
        let conflict = match merged {
            true => self.conflict(table),
            false => String::new(),
        };
        format!(
            "INSERT INTO {} ({}){} VALUES {rows}{conflict}",
            table.name,
            columns.join(", "),
            self.archive.overriding,
        )
    }

    /// The clause for records whose keys exist.
    fn conflict(&self, table: &Table) -> String {
        let old = |name: &str| format!("{}.{name}", table.name);
        let new = |name: &str| self.archive.new.join(name);
        let set = |TableColumn { name, merge, .. }: &TableColumn| {
            let value = match merge {
                Merge::Key => return None,
                Merge::Sum => self
                    .archive
                    .sum
                    .replace("{old}", &old(name))
                    .replace("{new}", &new(name)),
                Merge::With(by) => {
                    let is_larger = format!("{} > {}", new(by), old(by));
                    let (new, old) = (new(name), old(name));
                    format!("CASE WHEN {is_larger} THEN {new} ELSE {old} END")
                }
            };
            Some(format!("{name} = {value}"))
        };
        // MariaDB sets one column after the other, so a column that others depend on comes last.
        let sets = table.columns.iter().rev().filter_map(set);
        let conflict = self.archive.conflict;
        conflict.replace("{key}", &table.key.join(", ")) + &join(sets)
    }

    /// The expression that reads a column.
    fn value(&self, column: &TableColumn) -> String {
        let name = column.name;
        match column.is {
            // Another program may have chosen the column's type.
            Is::Number => format!("CAST({name} AS {{integer}})"),
            Is::Text | Is::LossyText => self.spelling.bytes.join(name),
            Is::RacingPlayer => {
                format!("CASE WHEN {name} IN (SELECT id FROM users) THEN {name} END")
            }
            Is::Left => format!("CAST(CASE {name} WHEN 1 THEN 0 ELSE 1 END AS {{integer}})"),
        }
    }
}

fn join(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(", ")
}
