//! Finds, sets up and runs MariaDB for a test.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use rustix::process::Signal;

use super::instance::run;
use super::{
    Engine, Instance, Missing, Options, PASSWORD, Port, ROLE, find, percent_encode, version,
};

/// The MariaDB programs.
#[derive(Debug)]
pub struct MariaDbEngine {
    install_db: PathBuf,
    mariadbd: PathBuf,
    mariadb: PathBuf,
}

impl Engine for MariaDbEngine {
    const ACCOUNTS: &[&str] = &["mysql", "nobody"];
    const DATABASE: &str = "clickoff";
    const SCHEME: &str = "mysql";
    const STOP: Signal = Signal::TERM;

    fn find() -> Result<Self, Missing> {
        Ok(MariaDbEngine {
            install_db: find("mariadb-install-db", &[], "mariadb-server")?,
            mariadbd: find("mariadbd", &[], "mariadb-server")?,
            mariadb: find("mariadb", &[], "mariadb-client")?,
        })
    }

    fn install(&self, instance: &Instance) {
        let database = Self::DATABASE;
        // The first statement gives the bootstrapping server the grant tables to change.
        let accounts = format!(
            "FLUSH PRIVILEGES;\n\
             CREATE USER {ROLE}@'%' IDENTIFIED BY '{PASSWORD}';\n\
             GRANT ALL PRIVILEGES ON *.* TO {ROLE}@'%' WITH GRANT OPTION;\n\
             CREATE DATABASE {database} CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;\n"
        );
        let arguments = [
            "--no-defaults",
            "--auth-root-authentication-method=normal",
            "--skip-name-resolve",
            "--skip-test-db",
            LOG_FILE_SIZE,
        ];
        let version = version(instance, &self.mariadbd);
        let recipe = format!("{version} {arguments:?} {accounts}");
        instance.install(&recipe, |maker| {
            let file = maker.write("accounts.sql", &accounts);
            let mut install = maker.command(&self.install_db);
            install
                .args(arguments)
                .arg(format!("--datadir={}", maker.data().display()))
                .arg(format!("--extra-file={}", file.display()));
            if let Err(error) = run(install, "") {
                panic!("mariadb-install-db: {error}");
            }
            let made = fs::exists(maker.data().join(database)).unwrap_or_default();
            assert!(made, "mariadb-install-db ignored the extra file");
        });
    }

    fn server(&self, instance: &Instance, port: &Port, options: &Options) -> Command {
        let dir = instance.dir().display();
        let mut command = instance.command(&self.mariadbd);
        let arguments = [
            // The only one that has to come first.
            "--no-defaults".to_owned(),
            format!("--datadir={dir}/data"),
            format!("--socket={dir}/socket"),
            format!("--pid-file={dir}/pid"),
            format!("--port={}", port.number()),
            "--bind-address=127.0.0.1".to_owned(),
            "--skip-name-resolve".to_owned(),
            // Debian's configuration file does this.
            "--character-set-server=utf8mb4".to_owned(),
            "--collation-server=utf8mb4_general_ci".to_owned(),
            "--innodb-buffer-pool-size=32M".to_owned(),
            LOG_FILE_SIZE.to_owned(),
        ];
        command.args(arguments);
        if !options.fsync {
            command.arg("--innodb-flush-log-at-trx-commit=2");
        }
        let settings = options.settings.iter();
        command.args(settings.map(|setting| format!("--{setting}")));
        command
    }

    fn client(&self, instance: &Instance, _port: &Port, database: &str) -> Vec<String> {
        vec![
            self.mariadb.display().to_string(),
            "--no-defaults".to_owned(),
            format!("--socket={}/socket", instance.dir().display()),
            format!("--user={ROLE}"),
            format!("--password={PASSWORD}"),
            "--default-character-set=utf8mb4".to_owned(),
            "--batch".to_owned(),
            "--raw".to_owned(),
            "--skip-column-names".to_owned(),
            database.to_owned(),
        ]
    }

    fn socket_url(instance: &Instance, _port: &Port, database: &str) -> String {
        let socket = percent_encode(instance.dir().join("socket"));
        let scheme = Self::SCHEME;
        format!("{scheme}://{ROLE}:{PASSWORD}@localhost/{database}?socket={socket}")
    }
}

/// Small, because each server gets a copy; the default is 96 MiB.
const LOG_FILE_SIZE: &str = "--innodb-log-file-size=8M";
