//! One connection that a store which watches leaves to the one that saves, where the server gives
//! this process no further one.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Whether a connection is wanted, and one that is left to whoever wants it.
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

    /// The connection that was left; asks for one where there is none.
    pub fn request(&self) -> Option<C> {
        let mut spare = self.lock();
        let left = spare.1.take();
        spare.0 = left.is_none();
        left
    }

    /// Says that none is wanted any more. One that came too late is given back, to be closed.
    pub fn cancel_request(&self) -> Option<C> {
        let mut spare = self.lock();
        spare.0 = false;
        spare.1.take()
    }

    /// Leaves a connection where one is wanted, and gives it back where none is.
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
