//! Simulates a full disk for a program.
#![allow(dead_code)] // each test binary uses its own part of this

use std::ffi::OsString;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A directory that is out of space, as a program with [`FullDisk::env`] sees it.
pub struct FullDisk {
    prefix: OsString,
    /// Holds the library and the switch, both out of the directory that is full.
    tools: tempfile::TempDir,
}

/// Prepares to let the disk be full for everything in `dir`, at any depth; at first it isn't.
///
/// It reaches programs that are linked dynamically to the C library, and whatever they write, copy,
/// truncate or allocate by its functions for descriptors. The library's own streams (`printf`,
/// `fwrite`), writes to mapped memory, and the creation and renaming of files get through.
///
/// # Panics
/// When `dir` doesn't exist, or there is no C compiler `cc` to build the preloaded library.
pub fn full_disk(dir: &Path) -> FullDisk {
    let tools = tempfile::tempdir().expect("making a directory for the library");
    // A program that runs as another user has to load the library, too.
    fs::set_permissions(tools.path(), Permissions::from_mode(0o755)).expect("opening it to all");
    let source = tools.path().join("full_disk.c");
    fs::write(&source, include_str!("full_disk.c")).expect("writing the library's source");
    let output = Command::new("cc")
        .args(["-shared", "-fPIC", "-O1", "-o"])
        .args([&tools.path().join("full_disk.so"), &source])
        .arg("-ldl")
        .output()
        .unwrap_or_else(|error| panic!("a full disk is made with the C compiler `cc`: {error}"));
    let messages = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "cc cannot build full_disk.c:\n{messages}"
    );
    // The kernel tells the library paths without symbolic links.
    let dir = dir
        .canonicalize()
        .expect("the directory that is to be full doesn't exist");
    let mut prefix = dir.into_os_string();
    prefix.push("/");
    FullDisk { prefix, tools }
}

impl FullDisk {
    /// The environment variables to start the program with.
    pub fn env(&self) -> [(&'static str, OsString); 3] {
        [
            ("LD_PRELOAD", self.tools.path().join("full_disk.so").into()),
            ("FAULT_PREFIX", self.prefix.clone()),
            ("FAULT_SWITCH", self.switch().into()),
        ]
    }

    /// Lets all that would take space fail with ENOSPC from now on.
    pub fn fill(&self) {
        fs::write(self.switch(), "").expect("making the switch file");
    }

    /// Lets writes succeed again; panics when the disk isn't full.
    pub fn free(&self) {
        fs::remove_file(self.switch()).expect("removing the switch file; was the disk full?");
    }

    fn switch(&self) -> PathBuf {
        self.tools.path().join("full")
    }
}
