//! Several runs of one build as one snapshot, and the mean of their values.
//!
//! In: loaded snapshots, and how many of them each side takes. Out: one snapshot for each side. Invariant: the rows of a
//! side are those of its runs, one run after the other, with their values as they are; means are whole numbers, and any
//! rows and the rest add up to the mean of the total.
//! Knows nothing of what stands on the other side.

use crate::model::{Header, Run, Snapshot, SnapshotBuilder, called};

use super::metric::{CommonMetric, common_metrics};
use super::{Diff, Error};

/// Makes one snapshot of each side, the first `sides[0]` snapshots being the first; without sides each stays alone.
///
/// # Errors
/// When the runs of a side cannot be added up.
pub(super) fn pool(snapshots: Vec<Snapshot>, sides: &[usize]) -> Result<Vec<Snapshot>, Error> {
    if sides.is_empty() {
        return Ok(snapshots);
    }
    let mut rest = snapshots.into_iter();
    let mut pooled = Vec::with_capacity(sides.len());
    for side in sides {
        let mut runs: Vec<Snapshot> = rest.by_ref().take(*side).collect();
        pooled.extend(if runs.len() > 1 { Some(join(&runs)?) } else { runs.pop() });
    }
    Ok(pooled)
}

/// All rows of the runs, in the units that they have in common.
fn join(runs: &[Snapshot]) -> Result<Snapshot, Error> {
    check(runs)?;
    let metrics = common_metrics(runs)?;
    let mut builder = SnapshotBuilder::new(metrics.len());
    let mut values = vec![0; metrics.len()];
    let (mut parts, mut end) = (Vec::with_capacity(runs.len()), 0);
    for (number, run) in runs.iter().enumerate() {
        for row in 0..run.len() {
            for (value, CommonMetric { metric, columns }) in values.iter_mut().zip(&metrics) {
                let (column, factor) = columns[number];
                let converted = run.column(column)[row].checked_mul(factor);
                let inputs = || called(&run.header.label, &run.header.path);
                *value = converted.ok_or_else(|| Error::Overflow { inputs: inputs(), metric: metric.name.clone() })?;
            }
            builder.locations.extend_from_slice(run.stack(row));
            builder.end_row(run.labels(row), &values);
        }
        end += run.len();
        parts.push(Run { header: run.header.clone(), end });
    }
    let metrics = metrics.into_iter().map(|common| common.metric).collect();
    let mut joined = builder.finish(header(runs), metrics);
    joined.runs = parts;
    Ok(joined)
}

/// Runs are added up only where a sample stands for as much in each of them.
fn check(runs: &[Snapshot]) -> Result<(), Error> {
    let name = |run: &Snapshot| called(&run.header.label, &run.header.path);
    if let Some(recorded) = runs.iter().find(|run| run.header.baseline.is_some()) {
        return Err(Error::BaselineAmongRuns { input: name(recorded) });
    }
    let is_other = |pair: &&[Snapshot]| pair[0].header.period != pair[1].header.period;
    match runs.windows(2).find(is_other) {
        Some(pair) => Err(Error::UnlikeRuns { input: name(&pair[0]), other: name(&pair[1]) }),
        None => Ok(()),
    }
}

/// What the headers of all runs say alike.
fn header(runs: &[Snapshot]) -> Header {
    let headers = || runs.iter().map(|run| &run.header);
    let shared = |text: fn(&Header) -> &String| {
        let mut texts = headers().map(text);
        let first = texts.next().cloned().unwrap_or_default();
        if texts.all(|other| *other == first) { first } else { String::new() }
    };
    let name = match (shared(|header| &header.label), headers().next(), headers().next_back()) {
        (label, Some(first), Some(last)) if label.is_empty() => format!("{} … {}", first.label, last.label),
        (label, ..) => label,
    };
    let paths: Vec<&str> = headers().map(|header| header.path.as_str()).collect();
    Header {
        label: format!("{name} ({} runs)", runs.len()),
        path: paths.join(", "),
        time_nanos: None,
        duration_nanos: headers().map(|header| header.duration_nanos).max().unwrap_or(0),
        build_id: shared(|header| &header.build_id),
        binary: shared(|header| &header.binary),
        memory_start: 0,
        is_delta: headers().any(|header| header.is_delta),
        functions: headers().flat_map(|header| header.functions.iter().copied()).collect(),
        comments: Vec::new(),
        mem_stats: None,
        // The period is one, checked above; the rest is of the program.
        ..headers().next_back().cloned().unwrap_or_default()
    }
}

