//! What a press sets in motion, and what is celebrated: data of what happened when, and what is to
//! be seen of it at a time. Every effect ends by itself.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use super::PlayerId;
use super::fading::OWN;

/// How much may move on the screen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Motion {
    /// Everything.
    #[default]
    Full,
    /// Highlights and sentences; nothing travels.
    Reduced,
    /// Nothing that goes by itself, but for the button.
    None,
}

/// The least time between two frames of an effect: 25 a second.
pub const EFFECT_FRAME: Duration = Duration::from_millis(40);

/// In how many steps points rise from the button, and how long each takes.
pub const RISE_STEPS: u32 = 6;
const RISE_STEP: Duration = Duration::from_millis(70);

/// How long digits that have changed are highlighted.
const HIGHLIGHT: Duration = Duration::from_millis(300);

/// In how many steps sparks fly, and how long each takes.
pub const SPARK_STEPS: u32 = 7;
const SPARK_STEP: Duration = Duration::from_millis(100);

/// How long it is read that somebody else has passed.
pub const PASSED_BY: Duration = super::MOVED;

/// How long there are no effects after the terminal could not keep up.
pub const CALM: Duration = Duration::from_secs(3);

/// What is celebrated, or at least told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct News {
    /// A score that was reached.
    pub milestone: Option<i64>,
    /// The best of those who were passed, and how many others were.
    pub passed: Option<(PlayerId, usize)>,
    /// The best of those who have passed, and how many others have.
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
    /// How many.
    pub points: u64,
    /// How far they have come, from 0 to below [`RISE_STEPS`].
    pub step: u32,
    /// Whether it is on the left, for they take turns.
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
struct Told {
    news: News,
    since: Instant,
    until: Instant,
}

/// All effects that live.
#[derive(Debug, Clone, Default)]
pub struct Effects {
    motion: Motion,
    /// The time that the screen shows, once there is a frame.
    now: Option<Instant>,
    rising: VecDeque<Rising>,
    changed: Option<Changed>,
    told: Option<Told>,
    calm_until: Option<Instant>,
    due: Option<Instant>,
}

/// Which step of a movement it is, if it is not over.
fn step(since: Instant, now: Instant, each: Duration, steps: u32) -> Option<u32> {
    let age = now.saturating_duration_since(since);
    let step = (age.as_micros() / each.as_micros()).try_into().ok()?;
    (step < steps).then_some(step)
}

/// When the next step begins, or the last ends.
fn next_step(since: Instant, now: Instant, each: Duration, steps: u32) -> Option<Instant> {
    step(since, now, each, steps).map(|step| since + each * (step + 1))
}

