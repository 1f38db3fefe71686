//! `leakdiff check`: the pipeline with a verdict at its end.
//!
//! In: what the user typed, and the configuration. Out: reports in the formats asked for, a baseline, an exit code.
//! Invariant: the exit code is the verdict's, whatever is written and whoever reads it.

use std::io::{self, Write};

use anyhow::{Result, anyhow};

use crate::check::{HolderCheck, Outcome, Policy, Span, Verdict, check, check_holders};
use crate::compare::Analysis;
use crate::diff::{self, Diff};
use crate::load::Problem;
use crate::model::{Checkout, Code};
use crate::report::{self, Details, Report, Style, terminal};
use crate::source::Files;
use crate::stats::Regime;
use crate::warnings;
use crate::{compare, export, load, source};

use super::check_args::CheckArgs;
use super::dumps::Told;
use super::gate::Gate;
use super::gather::Gathered;
use super::goroutines::Beside;
use super::output::{print, refuse_overwriting, write_all};
use super::progress::Progress;
use super::read;
use super::record::{record, recorded};
use super::target::{Format, Target};
use super::{Console, Exit};

impl From<Outcome> for Exit {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Pass => Exit::Done,
            Outcome::Fail => Exit::Failed,
            Outcome::Inconclusive => Exit::Inconclusive,
        }
    }
}

/// Runs the gate.
pub(super) fn run_check(
    args: CheckArgs,
    command_line: String,
    files: &Files,
    console: &mut Console<'_>,
) -> Result<Exit> {
    let is_print = args.print_config;
    let gate = Gate::new(args, files)?;
    if is_print {
        print(&mut console.stdout, |out| out.write_all(gate.config.to_toml().as_bytes()))?;
        return Ok(Exit::Done);
    }
    let inputs = files.open_all(&gate.inputs)?;
    let goroutines = files.open_as(source::GOROUTINES, &gate.goroutines)?;
    let outputs = || gate.targets.iter().map(Target::destination);
    refuse_overwriting(outputs(), files)?;
    if let Some(path) = &gate.update_baseline {
        // Only the baseline that is compared with may be read and written.
        let is_in_use = gate.baseline.as_ref().is_some_and(|baseline| source::is_same_file(baseline, path));
        let unread = Files::new(Box::new(io::empty()));
        let files = if is_in_use { &unread } else { files };
        refuse_overwriting(outputs().chain([path.as_path()]), files)?;
        recorded(path, gate.limits)?;
    }
    let progress = Progress::new(console);
    let opened = read::Opened { inputs: progress.watch(inputs), goroutines, limits: gate.limits };
    let loaded = read::load(opened, &gate.process, gate.gathering, false, files);
    drop(progress);
    let Gathered { loaded, goroutines } = loaded.map_err(|error| of_baseline(&gate, error))?;
    let sample_index = gate.config.metric.first().cloned();
    let options =
        diff::Options { sample_index, sides: gate.sides.clone(), keeps_idle: true, ..diff::Options::default() };
    let diff = match diff::diff(loaded, &options) {
        Err(error @ diff::Error::NoCommonMetric { .. }) => return nothing_compared(&gate, &error, console),
        diff => diff?,
    };
    let spans = spans(&diff, gate.baseline.is_some());
    let goroutines = Beside::read(goroutines, &options, files)?;
    let (exit, written) = judge(&gate, &diff, &spans, goroutines.as_ref(), command_line, files, console)?;
    if let Some(path) = &gate.update_baseline {
        let change = record(&diff, path, gate.limits, gate.look.most_bytes)?;
        writeln!(console.stderr, "{change}")?;
        if let Some(what) = not_passed(exit) {
            let path = path.display().to_string();
            writeln!(console.stderr, "{} now holds {what}: the next run is compared with that", terminal(&path))?;
        }
    }
    written.map(|()| exit)
}

/// The verdict on inputs that measure different things. There is nothing to report on.
fn nothing_compared(gate: &Gate, error: &diff::Error, console: &mut Console<'_>) -> Result<Exit> {
    let outcome = gate.config.on_inconclusive.unwrap_or(Outcome::Inconclusive);
    let word = report::verdict_word(outcome);
    writeln!(console.stderr, "{word}  nothing was checked: {}", terminal(&error.to_string()))?;
    Ok(outcome.into())
}

/// What a baseline holds that is recorded in spite of the verdict.
fn not_passed(exit: Exit) -> Option<&'static str> {
    match exit {
        Exit::Failed => Some("the growth that failed"),
        Exit::Inconclusive => Some("growth that may be real"),
        Exit::Done | Exit::Error => None,
    }
}

/// The error for an input that cannot be loaded, in words about baselines where one was wanted.
fn of_baseline(gate: &Gate, error: anyhow::Error) -> anyhow::Error {
    let Some(load::Error { input, problem }) = error.downcast_ref() else { return error };
    let is_other =
        matches!(problem, Problem::Empty | Problem::EmptyGzip | Problem::Foreign { .. } | Problem::Wire { .. });
    let baseline = gate.baseline.as_ref().map(|path| path.display().to_string());
    match baseline.filter(|path| is_other && path == input) {
        Some(path) => {
            anyhow!(
                "--baseline {path}: not a leakdiff baseline; make one with leakdiff check NEW --update-baseline FILE"
            )
        }
        None => error,
    }
}

