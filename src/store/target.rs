//! Says which database an argument means: a path, or a URL by its scheme.

use std::path::{Path, PathBuf};

/// A database that can be named on the command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A SQLite file, by its absolute path.
    Sqlite(PathBuf),
}

/// An argument that names no database.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TargetError {
    /// The scheme before `://` is none that clickoff knows.
    #[error(
        "the database URL has the unknown scheme \"{0}\": give a path, or sqlite://PATH for a \
         SQLite file"
    )]
    UnknownScheme(String),
    /// Nothing was given.
    #[error("the name of the database is empty: give the path of a file")]
    Empty,
    /// The path is no text.
    #[error("the path {0} is not valid UTF-8, which SQLite needs: give the file another name")]
    NotUtf8(String),
    /// The current directory is gone, so a relative path means nothing.
    #[error("the path {0} is relative, and the current directory can't be read: {1}")]
    NoCurrentDirectory(String, String),
}

impl Target {
    /// Reads `path`, `sqlite:path` or `sqlite://path`; a relative path is meant from the current
    /// directory.
    ///
    /// # Errors
    /// Any [`TargetError`]; a URL's password is in none of them.
    pub fn parse(argument: &std::ffi::OsStr) -> Result<Self, TargetError> {
        let Some(text) = argument.to_str() else {
            return Err(TargetError::NotUtf8(
                argument.to_string_lossy().into_owned(),
            ));
        };
        let path = match text.split_once("://") {
            Some(("sqlite", path)) => path,
            Some((scheme, _)) if is_scheme(scheme) => {
                return Err(TargetError::UnknownScheme(scheme.to_owned()));
            }
            _ => text.strip_prefix("sqlite:").unwrap_or(text),
        };
        if path.is_empty() {
            return Err(TargetError::Empty);
        }
        // An absolute path can't be taken for SQLite's own `file:` URLs or `:memory:`.
        std::path::absolute(Path::new(path))
            .map(Self::Sqlite)
            .map_err(|e| TargetError::NoCurrentDirectory(path.to_owned(), e.to_string()))
    }
}

/// By RFC 3986, section 3.1; anything else before `://` is part of a path.
fn is_scheme(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(|c| c.is_ascii_alphabetic())
        && chars.all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Target, TargetError> {
        Target::parse(text.as_ref())
    }

    #[test]
    fn a_path_is_a_sqlite_file_however_it_is_written() {
        for text in ["/a/b.db", "sqlite:/a/b.db", "sqlite:///a/b.db"] {
            assert_eq!(parse(text), Ok(Target::Sqlite("/a/b.db".into())), "{text}");
        }
        let here = std::env::current_dir().expect("a current directory");
        for text in ["b.db", "sqlite:b.db", "sqlite://b.db"] {
            assert_eq!(parse(text), Ok(Target::Sqlite(here.join("b.db"))), "{text}");
        }
        assert_eq!(parse(":memory:"), Ok(Target::Sqlite(here.join(":memory:"))));
    }

    #[test]
    fn what_names_no_database_is_refused() {
        assert_eq!(
            parse("redis://localhost"),
            Err(TargetError::UnknownScheme("redis".into()))
        );
        assert_eq!(parse(""), Err(TargetError::Empty));
        assert_eq!(parse("sqlite://"), Err(TargetError::Empty));
    }
}
