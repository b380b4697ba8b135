//! Animations after a press, and celebrations. This holds when things happened, and answers what to
//! show at a given time. Every effect ends by itself.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use super::PlayerId;
use super::expiring::OWN;

/// How much may move on the screen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Motion {
    /// Everything.
    #[default]
    Full,
    /// Highlights and sentences, but nothing that changes its place.
    Reduced,
    /// Nothing but the button.
    None,
}

/// The least time between two frames of an effect: 25 a second.
pub const EFFECT_FRAME: Duration = Duration::from_millis(40);

/// The number of steps in which points rise from the button, and the length of each.
pub const RISE_STEPS: u32 = 6;
const RISE_STEP: Duration = Duration::from_millis(70);
const RISE: Duration = RISE_STEP.saturating_mul(RISE_STEPS);

/// How long digits that have changed are highlighted.
const HIGHLIGHT: Duration = Duration::from_millis(300);

/// The number of steps in which sparks fly, and the length of each.
pub const SPARK_STEPS: u32 = 7;
const SPARK_STEP: Duration = Duration::from_millis(100);

/// How long the screen shows that somebody else has passed.
pub const PASSED_BY: Duration = super::MOVED;

/// How long effects stay off after the terminal could not keep up.
pub const EFFECTS_PAUSE: Duration = Duration::from_secs(3);

/// Something that is celebrated or announced.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct News {
    /// A score that was reached.
    pub milestone: Option<i64>,
    /// The best player who was passed, and how many more were.
    pub passed: Option<(PlayerId, usize)>,
    /// The best player who has passed this one, and how many more have.
    pub passed_by: Option<(PlayerId, usize)>,
}

impl News {
    fn is_feat(&self) -> bool {
        self.milestone.is_some() || self.passed.is_some()
    }
}

/// Points on their way up from the button.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rise {
    /// How many points.
    pub points: u64,
    /// The current step, from 0 to below [`RISE_STEPS`].
    pub step: u32,
    /// Whether they rise on the left; the side alternates.
    pub left: bool,
}

#[derive(Debug, Clone, Copy)]
struct Rising {
    points: u64,
    since: Instant,
    left: bool,
}

/// A score that a commit has changed.
#[derive(Debug, Clone, Copy)]
struct Changed {
    id: PlayerId,
    from: i64,
    since: Instant,
}

#[derive(Debug, Clone, Copy)]
struct Announced {
    news: News,
    since: Instant,
    until: Instant,
}

/// All effects that are running.
#[derive(Debug, Clone, Default)]
pub struct Effects {
    motion: Motion,
    /// The time that the screen shows, once there is a frame.
    now: Option<Instant>,
    rising: VecDeque<Rising>,
    changed: Option<Changed>,
    announced: Option<Announced>,
    paused_until: Option<Instant>,
    due: Option<Instant>,
}

/// The current step of an animation, or none if it is over.
fn step(since: Instant, now: Instant, each: Duration, steps: u32) -> Option<u32> {
    let age = now.saturating_duration_since(since);
    let step = (age.as_micros() / each.as_micros()).try_into().ok()?;
    (step < steps).then_some(step)
}

/// When the next step begins or the last one ends.
fn next_step(since: Instant, now: Instant, each: Duration, steps: u32) -> Option<Instant> {
    step(since, now, each, steps).map(|step| since + each * (step + 1))
}

impl Effects {
    /// Without any effect yet.
    pub fn new(motion: Motion) -> Self {
        Self {
            motion,
            ..Self::default()
        }
    }

    /// How much may move.
    pub fn motion(&self) -> Motion {
        self.motion
    }

    fn are_on(&self, now: Instant) -> bool {
        self.motion != Motion::None && self.paused_until.is_none_or(|until| until <= now)
    }

    /// Starts a rise of points. Points that come within one frame rise together.
    pub fn pressed(&mut self, points: u64, now: Instant) {
        if !self.are_on(now) || points == 0 {
            return;
        }
        match self.rising.back_mut() {
            Some(last) if now < last.since + EFFECT_FRAME => last.points += points,
            last => {
                let left = last.is_some_and(|last| !last.left);
                if self.motion == Motion::Reduced {
                    self.rising.clear();
                }
                self.rising.push_back(Rising {
                    points,
                    since: now,
                    left,
                });
            }
        }
    }

