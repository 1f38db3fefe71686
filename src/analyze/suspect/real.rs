//! Whether growth is real, or sampling alone may have made it.
//!
//! In: a diff and two of its snapshots. Out: for any set of entries how likely sampling alone made their growth, and its
//! error. Invariant: counts are whole samples, recovered from the values; where nothing is sampled growth is what it is.

use crate::diff::Diff;
use crate::model::LabelsId;

/// The sampling errors between two snapshots.
pub(super) struct Sampling {
    /// Samples that came and went, by entry; `None` where nothing was sampled.
    changes: Option<Vec<(f64, f64)>>,
    /// Value of one sample, by entry.
    weights: Vec<f64>,
}

/// What the samples tell of one change.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Test {
    /// How likely sampling alone makes a growth as large.
    pub p_growth: f64,
    /// Its standard error, in the unit of the metric.
    pub error: f64,
}

/// Below this a growth is taken for real.
pub(super) const REAL: f64 = 0.01;

impl Sampling {
    /// Between snapshots `from` and `to`, of `metric` in bytes or objects.
    pub fn new(diff: &Diff, metric: usize, from: usize, to: usize) -> Self {
        let name = diff.metrics[metric].metric.canonical_name().to_owned();
        let space =
            diff.metrics.iter().position(|other| other.metric.canonical_name() == name.replace("objects", "space"));
        let period = diff.snapshots[to].header.period.filter(|period| *period > 1);
        let is_memory = name.contains("space") || name.contains("objects");
        let (Some(period), Some(space), true) = (period, space, is_memory) else {
            return Self { changes: None, weights: Vec::new() };
        };
        let chances: Vec<(f64, f64)> = (0..diff.symbols.labels_count() as u32)
            .map(|id| diff.symbols.block_size(LabelsId(id)) as f64)
            .map(|size| (size, -(-size / period as f64).exp_m1()))
            .collect();
        let mut weights = vec![0.0; diff.entry_count()];
        let mut count = |metric: usize, snapshot: usize| {
            let mut counts = vec![0.0; diff.entry_count()];
            for (row, (entry, value)) in
                diff.entry_of_row(snapshot).iter().zip(diff.row_values(metric, snapshot)).enumerate()
            {
                let (size, chance) = chances[diff.snapshots[snapshot].labels(row).index()];
                if size > 0.0 {
                    counts[*entry as usize] += value as f64 * chance / size;
                    weights[*entry as usize] = if name.contains("objects") { 1.0 } else { size } / chance;
                }
            }
            counts
        };
        let (before, after) = (count(space, from), count(space, to));
        let alloc = name.replace("inuse_", "alloc_").replace("objects", "space");
        let alloc = diff.metrics.iter().position(|other| other.metric.canonical_name() == alloc);
        let allocated = alloc.filter(|alloc| *alloc != space).map(|alloc| (count(alloc, from), count(alloc, to)));
        let change = |entry: usize| {
            let difference = after[entry] - before[entry];
            let mut most = before[entry] + after[entry];
            if let Some((old, new)) = &allocated {
                most = most.min((2.0 * (new[entry] - old[entry]) - difference.abs()).max(difference.abs()));
            }
            let most = most.max(difference.abs());
            ((most + difference) / 2.0, (most - difference) / 2.0)
        };
        Self { changes: Some((0..diff.entry_count()).map(change).collect()), weights }
    }

    /// Tests the growth of some entries together.
    pub fn test(&self, delta: i64, entries: impl IntoIterator<Item = usize>) -> Test {
        let Some(changes) = &self.changes else {
            return Test { p_growth: if delta > 0 { 0.0 } else { 1.0 }, error: 0.0 };
        };
        let (mut came, mut went, mut variance) = (0.0, 0.0, 0.0);
        for entry in entries {
            let (new, gone) = changes[entry];
            came += new;
            went += gone;
            variance += (new + gone) * self.weights[entry].powi(2);
        }
        let p_growth = if delta > 0 { at_least(came.round() as u64, went.round() as u64) } else { 1.0 };
        Test { p_growth, error: variance.sqrt() }
    }
}

/// The chance that of `came + went` coins at least `came` show heads.
fn at_least(came: u64, went: u64) -> f64 {
    let all = came + went;
    if all > 1_000 {
        let z = (came as f64 - went as f64) / (all as f64).sqrt();
        return if z > 4.0 { 0.0 } else { 0.5 * (-z * 0.8).exp() };
    }
    let (mut term, mut sum) = (0.5_f64.powi(all as i32), 0.0);
    for heads in 0..=all {
        if heads >= came {
            sum += term;
        }
        term *= (all - heads) as f64 / (heads + 1) as f64;
    }
    sum
}
