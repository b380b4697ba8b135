//! Limits the memory of the process: a length that a server or a file states must not exhaust the
//! machine.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, AtomicIsize, Ordering};

use super::terminal;

/// The largest allocation, in bytes. No message that clickoff expects comes near it, but the
/// drivers allocate what a server announces, up to 2 GiB and beyond.
const MOST: usize = 512 << 20;

/// The most memory in all, in bytes.
const MOST_IN_ALL: isize = 2 << 30;

/// How many bytes a thread takes or gives back before they are counted for all threads. Otherwise the
/// threads of a server would wait for each other at every allocation.
const BATCH: isize = 64 << 10;

/// The allocated bytes, as far as they are counted for all threads.
static TAKEN: AtomicIsize = AtomicIsize::new(0);

thread_local! {
    static BATCHED: Batched = const { Batched(Cell::new(0)) };
}

/// Whether too much was requested.
static ENDS: AtomicBool = AtomicBool::new(false);

/// The exit code for an internal error, as in the manual.
const FAULT: i32 = 70;

/// The bytes that a thread has taken, or given back if negative, and that are not counted yet.
struct Batched(Cell<isize>);

impl Batched {
    /// Adds to the batch, and returns it if it is full.
    fn add(&self, bytes: isize) -> isize {
        let batched = self.0.get() + bytes;
        let is_full = batched.abs() >= BATCH;
        self.0.set(if is_full { 0 } else { batched });
        if is_full { batched } else { 0 }
    }
}

impl Drop for Batched {
    fn drop(&mut self) {
        TAKEN.fetch_add(self.0.get(), Ordering::Relaxed);
    }
}

/// The system's allocator with these limits.
#[derive(Debug)]
pub struct Bounded;

/// Counts the bytes of an allocation of this size, which are given back if negative.
fn count(bytes: isize, size: usize) {
    // At the end of a thread there is no batch any more.
    let batch = BATCHED.try_with(|batched| batched.add(bytes));
    let batch = batch.unwrap_or(bytes);
    if batch == 0 {
        return;
    }
    let taken = TAKEN.fetch_add(batch, Ordering::Relaxed) + batch;
    let is_too_much = size > MOST || taken > MOST_IN_ALL;
    // The last message needs memory, too.
    if is_too_much && !ENDS.swap(true, Ordering::Relaxed) {
        too_much(size);
    }
}

#[expect(
    unsafe_code,
    reason = "an allocator is unsafe to write; this one hands everything on to the system's"
)]
// SAFETY: every call is the system allocator's, with the same arguments; what it gives is given on.
unsafe impl GlobalAlloc for Bounded {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size().cast_signed(), layout.size());
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count(layout.size().cast_signed(), layout.size());
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(size.cast_signed() - layout.size().cast_signed(), size);
        unsafe { System.realloc(memory, layout, size) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        count(-layout.size().cast_signed(), 0);
        unsafe { System.dealloc(memory, layout) }
    }
}

/// Ends the program: it can't continue without this memory, and an allocator must not panic.
#[cold]
fn too_much(size: usize) -> ! {
    let megabytes = size >> 20;
    end(&format!(
        "more memory is wanted ({megabytes} MB at once, or {} MB in all) than any database or file \
         of clickoff's needs. Look at who runs the server, or at the file.",
        MOST_IN_ALL >> 20
    ))
}

/// Ends the program at once with a message, when nothing else can be relied on.
pub fn end(words: &str) -> ! {
    terminal::restore();
    let words = format!(
        "clickoff: {words} It ends here, for it can't go on; what was shown as saved is saved.\n"
    );
    let _ = io::stderr().write_all(words.as_bytes());
    std::process::exit(FAULT)
}
