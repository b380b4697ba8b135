//! Every effect ends by itself, and draws no more frames than it needs.

use std::time::{Duration, Instant};

use clickoff::game::{
    EFFECT_FRAME, EFFECTS_PAUSE, Effects, Motion, News, OWN, PASSED_BY, PlayerId, RISE_STEPS,
};

const ADA: PlayerId = PlayerId(1);

/// Draws a frame whenever one is due, until none is; tells when.
fn play(effects: &mut Effects, begun: Instant) -> Vec<Duration> {
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
fn all(motion: Motion, now: Instant) -> Effects {
    let mut effects = Effects::new(motion);
    effects.pressed(1, now);
    effects.counted(ADA, 99, now);
    effects.announce(feat(), now);
    effects.frame(now);
    effects
}

#[test]
fn all_effects_end_within_a_second_and_make_at_most_25_frames_a_second() {
    let now = Instant::now();
    for (motion, most) in [(Motion::Full, 25), (Motion::Reduced, 3), (Motion::None, 0)] {
        let frames = play(&mut all(motion, now), now);
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
    let now = Instant::now();
    for (motion, last) in [(Motion::Full, RISE_STEPS - 1), (Motion::Reduced, 0)] {
        let mut effects = all(motion, now);
        let mut steps = Vec::new();
        while let Some(due) = effects.due() {
            steps.extend(effects.rises().map(|rise| rise.step));
            effects.frame(due);
        }
        assert!(steps.is_sorted(), "{steps:?}");
        assert_eq!(steps.last(), Some(&last), "{motion:?}");
    }
    assert_eq!(all(Motion::None, now).rises().count(), 0);
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
    let begun = Instant::now();
    let mut effects = all(Motion::Full, begun);
    effects.announce(by, begun);
    assert_eq!(effects.news(), Some(&feat()));
    let frames = play(&mut effects, begun);
    let now = begun + *frames.last().expect("a frame");
    effects.announce(by, now);
    effects.frame(now);
    assert_eq!((effects.news(), effects.sparks()), (Some(&by), None));
    assert_eq!(play(&mut effects, now), [PASSED_BY]);
    effects.announce(by, now);
    effects.announce(feat(), now);
    assert_eq!(effects.news(), Some(&feat()));
}

#[test]
fn on_a_terminal_that_cannot_keep_up_only_sentences_are_left() {
    let now = Instant::now();
    let mut effects = all(Motion::Full, now);
    effects.pause(now);
    effects.pressed(1, now);
    effects.counted(ADA, 100, now);
    effects.frame(now);
    assert_eq!(effects.rises().count(), 0);
    assert_eq!((effects.changed_from(ADA), effects.sparks()), (None, None));
    assert_eq!(effects.news(), Some(&feat()));
    assert_eq!(play(&mut effects, now), [OWN]);
    let later = now + EFFECTS_PAUSE;
    effects.pressed(1, later);
    effects.frame(later);
    assert_eq!(effects.rises().count(), 1, "and then they are back");
}
