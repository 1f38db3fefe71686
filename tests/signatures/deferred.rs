//! Deferred calls are told from other blocks of their size by the places of one line that allocate them.

use crate::retention::{codes, suspects};
use crate::support::{GO_HEAP, Profile, diff_json};

/// One place of a line: its address, the frame with its line, the size of its blocks, how many were allocated, and how
/// many of them are in use.
type Place = (u64, &'static str, i64, i64, i64);

const RUN: &str = "example.com/shop/imports.(*Worker).Run@/src/imports/worker.go:35";
const NEXT: &str = "example.com/shop/imports.(*Worker).Run@/src/imports/worker.go:36";
const INLINED: &str = "example.com/shop/imports.newRow@/src/imports/row.go:9|\
                       example.com/shop/imports.(*Worker).Run@/src/imports/worker.go:35";
const GOROUTINE: &str = "";
const MAIN: &str = ";main.main;runtime.main";
const GROUP: &str = ";golang.org/x/sync/errgroup.(*Group).Go.func1@M/sync@v0.10.0/errgroup.go:1";
const HANDLER: &str = ";net/http.HandlerFunc.ServeHTTP;net/http.serverHandler.ServeHTTP;net/http.(*conn).serve";

/// The code of what grew from nothing at these places, called by `callers`; sampled every `period` bytes.
fn code(places: &[Place], callers: &str, period: i64) -> String {
    let empty = Profile::new().types(GO_HEAP).period("space", "bytes", period).stack("main.main", [1, 64, 1, 64]);
    let after = places.iter().fold(empty.clone().bytes(64), |profile, (address, frame, size, allocated, used)| {
        let values = [*allocated, allocated * size, *used, used * size];
        profile.stack(&format!("{address:#x} {frame}{callers}"), values).bytes(*size)
    });
    let found = suspects(&diff_json(&[&empty.bytes(64), &after], &[]));
    codes(&found).first().map_or_else(|| "-".to_owned(), |code| (*code).to_owned())
}

const CLOSURE: Place = (0x1000, RUN, 32, 5000, 5000);
const RECORD: Place = (0x1040, RUN, 48, 5000, 5000);

#[test]
fn a_closure_and_a_record_on_one_line_are_a_deferred_call() {
    for callers in [GOROUTINE, MAIN, GROUP] {
        assert_eq!(code(&[CLOSURE, RECORD], callers, 1), "defer-in-loop", "{callers:?}");
    }
    let older = (0x1040, RUN, 80, 5000, 5000);
    assert_eq!(code(&[CLOSURE, older], GOROUTINE, 1), "defer-in-loop", "up to Go 1.21");
    let argument = (0x0f00, RUN, 16, 4000, 4000);
    assert_eq!(code(&[argument, CLOSURE, RECORD], GOROUTINE, 1), "defer-in-loop", "an argument made before");
    let same_size = (0x1000, RUN, 48, 5000, 5000);
    assert_eq!(code(&[same_size, RECORD], GOROUTINE, 1), "defer-in-loop", "a closure as large as the record");
}

#[test]
fn other_blocks_are_no_deferred_calls() {
    let look_alikes: &[(&str, &[Place])] = &[
        ("alone", &[RECORD]),
        ("of another size", &[CLOSURE, (0x1040, RUN, 64, 5000, 5000)]),
        ("not as many", &[(0x1000, RUN, 32, 3000, 3000), RECORD]),
        ("on the next line", &[CLOSURE, (0x1040, NEXT, 48, 5000, 5000)]),
        ("first, and then what it refers to", &[(0x1080, RUN, 32, 5000, 5000), RECORD]),
        ("stored on the same line", &[CLOSURE, RECORD, (0x1080, RUN, 65_536, 1, 1)]),
        ("with what is too large for a closure", &[(0x1000, RUN, 1024, 5000, 5000), RECORD]),
        ("some of them freed", &[CLOSURE, (0x1040, RUN, 48, 9000, 5000)]),
        ("of a constructor that was inlined", &[(0x1000, INLINED, 32, 5000, 5000), (0x1040, INLINED, 48, 5000, 5000)]),
        ("without addresses", &[(0, RUN, 32, 5000, 5000), (0, RUN, 48, 5000, 5000)]),
    ];
    for (what, places) in look_alikes {
        assert_eq!(code(places, GOROUTINE, 1), "retained-objects", "{what}");
    }
    assert_eq!(code(&[CLOSURE, RECORD], HANDLER, 1), "retained-objects", "a handler returns");
}

#[test]
fn two_samples_are_no_number() {
    let sampled = |samples: i64| {
        let at = |address, size: i64| {
            let objects = (samples as f64 / -(-(size as f64) / 524_288.0).exp_m1()).round() as i64;
            (address, RUN, size, objects, objects)
        };
        // What the call refers to is most of the growth.
        let kept = (0x0100, "example.com/shop/imports.(*Worker).Run@/src/imports/worker.go:34", 1024, 50_000, 50_000);
        code(&[kept, at(0x1000, 32), at(0x1040, 48)], GOROUTINE, 524_288)
    };
    assert_eq!(sampled(2), "retained-objects");
    assert_eq!(sampled(4), "defer-in-loop");
}
