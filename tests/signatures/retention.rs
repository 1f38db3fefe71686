//! Leaks of timers, contexts, containers and libraries: from recorded profiles where the standard library is enough
//! (`fixtures/signatures/retention`), from built ones with the frames of the library where it takes one.

use serde_json::Value;

use crate::support::{GO_HEAP, Profile, diff_json, fixture, json};

/// What leaked between the two profiles of a recording.
pub const LEAKED: i64 = 200;

/// A recorded leak: its folder, its code, who is responsible, and whether its units are counted.
struct Leak(&'static str, &'static str, &'static str, Units);

#[derive(PartialEq)]
enum Units {
    Counted,
    Unknown,
}
use Units::{Counted, Unknown};

const LEAKS: &[Leak] = &[
    Leak("buffer-not-reset", "buffer-not-reset", "main.logLine", Unknown),
    Leak("buffers-kept", "buffer-not-reset", "main.render", Unknown),
    Leak("context-after-func", "context-after-func", "main.hookUp", Counted),
    Leak("context-custom-parent", "context-custom-parent", "main.runUnderOwn", Counted),
    Leak("context-not-cancelled", "context-not-cancelled", "main.runJob", Counted),
    Leak("context-timeout-not-cancelled", "context-timeout-not-cancelled", "main.callWithLimit", Counted),
    Leak("context-values", "context-values", "main.annotate", Counted),
    Leak("defer-closure", "defer-in-loop", "main.releaseLater", Unknown),
    Leak("defer-in-handler", "retained-objects", "main.handle", Unknown),
    Leak("defer-method", "defer-in-loop", "main.unlockLater", Unknown),
    Leak("error-chain", "error-chain", "main.fail", Counted),
    Leak("errors-join", "error-chain", "main.join", Counted),
    Leak("finalizer-cycle", "retained-objects", "main.pair", Unknown),
    Leak("growing-map", "retained-objects", "main.visit", Unknown),
    Leak("growing-slice", "growing-container", "main.record", Unknown),
    Leak("json-decoded", "json-kept", "main.decode", Unknown),
    Leak("json-typed", "json-kept", "main.decodeTyped", Unknown),
    Leak("list-queue", "list-queue", "main.push", Counted),
    Leak("notify-context", "signal-notify", "main.untilInterrupted", Counted),
    Leak("pairs-in-loop", "retained-objects", "main.store", Unknown),
    Leak("pairs-one-by-one", "retained-objects", "main.storeOne", Unknown),
    Leak("pointer-slice", "retained-objects", "main.enqueue", Unknown),
    Leak("pool-giant", "pool-not-put-back", "main.borrowMuch", Counted),
    Leak("pool-not-put-back", "pool-not-put-back", "main.borrow", Counted),
    Leak("read-all", "retained-input", "main.ingest", Unknown),
    Leak("read-file", "retained-input", "main.ingestFile", Unknown),
    Leak("read-lines", "retained-input", "main.ingestLine", Unknown),
    Leak("records-of-a-size", "retained-objects", "main.storeRecords", Unknown),
    Leak("reflect-types", "reflect-types", "main.makeType", Unknown),
    Leak("regexp-compiled", "regexp-compiled", "main.match", Counted),
    Leak("shrunk-map", "retained-objects", "main.openAndClose", Unknown),
    Leak("signal-notify", "signal-notify", "main.watchSignals", Counted),
    Leak("slog-kept", "slog-with", "main.keepLogger", Counted),
    Leak("slog-with", "slog-with", "main.logWith", Unknown),
    Leak("string-copy", "retained-objects", "main.ingestBytes", Unknown),
    Leak("sync-map", "sync-map", "main.register", Counted),
    Leak("template-html", "template-parsed", "main.renderHTML", Unknown),
    Leak("template-text", "template-parsed", "main.renderText", Unknown),
    Leak("ticker-not-stopped", "ticker-not-stopped", "main.refresh", Counted),
    Leak("time-tick", "time-tick", "main.refreshInBackground.func1", Counted),
    Leak("timer-not-stopped", "timer-not-stopped", "main.remind", Counted),
    Leak("go1.22/context-timeout-not-cancelled", "context-timeout-not-cancelled", "main.callWithLimit", Counted),
    Leak("go1.22/defer-closure", "defer-in-loop", "main.releaseLater", Unknown),
    Leak("go1.22/defer-method", "defer-in-loop", "main.unlockLater", Unknown),
    Leak("go1.22/error-chain", "error-chain", "main.fail", Counted),
    Leak("go1.22/json-decoded", "json-kept", "main.decode", Unknown),
    Leak("go1.22/json-typed", "json-kept", "main.decodeTyped", Unknown),
    Leak("go1.22/signal-notify", "signal-notify", "main.watchSignals", Counted),
    Leak("go1.22/sync-map", "sync-map", "main.register", Counted),
    Leak("go1.22/ticker-not-stopped", "ticker-not-stopped", "main.refresh", Counted),
    Leak("go1.22/time-after", "time-after", "main.expire", Counted),
    Leak("go1.22/time-tick", "time-tick", "main.refreshInBackground.func1", Counted),
    Leak("go1.22/timer-not-stopped", "timer-not-stopped", "main.remind", Counted),
];

/// Codes of what is no leak, or says only that something is kept, and may stand beside any leak.
const BESIDE: &[&str] = &[
    "churn",
    "goroutine-high-water",
    "one-time-init",
    "os-threads",
    "profiler",
    "runtime-own",
    "standard-pools",
    "unknown",
];

/// The suspects of a recorded pair of heap or goroutine profiles.
pub fn recorded(folder: &str, kind: &str) -> Vec<Value> {
    let path = |number| fixture(&format!("signatures/retention/{folder}/{kind}{number}.pb.gz"));
    suspects(&json(&[&path(1), &path(2)]))
}

/// The suspects, then what was set aside.
pub fn suspects(report: &Value) -> Vec<Value> {
    let list = |key: &str| report[key].as_array().expect("an array").clone();
    [list("suspects"), list("set_aside")].concat()
}

pub fn codes(suspects: &[Value]) -> Vec<&str> {
    suspects.iter().map(|suspect| suspect["code"].as_str().expect("a code")).collect()
}

#[test]
fn recorded_leaks_have_their_names() {
    for Leak(folder, code, responsible, units) in LEAKS {
        let suspects = recorded(folder, "heap");
        let first = suspects.first().unwrap_or_else(|| panic!("{folder}: no suspect"));
        assert_eq!(first["code"], *code, "{folder}");
        assert_eq!(first["responsible"]["function"], *responsible, "{folder}");
        match units {
            Counted => assert_eq!(first["units"]["count"], LEAKED, "{folder}: {}", first["units"]),
            Unknown => assert!(first["units"].is_null(), "{folder}: {}", first["units"]),
        }
    }
}

#[test]
fn a_leak_is_not_called_by_the_name_of_another() {
    for Leak(folder, code, ..) in LEAKS {
        for found in codes(&recorded(folder, "heap")) {
            assert!(found == *code || BESIDE.contains(&found), "{folder} is called {found}");
        }
    }
}

#[test]
fn timers_of_time_after_are_collected_in_newer_versions() {
    assert!(!codes(&recorded("time-after", "heap")).contains(&"time-after"));
}

/// The services that have a leak of this file, and its code.
const SERVICES: &[(&str, &str)] = &[
    ("append-slice", "growing-container"),
    ("churn", "churn"),
    ("context-cancel", "context-not-cancelled"),
    ("finalizer-cycle", "retained-objects"),
    ("global-cache", "retained-objects"),
    ("large", "retained-objects"),
    ("pointer-slice", "retained-objects"),
    ("pool-misuse", "pool-not-put-back"),
    ("substring", "retained-objects"),
    ("ticker", "ticker-not-stopped"),
    ("timers", "timer-not-stopped"),
];

#[test]
fn leaks_of_services_have_their_names() {
    for (service, code) in SERVICES {
        let path = |number| fixture(&format!("{service}/heap{number}.pb.gz"));
        let report = json(&[&path(1), &path(2), &path(3)]);
        let first = suspects(&report).into_iter().next().unwrap_or_else(|| panic!("{service}: no suspect"));
        // What is churned stands beside what is kept.
        let is_of_service = |suspect: &&Value| *code != "churn" || suspect["code"] == "churn";
        let first = suspects(&report).iter().find(is_of_service).cloned().unwrap_or(first);
        assert_eq!(first["code"], *code, "{service}");
        let truth = std::fs::read(fixture(&format!("{service}/truth.json"))).expect("the truth");
        let truth: Value = serde_json::from_slice(&truth).expect("JSON");
        assert_eq!(first["responsible"]["function"], truth["function"], "{service}");
        let leaked = |number: usize| truth["snapshots"][number]["leaked_items"].as_i64().expect("a number");
        if let (Some(count), Some(error)) = (first["units"]["count"].as_i64(), first["units"]["error"].as_i64()) {
            assert!((count - (leaked(2) - leaked(0))).abs() <= error, "{service}: {}", first["units"]);
        }
    }
}

/// Whether it says more than that something grew and that more snapshots would tell.
fn accuses(suspect: &Value) -> bool {
    suspect["reason"].is_null() && (suspect["confidence"] != "low" || suspect["trend"]["verdict"] == "growing")
}

#[test]
fn services_that_do_not_leak_are_not_accused() {
    for (service, snapshots) in [("healthy", 3), ("warmup", 3), ("sawtooth", 5)] {
        let paths: Vec<String> =
            (1..=snapshots).map(|number| fixture(&format!("{service}/heap{number}.pb.gz"))).collect();
        let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
        let suspects = suspects(&json(&paths));
        assert!(!suspects.iter().any(accuses), "{service}: {:?}", codes(&suspects));
    }
}

/// The suspects when these stacks of blocks of `size` bytes grow by so many objects.
pub fn built(stacks: &[(&str, i64, i64)]) -> Vec<Value> {
    let profile = |share: i64| {
        let empty =
            Profile::new().types(GO_HEAP).period("space", "bytes", 1).stack("main.main", [1, 64, 1, 64]).bytes(64);
        stacks.iter().fold(empty, |profile, (stack, size, objects)| {
            let objects = objects * share / 10;
            profile.stack(stack, [objects, objects * size, objects, objects * size]).bytes(*size)
        })
    };
    suspects(&diff_json(&[&profile(1), &profile(10)], &[]))
}

/// Frames of a server that end the stacks of a handler.
pub const SERVER: &str = ";example.com/shop/api.(*Server).Handle@/src/api/api.go:30;net/http.HandlerFunc.ServeHTTP;\
                      net/http.serverHandler.ServeHTTP;net/http.(*conn).serve";
const HANDLER: &str = "example.com/shop/api.(*Server).Handle";

/// A library's frames, leaf first and without those of the program, with the size of the blocks, and the code.
pub const LIBRARIES: &[(&str, &str, i64)] = &[
    (
        "prometheus-labels",
        "github.com/prometheus/client_golang/prometheus.MakeLabelPairs@M/prometheus@v1.20.5/value.go:1;\
         github.com/prometheus/client_golang/prometheus.v2.NewCounterVec.func1@M/prometheus@v1.20.5/counter.go:1;\
         github.com/prometheus/client_golang/prometheus.(*metricMap).getOrCreateMetricWithLabelValues@M/p@v1.20.5/vec.go:1;\
         github.com/prometheus/client_golang/prometheus.(*MetricVec).GetMetricWithLabelValues@M/p@v1.20.5/vec.go:1",
        64,
    ),
    (
        "prometheus-labels",
        "github.com/prometheus/client_golang/prometheus.newHistogram@M/prometheus@v1.11.0/histogram.go:1;\
         github.com/prometheus/client_golang/prometheus.(*metricMap).getOrCreateMetricWithLabels@M/p@v1.11.0/vec.go:1;\
         github.com/prometheus/client_golang/prometheus.(*MetricVec).GetMetricWith@M/p@v1.11.0/vec.go:1",
        640,
    ),
    (
        "otel-attributes",
        "go.opentelemetry.io/otel/sdk/metric/internal/aggregate.reset[go.shape.int64]@M/metric@v1.34.0/a.go:1;\
         go.opentelemetry.io/otel/sdk/metric/internal/aggregate.(*sum[go.shape.int64]).measure@M/metric@v1.34.0/s.go:1;\
         go.opentelemetry.io/otel/sdk/metric.(*int64Inst).Add@M/metric@v1.34.0/i.go:1",
        128,
    ),
    (
        "otel-attributes",
        "go.opentelemetry.io/otel/attribute.computeDistinctFixed@M/otel@v1.34.0/set.go:1;\
         go.opentelemetry.io/otel/attribute.NewSetWithFiltered@M/otel@v1.34.0/set.go:1;\
         go.opentelemetry.io/otel/metric.WithAttributes@M/metric@v1.34.0/i.go:1",
        96,
    ),
    (
        "zap-with",
        "go.uber.org/zap/buffer.NewPool.func1@M/zap@v1.27.0/pool.go:1;\
         go.uber.org/zap/internal/pool.New[go.shape.*uint8].func1@M/zap@v1.27.0/p.go:1;sync.(*Pool).Get;\
         go.uber.org/zap/zapcore.(*jsonEncoder).clone@M/zap@v1.27.0/j.go:1;\
         go.uber.org/zap/zapcore.(*ioCore).clone@M/zap@v1.27.0/c.go:1;\
         go.uber.org/zap/zapcore.(*ioCore).With@M/zap@v1.27.0/c.go:1;go.uber.org/zap.(*Logger).With@M/zap@v1.27.0/l.go:1",
        1024,
    ),
    (
        "logrus-fields",
        "github.com/sirupsen/logrus.(*Entry).WithFields@M/logrus@v1.9.3/entry.go:1;\
         github.com/sirupsen/logrus.(*Entry).WithField@M/logrus@v1.9.3/entry.go:1",
        320,
    ),
    ("cache-library", "github.com/patrickmn/go-cache.(*cache).Set@M/go-cache@v2.1.0+incompatible/cache.go:1", 320),
    (
        "cache-library",
        "github.com/hashicorp/golang-lru/v2/internal.(*LruList[go.shape.string,go.shape.*uint8]).insertValue@M/l@v2.0.7/l.go:1;\
         github.com/hashicorp/golang-lru/v2/internal.(*LruList[go.shape.string,go.shape.*uint8]).PushFront@M/l@v2.0.7/l.go:1;\
         github.com/hashicorp/golang-lru/v2/simplelru.(*LRU[go.shape.string,go.shape.*uint8]).Add@M/l@v2.0.7/s.go:1",
        80,
    ),
    ("cgo-copies", "runtime.gobytes;example.com/shop/image._Cfunc_GoBytes@_cgo_gotypes.go:40", 4096),
];

/// What uses the same library and is another matter.
pub const OTHER_USES: &[(&str, &str)] = &[
    ("prometheus-labels", "github.com/prometheus/client_golang/prometheus.NewRegistry@M/prometheus@v1.20.5/r.go:1"),
    ("otel-attributes", "go.opentelemetry.io/otel/sdk/trace.(*tracer).newSpan@M/sdk@v1.34.0/t.go:1"),
    ("zap-with", "go.uber.org/zap.NewProduction@M/zap@v1.27.0/logger.go:1"),
    ("logrus-fields", "github.com/sirupsen/logrus.New@M/logrus@v1.9.3/logger.go:1"),
    ("cache-library", "github.com/patrickmn/go-cache.New@M/go-cache@v2.1.0+incompatible/cache.go:1"),
    ("cgo-copies", "example.com/shop/image._Cfunc_CString@_cgo_gotypes.go:40"),
];

#[test]
fn libraries_are_known_by_their_frames() {
    for (code, frames, size) in LIBRARIES {
        let suspects = built(&[(&format!("{frames}{SERVER}"), *size, 1000)]);
        assert_eq!(codes(&suspects), [*code], "{frames}");
        assert!(*code == "cgo-copies" || suspects[0]["responsible"]["function"] == HANDLER, "{:?}", suspects[0]);
        assert!(suspects[0]["units"].is_null() || suspects[0]["units"]["count"] == 900, "{:?}", suspects[0]["units"]);
    }
}

#[test]
fn other_uses_of_a_library_are_not_accused() {
    for (code, frames) in OTHER_USES {
        let suspects = built(&[(&format!("{frames}{SERVER}"), 256, 1000)]);
        assert!(!codes(&suspects).contains(code), "{frames}: {:?}", codes(&suspects));
        assert!(!suspects.is_empty(), "{frames}");
    }
}

#[test]
fn a_writer_of_logrus_is_known_and_entries_are_not_writers() {
    const WRITER: &str = "github.com/sirupsen/logrus.(*Entry).writerScanner@M/logrus@v1.9.3/writer.go:1";
    const MAKER: &str = "io.Pipe;github.com/sirupsen/logrus.(*Entry).WriterLevel@M/logrus@v1.9.3/writer.go:1;\
                         github.com/sirupsen/logrus.(*Entry).Writer@M/logrus@v1.9.3/writer.go:1";
    let suspects = built(&[(WRITER, 65_536, 100), (&format!("{MAKER}{SERVER}"), 192, 100)]);
    assert_eq!(codes(&suspects), ["logrus-writer"]);
    assert_eq!(suspects[0]["responsible"]["function"], HANDLER);
    assert_eq!(suspects[0]["units"]["count"], 90);
    let (_, entries, size) = LIBRARIES.iter().find(|(code, ..)| *code == "logrus-fields").expect("a leak");
    assert!(!codes(&built(&[(&format!("{entries}{SERVER}"), *size, 1000)])).contains(&"logrus-writer"));
}

/// What is no leak, by its frames, and what looks like it and is the program's own.
pub const BENIGN: &[(&str, &str, &str)] = &[
    (
        "profiler",
        "compress/flate.NewWriter;compress/gzip.(*Writer).Write;runtime/pprof.(*profileBuilder).build;\
         runtime/pprof.writeHeapInternal;net/http/pprof.handler.ServeHTTP;net/http.(*conn).serve",
        "compress/flate.NewWriter;compress/gzip.(*Writer).Write;example.com/shop/export.Write;main.main;runtime.main",
    ),
    (
        "one-time-init",
        "regexp.compile;regexp.MustCompile;example.com/shop/api.init;runtime.doInit1;runtime.doInit;runtime.main",
        "regexp.compile;regexp.MustCompile;example.com/shop/api.Match;main.main;runtime.main",
    ),
    (
        "one-time-init",
        "crypto/x509.(*CertPool).AddCert;crypto/x509.loadSystemRoots;crypto/x509.initSystemRoots;\
         sync.(*Once).doSlow;sync.(*Once).Do;crypto/tls.(*Conn).handshakeContext",
        "crypto/x509.(*CertPool).AddCert;example.com/shop/tls.Config;sync.(*Once).doSlow;sync.(*Once).Do;main.main",
    ),
    (
        "runtime-own",
        "runtime.(*timers).addHeap;runtime.(*timers).maybeAdd;runtime.newproc1;runtime.systemstack",
        "time.newTimer;time.AfterFunc;example.com/shop/hold.Hold;main.main;runtime.main",
    ),
    (
        "standard-pools",
        "fmt.init.func1;sync.(*Pool).Get;fmt.newPrinter;fmt.Sprintf;example.com/shop/api.Name;main.main",
        "example.com/shop/api.init.func1;sync.(*Pool).Get;example.com/shop/api.Name;main.main",
    ),
    (
        "goroutine-high-water",
        "runtime.growslice;runtime.allgadd;runtime.newproc1;runtime.newproc.func1;runtime.systemstack",
        "example.com/shop/api.grow;main.main",
    ),
];

#[test]
fn what_is_benign_is_labelled() {
    for (code, frames, own) in BENIGN {
        let suspects = built(&[(*frames, 4096, 1000)]);
        assert_eq!(codes(&suspects), [*code]);
        assert_eq!(suspects[0]["reason"], "benign", "{code}");
        let suspects = built(&[(*own, 4096, 1000)]);
        assert!(
            !suspects.is_empty() && suspects.iter().all(|suspect| suspect["reason"].is_null()),
            "{own}: {suspects:?}"
        );
    }
}

#[test]
fn the_profiler_stands_below_what_leaks() {
    let suspects = recorded("everything", "heap");
    let profiler = suspects.iter().find(|suspect| suspect["code"] == "profiler").expect("the profiler");
    assert_eq!(profiler["reason"], "benign");
}
