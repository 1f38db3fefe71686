//! From inputs to what is known of the processes they are of: profiles, further metrics, names of native addresses, memory.
//!
//! In: [`ProcessArgs`], opened inputs. Out: snapshots for a diff. Invariant: what stands beside the profiles is given for each
//! of them, in their order. Decides which files are opened, and leaves what they say to the rooms that read them.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};

use crate::diff::Diff;
use crate::heapdump;
use crate::load::{self, Input, Limits, Loaded};
use crate::model::Resident;
use crate::source::{self, Binaries, Files, LONGEST_TEXT, Location};
use crate::symbolize::{self, Opened, Wanted};

use super::dumps::{Dumps, Told};
use super::process_args::ProcessArgs;

/// What is known beside the profiles.
#[derive(Default)]
pub(super) struct Process {
    /// How many profiles there are; a recorded baseline stands before them.
    profiles: usize,
    binaries: Binaries,
    also: Vec<Location>,
    rss: Vec<OsString>,
    /// Heap dumps, and the program that wrote them.
    dumps: Vec<Location>,
    program: Option<PathBuf>,
}

impl Process {
    /// Checks the arguments for so many profiles.
    pub fn new(args: &ProcessArgs, profiles: usize) -> Result<Self> {
        let binaries = Binaries::new(args.bin.clone(), args.debug_dir.clone())
            .context("--bin takes programs and libraries (or the word auto), --debug-dir folders")?;
        if !args.also.is_empty() && !args.also.len().is_multiple_of(profiles.max(1)) {
            bail!("--also: {}: give one for each, in their order", counts(args.also.len(), profiles));
        }
        let also = args.also.iter().map(|input| Location::parse(input)).collect();
        let dumps = args.dump.iter().map(|dump| Location::parse(dump)).collect();
        let program = args.bin.first().filter(|program| program.as_os_str() != "auto").cloned();
        Ok(Self { profiles, binaries, also, rss: args.rss.clone(), dumps, program })
    }

    /// Takes for heap dumps what is compared, where no others are named: two are needed to tell growth.
    pub fn takes_dumps(&mut self, profiles: &[Location]) -> Result<()> {
        if self.dumps.is_empty() {
            self.dumps = profiles.to_vec();
        }
        if self.dumps.len() < 2 {
            bail!("--max-holder-growth: two heap dumps are needed, one before and one after: --dump BEFORE AFTER");
        }
        Ok(())
    }

    /// Who holds what, by the heap dumps, where there are any; the newest profile is of the moment of the last.
    pub fn holders(&self, diff: &Diff, limits: Limits, files: &Files) -> Result<Option<Told>> {
        if self.dumps.is_empty() {
            return Ok(None);
        }
        let newest = diff.snapshots.last();
        let period = newest.and_then(|newest| u64::try_from(newest.header.period?).ok());
        let dumps = Dumps {
            known: newest.map(|newest| heapdump::known(&diff.symbols, newest)).unwrap_or_default(),
            period,
            limits,
            ..Dumps::new(self.dumps.clone(), self.program.clone())
        };
        dumps.read(files).map(Some)
    }

    /// Loads the profiles with all that is known.
    pub fn load(&self, mut inputs: Vec<Input>, limits: Limits, files: &Files) -> Result<Loaded> {
        let first = inputs.len().saturating_sub(self.profiles);
        inputs.extend(files.open_all(&self.also)?);
        let mut loaded = load::load(inputs, limits)?;
        if !self.also.is_empty() {
            loaded = loaded.join(first, self.profiles)?;
        }
        self.complete(&mut loaded, first, files)?;
        Ok(loaded)
    }

    /// Whether further metrics are given in files of their own.
    pub fn has_more_metrics(&self) -> bool {
        !self.also.is_empty()
    }

    /// Adds the memory of the process and the names of addresses to profiles, the first so many being a baseline's.
    pub fn complete(&self, loaded: &mut Loaded, first: usize, files: &Files) -> Result<()> {
        self.count_memory(loaded, first, files)?;
        self.name(loaded, files);
        Ok(())
    }

    /// Puts the memory of the process beside each profile.
    fn count_memory(&self, loaded: &mut Loaded, first: usize, files: &Files) -> Result<()> {
        let profiles = loaded.snapshots.len().saturating_sub(first);
        if !self.rss.is_empty() && self.rss.len() != profiles {
            let counts = counts(self.rss.len(), profiles);
            bail!("--rss: {counts}: give one for each, in their order");
        }
        for (snapshot, named) in loaded.snapshots.iter_mut().skip(first).zip(&self.rss) {
            snapshot.header.resident = Some(resident(named, files)?);
        }
        Ok(())
    }

    /// Names native addresses, where the user permits to open a binary.
    fn name(&self, loaded: &mut Loaded, files: &Files) {
        if self.binaries.is_empty() {
            return;
        }
        let most_bytes = source::memory().map_or(symbolize::MOST_BYTES, |memory| symbolize::MOST_BYTES.min(memory / 2));
        symbolize::symbolize(loaded, most_bytes, &mut |wanted| {
            let found = match wanted {
                Wanted::Binary { file, build_id, is_main } => self.binaries.binary(file, build_id, is_main, files),
                Wanted::DebugFile { binary, build_id, link } => self.binaries.debug_file(binary, build_id, link, files),
            };
            let opened = found.into_iter().map(|found| Opened {
                path: found.path.display().to_string(),
                content: Box::new(found.file),
                is_expected: found.is_expected,
            });
            opened.collect()
        });
    }
}

/// `2 files for 3 profiles`.
fn counts(files: usize, profiles: usize) -> String {
    let count = |number: usize, what: &str| format!("{number} {what}{}", if number == 1 { "" } else { "s" });
    format!("{} for {}", count(files, "file"), count(profiles, "profile"))
}

/// The memory that a file tells of, or of a process that runs here the system.
fn resident(named: &OsString, files: &Files) -> Result<Resident> {
    let path = Path::new(named);
    let is_process =
        named.to_str().is_some_and(|text| text.bytes().all(|byte| byte.is_ascii_digit())) && !path.exists();
    let places = match is_process {
        true => ["smaps_rollup", "status"].map(|file| Path::new("/proc").join(path).join(file)).to_vec(),
        false => vec![PathBuf::from(path)],
    };
    let name = path.display();
    let mut text = None;
    for place in &places {
        // Of a process of another user only one of the two may be read.
        match files.text(place, LONGEST_TEXT) {
            Ok(found) => text = text.or(found),
            Err(error) if !is_process => return Err(error.into()),
            Err(_) => {}
        }
    }
    let text = text.ok_or_else(|| match is_process {
        true => anyhow!("--rss {name}: no process here has this number, or its memory may not be read"),
        false => anyhow!("--rss {name}: no such file"),
    })?;
    load::resident(&text).ok_or_else(|| {
        anyhow!(
            "--rss {name}: this is no text on memory: copy /proc/PID/smaps_rollup, /proc/PID/status or a control \
             group's memory.stat"
        )
    })
}
