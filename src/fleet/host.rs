//! What the series of one host tells: by how much each function and each suspect grew, with the variance of that.
//!
//! In: the profiles of one host. Out: a [`Host`]. Invariant: no growth crosses a restart or a new build; the variance is that of
//! all samples that came and went, step by step, so that it adds up over steps and over hosts.
//! Knows no other hosts.

use std::collections::BTreeMap;

use crate::compare;
use crate::diff::{self, Diff, KeyId};
use crate::load::Loaded;
use crate::model::hash::HashMap;
use crate::model::{Warning, fingerprint};
use crate::rows::nearest::Nearest;

use super::labels::Labels;

/// A host with what grew on it.
#[derive(Debug, Clone)]
pub struct Host {
    /// Which it is.
    pub labels: Labels,
    /// How many profiles were compared.
    pub profiles: usize,
    /// The earliest and the latest time of a profile, in microseconds since 1970, where they are stated.
    pub span: Option<(i64, i64)>,
    /// Stretches of one process, in the order of their time.
    pub segments: Vec<Segment>,
    /// What grew or shrank in each of them.
    pub growth: Vec<Growth>,
    /// What to know before trusting it.
    pub warnings: Vec<Warning>,
}

/// A stretch of one process and build.
#[derive(Debug, Clone, PartialEq)]
pub struct Segment {
    /// The build id; empty where none is stated.
    pub build: String,
    /// When it begins, in microseconds since 1970; 0 where that is not stated.
    pub from_us: i64,
    /// How long it is.
    pub hours: f64,
}

/// By how much something grew in a segment.
#[derive(Debug, Clone, PartialEq)]
pub struct Growth {
    /// The number of the segment.
    pub segment: usize,
    /// What it is: a function, or a suspect.
    pub subject: Subject,
    /// In bytes.
    pub bytes: i64,
    /// The variance of that, in bytes squared.
    pub variance: f64,
}

/// What grew.
#[derive(Debug, Clone, PartialEq)]
pub struct Subject {
    /// Its fingerprint, the same in all builds.
    pub fingerprint: String,
    /// What it is called: the function that allocated, or who is responsible.
    pub name: String,
    /// Its file as the profile has it; empty where none is stated.
    pub file: String,
    /// The line; 0 where none is stated.
    pub line: i64,
    /// The function of the program's own that is nearest to the allocation.
    pub responsible: Option<String>,
    /// The code and the title of the suspect that it is, where it is one.
    pub suspect: Option<(&'static str, &'static str)>,
}

/// What was learned of entries: growth and variance.
#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    bytes: i64,
    variance: f64,
}

impl Host {
    /// Compares the profiles of a host.
    ///
    /// # Errors
    /// Where they have no metric in common.
    pub fn new(labels: Labels, loaded: Loaded) -> Result<Self, diff::Error> {
        let loaded = loaded.in_order_of_time();
        let options = diff::Options { keeps_idle: true, ..diff::Options::default() };
        let diff = diff::diff(loaded, &options)?;
        let times: Vec<Option<i64>> =
            diff.snapshots.iter().map(|snapshot| snapshot.header.time_nanos.map(|nanos| nanos / 1000)).collect();
        let stated = || times.iter().flatten();
        let mut host = Self {
            labels,
            profiles: diff.snapshots.len(),
            span: stated().min().copied().zip(stated().max().copied()),
            segments: Vec::new(),
            growth: Vec::new(),
            warnings: Vec::new(),
        };
        let suspects = suspects(&diff);
        let values: Vec<Vec<i64>> = (0..diff.snapshots.len()).map(|at| diff.column(diff.metric, at)).collect();
        let allocated: Option<Vec<Vec<i64>>> = diff
            .allocated_of(diff.metric)
            .map(|metric| (0..diff.snapshots.len()).map(|at| diff.column(metric, at)).collect());
        for range in segments(&diff) {
            let number = host.segments.len();
            let (first, last) = (*range.start(), *range.end());
            let micros = times[last].zip(times[first]).map_or(0, |(last, first)| last - first);
            host.segments.push(Segment {
                build: diff.snapshots[last].header.build_id.clone(),
                from_us: times[first].unwrap_or(0),
                hours: micros as f64 / 3.6e9,
            });
            let sums = sums(&diff, &values, allocated.as_deref(), first, last);
            host.take_functions(&diff, number, &sums);
            host.take_suspects(number, &suspects, &sums);
        }
        Ok(host)
    }

