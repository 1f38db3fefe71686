//! Leaks of the network, of databases and of the operating system: from recorded profiles where the standard library is
//! enough (`fixtures/signatures`), from built ones with the frames of the library where it takes one.

use serde_json::Value;

use crate::support::{GO_HEAP, Profile, diff_json, fixture, json};

/// The codes of this file: a leak of one of them must not be called by another.
const CODES: &[&str] = &[
    "defer-in-loop",
    "exec-not-waited",
    "file-not-closed",
    "grpc-client-per-call",
    "grpc-stream-not-ended",
    "gzip-writer-per-request",
    "hijacked-connections",
    "http-body-not-closed",
    "http-client-per-request",
    "http-handler-blocked",
    "http-request-kept",
    "http-server-connections",
    "http2-body-not-closed",
    "io-pipe-abandoned",
    "net-conn-not-closed",
    "redis-client-per-request",
    "sql-open-per-request",
    "sql-pool-exhausted",
    "sql-rows-not-closed",
    "sql-stmt-not-closed",
    "sql-tx-not-ended",
    "tls-config-rebuilt",
];

/// A recorded leak: its folder, its code, who is responsible, and how many of what leaked.
struct Leak(&'static str, &'static str, &'static str, i64, &'static str);

const LEAKS: &[Leak] = &[
    Leak("defer-in-loop", "defer-in-loop", "main.(*importer).run", 4000, "files"),
    Leak("exec-not-waited", "exec-not-waited", "main.(*jobs).convert", 350, "commands"),
    Leak("file-not-closed", "file-not-closed", "main.(*archive).title", 6000, "files"),
    Leak("gzip-reader-kept", "gzip-writer-per-request", "main.(*exports).unpack", 200, "compressors"),
    Leak("gzip-writer-kept", "gzip-writer-per-request", "main.(*exports).pack", 15, "compressors"),
    Leak("hijacked-connections", "hijacked-connections", "main.(*hub).join", 400, "connections"),
    Leak("http-body-not-closed", "http-body-not-closed", "main.(*prices).fetch", 800, "connections"),
    Leak("http-client-per-request", "http-client-per-request", "main.(*places).find", 1500, "connections"),
    Leak("http-handler-blocked", "http-handler-blocked", "main.(*desk).quote", 400, "connections"),
    Leak("http-request-kept", "http-request-kept", "main.(*audit).note", 3000, "requests"),
    Leak("http-server-connections", "http-server-connections", "main.serve.func1", 400, "connections"),
    Leak("http2-body-not-closed", "http2-body-not-closed", "main.(*prices).fetch", 150 * 16, "unread chunks of 16 KiB"),
    Leak("io-pipe-abandoned", "io-pipe-abandoned", "main.first", 3000, "pipes"),
    Leak("net-conn-not-closed", "net-conn-not-closed", "main.(*printers).print", 5000, "connections"),
    Leak("sql-open-per-request", "sql-open-per-request", "main.(*tenants).rename", 1200, "handles"),
    Leak("sql-pool-exhausted", "sql-pool-exhausted", "main.(*orders).total", 8000, "waiting queries"),
    Leak("sql-rows-not-closed", "sql-rows-not-closed", "main.(*orders).latest", 1000, "results"),
    Leak("sql-stmt-not-closed", "sql-stmt-not-closed", "main.(*orders).count", 5000, "statements"),
    Leak("sql-tx-not-ended", "sql-tx-not-ended", "main.(*orders).store", 1000, "transactions"),
    Leak("tls-config-rebuilt", "tls-config-rebuilt", "main.(*gateways).dial", 600 * 8, "certificates"),
];

const VERSIONS: &[&str] = &["go1.22", "go1.27"];

/// The suspects of a recorded pair.
fn recorded(folder: &str, version: &str, kind: &str) -> Vec<Value> {
    let path = |number| fixture(&format!("signatures/{folder}/{version}/{kind}{number}.pb.gz"));
    suspects(&json(&[&path(1), &path(2)]))
}

