//! OpenMetrics, as node_exporter's textfile collector and Prometheus' own parser read it.
//!
//! In: a report. Out: gauges, each with its `# TYPE`, in base units, without time stamps.
//! Invariant: names begin with `leakdiff_`, every sample has labels, no two have the same, and there are at most
//! [`MOST_ROWS`] and [`MOST_SUSPECTS`] of a name, whatever is in the profile. Labels that change from run to run stand on
//! `_info` alone, so that a series goes on.

use std::io::{self, Write};

use crate::stats::Course;

use super::{Report, Style, Suspect, Trend};

/// The most rows, however many are shown: each is a series that a server keeps.
const MOST_ROWS: usize = 100;
/// The most suspects.
const MOST_SUSPECTS: usize = 50;
/// The most characters of the value of a label.
const LONGEST: usize = 200;

/// The histories of a sum, each a sample of 0 or 1.
const COURSES: &[(&str, Course)] = &[
    ("growing", Course::Growing),
    ("undecided", Course::Undecided),
    ("stopped", Course::Stopped),
    ("fluctuating", Course::Fluctuating),
    ("shrinking", Course::Shrinking),
    ("flat", Course::Flat),
];

/// Writes the report as OpenMetrics.
pub(super) fn write(report: &Report, _: &Style, out: &mut dyn Write) -> io::Result<()> {
    let mut families = Families { common: common(report), families: Vec::new() };
    of_inputs(report, &mut families);
    of_total(report, &mut families);
    for row in report.rows.iter().take(MOST_ROWS) {
        let line = row.line.filter(|_| report.by == "line").map(|line| line.to_string());
        let labels = [("function", Some(row.name.clone())), ("file", row.file.clone()), ("line", line)];
        let labels: Vec<_> = labels.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
        let unit = &report.metric.unit;
        families.add("now", unit, NOW, &labels, row.flat.after as f64);
        if !report.is_state() {
            families.add("growth", unit, GROWTH, &labels, row.flat.delta as f64);
        }
        families.add_slope("slope", unit, &labels, row.trend.as_ref());
    }
    for suspect in report.suspects.iter().take(MOST_SUSPECTS) {
        of_suspect(report, suspect, &mut families);
    }
    families.write(out)
}

const NOW: &str = "Value of a function in the newest snapshot, without what it calls.";
const GROWTH: &str = "Growth of a function from the oldest to the newest snapshot, without what it calls.";
const SLOPE: &str = "Present rate of growth.";

/// The labels of all samples: the metric, and what was looked at.
fn common(report: &Report) -> Vec<(&'static str, String)> {
    let target = report.inputs.last().map(|input| target(&input.label, &input.path)).unwrap_or_default();
    let labels = [("metric", report.metric.name.clone()), ("target", target)];
    labels.into_iter().filter(|(_, value)| !value.is_empty()).collect()
}

/// What a series of snapshots is of, in words that are the same in the next run: what the user calls it, host and port of a
/// URL, the folder of a file.
fn target(label: &str, path: &str) -> String {
    if let Some((_, rest)) = path.split_once("://") {
        return if label == path { rest.split(['/', '?']).next().unwrap_or(rest).to_owned() } else { label.to_owned() };
    }
    if label != path {
        return label.to_owned();
    }
    let folder = path.rsplit_once(['/', '\\']).map_or("", |(folder, _)| folder);
    folder.rsplit(['/', '\\']).next().unwrap_or(folder).to_owned()
}

fn of_inputs(report: &Report, families: &mut Families) {
    families.add("snapshots", "", "Snapshots that were compared.", &[], report.inputs.len() as f64);
    let times: Vec<i64> = report.inputs.iter().filter_map(|input| input.time_nanos).collect();
    if let (Some(first), Some(last)) = (times.first(), times.last()) {
        const NANOS: f64 = 1e9;
        let newest = "When the newest snapshot was taken, in seconds since 1970.";
        families.add("newest_snapshot_timestamp_seconds", "", newest, &[], (*last as f64 / NANOS).round());
        let span = "Time from the oldest to the newest snapshot.";
        families.add("span_seconds", "", span, &[], ((last - first) as f64 / NANOS).round());
    }
}

fn of_total(report: &Report, families: &mut Families) {
    let unit = &report.metric.unit;
    families.add("total", unit, "Total of the metric in the newest snapshot.", &[], report.total.after as f64);
    if !report.is_state() {
        let growth = "Growth of the total from the oldest to the newest snapshot.";
        families.add("total_growth", unit, growth, &[], report.total.delta as f64);
        let other = "Growth of all functions that have no sample of their own.";
        let shown: i64 = report.rows.iter().take(MOST_ROWS).map(|row| row.flat.delta).sum();
        families.add("other_growth", unit, other, &[], (report.total.delta - shown) as f64);
    }
    families.add_slope("total_slope", unit, &[], report.trend.as_ref());
    if let Some(trend) = &report.trend {
        for (word, course) in COURSES {
            let is = f64::from(u8::from(trend.verdict == *course));
            let help = "Whether the total goes on growing: 1 for the history that it has.";
            families.add("total_history", "", help, &[("history", (*word).to_owned())], is);
        }
    }
    families.add("suspects", "", "Probable leaks.", &[], report.suspects.len() as f64);
}

