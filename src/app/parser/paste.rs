//! Pasted text, up to its end marker.

/// How many bytes of a paste are kept. The rest is dropped.
pub const PASTE: usize = 1024 * 1024;

const END: &[u8] = b"\x1b[201~";

/// A paste of which some bytes have come.
#[derive(Debug, Default)]
pub struct Paste {
    text: Vec<u8>,
    /// How many bytes of the end marker have come since the text.
    ended: usize,
}

impl Paste {
    /// Adds a byte. True if the paste ends with it.
    pub fn ends_with(&mut self, byte: u8) -> bool {
        if END.get(self.ended) == Some(&byte) {
            self.ended += 1;
        } else {
            // What looked like the end marker is text. Only its first byte is ESC.
            let begins = byte == END[0];
            let text = END[..self.ended].iter().chain((!begins).then_some(&byte));
            let room = PASTE - self.text.len();
            self.text.extend(text.take(room));
            self.ended = usize::from(begins);
        }
        self.ended == END.len()
    }

    /// Takes the text, and its memory with it, because it may be long.
    pub fn take(&mut self) -> String {
        let text = std::mem::take(self).text;
        String::from_utf8_lossy(&text).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_memory_of_a_paste_is_given_back() {
        let mut paste = Paste::default();
        for _ in 0..PASTE {
            assert!(!paste.ends_with(b'x'));
        }
        assert_eq!(paste.take().len(), PASTE);
        assert_eq!(paste.text.capacity(), 0);
    }
}
