//! What to beware of: signs in the inputs that the numbers may not mean what they seem to.
//!
//! In: a diff. Out: warnings. Invariant: a warning states what was seen in the files, then what to do.
//! Nothing is changed on account of a warning.

use crate::diff::{Diff, Step};
use crate::model::{Code, Header, LabelsId, Snapshot, Warning};
use crate::units;

/// All warnings about a diff.
pub(super) fn guard(diff: &Diff) -> Vec<Warning> {
    let mut warnings = Vec::new();
    for (index, pair) in diff.snapshots.windows(2).enumerate() {
        let (before, after) = (&pair[0].header, &pair[1].header);
        if !is_reversed(before, after, &mut warnings) {
            history(diff, index, &mut warnings);
        }
        settings(before, after, &mut warnings);
    }
    for snapshot in &diff.snapshots {
        delta_profile(snapshot, &mut warnings);
    }
    raw_counts(diff, &mut warnings);
    unsymbolized(diff, &mut warnings);
    warnings
}

fn is_reversed(before: &Header, after: &Header, warnings: &mut Vec<Warning>) -> bool {
    let (Some(earlier), Some(later)) = (before.time_nanos, after.time_nanos) else { return false };
    if later >= earlier {
        return false;
    }
    let span = units::format_span(earlier.abs_diff(later));
    let message = format!(
        "{} was taken {span} before {}: growth is read backwards; give the older profile first",
        after.label, before.label
    );
    warnings.push(Warning::about(&after.label, Code::ReversedOrder, message));
    true
}

/// What the cumulative counters of two successive snapshots tell about the time between them.
fn history(diff: &Diff, first: usize, warnings: &mut Vec<Warning>) {
    let (before, after) = (&diff.snapshots[first].header, &diff.snapshots[first + 1].header);
    let Some(Step { fallen, risen }) = diff.history().get(first).copied() else { return };
    if before.build_id != after.build_id || diff.snapshots[first].is_empty() {
        return;
    }
    if fallen > 0 {
        let message = format!(
            "cumulative allocations of {fallen} stacks are lower in {} than in {}: the process was restarted, or these \
             are two processes; compare snapshots of one run",
            after.label, before.label
        );
        warnings.push(Warning::about(&after.label, Code::Restart, message));
    } else if risen == 0 && before.time_nanos == after.time_nanos && before.time_nanos.is_some() {
        let message = format!("{} and {} are the same snapshot", before.label, after.label);
        warnings.push(Warning::about(&after.label, Code::StaleSnapshot, message));
    } else if risen == 0 {
        let message = format!(
            "nothing was allocated between {} and {} as far as the profiles show: no garbage collection ended in \
             between; fetch with ?gc=1, or wait longer",
            before.label, after.label
        );
        warnings.push(Warning::about(&after.label, Code::StaleSnapshot, message));
    }
}

fn settings(before: &Header, after: &Header, warnings: &mut Vec<Warning>) {
    let mut warn = |code, message: String| warnings.push(Warning::about(&after.label, code, message));
    if let (Some(old), Some(new)) = (before.period, after.period)
        && old != new
    {
        warn(
            Code::DifferentPeriod,
            format!(
                "the sampling period is {new} here and {old} in {}: values are comparable, their precision is not",
                before.label
            ),
        );
    }
    let is_known = !before.build_id.is_empty() && !after.build_id.is_empty();
    if is_known && before.build_id != after.build_id {
        warn(
            Code::DifferentBuild,
            format!(
                "this is another build than {}: functions are matched by normalised name; renamed or newly inlined \
                 ones show as new and gone",
                before.label
            ),
        );
    }
    if before.default_metric != after.default_metric {
        let or_none = |name: &str| if name.is_empty() { "none".to_owned() } else { name.to_owned() };
        warn(
            Code::MetricMismatch,
            format!(
                "its default metric is {}, that of {} is {}: check that both are profiles of the same kind",
                or_none(&after.default_metric),
                before.label,
                or_none(&before.default_metric)
            ),
        );
    }
}

fn delta_profile(snapshot: &Snapshot, warnings: &mut Vec<Warning>) {
    let has_negative = (0..snapshot.metrics.len()).any(|metric| snapshot.column(metric).iter().any(|value| *value < 0));
    let header = &snapshot.header;
    let is_go_heap = snapshot.metrics.iter().any(|metric| metric.name == "inuse_space");
    if has_negative || (header.duration_nanos > 0 && is_go_heap) {
        let message = "this is a delta profile (taken with ?seconds=N, or a difference already): it is not the state \
                       at one moment; compare two plain snapshots";
        warnings.push(Warning::about(&header.label, Code::DeltaProfile, message));
    }
}

/// A Go heap profile holds whole numbers of samples, scaled up by `1 / (1 - exp(-size / period))`. Values that are not
/// multiples of that were sampled at another rate or rescaled by a tool.
fn raw_counts(diff: &Diff, warnings: &mut Vec<Warning>) {
    const TOLERANCE: f64 = 0.02;
    for snapshot in &diff.snapshots {
        let Some(period) = snapshot.header.period.filter(|period| *period > 1) else { continue };
        let Some(space) = snapshot.metrics.iter().position(|metric| metric.canonical_name() == "inuse_space") else {
            continue;
        };
        // How many samples a byte stands for, by label set.
        let samples_per_byte = |id: u32| {
            let size = diff.symbols.block_size(LabelsId(id));
            (size > 0).then(|| -(-size as f64 / period as f64).exp_m1() / size as f64)
        };
        let factors: Vec<Option<f64>> = (0..diff.symbols.labels_count() as u32).map(samples_per_byte).collect();
        let (mut checked, mut fractional) = (0, 0);
        for (row, value) in snapshot.column(space).iter().enumerate().filter(|(_, value)| **value != 0) {
            let Some(factor) = factors[snapshot.labels(row).index()] else { continue };
            let samples = *value as f64 * factor;
            checked += 1;
            fractional += usize::from((samples - samples.round()).abs() > TOLERANCE + samples.abs() * 1e-9);
        }
        if fractional * 100 > checked {
            let message = format!(
                "{fractional} of {checked} values are not whole numbers of samples at a period of {period}: the rate \
                 was changed while the program ran, or a tool rescaled the profile"
            );
            warnings.push(Warning::about(&snapshot.header.label, Code::RawCounts, message));
        }
    }
}

fn unsymbolized(diff: &Diff, warnings: &mut Vec<Warning>) {
    let is_nameless: Vec<bool> = diff.symbols.locations().map(|location| location.lines.is_empty()).collect();
    if !is_nameless.contains(&true) {
        return;
    }
    for (index, snapshot) in diff.snapshots.iter().enumerate() {
        let (mut all, mut nameless) = (0_u128, 0_u128);
        for (row, value) in diff.row_values(diff.metric, index).enumerate() {
            let Some(leaf) = snapshot.stack(row).first() else { continue };
            let value = u128::from(value.unsigned_abs());
            all += value;
            nameless += if is_nameless[leaf.index()] { value } else { 0 };
        }
        if nameless * 2 > all {
            let message = "most of it stands at addresses without function names; symbolize it first: \
                           go tool pprof -proto BINARY PROFILE > symbolized.pb.gz";
            warnings.push(Warning::about(&snapshot.header.label, Code::Unsymbolized, message));
        }
    }
}
