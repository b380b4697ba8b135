//! What clickoff's screen says about the score.

use super::pty::Screen;

/// The committed score in the picked row of the list, where plain digits are, while the line of
/// state says that nothing else waits.
pub fn saved_score(screen: &Screen) -> Option<i64> {
    let text = screen.contents();
    let row = text.lines().find(|line| line.contains("▶"))?;
    let row = row.split("││").next().filter(|_| text.contains(" saved "));
    row?.split_whitespace().next_back()?.parse().ok()
}