/// The suspects, then what was set aside.
fn suspects(report: &Value) -> Vec<Value> {
    let list = |key: &str| report[key].as_array().expect("an array").clone();
    [list("suspects"), list("set_aside")].concat()
}

fn codes(suspects: &[Value]) -> Vec<&str> {
    suspects.iter().map(|suspect| suspect["code"].as_str().expect("a code")).collect()
}

/// Every pair of a recorded leak and a version of Go.
fn each_leak(mut check: impl FnMut(&Leak, &str)) {
    for leak in LEAKS {
        VERSIONS.iter().for_each(|version| check(leak, version));
    }
}

#[test]
fn recorded_leaks_have_their_names_in_old_and_new_go() {
    each_leak(|leak, version| {
        let Leak(folder, code, function, ..) = leak;
        let suspects = recorded(folder, version, "heap");
        assert_eq!(suspects[0]["code"], **code, "{folder} {version}");
        let named = suspects.iter().filter(|suspect| suspect["code"] == **code);
        let functions: Vec<&Value> = named.map(|suspect| &suspect["responsible"]["function"]).collect();
        assert!(functions.contains(&&Value::from(*function)), "{folder} {version}: {functions:?}");
    });
}

#[test]
fn recorded_leaks_are_counted_within_their_error() {
    each_leak(|Leak(folder, code, function, items, unit), version| {
        let suspects = recorded(folder, version, "heap");
        let suspect = suspects
            .iter()
            .find(|suspect| suspect["code"] == **code && suspect["responsible"]["function"] == **function)
            .unwrap_or_else(|| panic!("{folder} {version}: {:?}", codes(&suspects)));
        let units = &suspect["units"];
        if suspect["reason"] == "benign" {
            return;
        }
        assert_eq!(units["name"], **unit, "{folder} {version}");
        let number = |field: &str| units[field].as_i64().expect("a number");
        // The error stated is 1.96 standard errors; among so many counts one may be off by three.
        let (off, error) = ((number("count") - items).abs(), number("error"));
        assert!(off * 2 <= error * 3, "{folder} {version}: {units} instead of {items}");
    });
}

/// Bodies and transports, connections that are idle, hijacked or in a blocked handler, rows and transactions, files in
/// a list and in deferred calls: all are recorded, and all look like one of the others.
#[test]
fn no_recorded_leak_has_the_name_of_a_look_alike() {
    for kind in ["heap", "goroutine"] {
        each_leak(|Leak(folder, code, ..), version| {
            let suspects = recorded(folder, version, kind);
            let others: Vec<&str> =
                codes(&suspects).into_iter().filter(|found| found != code && CODES.contains(found)).collect();
            assert!(others.is_empty(), "{kind} of {folder} {version} is also called {others:?}");
        });
    }
}

#[test]
fn goroutines_tell_leaks_that_have_some() {
    let leaks = [
        ("exec-not-waited", 350),
        ("hijacked-connections", 400),
        ("http-body-not-closed", 2 * 800),
        ("http-client-per-request", 2 * 1500),
        ("http-handler-blocked", 2 * 400),
        // Their clients keep them for the next request.
        ("http-idle-connections", 400),
        ("http2-body-not-closed", 150),
        ("io-pipe-abandoned", 3000),
        ("sql-open-per-request", 1200),
        ("sql-pool-exhausted", 8000),
        ("sql-rows-not-closed", 1000),
        ("sql-tx-not-ended", 1000),
    ];
    for (code, grown) in leaks {
        for version in VERSIONS {
            let folder = if code == "http-idle-connections" { "http-server-connections" } else { code };
            let suspects = recorded(folder, version, "goroutine");
            assert_eq!(codes(&suspects)[..1], [code], "{version}");
            assert_eq!(suspects[0]["delta"], grown, "{code} {version}");
        }
    }
}

