//! Codes that add a second ssh key to a player: each works once, within two minutes.

use std::time::{Duration, Instant};

use uuid::Uuid;

use crate::game::PlayerId;

/// How long a code is valid.
const GOOD: Duration = Duration::from_secs(120);

/// The prefix of a code, so that no user name is taken for one.
pub const PREFIX: &str = "join-";

/// The characters of a code: none looks like another.
const SIGNS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// The length of a code.
const SIGNS_OF_ONE: usize = 10;

/// The valid codes.
#[derive(Debug, Default)]
pub struct Codes(Vec<(String, PlayerId, Instant)>);

impl Codes {
    /// Creates a code for a player, in place of an earlier one.
    pub fn make(&mut self, player: PlayerId, now: Instant) -> String {
        self.forget(now);
        self.0.retain(|(_, of, _)| *of != player);
        // A version 4 UUID is random, and needs no further dependency. The first 48 and the last 62
        // of its bits are all random.
        let random = Uuid::new_v4().as_u128();
        let signs = (0..SIGNS_OF_ONE).map(|at| {
            let bits = (random >> (at * 5)) & 31;
            char::from(SIGNS[usize::try_from(bits).unwrap_or(0)])
        });
        let code: String = PREFIX.chars().chain(signs).collect();
        self.0.push((code.clone(), player, now + GOOD));
        code
    }

    /// Uses a code up. Returns its player.
    pub fn take(&mut self, code: &str, now: Instant) -> Option<PlayerId> {
        self.forget(now);
        let at = self.0.iter().position(|(known, ..)| known == code)?;
        Some(self.0.swap_remove(at).1)
    }

    fn forget(&mut self, now: Instant) {
        self.0.retain(|(_, _, until)| *until > now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_good_once_and_for_two_minutes() {
        let (now, ada) = (Instant::now(), PlayerId(1));
        let mut codes = Codes::default();
        let first = codes.make(ada, now);
        let second = codes.make(ada, now);
        assert_ne!(first, second);
        assert_eq!(first.len(), PREFIX.len() + SIGNS_OF_ONE);
        assert_eq!(codes.take(&first, now), None, "another was made");
        assert_eq!(codes.take(&second, now), Some(ada));
        assert_eq!(codes.take(&second, now), None, "it was used");
        let third = codes.make(ada, now);
        assert_eq!(codes.take(&third, now + GOOD), None, "it is too late");
    }
}
