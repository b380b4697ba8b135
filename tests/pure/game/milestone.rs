//! Tests of `game/milestone.rs`.

use clickoff::game::milestone::reached;

#[test]
fn each_milestone_is_reached_once_on_the_way_up() {
    let reached: Vec<i64> = (0..1_200).filter_map(|n| reached(n, n + 1)).collect();
    assert_eq!(reached, [10, 25, 50, 100, 250, 500, 1_000]);
}

#[test]
fn of_several_at_once_the_highest_counts_and_going_down_reaches_none() {
    let cases = [
        (0, 9, None),
        (0, 10, Some(10)),
        (10, 10, None),
        (7, 120, Some(100)),
        (999, 2_600, Some(2_500)),
        (120, 7, None),
        (i64::MIN, 4, None),
        (i64::MIN, -10, None),
        (0, i64::MAX, Some(5_000_000_000_000_000_000)),
        (i64::MAX, i64::MIN, None),
    ];
    for (from, to, milestone) in cases {
        assert_eq!(reached(from, to), milestone, "{from} to {to}");
    }
}
