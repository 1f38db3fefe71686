//! Many hosts to one ranking: what grew over all of them, on how many, since which build.
//!
//! In: hosts, one after the other. Out: a [`Ranking`]. Invariant: growth and variance add up, so that a leak which no host can
//! prove alone shows over all; nothing depends on the order in which hosts come.
//! Knows no profiles.

use std::collections::{BTreeMap, BTreeSet};

use super::host::{Host, Subject};
use super::labels::Labels;

/// Standard deviations from which on the growth of one host counts as real; one host in forty exceeds it by chance.
pub const SURE_OF_HOST: f64 = 1.96;
/// The part of hosts that exceed it by chance.
pub const BY_CHANCE: f64 = 0.025;
/// Standard deviations from which on a build grows: with some dozen builds by chance in one of fifty.
const SURE_OF_BUILD: f64 = 3.0;
/// The most hosts that are named of a row.
const TOP_HOSTS: usize = 5;

/// What grew over a fleet.
#[derive(Debug, Clone, Default)]
pub struct Ranking {
    /// How many hosts have two profiles or more of one process.
    pub hosts: usize,
    /// How many profiles were compared.
    pub profiles: usize,
    /// The earliest and the latest profile, in microseconds since 1970.
    pub span: Option<(i64, i64)>,
    /// Hours that hosts were watched, added up.
    pub hours: f64,
    /// Builds, in the order in which they were seen first.
    pub builds: Vec<String>,
    /// Functions, what is surest to grow first.
    pub rows: Vec<Row>,
    /// Suspects, likewise.
    pub suspects: Vec<Row>,
}

/// A function or a suspect over all hosts.
#[derive(Debug, Clone)]
pub struct Row {
    /// What it is, as the host has it on which it grew most.
    pub subject: Subject,
    /// Growth in bytes.
    pub growth: i64,
    /// The variance of that, in bytes squared.
    pub variance: f64,
    /// Hours of all hosts.
    pub hours: f64,
    /// Hosts on which it grew beyond chance, all that were watched.
    pub growing: usize,
    /// All hosts.
    pub hosts: usize,
    /// On which it grew most, with how much.
    pub top_hosts: Vec<(Labels, i64)>,
    /// The first build on which it grows; `None` where none does for sure.
    pub first_build: Option<String>,
    /// Growth and hours of each build, in the order of [`Ranking::builds`].
    pub by_build: Vec<(i64, f64)>,
}

impl Row {
    /// Standard deviations of the growth over the whole fleet; 0 where nothing was sampled.
    pub fn z(&self) -> f64 {
        z(self.growth, self.variance)
    }

    /// Bytes per hour of a host, with the 95 % interval of the samples.
    pub fn per_host_hour(&self) -> (f64, f64, f64) {
        let hours = if self.hours > 0.0 { self.hours } else { return (0.0, 0.0, 0.0) };
        let error = SURE_OF_HOST * self.variance.sqrt();
        let of = |bytes: f64| bytes / hours;
        (of(self.growth as f64), of(self.growth as f64 - error), of(self.growth as f64 + error))
    }

    /// Hosts that chance alone makes grow.
    pub fn by_chance(&self) -> f64 {
        self.hosts as f64 * BY_CHANCE
    }
}

fn z(growth: i64, variance: f64) -> f64 {
    if variance > 0.0 { growth as f64 / variance.sqrt() } else { 0.0 }
}

