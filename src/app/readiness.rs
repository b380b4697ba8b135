//! Lets the event loop wait until a descriptor can be read or written.

use std::io;
use std::os::fd::OwnedFd;

use tokio::io::Interest;
use tokio::io::unix::AsyncFd;

/// Makes a descriptor one that can be waited for.
///
/// # Errors
/// Where the system can't tell when the descriptor is ready.
#[allow(
    deprecated,
    reason = "tokio's newer call is unsafe, for it takes things that may not own what they name; \
              these descriptors are owned"
)]
pub fn of(descriptor: OwnedFd, interest: Interest) -> io::Result<AsyncFd<OwnedFd>> {
    AsyncFd::with_interest(descriptor, interest)
}
