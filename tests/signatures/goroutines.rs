//! Goroutines that do not end: what a heap profile tells of them, and what a goroutine profile does.

use crate::retention::{LEAKED, built, codes, recorded, suspects};
use crate::support::{Profile, diff_json};
use leakdiff::model::name::enclosing;

/// A recorded leak: its folder, its codes in the heap and among the goroutines, and who is responsible there. Where the
/// goroutine allocates nothing no function shows in the heap.
struct Leak(&'static str, Option<&'static str>, &'static str, &'static str);

const LEAKS: &[Leak] = &[
    Leak("goroutine-chan-range", Some("goroutine-leak"), "goroutine-chan-range", "main.consume.func1"),
    Leak("goroutine-chan-receive", Some("goroutine-leak"), "goroutine-chan-receive", "main.await.func1"),
    Leak("goroutine-chan-send", Some("goroutine-leak"), "goroutine-chan-send", "main.quote.func1"),
    Leak("goroutine-cond", Some("goroutine-cond"), "goroutine-cond", "main.waitForSignal.func1"),
    Leak("goroutine-mutex", Some("goroutine-mutex"), "goroutine-mutex", "main.lockTwice.func1"),
    Leak("goroutine-network-read", Some("net-conn-not-closed"), "goroutine-network-read", "main.receive"),
    Leak("goroutine-rwmutex", Some("goroutine-mutex"), "goroutine-mutex", "main.readLocked.func1"),
    Leak("goroutine-select", Some("goroutine-leak"), "goroutine-select", "main.choose.func1"),
    Leak("goroutine-select-empty", None, "goroutine-select-empty", "main.hang.func1"),
    Leak("goroutine-sleep", Some("goroutine-sleep"), "goroutine-sleep", "main.poll.func1"),
    Leak("goroutine-waitgroup", Some("goroutine-waitgroup"), "goroutine-waitgroup", "main.waitForever.func1"),
    Leak("go1.22/goroutine-mutex", Some("goroutine-mutex"), "goroutine-mutex", "main.lockTwice.func1"),
    Leak("go1.22/goroutine-sleep", Some("goroutine-sleep"), "goroutine-sleep", "main.poll.func1"),
    Leak("go1.22/goroutine-waitgroup", Some("goroutine-waitgroup"), "goroutine-waitgroup", "main.waitForever.func1"),
];

#[test]
fn a_goroutine_profile_tells_what_they_wait_for() {
    for Leak(folder, _, code, responsible) in LEAKS {
        let suspects = recorded(folder, "goroutine");
        assert_eq!(codes(&suspects), [*code], "{folder}");
        assert_eq!(suspects[0]["responsible"]["function"], *responsible, "{folder}");
        assert_eq!(suspects[0]["delta"], LEAKED, "{folder}");
    }
}

#[test]
fn a_heap_profile_tells_that_they_do_not_end() {
    for Leak(folder, code, _, responsible) in LEAKS {
        let suspects = recorded(folder, "heap");
        let Some(code) = code else {
            assert!(suspects.iter().all(|suspect| suspect["responsible"].is_null()), "{folder}: {suspects:?}");
            assert_eq!(
                (&suspects[0]["code"], &suspects[0]["units"]["count"]),
                (&"goroutine-leak".into(), &LEAKED.into())
            );
            continue;
        };
        assert_eq!(suspects[0]["code"], *code, "{folder}");
        // Of connections the heap shows who opened them.
        let is_connection = *code == "net-conn-not-closed";
        let responsible = if is_connection { "main.readSilence" } else { responsible };
        // The heap shows what a goroutine holds, and what was made for it by the function around its closure.
        let function = suspects[0]["responsible"]["function"].as_str().expect("a function");
        let is_around = enclosing(responsible) == Some(function);
        assert!(function == responsible || is_around, "{folder}: {function}");
        // The runtime has a few of their descriptors and waiting places in store.
        let count = suspects[0]["units"]["count"].as_i64().expect("a count");
        // Both ends of a connection are in the process.
        let leaked = if is_connection { 2 * LEAKED } else { LEAKED };
        assert!((count - leaked).abs() <= 3, "{folder}: {count}");
        let names = ["goroutine-chan-range", "goroutine-chan-receive", "goroutine-chan-send", "goroutine-select"];
        assert!(!codes(&suspects).iter().any(|code| names.contains(code)), "{folder}");
    }
}

#[test]
fn a_burst_that_is_over_is_not_taken_for_certain() {
    let suspects = recorded("goroutine-high-water", "heap");
    assert!(codes(&suspects).contains(&"goroutine-high-water"));
    for leak in suspects.iter().filter(|suspect| suspect["reason"].is_null()) {
        assert_eq!(leak["confidence"], "low", "{leak}");
    }
}

