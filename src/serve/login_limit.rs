//! Limits the connections that have not logged in yet, in all and for each address.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The most connections that have not logged in yet.
const MOST: usize = 256;

/// The most of them from one address, or from one IPv6 network.
const MOST_FROM_ONE: usize = 32;

/// The connections that have not logged in yet.
#[derive(Debug, Default)]
pub struct LoginLimit(Mutex<Waiting>);

#[derive(Debug, Default)]
struct Waiting {
    all: usize,
    by_address: HashMap<IpAddr, usize>,
    /// Whether it was logged that connections are refused. Reset once none are waiting.
    told: bool,
}

/// The place of one connection that has not logged in yet. It is free again when this is dropped.
#[derive(Debug)]
pub struct LoginPermit {
    limit: Arc<LoginLimit>,
    address: IpAddr,
}

impl LoginLimit {
    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a place for a connection, or none if there are too many. It does not wait for a free
    /// place: a client that opens too many connections would make the others wait.
    pub fn enter(self: &Arc<Self>, address: IpAddr) -> Option<LoginPermit> {
        let address = network(address);
        let mut waiting = self.waiting();
        let from_one = waiting.by_address.get(&address).copied().unwrap_or(0);
        if waiting.all >= MOST || from_one >= MOST_FROM_ONE {
            if !std::mem::replace(&mut waiting.told, true) {
                let all = waiting.all;
                tracing::warn!(%address, all, from_one, "too many connections that do not log in");
            }
            return None;
        }
        waiting.all += 1;
        waiting.by_address.insert(address, from_one + 1);
        let limit = Arc::clone(self);
        Some(LoginPermit { limit, address })
    }
}

impl Drop for LoginPermit {
    fn drop(&mut self) {
        let mut waiting = self.limit.waiting();
        waiting.all -= 1;
        if let Some(from_one) = waiting.by_address.get_mut(&self.address) {
            *from_one -= 1;
            if *from_one == 0 {
                waiting.by_address.remove(&self.address);
            }
        }
        if waiting.all == 0 {
            waiting.told = false;
        }
    }
}

/// The address under which a user is counted. An IPv6 user usually has a whole network of 64 bits.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::from([a, b, c, d, 0, 0, 0, 0])
        }
        address => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_takes_more_places_than_one_needs() {
        let limit = Arc::new(LoginLimit::default());
        let address = |text: &str| text.parse::<IpAddr>().expect("an address");
        let enter = |text: &str| limit.enter(address(text));
        let mut places: Vec<LoginPermit> = Vec::new();
        places.extend((0..MOST_FROM_ONE).map_while(|_| enter("192.0.2.1")));
        assert_eq!(places.len(), MOST_FROM_ONE);
        assert!(enter("192.0.2.1").is_none() && enter("::ffff:192.0.2.1").is_none());
        places.pop();
        assert!(enter("192.0.2.1").is_some());
        let same = (0..=MOST_FROM_ONE).map_while(|n| enter(&format!("2001:db8::{n:x}")));
        assert_eq!(same.collect::<Vec<_>>().len(), MOST_FROM_ONE);
        let others = (0..MOST).map_while(|n| enter(&format!("198.51.{}.{}", n / 200, n % 200)));
        places.extend(others);
        assert_eq!(places.len(), MOST);
        assert!(enter("203.0.113.1").is_none());
        drop(places);
        assert!(enter("203.0.113.1").is_some());
        assert!(limit.waiting().by_address.is_empty());
    }
}
