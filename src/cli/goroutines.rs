//! `leakdiff goroutines`, and goroutines beside a heap.
//!
//! In: a request. Out: the goroutine table; a report whose suspects know of their goroutines.

use anyhow::{Result, anyhow, bail};

use crate::compare::{self, Analysis, Goroutines};
use crate::diff::{self, Diff};
use crate::load::Loaded;
use crate::report::goroutines::{Answer, FORMATS, Format};
use crate::report::{self, Report};
use crate::rows::Place;
use crate::rows::goroutines::{self, METRICS};
use crate::source::code::{Finder, Places};
use crate::source::{Files, GOROUTINES};

use super::gather::Gathering;
use super::output::write_all;
use super::read::read;
use super::request::Request;
use super::{Console, Exit};

/// How many goroutines wait, for what and where.
pub(super) fn run_goroutines(mut request: Request, files: &Files, console: &mut Console<'_>) -> Result<Exit> {
    let formats = request.targets.iter().map(|target| format(target.format.name())).collect::<Result<Vec<_>>>()?;
    request.gathering = request.gathering.map(|gathering| Gathering { is_of_goroutines: true, ..gathering });
    request.profile = GOROUTINES;
    let (diff, _) = read(&request, files, console)?;
    of_goroutines(&diff)?;
    let options = request.rows_of(&report::FORMATS[0]);
    let timed = timed(&diff, files);
    let (analysis, table) = compare::compare_goroutines(Goroutines { diff: &diff, timed: &timed }, options);
    let report = Report::new(&diff, &analysis);
    let answer = Answer { report: &report, goroutines: &report::Goroutines::new(&diff, &table) };
    let mut formats = formats.into_iter();
    write_all(&request.targets, &request.look, files, console, |_, style, out| {
        formats.next().map_or(Ok(()), |format| (format.write)(&answer, style, out))
    })?;
    Ok(Exit::Done)
}

/// The format of goroutines that is called so.
fn format(name: &str) -> Result<&'static Format> {
    FORMATS.iter().find(|format| format.name == name).ok_or_else(|| {
        let names: Vec<&str> = FORMATS.iter().map(|format| format.name).collect();
        anyhow!("goroutines are written as {}, not as {name}", names.join(", "))
    })
}

/// The selects that a timer ends, as far as their source lies here.
fn timed(diff: &Diff, files: &Files) -> Vec<Place> {
    let finder = Finder::new(Places::default(), files);
    let is_timed = |(place, file): &(Place, String)| {
        let found = finder.find(&diff.keys.key(place.key).name, file);
        found.is_some_and(|(_, text)| goroutines::has_timer(&text, place.spot.line))
    };
    goroutines::selects(diff).into_iter().filter(is_timed).map(|(place, _)| place).collect()
}

fn of_goroutines(diff: &Diff) -> Result<()> {
    let name = &diff.metric().name;
    if !METRICS.contains(&name.as_str()) {
        bail!("these are profiles of {name}, not of goroutines: fetch /debug/pprof/goroutine");
    }
    Ok(())
}

/// Goroutines at the moments of two heap profiles.
pub(super) struct Beside {
    diff: Diff,
    timed: Vec<Place>,
}

impl Beside {
    /// Compares them, where there are any.
    pub fn read(loaded: Option<Loaded>, options: &diff::Options, files: &Files) -> Result<Option<Self>> {
        let Some(loaded) = loaded else { return Ok(None) };
        // What the user says of frames and samples is about the heap.
        let options =
            diff::Options { exact_names: options.exact_names, app: options.app.clone(), ..diff::Options::default() };
        let diff = diff::diff(loaded, &options)?;
        of_goroutines(&diff)?;
        let timed = timed(&diff, files);
        Ok(Some(Self { diff, timed }))
    }

    /// What is compared with a heap.
    pub fn of(beside: Option<&Self>) -> Option<Goroutines<'_>> {
        beside.map(|Self { diff, timed }| Goroutines { diff, timed })
    }

    /// The report of a heap, with what its goroutines tell if there are any.
    pub fn report(beside: Option<&Self>, heap: &Diff, analysis: &Analysis) -> Report {
        let mut report = Report::new(heap, analysis);
        Self::add(beside, analysis, &mut report);
        report
    }

    /// Adds what goroutines tell to a report.
    pub fn add(beside: Option<&Self>, analysis: &Analysis, report: &mut Report) {
        if let Some((beside, told)) = beside.zip(analysis.beside.as_ref()) {
            report.add_goroutines(&beside.diff, told);
        }
    }
}
