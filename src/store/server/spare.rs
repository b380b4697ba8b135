//! Passes one connection from the watching store to the writing store, if the server allows this
//! process no further connection.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Whether a connection is requested, and the connection that was offered.
#[derive(Debug)]
pub struct Spare<C>(Mutex<(bool, Option<C>)>);

impl<C> Default for Spare<C> {
    fn default() -> Self {
        Self(Mutex::new((false, None)))
    }
}

impl<C> Spare<C> {
    fn lock(&self) -> MutexGuard<'_, (bool, Option<C>)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the offered connection, or requests one.
    pub fn request(&self) -> Option<C> {
        let mut spare = self.lock();
        let left = spare.1.take();
        spare.0 = left.is_none();
        left
    }

    /// Cancels the request. Returns a connection that was offered too late, to be closed.
    pub fn cancel_request(&self) -> Option<C> {
        let mut spare = self.lock();
        spare.0 = false;
        spare.1.take()
    }

    /// Offers a connection. Returns it if none is requested.
    pub fn offer(&self, conn: C) -> Option<C> {
        let mut spare = self.lock();
        if !std::mem::take(&mut spare.0) {
            return Some(conn);
        }
        spare.1 = Some(conn);
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_is_left_only_where_one_is_wanted() {
        let spare = Spare::default();
        assert_eq!(spare.offer('a'), Some('a'));
        assert_eq!(spare.request(), None);
        assert_eq!(spare.offer('a'), None);
        assert_eq!(spare.offer('b'), Some('b'), "one is enough");
        assert_eq!(spare.request(), Some('a'));
        assert_eq!(spare.offer('b'), Some('b'));
        assert_eq!(spare.request(), None);
        assert_eq!(spare.cancel_request(), None);
        assert_eq!(spare.offer('c'), Some('c'), "it has come from elsewhere");
    }
}
