//! Profiles of one metric each, taken at one moment, as one snapshot: Pyroscope and Parca give out metrics one by one.
//!
//! In: snapshots, of which the last ones belong to the first ones, in their order. Out: the first ones with the metrics of
//! all. Invariant: no metric stands twice, and each keeps its total.

use crate::model::{LabelsId, Metric, Snapshot, SnapshotBuilder, called};

use super::Loaded;
use super::error::{Error, Problem};

impl Loaded {
    /// Joins all snapshots behind the first `first + count` to the `count` ones before them, turn by turn.
    ///
    /// # Errors
    /// When a metric stands twice, or not each of the first ones has as many.
    pub fn join(mut self, first: usize, count: usize) -> Result<Self, Error> {
        let others = self.snapshots.split_off((first + count).min(self.snapshots.len()));
        for (index, other) in others.into_iter().enumerate() {
            let Some(snapshot) = self.snapshots.get_mut(first + index % count.max(1)) else { break };
            let joined = joined(snapshot, &other)
                .map_err(|problem| Error { input: called(&other.header.label, &other.header.path), problem })?;
            *snapshot = joined;
        }
        Ok(self)
    }
}

/// The rows of both, with 0 for what the other one counts. What is the same stack is put together by the diff.
fn joined(one: &Snapshot, other: &Snapshot) -> Result<Snapshot, Problem> {
    let is_known = |metric: &&Metric| one.metrics.iter().any(|known| known.canonical_name() == metric.canonical_name());
    if let Some(metric) = other.metrics.iter().find(is_known) {
        let cause =
            format!("{} counts {} too; --also takes another metric of the same moment", one.header.label, metric.name);
        return Err(Problem::Malformed(cause));
    }
    let metrics: Vec<Metric> = one.metrics.iter().chain(&other.metrics).cloned().collect();
    let mut rows = SnapshotBuilder::new(metrics.len());
    let mut values = vec![0; metrics.len()];
    for (snapshot, first) in [(one, 0), (other, one.metrics.len())] {
        for row in 0..snapshot.len() {
            values.fill(0);
            let own = values.iter_mut().skip(first).take(snapshot.metrics.len());
            own.enumerate().for_each(|(metric, value)| *value = at(snapshot.column(metric), row));
            let labels: LabelsId = snapshot.labels(row);
            rows.locations.extend_from_slice(snapshot.stack(row));
            rows.end_row(labels, &values);
        }
    }
    let mut header = one.header.clone();
    let functions = header.functions.iter().chain(other.header.functions.iter()).copied();
    header.functions = functions.collect::<std::collections::BTreeSet<_>>().into_iter().collect();
    header.period = header.period.or(other.header.period);
    header.time_nanos = header.time_nanos.or(other.header.time_nanos);
    Ok(rows.finish(header, metrics))
}

fn at(column: &[i64], row: usize) -> i64 {
    column.get(row).copied().unwrap_or(0)
}
