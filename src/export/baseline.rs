//! A baseline: one snapshot as JSON that people review and version control compares line by line.
//!
//! In: a diff and the number of a snapshot. Out: one line per stack, sorted by its functions. `load` reads it back.
//! Invariant: nothing in it depends on addresses, lines, times, machines or the order of samples; the values of all
//! lines add up to the totals of the snapshot.

use std::collections::BTreeMap;
use std::io::{self, Write};

use crate::diff::Diff;

/// The version of the layout. Keys are only ever added within one.
pub const BASELINE_VERSION: u32 = 1;

/// What the stacks that are folded together may hold of the total of any metric.
const FOLDED: f64 = 0.01;

/// A line: the canonical names of a stack, leaf first, by their places in the order of names; and its block size.
type Line = (Vec<u32>, i64);

/// The values of every line.
type Lines = BTreeMap<Line, Vec<i64>>;

/// The canonical names of all keys in their order, and for each key the place of its own.
struct Names<'a> {
    names: Vec<&'a str>,
    places: Vec<u32>,
}

impl<'a> Names<'a> {
    fn new(diff: &'a Diff) -> Self {
        let mut names: Vec<&str> = diff.keys.iter().map(|key| &*key.canonical).collect();
        let of_keys = names.clone();
        names.sort_unstable();
        names.dedup();
        let place = |name: &str| names.partition_point(|other| *other < name) as u32;
        Self { places: of_keys.into_iter().map(place).collect(), names }
    }
}

/// What is folded of one block size.
struct Rest {
    stacks: usize,
    values: Vec<i64>,
    largest: Vec<i64>,
}

/// Writes a snapshot as a baseline.
///
/// # Errors
/// Those of `out`.
pub fn write_baseline(diff: &Diff, snapshot: usize, out: &mut dyn Write) -> io::Result<()> {
    let names = Names::new(diff);
    let lines = lines(diff, &names, snapshot);
    let (kept, rest) = fold(lines, diff.snapshots[snapshot].metrics.len());
    let header = &diff.snapshots[snapshot].header;
    let text = |text: &str| serde_json::to_string(text).map_err(io::Error::from);
    writeln!(out, "{{\n\"leakdiff_baseline\": {BASELINE_VERSION},")?;
    if let Some(period) = header.period {
        let (name, unit) = header.period_type.as_ref().map_or(("", ""), |metric| (&*metric.name, &*metric.unit));
        writeln!(out, "\"period\": {{\"type\": {}, \"unit\": {}, \"value\": {period}}},", text(name)?, text(unit)?)?;
    }
    writeln!(out, "\"default_metric\": {},", text(&header.default_metric)?)?;
    let metrics = &diff.snapshots[snapshot].metrics;
    let metric = |metric: &crate::model::Metric| -> io::Result<String> {
        Ok(format!("{{\"name\": {}, \"unit\": {}}}", text(&metric.name)?, text(&metric.unit)?))
    };
    let metrics: Vec<String> = metrics.iter().map(metric).collect::<io::Result<_>>()?;
    writeln!(out, "\"metrics\": [{}],", metrics.join(", "))?;
    writeln!(out, "\"stacks\": [")?;
    for (index, ((stack, size), values)) in kept.iter().enumerate() {
        let stack =
            stack.iter().map(|place| text(names.names[*place as usize])).collect::<io::Result<Vec<_>>>()?.join(", ");
        let comma = if index + 1 < kept.len() { "," } else { "" };
        writeln!(out, "{{\"stack\": [{stack}], \"size\": {size}, \"values\": {values:?}}}{comma}")?;
    }
    writeln!(out, "],\n\"rest\": [")?;
    for (index, (size, Rest { stacks, values, largest })) in rest.iter().enumerate() {
        let comma = if index + 1 < rest.len() { "," } else { "" };
        let largest = format!("\"largest\": {largest:?}");
        writeln!(out, "{{\"stacks\": {stacks}, \"size\": {size}, \"values\": {values:?}, {largest}}}{comma}")?;
    }
    writeln!(out, "]\n}}")
}

/// The values of every stack that holds anything.
fn lines(diff: &Diff, names: &Names<'_>, snapshot: usize) -> Lines {
    let columns = &diff.snapshots[snapshot];
    let width = columns.metrics.len();
    let mut by_entry = vec![0_i64; diff.entry_count() * width];
    for (row, entry) in diff.entry_of_row(snapshot).iter().enumerate() {
        for metric in 0..width {
            by_entry[*entry as usize * width + metric] += columns.column(metric)[row];
        }
    }
    let mut lines = BTreeMap::new();
    for (entry, values) in
        by_entry.chunks(width).enumerate().filter(|(_, values)| values.iter().any(|value| *value != 0))
    {
        let names = diff.stack_keys(entry).map(|key| names.places[key.index()]).collect();
        let sums: &mut Vec<i64> = lines.entry((names, diff.block_size(entry))).or_insert_with(|| vec![0; width]);
        sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
    }
    lines
}

/// Takes the smallest stacks out as long as they hold little of every metric together, and adds them up by block size.
fn fold(mut lines: Lines, width: usize) -> (Lines, BTreeMap<i64, Rest>) {
    let mut totals = vec![0.0_f64; width];
    for values in lines.values() {
        totals.iter_mut().zip(values).for_each(|(total, value)| *total += value.unsigned_abs() as f64);
    }
    // A stack is as large as its largest share of any metric.
    let share = |values: &[i64]| {
        let shares = values.iter().zip(&totals).filter(|(_, total)| **total > 0.0);
        shares.map(|(value, total)| value.unsigned_abs() as f64 / total).fold(0.0, f64::max)
    };
    // In the order of their lines, which a stable sort keeps among equals.
    let mut order: Vec<(f64, usize)> = lines.values().map(|values| share(values)).zip(0..).collect();
    order.sort_by(|(a, _), (b, _)| a.total_cmp(b));
    let mut is_folded = vec![false; order.len()];
    let mut rest: BTreeMap<i64, Rest> = BTreeMap::new();
    let mut folded = 0.0;
    for (share, line) in order {
        folded += share;
        if folded > FOLDED {
            break;
        }
        is_folded[line] = true;
    }
    let mut is_folded = is_folded.into_iter();
    lines.retain(|(_, size), line| {
        let is_kept = !is_folded.next().unwrap_or(false);
        if !is_kept {
            let none = || Rest { stacks: 0, values: vec![0; width], largest: vec![0; width] };
            let rest = rest.entry(*size).or_insert_with(none);
            rest.stacks += 1;
            for (metric, value) in line.iter().enumerate() {
                rest.values[metric] += value;
                rest.largest[metric] = rest.largest[metric].max(*value);
            }
        }
        is_kept
    });
    (lines, rest)
}