#[test]
fn threads_are_counted_and_goroutines_are_no_threads() {
    let suspects = recorded("os-threads", "heap");
    assert_eq!(suspects[0]["code"], "os-threads");
    let count = suspects[0]["units"]["count"].as_i64().expect("a count");
    assert!((count - LEAKED).abs() <= 3, "{count}");
    assert!(!codes(&recorded("goroutine-select-empty", "heap")).contains(&"os-threads"));
}

#[test]
fn a_worker_that_keeps_what_it_makes_is_no_leak_of_goroutines() {
    let worker = "example.com/shop/work.(*Worker).keep;example.com/shop/work.(*Worker).run";
    assert_eq!(codes(&built(&[(worker, 512, 1000)])), ["retained-objects"]);
    let descriptors = ("runtime.malg;runtime.newproc1;runtime.newproc.func1;runtime.systemstack", 448, 1000);
    assert_eq!(codes(&built(&[(worker, 512, 1000), descriptors])), ["goroutine-leak"]);
}

/// The suspects when a thousand goroutines with this stack are added to ten.
pub fn goroutines(stack: &str) -> Vec<serde_json::Value> {
    let profile = |count| {
        let kind = Profile::bare().types(&[("goroutine", "count")]).period("goroutine", "count", 1);
        kind.stack("runtime.gopark;runtime.block;main.main;runtime.main", [1]).stack(stack, [count])
    };
    suspects(&diff_json(&[&profile(10), &profile(1010)], &[]))
}

#[test]
fn calls_of_c_that_do_not_return_are_known() {
    let stuck = goroutines(
        "runtime.cgocall;example.com/shop/image._Cfunc_resize@_cgo_gotypes.go:3;example.com/shop/image.Resize",
    );
    assert_eq!(codes(&stuck), ["goroutine-cgo"]);
    let lookup = goroutines("runtime.cgocall;net._C2func_getaddrinfo;net.cgoLookupHostIP;net.cgoLookupIP");
    assert!(!codes(&lookup).contains(&"goroutine-cgo"));
}

/// Goroutines that wait inside of the standard library, and what must not be said of them.
const LOOK_ALIKES: &[(&str, &str)] = &[
    (
        "goroutine-select",
        "runtime.gopark;runtime.selectgo;net/http.(*persistConn).roundTrip;net/http.(*Client).Do;example.com/shop/a.Ask",
    ),
    (
        "goroutine-chan-receive",
        "runtime.gopark;runtime.chanrecv;runtime.chanrecv1;testing.(*T).Run;example.com/shop/a.TestAll",
    ),
    ("goroutine-chan-range", "runtime.gopark;runtime.chanrecv;runtime.chanrecv1;example.com/shop/a.Wait"),
    ("goroutine-chan-send", "runtime.gopark;runtime.chanrecv;runtime.chanrecv2;example.com/shop/a.Work"),
    ("goroutine-select-empty", "runtime.gopark;runtime.selectgo;example.com/shop/a.Loop"),
    (
        "goroutine-network-read",
        "runtime.gopark;runtime.netpollblock;internal/poll.runtime_pollWait;internal/poll.(*FD).Read;net.(*netFD).Read;\
         net.(*conn).Read;net/http.(*persistConn).Read;bufio.(*Reader).fill;net/http.(*body).Read;example.com/shop/a.Get",
    ),
    (
        "goroutine-mutex",
        "runtime.gopark;runtime.goparkunlock;runtime.semacquire1;sync.runtime_SemacquireWaitGroup;\
         sync.(*WaitGroup).Wait;example.com/shop/a.Wait",
    ),
    (
        "goroutine-waitgroup",
        "runtime.gopark;runtime.goparkunlock;runtime.semacquire1;internal/sync.runtime_SemacquireMutex;\
         internal/sync.(*Mutex).lockSlow;sync.(*Mutex).Lock;example.com/shop/a.Lock",
    ),
    ("goroutine-cond", "runtime.gopark;runtime.selectgo;example.com/shop/a.Loop"),
    ("goroutine-sleep", "runtime.gopark;runtime.chanrecv;runtime.chanrecv1;example.com/shop/a.waitForTimer"),
];

#[test]
fn waiting_for_something_else_has_another_name() {
    for (code, stack) in LOOK_ALIKES {
        let suspects = goroutines(stack);
        assert!(!suspects.is_empty() && !codes(&suspects).contains(code), "{code}: {:?}", codes(&suspects));
    }
}

#[test]
fn goroutines_of_a_library_of_logging_and_of_signals_are_known() {
    let writer = "runtime.gopark;runtime.selectgo;io.(*pipe).read;io.(*PipeReader).Read;bufio.(*Scanner).Scan;\
                  github.com/sirupsen/logrus.(*Entry).writerScanner@M/logrus@v1.9.3/writer.go:1";
    assert_eq!(codes(&goroutines(writer)), ["logrus-writer"]);
    for (folder, code) in [("notify-context", "signal-notify"), ("context-custom-parent", "context-custom-parent")] {
        assert_eq!(codes(&recorded(folder, "goroutine")), [code], "{folder}");
    }
}