#[test]
fn services_under_load_have_the_names_of_their_leaks() {
    let services = [
        ("http-body", "http-body-not-closed"),
        ("client-per-request", "http-client-per-request"),
        ("file-not-closed", "file-not-closed"),
        ("sql-rows", "sql-rows-not-closed"),
    ];
    for (service, code) in services {
        let path = |file: &str| fixture(&format!("{service}/{file}"));
        let suspects = suspects(&json(&[&path("heap1.pb.gz"), &path("heap3.pb.gz")]));
        assert_eq!(codes(&suspects)[..1], [code], "{service}");
        let truth = std::fs::read_to_string(path("truth.json")).expect("the truth");
        let truth: Value = serde_json::from_str(&truth).expect("the truth is JSON");
        assert_eq!(suspects[0]["responsible"]["function"], truth["function"], "{service}");
    }
}

#[test]
fn services_without_a_leak_have_none_of_these_names() {
    for service in ["healthy", "warmup", "churn", "pool-misuse", "global-cache", "ticker"] {
        let path = |number| fixture(&format!("{service}/heap{number}.pb.gz"));
        let suspects = suspects(&json(&[&path(1), &path(3)]));
        let named: Vec<&str> = codes(&suspects).into_iter().filter(|code| CODES.contains(code)).collect();
        assert!(named.is_empty(), "{service}: {named:?}");
    }
}

/// What grew from nothing: stacks, leaf first, with numbers and sizes of blocks. Every block is counted.
fn heap(stacks: &[(&str, i64, i64)]) -> Vec<Value> {
    let empty = Profile::bare().types(GO_HEAP).period("space", "bytes", 1);
    let idle = "example.com/shop/menu.Load@example.com/shop/menu/menu.go:7;main.main";
    let grow = |profile: Profile, (stack, objects, size): &(&str, i64, i64)| {
        profile.stack(stack, [*objects, objects * size, *objects, objects * size]).bytes(*size)
    };
    let before = grow(empty, &(idle, 1, 4096));
    let after = stacks.iter().fold(before.clone(), grow);
    suspects(&diff_json(&[&before, &after], &[]))
}

/// Goroutines that were added, by their stacks, leaf first.
fn goroutines(stacks: &[(&str, i64)]) -> Vec<Value> {
    let before = Profile::bare().types(&[("goroutine", "count")]).stack("runtime.gopark;main.main", [1]);
    let add = |profile: Profile, (stack, count): &(&str, i64)| profile.stack(stack, [*count]);
    let after = stacks.iter().fold(before.clone(), add);
    suspects(&diff_json(&[&before, &after], &[]))
}

/// A stack whose frames below `modules` lie in a module cache, so that they are those of a dependency.
fn with_modules(stack: &str, modules: &[&str]) -> String {
    let place = |frame: &str| match modules.iter().find(|module| frame.starts_with(**module)) {
        Some(module) => format!("{frame}@{module}@v9.1.0/file.go:1"),
        None => frame.to_owned(),
    };
    stack.split(';').map(place).collect::<Vec<_>>().join(";")
}

const GRPC: &str = "google.golang.org/grpc";

fn grpc(stack: &str) -> String {
    with_modules(&stack.replace("grpc/", &format!("{GRPC}/")).replace("grpc:", &format!("{GRPC}.")), &[GRPC])
}

