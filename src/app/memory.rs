//! Limits the memory of the process: a length that a server or a file states must not exhaust the
//! machine.

use std::alloc::{GlobalAlloc, Layout, System};
use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::terminal;

/// The largest allocation, in bytes. No message that clickoff expects comes near it, but the
/// drivers allocate what a server announces, up to 2 GiB and beyond.
const MOST: usize = 512 << 20;

/// The most memory in all, in bytes.
const MOST_IN_ALL: usize = 2 << 30;

/// The smallest allocation that is counted, in bytes. Small ones are made all the time, and the
/// threads of a game server would wait for each other. Whatever holds many of them is large itself.
const COUNTED: usize = 1024;

/// The allocated bytes.
static TAKEN: AtomicUsize = AtomicUsize::new(0);

/// Whether too much was requested.
static ENDS: AtomicBool = AtomicBool::new(false);

/// The exit code for an internal error, as in the manual.
const FAULT: i32 = 70;

/// The system's allocator with these limits.
#[derive(Debug)]
pub struct Bounded;

/// Counts an allocation, or ends the program.
fn take(size: usize) {
    if size < COUNTED {
        return;
    }
    let taken = TAKEN.fetch_add(size, Ordering::Relaxed);
    let is_too_much = size > MOST || taken.saturating_add(size) > MOST_IN_ALL;
    // The last message needs memory, too.
    if is_too_much && !ENDS.swap(true, Ordering::Relaxed) {
        too_much(size);
    }
}

fn give_back(size: usize) {
    if size >= COUNTED {
        TAKEN.fetch_sub(size, Ordering::Relaxed);
    }
}

#[expect(
    unsafe_code,
    reason = "an allocator is unsafe to write; this one hands everything on to the system's"
)]
// SAFETY: every call is the system allocator's, with the same arguments; what it gives is given on.
unsafe impl GlobalAlloc for Bounded {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        take(layout.size());
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        take(layout.size());
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        take(size);
        give_back(layout.size());
        unsafe { System.realloc(memory, layout, size) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        give_back(layout.size());
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