impl Effects {
    /// None yet.
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
        self.motion != Motion::None && self.calm_until.is_none_or(|until| until <= now)
    }

    /// Lets points rise. Those that come within one frame rise together.
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

    /// Highlights what a commit has changed of a score that was `from`.
    pub fn counted(&mut self, id: PlayerId, from: i64, now: Instant) {
        if self.are_on(now) {
            let since = now;
            self.changed = Some(Changed { id, from, since });
        }
    }

    /// Tells something, for about a second, or longer where others have done it. A feat of one's
    /// own that is still told makes room for the next one only.
    pub fn tell(&mut self, news: News, now: Instant) {
        if self.motion == Motion::None || news == News::default() {
            return;
        }
        let busy = self.told.is_some_and(|t| now < t.until && t.news.is_feat());
        if busy && !news.is_feat() {
            return;
        }
        let lasts = if news.is_feat() { OWN } else { PASSED_BY };
        self.told = Some(Told {
            news,
            since: now,
            until: now + lasts,
        });
    }

    /// Lets go of what moves, and begins nothing new for a while: the terminal can't keep up, and
    /// what it takes is for presses and scores.
    pub fn calm(&mut self, now: Instant) {
        self.calm_until = Some(now + CALM);
        self.rising.clear();
        self.changed = None;
        self.due = self.next(now);
    }

    /// Forgets what is about the picked player's score, as another is picked.
    pub fn picked(&mut self) {
        self.changed = None;
        self.rising.clear();
    }

    /// When there is something new to see, if ever.
    pub fn due(&self) -> Option<Instant> {
        self.due
    }

    /// Whether there is something new to see.
    pub fn is_due(&self, now: Instant) -> bool {
        self.due.is_some_and(|due| due <= now)
    }

    /// Moves everything on to this time, at which a frame is drawn.
    pub fn frame(&mut self, now: Instant) {
        self.now = Some(now);
        let lasts = self.rise_lasts();
        self.rising.retain(|rising| now < rising.since + lasts);
        self.changed = self.changed.filter(|c| now < c.since + HIGHLIGHT);
        self.told = self.told.filter(|told| now < told.until);
        self.due = self.next(now);
    }

    /// The next moment at which something looks different, with a frame's time in between.
    fn next(&self, now: Instant) -> Option<Instant> {
        let rising = self.rising.iter().filter_map(|r| match self.motion {
            Motion::Full => next_step(r.since, now, RISE_STEP, RISE_STEPS),
            _ => Some(r.since + self.rise_lasts()),
        });
        let changed = self.changed.map(|c| c.since + HIGHLIGHT);
        let sparks = self.sparking(now);
        let sparks = sparks.and_then(|t| next_step(t.since, now, SPARK_STEP, SPARK_STEPS));
        let told = self.told.map(|t| t.until);
        let next = rising.chain(changed).chain(sparks).chain(told).min()?;
        Some(next.max(now + EFFECT_FRAME))
    }

    fn rise_lasts(&self) -> Duration {
        RISE_STEP * RISE_STEPS
    }

    fn sparking(&self, now: Instant) -> Option<Told> {
        let full = self.motion == Motion::Full && self.are_on(now);
        self.told.filter(|told| full && told.news.is_feat())
    }

    /// Points that rise, or stand still where nothing travels.
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

    /// What the player's score was before the change that is highlighted.
    pub fn changed_from(&self, id: PlayerId) -> Option<i64> {
        let changed = self.changed.filter(|changed| changed.id == id)?;
        Some(changed.from)
    }

    /// What is told.
    pub fn news(&self) -> Option<&News> {
        self.told.as_ref().map(|told| &told.news)
    }

    /// How far sparks have flown, from 0 to below [`SPARK_STEPS`].
    pub fn sparks(&self) -> Option<u32> {
        let now = self.now?;
        let told = self.sparking(now)?;
        step(told.since, now, SPARK_STEP, SPARK_STEPS)
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
        effects.tell(feat(), now);
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
        effects.tell(by, effects.now.expect("a frame"));
        assert_eq!(effects.news(), Some(&feat()));
        play(&mut effects);
        let now = effects.now.expect("a frame");
        effects.tell(by, now);
        effects.frame(now);
        assert_eq!((effects.news(), effects.sparks()), (Some(&by), None));
        assert_eq!(play(&mut effects), [PASSED_BY]);
        effects.tell(by, now);
        effects.tell(feat(), now);
        assert_eq!(effects.news(), Some(&feat()));
    }

    #[test]
    fn on_a_terminal_that_cannot_keep_up_only_sentences_are_left() {
        let mut effects = all(Motion::Full);
        let now = effects.now.expect("a frame");
        effects.calm(now);
        effects.pressed(1, now);
        effects.counted(ADA, 100, now);
        effects.frame(now);
        assert_eq!(effects.rises().count(), 0);
        assert_eq!((effects.changed_from(ADA), effects.sparks()), (None, None));
        assert_eq!(effects.news(), Some(&feat()));
        assert_eq!(play(&mut effects), [OWN]);
        let later = now + CALM;
        effects.pressed(1, later);
        effects.frame(later);
        assert_eq!(effects.rises().count(), 1, "and then they are back");
    }
}
