//! Formats that people hand over by mistake, recognised by their first bytes, each with what to do instead.
//!
//! In: the beginning of a decompressed input. Out: what it is, if it is one of these.
//! Nothing here is decoded. What a server may have said instead of sending a profile is shown.

use super::error::{Problem, excerpt};

/// A recognisable format that is not read.
struct Foreign {
    what: &'static str,
    hint: &'static str,
    starts: &'static [&'static [u8]],
}

const fn foreign(what: &'static str, hint: &'static str, starts: &'static [&'static [u8]]) -> Foreign {
    Foreign { what, hint, starts }
}

/// How a heap profile of Go is fetched.
const FETCH: &str = "give a profile, e.g. curl -o heap.pb.gz 'http://HOST:PORT/debug/pprof/heap?gc=1'";

/// Formats that cannot be taken for a text around a profile.
const FOREIGN: &[Foreign] = &[
    foreign("a gzip stream inside a gzip stream", "gunzip it once", &[b"\x1f\x8b"]),
    foreign(
        "a gzip stream that was written as text",
        "fetch it again with curl -o heap.pb.gz URL; do not use > in PowerShell",
        // The second byte as Latin-1, Windows-1252, code page 437, and where it was no text at all.
        &[b"\x1f\xc2\x8b", b"\x1f\xe2\x80\xb9", b"\x1f\xc3\xaf", b"\x1f\xef\xbf\xbd"],
    ),
    foreign("an ELF binary", "give the profile, not the program", &[b"\x7fELF"]),
    foreign(
        "a contention profile in text form",
        "fetch the binary form: the same URL without the debug parameter",
        &[b"--- contention", b"--- mutex", b"--- block"],
    ),
    foreign("a perf.data file", "convert it with perf_to_profile", &[b"PERFILE2"]),
    foreign(
        "a JVM heap dump (hprof)",
        "it contains objects, not allocation stacks; open it with Eclipse Memory Analyzer or VisualVM",
        &[b"JAVA PROFILE 1."],
    ),
    foreign("a Java Flight Recorder recording", "convert it to pprof first, or open it with jfr print", &[b"FLR\0"]),
    foreign("a zip archive", "unpack it first", &[b"PK\x03\x04"]),
    foreign("a 7z archive", "unpack it first", &[b"7z\xbc\xaf\x27\x1c"]),
    foreign("a zstd stream", "decompress it first: unzstd", &[b"\x28\xb5\x2f\xfd"]),
    foreign("an xz stream", "decompress it first: unxz", &[b"\xfd7zXZ\0"]),
    foreign("a bzip2 stream", "decompress it first: bunzip2", &[b"BZh"]),
    foreign(
        "a Git LFS pointer; the file itself was not downloaded",
        "download the files: git lfs pull",
        &[b"version https://git-lfs.github.com/spec/", b"version https://hawser.github.com/spec/"],
    ),
];

const TAR: Foreign = foreign("a tar archive", "unpack it first: tar -xf FILE", &[b"ustar"]);
/// Where a tar archive has its sign, in the header of its first file.
const SIGN_OF_TAR: usize = 257;

const GO_DUMP: Foreign = foreign(
    "a heap dump of Go (debug.WriteHeapDump) without one whole object, or of Go 1.6 or older",
    "take the dump again; what grew, a heap profile tells as well: \
     curl -o heap.pb.gz 'http://HOST:PORT/debug/pprof/heap?gc=1'",
    &[b"go1."],
);
/// What its first line ends in.
const SIGN_OF_GO_DUMP: &[u8] = b" heap dump";

const HTML: Foreign = foreign(
    "an HTML page",
    "the server sent a page, perhaps an error or a login; open the URL in a browser",
    &[b"<!DOCTYPE", b"<!doctype", b"<html", b"<HTML"],
);
const JSON: Foreign = foreign("JSON", "give the profile itself", &[b"{\"", b"{\n", b"{\r\n", b"[{"]);
const TEXT: Foreign = foreign("text", FETCH, &[]);
const BASE64: Foreign = foreign(
    "a profile as base64 text",
    "decode it first: base64 -d FILE > heap.pb.gz",
    // Of gzip, and of a profile that begins with a sample type or a string.
    &[b"H4sI", b"CgQI", b"CgYI", b"CgII", b"MgAy"],
);

impl Foreign {
    fn begins(&self, bytes: &[u8]) -> bool {
        self.starts.iter().any(|start| bytes.starts_with(start))
    }

    fn problem(&self, begins: String) -> Problem {
        Problem::Foreign { what: self.what, hint: self.hint, begins }
    }
}

/// The problem to report when `beginning` is that of a known format that is not read, and no text around a profile.
pub(super) fn by_signature(beginning: &[u8]) -> Option<Problem> {
    let line = || beginning.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let foreign = match beginning {
        _ if beginning.get(SIGN_OF_TAR..).is_some_and(|sign| TAR.begins(sign)) => &TAR,
        _ if GO_DUMP.begins(beginning) && line().ends_with(SIGN_OF_GO_DUMP) => &GO_DUMP,
        _ if HTML.begins(beginning.trim_ascii_start()) => return Some(HTML.problem(title(beginning))),
        _ => FOREIGN.iter().find(|foreign| foreign.begins(beginning))?,
    };
    Some(foreign.problem(String::new()))
}

/// The problem of a heap dump of Go that has nothing to tell.
pub(super) fn bare_heap_dump() -> Problem {
    GO_DUMP.problem(String::new())
}

/// The problem to report when `beginning` is that of a text in which no profile stands.
pub(super) fn as_text(beginning: &[u8]) -> Option<Problem> {
    if is_base64(beginning) {
        return Some(BASE64.problem(String::new()));
    }
    let foreign = match beginning.trim_ascii_start() {
        json if JSON.begins(json) => &JSON,
        _ if is_text(beginning) => &TEXT,
        _ => return None,
    };
    Some(foreign.problem(excerpt(beginning)))
}

/// The title of an HTML page.
fn title(page: &[u8]) -> String {
    let page = String::from_utf8_lossy(page);
    let title = page.split_once("<title>").and_then(|(_, rest)| rest.split_once("</title>"));
    title.map_or(String::new(), |(title, _)| excerpt(title.as_bytes()))
}

/// Letters of base64 alone, in lines or quotes or not, that stand for the beginning of a profile.
fn is_base64(beginning: &[u8]) -> bool {
    let inside = beginning.strip_prefix(b"\"").unwrap_or(beginning);
    let is_letter = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/-_=\r\n\"".contains(byte);
    BASE64.begins(inside) && inside.iter().all(is_letter)
}

/// Text with white space and no other control characters. A protobuf profile has those (field keys, lengths) from the
/// start.
fn is_text(beginning: &[u8]) -> bool {
    let text = super::text::beginning(beginning);
    // A character may be cut at the end of what was read.
    let is_whole = text.len() + 4 > beginning.len();
    let is_plain = |character: char| !character.is_control() || matches!(character, '\t' | '\n' | '\r' | '\u{1b}');
    is_whole && beginning.len() >= 8 && text.chars().all(is_plain)
}
