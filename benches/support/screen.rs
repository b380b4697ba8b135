//! Reads the score from clickoff's screen.

use super::pty::Screen;

/// The committed score in the picked row of the list, if the status line says that nothing is
/// waiting.
pub fn saved_score(screen: &Screen) -> Option<i64> {
    let text = screen.contents();
    let row = text.lines().find(|line| line.contains("▶"))?;
    // The mark of who plays and the rate follow the score.
    let row = row.split(['│', '●']).nth(1);
    let row = row.filter(|_| text.contains(" saved "));
    let score = row?.split_whitespace().next_back()?;
    score.replace(',', "").parse().ok()
}
