//! What can be wrong with an input, in words for the person who must fix it.
//!
//! Invariant: every message names the input, what is wrong and, where the format has positions, where.

use thiserror::Error;

/// Why an input could not be loaded.
#[derive(Debug, Error)]
#[error("{input}: {problem}")]
pub struct Error {
    /// What the input is [`called`](crate::model::called).
    pub input: String,
    /// What is wrong with it.
    pub problem: Problem,
}

/// What is wrong with an input.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum Problem {
    /// The system could not read it.
    #[error("cannot be read: {cause}")]
    Unreadable {
        /// What the system said.
        cause: std::io::Error,
    },
    /// No bytes at all.
    #[error("the file is empty")]
    Empty,
    /// The gzip stream decompresses to nothing.
    #[error("the file is a gzip stream of nothing")]
    EmptyGzip,
    /// The compressed stream stops early.
    #[error("the gzip stream ends early, after {inflated} decompressed bytes")]
    TruncatedGzip {
        /// How many bytes came out before the end.
        inflated: u64,
    },
    /// The compressed stream is damaged.
    #[error("the gzip stream is damaged after {inflated} decompressed bytes: {cause}")]
    DamagedGzip {
        /// How many bytes came out before the damage.
        inflated: u64,
        /// What the decompressor found.
        cause: String,
    },
    /// More decompressed data than allowed.
    #[error("the profile needs more than the limit of {limit} bytes when decompressed")]
    TooLarge {
        /// The limit in bytes.
        limit: u64,
    },
    /// One field or line of it is longer than allowed.
    #[error("one part of the profile is larger than the limit of {limit} bytes")]
    TooLong {
        /// The limit in bytes.
        limit: u64,
    },
    /// More inlined calls and longer names, wherever they stand, than there is memory allowed for.
    #[error("the stacks of the profile need more than the limit of {limit} bytes")]
    TooManyFrames {
        /// The limit.
        limit: u64,
    },
    /// Another known format.
    #[error("this is {what}, not a supported profile{}", shown(begins))]
    Foreign {
        /// What it is.
        what: &'static str,
        /// What to do instead.
        hint: &'static str,
        /// How it begins, where that helps: what a server said instead. Empty otherwise.
        begins: String,
    },
    /// Not valid protobuf.
    #[error("not a pprof profile, or a damaged one: byte {offset}: {cause}")]
    Wire {
        /// Position in the decompressed data.
        offset: u64,
        /// What the protobuf reader found.
        cause: String,
    },
    /// Something that cannot be decoded, inside a known part of the profile.
    #[error("{part}: {cause}")]
    Part {
        /// The part of the profile: "sample 17", "location 3", "line 40" of a text.
        part: String,
        /// What is wrong with it.
        cause: String,
    },
    /// A whole profile that breaks a rule of the format.
    #[error("malformed profile: {0}")]
    Malformed(String),
}

impl Problem {
    /// What the user can do about it, where there is something.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Problem::Foreign { hint, .. } => Some(hint),
            Problem::TruncatedGzip { .. } => Some("the download or copy is incomplete; fetch the profile again"),
            Problem::DamagedGzip { .. } => Some("the file was damaged in transfer; fetch the profile again"),
            Problem::Empty | Problem::EmptyGzip => {
                Some("the server may have refused the request; fetch the profile again")
            }
            Problem::TooLarge { .. } | Problem::TooLong { .. } | Problem::TooManyFrames { .. } => {
                Some("raise the limit with --max-inflated if you trust the file")
            }
            Problem::Wire { .. } => Some(
                "fetch the profile in pprof format, e.g. curl -o heap.pb.gz 'http://HOST:PORT/debug/pprof/heap?gc=1'",
            ),
            Problem::Unreadable { .. } | Problem::Part { .. } | Problem::Malformed(_) => None,
        }
    }
}

fn shown(begins: &str) -> String {
    if begins.is_empty() { String::new() } else { format!(": {begins}") }
}

/// The beginning of a text on one line, short enough for an error.
#[expect(clippy::indexing_slicing, reason = "no further than the end")]
pub(super) fn excerpt(text: &[u8]) -> String {
    /// In characters: two lines of a terminal.
    const LONGEST: usize = 160;
    // As many bytes as hold those characters, and white space between them.
    let text = String::from_utf8_lossy(&text[..text.len().min(16 * LONGEST)]);
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", line[..end].trim_end()),
        None => line,
    }
}

/// What is wrong, short enough for an error: of a long name in it the beginning, and what is said after it.
pub(super) fn shortened(cause: String) -> String {
    /// In characters.
    const BEGINNING: usize = 160;
    const END: usize = 80;
    let end = cause.char_indices().rev().nth(END - 1).map_or(0, |(at, _)| at);
    match cause.char_indices().nth(BEGINNING) {
        Some((start, _)) if start < end => format!("{}…{}", &cause[..start], &cause[end..]),
        _ => cause,
    }
}