/// Holds the limits and writes the verdict; whether all of it could be written.
fn judge(
    gate: &Gate,
    diff: &Diff,
    spans: &[Span],
    goroutines: Option<&Beside>,
    command_line: String,
    files: &Files,
    console: &mut Console<'_>,
) -> Result<(Exit, Result<()>)> {
    let policy = gate.policy(spans);
    if policy.rules.is_empty() && gate.update_baseline.is_some() {
        return Ok((Exit::Done, Ok(())));
    }
    let options = compare::Options { top: Some(rows(gate)), regime: gate.regime, ..compare::Options::default() };
    let analysis = compare::compare(diff, Beside::of(goroutines), options);
    let told = gate.process.holders(diff, gate.limits, files)?;
    let holders = gate.holders.as_ref().zip(told.as_ref());
    let ended = holders.map(|(limit, told)| check_holders(limit, &told.holders));
    let found = match policy.rules.is_empty() && ended.is_some() {
        true => Verdict::without_limits(),
        false => check(diff, &analysis.suspects, spans, &policy)?,
    };
    let outcome = Outcome::of_all([found.outcome].into_iter().chain(ended.as_ref().map(|ended| ended.outcome)));
    let checkout = source::checkout(files);
    let answer =
        Answer { gate, diff, analysis, goroutines, policy: &policy, found, told, ended, command_line, checkout };
    let written = write_all(&gate.targets, &gate.look, files, console, |target, style, out| {
        answer.write(target.format, style, out)
    });
    Ok((outcome.into(), written))
}

/// The most rows that one of the reports asked for shows.
fn rows(gate: &Gate) -> usize {
    let rows = gate.targets.iter().map(|target| match target.format {
        Format::Report(format) => format.rows,
        Format::Export(_) => 0,
    });
    rows.max().unwrap_or(0)
}

/// All that a report of a verdict is made from.
struct Answer<'a> {
    gate: &'a Gate,
    diff: &'a Diff,
    /// With as many rows as any of the reports shows.
    analysis: Analysis,
    goroutines: Option<&'a Beside>,
    policy: &'a Policy,
    found: Verdict,
    /// What heap dumps tell, and how their limit ended.
    told: Option<Told>,
    ended: Option<HolderCheck>,
    command_line: String,
    checkout: Checkout,
}

impl Answer<'_> {
    fn write(&self, format: Format, style: &Style, out: &mut dyn Write) -> io::Result<()> {
        match format {
            Format::Report(format) => (format.write)(&self.report(format), style, out),
            Format::Export(format) => {
                let warnings = warnings::warnings(self.diff);
                let (scale, most_bytes) = (self.gate.look.scale, self.gate.look.most_bytes);
                let options = export::Options { warnings, scale, most_bytes, ..export::Options::default() };
                (format.write)(self.diff, &options, out)
            }
        }
    }

    fn report(&self, format: &report::Format) -> Report {
        let analysis = self.analysis.top(format.rows);
        let mut report = Report::new(self.diff, &analysis);
        if let Some(told) = &self.told {
            report.add_holders(self.diff, &analysis, &told.holders, told.warnings.clone());
        }
        Beside::add(self.goroutines, &analysis, &mut report);
        report.set_aside(self.policy, &self.found);
        let regime = self.gate.regime;
        // A gate compares builds more often than snapshots of one process: that these are two is no news.
        report.warnings.retain(|warning| warning.code != Code::Restart || regime == Some(Regime::SameProcess));
        report.warnings.extend(self.found.warnings.iter().cloned());
        let mut verdict = report::Verdict::new(self.diff, self.policy, &self.found, &analysis.suspects);
        if let (Some(limit), Some(ended), Some(told)) = (&self.gate.holders, &self.ended, &self.told) {
            let base = told.facts.first().map_or("", |first| first.label.as_str());
            verdict.add_holders(limit, ended, &told.holders, base);
        }
        verdict.locate(&self.checkout, &|path| source::is_file(&self.checkout, path));
        verdict.config = self.gate.config_elsewhere.as_ref().map(|path| path.display().to_string());
        report.verdict = Some(verdict);
        if format.is_page {
            report.details =
                Some(Details::new(self.diff, &analysis, Some(self.command_line.clone()), self.gate.look.most_bytes));
        }
        report
    }
}

/// What is compared with the newest: the oldest, then the recorded baseline, which stands first among the snapshots.
fn spans(diff: &Diff, has_baseline: bool) -> Vec<Span> {
    let to = diff.snapshots.len().saturating_sub(1);
    let base = usize::from(has_baseline);
    let from = [(base < to).then_some(base), has_baseline.then_some(0)];
    let spans: Vec<Span> = from.into_iter().flatten().map(|from| Span { from: Some(from), to }).collect();
    if spans.is_empty() { vec![Span { from: None, to }] } else { spans }
}
