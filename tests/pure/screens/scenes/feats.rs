//! Scenes with achievements and overtaking, with more and with less motion.

use std::time::Duration;

use clickoff::game::{Motion, Player, PlayerId};

use super::playing;
use crate::common::{Game, player};

/// Ada's presses reach a milestone, and pass two players on the way.
fn feat_with(motion: Motion) -> Game {
    let mut game = playing().moving(motion);
    for (id, score) in [(2, 990), (3, 998), (4, 999)] {
        let player = game.state.standings.get(PlayerId(id)).cloned();
        let player = player.expect("a player");
        game.changed(Player { score, ..player });
    }
    game.after(Duration::from_secs(9));
    game.press(10);
    game.counted(2, 10, 1000);
    game
}

pub fn feat() -> Game {
    feat_with(Motion::Full)
}

pub fn feat_later() -> Game {
    let mut game = feat();
    game.after(Duration::from_millis(150));
    game.press(1);
    game.counted(2, 11, 1001);
    game.after(Duration::from_millis(180));
    game
}

pub fn feat_with_reduced_motion() -> Game {
    feat_with(Motion::Reduced)
}

pub fn feat_without_motion() -> Game {
    feat_with(Motion::None)
}

pub fn passed_by_another() -> Game {
    let mut game = feat();
    game.after(Duration::from_secs(1));
    game.changed(player(4, "Annie Easley", 1001));
    game
}
