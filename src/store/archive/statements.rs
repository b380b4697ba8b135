//! What a database has to have to be read and written as a whole: statements, and a few calls.

use super::spell::Speller;

/// The statements that are an archive's alone.
#[derive(Debug, Clone, Copy)]
pub struct ArchiveStatements {
    /// begins to read at one moment, and allows for a long time of it
    pub begin_read: &'static str,
    /// begins to write, with `users` locked against every other writer
    pub begin_write: &'static str,
    /// a table's name -> how many tables have it, here 0 or 1
    pub has_table: &'static str,
    /// a number -> 1 where nobody in this database has the mark of this number, and it is taken;
    /// none where two connections can't lead to one database without its being known
    pub mark: Option<&'static str>,
    /// moves the keys to come past those that were written, where that does not happen by itself
    pub move_keys: Option<&'static str>,
    /// the column of `click_meta` with the names of its values
    pub meta_key: &'static str,
    /// spells the statements for each kind of records
    pub speller: Speller,
    /// -> the database's version as it says it itself
    pub version: &'static str,
    /// Questions about the server's settings, and what is said where one has an answer
    pub advice: &'static [(&'static str, &'static str)],
    /// What each looks through, and -> what is damaged as the last column, or a word that nothing
    /// is; it may end a transaction
    pub damage: &'static [(&'static str, &'static str)],
    /// -> kind and name in lower case of each part of the schema, and its text where it is seen
    pub parts: &'static str,
    /// the parts that the migrations make, as [`described_parts`] reads them, where these are kept
    pub schema: Option<&'static str>,
}

/// A part of a schema: its kind and name in lower case, and its text where it can be seen.
pub type SchemaPart = (String, String, Option<String>);

/// The parts as a file describes them: a line each, with tabs between kind, name and text.
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
