//! What clickoff's screen says about the score.

use super::pty::Screen;

/// The committed score in the picked row of the list, where digits are text, while the line of
/// state says that nothing else waits.
pub fn saved_score(screen: &Screen) -> Option<i64> {
    let text = screen.contents();
    let row = text.lines().find(|line| line.contains("▶"))?;
    // Behind the score stands the mark of who plays, with the rate.
    let row = row.split(['│', '●']).nth(1);
    let row = row.filter(|_| text.contains(" saved "));
    let score = row?.split_whitespace().next_back()?;
    score.replace(',', "").parse().ok()
}
