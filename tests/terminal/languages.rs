//! The game in the player's language, from the locale or the settings.

use std::fs;

use crate::game::{Game, Home, login};
use crate::pty::key;

const CHINESE: (&str, &str) = ("LANG", "zh_CN.UTF-8");

#[test]
fn a_chinese_locale_is_played_in_chinese_from_the_first_start_to_the_end() {
    let home = Home::new();
    let game = Game::begin(home.game().size(120, 40).env(CHINESE.0, CHINESE.1));
    game.wait_text("新玩家");
    game.keys(key::ENTER);
    game.wait_gone("新玩家");
    game.keys("  ");
    game.wait_text("已保存");
    game.wait_text("space 得分");
    game.keys("x");
    game.wait_text("x 在这里没有作用，按 ? 查看按键。");
    game.keys("h");
    game.wait_text("的历史");
    game.wait_text("今天 2 分");
    game.keys(key::ESC);
    game.wait_gone("的历史");
    game.quit();
    assert_eq!(home.score(&login()), 2);
}

#[test]
fn the_setting_goes_before_the_locale() {
    let home = Home::with(&[("Ada", 5)]);
    let begin = || Game::begin(home.game().size(120, 40).env(CHINESE.0, CHINESE.1));
    home.configure("language = 'en'");
    let game = begin();
    game.wait_text("space score");
    game.quit();
    home.configure("language = 'zh-CN'");
    let game = Game::begin(home.game().size(120, 40).env("LANG", "en_US.UTF-8"));
    game.wait_text("space 得分");
    game.quit();
}

#[test]
fn what_keeps_the_game_from_playing_is_said_in_the_players_language_at_its_end() {
    let home = Home::new();
    let path = home.join("notes.txt");
    fs::write(
        &path,
        "no database, but a long enough text to be looked at as one".repeat(9),
    )
    .expect("written");
    let path = path.display().to_string();
    let game = home.game().args(["--database", &path]).size(200, 24);
    let words = Game::begin(game.env(CHINESE.0, CHINESE.1)).ends(7);
    let wanted = format!("clickoff: {path} 不是 SQLite 数据库。请用 --database 指定另一个文件。");
    assert!(words.contains(&wanted), "{words}");
}
