//! Recorded held keys and fast typing: how often one is taken for the other.

use std::time::{Duration, Instant};

use clickoff::game::HoldDetector;

const HELD: &str = include_str!("../../data/held-keys.txt");
const TAPPED: &str = include_str!("../../data/tapped-keys.txt");

/// How long a pause can be that is taken for a keyboard's delay, at the least.
const PAUSE: f64 = 195.0;

/// The lines that are not comments, by words.
fn lines(file: &str) -> impl Iterator<Item = Vec<&str>> {
    let lines = file.lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| line.split(' ').collect())
}

fn times(words: &[&str]) -> Vec<f64> {
    let ms = words.iter().map(|word| word.parse().expect("a number"));
    let mut at = 0.0;
    let sums = ms.map(|ms: f64| {
        at += ms;
        at
    });
    [0.0].into_iter().chain(sums).collect()
}

/// How many of these presses are taken for repeats.
fn marked(times: &[f64]) -> usize {
    let begin = Instant::now();
    let mut hold = HoldDetector::default();
    let at = |ms: &f64| begin + Duration::from_secs_f64(ms / 1000.0);
    let repeats = times.iter().filter(|ms| hold.is_repeat(at(ms)));
    repeats.count()
}

/// Of held keys that came through something: how many were recognised, how many there were, and the
/// same for the repeats that could be recognised at all.
fn held(through: impl Fn(&str) -> bool) -> [usize; 4] {
    let mut counts = [0; 4];
    for words in lines(HELD).filter(|words| through(words[0])) {
        let times = times(&words[3..]);
        let marked = marked(&times);
        let added = [usize::from(marked > 0), 1, marked, times.len() - 16];
        for (count, more) in counts.iter_mut().zip(added) {
            *count += more;
        }
    }
    counts
}

#[test]
fn recorded_held_keys_are_recognised_unless_the_machine_is_overloaded() {
    let through = |wanted: &'static str| held(move |through| through == wanted);
    assert_eq!(through("xterm"), [24, 24, 624, 624]);
    assert_eq!(through("xterm+ssh"), [24, 24, 624, 624]);
    assert_eq!(through("xterm+tmux"), [23, 24, 598, 624]);
    assert_eq!(through("xterm+ssh+tmux"), [20, 24, 508, 613]);
    let overloaded = held(|through| through.ends_with("load"));
    assert_eq!(overloaded, [5, 48, 106, 987]);
}

/// Stretches of 17 presses and more without a pause, each after one that looks like a delay.
fn bursts(times: &[f64]) -> Vec<Vec<f64>> {
    let stretches = times.chunk_by(|before, after| after - before < PAUSE);
    let long = stretches.filter(|stretch| stretch.len() >= 17);
    let begin = |stretch: &[f64]| {
        let first = stretch[0];
        let shifted = stretch.iter().map(move |at| at - first + 500.0);
        [0.0].into_iter().chain(shifted).collect()
    };
    long.map(begin).collect()
}

fn is_fast(burst: &[f64]) -> bool {
    let presses = &burst[1..];
    let time = presses.last().expect("a press") - presses[0];
    (presses.len() - 1) as f64 / time >= 0.010
}

#[test]
fn recorded_fast_fingers_are_hardly_ever_taken_for_a_held_key() {
    let plays: Vec<_> = lines(TAPPED).map(|words| times(&words)).collect();
    let presses: usize = plays.iter().map(Vec::len).sum();
    let marks: usize = plays.iter().map(|times| marked(times)).sum();
    let bursts: Vec<_> = plays.iter().flat_map(|times| bursts(times)).collect();
    let fast = bursts.iter().filter(|burst| is_fast(burst)).count();
    let taken = bursts.iter().filter(|burst| marked(burst) > 0).count();
    assert_eq!((presses, bursts.len(), fast), (4_602, 53, 50));
    assert!(marks <= 13 && taken <= 1, "{marks} presses, {taken} bursts");
}
