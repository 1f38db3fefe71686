//! A fleet's ranking, resolved for every format.
//!
//! In: a ranking. Out: data that serialises to the JSON contract. Invariant: bytes are integers; beside the number of hosts
//! that grow stands the number that chance makes.
//! Knows nothing of profiles.

mod markup;
mod text;

#[cfg(feature = "csv")]
pub use markup::write_fleet_csv;
pub use markup::write_fleet_markdown;
pub use text::{write_fleet, write_fleet_json};

use std::io::{self, Write};

use serde::Serialize;

use crate::fleet::{self, Labels, Ranking};
use crate::model::Warning;
use crate::model::name::relative_file;
use crate::units::{format_time, thousands};

use super::{SCHEMA_VERSION, Style, Tool, resolve};

/// What grew over a fleet.
#[derive(Debug, Clone, Serialize)]
pub struct FleetReport {
    schema_version: u32,
    tool: Tool,
    /// What was compared.
    pub fleet: FleetFacts,
    /// Functions, what is surest to grow first.
    pub rows: Vec<FleetRow>,
    /// Suspects, likewise.
    pub suspects: Vec<FleetRow>,
    /// What to know before trusting it.
    pub warnings: Vec<Warning>,
    /// How many rows are not shown.
    #[serde(skip)]
    pub more: usize,
}

/// What was compared.
#[derive(Debug, Clone, Serialize)]
pub struct FleetFacts {
    /// Hosts with two profiles or more of one process.
    pub hosts: usize,
    /// Profiles.
    pub profiles: usize,
    /// The earliest profile: UTC, RFC 3339.
    pub from: Option<String>,
    /// The latest.
    pub to: Option<String>,
    /// Builds, in the order in which they were seen first.
    pub builds: Vec<String>,
}

/// A function or a suspect over all hosts.
#[derive(Debug, Clone, Serialize)]
pub struct FleetRow {
    /// The code of the suspect.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<&'static str>,
    /// What it is in a few words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<&'static str>,
    /// The function that allocates; of a suspect who is responsible.
    pub name: String,
    /// Its file relative to its package.
    pub file: Option<String>,
    /// The line.
    pub line: Option<i64>,
    /// Growth in bytes over all hosts.
    pub growth: i64,
    /// In bytes per hour of a host.
    pub per_host_hour: i64,
    /// Lower end of its 95 % interval.
    pub low: i64,
    /// Upper end.
    pub high: i64,
    /// Standard deviations of the growth over the fleet.
    pub z: f64,
    /// On how many hosts it grows.
    pub hosts: FleetHosts,
    /// On which it grew most.
    pub top_hosts: Vec<FleetHost>,
    /// The first build on which it grows for sure.
    pub first_build: Option<String>,
    /// The function of the program's own that is accountable.
    pub responsible: Option<String>,
    /// Stable name across builds.
    pub fingerprint: String,
}

/// Numbers of hosts.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct FleetHosts {
    /// On which it grew beyond chance.
    pub growing: usize,
    /// On which chance alone makes it seem so.
    pub by_chance: f64,
    /// All.
    pub all: usize,
}

/// A host.
#[derive(Debug, Clone, Serialize)]
pub struct FleetHost {
    /// `service/host`.
    pub host: String,
    /// What it grew by there.
    pub delta: i64,
}

impl FleetReport {
    /// The report of a ranking, with at most so many rows.
    pub fn new(ranking: &Ranking, most: usize, warnings: Vec<Warning>) -> Self {
        let time = |micros: i64| format_time(micros.saturating_mul(1000));
        let (from, to) = ranking.span.map_or((None, None), |(from, to)| (time(from), time(to)));
        // What did not grow explains nothing.
        let grown =
            |rows: &[fleet::Row]| rows.iter().filter(|row| row.growth > 0).map(FleetRow::new).collect::<Vec<_>>();
        let mut rows = grown(&ranking.rows);
        let more = rows.len().saturating_sub(most);
        rows.truncate(most);
        let mut suspects = grown(&ranking.suspects);
        suspects.truncate(most);
        let facts = FleetFacts {
            hosts: ranking.hosts,
            profiles: ranking.profiles,
            from,
            to,
            builds: ranking.builds.iter().filter(|build| !build.is_empty()).cloned().collect(),
        };
        Self { schema_version: SCHEMA_VERSION, tool: resolve::tool(), fleet: facts, rows, suspects, warnings, more }
    }
}

impl FleetRow {
    fn new(row: &fleet::Row) -> Self {
        let whole = |value: f64| value.round() as i64;
        let (rate, low, high) = row.per_host_hour();
        let subject = &row.subject;
        let file = relative_file(&subject.name, &subject.file);
        Self {
            code: subject.suspect.map(|(code, _)| code),
            title: subject.suspect.map(|(_, title)| title),
            name: subject.name.clone(),
            file: Some(file).filter(|_| !subject.file.is_empty()),
            line: Some(subject.line).filter(|line| *line > 0),
            growth: row.growth,
            per_host_hour: whole(rate),
            low: whole(low),
            high: whole(high),
            z: resolve::rounded(row.z(), 1e3),
            hosts: FleetHosts {
                growing: row.growing,
                by_chance: resolve::rounded(row.by_chance(), 1e3),
                all: row.hosts,
            },
            top_hosts: row
                .top_hosts
                .iter()
                .map(|(labels, delta)| FleetHost { host: called(labels), delta: *delta })
                .collect(),
            first_build: row.first_build.clone(),
            responsible: subject.responsible.clone(),
            fingerprint: subject.fingerprint.clone(),
        }
    }

    /// `cart/pod-7 has 98 % of it`, where one host of several has most.
    fn outlier(&self) -> Option<String> {
        /// Nine in ten.
        const MOST: i64 = 9;
        let first = self.top_hosts.first()?;
        let is_one = self.hosts.all > 2 && first.delta.saturating_mul(10) >= self.growth.saturating_mul(MOST);
        is_one.then(|| format!("{} has {} of it", first.host, super::percent::share(first.delta, self.growth)))
    }
}

fn called(labels: &Labels) -> String {
    match labels.service.as_str() {
        "" => labels.host.clone(),
        service => format!("{service}/{}", labels.host),
    }
}

impl FleetFacts {
    /// `FLEET 1,000 hosts, 10,000 profiles, 2 builds   2026-01-01 00:00:00 UTC to ...`.
    pub(super) fn headline(&self) -> String {
        let count = |count: usize, noun: &str| {
            format!("{} {noun}{}", thousands(count as i64), if count == 1 { "" } else { "s" })
        };
        let mut parts = vec![count(self.hosts, "host"), count(self.profiles, "profile")];
        if !self.builds.is_empty() {
            parts.push(count(self.builds.len(), "build"));
        }
        let span =
            self.from.as_ref().zip(self.to.as_ref()).map_or(String::new(), |(from, to)| format!("   {from} to {to}"));
        format!("FLEET {}{span}", parts.join(", "))
    }
}

/// What writes a fleet.
pub type WriteFleet = fn(&FleetReport, &Style, &mut dyn Write) -> io::Result<()>;
