//! Whether each row goes on growing.
//!
//! In: the rows shown, with their sums in every snapshot. Out: a trend for each. Invariant: it is that of what the row
//! allocates itself, whatever rows are ranked by.

use rayon::prelude::*;

use crate::diff::Diff;
use crate::model::Series;
use crate::stats::{Grain, History, Moments, Sampling, Trend};

use super::Row;
use super::shown::Shown;

/// Tells the trend of each row. `growth` is that of each entry.
pub(super) fn assign(
    diff: &Diff,
    growth: &[i64],
    sampling: &Sampling,
    history: &History,
    shown: &Shown<'_>,
    rows: &mut [Row],
) {
    let mut sums = vec![(Grain::default(), Moments::default()); rows.len()];
    let judged = history.sampling(sampling);
    for (entry, growth) in growth.iter().enumerate() {
        if let Some(position) = shown.of_leaf(entry) {
            let (grain, moments) = &mut sums[position];
            grain.add(sampling, diff, entry, *growth);
            moments.add(&judged.of_entry(entry));
        }
    }
    rows.par_iter_mut().zip(sums).for_each(|(row, (grain, moments))| {
        let change = history.change(sampling, &row.flat, &moments);
        row.trend = Some(history.trend(&row.flat, grain, row.kept_ratio, change));
    });
}

/// The trend of the total.
pub(crate) fn of_total(diff: &Diff, growth: &[i64], sampling: &Sampling, history: &History) -> Trend {
    let (mut grain, mut moments) = (Grain::default(), Moments::default());
    let judged = history.sampling(sampling);
    for (entry, growth) in growth.iter().enumerate() {
        grain.add(sampling, diff, entry, *growth);
        moments.add(&judged.of_entry(entry));
    }
    let values = Series(diff.totals(diff.metric));
    let change = history.change(sampling, &values, &moments);
    // Most of what a program allocates is garbage, and replaces nothing.
    history.trend(&values, grain, None, change)
}
