//! What `leakdiff watch` watches: a process or a folder, as a series that goes on.
//!
//! In: a URL or a folder. Out: the profiles of the newest snapshots. Invariant: no more than so many are kept.

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use crate::load::Input;
use crate::source::clock::Stop;
use crate::source::{Error, Files, Location, Process, Taken, several};

use super::wait::{Profile, Seen};

/// What is watched.
pub(super) enum Watched {
    /// A running process, and what was seen of it.
    Process(Box<Process>, Seen),
    /// A folder, and the heaps that were in it.
    Folder(PathBuf, Vec<PathBuf>),
}

impl Watched {
    /// What a name stands for: a folder that is there, else a URL.
    pub fn new(name: &OsStr, files: &Files) -> Result<Self> {
        let location = Location::parse(name);
        match location.url() {
            _ if location.path.is_dir() => Ok(Self::Folder(location.path, Vec::new())),
            Some(url) => Ok(Self::Process(Box::new(Process::new(url, files.client()?)), Seen::default())),
            None => bail!("{}: neither a folder nor a URL; write for example host:6060", location.label),
        }
    }

    /// What it is called.
    pub fn title(&self) -> String {
        match self {
            Self::Process(process, _) => process.heap().to_string(),
            Self::Folder(folder, _) => folder.display().to_string(),
        }
    }

    /// Takes what is new; whether there is anything.
    pub fn refresh(&mut self, keep: usize, stop: &Stop) -> Result<bool> {
        match self {
            Self::Process(process, seen) => take(process, seen, keep, stop).map(|()| true),
            Self::Folder(folder, known) => {
                let heaps = newest(listed(folder, "heap")?, keep);
                if heaps.is_empty() {
                    bail!("{}: there is no heap*.pb.gz in it", folder.display());
                }
                let is_new = heaps != *known;
                *known = heaps;
                Ok(is_new)
            }
        }
    }

    /// How many snapshots there are.
    pub fn len(&self) -> usize {
        match self {
            Self::Process(_, seen) => seen.profiles.len(),
            Self::Folder(_, heaps) => heaps.len(),
        }
    }

    /// The inputs of a comparison: heaps, and goroutines where there are as many.
    pub fn inputs(&self) -> Result<(Vec<Input>, Vec<Input>)> {
        match self {
            Self::Process(_, seen) => Ok(seen.inputs()),
            Self::Folder(folder, heaps) => {
                let all = listed(folder, "heap")?;
                let goroutines = listed(folder, "goroutine")?;
                let is_whole = goroutines.len() == all.len();
                let beside = if is_whole { newest(goroutines, heaps.len()) } else { Vec::new() };
                // What is watched is still being written: what was read of it is no reason against that.
                let files = Files::new(Box::new(io::empty()));
                let open = |paths: &[PathBuf]| {
                    let locations: Vec<Location> = paths.iter().cloned().map(Location::of).collect();
                    files.open_all(&locations)
                };
                Ok((open(heaps)?, open(&beside)?))
            }
        }
    }
}

/// Takes heap and goroutines of a process, and forgets the oldest.
fn take(process: &Process, seen: &mut Seen, keep: usize, stop: &Stop) -> Result<()> {
    for kind in [Taken::Heap, Taken::Goroutines] {
        let Some(answer) = process.take(kind, !seen.profiles.is_empty(), stop) else { continue };
        let profiles = if kind == Taken::Heap { &mut seen.profiles } else { &mut seen.goroutines };
        match answer {
            Ok(bytes) => profiles.push(Profile::new(process.heap().to_string(), bytes)),
            Err(error) if kind == Taken::Heap => return Err(error.into()),
            Err(_) => profiles.clear(),
        }
        profiles.drain(..profiles.len().saturating_sub(keep));
    }
    Ok(())
}

/// The profiles of a folder whose names begin so, by name, which is by time where `leakdiff capture` took them.
fn listed(folder: &Path, beginning: &str) -> Result<Vec<PathBuf>> {
    let files = match several(folder.as_os_str()) {
        Err(Error::NoFiles { .. }) => Vec::new(),
        files => files?.unwrap_or_default(),
    };
    let is_one = |path: &PathBuf| {
        let name = path.file_name().and_then(OsStr::to_str);
        name.is_some_and(|name| name.starts_with(beginning) && name.ends_with(".pb.gz"))
    };
    Ok(files.into_iter().filter(is_one).collect())
}

fn newest(mut files: Vec<PathBuf>, most: usize) -> Vec<PathBuf> {
    files.drain(..files.len().saturating_sub(most));
    files
}
