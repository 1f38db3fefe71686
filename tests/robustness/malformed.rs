//! Files that are no profile: empty, damaged gzip streams, and the other formats that people hand over by mistake.

use crate::support::{Profile, fixture, gzip};
use crate::{refused, small};

fn read(path: &str) -> Vec<u8> {
    std::fs::read(fixture(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn nothing_at_all() {
    refused("0 bytes", b"", &["empty"]);
    refused("gzip of nothing", &gzip(b""), &["gzip stream of nothing"]);
    refused("gzip of nothing, twice", &[gzip(b""), gzip(b"")].concat(), &["gzip stream of nothing"]);
}

#[test]
fn gzip_streams_that_end_early() {
    let whole = small().gzip();
    let ends = [("magic only", 2), ("header only", 10), ("half", whole.len() / 2), ("no trailer", whole.len() - 8)];
    for (case, end) in ends {
        refused(case, &whole[..end], &["gzip stream ends early", "fetch the profile again"]);
    }
    let real = read("timers/heap3.pb.gz");
    refused("a real one, cut", &real[..real.len() - 100], &["gzip stream ends early"]);
}

#[test]
fn gzip_streams_that_are_damaged() {
    let whole = small().gzip();
    let damaged = |at: usize, bit: u8| {
        let mut bytes = whole.clone();
        bytes[at] ^= bit;
        bytes
    };
    refused("checksum", &damaged(whole.len() - 8, 1), &["gzip stream is damaged"]);
    refused("length", &damaged(whole.len() - 4, 1), &["gzip stream is damaged"]);
    refused("method", &damaged(2, 1), &["gzip stream is damaged"]);
    refused("garbage after it", &[&whole[..], b"garbage that is long enough"].concat(), &["gzip stream"]);
    refused("short garbage after it", &[&whole[..], b"junk"].concat(), &["gzip stream"]);
}

#[test]
fn compressed_otherwise() {
    refused("gzip twice", &gzip(&small().gzip()), &["a gzip stream inside a gzip stream", "gunzip it once"]);
    refused("zstd", b"\x28\xb5\x2f\xfd\x04\x58\x00\x00", &["zstd", "unzstd"]);
    refused("zip", b"PK\x03\x04\x14\x00\x00\x00\x08\x00", &["zip archive"]);
}

#[test]
fn text_that_is_no_profile() {
    refused("contention", b"--- contentionz 1 ---\ncycles/second = 1\n", &["contention profile"]);
    refused("Go's mutexes", b"--- mutex:\ncycles/second=1\n", &["contention profile"]);
    refused("folded stacks", b"main;api.Handle;store.Put 4096\nmain;gc 12\n", &["this is text"]);
    refused("the report of pprof", &read("timers/pprof.1-3.tsv"), &["this is text"]);
    refused("a crash without stacks", b"panic: runtime error: index out of range\n", &["this is text"]);
}

#[test]
fn other_files() {
    refused("an error page", b"<!DOCTYPE html><title>502 Bad Gateway</title>", &["an HTML page", "login"]);
    refused("another error page", b"<html><body>no</body></html>", &["an HTML page"]);
    refused("a plain error", b"404 page not found\n", &["this is text"]);
    refused("JSON", b"{\"error\": \"unauthorized\"}", &["JSON"]);
    refused("a program", b"\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00", &["an ELF binary", "program"]);
    refused("perf.data", b"PERFILE2h\x00\x00\x00\x00\x00\x00\x00", &["perf.data", "perf_to_profile"]);
    refused("Go source", &read("timers/main.go"), &["this is text"]);
}

#[test]
fn two_profiles_in_one_file() {
    let timed = |time| small().time(time).encode();
    let words = ["two profiles stand one after the other", "two files"];
    refused("with times", &[timed(5), timed(9)].concat(), &words);
    refused("with one time", &[timed(5), timed(5)].concat(), &words);
    refused("without times", &[timed(0), timed(0)].concat(), &words);
    refused("two members", &[gzip(&timed(5)), gzip(&timed(9))].concat(), &words);
    let other = Profile::bare().types(&[("goroutine", "count")]).stack("main.main", [1]);
    refused("of two kinds", &[timed(0), other.encode()].concat(), &[]);
}
