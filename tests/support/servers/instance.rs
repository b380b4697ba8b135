//! The directory of a private server. It is removed with all its processes when its owner is
//! dropped.

use std::fs::{self, File, Permissions};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;

use rustix::process::geteuid;

/// Where packages put the programs of servers, which an ordinary `PATH` may lack.
const SYSTEM_PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// Makes the directory, prints its path, waits till the test process closes its end of stdin (by
/// dropping the [`Instance`], or by ending in any way, `SIGKILL` included), then cleans up.
///
/// `PR_SET_PDEATHSIG` couldn't: it reaches the postmaster but not its children, which outlive it
/// where a test has frozen them, and it leaves the directory. Each process of a server works in
/// its directory, and the watchdog runs as the server's account because root may look at another
/// account's working directories only with `CAP_SYS_PTRACE`, which containers lack. Postgres'
/// System V segment outlives a killed postmaster; `postmaster.pid` ends its line 7 with its id.
const WATCHDOG: &str = r#"
trap '' HUP INT QUIT TERM
dir=$(mktemp -d /tmp/co-XXXXXX) || exit 1
echo "$dir"
read -r _
tries=0
while [ $tries -lt 500 ]; do
    pids=$(find /proc/[0-9]*/cwd -maxdepth 0 -lname "$dir*" | cut -d/ -f3)
    [ -z "$pids" ] && break
    kill -KILL $pids
    sleep 0.02
    tries=$((tries + 1))
done
segment=$(sed -n '7s/.* //p' "$dir/data/postmaster.pid")
[ -n "$segment" ] && ipcrm -m "$segment"
rm -rf "$dir"
"#;

/// The Unix account a server runs as, where that isn't the caller's own.
#[derive(Clone, Copy, Debug)]
pub struct Account {
    uid: u32,
    gid: u32,
}

impl Account {
    /// The first of `names` that exists, or `None` where the caller isn't root and so can't, and
    /// needn't, run a server as somebody else.
    ///
    /// # Panics
    ///
    /// Where the caller is root and none of them exists.
    pub fn first_of(names: &[&str]) -> Option<Account> {
        if !geteuid().is_root() {
            return None;
        }
        let passwd = fs::read_to_string("/etc/passwd").expect("/etc/passwd is readable");
        let accounts: Vec<Vec<&str>> = passwd.lines().map(|l| l.split(':').collect()).collect();
        let find = |name: &&str| {
            let fields = accounts.iter().find(|fields| fields[0] == *name)?;
            Some(Account {
                uid: fields.get(2)?.parse().ok()?,
                gid: fields.get(3)?.parse().ok()?,
            })
        };
        let account = names.iter().find_map(find);
        Some(account.unwrap_or_else(|| panic!("root needs one of the accounts {names:?}")))
    }
}

/// A directory below `/tmp` and the watchdog that removes it.
#[derive(Debug)]
pub struct Instance {
    dir: PathBuf,
    account: Option<Account>,
    watchdog: Child,
}

impl Instance {
    /// Makes an empty directory that belongs to `account`.
    ///
    /// It is right below `/tmp` whatever `TMPDIR` says: a Unix socket's path ends at 107 bytes,
    /// and another account has to reach it.
    ///
    /// # Panics
    ///
    /// Where `/tmp` can't be written to.
    pub fn new(account: Option<Account>) -> Instance {
        let mut watchdog = Command::new("/bin/sh");
        run_as(&mut watchdog, account);
        let mut watchdog = watchdog
            .args(["-c", WATCHDOG])
            .env_clear()
            .env("PATH", SYSTEM_PATH)
            .current_dir("/")
            // What ends the test process's group, Ctrl-C for one, must not end the watchdog.
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("/bin/sh starts");
        let mut dir = String::new();
        BufReader::new(watchdog.stdout.take().expect("stdout is piped"))
            .read_line(&mut dir)
            .expect("the watchdog's stdout is readable");
        let dir = PathBuf::from(dir.trim_end());
        assert!(dir.is_absolute(), "mktemp made no directory below /tmp");
        Instance {
            dir,
            account,
            watchdog,
        }
    }

    /// The directory of everything the server writes.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The server's data directory, which [`install`](Self::install) makes.
    pub fn data(&self) -> PathBuf {
        self.dir.join("data")
    }

