//! A part of a diff that is explained on its own: one metric between two of its snapshots, in some of its entries.
//!
//! In: a diff. Out: the [`Part`] that is all of it, or the functions that grew most within one.
//! Invariant: the sums of a part are those of its entries; what lies outside serves only to find who is responsible for
//! growth whose own stacks do not say.

use std::cmp::Reverse;

use crate::diff::Diff;
use crate::model::hash::HashMap;

use super::shown::Shown;
use super::tally::RowOfEntry;
use super::{Row, place, rank, responsible};
use crate::model::Series;

/// What is to be explained.
#[derive(Debug, Clone, Copy)]
pub struct Part<'a> {
    /// An index into [`Diff::metrics`].
    pub metric: usize,
    /// The snapshot before; `None` where nothing is compared.
    pub from: Option<usize>,
    /// The snapshot after.
    pub to: usize,
    /// For each entry whether it takes part; `None` for all.
    pub entries: Option<&'a [bool]>,
}

impl Part<'_> {
    /// All of a diff: the metric compared, from the oldest snapshot to the newest.
    pub fn whole(diff: &Diff) -> Self {
        let newest = diff.snapshots.len().saturating_sub(1);
        Self { metric: diff.metric, from: (newest > 0).then_some(0), to: newest, entries: None }
    }

    /// Whether an entry takes part.
    pub fn has(&self, entry: usize) -> bool {
        self.entries.is_none_or(|entries| entries[entry])
    }

    /// The snapshots, each with whether it is the one before.
    pub(crate) fn sides(&self) -> impl Iterator<Item = (usize, bool)> {
        self.from.map(|from| (from, true)).into_iter().chain([(self.to, false)])
    }
}

/// The functions that grew most within a part, best first, each explained by what takes part alone.
pub fn growers(diff: &Diff, part: &Part<'_>, top: usize) -> Vec<Row> {
    let numbers = RowOfEntry::new(diff);
    let mut growth = vec![0; diff.entry_count()];
    let mut sums: HashMap<usize, (i64, i64)> = HashMap::default();
    for (snapshot, is_base) in part.sides() {
        for (entry, value) in diff.entry_of_row(snapshot).iter().zip(diff.row_values(part.metric, snapshot)) {
            let entry = *entry as usize;
            growth[entry] += if is_base { -value } else { value };
            if value == 0 || !part.has(entry) {
                continue;
            }
            let (before, after) = sums.entry(numbers.flat_row(entry)).or_default();
            *(if is_base { before } else { after }) += value;
        }
    }
    let mut grown: Vec<(usize, (i64, i64))> = sums.into_iter().filter(|(_, (before, after))| after > before).collect();
    grown.sort_unstable_by(|(a, (a_before, a_after)), (b, (b_before, b_after))| {
        let by_growth = Reverse(a_after - a_before).cmp(&Reverse(b_after - b_before));
        let subject = |row: usize| numbers.subject(diff, row);
        by_growth.then_with(|| rank::by_name(diff, subject(*a), subject(*b)))
    });
    grown.truncate(top);
    let row = |(row, (before, after)): &(usize, (i64, i64))| {
        let flat = Series(if part.from.is_some() { vec![*before, *after] } else { vec![*after] });
        Row::new(numbers.subject(diff, *row), flat.clone(), flat)
    };
    let mut rows: Vec<Row> = grown.iter().map(row).collect();
    let shown: Vec<usize> = grown.iter().map(|(row, _)| *row).collect();
    let shown = Shown::new(&numbers, &shown, &rows, *part);
    place::locate(diff, &shown, &mut rows);
    responsible::assign(diff, &growth, &shown, &mut rows);
    rows
}