#[test]
fn a_grpc_connection_for_each_call() {
    let versions = [
        ("grpc/internal/transport.NewHTTP2Client", "grpc:NewClient"),
        ("grpc/internal/transport.newHTTP2Client", "grpc:DialContext"),
    ];
    for (transport, dial) in versions {
        let connect = format!("{transport};grpc:(*addrConn).createTransport;grpc:(*addrConn).connect");
        let reader = grpc(&format!("bufio.NewReaderSize;grpc/internal/transport.newFramer;{connect}"));
        let writer = grpc(&format!("grpc/internal/transport.newBufWriter;grpc/internal/transport.newFramer;{connect}"));
        let client = grpc(&format!("{dial};example.com/shop/orders.(*Client).Get;main.main"));
        let table = grpc(
            "golang.org/x/net/http2/hpack.(*headerFieldTable).addEntry;grpc/internal/transport.(*http2Client).reader",
        );
        let suspects = heap(&[(&reader, 400, 32768), (&writer, 400, 65536), (&client, 1200, 512), (&table, 400, 128)]);
        assert_eq!(codes(&suspects), ["grpc-client-per-call"], "{dial}");
        assert_eq!(suspects[0]["responsible"]["function"], "example.com/shop/orders.(*Client).Get", "{dial}");
        assert_eq!(suspects[0]["units"]["count"], 400, "{dial}");
    }
    let park = |root: &str| grpc(&format!("runtime.gopark;runtime.chanrecv;runtime.chanrecv2;{root}"));
    let callbacks = park("grpc/internal/grpcsync.(*CallbackSerializer).run");
    let reader = park("grpc/internal/transport.(*http2Client).reader");
    let suspects = goroutines(&[(&callbacks, 1200), (&reader, 400)]);
    assert_eq!(codes(&suspects), ["grpc-client-per-call"]);
}

#[test]
fn a_grpc_server_is_no_client_for_each_call() {
    let serve = "grpc/internal/transport.NewServerTransport;grpc:(*Server).handleRawConn;grpc:(*Server).Serve.func3";
    let reader = grpc(&format!("bufio.NewReaderSize;grpc/internal/transport.newFramer;{serve}"));
    let suspects = heap(&[(&reader, 400, 32768)]);
    assert!(!codes(&suspects).contains(&"grpc-client-per-call"), "{:?}", codes(&suspects));
}

#[test]
fn grpc_streams_that_are_left() {
    let begin = "grpc:newClientStream;grpc:(*ClientConn).NewStream;example.com/shop/watch.(*Watcher).Follow;main.main";
    let stream = grpc(&format!("grpc:newClientStreamWithParams;{begin}"));
    let transport = grpc(&format!("grpc/internal/transport.(*http2Client).newStream;{begin}"));
    let suspects = heap(&[(&stream, 900, 480), (&transport, 900, 352)]);
    assert_eq!(codes(&suspects), ["grpc-stream-not-ended"]);
    assert_eq!(suspects[0]["responsible"]["function"], "example.com/shop/watch.(*Watcher).Follow");
    assert_eq!(suspects[0]["units"]["count"], 900);

    let left = grpc("runtime.gopark;runtime.selectgo;grpc:newClientStreamWithParams.func4");
    assert_eq!(codes(&goroutines(&[(&left, 900)])), ["grpc-stream-not-ended"]);
    let unary = grpc("runtime.gopark;runtime.selectgo;example.com/shop/orders.Get;grpc:(*Server).processUnaryRPC");
    assert!(!codes(&goroutines(&[(&unary, 900)])).contains(&"grpc-stream-not-ended"));
}

/// Connections of a Redis client, dialled by the function that uses it.
fn redis_connection(module: &str, make: &str, caller: &str) -> String {
    let pool = format!("{module}/internal/pool");
    let dial = format!("{pool}.{make};{pool}.(*ConnPool).dialConn;{module}.(*Client).Get");
    with_modules(&format!("bufio.NewReaderSize;{dial};{caller};main.main"), &[module])
}