fn of_suspect(report: &Report, suspect: &Suspect, families: &mut Families) {
    let function = suspect.responsible.as_ref().map(|frame| frame.function.clone());
    let function = function.or_else(|| suspect.rows.first().map(|row| row.name.clone())).unwrap_or_default();
    let mut labels = vec![("code", suspect.code.to_owned()), ("function", function)];
    labels.extend(suspect.metric.as_ref().map(|metric| ("metric", metric.clone())));
    let unit = if suspect.metric.is_some() { "count" } else { &report.metric.unit };
    let growth = "Growth of a probable leak from the oldest to the newest snapshot.";
    families.add("suspect_growth", unit, growth, &labels, suspect.delta as f64);
    let low = "Lower end of the 95 % interval of the growth of a probable leak.";
    families.add("suspect_growth_low", unit, low, &labels, suspect.low as f64);
    families.add_slope("suspect_slope", unit, &labels, Some(&suspect.trend));
    let confidence = serde_json::to_value(suspect.confidence).ok();
    let confidence = confidence.and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default();
    labels.extend([
        ("confidence", confidence),
        ("history", suspect.trend.word().to_owned()),
        ("fingerprint", suspect.fingerprint.clone()),
    ]);
    families.add_once("suspect_info", "What is known of a probable leak.", &labels);
}

/// Labels of a sample, in the order in which they are written.
type Labels = Vec<(&'static str, String)>;

/// The samples of one name.
struct Family {
    name: String,
    help: &'static str,
    samples: Vec<(Labels, f64)>,
}

/// All that is written.
struct Families {
    /// Labels that every sample has.
    common: Labels,
    families: Vec<Family>,
}

impl Families {
    /// Adds a value in a unit. Of two samples with the same labels the values add up.
    fn add(&mut self, name: &str, unit: &str, help: &'static str, labels: &[(&'static str, String)], value: f64) {
        if let Some(sample) = self.sample(name, unit, help, labels) {
            *sample += value;
        }
    }

    /// Adds a sample of 1.
    fn add_once(&mut self, name: &str, help: &'static str, labels: &[(&'static str, String)]) {
        if let Some(sample) = self.sample(name, "", help, labels) {
            *sample = 1.0;
        }
    }

    /// Adds a present rate, where it is known.
    fn add_slope(&mut self, name: &str, unit: &str, labels: &[(&'static str, String)], trend: Option<&Trend>) {
        const SECONDS: f64 = 3600.0;
        let Some(per_hour) = trend.and_then(|trend| trend.slope_per_hour) else { return };
        let unit = if unit == "bytes" { "bytes" } else { "units" };
        let name = format!("{name}_{unit}_per_second");
        self.add(&name, "", SLOPE, labels, per_hour as f64 / SECONDS);
    }

    fn sample(
        &mut self,
        name: &str,
        unit: &str,
        help: &'static str,
        labels: &[(&'static str, String)],
    ) -> Option<&mut f64> {
        let suffix = match unit {
            "" => "",
            "bytes" => "_bytes",
            _ => "_units",
        };
        let name = format!("leakdiff_{name}{suffix}");
        let is_own = |wanted: &str| labels.iter().any(|(label, _)| *label == wanted);
        let common = self.common.iter().filter(|(label, _)| !is_own(label)).cloned();
        let labels: Labels = common.chain(labels.iter().map(|(label, value)| (*label, bounded(value)))).collect();
        let at = self.families.iter().position(|family| family.name == name).unwrap_or_else(|| {
            self.families.push(Family { name, help, samples: Vec::new() });
            self.families.len() - 1
        });
        let samples = &mut self.families.get_mut(at)?.samples;
        let at = samples.iter().position(|(known, _)| *known == labels).unwrap_or_else(|| {
            samples.push((labels, 0.0));
            samples.len() - 1
        });
        samples.get_mut(at).map(|(_, value)| value)
    }

    fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        for Family { name, help, samples } in &self.families {
            writeln!(out, "# HELP {name} {help}")?;
            writeln!(out, "# TYPE {name} gauge")?;
            for (labels, value) in samples {
                let labels: Vec<String> =
                    labels.iter().map(|(label, value)| format!("{label}=\"{}\"", escaped(value))).collect();
                writeln!(out, "{name}{{{}}} {value}", labels.join(","))?;
            }
        }
        writeln!(out, "# EOF")
    }
}

/// The beginning of a long name. Two that begin alike are one series.
fn bounded(text: &str) -> String {
    text.chars().take(LONGEST).collect()
}

/// For the value of a label, in both formats.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in super::escape::terminal(text).chars() {
        match character {
            '\\' => safe.push_str("\\\\"),
            '"' => safe.push_str("\\\""),
            other => safe.push(other),
        }
    }
    safe
}
