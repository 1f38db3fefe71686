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
                *value = converted.ok_or_else(|| Error::Overflow { metric: metric.name.clone() })?;
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
        functions: headers().flat_map(|header| header.functions.iter().copied()).collect(),
        comments: Vec::new(),
        mem_stats: None,
        // The period is one, checked above; the rest is of the program.
        ..headers().next_back().cloned().unwrap_or_default()
    }
}

/// Means of values given one after the other: each is rounded so that together they are the mean of their sum, and one
/// that is whole stays what it is.
pub(super) struct Mean {
    runs: i64,
    sum: i64,
    given: i64,
}

impl Mean {
    /// Over so many runs.
    pub fn over(runs: usize) -> Self {
        Self { runs: runs as i64, sum: 0, given: 0 }
    }

    /// The mean of the next value, which is a sum over the runs.
    pub fn next(&mut self, value: i64) -> i64 {
        if self.runs == 1 {
            return value;
        }
        self.sum += value;
        let mean = self.sum.div_euclid(self.runs) - self.given;
        self.given += mean;
        mean
    }
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

    fn add_run(&self, metric: usize, snapshot: usize, run: usize, sums: &mut [i64]) {
        let entries = &self.entry_of_row(snapshot)[self.snapshots[snapshot].rows_of_run(run)];
        for (entry, value) in entries.iter().zip(self.run_values(metric, snapshot, run)) {
            sums[*entry as usize] += value;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Mean;

    #[test]
    fn means_add_up_and_whole_ones_stay() {
        for runs in 1..7_i64 {
            let sums = [7, 0, 12 * runs, 1, 1, 1, -5, 3 * runs, 100];
            let mut mean = Mean::over(runs as usize);
            let means: Vec<i64> = sums.iter().map(|sum| mean.next(*sum)).collect();
            assert_eq!(means.iter().sum::<i64>(), sums.iter().sum::<i64>().div_euclid(runs), "{runs}");
            assert_eq!((means[1], means[2], means[7]), (0, 12, 3), "{runs}");
        }
    }
}
