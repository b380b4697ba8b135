//! The scores that are worth a celebration: 10, 25, 50, 100, 250, 500, 1,000 and so on.

/// The first of them.
const FIRST: i64 = 10;

/// The highest milestone that is reached when a score rises from `from` to `to`.
pub fn reached(from: i64, to: i64) -> Option<i64> {
    let tens = to.max(1).ilog10();
    let one = 10_i64.pow(tens);
    // 2.5 becomes 2 here, but below ten there is no milestone.
    let five = one.checked_mul(5);
    let steps = [five, five.map(|five| five / 2), Some(one)];
    let highest = steps.into_iter().flatten().find(|step| *step <= to)?;
    (highest >= FIRST && highest > from).then_some(highest)
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