    /// Highlights the digits that a commit has changed in a score that was `from`.
    pub fn counted(&mut self, id: PlayerId, from: i64, now: Instant) {
        if self.are_on(now) {
            let since = now;
            self.changed = Some(Changed { id, from, since });
        }
    }

    /// Shows this news for about a second, or longer if others caused it. While a feat of the
    /// player's own is shown, only another feat replaces it.
    pub fn announce(&mut self, news: News, now: Instant) {
        if self.motion == Motion::None || news == News::default() {
            return;
        }
        let busy = self
            .announced
            .is_some_and(|t| now < t.until && t.news.is_feat());
        if busy && !news.is_feat() {
            return;
        }
        let lasts = if news.is_feat() { OWN } else { PASSED_BY };
        self.announced = Some(Announced {
            news,
            since: now,
            until: now + lasts,
        });
    }

    /// Stops all movement and starts none for a while. The terminal can't keep up, and what it can
    /// take is needed for presses and scores.
    pub fn pause(&mut self, now: Instant) {
        self.paused_until = Some(now + EFFECTS_PAUSE);
        self.rising.clear();
        self.changed = None;
        self.due = self.next(now);
    }

    /// Drops the effects about the score of the picked player, because another player is picked.
    pub fn picked(&mut self) {
        self.changed = None;
        self.rising.clear();
    }

    /// When the picture next changes, if it does.
    pub fn due(&self) -> Option<Instant> {
        self.due
    }

    /// Whether the picture has to change now.
    pub fn is_due(&self, now: Instant) -> bool {
        self.due.is_some_and(|due| due <= now)
    }

    /// Advances everything to the time of the frame that is about to be drawn.
    pub fn frame(&mut self, now: Instant) {
        self.now = Some(now);
        self.rising.retain(|rising| now < rising.since + RISE);
        self.changed = self.changed.filter(|c| now < c.since + HIGHLIGHT);
        self.announced = self.announced.filter(|announced| now < announced.until);
        self.due = self.next(now);
    }

    /// When the picture next changes, at least one frame from now.
    fn next(&self, now: Instant) -> Option<Instant> {
        let rising = self.rising.iter().filter_map(|r| match self.motion {
            Motion::Full => next_step(r.since, now, RISE_STEP, RISE_STEPS),
            _ => Some(r.since + RISE),
        });
        let changed = self.changed.map(|c| c.since + HIGHLIGHT);
        let sparks = self.sparking(now);
        let sparks = sparks.and_then(|t| next_step(t.since, now, SPARK_STEP, SPARK_STEPS));
        let announced = self.announced.map(|t| t.until);
        let next = rising.chain(changed).chain(sparks).chain(announced).min()?;
        Some(next.max(now + EFFECT_FRAME))
    }

    fn sparking(&self, now: Instant) -> Option<Announced> {
        let full = self.motion == Motion::Full && self.are_on(now);
        self.announced
            .filter(|announced| full && announced.news.is_feat())
    }

    /// The points that rise. They stand still where movement is reduced.
    pub fn rises(&self) -> impl Iterator<Item = Rise> {
        self.rising.iter().filter_map(|rising| {
            let Rising {
                points,
                since,
                left,
            } = *rising;
            let step = step(since, self.now?, RISE_STEP, RISE_STEPS)?;
            let full = self.motion == Motion::Full;
            Some(Rise {
                points,
                step: if full { step } else { 0 },
                left: left && full,
            })
        })
    }

    /// The player's score before the change that is highlighted.
    pub fn changed_from(&self, id: PlayerId) -> Option<i64> {
        let changed = self.changed.filter(|changed| changed.id == id)?;
        Some(changed.from)
    }

    /// The news that is shown.
    pub fn news(&self) -> Option<&News> {
        self.announced.as_ref().map(|announced| &announced.news)
    }

    /// The current step of the sparks, from 0 to below [`SPARK_STEPS`].
    pub fn sparks(&self) -> Option<u32> {
        let now = self.now?;
        let announced = self.sparking(now)?;
        step(announced.since, now, SPARK_STEP, SPARK_STEPS)
    }
}
