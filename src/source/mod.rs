//! Entrances: files, standard input, URLs, the clock, the repository around the working folder, and the source code that
//! profiles name. The only room that reads files, sockets and the clock.
//!
//! In: what the user named: a path, a URL, `label=path`, or `-`. Out: readers with a label.
//! Invariant: nothing is interpreted; what cannot be opened is an error naming it.

mod binaries;
mod checkout;
pub mod clock;
pub mod code;
mod failure;
mod files;
#[cfg(feature = "http")]
pub mod http;
mod memory;
mod place;
#[cfg(feature = "http")]
mod process;
mod recording;
mod several;
mod url;

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

pub use binaries::{Binaries, Found};
pub use checkout::{checkout, checkout_around, is_file};
pub use failure::Failure;
pub use files::{Files, LONGEST_TEXT, is_same_file};
pub use memory::memory;
pub use place::{find_upwards, is_file_at, is_there, today, variable};
#[cfg(feature = "http")]
pub use process::Process;
pub use recording::{Recording, Taken, remove};
pub use several::{distinct, files_below, several};
pub use url::{GOROUTINES, HEAP, Url};

/// Why an input could not be read.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum Error {
    /// It could not be opened or read.
    #[error("{input}: {}", reason(cause))]
    Unreadable {
        /// What it is [`called`](crate::model::called).
        input: String,
        /// What the system said.
        cause: io::Error,
    },
    /// It is a directory.
    #[error("{input}: this is a directory, not a file")]
    Directory {
        /// What it is [`called`](crate::model::called).
        input: String,
    },
    /// It is a URL, which is not fetched.
    #[error("{url}: leakdiff does not fetch URLs")]
    Url {
        /// The URL.
        url: String,
    },
    /// It is a URL that could not be fetched.
    #[error("{url}: {failure}")]
    Fetch {
        /// The URL, without credentials.
        url: String,
        /// Why.
        failure: Box<Failure>,
    },
    /// Published variables without those of memory.
    #[error("{url}: there are no memstats in it")]
    NoMemStats {
        /// The URL, without credentials.
        url: String,
    },
    /// A header cannot be sent.
    #[error("the header {name:?} cannot be sent: its name or value has characters that headers have not")]
    Header {
        /// Its name.
        name: String,
    },
    /// A file for TLS holds nothing of what is wanted from it.
    #[error("{input}: there is no {what} in it, in PEM (-----BEGIN ...)")]
    Pem {
        /// Its path.
        input: String,
        /// `certificate` or `private key`.
        what: &'static str,
    },
    /// It is not text.
    #[error("{input}: not UTF-8 text")]
    NotText {
        /// Its path.
        input: String,
    },
    /// It is longer than a text of its kind can be.
    #[error("{input}: larger than {limit} bytes: this is the wrong file")]
    TooLong {
        /// Its path.
        input: String,
        /// The most that is read, in bytes.
        limit: u64,
    },
    /// A folder or a pattern stands for no file.
    #[error("{input}: {}", if *is_folder { "this is a directory, and there is no file in it" } else { "there is no file that matches" })]
    NoFiles {
        /// What the user named.
        input: String,
        /// Whether that is a folder.
        is_folder: bool,
    },
    /// Standard input was named more than once.
    #[error("standard input (-) can be given only once")]
    StdinTwice,
}

impl Error {
    /// The same of what the user named without a scheme, and may have meant as a file.
    #[cfg(feature = "http")]
    #[must_use]
    fn of_bare(mut self, named: &str) -> Self {
        if let Error::Fetch { failure, .. } = &mut self
            && let Failure::Unreachable { is_bare, .. } = &mut **failure
        {
            *is_bare = !named.contains("://");
        }
        self
    }

    /// Whether a server says that it does not have what was asked for.
    pub fn is_absence(&self) -> bool {
        match self {
            Error::Fetch { failure, .. } => failure.is_absent(),
            Error::NoMemStats { .. } => true,
            _ => false,
        }
    }

    /// Whether it is only that it was to stop.
    pub fn is_interruption(&self) -> bool {
        matches!(self, Error::Fetch { failure, .. } if matches!(**failure, Failure::Interrupted))
    }

    /// What the user can do about it, where there is something.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Error::Url { .. } => Some("download it first: curl -o heap.pb.gz 'URL'"),
            Error::Fetch { failure, .. } => failure.hint(),
            _ => None,
        }
    }
}

fn reason(cause: &io::Error) -> String {
    match cause.kind() {
        io::ErrorKind::NotFound => "no such file".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => cause.to_string(),
    }
}

/// What the user named, split into label and path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// What to call it.
    pub label: String,
    /// A path, or `-` for standard input.
    pub path: PathBuf,
}

impl Location {
    /// Reads `label=path`, `path` or `-`. An existing file whose name holds a `=` is that file.
    pub fn parse(text: &OsStr) -> Self {
        match split_once(text, '=') {
            Some((label, path)) if !label.is_empty() && !label.contains(['/', '?']) && !Path::new(text).exists() => {
                Self { label: label.to_owned(), path: path.into() }
            }
            _ => Self { label: text.to_string_lossy().into_owned(), path: text.into() },
        }
    }

    /// A file, called by its path.
    pub fn of(path: PathBuf) -> Self {
        Self { label: path.display().to_string(), path }
    }

    /// The URL that it is, where there is no file of this name.
    pub fn url(&self) -> Option<Url> {
        let url = self.path.to_str().and_then(Url::named)?;
        (!self.path.exists()).then_some(url)
    }

    /// Whether it is standard input.
    pub fn is_stdin(&self) -> bool {
        self.path.as_os_str() == "-"
    }
}

/// What stands before the first of these (ASCII) characters, which has to be text, and what stands after it, which may be
/// any path.
pub fn split_once(text: &OsStr, character: char) -> Option<(&str, &OsStr)> {
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt;
        let bytes = text.as_bytes();
        let at = bytes.iter().position(|byte| char::from(*byte) == character)?;
        Some((std::str::from_utf8(&bytes[..at]).ok()?, OsStr::from_bytes(&bytes[at + 1..])))
    }
    #[cfg(not(unix))]
    {
        let (before, after) = text.to_str()?.split_once(character)?;
        Some((before, OsStr::new(after)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_come_before_the_first_equals_sign() {
        let parse = |text: &str| Location::parse(OsStr::new(text));
        assert_eq!(parse("before=a/b=c.pb.gz"), Location { label: "before".into(), path: "a/b=c.pb.gz".into() });
        assert_eq!(parse("a/b=c.pb.gz").path, Path::new("a/b=c.pb.gz"));
        assert_eq!(parse("heap.pb.gz").label, "heap.pb.gz");
        assert_eq!(parse("http://host:6060/debug/pprof/heap?gc=1").label, "http://host:6060/debug/pprof/heap?gc=1");
    }
}
