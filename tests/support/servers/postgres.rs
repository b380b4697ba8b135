//! Finds, sets up and runs PostgreSQL for a test.

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::Command;

use rustix::process::Signal;

use super::instance::run;
use super::{
    Engine, Instance, Missing, Options, PASSWORD, Port, ROLE, Server, find, percent_encode, version,
};

/// The PostgreSQL programs of the newest installed version.
#[derive(Debug)]
pub struct PostgresEngine {
    initdb: PathBuf,
    postgres: PathBuf,
    psql: PathBuf,
}

impl Engine for PostgresEngine {
    const ACCOUNTS: &[&str] = &["postgres", "nobody"];
    const DATABASE: &str = "postgres";
    const SCHEME: &str = "postgres";
    const STOP: Signal = Signal::INT;

    fn find() -> Result<Self, Missing> {
        let dirs = version_dirs();
        Ok(PostgresEngine {
            initdb: find("initdb", &dirs, "postgresql")?,
            postgres: find("postgres", &dirs, "postgresql")?,
            psql: find("psql", &dirs, "postgresql-client")?,
        })
    }

    fn install(&self, instance: &Instance) {
        let arguments = [
            "--username",
            ROLE,
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
            "--no-instructions",
        ];
        let recipe = format!("{} {arguments:?}", version(instance, &self.postgres));
        instance.install(&recipe, |maker| {
            let mut initdb = maker.command(&self.initdb);
            initdb.args(arguments).arg("--pgdata").arg(maker.data());
            initdb
                .arg("--pwfile")
                .arg(maker.write("password", PASSWORD));
            if let Err(error) = run(initdb, "") {
                panic!("initdb: {error}");
            }
        });
    }

    fn server(&self, instance: &Instance, port: &Port, options: &Options) -> Command {
        let mut command = instance.command(&self.postgres);
        command.arg("-D").arg(instance.data());
        let mut set = |setting: &str| {
            command.arg("-c").arg(setting);
        };
        set("listen_addresses=127.0.0.1");
        set(&format!("port={}", port.number()));
        set(&format!(
            "unix_socket_directories={}",
            instance.dir().display()
        ));
        set("max_connections=200");
        // POSIX shared memory would outlive a killed server in /dev/shm.
        set("dynamic_shared_memory_type=mmap");
        if !options.fsync {
            set("fsync=off");
        }
        for setting in &options.settings {
            set(setting);
        }
        command
    }

    fn client(&self, instance: &Instance, port: &Port, database: &str) -> Vec<String> {
        let mut arguments = vec![self.psql.display().to_string()];
        let options = "-X -q -A -t -v ON_ERROR_STOP=1 -f - -d";
        arguments.extend(options.split(' ').map(str::to_owned));
        arguments.push(Self::socket_url(instance, port, database));
        arguments
    }

    fn socket_url(instance: &Instance, port: &Port, database: &str) -> String {
        let (scheme, port) = (Self::SCHEME, port.number());
        let host = percent_encode(instance.dir());
        format!("{scheme}://{ROLE}:{PASSWORD}@{host}:{port}/{database}")
    }
}

impl Server<PostgresEngine> {
    /// Another program that comes with PostgreSQL, such as `pgbench`.
    ///
    /// # Errors
    ///
    /// Where it isn't installed.
    pub fn program(&self, name: &'static str) -> Result<PathBuf, Missing> {
        find(name, &version_dirs(), "postgresql")
    }

    /// Lets the running server offer TLS with a certificate and its key.
    ///
    /// # Panics
    ///
    /// Where it can't.
    pub fn offer_tls(&self, [certificate, key]: &[PathBuf; 2]) {
        // A key that others could read is refused.
        let of = fs::metadata(self.dir()).expect("the server's directory");
        for (from, name) in [(certificate, "server.crt"), (key, "server.key")] {
            let to = self.dir().join(name);
            fs::copy(from, &to).expect("copied");
            fs::set_permissions(&to, Permissions::from_mode(0o600)).expect("closed to others");
            chown(&to, Some(of.uid()), Some(of.gid())).expect("the server's own");
        }
        let dir = self.dir().display();
        self.sql(&format!(
            "ALTER SYSTEM SET ssl_cert_file = '{dir}/server.crt';
             ALTER SYSTEM SET ssl_key_file = '{dir}/server.key';
             ALTER SYSTEM SET ssl = on;"
        ));
        self.restart();
        assert_eq!(self.sql("SHOW ssl"), "on");
    }

    /// Runs such a program on the server's files, as its account and in its directory.
    ///
    /// # Errors
    ///
    /// Its exit status and stderr, where it fails.
    pub fn run_program(&self, program: &Path, arguments: &[&str]) -> Result<String, String> {
        let mut command = self.instance.command(program);
        command.args(arguments);
        run(command, "")
    }
}

/// Debian's program directories, the newest version's first.
fn version_dirs() -> Vec<PathBuf> {
    let Ok(versions) = fs::read_dir("/usr/lib/postgresql") else {
        return Vec::new();
    };
    let mut versions: Vec<(u32, PathBuf)> = versions
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let number = entry.file_name().to_str()?.parse().ok()?;
            Some((number, entry.path().join("bin")))
        })
        // A client package alone makes a directory too.
        .filter(|(_, dir)| dir.join("postgres").exists())
        .collect();
    versions.sort_by_key(|(number, _)| std::cmp::Reverse(*number));
    versions.into_iter().map(|(_, dir)| dir).collect()
}
