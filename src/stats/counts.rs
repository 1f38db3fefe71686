//! Raw sample counts, recovered from the scaled values of a profile.
//!
//! In: a diff and two of its snapshots. Out: for every entry how many samples came and how many went. Invariant: whole
//! numbers; where they cannot be recovered there is a reason instead.
//! Knows nothing of rows and of what the counts prove.
//!
//! Of blocks of `S` bytes a profiler with the mean period `R` samples each with the probability `p = 1 - exp(-S / R)`,
//! and writes `n S / p` for `n` samples. So `n = value p / S`.

use rayon::prelude::*;

use crate::diff::{CommonMetric, Diff};
use crate::model::LocationId;
use crate::model::hash::HashMap;

use super::Span;
use super::regime::Regime;
use super::spread::{self, Deviations};

/// Samples that came, went and stayed, by entry; of several runs those of all of them.
pub(super) struct Counts {
    pub came: Vec<u32>,
    pub went: Vec<u32>,
    pub stayed: Vec<u32>,
    /// Bytes per block, by entry; 0 where there is no sample.
    pub sizes: Vec<f32>,
    /// Mean bytes between two samples, before and after.
    pub periods: (f64, f64),
    /// How many runs the samples are of, before and after.
    pub runs: (usize, usize),
    /// The variance between runs over that of sampling alone, at least 1.
    pub spread: f64,
}

/// The probability that a block is sampled.
pub(crate) fn chance(size: f64, period: f64) -> f64 {
    -(-size / period).exp_m1()
}

/// Most deviation from a whole number that truncation to bytes explains, beside a relative one.
const TOLERANCE: f64 = 0.02;

impl Counts {
    /// Recovers the counts behind a metric of memory.
    ///
    /// # Errors
    /// Why it is not possible, as the end of a sentence that begins "the sampling error is unknown:".
    pub fn new(diff: &Diff, metric: usize, span: Span, regime: Regime) -> Result<Self, &'static str> {
        let metrics = Metrics::find(diff, metric).ok_or("its metric is not one of sampled memory")?;
        let period = |snapshot: usize| diff.snapshots[snapshot].header.period.map(|period| period as f64);
        let after = period(span.to).ok_or("a profile does not state its sampling period")?;
        let before = match span.from {
            Some(from) => period(from).ok_or("a profile does not state its sampling period")?,
            None => after,
        };
        let count = |space: Option<usize>, objects: Option<usize>, snapshot: Option<usize>| {
            snapshot.map_or_else(|| Ok(Samples::none(diff)), |snapshot| Samples::new(diff, space, objects, snapshot))
        };
        let wants_alloc = regime == Regime::SameProcess && metrics.alloc_space.is_some();
        let (new, old) = rayon::join(
            || count(metrics.space, metrics.objects, Some(span.to)),
            || count(metrics.space, metrics.objects, span.from),
        );
        let (new, old) = (new?, old?);
        let spread =
            spread::factor([(&new, after), (&old, before)].map(|(side, period)| side.deviations(diff, period)));
        let (allocated, sizes) = (|| -> Result<_, &'static str> {
            let sizes = new.sizes.par_iter().zip(&old.sizes).map(|(new, old)| new.max(*old)).collect();
            if !wants_alloc {
                return Ok((None, sizes));
            }
            let (new, old) = rayon::join(
                || count(metrics.alloc_space, metrics.alloc_objects, Some(span.to)),
                || count(metrics.alloc_space, metrics.alloc_objects, span.from),
            );
            Ok((Some((new?.counts, old?.counts)), sizes))
        })()?;
        let changed = |entry: usize| {
            let (new, old) = (i64::from(new.counts[entry]), i64::from(old.counts[entry]));
            let difference = new - old;
            let most = match &allocated {
                // Of what was allocated in between, some may be gone again: then as much of the old is still there.
                Some((all, before)) => {
                    let allocated = i64::from(all[entry]) - i64::from(before[entry]);
                    (new + old).min((2 * allocated.abs() - difference.abs()).max(0))
                }
                None => new + old,
            };
            let changed = most.max(difference.abs());
            (((changed + difference) / 2) as u32, ((changed - difference) / 2) as u32)
        };
        let (came, went): (Vec<u32>, Vec<u32>) =
            (0..diff.entry_count()).into_par_iter().with_min_len(1 << 14).map(changed).unzip();
        let stayed = old.counts.iter().zip(&went).map(|(old, went)| old.saturating_sub(*went)).collect();
        let runs = (diff.run_count(span.from.unwrap_or(span.to)), diff.run_count(span.to));
        Ok(Self { came, went, stayed, sizes, periods: (before, after), runs, spread })
    }

    /// Whether a sample stands for as much before as after.
    pub fn is_balanced(&self) -> bool {
        self.periods.0 == self.periods.1 && self.runs.0 == self.runs.1
    }
}

