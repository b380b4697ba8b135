//! A bound on the memory that is taken at once, whoever asks: a server's or a file's word for how
//! long something is must not be the end of the machine.

use std::alloc::{GlobalAlloc, Layout, System};
use std::io::{self, Write};

use super::terminal;

/// The most that is taken at once, in bytes. No message that clickoff asks a server for comes near;
/// the drivers take what a server says that the next will need, up to 2 GiB and beyond.
const MOST: usize = 512 << 20;

/// What the process ends with: a fault of its own, as the manual has it.
const FAULT: i32 = 70;

/// The system's memory, with that bound.
#[derive(Debug)]
pub struct Bounded;

#[expect(
    unsafe_code,
    reason = "an allocator is unsafe to write; this one hands everything on to the system's"
)]
// SAFETY: every call is the system allocator's, with the same arguments; what it gives is given on.
unsafe impl GlobalAlloc for Bounded {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if layout.size() > MOST {
            end(layout.size());
        }
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        if layout.size() > MOST {
            end(layout.size());
        }
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if size > MOST {
            end(size);
        }
        unsafe { System.realloc(memory, layout, size) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        unsafe { System.dealloc(memory, layout) }
    }
}

/// Ends the program in words: who asks for so much can't go on without it, and an allocator may not
/// panic.
#[cold]
fn end(size: usize) -> ! {
    terminal::restore();
    let words = format!(
        "clickoff: {} MB are wanted at once, as no database and no file of clickoff's needs them: it \
         ends here. What was shown as saved is saved; look at who runs the server, or at the file.\n",
        size >> 20
    );
    let _ = io::stderr().write_all(words.as_bytes());
    std::process::exit(FAULT)
}
