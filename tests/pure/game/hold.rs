//! Tests of `game/hold.rs`.

use std::time::{Duration, Instant};

use clickoff::game::HoldDetector;

/// Random numbers that are the same in every run.
struct Dice(u64);

impl Dice {
    /// Between 0 and 1; splitmix64.
    fn even(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.even()
    }

    /// Normally distributed around 0.
    fn normal(&mut self, deviation: f64) -> f64 {
        let sum: f64 = (0..12).map(|_| self.even()).sum();
        (sum - 6.0) * deviation
    }
}

/// A key held for 60 repeats: when its presses arrive, in milliseconds, through a system that
/// counts time in ticks and is late by a little.
fn held(dice: &mut Dice, late: f64, tick: f64) -> Vec<f64> {
    let (delay, interval) = (dice.between(200.0, 660.0), dice.between(25.0, 100.0));
    let repeats = (0..60).map(|n| delay + interval * f64::from(n));
    let mut arrive = |at: f64| (at / tick).ceil() * tick + dice.normal(late).abs();
    [0.0].into_iter().chain(repeats).map(&mut arrive).collect()
}

/// Bursts of 40 presses by hand after a pause that looks like a keyboard's delay.
fn tapped(dice: &mut Dice, rate: f64, unsteady: f64, uneven: f64) -> Vec<f64> {
    let mut at = dice.between(200.0, 660.0);
    let mut times = vec![0.0, at];
    for n in 0..39 {
        let finger = if n % 2 == 0 { uneven } else { -uneven };
        at += (1000.0 / rate + finger + dice.normal(unsteady)).max(5.0);
        times.push(at);
    }
    times
}

/// Presses wait for the next packet, and then come all at once.
fn batched(times: &[f64], every: f64) -> Vec<f64> {
    times.iter().map(|at| (at / every).ceil() * every).collect()
}

/// For each press, whether it was taken for a repeat.
fn marks(times: &[f64]) -> Vec<bool> {
    let begin = Instant::now();
    let mut hold = HoldDetector::default();
    let at = |ms: &f64| begin + Duration::from_secs_f64(ms / 1000.0);
    let repeats = times.iter().map(|ms| hold.is_repeat(at(ms)));
    repeats.collect()
}

const TRIALS: usize = 5000;

/// In how many of a thousand trials any press was taken for a repeat, and how many of a
/// thousand presses were.
fn per_mille(mut trial: impl FnMut(&mut Dice) -> Vec<f64>) -> (f64, f64) {
    let mut dice = Dice(7);
    let (mut trials, mut marked, mut all) = (0, 0, 0);
    for _ in 0..TRIALS {
        let marks = marks(&trial(&mut dice));
        let count = marks.iter().filter(|m| **m).count();
        trials += usize::from(count > 0);
        marked += count;
        all += marks.len();
    }
    let share = |part: usize, of: usize| 1000.0 * part as f64 / of as f64;
    (share(trials, TRIALS), share(marked, all))
}

#[test]
fn a_held_key_is_recognised_after_fifteen_repeats_and_until_its_end() {
    // Steady; on a busy machine; by a clock of 250 ticks a second.
    for (late, tick) in [(0.5, 0.1), (1.5, 0.1), (1.0, 4.0)] {
        let mut dice = Dice(7);
        for _ in 0..TRIALS {
            let marks = marks(&held(&mut dice, late, tick));
            assert!(marks[..16].iter().all(|marked| !marked));
            assert!(marks[16], "late by {late} ms, ticks of {tick} ms");
        }
        let (_, marked) = per_mille(|dice| held(dice, late, tick));
        assert!(marked > 737.0, "{marked} of 1000 presses");
    }
    let (held_keys, _) = per_mille(|dice| held(dice, 2.5, 0.1));
    assert!(held_keys > 960.0, "{held_keys} of 1000 held keys");
}

#[test]
fn a_fast_human_is_hardly_ever_taken_for_a_held_key() {
    // Two fingers at 15 a second, from steadier than people are to uneven.
    for (unsteady, uneven, most) in [(5.0, 0.0, 3.0), (6.0, 0.0, 1.0), (8.0, 5.0, 0.2)] {
        let (bursts, presses) = per_mille(|dice| tapped(dice, 15.0, unsteady, uneven));
        let about = format!("unsteady by {unsteady} ms: {bursts} bursts, {presses} presses");
        assert!(bursts <= most && presses <= most / 10.0, "{about}");
    }
    // One finger, a trembling hand, and a rate that is a record.
    for (rate, unsteady) in [(7.0, 12.0), (10.0, 12.0), (18.0, 8.0)] {
        let (bursts, _) = per_mille(|dice| tapped(dice, rate, unsteady, 0.0));
        assert!(bursts <= 0.2, "{rate} a second: {bursts} of 1000 bursts");
    }
}

#[test]
fn where_a_network_batches_presses_no_human_is_taken_for_a_held_key() {
    for every in [20.0, 50.0, 100.0] {
        let taps = |dice: &mut Dice| batched(&tapped(dice, 15.0, 8.0, 3.0), every);
        assert_eq!(per_mille(taps), (0.0, 0.0), "batches of {every} ms");
    }
    // As for a terminal that reads its keys once a frame of the screen.
    let (bursts, _) = per_mille(|dice| batched(&tapped(dice, 15.0, 8.0, 3.0), 16.7));
    assert!(bursts < 3.0, "{bursts} of 1000 bursts");
}

#[test]
fn without_a_keyboards_delay_before_it_no_clock_is_a_held_key() {
    let clock = |delay: f64| -> Vec<f64> {
        let repeats = (0..60).map(|n| delay + 33.0 * f64::from(n));
        [0.0].into_iter().chain(repeats).collect()
    };
    for delay in [33.0, 150.0, 800.0, 5000.0] {
        assert!(!marks(&clock(delay)).contains(&true), "{delay} ms");
    }
    assert!(marks(&clock(500.0)).contains(&true));
}

#[test]
fn after_a_held_key_or_another_one_a_press_is_a_press() {
    let mut times: Vec<f64> = (0..40).map(|n| 500.0 + 33.0 * f64::from(n)).collect();
    times.insert(0, 0.0);
    let end = 500.0 + 33.0 * 39.0;
    times.extend([end + 90.0, end + 155.0, end + 225.0, end + 290.0]);
    let marks = marks(&times);
    assert!(marks[40]);
    assert_eq!(marks[41..], [false; 4]);

    let mut hold = HoldDetector::default();
    let begin = Instant::now();
    for (at, ms) in times.iter().enumerate().take(41) {
        if at == 20 {
            hold.other_key();
        }
        let is_repeat = hold.is_repeat(begin + Duration::from_secs_f64(ms / 1000.0));
        assert_eq!(is_repeat, (16..20).contains(&at), "{at}");
    }
}
