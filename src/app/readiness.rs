//! Lets the event loop wait until a file descriptor is readable or writable.

use std::io;
use std::os::fd::OwnedFd;

use tokio::io::Interest;
use tokio::io::unix::AsyncFd;

/// Registers a descriptor with the event loop.
///
/// # Errors
/// If the descriptor can't be polled.
#[allow(
    deprecated,
    reason = "tokio's newer call is unsafe, for it takes things that may not own what they name; \
              these descriptors are owned"
)]
pub fn of(descriptor: OwnedFd, interest: Interest) -> io::Result<AsyncFd<OwnedFd>> {
    AsyncFd::with_interest(descriptor, interest)
}
