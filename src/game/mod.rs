//! What a player, a standing and a press are: plain data, no input or output, time passed in.

mod bell;
pub mod calendar;
mod changed;
mod clock_reading;
pub mod contest;
mod effects;
mod expiring;
mod hold;
pub mod marks;
pub mod milestone;
mod pace;
mod past;
mod player;
pub mod race;
pub mod record;
mod rules;
pub mod sprint;
mod standings;
mod tally;
mod trace;

pub use bell::{Bell, Rings};
pub use calendar::{Period, Quarter};
pub use changed::ChangedPlayers;
pub use clock_reading::ClockReading;
pub use effects::{
    EFFECT_FRAME, EFFECTS_PAUSE, Effects, Motion, News, PASSED_BY, RISE_STEPS, Rise, SPARK_STEPS,
};
pub use expiring::{Expiring, MOVED, OWN};
pub use hold::HoldDetector;
pub use pace::{LEAP, LONGEST, OwnPresses, PLAYING, Pace};
pub use past::Past;
pub use player::{ByPlayer, Entry, Player, PlayerId, Points};
pub use record::Record;
pub use rules::{FASTEST, HeldKeys, Rules};
pub use standings::{Aim, FoundPlayers, Ranking, Spot, Standings, WINDOW, Window};
pub use tally::Tally;
