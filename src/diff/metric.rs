//! Which metrics the snapshots have in common, and which of them is compared.
//!
//! In: the sample types of every snapshot. Out: the common ones, each with its column and factor per snapshot.
//! Invariant: values times factor are in one unit, the finest any snapshot uses, so that they stay whole numbers.

use crate::model::{Amount, Kind, Metric, Snapshot, State};
use crate::units;

use super::Error;

/// A metric that every snapshot has.
#[derive(Debug, Clone)]
pub struct CommonMetric {
    /// Its name in the newest snapshot, and the unit of all values of the diff.
    pub metric: Metric,
    /// For each snapshot, the column and what to multiply it with.
    pub(super) columns: Vec<(usize, i64)>,
}

/// The metrics that all snapshots have, in the order of the newest.
///
/// # Errors
/// When there is none, or when a metric is measured in units that cannot be converted.
pub(super) fn common_metrics(snapshots: &[Snapshot]) -> Result<Vec<CommonMetric>, Error> {
    let Some(newest) = snapshots.last() else { return Ok(Vec::new()) };
    let mut common = Vec::new();
    for metric in &newest.metrics {
        let positions: Option<Vec<usize>> = snapshots.iter().map(|snapshot| position(snapshot, metric)).collect();
        if let Some(positions) = positions {
            common.push(convert(metric, snapshots, &positions)?);
        }
    }
    if common.is_empty() {
        let list = |snapshot: &Snapshot| {
            let names: Vec<&str> = snapshot.metrics.iter().map(|metric| metric.name.as_str()).collect();
            format!("{} has {}", snapshot.header.label, names.join(", "))
        };
        let inputs = snapshots.iter().map(list).collect::<Vec<_>>().join("; ");
        return Err(Error::NoCommonMetric { inputs });
    }
    Ok(common)
}

fn position(snapshot: &Snapshot, metric: &Metric) -> Option<usize> {
    let exact = snapshot.metrics.iter().position(|other| other.name == metric.name);
    exact.or_else(|| snapshot.metrics.iter().position(|other| other.canonical_name() == metric.canonical_name()))
}

fn convert(metric: &Metric, snapshots: &[Snapshot], positions: &[usize]) -> Result<CommonMetric, Error> {
    let unit_of = |(snapshot, position): (&Snapshot, &usize)| snapshot.metrics[*position].unit.clone();
    let units: Vec<String> = snapshots.iter().zip(positions).map(unit_of).collect();
    let incompatible = |label: &str, unit: &str| Error::IncompatibleUnits {
        metric: metric.name.clone(),
        unit: metric.unit.clone(),
        other: unit.to_owned(),
        input: label.to_owned(),
    };
    let mut finest = &metric.unit;
    for (snapshot, unit) in snapshots.iter().zip(&units) {
        match units::factor(unit, finest) {
            Some(factor) if factor < 1.0 => finest = unit,
            Some(_) => {}
            None => return Err(incompatible(&snapshot.header.label, unit)),
        }
    }
    let factor = |unit: &String| units::factor(unit, finest).map_or(1, |factor| factor.round() as i64);
    let columns = positions.iter().zip(&units).map(|(position, unit)| (*position, factor(unit))).collect();
    Ok(CommonMetric { metric: Metric { name: metric.name.clone(), unit: finest.clone() }, columns })
}

/// The metric that a user means: by its name as pprof accepts it, or by its index.
pub(super) fn named(common: &[CommonMetric], asked: &str) -> Option<usize> {
    let index = asked.parse().ok().filter(|index| *index < common.len());
    let exact = || common.iter().position(|metric| metric.metric.name == asked);
    index.or_else(exact).or_else(|| common.iter().position(|metric| metric.metric.answers_to(asked)))
}

/// The metric that a user asks for: a name as pprof accepts it, or an index.
///
/// # Errors
/// When no common metric answers to it.
pub(super) fn asked(common: &[CommonMetric], asked: &str) -> Result<usize, Error> {
    named(common, asked).ok_or_else(|| Error::UnknownMetric {
        asked: asked.to_owned(),
        available: common.iter().map(|metric| metric.metric.name.as_str()).collect::<Vec<_>>().join(", "),
    })
}

/// What is compared where nobody asks, the best first: what is in use tells of leaks, and bytes tell more than objects.
const PREFERRED: &[Kind] = &[
    Kind::Memory(State::Live, Amount::Bytes),
    Kind::Memory(State::Allocated, Amount::Bytes),
    Kind::Memory(State::Live, Amount::Objects),
    Kind::Memory(State::Allocated, Amount::Objects),
];

/// The metric to compare where none is asked for: memory in use, else what was allocated, in bytes, else in objects. A
/// profile that has none of these is about something else, and its own default stays: that which it states, else the
/// last, as pprof has it.
pub(super) fn preferred(common: &[CommonMetric], newest: Option<&Snapshot>) -> usize {
    let of_kind = |kind: &Kind| common.iter().position(|metric| metric.metric.kind() == *kind);
    let stated = || common.iter().position(|metric| newest.is_some_and(|newest| is_default(newest, metric)));
    PREFERRED.iter().find_map(of_kind).or_else(stated).unwrap_or(common.len().saturating_sub(1))
}

/// How little is in use where what was allocated is compared instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Idle {
    /// Nothing.
    Nothing,
    /// At the end of a test, what the runtime and the test itself still hold.
    NextToNothing,
}

/// Samples that a runtime may hold when a test has ended; one stands for a period of bytes.
const LEFT_OVER: i64 = 4;
/// Or one part in so many of what was allocated.
const PARTS: i64 = 20;

/// What was allocated, where all snapshots state that as their default and none has anything in use, or those of tests
/// (`go test -memprofile`) next to nothing.
pub(super) fn instead_of_idle(common: &[CommonMetric], snapshots: &[Snapshot]) -> Option<(usize, Idle)> {
    let of_kind = |kind: Kind| common.iter().find(|metric| metric.metric.kind() == kind);
    let live = of_kind(Kind::Memory(State::Live, Amount::Bytes))?;
    let is_stated = |metric: &CommonMetric| snapshots.iter().all(|snapshot| is_default(snapshot, metric));
    let stated = common.iter().position(|metric| metric.metric.is_allocated() && is_stated(metric))?;
    let total = |metric: &CommonMetric, at: usize| -> i64 {
        snapshots[at].column(metric.columns[at].0).iter().fold(0, |sum, value| sum.saturating_add(*value))
    };
    let is_little = |at: usize| {
        let samples = snapshots[at].header.period.unwrap_or(0).saturating_mul(LEFT_OVER);
        total(live, at) <= samples.max(total(&common[stated], at) / PARTS)
    };
    let mut all = 0..snapshots.len();
    match () {
        () if all.clone().all(|at| total(live, at) == 0) => Some((stated, Idle::Nothing)),
        () if all.all(|at| is_little(at) && is_test(&snapshots[at])) => Some((stated, Idle::NextToNothing)),
        () => None,
    }
}

/// Whether a test binary of Go wrote it.
pub(super) fn is_test(snapshot: &Snapshot) -> bool {
    [".test", ".test.exe"].iter().any(|ending| snapshot.header.binary.ends_with(ending))
}

fn is_default(snapshot: &Snapshot, metric: &CommonMetric) -> bool {
    snapshot.header.default_metric == metric.metric.name
}
