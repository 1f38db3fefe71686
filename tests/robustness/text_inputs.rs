//! Profiles in text form that are broken: an error names the line, and nothing is read from half a record.

use crate::support::{fixture, gzip, run_on};
use crate::{answered, refused};

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

fn read(path: &str) -> String {
    std::fs::read_to_string(fixture(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn lines(lines: &[&str]) -> Vec<u8> {
    (lines.join("\n") + "\n").into_bytes()
}

#[test]
fn heaps_of_go() {
    const HEADER: &str = "heap profile: 1: 64 [2: 128] @ heap/1048576";
    const RECORD: &str = "1: 64 [2: 128] @ 0x10 0x20";
    let cases: &[(&str, &[&str], &[&str])] = &[
        ("header", &["heap profile: 1: x [2: 128] @ heap/1048576"], &["line 1: ", "header"]),
        ("period", &["heap profile: 1: 2 [3: 4] @ heap/often"], &["line 1: ", "\"often\""]),
        ("a record", &[HEADER, "what"], &["line 2: ", "neither a record nor a comment"]),
        ("counts", &[HEADER, RECORD, "", "1: 64 [2] @ 0x10"], &["line 4: ", "objects: bytes"]),
        ("too large", &[HEADER, "1: 99999999999999999999 [1: 1] @ 0x10"], &["line 2: "]),
        ("no objects", &[HEADER, "0: 100 [2: 128] @ 0x10"], &["line 2: ", "100 bytes in 0 objects"]),
        ("address", &[HEADER, "1: 64 [2: 128] @ 0x10 zz"], &["line 2: ", "\"zz\" is no address"]),
        ("long address", &[HEADER, "1: 64 [2: 128] @ 0x11112222333344445"], &["line 2: ", "no address"]),
        ("frame", &[HEADER, RECORD, "#\t0x1f\tmain.main+0x1f"], &["line 3: ", "without file"]),
        ("frame line", &[HEADER, RECORD, "#\t0x1f\tmain.main+0x1f\tmain.go:x"], &["line 3: ", "\"x\""]),
        ("cut after a frame", &[HEADER, RECORD, "#\t0x1f\tmain.main+0x1f\tmain.go:7"], &["line 3: ", "middle"]),
        ("statistics", &[HEADER, RECORD, "", "# runtime.MemStats", "# Alloc = -1"], &["line 5: ", "Alloc"]),
        ("half statistics", &[HEADER, RECORD, "", "# runtime.MemStats", "# Stack = 1"], &["line 5: ", "Stack"]),
    ];
    for (case, text, words) in cases {
        refused(case, &lines(text), words);
    }
    refused("cut in a record", format!("{HEADER}\n{RECORD}").as_bytes(), &["line 2: ", "middle of a record"]);
    refused("gzipped", &gzip(&lines(&[HEADER, "what"])), &["line 2: "]);
    refused("Windows", format!("{HEADER}\r\nwhat\r\n").as_bytes(), &["line 2: "]);
}

#[test]
fn counts_of_go() {
    const HEADER: &str = "goroutine profile: total 3";
    let cases: &[(&str, &[&str], &[&str])] = &[
        ("a record", &[HEADER, "three @ 0x10"], &["line 2: ", "COUNT @ ADDRESSES"]),
        ("negative", &[HEADER, "-3 @ 0x10"], &["line 2: "]),
        ("no stack", &[HEADER, "3"], &["line 2: "]),
        ("labels", &[HEADER, "3 @ 0x10", "# labels: {\"a\":b}"], &["line 3: ", "labels"]),
        ("cut labels", &[HEADER, "3 @ 0x10", "# labels: {\"a\":\"b\""], &["line 3: ", "braces"]),
        ("cut", &[HEADER, "3 @ 0x10", "#\t0xf\tmain.main+0x1f\tmain.go:7"], &["line 3: ", "middle"]),
    ];
    for (case, text, words) in cases {
        refused(case, &lines(text), words);
    }
}

#[test]
fn dumps_of_goroutines() {
    const HEADER: &str = "goroutine 7 [chan receive, 2 minutes]:";
    let cases: &[(&str, &[&str], &[&str])] = &[
        ("header alone", &[HEADER], &["line 1: ", "middle"]),
        ("no place", &[HEADER, "main.main()"], &["line 2: ", "middle"]),
        ("no place, more", &[HEADER, "main.main()", "main.f()"], &["line 3: ", "file and line"]),
        ("no line", &[HEADER, "main.main()", "\tmain.go:seven"], &["line 3: ", "\"seven\""]),
        ("no file", &[HEADER, "main.main()", "\tmain"], &["line 3: ", "file:line"]),
        ("labels", &["goroutine 7 [select] {a}:", "main.main()", "\tmain.go:7"], &["line 1: ", "labels"]),
    ];
    for (case, text, words) in cases {
        refused(case, &lines(text), words);
    }
}

#[test]
fn heaps_of_java() {
    const HEADER: &str = "--- heapz 1 ---";
    const RESOLUTION: &str = "resolution = bytes";
    const RECORD: &str = "  64 1 @ 0x3 0x4";
    let cases: &[(&str, &[&str], &[&str])] = &[
        ("format", &[HEADER, "format = python"], &["line 2: ", "format", "python"]),
        ("attribute", &[HEADER, RESOLUTION, "rate = 7"], &["line 3: ", "rate"]),
        ("no resolution", &[HEADER, RECORD], &["line 2: ", "resolution"]),
        ("nothing", &[HEADER], &["line 1: ", "resolution"]),
        ("record", &[HEADER, RESOLUTION, "64 @ 0x3"], &["line 3: ", "BYTES OBJECTS"]),
        ("negative", &[HEADER, RESOLUTION, "64 -1 @ 0x3"], &["line 3: "]),
        ("no objects", &[HEADER, RESOLUTION, "64 0 @ 0x3"], &["line 3: ", "64 bytes in 0 objects"]),
        ("address", &[HEADER, RESOLUTION, "64 1 @ 3"], &["line 3: ", "no address"]),
        ("what", &[HEADER, RESOLUTION, RECORD, "what"], &["line 4: ", "BYTES OBJECTS"]),
    ];
    for (case, text, words) in cases {
        refused(case, &lines(text), words);
    }
    refused("cut", format!("{HEADER}\n{RESOLUTION}\n{RECORD}").as_bytes(), &["line 3: ", "middle of a record"]);
}

/// Samples of no objects have no size by which they could be scaled up; what was not sampled counts as written.
#[test]
fn bytes_of_no_objects() {
    let text = |kind: &str, record: &str| lines(&[&format!("heap profile: 1: 64 [1: 64] @ {kind}"), record]);
    for record in ["0: 64 [1: 64] @ 0x10", "-1: 64 [1: 64] @ 0x10"] {
        refused(record, &text("heap_v2/524288", record), &["line 2: ", "64 bytes in"]);
        let report = run_on(&[&text("heapprofile", record)], &["--format", "json"]).done().json();
        assert_eq!(report["total"]["after"], 64, "{record}");
    }
}

#[test]
fn texts_of_native_allocators() {
    const HEADER: &str = "heap profile: 1: 64 [1: 64] @ heap_v2/524288";
    const TOTALS: &str = "  t*: 1: 64 [0: 0]";
    let cases: &[(&str, &[&str], &[&str])] = &[
        ("kind", &["heap profile: 1: 64 [1: 64] @ heapwhat"], &["line 1: ", "\"heapwhat\""]),
        ("record", &[HEADER, "1: 64 @ 0x10"], &["line 2: ", "objects: bytes"]),
        ("bare", &[HEADER, "0x10"], &["line 2: ", "neither a record nor the head of a section"]),
        ("symbols only", &["--- symbol", "binary=/bin/app", "0x10 main"], &["line 3: ", "before the heap profile"]),
        ("jemalloc period", &["heap_v2/often"], &["line 1: ", "heap_v2/PERIOD"]),
        ("jemalloc totals", &["heap_v2/524288"], &["line 1: ", "totals"]),
        ("two totals", &["heap_v2/524288", TOTALS, TOTALS], &["line 3: ", "twice"]),
        ("no counts", &["heap_v2/524288", TOTALS, "@ 0x10", "@ 0x20"], &["line 4: ", "t*"]),
        ("cut", &["heap_v2/524288", TOTALS, "@ 0x10"], &["line 3: ", "t*"]),
        ("two counts", &["heap_v2/524288", TOTALS, "@ 0x10", TOTALS, TOTALS], &["line 5: ", "twice"]),
        ("other line", &["heap_v2/524288", TOTALS, "what"], &["line 3: ", "neither a stack"]),
        ("counts", &["heap_v2/524288", TOTALS, "@ 0x10", "t*: 1: 64"], &["line 4: ", "objects: bytes"]),
    ];
    for (case, text, words) in cases {
        refused(case, &lines(text), words);
    }
    refused("cut in a record", format!("{HEADER}\n1: 64 [1: 64] @ 0x1").as_bytes(), &["line 2: ", "middle"]);
    let cut = format!("heap_v2/524288\n{TOTALS}\n@ 0x10\n{TOTALS}\n  t0: 1: 6");
    refused("cut in a thread", cut.as_bytes(), &["line 5: ", "middle"]);
}

/// Wherever a text is cut, whatever byte of it is damaged, it is read or refused in one sentence.
#[test]
fn cut_or_damaged_anywhere() {
    for path in TEXTS {
        let whole = read(path);
        let bytes = whole.as_bytes();
        for end in (0..bytes.len()).step_by(bytes.len() / 60 + 1) {
            answered(&format!("{path} cut at {end}"), &run_on(&[&bytes[..end]], &["-n", "3"]));
        }
        for at in (0..bytes.len().min(3000)).step_by(41) {
            for byte in [b'0', b'\n', b':', b'@', b' ', 0xff] {
                let mut damaged = bytes.to_vec();
                damaged[at] = byte;
                answered(&format!("{path} with {byte} at {at}"), &run_on(&[&damaged], &["-n", "3"]));
            }
        }
    }
}

/// A cut inside a record of Go's is never taken for a shorter profile.
#[test]
fn a_cut_record_is_an_error() {
    for path in ["twins/heap.debug1.txt", "twins/goroutine.debug1.txt"] {
        let whole = read(path);
        let at = whole.match_indices("\n#\t0x").nth(20).or(whole.match_indices("\n#\t0x").nth(3)).expect("frames").0;
        for end in at + 2..at + 60 {
            refused(&format!("{path} cut at {end}"), &whole.as_bytes()[..end], &["line "]);
        }
    }
}

#[test]
fn a_text_obeys_the_limit() {
    for path in TEXTS {
        let text = read(path);
        let outcome = run_on(&[text.as_bytes()], &["--max-inflated", "4KiB"]);
        outcome.failed(&["more than the limit", "--max-inflated"]);
    }
    // A few bytes on a line that ask for much memory: each address is a location.
    let many: String = (0..200_000).map(|address| format!(" {address:#x}")).collect();
    let text = format!("heap profile: 1: 1 [1: 1] @ heapprofile\n1: 1 [1: 1] @{many}\n");
    run_on(&[text.as_bytes()], &["--max-inflated", "16MiB"]).failed(&["more than the limit"]);
    run_on(&[text.as_bytes()], &["-n", "1"]).done();
    let deep = format!("goroutine profile: total 1\n1 @{}\n\n", " 0x1".repeat((1 << 20) + 1));
    refused("deep", deep.as_bytes(), &["sample 1", "frames, more than the limit"]);
}

#[test]
fn names_that_are_not_utf8_are_read_with_a_warning() {
    let text = b"goroutine profile: total 1\n1 @ 0x10\n#\t0xf\tmain.f\xff+0x1f\tmain.go:7\n\n";
    let report = run_on(&[text], &["--format", "json"]).done().json();
    assert_eq!(crate::warnings(&report), ["invalid-text"]);
    assert_eq!(report["rows"][0]["name"], "main.f\u{fffd}");
}
