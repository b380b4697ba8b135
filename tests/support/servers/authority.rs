//! A temporary certificate authority, and its certificates for servers.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use super::instance::run;
use super::{Missing, find};

/// An authority whose files everybody can read, and which is gone when dropped.
#[derive(Debug)]
pub struct Authority {
    openssl: PathBuf,
    dir: TempDir,
}

/// The form of a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// With the names that it is for, as each authority gives them today.
    Current,
    /// Of version 1, which has no room for names.
    First,
}

impl Authority {
    /// Makes one.
    ///
    /// # Errors
    ///
    /// The program that isn't installed.
    ///
    /// # Panics
    ///
    /// Where it can't be made.
    pub fn new() -> Result<Self, Missing> {
        let openssl = find("openssl", &[], "openssl")?;
        let dir = tempfile::tempdir().expect("a directory");
        fs::set_permissions(dir.path(), Permissions::from_mode(0o755)).expect("open to all");
        let authority = Self { openssl, dir };
        authority.openssl(
            "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
                           -keyout ca.key -out ca.pem -days 36500 -subj /CN=clickoff-tests",
        );
        Ok(authority)
    }

    /// The authority's own certificate.
    pub fn certificate(&self) -> PathBuf {
        self.file("ca.pem")
    }

    /// A certificate for `localhost`, and its key.
    ///
    /// # Panics
    ///
    /// Where it can't be made.
    pub fn certify(&self, form: Form) -> [PathBuf; 2] {
        let name = format!("{form:?}");
        self.openssl(&format!(
            "req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout {name}.key \
             -out {name}.csr -subj /CN=localhost"
        ));
        let names = match form {
            Form::Current => "-extfile names",
            Form::First => "",
        };
        fs::write(self.file("names"), "subjectAltName=DNS:localhost\n").expect("written");
        self.openssl(&format!(
            "x509 -req -in {name}.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out {name}.pem \
             -days 36500 {names}"
        ));
        let key = self.file(&format!("{name}.key"));
        fs::set_permissions(&key, Permissions::from_mode(0o644)).expect("open to all");
        [self.file(&format!("{name}.pem")), key]
    }

    /// A file of the authority's, by its name.
    pub fn file(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn openssl(&self, arguments: &str) {
        let mut command = Command::new(&self.openssl);
        command.args(arguments.split_whitespace());
        command.current_dir::<&Path>(self.dir.path());
        if let Err(error) = run(command, "") {
            panic!("openssl {arguments}: {error}");
        }
    }
}