    /// Writes a file that the server's account can read and returns its path.
    ///
    /// # Panics
    ///
    /// Where it can't be written.
    pub fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.dir.join(name);
        let written = fs::write(&path, text)
            // Nobody else gets through the directory.
            .and_then(|()| fs::set_permissions(&path, Permissions::from_mode(0o644)));
        written.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        path
    }

    /// `program` as the server's account, in its directory, without the caller's environment.
    pub fn command(&self, program: impl AsRef<Path>) -> Command {
        let path = std::env::var("PATH").unwrap_or_default();
        let mut command = Command::new(program.as_ref());
        command
            .env_clear()
            .env("PATH", format!("{SYSTEM_PATH}:{path}"))
            .env("HOME", &self.dir)
            .env("TMPDIR", &self.dir)
            .env("LC_ALL", "C")
            .env("TZ", "UTC")
            .current_dir(&self.dir);
        run_as(&mut command, self.account);
        command
    }

    /// Fills [`data`](Self::data) with what `make` makes in another instance's.
    ///
    /// That is kept in the cargo target directory and unpacked from there on later calls with the
    /// same `recipe`, which has to name everything the result depends on. Where the target
    /// directory can't be written to, `make` fills this instance's own directory every time.
    ///
    /// # Panics
    ///
    /// Where `make` does, or the result can't be copied.
    pub fn install(&self, recipe: &str, make: impl FnOnce(&Instance)) {
        let mut hasher = DefaultHasher::new();
        recipe.hash(&mut hasher);
        let key = format!("{:016x}", hasher.finish());
        let Some((cache, lock)) = open_cache(&key) else {
            return make(self);
        };
        let cached = cache.join(format!("{key}.tar"));
        lock.lock().expect("the cache's filesystem has locks");
        if !cached.exists() {
            let maker = Instance::new(self.account);
            make(&maker);
            let partial = cache.join(format!("{key}.partial"));
            let file = File::create(&partial).expect("the cache is writable");
            maker.tar("-cf", |tar| tar.arg("data").stdout(file));
            fs::rename(&partial, &cached).expect("the cache is writable");
        }
        drop(lock);
        let file = File::open(&cached).expect("the cache is readable");
        self.tar("-xpf", |tar| tar.stdin(file));
    }

    /// Runs tar in the directory, as the server's account: it can't reach the cache, only use a
    /// file that the caller has opened, but the watchdog can remove what it leaves half done.
    fn tar(&self, mode: &str, adjust: impl FnOnce(&mut Command) -> &mut Command) {
        let mut tar = self.command("tar");
        let output = adjust(tar.args([mode, "-"])).output().expect("tar starts");
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "tar {mode}: {error}");
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        drop(self.watchdog.stdin.take());
        let _ = self.watchdog.wait();
    }
}

/// Runs `command` with `input` as its stdin and returns its stdout without the last newline.
///
/// # Errors
///
/// Its exit status and stderr, where it fails.
///
/// # Panics
///
/// Where it can't be started.
pub fn run(mut command: Command, input: &str) -> Result<String, String> {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let mut stdin = child.stdin.take().expect("stdin is piped");
    let output = thread::scope(|scope| {
        // A program that ends before it has read everything says why on stderr.
        scope.spawn(move || stdin.write_all(input.as_bytes()));
        child
            .wait_with_output()
            .expect("a child's output is readable")
    });
    let text = |bytes| String::from_utf8_lossy(bytes).trim_end().to_owned();
    if output.status.success() {
        Ok(text(&output.stdout))
    } else {
        Err(format!("{}: {}", output.status, text(&output.stderr)))
    }
}

/// The directory of packed data directories and the lock file of `key`, where both are writable.
fn open_cache(key: &str) -> Option<(PathBuf, File)> {
    let temporary = match option_env!("CARGO_TARGET_TMPDIR") {
        Some(dir) => PathBuf::from(dir),
        // Cargo sets it for integration tests, but not for libraries that help them.
        None => {
            let program = std::env::current_exe().ok()?;
            let mut dirs = program.ancestors();
            dirs.find(|dir| dir.join("CACHEDIR.TAG").exists())?
                .join("tmp")
        }
    };
    let cache = temporary.join("servers");
    fs::create_dir_all(&cache).ok()?;
    let lock = File::create(cache.join(format!("{key}.lock"))).ok()?;
    Some((cache, lock))
}

fn run_as(command: &mut Command, account: Option<Account>) {
    if let Some(Account { uid, gid }) = account {
        command.uid(uid).gid(gid);
    }
}
