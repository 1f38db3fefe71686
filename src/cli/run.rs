//! The subcommands, each a short function over the pipeline.

use std::cmp::Reverse;

use anyhow::{Context, Result, bail};

use crate::report::{Details, Report, Style};
use crate::{analyze, diff, load, source};

use super::args::{Args, Command, command};
use super::request::Request;
use super::{Console, Exit};

/// Runs what was asked for.
pub(super) fn run(args: Args, command_line: String, console: &mut Console<'_>) -> Result<Exit> {
    match args.command {
        None => run_diff(Request::new(args.diff)?, command_line, console),
        Some(Command::Diff(args)) => run_diff(Request::new(*args)?, command_line, console),
        Some(Command::Report(args)) => run_diff(Request::report(*args)?, command_line, console),
        Some(Command::Completions { shell }) => completions(shell, console),
        Some(Command::Man) => man(console),
    }
}

/// Source, load, diff, analyze, report: the pipeline.
fn run_diff(request: Request, command_line: String, console: &mut Console<'_>) -> Result<Exit> {
    if request.format.is_explored && request.output.is_none() && console.width.is_some() {
        bail!("a page is not for the terminal: write it to a file with -o leak.{}", request.format.name);
    }
    let inputs = source::open_all(&request.inputs, console.stdin)?;
    let loaded = load::load(inputs, request.limits)?;
    let diff = diff::diff(loaded, &request.diff)?;
    let mut analysis = analyze::analyze(&diff, request.analyze);
    if request.growth_first {
        analysis.rows.sort_by_key(|row| Reverse(row.flat.delta()));
    }
    let mut report = Report::new(&diff, &analysis);
    if request.format.is_explored {
        report.details = Some(Details::new(&diff, &analysis, Some(command_line)));
    }
    // The process is about to end: giving a million stacks back one by one would only take time.
    std::mem::forget(diff);
    write(&request, &report, console)?;
    Ok(Exit::Done)
}

fn write(request: &Request, report: &Report, console: &mut Console<'_>) -> Result<()> {
    let is_file = request.output.is_some();
    let style = Style {
        width: request.columns.or(if is_file { None } else { console.width }),
        color: request.color.or(console.color).unwrap_or(!is_file && console.width.is_some()),
        scale: request.scale,
    };
    let mut bytes = Vec::new();
    (request.format.write)(report, &style, &mut bytes)?;
    match &request.output {
        Some(path) => std::fs::write(path, &bytes).with_context(|| format!("{path}: cannot be written")),
        None => Ok(console.stdout.write_all(&bytes).and_then(|()| console.stdout.flush())?),
    }
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
