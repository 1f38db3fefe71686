//! The subcommands, each a short function over the pipeline.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use anyhow::{Result, bail};

use crate::model::{Code, Warning};
use crate::report::{self, Details, Listing, Report, Source, Style, explain_text, terminal, warning_text};
use crate::source::Files;
use crate::stats::Verdict;
use crate::{check, compare, diff, export, heapdump, load, source, units};
use crate::{rows, warnings};

use super::args::{Args, Command, command};
use super::capture::run_capture;
use super::check::run_check;
use super::command_args::ManArgs;
use super::dumps::Told;
use super::fleet::run_fleet;
use super::goroutines::{Beside, run_goroutines};
use super::holders::run_holders;
use super::inspect::run_inspect;
use super::output::{print, write_all, write_file};
use super::pattern::no_match;
use super::peek::run_peek;
use super::read::read;
use super::request::{ListRequest, Request};
use super::single_dash::Refused;
use super::target::{Format, Target};
use super::watch::run_watch;
use super::{Console, Exit, explain, links};

/// Runs what was asked for.
pub(super) fn run(args: Args, command_line: String, files: &Files, console: &mut Console<'_>) -> Result<Exit> {
    if let Some(fetch) = args.fetch() {
        files.fetch_with(fetch.clone().options(console)?);
    }
    match args.command {
        None => run_diff(Request::new(args.diff)?, command_line, files, console),
        Some(Command::Diff(args)) => run_diff(Request::new(*args)?, command_line, files, console),
        Some(Command::Flame(args)) => run_diff(Request::flame(*args)?, command_line, files, console),
        Some(Command::Report(args)) => run_diff(Request::page(*args)?, command_line, files, console),
        Some(Command::Goroutines(args)) => run_goroutines(Request::new(*args)?, files, console),
        Some(Command::List(args)) => run_list(ListRequest::new(*args)?, files, console),
        Some(Command::Peek(args)) => run_peek(*args, files, console),
        Some(Command::Inspect(args)) => run_inspect(*args, files, console),
        Some(Command::Holders(args)) => run_holders(*args, files, console),
        Some(Command::Fleet(args)) => run_fleet(*args, files, console),
        Some(Command::Explain { codes }) => run_explain(&codes, console),
        Some(Command::Check(args)) => run_check(*args, command_line, files, console),
        Some(Command::Capture(args)) => run_capture(*args, files, console),
        Some(Command::Watch(args)) => run_watch(*args, files, console),
        Some(Command::Completions { shell }) => completions(shell, console),
        Some(Command::Man(args)) => man(args, console),
        Some(Command::Version) => version(console),
    }
}

/// Reports, and the diff for other tools: as the formats have it.
fn run_diff(request: Request, command_line: String, files: &Files, console: &mut Console<'_>) -> Result<Exit> {
    if let Some(target) = request.targets.iter().find(|target| target.path.is_none())
        && console.width.is_some()
    {
        match target.format {
            Format::Export(export::Format { name, is_binary: true, .. }) => {
                bail!("the {name} format is not text: name a file with -o, or redirect standard output")
            }
            format if format.is_for_browser() => {
                let name = format.name();
                bail!(
                    "{name} cannot be shown in the terminal: name a file, -o leak.{name}, or redirect standard output"
                )
            }
            Format::Export(_) | Format::Report(_) => {}
        }
    }
    let (diff, goroutines) = read(&request, files, console)?;
    let goroutines = Beside::read(goroutines, &request.diff, files)?;
    let told = request.process.holders(&diff, request.limits, files)?;
    let is_export = |target: &Target| matches!(target.format, Format::Export(_));
    let warnings = if request.targets.iter().any(is_export) { tell(&request, &diff, console)? } else { Vec::new() };
    let has_links = console.has_links;
    let written =
        write_all(&request.targets, &request.look, files, console, |target, style, out| match target.format {
            Format::Report(format) => {
                let beside = (goroutines.as_ref(), told.as_ref());
                let mut report = resolve(&request, &diff, beside, format, &command_line);
                if has_links && target.path.is_none() {
                    report.sources = links::sources(&report, files);
                }
                (format.write)(&report, style, out)
            }
            Format::Export(format) => {
                let options = export::Options { warnings: warnings.clone(), ..request.export.clone() };
                (format.write)(&diff, &options, out)
            }
        });
    // The process is about to end: giving a million stacks back one by one would only take time.
    std::mem::forget(diff);
    written?;
    open(&request, console)?;
    Ok(Exit::Done)
}

/// Opens what a browser shows, where somebody sits at a terminal.
fn open(request: &Request, console: &mut Console<'_>) -> Result<()> {
    let Some(open) = console.open.filter(|_| request.opens) else { return Ok(()) };
    for path in
        request.targets.iter().filter(|target| target.is_for_browser()).filter_map(|target| target.path.as_ref())
    {
        if let Err(error) = open(path) {
            writeln!(console.stderr, "{}", terminal(&format!("{}: not opened: {error}", path.display())))?;
        }
    }
    Ok(())
}

/// Tells on standard error what to know before trusting an export: not every format has room for it.
fn tell(request: &Request, diff: &diff::Diff, console: &mut Console<'_>) -> Result<Vec<Warning>> {
    let warnings = warnings(request, diff)?;
    for warning in &warnings {
        writeln!(console.stderr, "{}", terminal(&warning_text(warning)))?;
    }
    if let Some(explain) = explain_text(&warnings) {
        writeln!(console.stderr, "for more: {explain}")?;
    }
    Ok(warnings)
}

