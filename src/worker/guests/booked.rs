//! Whose presses for a player are settled, where several play for one: the first that came first.

use std::collections::VecDeque;

use super::GuestId;

/// The presses of one player that guests have made.
#[derive(Debug, Default)]
pub struct Booked {
    /// Those that are not settled, in the order in which they came.
    waiting: VecDeque<(GuestId, u64)>,
    /// How many of the process's presses were scored when that was last told.
    scored: u64,
}

impl Booked {
    /// Books presses.
    pub fn press(&mut self, guest: GuestId, presses: u64) {
        match self.waiting.back_mut() {
            Some((last, waiting)) if *last == guest => *waiting += presses,
            _ => self.waiting.push_back((guest, presses)),
        }
    }

    /// Takes what is told of all the process's presses for the player. Gives how many of whose are
    /// new among them.
    pub fn scored(&mut self, scored: u64) -> Vec<(GuestId, u64)> {
        let news = scored.saturating_sub(self.scored);
        self.scored = scored;
        self.settle(news)
    }

    /// Settles so many, the first first.
    pub fn settle(&mut self, mut presses: u64) -> Vec<(GuestId, u64)> {
        let mut settled: Vec<(GuestId, u64)> = Vec::new();
        while presses > 0
            && let Some((guest, waiting)) = self.waiting.front_mut()
        {
            let part = presses.min(*waiting);
            presses -= part;
            *waiting -= part;
            let guest = *guest;
            if *waiting == 0 {
                self.waiting.pop_front();
            }
            match settled.iter_mut().find(|(known, _)| *known == guest) {
                Some((_, all)) => *all += part,
                None => settled.push((guest, part)),
            }
        }
        settled
    }

    /// The database has forgotten so many, which are being saved again: the guest's who made the
    /// last ones, as far as is known.
    pub fn forgotten(&mut self, guest: Option<GuestId>, presses: u64) {
        self.scored = self.scored.saturating_sub(presses);
        if let Some(guest) = guest {
            self.waiting.push_front((guest, presses));
        }
    }

    /// How many are not settled.
    pub fn all_waiting(&self) -> u64 {
        self.waiting.iter().map(|(_, presses)| presses).sum()
    }

    /// How many of a guest's are not settled.
    pub fn waiting(&self, guest: GuestId) -> u64 {
        let own = self.waiting.iter().filter(|(of, _)| *of == guest);
        own.map(|(_, presses)| presses).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_guest_is_told_of_its_own_presses_in_their_order() {
        let [ada, bob] = [GuestId(1), GuestId(2)];
        let mut booked = Booked::default();
        booked.press(ada, 2);
        booked.press(bob, 1);
        booked.press(ada, 3);
        assert_eq!(booked.scored(4), [(ada, 3), (bob, 1)]);
        assert_eq!((booked.waiting(ada), booked.waiting(bob)), (2, 0));
        assert_eq!(booked.all_waiting(), 2);
        assert_eq!(booked.scored(4), []);
        // Two were too fast: they are settled, and not scored.
        assert_eq!(booked.settle(2), [(ada, 2)]);
        booked.press(bob, 1);
        assert_eq!(booked.scored(5), [(bob, 1)]);
        booked.forgotten(Some(bob), 1);
        assert_eq!(booked.waiting(bob), 1);
        assert_eq!(booked.scored(5), [(bob, 1)]);
    }
}
