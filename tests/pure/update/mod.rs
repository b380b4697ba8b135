//! The whole behaviour of the game, as tables of messages and resulting states.

mod about;
mod adding;
mod editing;
mod effects;
mod fair;
mod leaving;
mod link;
mod listing;
mod lively;
mod moving;
mod others;
mod pressing;
mod racing;
mod recorded;
mod redraw;
mod replay;
mod rights;
mod sprinting;
mod starting;
mod themes;
mod times;

use crate::common;
