//! `leakdiff fleet`: which functions leak, on how many hosts.
//!
//! In: folders. Out: text or JSON, an exit code. Invariant: only as many hosts are in memory as there are threads; a file that
//! cannot be read is named and keeps nothing else from being compared.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use rayon::prelude::*;

use crate::fleet::{Host, Labels, Pattern, Ranked, Ranking, by_folder};
use crate::load::{self, Content, Input, Limits};
use crate::report::fleet::{
    FleetReport, WriteFleet, write_fleet, write_fleet_csv, write_fleet_json, write_fleet_markdown,
};
use crate::source::{Files, Location, files_below};

use super::fleet_args::FleetArgs;
use super::limits::{limits, size};
use super::output::write_one;
use super::request::Look;
use super::{Console, Exit};

/// Ranks growth over many hosts.
pub(super) fn run_fleet(args: FleetArgs, files: &Files, console: &mut Console<'_>) -> Result<Exit> {
    let look = Look::new(&args.look)?;
    let pattern = args.labels.as_deref().map(Pattern::parse).transpose().context("--labels")?;
    let limit = args.max_growth_per_host_hour.as_deref();
    let limit = limit.map(|limit| size("--max-growth-per-host-hour", limit)).transpose()?;
    let limits = limits(args.look.max_inflated.as_deref(), rayon::current_num_threads())?;
    let Found { hosts, mut passed_over } = find(&args.folders, pattern.as_ref())?;
    let ranking = rank(hosts, limits, files, &mut passed_over)?;
    let warnings = load::passed_over(&passed_over).into_iter().collect();
    let most = if args.top == 0 { usize::MAX } else { args.top };
    let report = FleetReport::new(&ranking, most, warnings);
    let (is_text, write) = writer(&args)?;
    write_one((args.output.as_deref(), is_text), &look, files, console, |style, out| write(&report, style, out))?;
    Ok(limit.map_or(Exit::Done, |limit| verdict(&ranking, limit)))
}

/// The formats: names and endings.
const FORMATS: &[(&str, &str, WriteFleet)] = &[
    ("table", "txt", write_fleet),
    ("json", "json", write_fleet_json),
    ("markdown", "md", write_fleet_markdown),
    ("csv", "csv", write_fleet_csv),
];

/// What writes the format that is asked for, else the one that the file's ending stands for; whether that is text for a
/// terminal.
fn writer(args: &FleetArgs) -> Result<(bool, WriteFleet)> {
    let named = args.format.as_deref().or_else(|| args.output.is_none().then_some("table"));
    let ending = args.output.as_ref().and_then(|path| path.extension()?.to_str());
    let found = FORMATS.iter().find(|(name, of, _)| named.map_or(ending == Some(of), |named| named == *name));
    let Some((name, _, write)) = found else {
        bail!("-o: its ending names no format; use .txt, .json, .md or .csv, or give --format");
    };
    Ok((*name == FORMATS[0].0, *write))
}

/// The files of each host, and what belongs to none.
struct Found {
    hosts: BTreeMap<Labels, Vec<PathBuf>>,
    passed_over: Others,
}

/// Files that are not compared, each with the reason.
type Others = Vec<(String, String)>;

fn find(folders: &[PathBuf], pattern: Option<&Pattern>) -> Result<Found> {
    let mut found = Found { hosts: BTreeMap::new(), passed_over: Vec::new() };
    for folder in folders {
        let root = folder.file_name().map_or("host".into(), |name| name.to_string_lossy().into_owned());
        for file in files_below(folder)? {
            let below = file.strip_prefix(folder).unwrap_or(&file);
            let path = without_ending(below);
            let labels = pattern.map_or_else(|| Some(by_folder(&path, &root)), |pattern| pattern.labels(&path));
            match labels {
                Some(labels) => found.hosts.entry(labels).or_default().push(file),
                None => {
                    found.passed_over.push((below.display().to_string(), "--labels does not fit its path".to_owned()))
                }
            }
        }
    }
    if found.hosts.is_empty() {
        let why =
            if found.passed_over.is_empty() { "there is no file in it" } else { "--labels fits the path of no file" };
        bail!("{}: {why}", folders.first().map_or(Path::new(""), PathBuf::as_path).display());
    }
    Ok(found)
}

/// A path without what follows the first dot of its last element but the dots of names: `pod-7/heap.1200.pb.gz` is
/// `pod-7/heap.1200`.
fn without_ending(path: &Path) -> String {
    let text = path.to_string_lossy().into_owned();
    let endings = [".gz", ".pb", ".out", ".pprof", ".txt", ".heap", ".prof"];
    let mut rest = text.as_str();
    while let Some(shorter) = endings.iter().find_map(|ending| rest.strip_suffix(ending)) {
        rest = shorter;
    }
    rest.to_owned()
}

/// Compares host after host, as many at a time as there are threads.
fn rank(
    hosts: BTreeMap<Labels, Vec<PathBuf>>,
    limits: Limits,
    files: &Files,
    passed_over: &mut Others,
) -> Result<Ranking> {
    let mut ranked = Ranked::default();
    let mut hosts = hosts.into_iter();
    loop {
        let mut opened: Vec<(Labels, Vec<Input>)> = Vec::new();
        for (labels, paths) in hosts.by_ref().take(rayon::current_num_threads() * 2) {
            opened.push((labels, open(&paths, files, passed_over)));
        }
        if opened.is_empty() {
            return Ok(ranked.finish());
        }
        let compared: Vec<(Option<Host>, Others)> =
            opened.into_par_iter().map(|(labels, inputs)| compare(labels, inputs, limits)).collect();
        for (host, mut others) in compared {
            if let Some(host) = host {
                ranked.add(&host);
            }
            passed_over.append(&mut others);
        }
    }
}

fn open(paths: &[PathBuf], files: &Files, passed_over: &mut Others) -> Vec<Input> {
    let mut inputs = Vec::with_capacity(paths.len());
    for path in paths {
        match files.open_all(&[Location::of(path.clone())]) {
            Ok(opened) => inputs.extend(opened),
            Err(error) => passed_over.push((path.display().to_string(), error.to_string())),
        }
    }
    inputs
}

/// The host that profiles are of, and what of them could not be compared.
fn compare(labels: Labels, inputs: Vec<Input>, limits: Limits) -> (Option<Host>, Others) {
    let sorted = load::sort(inputs, limits);
    let mut others: Others =
        sorted.others.into_iter().map(|error| (error.input.clone(), error.problem.to_string())).collect();
    let heaps = sorted.groups.into_iter().find(|group| group.content == Content::Heap);
    let host = heaps.and_then(|heaps| match Host::new(labels.clone(), heaps.loaded) {
        Ok(host) => Some(host),
        Err(error) => {
            others.push((labels.host, error.to_string()));
            None
        }
    });
    (host, others)
}

/// Exceeded for sure where the samples exclude that it is within, perhaps where only the estimate exceeds it.
fn verdict(ranking: &Ranking, limit: u64) -> Exit {
    let limit = limit as f64;
    let rates = || ranking.rows.iter().map(|row| row.per_host_hour());
    if rates().any(|(_, low, _)| low > limit) {
        Exit::Failed
    } else if rates().any(|(rate, ..)| rate > limit) {
        Exit::Inconclusive
    } else {
        Exit::Done
    }
}
