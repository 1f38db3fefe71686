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
    refused("a second member, cut", &[&whole[..], &whole[..12]].concat(), &["gzip stream ends early"]);
    refused("a second member, damaged", &[&whole[..], b"\x1f\x8bgarbage that is long"].concat(), &["gzip stream"]);
}

#[test]
fn compressed_otherwise() {
    refused("gzip twice", &gzip(&small().gzip()), &["a gzip stream inside a gzip stream", "gunzip it once"]);
    refused("zstd", b"\x28\xb5\x2f\xfd\x04\x58\x00\x00", &["zstd", "unzstd"]);
    refused("zip", b"PK\x03\x04\x14\x00\x00\x00\x08\x00", &["zip archive"]);
    refused("7z", b"7z\xbc\xaf\x27\x1c\x00\x04", &["7z archive"]);
    refused("xz", b"\xfd7zXZ\x00\x00\x04", &["xz stream", "unxz"]);
    refused("bzip2", b"BZh91AY&SY", &["bzip2 stream", "bunzip2"]);
    for bytes in [tar(&small().encode()), gzip(&tar(b"goroutine 1 [running]:\nmain.main()\n\t/a.go:7\n"))] {
        refused("tar", &bytes, &["tar archive", "tar -xf"]);
    }
    refused("a tar header alone", &tar(b"")[..262], &["tar archive"]);
}

/// An archive with one file in it.
fn tar(content: &[u8]) -> Vec<u8> {
    let mut header = [0; 512];
    header[..9].copy_from_slice(b"1.heap\0\0\0");
    header[257..265].copy_from_slice(b"ustar\x0000");
    [&header[..], b"\n", content].concat()
}

#[test]
fn binary_as_text() {
    let gzip = small().gzip();
    let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".as_bytes();
    let base64 = |bytes: &[u8]| -> Vec<u8> {
        let group = |three: &[u8]| {
            let bits = three.iter().chain([&0, &0]).take(3).fold(0, |bits, byte| bits << 8 | usize::from(*byte));
            [18, 12, 6, 0].map(|shift| letters[bits >> shift & 63])
        };
        bytes.chunks(3).flat_map(group).collect()
    };
    let in_lines = |text: &[u8]| text.chunks(76).collect::<Vec<_>>().join(&b'\n');
    let words = ["base64 text", "base64 -d"];
    refused("base64 of gzip", &base64(&gzip), &words);
    refused("base64 in lines", &in_lines(&base64(&gzip)), &words);
    refused("base64 of a profile", &base64(&small().encode()), &words);
    refused("base64 in quotes", &[&b"\""[..], &base64(&gzip), b"\"\n"].concat(), &words);
    let lossy = String::from_utf8_lossy(&gzip).into_owned();
    refused("gzip as lossy text", lossy.as_bytes(), &["written as text", "curl -o"]);
    let latin1: String = gzip.iter().map(|byte| char::from(*byte)).collect();
    refused("gzip as Latin-1", latin1.as_bytes(), &["written as text"]);
    let utf16: Vec<u8> = "\u{feff}".encode_utf16().chain(latin1.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    refused("gzip in UTF-16", &utf16, &["written as text"]);
}

#[test]
fn dumps_of_heaps() {
    refused("hprof", b"JAVA PROFILE 1.0.2\x00\x00\x00\x00\x08", &["hprof", "Memory Analyzer"]);
    refused("an old hprof", b"JAVA PROFILE 1.0.1\x00\x00\x00\x00\x04", &["hprof"]);
    for version in ["go1.3", "go1.7"] {
        let dump = [version.as_bytes(), b" heap dump\n\x06\x00\x08\x80\x80\x04"].concat();
        refused(version, &dump, &["heap dump of Go", "debug/pprof/heap"]);
    }
    refused("Flight Recorder", b"FLR\x00\x00\x02\x00\x01", &["Flight Recorder"]);
}

#[test]
fn text_that_is_no_profile() {
    refused("contention", b"--- contentionz 1 ---\ncycles/second = 1\n", &["contention profile"]);
    refused("Go's mutexes", b"--- mutex:\ncycles/second=1\n", &["contention profile"]);
    refused("the report of pprof", &read("timers/pprof.1-3.tsv"), &["this is text"]);
    refused("a crash without stacks", b"panic: runtime error: index out of range\n", &["this is text"]);
}

#[test]
fn other_files() {
    refused(
        "an error page",
        b"<!DOCTYPE html><title>502 Bad Gateway</title>",
        &["an HTML page", "login", "502 Bad Gateway"],
    );
    refused("another error page", b"<html><body>no</body></html>", &["an HTML page"]);
    refused("a plain error", b"404 page not found\n", &["this is text", "404 page not found"]);
    refused(
        "one in other letters",
        "Zugriff verweigert: geh\u{f6}rt nicht dir".as_bytes(),
        &["this is text", "geh\u{f6}rt"],
    );
    refused("JSON", b"{\"error\": \"unauthorized\"}", &["JSON", "unauthorized"]);
    let pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n";
    refused("Git LFS", pointer, &["Git LFS", "git lfs pull"]);
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