    /// Adds up entries by the function that allocated.
    fn take_functions(&mut self, diff: &Diff, segment: usize, sums: &[Sum]) {
        let nearest = Nearest::new(diff);
        let mut by_function: BTreeMap<KeyId, (Sum, HashMap<KeyId, i64>, usize, i64)> = BTreeMap::new();
        for (entry, sum) in sums.iter().enumerate().filter(|(_, sum)| sum.variance > 0.0 || sum.bytes != 0) {
            let Some(leaf) = diff.stack_keys(entry).next() else { continue };
            let (whole, owners, heaviest, most) =
                by_function.entry(leaf).or_insert((Sum::default(), HashMap::default(), entry, i64::MIN));
            (whole.bytes, whole.variance) = (whole.bytes + sum.bytes, whole.variance + sum.variance);
            if let Some(owner) = nearest.of(diff.stack(entry)) {
                *owners.entry(owner.frame.0).or_default() += sum.bytes;
            }
            if sum.bytes > *most {
                (*heaviest, *most) = (entry, sum.bytes);
            }
        }
        for (leaf, (sum, owners, heaviest, _)) in by_function {
            let key = diff.keys.key(leaf);
            let spot = diff.frames(heaviest).next().map(|(_, spot)| spot);
            let owner = owners.into_iter().max_by_key(|(owner, bytes)| (*bytes, std::cmp::Reverse(*owner)));
            let subject = Subject {
                fingerprint: fingerprint([key.canonical.as_str()]),
                name: key.name.to_string(),
                file: spot.map_or(String::new(), |spot| diff.keys.file(spot).to_owned()),
                line: spot.map_or(0, |spot| spot.line),
                responsible: owner.map(|(owner, _)| diff.keys.key(owner).name.to_string()),
                suspect: None,
            };
            self.growth.push(Growth { segment, subject, bytes: sum.bytes, variance: sum.variance });
        }
    }

    fn take_suspects(&mut self, segment: usize, suspects: &[(Subject, Vec<usize>)], sums: &[Sum]) {
        for (subject, entries) in suspects {
            let bytes = entries.iter().map(|entry| sums[*entry].bytes).sum();
            let variance = entries.iter().map(|entry| sums[*entry].variance).sum();
            self.growth.push(Growth { segment, subject: subject.clone(), bytes, variance });
        }
    }
}

/// Stretches of snapshots of one process, of two or more each.
fn segments(diff: &Diff) -> Vec<std::ops::RangeInclusive<usize>> {
    let mut segments = Vec::new();
    let mut first = 0;
    for at in 1..diff.snapshots.len() {
        if diff.is_of_one_process(at - 1, at) {
            continue;
        }
        segments.push(first..=at - 1);
        first = at;
    }
    segments.push(first..=diff.snapshots.len().saturating_sub(1));
    segments.retain(|segment| segment.end() > segment.start());
    segments
}

/// What each entry grew by in a segment, with the variance of all samples that came and went in its steps: a sample of blocks of
/// the size `s` at the period `p` stands for `s / (1 - exp(-s / p))` bytes.
fn sums(diff: &Diff, values: &[Vec<i64>], allocated: Option<&[Vec<i64>]>, first: usize, last: usize) -> Vec<Sum> {
    let period = diff.snapshots[last].header.period.unwrap_or(0);
    let of_entry = |entry: usize| {
        let weight = weight(diff.block_size(entry), period);
        let mut sum = Sum { bytes: values[last][entry] - values[first][entry], variance: 0.0 };
        for at in first + 1..=last {
            let net = (values[at][entry] - values[at - 1][entry]) as f64 / weight;
            let came = match allocated {
                Some(allocated) => (allocated[at][entry] - allocated[at - 1][entry]) as f64 / weight,
                None => net.max(0.0),
            };
            let (came, went) = (came.max(0.0), (came - net).max(0.0));
            sum.variance += weight * weight * (came + went);
        }
        sum
    };
    (0..diff.entry_count()).map(of_entry).collect()
}

fn weight(size: i64, period: i64) -> f64 {
    let size = size.max(1) as f64;
    if period <= 1 { size } else { size / -(-size / period as f64).exp_m1() }
}

/// The suspects of the whole series, with the entries that they are about.
fn suspects(diff: &Diff) -> Vec<(Subject, Vec<usize>)> {
    if diff.snapshots.len() < 2 {
        return Vec::new();
    }
    let analysis = compare::compare(diff, None, compare::Options { top: Some(0), ..compare::Options::default() });
    let subject = |suspect: &crate::diagnose::Suspect| {
        let place = suspect.responsible.as_ref().map(|responsible| &responsible.place);
        let name = place.map(|place| diff.keys.key(place.key).name.to_string());
        let subject = Subject {
            fingerprint: suspect.who.fingerprint.clone(),
            name: name.clone().unwrap_or_else(|| suspect.signature.title().to_owned()),
            file: place.map_or(String::new(), |place| diff.keys.file(place.spot).to_owned()),
            line: place.map_or(0, |place| place.spot.line),
            responsible: name,
            suspect: Some((suspect.signature.code(), suspect.signature.title())),
        };
        (subject, suspect.entries.clone())
    };
    analysis.suspects.iter().map(subject).collect()
}