/// The metrics that the counts are recovered from.
struct Metrics {
    space: Option<usize>,
    objects: Option<usize>,
    alloc_space: Option<usize>,
    alloc_objects: Option<usize>,
}

impl Metrics {
    /// Those that belong to a metric; `None` where it does not measure memory.
    fn find(diff: &Diff, metric: usize) -> Option<Self> {
        let name = diff.metrics[metric].metric.canonical_name();
        let (kind, _) = ["space", "objects"].iter().find_map(|what| Some((name.strip_suffix(what)?, what)))?;
        let named = |wanted: String| {
            let is_wanted = |metric: &CommonMetric| metric.metric.canonical_name() == wanted;
            diff.metrics.iter().position(is_wanted)
        };
        let (space, objects) = (named(format!("{kind}space")), named(format!("{kind}objects")));
        let of_memory = matches!(kind, "inuse_" | "alloc_") && (space.is_some() || objects.is_some());
        of_memory.then(|| Self {
            space,
            objects,
            alloc_space: named("alloc_space".to_owned()),
            alloc_objects: named("alloc_objects".to_owned()),
        })
    }
}

/// The samples of one metric in one snapshot, by entry.
struct Samples {
    counts: Vec<u32>,
    sizes: Vec<f32>,
    /// Where the snapshot is of several runs, the counts of each.
    of_runs: Vec<Vec<u32>>,
    /// How many values were looked at, and how many of them are no whole numbers of samples.
    checked: usize,
    fractional: usize,
}

impl Samples {
    fn none(diff: &Diff) -> Self {
        let entries = diff.entry_count();
        Self { counts: vec![0; entries], sizes: vec![0.0; entries], of_runs: Vec::new(), checked: 0, fractional: 0 }
    }

