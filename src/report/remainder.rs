//! The rows that are not shown, as one.
//!
//! In: sums. Out: data for the JSON contract. Invariant: the rows shown and these add up to the total.

use serde::Serialize;

/// What the rows not shown add up to.
#[derive(Debug, Clone, Serialize)]
pub struct Remainder {
    /// How many rows.
    pub rows: usize,
    /// Their flat value before.
    pub before: i64,
    /// Their flat value after.
    pub after: i64,
    /// After minus before.
    pub delta: i64,
}
