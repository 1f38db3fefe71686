//! Every signature is shown to match what it is for, and not what looks like it.
//!
//! The table is held against the list of signatures: a new one without a row fails.

use std::collections::BTreeSet;

use leakdiff::diagnose::signature::SIGNATURES;
use serde_json::Value;

use crate::goroutines::goroutines;
use crate::retention::{BENIGN, LIBRARIES, OTHER_USES, SERVER, built, codes, recorded, suspects};
use crate::support::{fixture, json};

/// What grew.
enum Grown {
    /// Heaps recorded with Go 1.27, of `fixtures/signatures`.
    Heap(&'static str),
    /// Heaps of `fixtures/signatures/retention`.
    Kept(&'static str),
    /// Goroutines of `fixtures/signatures/retention`.
    Waiting(&'static str),
    /// Heaps of a service of `fixtures`.
    Service(&'static str),
    /// Blocks, by their stacks with size and number.
    Built(&'static [(&'static str, i64, i64)]),
    /// Goroutines, by their stack.
    Parked(&'static str),
    /// The frames of a library as the table of libraries has them.
    Library,
    /// Another use of it.
    OtherUse,
    /// What is benign, as its table has it.
    Benign,
    /// What looks so and is the program's own.
    Own,
}
use Grown::{Benign, Built, Heap, Kept, Library, OtherUse, Own, Parked, Service, Waiting};

const GRPC_CLIENT: &[(&str, i64, i64)] = &[
    (
        "google.golang.org/grpc.NewClient@M/grpc@v1.70.0/clientconn.go:1;example.com/shop/orders.Get;main.main",
        512,
        1000,
    ),
    (
        "bufio.NewReaderSize;google.golang.org/grpc/internal/transport.NewHTTP2Client@M/grpc@v1.70.0/http2_client.go:1;\
         google.golang.org/grpc.(*addrConn).createTransport@M/grpc@v1.70.0/clientconn.go:1",
        32_768,
        1000,
    ),
];
const GRPC_SERVER: &[(&str, i64, i64)] = &[(
    "bufio.NewReaderSize;google.golang.org/grpc/internal/transport.NewServerTransport@M/grpc@v1.70.0/t.go:1;\
     google.golang.org/grpc.(*Server).handleRawConn@M/grpc@v1.70.0/server.go:1",
    32_768,
    1000,
)];
const IDLE: &str = "runtime.gopark;internal/poll.runtime_pollWait;net.(*conn).Read;net/http.(*connReader).Read;\
                    bufio.(*Reader).fill;bufio.(*Reader).Peek;net/http.(*conn).serve";
const SLOW: &str = "runtime.gopark;internal/poll.runtime_pollWait;net.(*conn).Read;net/http.(*connReader).Read;\
                    bufio.(*Reader).fill;bufio.(*Reader).ReadSlice;net/textproto.(*Reader).readLineSlice;\
                    net/http.readRequest;net/http.(*conn).readRequest;net/http.(*conn).serve";
const GRPC_STREAM: &str = "runtime.gopark;runtime.selectgo;\
                           google.golang.org/grpc.newClientStreamWithParams.func4@M/grpc@v1.70.0/stream.go:1";
const GRPC_CALL: &str = "runtime.gopark;runtime.selectgo;example.com/shop/orders.Get;\
                         google.golang.org/grpc.(*Server).processUnaryRPC@M/grpc@v1.70.0/server.go:1";
const REDIS_CLIENT: &[(&str, i64, i64)] = &[(
    "github.com/redis/go-redis/v9.NewClient@M/go-redis/v9@v9.7.0/redis.go:1;example.com/shop/carts.Load;main.main",
    416,
    1000,
)];
const REDIS_POOL: &[(&str, i64, i64)] = &[(
    "bufio.NewReaderSize;github.com/redis/go-redis/v9/internal/pool.NewConn@M/go-redis/v9@v9.7.0/conn.go:1;\
     github.com/redis/go-redis/v9/internal/pool.(*ConnPool).dialConn@M/go-redis/v9@v9.7.0/pool.go:1;\
     example.com/shop/carts.Load;main.main",
    4096,
    1000,
)];
const LOGRUS_WRITER: &[(&str, i64, i64)] =
    &[("github.com/sirupsen/logrus.(*Entry).writerScanner@M/logrus@v1.9.3/writer.go:1", 65_536, 100)];
const CGO_CALL: &str =
    "runtime.cgocall;example.com/shop/image._Cfunc_resize@_cgo_gotypes.go:3;example.com/shop/image.Do";
const LOOKUP: &str = "runtime.cgocall;net._C2func_getaddrinfo;net.cgoLookupHostIP;net.cgoLookupIP";
const SLOW_BODY: &str = "runtime.gopark;runtime.netpollblock;internal/poll.runtime_pollWait;internal/poll.(*FD).Read;\
                         net.(*netFD).Read;net.(*conn).Read;net/http.(*persistConn).Read;bufio.(*Reader).fill;\
                         net/http.(*body).Read;example.com/shop/a.Get";
const WORKER: &[(&str, i64, i64)] =
    &[("example.com/shop/work.(*Worker).keep;example.com/shop/work.(*Worker).run", 512, 1000)];
const PROFILE_OF_A_SERVICE: &[(&str, i64, i64)] = &[(
    "compress/flate.NewWriter;compress/gzip.(*Writer).Write;runtime/pprof.(*profileBuilder).build;\
     runtime/pprof.writeHeapInternal;example.com/shop/ops.(*Recorder).Save;main.main",
    600_000,
    10,
)];
const SYSTEM_ROOTS: &[(&str, i64, i64)] = &[(
    "crypto/x509.(*CertPool).AddCert;crypto/x509.loadSystemRoots;crypto/x509.initSystemRoots;sync.(*Once).doSlow;\
     sync.(*Once).Do;crypto/tls.(*Conn).handshakeContext",
    4096,
    1000,
)];
const COMPILED_AT_START: &[(&str, i64, i64)] =
    &[("regexp.compile;regexp.MustCompile;example.com/shop/api.init;runtime.doInit1;runtime.main", 4096, 1000)];
const POOL_OF_FMT: &[(&str, i64, i64)] =
    &[("fmt.init.func1;sync.(*Pool).Get;fmt.newPrinter;fmt.Sprintf;example.com/shop/api.Name;main.main", 4096, 1000)];
const OF_A_LIBRARY: &[(&str, i64, i64)] =
    &[("example.org/lib.New@/go/pkg/mod/example.org/lib@v1.2.0/new.go:3;example.com/shop.Handle;main.main", 256, 1000)];

/// By code: what it is for, and what only looks like it.
const CASES: &[(&str, Grown, Grown)] = &[
    ("sql-pool-exhausted", Heap("sql-pool-exhausted"), Heap("sql-rows-not-closed")),
    ("http-client-per-request", Heap("http-client-per-request"), Heap("http-body-not-closed")),
    ("http-body-not-closed", Heap("http-body-not-closed"), Heap("http-client-per-request")),
    ("http2-body-not-closed", Heap("http2-body-not-closed"), Heap("http-body-not-closed")),
    ("http-handler-blocked", Heap("http-handler-blocked"), Heap("http-server-connections")),
    ("http-request-kept", Heap("http-request-kept"), Heap("http-handler-blocked")),
    ("http-server-connections", Heap("http-server-connections"), Heap("hijacked-connections")),
    ("http-idle-connections", Parked(IDLE), Parked(SLOW)),
    ("hijacked-connections", Heap("hijacked-connections"), Heap("http-server-connections")),
    ("grpc-client-per-call", Built(GRPC_CLIENT), Built(GRPC_SERVER)),
    ("grpc-stream-not-ended", Parked(GRPC_STREAM), Parked(GRPC_CALL)),
    ("redis-client-per-request", Built(REDIS_CLIENT), Built(REDIS_POOL)),
    ("sql-open-per-request", Heap("sql-open-per-request"), Heap("sql-rows-not-closed")),
    ("sql-tx-not-ended", Heap("sql-tx-not-ended"), Heap("sql-rows-not-closed")),
    ("sql-rows-not-closed", Heap("sql-rows-not-closed"), Heap("sql-tx-not-ended")),
    ("sql-stmt-not-closed", Heap("sql-stmt-not-closed"), Heap("sql-rows-not-closed")),
    ("exec-not-waited", Heap("exec-not-waited"), Heap("io-pipe-abandoned")),
    ("logrus-writer", Built(LOGRUS_WRITER), Heap("io-pipe-abandoned")),
    ("io-pipe-abandoned", Heap("io-pipe-abandoned"), Built(LOGRUS_WRITER)),
    ("defer-in-loop", Heap("defer-in-loop"), Heap("file-not-closed")),
    ("file-not-closed", Heap("file-not-closed"), Heap("defer-in-loop")),
    ("gzip-writer-per-request", Heap("gzip-writer-kept"), Built(PROFILE_OF_A_SERVICE)),
    ("tls-config-rebuilt", Heap("tls-config-rebuilt"), Built(SYSTEM_ROOTS)),
    ("goroutine-network-read", Waiting("goroutine-network-read"), Parked(SLOW_BODY)),
    ("net-conn-not-closed", Heap("net-conn-not-closed"), Heap("http-server-connections")),
    ("prometheus-labels", Library, OtherUse),
    ("otel-attributes", Library, OtherUse),
    ("zap-with", Library, OtherUse),
    ("logrus-fields", Library, OtherUse),
    ("cache-library", Library, OtherUse),
    ("slog-with", Kept("slog-with"), Kept("buffers-kept")),
    ("template-parsed", Kept("template-text"), Kept("regexp-compiled")),
    ("regexp-compiled", Kept("regexp-compiled"), Built(COMPILED_AT_START)),
    ("reflect-types", Kept("reflect-types"), Kept("json-typed")),
    ("signal-notify", Kept("signal-notify"), Kept("context-not-cancelled")),
    ("context-custom-parent", Kept("context-custom-parent"), Kept("context-not-cancelled")),
    ("context-timeout-not-cancelled", Kept("context-timeout-not-cancelled"), Kept("context-not-cancelled")),
    ("context-after-func", Kept("context-after-func"), Kept("timer-not-stopped")),
    ("context-not-cancelled", Kept("context-not-cancelled"), Kept("context-timeout-not-cancelled")),
    ("context-values", Kept("context-values"), Kept("context-not-cancelled")),
    ("time-tick", Kept("time-tick"), Kept("ticker-not-stopped")),
    ("ticker-not-stopped", Kept("ticker-not-stopped"), Kept("time-tick")),
    ("time-after", Kept("go1.22/time-after"), Kept("go1.22/timer-not-stopped")),
    ("timer-not-stopped", Kept("timer-not-stopped"), Kept("context-timeout-not-cancelled")),
    ("goroutine-mutex", Waiting("goroutine-mutex"), Waiting("goroutine-waitgroup")),
    ("goroutine-waitgroup", Waiting("goroutine-waitgroup"), Waiting("goroutine-mutex")),
    ("goroutine-cond", Waiting("goroutine-cond"), Waiting("goroutine-mutex")),
    ("goroutine-sleep", Waiting("goroutine-sleep"), Waiting("goroutine-chan-receive")),
    ("goroutine-chan-send", Waiting("goroutine-chan-send"), Waiting("goroutine-chan-receive")),
    ("goroutine-chan-receive", Waiting("goroutine-chan-receive"), Waiting("goroutine-chan-range")),
    ("goroutine-chan-range", Waiting("goroutine-chan-range"), Waiting("goroutine-chan-receive")),
    ("goroutine-select", Waiting("goroutine-select"), Waiting("goroutine-select-empty")),
    ("goroutine-select-empty", Waiting("goroutine-select-empty"), Waiting("goroutine-select")),
    ("goroutine-cgo", Parked(CGO_CALL), Parked(LOOKUP)),
    ("os-threads", Kept("os-threads"), Kept("goroutine-select-empty")),
    ("json-kept", Kept("json-decoded"), Kept("reflect-types")),
    ("error-chain", Kept("error-chain"), Kept("string-copy")),
    ("sync-map", Kept("sync-map"), Kept("growing-map")),
    ("list-queue", Kept("list-queue"), Kept("growing-slice")),
    ("cgo-copies", Library, OtherUse),
    ("retained-input", Kept("read-all"), Kept("string-copy")),
    ("pool-not-put-back", Kept("pool-not-put-back"), Built(POOL_OF_FMT)),
    ("buffer-not-reset", Kept("buffer-not-reset"), Kept("pool-giant")),
    ("goroutine-leak", Kept("goroutine-chan-send"), Built(WORKER)),
    ("growing-container", Kept("growing-slice"), Kept("list-queue")),
    ("retained-objects", Kept("pointer-slice"), Kept("growing-slice")),
    ("profiler", Benign, Own),
    ("one-time-init", Benign, Own),
    ("runtime-own", Benign, Own),
    ("standard-pools", Benign, Own),
    ("goroutine-high-water", Benign, Own),
    ("churn", Service("churn"), Service("global-cache")),
    ("unknown", Built(OF_A_LIBRARY), Kept("pointer-slice")),
];

/// Codes whose recording is one of the labelled ones, with its folder: they are named there, suspected or set aside.
const IN_CORPUS: &[(&str, &str)] = &[
    ("cache-library", "gocache_no_expiry"),
    ("grpc-client-per-call", "grpc_conn_per_call"),
    ("http-idle-connections", "control_idle_clients"),
    ("logrus-fields", "logrus_fields_kept"),
    ("prometheus-labels", "prometheus_user_label"),
    ("zap-with", "zap_with_kept"),
];

/// Benign growth, and recordings made for something else in which it grew as well.
const BENIGN_BESIDE: &[(&str, &str)] = &[
    ("profiler", "signatures/retention/everything"),
    ("one-time-init", "signatures/retention/one-time-init"),
    ("runtime-own", "signatures/retention/defer-method"),
    ("standard-pools", "signatures/io-pipe-abandoned/go1.27"),
    ("goroutine-high-water", "signatures/sql-pool-exhausted/go1.27"),
];

impl Grown {
    /// Whether it was recorded, not made of frames that were read in the source.
    fn is_recorded(&self) -> bool {
        matches!(self, Heap(_) | Kept(_) | Waiting(_) | Service(_))
    }

    /// The suspects; tables of several rows are looked up by code.
    fn suspects(&self, code: &str) -> Vec<Value> {
        let pair = |before: String, after: String| suspects(&json(&[&fixture(&before), &fixture(&after)]));
        let of_heap = |folder: String| pair(format!("{folder}/heap1.pb.gz"), format!("{folder}/heap2.pb.gz"));
        let served = |stack: &str, size| built(&[(&format!("{stack}{SERVER}"), size, 1000)]);
        let benign = || BENIGN.iter().find(|(known, ..)| *known == code).expect("a benign code");
        match self {
            Heap(folder) => of_heap(format!("signatures/{folder}/go1.27")),
            Kept(folder) => of_heap(format!("signatures/retention/{folder}")),
            Waiting(folder) => recorded(folder, "goroutine"),
            Service(folder) => pair(format!("{folder}/heap1.pb.gz"), format!("{folder}/heap3.pb.gz")),
            Built(stacks) => built(stacks),
            Parked(stack) => goroutines(stack),
            Library => {
                let (_, frames, size) = LIBRARIES.iter().find(|(known, ..)| *known == code).expect("a library");
                served(frames, *size)
            }
            OtherUse => served(OTHER_USES.iter().find(|(known, _)| *known == code).expect("a library").1, 256),
            Benign => built(&[(benign().1, 4096, 1000)]),
            Own => built(&[(benign().2, 4096, 1000)]),
        }
    }
}

#[test]
fn every_signature_has_a_case() {
    let of_cases: Vec<&str> = CASES.iter().map(|(code, ..)| *code).collect();
    let known: BTreeSet<&str> = SIGNATURES.iter().map(|signature| signature.code()).collect();
    let shown: BTreeSet<&str> = of_cases.iter().copied().collect();
    assert_eq!(known, shown, "a row for each signature");
    assert_eq!(of_cases.len(), shown.len(), "and no more");
}

#[test]
fn every_signature_matches_what_it_is_for() {
    for (code, grown, _) in CASES {
        let found = grown.suspects(code);
        assert!(!found.is_empty(), "{code}: no suspect");
        // What is churned stands beside what is kept.
        let is_first = codes(&found)[0] == *code || *code == "churn" && codes(&found).contains(code);
        assert!(is_first, "{code} is called {:?}", codes(&found));
    }
}

#[test]
fn no_signature_matches_what_only_looks_like_it() {
    for (code, _, alike) in CASES {
        let found = alike.suspects(code);
        assert!(!found.is_empty(), "{code}: what looks like it grows, too");
        assert!(!codes(&found).contains(code), "{code}: {:?}", codes(&found));
    }
}

/// What is benign grew in recordings as well, beside what they were made for.
#[test]
fn benign_growth_of_recordings_is_labelled() {
    for (code, folder) in BENIGN_BESIDE {
        let [before, after] = [1, 2].map(|number| fixture(&format!("{folder}/heap{number}.pb.gz")));
        let found = suspects(&json(&[&before, &after]));
        let benign = found.iter().find(|suspect| suspect["code"] == *code);
        assert!(benign.is_some_and(|suspect| suspect["reason"] == "benign"), "{folder}: {:?}", codes(&found));
    }
}

/// A page says whether anything but its author's reading of the source stands behind its frames.
#[test]
fn what_no_recording_shows_is_called_untested() {
    for (code, folder) in IN_CORPUS {
        let path = |name: &str| fixture(&format!("corpus/{folder}/{name}.pb.gz"));
        let heaps = json(&[&path("heap.1"), &path("heap.6")]);
        let goroutines = json(&["goroutines", &path("goroutine.first"), &path("goroutine.last")]);
        let found = [suspects(&heaps), suspects(&goroutines)].concat();
        assert!(codes(&found).contains(code), "{folder}: {:?}", codes(&found));
    }
    let beside: Vec<&str> = IN_CORPUS.iter().chain(BENIGN_BESIDE).map(|(code, _)| *code).collect();
    for signature in SIGNATURES {
        let code = signature.code();
        let grown = CASES.iter().find(|(known, ..)| *known == code).map(|(_, grown, _)| grown);
        let is_recorded = grown.is_some_and(Grown::is_recorded) || beside.contains(&code);
        assert_eq!(!is_recorded, signature.page.text().contains("Untested"), "{code}");
    }
}
