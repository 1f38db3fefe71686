//! A folder of snapshots of a process: what its files are called.
//!
//! In: a folder, a moment. Out: names of files; the snapshots that are there. Invariant: the names of a kind sort by time, and a
//! file with another name is none of ours. Writes nothing; removes only what it names.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::Error;

/// What is taken of a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Taken {
    /// The heap profile.
    Heap,
    /// The profile of its goroutines.
    Goroutines,
    /// `runtime.MemStats`.
    MemStats,
}

impl Taken {
    /// In the order in which they are taken: the heap first, which the others would change.
    pub const ALL: [Taken; 3] = [Taken::Heap, Taken::Goroutines, Taken::MemStats];

    /// What a file begins and ends with; its time stands between.
    fn ends(self) -> (&'static str, &'static str) {
        match self {
            Taken::Heap => ("heap.", ".pb.gz"),
            Taken::Goroutines => ("goroutine.", ".pb.gz"),
            Taken::MemStats => ("memstats.", ".json"),
        }
    }

    /// What it is called in a sentence.
    pub fn word(self) -> &'static str {
        match self {
            Taken::Heap => "heap",
            Taken::Goroutines => "goroutines",
            Taken::MemStats => "MemStats",
        }
    }
}

/// A moment as it stands in the name of a file: `20261127T082108Z`.
const STAMP: &str = "%Y%m%dT%H%M%SZ";

/// A folder that snapshots are kept in.
#[derive(Debug, Clone)]
pub struct Recording {
    folder: PathBuf,
}

impl Recording {
    /// That of this folder, which need not be there.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The file of what is taken at a moment.
    pub fn file(&self, taken: Taken, time: Timestamp) -> PathBuf {
        let (beginning, ending) = taken.ends();
        self.folder.join(format!("{beginning}{}{ending}", time.strftime(STAMP)))
    }

    /// The files of what was taken, the oldest first; none where there is no such folder.
    ///
    /// # Errors
    /// A folder that cannot be read.
    pub fn files(&self, taken: Taken) -> Result<Vec<PathBuf>, Error> {
        let unreadable = |cause| Error::Unreadable { input: self.folder.display().to_string(), cause };
        let entries = match fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(cause) => return Err(unreadable(cause)),
        };
        let names = entries.map(|entry| entry.map(|entry| entry.file_name())).collect::<io::Result<Vec<_>>>();
        let mut names = names.map_err(unreadable)?;
        names.retain(|name| name.to_str().is_some_and(|name| is_of(taken, name)));
        names.sort();
        Ok(names.into_iter().map(|name| self.folder.join(name)).collect())
    }

    /// Removes the oldest of each kind, but for the newest `most`.
    ///
    /// # Errors
    /// The first file that cannot be removed.
    pub fn keep(&self, most: usize) -> Result<(), Error> {
        for taken in Taken::ALL {
            let files = self.files(taken)?;
            for file in &files[..files.len().saturating_sub(most)] {
                remove(file)?;
            }
        }
        Ok(())
    }
}

/// Removes a file that may be there.
///
/// # Errors
/// When it is there and cannot be removed.
pub fn remove(file: &Path) -> Result<(), Error> {
    match fs::remove_file(file) {
        Err(cause) if cause.kind() != io::ErrorKind::NotFound => {
            Err(Error::Unreadable { input: file.display().to_string(), cause })
        }
        _ => Ok(()),
    }
}

fn is_of(taken: Taken, name: &str) -> bool {
    let (beginning, ending) = taken.ends();
    let stamp = name.strip_prefix(beginning).and_then(|rest| rest.strip_suffix(ending));
    stamp.is_some_and(|stamp| jiff::civil::DateTime::strptime(STAMP, stamp).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_kind_and_time() {
        let time: Timestamp = "2026-11-27T08:21:08.9Z".parse().expect("a time");
        let name = |taken| Recording::new("x").file(taken, time).display().to_string();
        assert_eq!(name(Taken::Heap), "x/heap.20261127T082108Z.pb.gz");
        assert_eq!(name(Taken::Goroutines), "x/goroutine.20261127T082108Z.pb.gz");
        assert_eq!(name(Taken::MemStats), "x/memstats.20261127T082108Z.json");
        assert!(is_of(Taken::Heap, "heap.20261127T082108Z.pb.gz"));
        for name in ["heap.pb.gz", "heap.1.pb.gz", "heap.20261327T082108Z.pb.gz", "my-heap.20261127T082108Z.pb.gz"] {
            assert!(!is_of(Taken::Heap, name), "{name}");
        }
    }

    #[test]
    fn only_the_oldest_of_ours_are_removed() {
        let folder = tempfile::tempdir().expect("a folder");
        for name in ["heap.20260101T000000Z.pb.gz", "heap.20260102T000000Z.pb.gz", "heap.old.pb.gz", "heap1.pb.gz"] {
            fs::copy(file!(), folder.path().join(name)).expect("a file");
        }
        let recording = Recording::new(folder.path());
        recording.keep(1).expect("removed");
        let left = recording.files(Taken::Heap).expect("files");
        assert_eq!(left, [folder.path().join("heap.20260102T000000Z.pb.gz")]);
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 3);
    }
}
