//! Decides whose presses are settled if several guests play for one player: first come, first
//! settled.

use std::collections::VecDeque;

use super::GuestId;

/// The presses of one player that guests have made.
#[derive(Debug, Default)]
pub struct Booked {
    /// The waiting presses, in the order in which they came.
    waiting: VecDeque<(GuestId, u64)>,
    /// How many of the process's presses were scored at the last reply.
    scored: u64,
}

impl Booked {
    /// Adds presses.
    pub fn press(&mut self, guest: GuestId, presses: u64) {
        match self.waiting.back_mut() {
            Some((last, waiting)) if *last == guest => *waiting += presses,
            _ => self.waiting.push_back((guest, presses)),
        }
    }

    /// Handles a new count of the process's scored presses. Returns how many of them are new, by
    /// guest.
    pub fn scored(&mut self, scored: u64) -> Vec<(GuestId, u64)> {
        let news = scored.saturating_sub(self.scored);
        self.scored = scored;
        self.settle(news)
    }

    /// Settles this many presses, the oldest first.
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

    /// The database has forgotten this many presses, which are being saved again. They are taken
    /// for those of this guest, if one is given.
    pub fn forgotten(&mut self, guest: Option<GuestId>, presses: u64) {
        self.scored = self.scored.saturating_sub(presses);
        if let Some(guest) = guest {
            self.waiting.push_front((guest, presses));
        }
    }

    /// How many presses wait.
    pub fn all_waiting(&self) -> u64 {
        self.waiting.iter().map(|(_, presses)| presses).sum()
    }

    /// How many presses of a guest wait.
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
