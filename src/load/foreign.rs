//! Formats that people hand over by mistake, recognised by their first bytes, each with what to do instead.
//!
//! In: the beginning of a decompressed input. Out: what it is, if it is one of these.
//! Nothing here is decoded.

use super::error::Problem;

/// A recognisable format that is not read.
struct Foreign {
    what: &'static str,
    hint: &'static str,
    starts: &'static [&'static [u8]],
}

const FOREIGN: &[Foreign] = &[
    Foreign { what: "a gzip stream inside a gzip stream", hint: "gunzip it once", starts: &[b"\x1f\x8b"] },
    Foreign {
        what: "an HTML page",
        hint: "the URL answered with a page, perhaps an error or a login; open it in a browser",
        starts: &[b"<!DOCTYPE", b"<!doctype", b"<html", b"<HTML"],
    },
    Foreign { what: "an ELF binary", hint: "give the profile, not the program", starts: &[b"\x7fELF"] },
    Foreign {
        what: "a contention profile in text form",
        hint: "fetch the binary form: the same URL without the debug parameter",
        starts: &[b"--- contention", b"--- mutex", b"--- block"],
    },
    Foreign { what: "a perf.data file", hint: "convert it with perf_to_profile", starts: &[b"PERFILE2"] },
    Foreign { what: "JSON", hint: "give the profile itself", starts: &[b"{\"", b"{\n", b"[{"] },
    Foreign { what: "a zip archive", hint: "unpack it first", starts: &[b"PK\x03\x04"] },
    Foreign { what: "a zstd stream", hint: "decompress it first: unzstd", starts: &[b"\x28\xb5\x2f\xfd"] },
];

/// The problem to report when `beginning` is that of a known format that is not read.
pub(super) fn recognise(beginning: &[u8]) -> Option<Problem> {
    let foreign = FOREIGN.iter().find(|foreign| foreign.starts.iter().any(|start| beginning.starts_with(start)));
    if let Some(Foreign { what, hint, .. }) = foreign {
        return Some(Problem::Foreign { what, hint });
    }
    is_text(beginning).then_some(Problem::Foreign {
        what: "text",
        hint: "give a profile, e.g. curl -o heap.pb.gz 'http://HOST:PORT/debug/pprof/heap?gc=1'",
    })
}

/// Printable ASCII with white space only. A protobuf profile has control bytes (field keys, lengths) from the start.
fn is_text(beginning: &[u8]) -> bool {
    beginning.len() >= 8 && beginning.iter().all(|byte| matches!(byte, b' '..=b'~' | b'\t' | b'\n' | b'\r'))
}
