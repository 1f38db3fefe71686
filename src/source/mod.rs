//! Entrances: files, standard input, the clock, the repository around the working folder, and the source code that
//! profiles name. The only room that reads files, sockets and the clock.
//!
//! In: what the user named: a path, `label=path`, or `-`. Out: readers with a label.
//! Invariant: nothing is interpreted; what cannot be opened is an error naming it.

mod checkout;
pub mod code;
mod memory;
mod place;

pub use checkout::{checkout, checkout_around, is_file};

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use thiserror::Error;

use crate::load::Input;
use crate::model::called;
pub use memory::memory;
pub use place::{find_upwards, read_text, today};

/// Why an input could not be read.
#[derive(Debug, Error)]
pub enum Error {
    /// It could not be opened or read.
    #[error("{input}: {}", reason(cause))]
    Unreadable {
        /// What it is [`called`].
        input: String,
        /// What the system said.
        cause: io::Error,
    },
    /// It is a directory.
    #[error("{input}: this is a directory, not a profile")]
    Directory {
        /// What it is [`called`].
        input: String,
    },
    /// It is a URL, which is not fetched.
    #[error("{url}: this is a URL, which is not fetched")]
    Url {
        /// The URL.
        url: String,
    },
    /// It is not text.
    #[error("{input}: this is not a text in UTF-8")]
    NotText {
        /// Its path.
        input: String,
    },
    /// Standard input was named more than once.
    #[error("standard input (-) can be given only once")]
    StdinTwice,
}

impl Error {
    /// What the user can do about it, where there is something.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Error::Url { .. } => Some("fetch it first and give the file: curl -o heap.pb.gz 'URL'"),
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
    pub path: String,
}

impl Location {
    /// Reads `label=path`, `path` or `-`. An existing file whose name holds a `=` is that file.
    pub fn parse(text: &str) -> Self {
        let whole = |text: &str| Self { label: text.to_owned(), path: text.to_owned() };
        match text.split_once('=') {
            Some((label, path)) if !label.is_empty() && !label.contains('/') && !Path::new(text).exists() => {
                Self { label: label.to_owned(), path: path.to_owned() }
            }
            _ => whole(text),
        }
    }
}

/// Opens all inputs. Files are read while they are decoded; `stdin` is read whole where `-` is named.
///
/// # Errors
/// The first input that cannot be opened.
pub fn open_all(locations: &[Location], stdin: &mut dyn Read) -> Result<Vec<Input>, Error> {
    if locations.iter().filter(|location| location.path == "-").count() > 1 {
        return Err(Error::StdinTwice);
    }
    locations.iter().map(|location| open(location, stdin)).collect()
}

fn open(location: &Location, stdin: &mut dyn Read) -> Result<Input, Error> {
    let Location { label, path } = location.clone();
    if path == "-" {
        let mut bytes = Vec::new();
        let label = if label == "-" { "stdin".to_owned() } else { label };
        return match stdin.read_to_end(&mut bytes) {
            Ok(_) => Ok(Input { label, path, content: Box::new(io::Cursor::new(bytes)) }),
            Err(cause) => Err(Error::Unreadable { input: called(&label, &path), cause }),
        };
    }
    match File::open(&path).and_then(|file| file.metadata().map(|metadata| (file, metadata))) {
        Ok((_, metadata)) if metadata.is_dir() => Err(Error::Directory { input: called(&label, &path) }),
        Ok((file, _)) => Ok(Input { label, path, content: Box::new(file) }),
        Err(_) if is_url(&path) => Err(Error::Url { url: path }),
        Err(cause) => Err(Error::Unreadable { input: called(&label, &path), cause }),
    }
}

/// Whether a path that is no file is a URL, with its scheme or, as Go's tools take it, without.
fn is_url(path: &str) -> bool {
    path.starts_with("http://") || path.starts_with("https://") || path.contains("/debug/pprof/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_come_before_the_first_equals_sign() {
        let parse = |text| Location::parse(text);
        assert_eq!(parse("before=a/b=c.pb.gz"), Location { label: "before".into(), path: "a/b=c.pb.gz".into() });
        assert_eq!(parse("a/b=c.pb.gz").path, "a/b=c.pb.gz");
        assert_eq!(parse("heap.pb.gz").label, "heap.pb.gz");
        assert_eq!(parse("http://host:6060/debug/pprof/heap?gc=1").label, "http://host:6060/debug/pprof/heap?gc=1");
    }
}