#[test]
fn a_redis_client_for_each_request() {
    let caller = "example.com/shop/carts.(*Store).Load";
    let versions =
        [("github.com/redis/go-redis/v9", "NewConnWithBufferSize"), ("github.com/go-redis/redis/v8", "NewConn")];
    for (module, make) in versions {
        let client = with_modules(&format!("{module}.newConnPool;{module}.NewClient;{caller};main.main"), &[module]);
        let suspects = heap(&[(&client, 700, 416), (&redis_connection(module, make, caller), 700, 4096)]);
        assert_eq!(codes(&suspects), ["redis-client-per-request"], "{module}");
        assert_eq!(suspects[0]["responsible"]["function"], caller, "{module}");
        assert_eq!(suspects[0]["units"]["count"], 700, "{module}");
    }
    let loops = [
        "runtime.selectgo;github.com/redis/go-redis/v9/maintnotifications.(*CircuitBreakerManager).cleanupLoop",
        "runtime.chanrecv2;github.com/go-redis/redis/v8/internal/pool.(*ConnPool).reaper",
    ];
    for root in loops {
        let parked = with_modules(&format!("runtime.gopark;{root}"), &["github.com/"]);
        assert_eq!(codes(&goroutines(&[(&parked, 700)])), ["redis-client-per-request"], "{root}");
    }
}

#[test]
fn a_redis_pool_that_fills_up_is_no_client_for_each_request() {
    let connection = redis_connection(
        "github.com/redis/go-redis/v9",
        "NewConnWithBufferSize",
        "example.com/shop/carts.(*Store).Load",
    );
    let suspects = heap(&[(&connection, 80, 32768)]);
    assert!(!codes(&suspects).contains(&"redis-client-per-request"), "{:?}", codes(&suspects));
}

#[test]
fn websocket_connections_that_stay() {
    let gorilla = "github.com/gorilla/websocket";
    let handler = "example.com/shop/chat.(*Hub).Join;net/http.HandlerFunc.ServeHTTP;net/http.serverHandler.ServeHTTP";
    let serve = "net/http.(*conn).serve";
    let reader = format!("bufio.NewReaderSize;bufio.NewReader;net/http.newBufioReader;{serve}");
    let writer = format!("bufio.NewWriterSize;net/http.newBufioWriterSize;{serve}");
    let request = format!("net/textproto.readMIMEHeader;net/http.readRequest;net/http.(*conn).readRequest;{serve}");
    for new in ["newConn", "newConnBRW"] {
        let conn = format!("{gorilla}.{new};{gorilla}.(*Upgrader).Upgrade;{handler};{serve}");
        let conn = with_modules(&conn, &[gorilla]);
        let grown = [(&*conn, 300, 512), (&*reader, 300, 4096), (&*writer, 300, 4096), (&*request, 300, 352)];
        let suspects = heap(&grown);
        assert_eq!(codes(&suspects), ["hijacked-connections"], "{new}");
        assert_eq!(suspects[0]["responsible"]["function"], "example.com/shop/chat.(*Hub).Join", "{new}");
        assert_eq!(suspects[0]["units"]["count"], 300, "{new}");
    }
    let read = format!(
        "runtime.gopark;net.(*conn).Read;{gorilla}.(*Conn).advanceFrame;{gorilla}.(*Conn).ReadMessage;{handler};{serve}"
    );
    assert_eq!(codes(&goroutines(&[(&with_modules(&read, &[gorilla]), 300)])), ["hijacked-connections"]);

    let body =
        format!("runtime.gopark;net.(*conn).Read;net/http.(*connReader).Read;net/http.(*body).Read;{handler};{serve}");
    assert!(!codes(&goroutines(&[(&body, 300)])).contains(&"hijacked-connections"), "a body that arrives slowly");
}

/// One block of 48 B for each file may be an entry of a table; a deferred call has its closure as well.
#[test]
fn a_table_of_files_is_no_defer_in_a_loop() {
    let add = "example.com/shop/logs.(*Table).Add;main.main";
    let file = format!("os.newFile;os.openFileNolog;os.OpenFile;os.Open;{add}");
    let suspects = heap(&[(&file, 5000, 96), (add, 5000, 48)]);
    assert_eq!(codes(&suspects), ["file-not-closed"]);
}
