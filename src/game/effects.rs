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

#[cfg(test)]
mod tests {
    use super::*;

    const ADA: PlayerId = PlayerId(1);

    /// Draws a frame whenever one is due, until none is; tells when.
    fn play(effects: &mut Effects) -> Vec<Duration> {
        let begun = effects.now.expect("a frame");
        let mut frames = Vec::new();
        while let Some(due) = effects.due() {
            effects.frame(due);
            frames.push(due - begun);
        }
        frames
    }

    fn feat() -> News {
        News {
            milestone: Some(100),
            ..News::default()
        }
    }

    /// All effects at once, at their first frame.
    fn all(motion: Motion) -> Effects {
        let now = Instant::now();
        let mut effects = Effects::new(motion);
        effects.pressed(1, now);
        effects.counted(ADA, 99, now);
        effects.announce(feat(), now);
        effects.frame(now);
        effects
    }

    #[test]
    fn all_effects_end_within_a_second_and_make_at_most_25_frames_a_second() {
        for (motion, most) in [(Motion::Full, 25), (Motion::Reduced, 3), (Motion::None, 0)] {
            let frames = play(&mut all(motion));
            assert!(frames.len() <= most, "{motion:?}: {frames:?}");
            assert!(
                frames
                    .last()
                    .is_none_or(|last| *last < Duration::from_secs(1))
            );
            let crowded = frames.windows(2).filter(|w| w[1] - w[0] < EFFECT_FRAME);
            assert_eq!(crowded.count(), 0, "{motion:?}: {frames:?}");
        }
    }

    #[test]
    fn points_rise_step_by_step_and_with_less_motion_they_stand() {
        for (motion, last) in [(Motion::Full, RISE_STEPS - 1), (Motion::Reduced, 0)] {
            let mut effects = all(motion);
            let mut steps = Vec::new();
            while let Some(due) = effects.due() {
                steps.extend(effects.rises().map(|rise| rise.step));
                effects.frame(due);
            }
            assert!(steps.is_sorted(), "{steps:?}");
            assert_eq!(steps.last(), Some(&last), "{motion:?}");
        }
        assert_eq!(all(Motion::None).rises().count(), 0);
    }

    #[test]
    fn points_of_one_frame_rise_together_and_the_next_on_the_other_side() {
        let now = Instant::now();
        let mut effects = Effects::new(Motion::Full);
        for ms in [0, 10, 39, 40, 200] {
            effects.pressed(1, now + Duration::from_millis(ms));
        }
        effects.frame(now + Duration::from_millis(200));
        let rises: Vec<_> = effects.rises().map(|r| (r.points, r.left)).collect();
        assert_eq!(rises, [(3, false), (1, true), (1, false)]);
    }

    #[test]
    fn what_others_did_is_told_for_longer_and_never_instead_of_ones_own_feat() {
        let by = News {
            passed_by: Some((ADA, 0)),
            ..News::default()
        };
        let mut effects = all(Motion::Full);
        effects.announce(by, effects.now.expect("a frame"));
        assert_eq!(effects.news(), Some(&feat()));
        play(&mut effects);
        let now = effects.now.expect("a frame");
        effects.announce(by, now);
        effects.frame(now);
        assert_eq!((effects.news(), effects.sparks()), (Some(&by), None));
        assert_eq!(play(&mut effects), [PASSED_BY]);
        effects.announce(by, now);
        effects.announce(feat(), now);
        assert_eq!(effects.news(), Some(&feat()));
    }

    #[test]
    fn on_a_terminal_that_cannot_keep_up_only_sentences_are_left() {
        let mut effects = all(Motion::Full);
        let now = effects.now.expect("a frame");
        effects.pause(now);
        effects.pressed(1, now);
        effects.counted(ADA, 100, now);
        effects.frame(now);
        assert_eq!(effects.rises().count(), 0);
        assert_eq!((effects.changed_from(ADA), effects.sparks()), (None, None));
        assert_eq!(effects.news(), Some(&feat()));
        assert_eq!(play(&mut effects), [OWN]);
        let later = now + EFFECTS_PAUSE;
        effects.pressed(1, later);
        effects.frame(later);
        assert_eq!(effects.rises().count(), 1, "and then they are back");
    }
}