/// Adds up hosts.
#[derive(Debug, Default)]
pub struct Ranked {
    hosts: BTreeSet<Labels>,
    profiles: usize,
    span: Option<(i64, i64)>,
    /// The first time of each build, and the hours of it.
    builds: BTreeMap<String, (i64, f64)>,
    /// By code and fingerprint; functions have no code.
    sums: BTreeMap<(Option<&'static str>, String), Sums>,
}

/// What is added up of a function or a suspect.
#[derive(Debug)]
struct Sums {
    subject: Subject,
    /// What the subject grew by where it was seen to grow most.
    most: i64,
    by_host: BTreeMap<Labels, (i64, f64)>,
    by_build: BTreeMap<String, (i64, f64)>,
}

impl Ranked {
    /// Adds a host.
    pub fn add(&mut self, host: &Host) {
        self.profiles += host.profiles;
        self.span = match (self.span, host.span) {
            (Some(known), Some(span)) => Some((known.0.min(span.0), known.1.max(span.1))),
            (known, span) => known.or(span),
        };
        if host.segments.is_empty() {
            return;
        }
        self.hosts.insert(host.labels.clone());
        for segment in &host.segments {
            let build = self.builds.entry(segment.build.clone()).or_insert((i64::MAX, 0.0));
            *build = (build.0.min(segment.from_us), build.1 + segment.hours);
        }
        for growth in &host.growth {
            let key = (growth.subject.suspect.map(|(code, _)| code), growth.subject.fingerprint.clone());
            let sums = self.sums.entry(key).or_insert_with(|| Sums {
                subject: growth.subject.clone(),
                most: i64::MIN,
                by_host: BTreeMap::new(),
                by_build: BTreeMap::new(),
            });
            let order = |subject: &Subject| (subject.file.clone(), subject.line);
            if growth.bytes > sums.most || growth.bytes == sums.most && order(&growth.subject) < order(&sums.subject) {
                (sums.most, sums.subject) = (growth.bytes, growth.subject.clone());
            }
            let build = host.segments.get(growth.segment).map_or(String::new(), |segment| segment.build.clone());
            for (bytes, variance) in
                [sums.by_host.entry(host.labels.clone()).or_default(), sums.by_build.entry(build).or_default()]
            {
                (*bytes, *variance) = (bytes.saturating_add(growth.bytes), *variance + growth.variance);
            }
        }
    }

    /// The ranking of all that were added.
    pub fn finish(self) -> Ranking {
        let hours = self.builds.values().map(|(_, hours)| hours).sum();
        let mut builds: Vec<(&String, &(i64, f64))> = self.builds.iter().collect();
        builds.sort_by_key(|(name, (first, _))| (*first, name.as_str()));
        let (mut rows, mut suspects) = (Vec::new(), Vec::new());
        for ((code, _), sums) in &self.sums {
            let row = row(sums, &builds, self.hosts.len(), hours);
            if code.is_some() { suspects.push(row) } else { rows.push(row) }
        }
        for list in [&mut rows, &mut suspects] {
            list.sort_by(|a, b| {
                order(b).total_cmp(&order(a)).then_with(|| a.subject.fingerprint.cmp(&b.subject.fingerprint))
            });
        }
        let Self { profiles, span, .. } = self;
        let builds = builds.into_iter().map(|(name, _)| name.clone()).collect();
        Ranking { hosts: self.hosts.len(), profiles, span, hours, builds, rows, suspects }
    }
}

/// The lower end of the growth: what is sure to have grown most comes first.
fn order(row: &Row) -> f64 {
    row.growth as f64 - SURE_OF_HOST * row.variance.sqrt()
}

fn row(sums: &Sums, builds: &[(&String, &(i64, f64))], hosts: usize, hours: f64) -> Row {
    let growth = sums.by_host.values().map(|(bytes, _)| bytes).sum();
    let variance = sums.by_host.values().map(|(_, variance)| variance).sum();
    let grows = |(bytes, variance): &(i64, f64), sure: f64| *bytes > 0 && z(*bytes, *variance) > sure;
    let growing = sums.by_host.values().filter(|host| grows(host, SURE_OF_HOST)).count();
    let mut top: Vec<(Labels, i64)> =
        sums.by_host.iter().map(|(labels, (bytes, _))| (labels.clone(), *bytes)).collect();
    top.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    top.truncate(TOP_HOSTS);
    top.retain(|(_, bytes)| *bytes > 0);
    let of_build = |name: &String| sums.by_build.get(name).copied().unwrap_or_default();
    let first = builds.iter().find(|(name, _)| grows(&of_build(name), SURE_OF_BUILD));
    Row {
        subject: sums.subject.clone(),
        growth,
        variance,
        hours,
        growing,
        hosts,
        top_hosts: top,
        first_build: first.map(|(name, _)| (*name).clone()).filter(|name| !name.is_empty()),
        by_build: builds.iter().map(|(name, (_, hours))| (of_build(name).0, *hours)).collect(),
    }
}
