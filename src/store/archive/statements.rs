//! The statements with which an engine is read and written as a whole.

/// The statements that only an archive needs.
#[derive(Debug, Clone, Copy)]
pub struct ArchiveStatements {
    /// begins a transaction that reads as of one moment, with a long time limit
    pub begin_read: &'static str,
    /// begins a transaction that writes, with `users` locked against all other writers
    pub begin_write: &'static str,
    /// a table's name -> the number of tables with it, 0 or 1
    pub has_table: &'static str,
    /// a number -> 1 if no other connection of this database has the mark with this number, which
    /// is then taken; `None` if names already tell whether two databases are the same
    pub mark: Option<&'static str>,
    /// runs after the last write, before it is compared: moves the sequences of ids past those that
    /// were written, if that is not automatic, and does what waits for the end of the transaction
    pub finish: Option<&'static str>,
    /// what allows to write a key that the engine else makes itself
    pub overriding: &'static str,
    /// the sum of `{old}` and `{new}`, which may overflow
    pub sum: &'static str,
    /// the beginning of the clause for records whose `{key}` exists
    pub conflict: &'static str,
    /// what stands before and after a column's name to mean its new value
    pub new: [&'static str; 2],
    /// -> the database's version
    pub version: &'static str,
    /// queries about the server's settings, and the advice if one has a result
    pub advice: &'static [(&'static str, &'static str)],
    /// what is checked, and the query -> what is damaged, or a word that says that nothing is; and
    /// the column for that. A query may end a transaction
    pub damage: (&'static [(&'static str, &'static str)], &'static str),
    /// -> kind and name in lower case of each part of the schema, and its text if it is visible
    pub parts: &'static str,
    /// the parts that the migrations make, as [`described_parts`] reads them, if they are stored
    pub schema: Option<&'static str>,
}

/// A part of a schema: its kind and name in lower case, and its text if it is visible.
pub type SchemaPart = (String, String, Option<String>);

/// Reads parts from a text with one line each, with tabs between kind, name and text.
pub fn described_parts(text: &str) -> Vec<SchemaPart> {
    let part = |line: &str| {
        let mut columns = line.splitn(3, '\t').map(str::to_owned);
        Some((columns.next()?, columns.next()?, columns.next()))
    };
    text.lines().filter_map(part).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_is_read_line_by_line() {
        let parts = described_parts("table\ta\nindex\tb\tc\td\n");
        let wanted = [
            ("table".to_owned(), "a".to_owned(), None),
            ("index".to_owned(), "b".to_owned(), Some("c\td".to_owned())),
        ];
        assert_eq!(parts, wanted);
    }
}
