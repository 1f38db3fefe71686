//! What a profile may lie in: the headers of an HTTP response (`curl -i`), then gzip.
//!
//! In: the bytes of an input. Out: those of the profile, and what was taken off.
//! Invariant: only what surely is no part of the profile is taken off. An answer of a server that says that it has no
//! profile is an error that shows it.
//! Knows no format.

use std::io::{BufRead, BufReader, Cursor, Read};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::error::{Problem, excerpt};
use super::gzip::{self, Gzip, read_start};

/// An input out of its envelope.
pub(super) struct Opened {
    /// The profile, decompressed.
    pub content: Box<dyn Read + Send>,
    /// Whether it was compressed.
    pub is_gzip: bool,
    /// How many lines stood before it.
    pub lines: u64,
    /// Whether bytes stand after the gzip stream; told once the content has been read.
    pub has_rest: Arc<AtomicBool>,
}

/// How much is read ahead of the decompressor.
const READ_AHEAD: usize = 128 << 10;
/// The beginning of a response.
const RESPONSE: &[u8] = b"HTTP/";
/// Most bytes of the headers of a response: servers and proxies refuse more than a few times less.
const LONGEST_HEADERS: u64 = 256 << 10;

/// Takes the profile out of what it lies in.
pub(super) fn open(content: Box<dyn Read + Send>) -> Result<Opened, Problem> {
    let unreadable = |cause| Problem::Unreadable { cause };
    let mut bytes = BufReader::with_capacity(READ_AHEAD, content);
    let mut start = read_start(&mut bytes, RESPONSE.len()).map_err(unreadable)?;
    if start.is_empty() {
        return Err(Problem::Empty);
    }
    let (mut lines, mut status) = (0, None);
    // There are several where a proxy was asked first, or a redirection was followed.
    while start == RESPONSE {
        let headers = Headers::read(&mut bytes)?;
        lines += headers.lines;
        status = Some(headers.status);
        start = read_start(&mut bytes, RESPONSE.len()).map_err(unreadable)?;
    }
    if let Some(status) = status {
        check_answer(&status, &start, &mut bytes)?;
    }
    let is_gzip = start.starts_with(gzip::MAGIC);
    let bytes = Cursor::new(start).chain(bytes);
    let (content, has_rest): (Box<dyn Read + Send>, _) = if is_gzip {
        let (gzip, has_rest) = Gzip::new(bytes);
        (Box::new(gzip), has_rest)
    } else {
        (Box::new(bytes), Arc::default())
    };
    Ok(Opened { content, is_gzip, lines, has_rest })
}

/// The headers of one response.
struct Headers {
    /// The first line: `HTTP/1.1 200 OK`.
    status: String,
    lines: u64,
}

impl Headers {
    /// Reads what follows [`RESPONSE`] up to the empty line and with it.
    fn read(bytes: &mut impl BufRead) -> Result<Self, Problem> {
        let mut text = bytes.take(LONGEST_HEADERS);
        let mut headers = Self { status: String::new(), lines: 0 };
        loop {
            let mut line = Vec::new();
            text.read_until(b'\n', &mut line).map_err(|cause| Problem::Unreadable { cause })?;
            let Some(ended) = line.strip_suffix(b"\n") else {
                return Err(Problem::Malformed("the headers of an HTTP response do not end".to_owned()));
            };
            headers.lines += 1;
            if headers.lines == 1 {
                headers.status = format!("HTTP/{}", String::from_utf8_lossy(ended).trim_end());
            }
            if ended.trim_ascii_end().is_empty() {
                return Ok(headers);
            }
        }
    }
}

/// Refuses an answer that says it is no success, or that has nothing in it.
fn check_answer(status: &str, start: &[u8], bytes: &mut impl BufRead) -> Result<(), Problem> {
    let is_success = status.split_ascii_whitespace().nth(1).is_some_and(|code| code.starts_with('2'));
    if is_success && !start.is_empty() {
        return Ok(());
    }
    let mut body = start.to_vec();
    // What cannot be read is not shown.
    body.extend(read_start(bytes, 1024).unwrap_or_default());
    let answer = if body.starts_with(gzip::MAGIC) { status.to_owned() } else { format!("{status} {}", excerpt(&body)) };
    Err(Problem::Foreign {
        what: "the answer of a server without a profile",
        hint: "the server may have refused the request; check the URL and fetch it again",
        begins: excerpt(answer.as_bytes()),
    })
}
