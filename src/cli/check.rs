//! `leakdiff check`: the pipeline with a verdict at its end.
//!
//! In: what the user typed, and the configuration. Out: reports in the formats asked for, a baseline, an exit code.
//! Invariant: the exit code is the verdict's, whatever is written and whoever reads it.

use std::io::{self, BufWriter, Write};

use anyhow::{Context, Result};

use crate::analyze::Regime;
use crate::check::{Outcome, Policy, Span, Verdict, check};
use crate::diff::{self, Diff};
use crate::model::Code;
use crate::report::{self, Details, Report, Style};
use crate::{analyze, export, load, source};

use super::check_args::CheckArgs;
use super::gate::Gate;
use super::goroutines::Beside;
use super::output::{refuse_overwriting, write_file};
use super::record::record;
use super::request::Format;
use super::{Console, Exit, is_closed_pipe};

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
pub(super) fn run_check(args: CheckArgs, command_line: String, console: &mut Console<'_>) -> Result<Exit> {
    let is_print = args.print_config;
    let gate = Gate::new(args)?;
    if is_print {
        console.stdout.write_all(gate.config.to_toml().as_bytes())?;
        return Ok(Exit::Done);
    }
    refuse_overwriting(gate.outputs.iter().map(|(path, _)| &**path), &gate.inputs)?;
    refuse_overwriting(
        gate.outputs.iter().map(|(path, _)| path).chain(&gate.update_baseline).map(|path| &**path),
        &[],
    )?;
    let inputs = source::open_all(&gate.inputs, console.stdin)?;
    let loaded = load::load(inputs, gate.limits)?;
    let options = diff::Options { sample_index: gate.config.metric.first().cloned(), ..diff::Options::default() };
    let diff = diff::diff(loaded, &options)?;
    let spans = spans(&diff, gate.has_baseline);
    let goroutines = Beside::read(&gate.goroutines, gate.limits, &options, console)?;
    let exit = judge(&gate, &diff, &spans, goroutines.as_ref(), command_line, console)?;
    if let Some(path) = &gate.update_baseline {
        let change = record(&diff, path, gate.limits)?;
        writeln!(console.stderr, "{change}")?;
    }
    Ok(exit)
}

/// Holds the limits and writes the verdict.
fn judge(
    gate: &Gate,
    diff: &Diff,
    spans: &[Span],
    goroutines: Option<&Beside>,
    command_line: String,
    console: &mut Console<'_>,
) -> Result<Exit> {
    let policy = gate.policy(spans);
    if policy.rules.is_empty() && gate.update_baseline.is_some() {
        return Ok(Exit::Done);
    }
    let found = check(diff, spans, &policy)?;
    let outcome = found.outcome;
    let answer = Answer { gate, diff, goroutines, policy: &policy, found, command_line };
    for (path, format) in &gate.outputs {
        let style = Style { width: gate.columns, color: gate.color.unwrap_or(false), scale: gate.scale };
        write_file(path, |out| answer.write(*format, &style, out))
            .with_context(|| format!("{path}: cannot be written"))?;
    }
    let color = gate.color.or(console.color).unwrap_or(console.width.is_some());
    let style = Style { width: gate.columns.or(console.width), color, scale: gate.scale };
    let mut out = BufWriter::new(&mut console.stdout);
    let shown = answer.write(gate.format, &style, &mut out).and_then(|()| out.flush());
    match shown.map_err(anyhow::Error::from) {
        Err(error) if !is_closed_pipe(&error) => Err(error),
        _ => Ok(outcome.into()),
    }
}

/// All that a report of a verdict is made from.
struct Answer<'a> {
    gate: &'a Gate,
    diff: &'a Diff,
    goroutines: Option<&'a Beside>,
    policy: &'a Policy,
    found: Verdict,
    command_line: String,
}

impl Answer<'_> {
    fn write(&self, format: Format, style: &Style, out: &mut dyn Write) -> io::Result<()> {
        match format {
            Format::Report(format) => (format.write)(&self.report(format), style, out),
            Format::Export(format) => {
                let warnings = analyze::warnings(self.diff);
                let options = export::Options { warnings, scale: self.gate.scale, ..export::Options::default() };
                (format.write)(self.diff, &options, out)
            }
        }
    }

    fn report(&self, format: &report::Format) -> Report {
        let regime = self.gate.regime;
        let options = analyze::Options { top: Some(format.rows), regime, ..analyze::Options::default() };
        let mut analysis = analyze::analyze(self.diff, options);
        let mut report = Beside::report(self.goroutines, self.diff, &mut analysis);
        // A gate compares builds more often than snapshots of one process: that these are two is no news.
        report.warnings.retain(|warning| warning.code != Code::Restart || regime == Some(Regime::SameProcess));
        report.warnings.extend(self.found.warnings.iter().cloned());
        let checkout = source::checkout();
        let mut verdict = report::Verdict::new(self.diff, self.policy, &self.found, &analysis.suspects);
        verdict.locate(&checkout, &|path| source::is_file(&checkout, path));
        report.verdict = Some(verdict);
        if format.is_page {
            report.details = Some(Details::new(self.diff, &analysis, Some(self.command_line.clone())));
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