/// The source of functions with the growth of each line.
fn run_list(list: ListRequest, files: &Files, console: &mut Console<'_>) -> Result<Exit> {
    let ListRequest { pattern, places, request } = list;
    let (diff, _) = read(&request, files, console)?;
    let functions = rows::list::list(&diff, &pattern);
    if functions.is_empty() {
        return Err(no_match("list", &pattern, &diff.metric().name));
    }
    let finder = source::code::Finder::new(places, files);
    let mut sources = BTreeMap::new();
    for function in &functions {
        if !sources.contains_key(&function.file) {
            let found = finder.find(&function.name, &function.file);
            sources.insert(function.file.clone(), found.map(|(path, text)| Source { path, text }));
        }
    }
    let sources = sources.into_iter().filter_map(|(file, source)| Some((file, source?))).collect();
    let report = Report::new(&diff, &compare::compare(&diff, None, request.rows_of(&report::FORMATS[0])));
    let listing = Listing { functions, sources };
    let written = write_all(&request.targets, &request.look, files, console, |_, style, out| {
        report::write_list(&listing, &report, style, out)
    });
    std::mem::forget(diff);
    written.map(|()| Exit::Done)
}

/// The report; for a page with what only a page needs.
fn resolve(
    request: &Request,
    diff: &diff::Diff,
    (goroutines, told): (Option<&Beside>, Option<&Told>),
    format: &report::Format,
    command_line: &str,
) -> Report {
    let mut analysis = compare::compare(diff, Beside::of(goroutines), request.rows_of(format));
    if request.is_growth_first(format) {
        let is_noise = |row: &rows::Row| row.evidence.is_some_and(|evidence| evidence.verdict == Verdict::Noise);
        let ranks_noise = request.analyze.ranks_noise;
        analysis.rows.sort_by_key(|row| (!ranks_noise && is_noise(row), Reverse(row.flat.delta())));
    }
    let mut report = Report::new(diff, &analysis);
    if let Some(told) = told {
        report.add_holders(diff, &analysis, &told.holders, told.warnings.clone());
    }
    Beside::add(goroutines, &analysis, &mut report);
    if let Some(most) = request.stacks {
        report.add_stacks(diff, &analysis.rows, most);
    }
    if format.is_page {
        report.details = Some(Details::new(diff, &analysis, Some(command_line.to_owned()), request.look.most_bytes));
    }
    report
}

/// What to know before trusting an export.
fn warnings(request: &Request, diff: &diff::Diff) -> Result<Vec<Warning>> {
    let warnings = warnings::warnings(diff);
    if let Some(frame) = &request.flame_root
        && warnings.iter().any(|warning| warning.code == Code::NoMatch && warning.message.starts_with("--show-from"))
    {
        bail!("--flame-root {frame}: no function has this name; for a pattern use --show-from");
    }
    Ok(warnings)
}

/// The list of all pages, or the pages asked for.
fn run_explain(codes: &[String], console: &mut Console<'_>) -> Result<Exit> {
    let style = Style {
        width: console.width,
        color: console.color.unwrap_or(console.width.is_some()),
        scale: units::Scale::Auto,
    };
    let pages = explain::find(codes)?;
    print(&mut console.stdout, |out| {
        if pages.is_empty() {
            report::write_contents(&explain::chapters(), &style, out)?;
        }
        for (index, page) in pages.iter().enumerate() {
            if index > 0 {
                writeln!(out)?;
            }
            report::write_page(page, &style, out)?;
        }
        Ok(())
    })?;
    Ok(Exit::Done)
}

fn completions(shell: clap_complete::Shell, console: &mut Console<'_>) -> Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command(), "leakdiff", &mut script);
    if shell == clap_complete::Shell::Fish {
        // For this shell clap completes options only.
        let codes = explain::codes().join(" ");
        let line = format!("complete -c leakdiff -n \"__fish_leakdiff_using_subcommand explain\" -f -a '{codes}'\n");
        script.extend(line.bytes());
    }
    print(&mut console.stdout, |out| out.write_all(&script))?;
    Ok(Exit::Done)
}

/// The main page, or all pages as files.
fn man(args: ManArgs, console: &mut Console<'_>) -> Result<Exit> {
    let Some(folder) = args.folder else {
        let mut page = Vec::new();
        clap_mangen::Man::new(command()).render(&mut page)?;
        print(&mut console.stdout, |out| out.write_all(&page))?;
        return Ok(Exit::Done);
    };
    let mut all = command();
    // So that the page of a command is called leakdiff-check.
    all.build();
    let pages = all.get_subcommands().filter(|page| page.get_name() != "help" && !page.is_hide_set());
    for page in std::iter::once(&all).chain(pages) {
        let name = page.get_display_name().unwrap_or_else(|| page.get_name()).to_owned();
        let mut text = Vec::new();
        clap_mangen::Man::new(page.clone()).render(&mut text)?;
        write_file(&folder.join(format!("{name}.1")), |out| out.write_all(&text))?;
    }
    Ok(Exit::Done)
}

fn version(console: &mut Console<'_>) -> Result<Exit> {
    let version = command().render_version();
    print(&mut console.stdout, |out| out.write_all(version.as_bytes()))?;
    Ok(Exit::Done)
}

/// What the user can do about an error, where the room that raised it knows.
pub(super) fn hint(error: &anyhow::Error) -> Option<&str> {
    let of_load = error.downcast_ref::<load::Error>().and_then(|error| error.problem.hint());
    let of_source = || error.downcast_ref::<source::Error>().and_then(source::Error::hint);
    let of_check = || error.downcast_ref::<check::Error>().and_then(check::Error::hint);
    let of_option = || error.downcast_ref::<Refused>().map(|refused| refused.hint());
    let of_dump = || error.downcast_ref::<heapdump::Error>().and_then(heapdump::Error::hint);
    of_load.or_else(of_dump).or_else(of_source).or_else(of_check).or_else(of_option)
}
