//! The sums by which two databases are compared.

use serde_json::Value;

use super::kinds::Sum;
use super::record::AnyRecord;

/// The sums by which two databases are compared. If they differ, the records differ. If they are
/// equal, the records may still differ.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    /// How many records there are.
    pub records: u64,
    /// The sum of their points, which can be larger than any score.
    pub points: i128,
    /// A sum of other columns: of texts their length in bytes of UTF-8, of numbers their last 32
    /// bits.
    pub rest: i64,
}

impl Totals {
    /// The totals of some records, as the database sums up the columns of each kind.
    pub fn of(records: &[AnyRecord]) -> Self {
        let mut totals = Self::default();
        for record in records {
            let fields = record.fields();
            totals.records += 1;
            for column in record.kind().table().columns {
                let value = match fields.get(column.field) {
                    Some(Value::String(text)) => text.len() as i64,
                    Some(Value::Bool(is_true)) => i64::from(*is_true),
                    number => number.and_then(Value::as_i64).unwrap_or(0),
                };
                match column.sum {
                    Sum::Nothing => {}
                    Sum::Points => totals.points += i128::from(value),
                    Sum::Rest => totals.rest = totals.rest.saturating_add(value % (1 << 32)),
                }
            }
        }
        totals
    }
}

impl std::ops::AddAssign for Totals {
    fn add_assign(&mut self, more: Self) {
        self.records += more.records;
        self.points += more.points;
        self.rest = self.rest.saturating_add(more.rest);
    }
}
