//! From heap dumps that the user named to who holds what.
//!
//! In: locations of dumps, of the program, of a heap profile. Out: holders, and facts about the dumps. Invariant: only one dump
//! is in memory at a time; an error names the file that it is about.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::heapdump::{self, Binary, Dump, Held, Holders, Known};
use crate::load::{self, Limits};
use crate::model::Warning;
use crate::report::holders::DumpFacts;
use crate::source::{Files, Location};

/// Dumps to look at.
pub(super) struct Dumps {
    /// Oldest first.
    pub dumps: Vec<Location>,
    /// The program that wrote them.
    pub binary: Option<PathBuf>,
    /// The stacks of a heap profile of the last dump's moment, and its period.
    pub known: Known,
    pub period: Option<u64>,
    pub least: u64,
    pub what_if: usize,
    pub limits: Limits,
}

/// What they tell.
pub(super) struct Told {
    pub holders: Holders,
    pub facts: Vec<DumpFacts>,
    pub program: Option<String>,
    pub warnings: Vec<Warning>,
}

impl Dumps {
    /// These dumps, and what a user who says no more wants to know.
    pub fn new(dumps: Vec<Location>, binary: Option<PathBuf>) -> Self {
        let heapdump::Options { least, what_if, known, period, .. } = heapdump::Options::default();
        Self { dumps, binary, known, period, least, what_if, limits: Limits::default() }
    }

    /// Reads one dump after the other.
    ///
    /// # Errors
    /// The first that gives no answer.
    pub fn read(self, files: &Files) -> Result<Told> {
        let Self { dumps, binary, known, period, least, what_if, limits } = self;
        let program = binary.as_ref().map(|path| path.display().to_string());
        let bytes = binary.map(|path| open(&Location::of(path), limits, files)).transpose()?;
        let about_program = || program.clone().unwrap_or_default();
        let binary = bytes.as_deref().map(Binary::parse).transpose().with_context(about_program)?;
        let mut options = heapdump::Options::default();
        (options.least, options.what_if, options.known, options.period) = (least, what_if, known, period);
        let Some((last, earlier)) = dumps.split_last() else { bail!("no heap dump was named") };
        let (mut held, mut facts, mut warnings) = (Vec::new(), Vec::new(), Vec::new());
        let mut build = None;
        let mut note = |location: &Location, dump: &Dump<'_>| {
            facts.push(DumpFacts::new(&location.label, &location.path.display().to_string(), dump));
            warnings.extend(heapdump::warnings(&location.label, dump, build.as_ref(), binary.is_some()));
            build = Some(dump.build());
        };
        for location in earlier {
            let bytes = open(location, limits, files)?;
            let dump = Dump::parse(&bytes).with_context(|| name(location))?;
            note(location, &dump);
            held.push(Held::of(&dump, binary.as_ref(), &options).with_context(|| mismatch(&program, location))?);
        }
        let bytes = open(last, limits, files)?;
        let dump = Dump::parse(&bytes).with_context(|| name(last))?;
        note(last, &dump);
        let holders = heapdump::holders(&dump, binary.as_ref(), &held, &options);
        let holders = holders.with_context(|| mismatch(&program, last))?;
        // Said of one dump, it is said of all.
        warnings.dedup_by(|a, b| (a.code, &a.message) == (b.code, &b.message));
        Ok(Told { holders, facts, program, warnings })
    }
}

fn name(location: &Location) -> String {
    location.label.clone()
}

fn mismatch(program: &Option<String>, dump: &Location) -> String {
    format!("--bin {} and {}", program.as_deref().unwrap_or_default(), dump.label)
}

fn open(location: &Location, limits: Limits, files: &Files) -> Result<Vec<u8>> {
    let input = files.open_all(std::slice::from_ref(location))?.pop();
    let input = input.with_context(|| format!("{}: not opened", location.label))?;
    Ok(load::read_heap_dump(input, limits)?)
}

/// The stacks of a heap profile, and its period.
///
/// # Errors
/// Where it cannot be loaded.
pub(super) fn known(heap: &Location, limits: Limits, files: &Files) -> Result<(Known, Option<u64>)> {
    let loaded = load::load(files.open_all(std::slice::from_ref(heap))?, limits)?;
    let period = loaded.snapshots.last().and_then(|snapshot| snapshot.header.period);
    let known = loaded.snapshots.last().map(|snapshot| heapdump::known(&loaded.symbols, snapshot));
    Ok((known.unwrap_or_default(), period.and_then(|period| u64::try_from(period).ok())))
}

/// Whether a file is named as one of text.
pub(super) fn is_json(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "json")
}
