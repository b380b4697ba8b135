//! A thin layer over SQLite's C interface, for the floor. It panics at every error.
#![allow(
    unsafe_code,
    reason = "a floor is measured without the layers that clickoff has"
)]

use std::ffi::{CStr, CString, c_int};
use std::marker::PhantomData;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::ptr;

use libsqlite3_sys as ffi;

/// An open database.
pub struct Database(*mut ffi::sqlite3);

/// A prepared statement. It must not outlive its database.
pub struct Statement<'db> {
    raw: *mut ffi::sqlite3_stmt,
    database: &'db Database,
    // Two statements of one connection must not be used by two threads.
    _one_thread: PhantomData<*mut ()>,
}

impl Database {
    /// Opens a file, and creates it if it does not exist.
    pub fn open(path: &Path) -> Self {
        let name = CString::new(path.as_os_str().as_bytes()).expect("a path holds no NUL");
        let mut raw = ptr::null_mut();
        // SAFETY: the name ends with NUL, and both pointers are valid for the call.
        let code = unsafe { ffi::sqlite3_open(name.as_ptr(), &mut raw) };
        let database = Self(raw);
        database.check(code, "opening");
        database
    }

    /// Prepares one statement.
    pub fn prepare(&self, sql: &str) -> Statement<'_> {
        let length = c_int::try_from(sql.len()).expect("a short statement");
        let (mut raw, text) = (ptr::null_mut(), sql.as_ptr().cast());
        // SAFETY: the connection is open, and the text is read up to its length only.
        let code =
            unsafe { ffi::sqlite3_prepare_v2(self.0, text, length, &mut raw, ptr::null_mut()) };
        self.check(code, sql);
        Statement {
            raw,
            database: self,
            _one_thread: PhantomData,
        }
    }

    /// Prepares and runs one statement, as [`Statement::run`] does.
    pub fn run(&self, sql: &str) -> Option<i64> {
        self.prepare(sql).run()
    }

    fn check(&self, code: c_int, what: &str) {
        if matches!(code, ffi::SQLITE_OK | ffi::SQLITE_ROW | ffi::SQLITE_DONE) {
            return;
        }
        // SAFETY: the text is valid until the next call on this connection, of which there is none
        // before it is copied.
        let why = unsafe { CStr::from_ptr(ffi::sqlite3_errmsg(self.0)) };
        panic!("SQLite, {what}: {}", why.to_string_lossy());
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // SAFETY: statements borrow the database, so all of them are finalized by now.
        unsafe { ffi::sqlite3_close(self.0) };
    }
}

impl Statement<'_> {
    /// Runs the statement to its end, and returns the first column of its first row as a number.
    pub fn run(&mut self) -> Option<i64> {
        let mut first = None;
        loop {
            // SAFETY: the statement is not finalized before it is dropped.
            let code = unsafe { ffi::sqlite3_step(self.raw) };
            self.database.check(code, "running a statement");
            if code != ffi::SQLITE_ROW {
                break;
            }
            // SAFETY: as above; any column may be asked for while there is a row.
            first = first.or_else(|| Some(unsafe { ffi::sqlite3_column_int64(self.raw, 0) }));
        }
        // SAFETY: as above.
        let code = unsafe { ffi::sqlite3_reset(self.raw) };
        self.database.check(code, "ending a statement");
        first
    }
}

impl Drop for Statement<'_> {
    fn drop(&mut self) {
        // SAFETY: nobody has the pointer any more.
        unsafe { ffi::sqlite3_finalize(self.raw) };
    }
}