    fn new(diff: &Diff, space: Option<usize>, objects: Option<usize>, snapshot: usize) -> Result<Self, &'static str> {
        let mut all = Self::of_run(diff, space, objects, snapshot, 0)?;
        for run in 1..diff.run_count(snapshot) {
            let next = Self::of_run(diff, space, objects, snapshot, run)?;
            if all.of_runs.is_empty() {
                all.of_runs.push(all.counts.clone());
            }
            all.sizes.iter_mut().zip(&next.sizes).for_each(|(size, other)| *size = size.max(*other));
            all.counts.iter_mut().zip(&next.counts).for_each(|(sum, count)| *sum = sum.saturating_add(*count));
            all.of_runs.push(next.counts);
        }
        Ok(all)
    }

    fn of_run(
        diff: &Diff,
        space: Option<usize>,
        objects: Option<usize>,
        snapshot: usize,
        run: usize,
    ) -> Result<Self, &'static str> {
        let header = &diff.snapshots[snapshot].header;
        let period = header.period.ok_or("a profile does not state its sampling period")? as f64;
        let column = |metric: Option<usize>| metric.map(|metric| diff.run_column(metric, snapshot, run));
        let (spaces, blocks) = (column(space), column(objects));
        let mut samples = Self::none(diff);
        let (mut is_sizeless, mut is_difference) = (false, false);
        // Successive entries often have blocks of one size.
        let mut known = (0.0, 0.0);
        for entry in 0..diff.entry_count() {
            let value = |column: &Option<Vec<i64>>| column.as_ref().map_or(0, |column| column[entry]);
            let (space, objects) = (value(&spaces), value(&blocks));
            if space == 0 && objects == 0 {
                continue;
            }
            is_difference |= space < 0 || objects < 0;
            let size = diff.block_size(entry) as f64;
            if size <= 0.0 {
                continue;
            }
            if known.0 != size {
                known = (size, chance(size, period) / size);
            }
            // From bytes where they are there: numbers of objects are truncated more.
            let exact = if spaces.is_some() { space as f64 } else { objects as f64 * size } * known.1;
            samples.add(entry, exact, size, if spaces.is_some() { TOLERANCE } else { 1.0 });
        }
        if spaces.is_some() || blocks.is_some() {
            is_sizeless |= !samples.add_unlabelled(diff, [space, objects], snapshot, run, period);
        }
        let Self { checked, fractional, .. } = samples;
        match () {
            () if is_difference => Err("a profile holds differences already"),
            () if is_sizeless => Err("a profile does not state how large its blocks are"),
            () if fractional * 100 > checked => Err("the values are not whole numbers of samples"),
            () => Ok(samples),
        }
    }

    /// Adds samples of blocks of one size, given as a number that is whole but for what truncation took from it.
    fn add(&mut self, entry: usize, exact: f64, size: f64, tolerance: f64) {
        let count = exact.round();
        self.checked += 1;
        self.fractional += usize::from((exact - count).abs() > tolerance + exact.abs() * 1e-9);
        self.counts[entry] = self.counts[entry].saturating_add(count as u32);
        self.sizes[entry] = self.sizes[entry].max(size as f32);
    }

    /// Adds the samples of records that do not state the size of their blocks, as tcmalloc and jemalloc write them: a
    /// record of a stack was scaled by its mean size. An entry may be made of many of them. False where a size does not
    /// follow from space and objects.
    fn add_unlabelled(
        &mut self,
        diff: &Diff,
        metrics: [Option<usize>; 2],
        snapshot: usize,
        run: usize,
        period: f64,
    ) -> bool {
        let mut values = metrics.map(|metric| metric.map(|metric| diff.run_values(metric, snapshot, run)));
        let rows = diff.snapshots[snapshot].rows_of_run(run);
        let mut records: HashMap<(u32, &[LocationId]), (i64, i64)> = HashMap::default();
        for (row, entry) in rows.clone().zip(&diff.entry_of_row(snapshot)[rows]) {
            let [space, objects] =
                values.each_mut().map(|values| values.as_mut().and_then(Iterator::next).unwrap_or_default());
            if diff.block_size(*entry as usize) <= 0 && (space, objects) != (0, 0) {
                let record = records.entry((*entry, diff.snapshots[snapshot].stack(row))).or_default();
                *record = (record.0 + space, record.1 + objects);
            }
        }
        let mut has_sizes = true;
        for ((entry, _), (space, objects)) in records.into_iter().filter(|(_, record)| *record != (0, 0)) {
            if space <= 0 || objects <= 0 {
                has_sizes = false;
                continue;
            }
            let size = space as f64 / objects as f64;
            // The number of objects was truncated, and the mean size follows from it.
            let chance = chance(size, period);
            self.add(entry as usize, objects as f64 * chance, size, TOLERANCE + 2.0 * chance);
        }
        has_sizes
    }

    /// How far the runs lie apart.
    fn deviations(&self, diff: &Diff, period: f64) -> Deviations {
        let missed = |entry: usize| (-f64::from(self.sizes[entry]) / period).exp();
        Deviations::new(&self.of_runs, diff.stack_count(), |entry| diff.stack_of(entry), missed)
    }
}
