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
