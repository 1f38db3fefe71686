//! The subcommands, each a short function over the pipeline.

use std::cmp::Reverse;

use anyhow::{Context, Result, bail};

use crate::model::{Code, Warning};
use crate::report::{Details, Report, Style};
use crate::{analyze, diff, export, load, report, source};

use super::args::{Args, Command, command};
use super::request::{Format, Request};
use super::{Console, Exit};

/// Runs what was asked for.
pub(super) fn run(args: Args, command_line: String, console: &mut Console<'_>) -> Result<Exit> {
    match args.command {
        None => run_diff(Request::new(args.diff)?, command_line, console),
        Some(Command::Diff(args)) => run_diff(Request::new(*args)?, command_line, console),
        Some(Command::Flame(args)) => run_diff(Request::flame(*args)?, command_line, console),
        Some(Command::Report(args)) => run_diff(Request::page(*args)?, command_line, console),
        Some(Command::Completions { shell }) => completions(shell, console),
        Some(Command::Man) => man(console),
    }
}

/// Source, load, diff: the beginning of every pipeline.
fn read(request: &Request, console: &mut Console<'_>) -> Result<diff::Diff> {
    let inputs = source::open_all(&request.inputs, console.stdin)?;
    let loaded = load::load(inputs, request.limits)?;
    Ok(diff::diff(loaded, &request.diff)?)
}

/// A report, or the diff for other tools: as the format has it.
fn run_diff(request: Request, command_line: String, console: &mut Console<'_>) -> Result<Exit> {
    let diff = read(&request, console)?;
    let bytes = match request.format {
        Format::Report(format) => report(&request, &diff, format, command_line, console)?,
        Format::Export(format) => export(&request, &diff, format, console)?,
    };
    // The process is about to end: giving a million stacks back one by one would only take time.
    std::mem::forget(diff);
    match &request.output {
        Some(path) => std::fs::write(path, &bytes).with_context(|| format!("{path}: cannot be written"))?,
        None => console.stdout.write_all(&bytes).and_then(|()| console.stdout.flush())?,
    }
    Ok(Exit::Done)
}

fn report(
    request: &Request,
    diff: &diff::Diff,
    format: &report::Format,
    command_line: String,
    console: &Console<'_>,
) -> Result<Vec<u8>> {
    if format.is_page && request.output.is_none() && console.width.is_some() {
        bail!("a page is not for the terminal; write it to a file: -o leak.html");
    }
    let mut analysis = analyze::analyze(diff, request.analyze);
    if request.growth_first {
        analysis.rows.sort_by_key(|row| Reverse(row.flat.delta()));
    }
    let mut report = Report::new(diff, &analysis);
    if format.is_page {
        report.details = Some(Details::new(diff, &analysis, Some(command_line)));
    }
    let is_file = request.output.is_some();
    let style = Style {
        width: request.columns.or(if is_file { None } else { console.width }),
        color: request.color.or(console.color).unwrap_or(!is_file && console.width.is_some()),
        scale: request.scale,
    };
    let mut bytes = Vec::new();
    (format.write)(&report, &style, &mut bytes)?;
    Ok(bytes)
}

/// What should be said of the numbers goes to standard error: not every format has room for it.
fn export(request: &Request, diff: &diff::Diff, format: &export::Format, console: &mut Console<'_>) -> Result<Vec<u8>> {
    let warnings = analyze::warnings(diff);
    if let Some(frame) = &request.flame_root
        && warnings.iter().any(|warning| warning.code == Code::NoMatch && warning.message.starts_with("--show-from"))
    {
        bail!("--flame-root {frame}: no function has this name; for a pattern use --show-from");
    }
    let notes: Vec<String> = warnings
        .into_iter()
        .map(|Warning { message, input, .. }| input.map_or(message.clone(), |input| format!("{input}: {message}")))
        .collect();
    for note in &notes {
        writeln!(console.stderr, "leakdiff: note: {note}")?;
    }
    let mut bytes = Vec::new();
    (format.write)(diff, &export::Options { notes, ..request.export.clone() }, &mut bytes)?;
    Ok(bytes)
}

fn completions(shell: clap_complete::Shell, console: &mut Console<'_>) -> Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command(), "leakdiff", &mut script);
    console.stdout.write_all(&script)?;
    Ok(Exit::Done)
}

fn man(console: &mut Console<'_>) -> Result<Exit> {
    let mut page = Vec::new();
    clap_mangen::Man::new(command()).render(&mut page)?;
    console.stdout.write_all(&page)?;
    Ok(Exit::Done)
}

/// What the user can do about an error, where the room that raised it knows.
pub(super) fn hint(error: &anyhow::Error) -> Option<&'static str> {
    error.downcast_ref::<load::Error>().and_then(|error| error.problem.hint())
}