/// The means over the runs of a column of sums, given the entry of each row: they are rounded entry by entry, so that
/// any rows and the rest are the mean of the total, and the mean of an entry that is whole stays what it is.
pub(super) fn means(sums: impl Iterator<Item = i64>, entries: &[u32], runs: usize) -> Vec<i64> {
    let sums: Vec<i64> = sums.collect();
    let mut rows: Vec<usize> = (0..sums.len()).collect();
    rows.sort_by_key(|row| entries[*row]);
    let (mut sum, mut given) = (0_i64, 0);
    let mut means = vec![0; sums.len()];
    for row in rows {
        sum += sums[row];
        means[row] = sum.div_euclid(runs as i64) - given;
        given += means[row];
    }
    means
}

impl Diff {
    /// How many runs a snapshot holds: its values are means over them.
    pub fn run_count(&self, snapshot: usize) -> usize {
        self.snapshots[snapshot].run_count()
    }

    /// The values of a metric in one run of a snapshot, row by row, in the unit of the diff.
    pub fn run_values(&self, metric: usize, snapshot: usize, run: usize) -> impl Iterator<Item = i64> + '_ {
        let (column, factor) = self.metrics[metric].columns[snapshot];
        let snapshot = &self.snapshots[snapshot];
        snapshot.column(column)[snapshot.rows_of_run(run)].iter().map(move |value| value * factor)
    }

    /// The values of a metric in one run of a snapshot, summed by entry.
    pub fn run_column(&self, metric: usize, snapshot: usize, run: usize) -> Vec<i64> {
        let mut sums = vec![0; self.entry_count()];
        self.add_run(metric, snapshot, run, &mut sums);
        sums
    }

    /// The values of a metric in all runs of a snapshot together, summed by entry.
    pub fn sums_over_runs(&self, metric: usize, snapshot: usize) -> Vec<i64> {
        let mut sums = vec![0; self.entry_count()];
        (0..self.run_count(snapshot)).for_each(|run| self.add_run(metric, snapshot, run, &mut sums));
        sums
    }

    /// The means of each metric, row by row; none where the snapshot is one run.
    pub(super) fn means_over_runs(&self, snapshot: usize) -> Vec<Vec<i64>> {
        let runs = self.run_count(snapshot);
        let metrics = if runs > 1 { self.metrics.as_slice() } else { &[] };
        let column = |metric: &CommonMetric| {
            let (column, factor) = metric.columns[snapshot];
            let sums = self.snapshots[snapshot].column(column).iter().map(|value| value * factor);
            means(sums, self.entry_of_row(snapshot), runs)
        };
        metrics.iter().map(column).collect()
    }

    fn add_run(&self, metric: usize, snapshot: usize, run: usize, sums: &mut [i64]) {
        let entries = &self.entry_of_row(snapshot)[self.snapshots[snapshot].rows_of_run(run)];
        for (entry, value) in entries.iter().zip(self.run_values(metric, snapshot, run)) {
            sums[*entry as usize] += value;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::means;

    #[test]
    fn means_add_up_and_whole_ones_stay() {
        for runs in 1..7_usize {
            let whole = 12 * runs as i64;
            // The rows of entry 1 add up to 12 for each run.
            let (sums, entries) = ([7, whole - 5, 1, 1, 5, 1, -5], [0, 1, 2, 3, 1, 0, 4]);
            let means = means(sums.into_iter(), &entries, runs);
            assert_eq!(means.iter().sum::<i64>(), sums.iter().sum::<i64>().div_euclid(runs as i64), "{runs}");
            assert_eq!(means[1] + means[4], 12, "{runs}");
        }
    }
}
