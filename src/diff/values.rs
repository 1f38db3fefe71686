//! What the samples of a diff hold: row by row, summed by entry, and in all.
//!
//! In: a diff. Out: values of a metric in the unit of the diff. Invariant: sums of these cannot overflow, which was checked
//! when the diff was made; of several runs they are means.
//! Knows nothing of what they are wanted for.

use super::Diff;

impl Diff {
    /// The values of a metric in one snapshot, row by row, in the unit of the diff; of several runs the means.
    pub fn row_values(&self, metric: usize, snapshot: usize) -> impl Iterator<Item = i64> + '_ {
        let (column, factor) = self.metrics[metric].columns[snapshot];
        let (values, factor) = match self.means[snapshot].get(metric) {
            Some(means) => (means.as_slice(), 1),
            None => (self.snapshots[snapshot].column(column), factor),
        };
        values.iter().map(move |value| value * factor)
    }

    /// Of a snapshot that is a recorded baseline, the most of a metric that one of the stacks it folded together holds,
    /// in the unit of the diff.
    pub fn largest_folded(&self, metric: usize, snapshot: usize) -> Option<i64> {
        let (column, factor) = self.metrics[metric].columns[snapshot];
        let largest = self.snapshots[snapshot].header.baseline.as_ref()?;
        Some(largest.get(column)?.saturating_mul(factor))
    }

    /// The values of a metric in one snapshot, summed by entry.
    pub fn column(&self, metric: usize, snapshot: usize) -> Vec<i64> {
        let mut sums = vec![0; self.entry_count()];
        for (entry, value) in self.entry_of_row(snapshot).iter().zip(self.row_values(metric, snapshot)) {
            sums[*entry as usize] += value;
        }
        sums
    }

    /// What each entry grew by in a metric, from the oldest snapshot to the newest; of a single one, what it holds.
    pub fn growth(&self, metric: usize) -> Vec<i64> {
        let newest = self.snapshots.len().saturating_sub(1);
        let mut growth = self.column(metric, newest);
        if newest > 0 {
            for (entry, value) in self.entry_of_row(0).iter().zip(self.row_values(metric, 0)) {
                growth[*entry as usize] -= value;
            }
        }
        growth
    }

    /// The total of a metric in each snapshot.
    pub fn totals(&self, metric: usize) -> Vec<i64> {
        (0..self.snapshots.len()).map(|snapshot| self.row_values(metric, snapshot).sum()).collect()
    }
}
