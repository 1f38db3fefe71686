//! What profiles lie in, and what stands around them, changes nothing of what they say.

use crate::loaded::{load_fixture, load_one, rows};
use crate::support::{Files, fixture, gzip, run, run_on};

/// One text of each format.
const TEXTS: &[&str] = &[
    "twins/heap.debug1.txt",
    "twins/goroutine.debug1.txt",
    "twins/goroutine.debug2.txt",
    "native/exact1.heap",
    "native/sampled1.heap",
    "native/exact1.symbolized",
    "native/jemalloc-accum1.heap",
    "native/java.heapz",
];
const BINARIES: &[&str] = &["twins/heap.pb.gz", "twins/goroutine.pb.gz"];

/// Headers of `curl -i`, through a proxy and after a redirection.
const HEADERS: &[u8] = b"HTTP/1.1 200 Connection established\r\n\r\n\
    HTTP/1.1 301 Moved Permanently\r\nLocation: /debug/pprof/heap\r\n\r\n\
    HTTP/2 200\r\ncontent-type: application/octet-stream\r\nx-content-type-options: nosniff\r\n\r\n";
/// Lines of a collector, of which one is JSON.
const LOG: &[u8] =
    "2026-05-28T20:27:40Z \u{1b}[32mINFO\u{1b}[0m collecting heap von K\u{f6}ln, goroutine profile: 3 files\n\
    {\"level\":\"info\",\"pid\":1}\n\n"
        .as_bytes();
const MARK: &[u8] = b"\xef\xbb\xbf";

fn read(path: &str) -> Vec<u8> {
    std::fs::read(fixture(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The bytes as text in UTF-16, with the mark in front.
fn utf16(text: &[u8], order: fn(u16) -> [u8; 2]) -> Vec<u8> {
    let text = std::str::from_utf8(text).expect("the fixture is UTF-8");
    "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(order).collect()
}

/// The rows are those of the fixture, without a warning.
#[track_caller]
fn same(path: &str, bytes: Vec<u8>) {
    let loaded = load_one(bytes);
    assert!(rows(&loaded) == rows(&load_fixture(path)), "{path}");
    assert!(loaded.warnings.is_empty(), "{path}: {:?}", loaded.warnings);
}

#[test]
fn a_text_with_a_byte_order_mark() {
    for path in TEXTS {
        let text = read(path);
        same(path, [MARK, &text].concat());
        same(path, gzip(&[MARK, &text].concat()));
    }
}

#[test]
fn a_text_in_utf16() {
    for path in TEXTS {
        let text = read(path);
        same(path, utf16(&text, u16::to_le_bytes));
        same(path, utf16(&text, u16::to_be_bytes));
        same(path, utf16(&[HEADERS, &text].concat(), u16::to_le_bytes));
    }
}

#[test]
fn an_answer_with_its_headers() {
    for path in TEXTS.iter().chain(BINARIES) {
        same(path, [HEADERS, &read(path)].concat());
    }
    for path in TEXTS {
        same(path, [HEADERS, &gzip(&read(path))].concat());
    }
}

#[test]
fn a_text_below_lines_of_a_log() {
    for path in TEXTS {
        same(path, [LOG, &read(path)].concat());
        same(path, gzip(&[MARK, LOG, LOG, &read(path)].concat()));
    }
}

#[test]
fn a_binary_form_below_lines_of_a_log_is_not_guessed_at() {
    run_on(&[&[LOG, &read(BINARIES[0])].concat()], &[]).failed(&["0.pb: "]);
}

#[test]
fn members_of_gzip_are_joined() {
    for path in TEXTS {
        let text = read(path);
        let (first, second) = text.split_at(text.len() / 3);
        same(path, [gzip(first), gzip(b""), gzip(second)].concat());
    }
}

#[test]
fn bytes_after_a_gzip_stream_are_told() {
    for rest in [&b"\n"[..], b"\0\0\0\0\0\0\0\0", b"junk", b"\x1f", b"garbage that is long enough for a header"] {
        let loaded = load_one([read("twins/heap.pb.gz"), rest.to_vec()].concat());
        assert!(rows(&loaded) == rows(&load_fixture("twins/heap.pb.gz")));
        let codes: Vec<&str> = loaded.warnings.iter().map(|warning| warning.code.as_str()).collect();
        assert_eq!(codes, ["trailing-bytes"], "{rest:?}");
    }
}

/// Errors name the line of the file, whatever stands above the profile.
#[test]
fn lines_above_are_counted() {
    let text = b"heap profile: 1: 64 [2: 128] @ heap/1048576\nwhat\n";
    let refused = |bytes: &[u8], line: &str| run_on(&[bytes], &[]).failed(&[line, "neither a record nor a comment"]);
    refused(text, "line 2: ");
    refused(&[&b"one\ntwo\n"[..], text].concat(), "line 4: ");
    refused(&[&b"HTTP/1.1 200 OK\r\nServer: x\r\n\r\n"[..], text].concat(), "line 5: ");
    refused(&[MARK, text].concat(), "line 2: ");
}

#[test]
fn an_answer_that_is_no_profile_is_shown() {
    let not_found = b"HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\n\r\n404 page not found\n";
    run_on(&[not_found], &[]).failed(&["answer of a server", "HTTP/1.1 404 Not Found 404 page not found", "hint: "]);
    run_on(&[b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"], &[]).failed(&["answer of a server", "200 OK"]);
    run_on(&[b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n"], &[]).failed(&["headers of an HTTP response do not end"]);
    run_on(&[b"HTTP/"], &[]).failed(&["do not end"]);
    let long = format!("nobody\u{1b}[31m may read this\r\n{}", "x".repeat(5000));
    let shown = run_on(&[long.as_bytes()], &[]).failed(&["this is text", ": nobody", "may read this xxx", "…"]).stderr;
    assert!(shown.chars().count() < 600 && !shown.contains('\u{1b}'), "{shown}");
}

#[test]
fn what_is_no_file_may_be_a_url() {
    let files = Files::new();
    let ok = files.write("ok.pb.gz", read(BINARIES[0]));
    for url in ["http://127.0.0.1:1/debug/pprof/heap?gc=1", "https://127.0.0.1:1/heap", "127.0.0.1:1/debug/pprof/heap"]
    {
        run(&[&ok, url, "--retries", "0"]).failed(&[url, "cannot connect"]);
        run(&["check", &ok, &format!("new={url}"), "--max-growth", "1", "--retries", "0"])
            .failed(&[url, "cannot connect"]);
    }
}
