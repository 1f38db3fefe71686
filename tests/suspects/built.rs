//! Single rules, each on profiles that show it and nothing else.
//!
//! Every allocation is recorded (the period is 1): growth is what it is, unless a test is about samples.

use serde_json::Value;

use crate::support::{Profile, diff, diff_json};

/// One block, in bytes.
pub const BLOCK: i64 = 16 << 20;

/// A snapshot: stacks, leaf first, with the blocks in use; as many were allocated.
pub fn heap(stacks: &[(&str, i64)]) -> Profile {
    let kept: Vec<(&str, i64, i64)> = stacks.iter().map(|(stack, blocks)| (*stack, *blocks, *blocks)).collect();
    churning(&kept)
}

/// A snapshot: stacks with the blocks allocated and the blocks in use.
pub fn churning(stacks: &[(&str, i64, i64)]) -> Profile {
    stacks.iter().fold(Profile::new().period("space", "bytes", 1), |profile, (stack, allocated, used)| {
        profile.stack(stack, [*allocated, allocated * BLOCK, *used, used * BLOCK]).bytes(BLOCK)
    })
}

pub fn suspects(profiles: &[&Profile], args: &[&str]) -> Vec<Value> {
    diff_json(profiles, args)["suspects"].as_array().expect("suspects").clone()
}

/// Code, responsible function and growth in blocks of each suspect.
pub fn named(profiles: &[&Profile], args: &[&str]) -> Vec<(String, String, i64)> {
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let name = |suspect: &Value| {
        let delta = suspect["delta"].as_i64().expect("a number");
        (text(&suspect["code"]), text(&suspect["responsible"]["function"]), delta / BLOCK)
    };
    suspects(profiles, args).iter().map(name).collect()
}

pub fn one(code: &str, function: &str, blocks: i64) -> Vec<(String, String, i64)> {
    vec![(code.to_owned(), function.to_owned(), blocks)]
}

const SERVE: &str = "net/http.HandlerFunc.ServeHTTP;net/http.(*conn).serve";

#[test]
fn what_grew_where_the_program_allocates_is_retained() {
    let stack = format!("example.com/shop.Keep;example.com/shop.Handle;{SERVE}");
    let found = named(&[&heap(&[(&stack, 1)]), &heap(&[(&stack, 9)])], &[]);
    assert_eq!(found, one("retained-objects", "example.com/shop.Keep", 8));
}

#[test]
fn growth_that_no_signature_knows_says_what_was_kept() {
    let stack = "example.org/lib.New@/go/pkg/mod/example.org/lib@v1.2.0/new.go:3;example.com/shop.Handle;main.main";
    let (before, after) = (churning(&[(stack, 10, 1)]), churning(&[(stack, 30, 19)]));
    let found = suspects(&[&before, &after], &[]);
    assert_eq!(found[0]["code"], "unknown");
    assert_eq!(found[0]["responsible"]["function"], "example.com/shop.Handle");
    let text = found[0]["explanation"].as_str().expect("a text");
    assert!(text.contains("retained, not churned (kept 90%)"), "{text}");
    assert_eq!(found[0]["confidence"], "low");
}

#[test]
fn parts_that_grow_in_step_are_one_leak_of_the_function_above() {
    let parts = [
        "example.com/shop.key;example.com/shop.Load;main.main",
        "example.com/shop.value;example.com/shop.Load;main.main",
    ];
    let at = |key: i64, value: i64| heap(&[(parts[0], key), (parts[1], value)]);
    assert_eq!(named(&[&at(1, 1), &at(9, 9)], &[]), one("retained-objects", "example.com/shop.Load", 16));
    let apart = named(&[&at(1, 1), &at(9, 5)], &[]);
    assert_eq!(apart.len(), 2, "one grows twice as fast: {apart:?}");
}

#[test]
fn the_call_tree_is_descended_while_one_child_carries_most() {
    let (load, handle) = ("example.com/shop.Load;example.com/shop.Handle", "example.com/shop.Handle");
    let part = |name: &str, above: &str| format!("example.com/shop.{name};{above};{SERVE}");
    let (key, value, name) =
        (part("key", load), part("value", &format!("example.com/shop.decode;{load}")), part("name", load));
    let index = part("index", handle);
    let at = |stacks: &[&str], blocks: i64| heap(&stacks.iter().map(|stack| (*stack, blocks)).collect::<Vec<_>>());
    let accountable = |stacks: &[&str]| named(&[&at(stacks, 1), &at(stacks, 9)], &[]);
    // Two of three are below Load, which is less than most of it.
    let three = accountable(&[&key, &value, &index]);
    assert_eq!(three, one("retained-objects", "example.com/shop.Handle", 24));
    let four = accountable(&[&key, &value, &name, &index]);
    assert_eq!(four, one("retained-objects", "example.com/shop.Load", 32));
}

#[test]
fn without_files_the_program_is_what_package_main_calls() {
    let call = "github.com/acme/shop.Handle;github.com/spf13/cobra.(*Command).Execute;github.com/acme/shop/cmd.Run";
    let stack = format!("github.com/other/pool.Get;{call};main.main");
    let names_only = named(&[&heap(&[(&stack, 1)]), &heap(&[(&stack, 9)])], &[]);
    assert_eq!(names_only, one("unknown", "github.com/acme/shop.Handle", 8));
    let with_files = stack.replace("pool.Get", "pool.Get@/src/shop/pool/get.go:7");
    let found = named(&[&heap(&[(&with_files, 1)]), &heap(&[(&with_files, 9)])], &[]);
    assert_eq!(found, one("retained-objects", "github.com/other/pool.Get", 8), "its file is in no module cache");
    let no_main = "github.com/other/pool.Get;github.com/acme/shop.Handle";
    let found = named(&[&heap(&[(no_main, 1)]), &heap(&[(no_main, 9)])], &[]);
    assert_eq!(found, one("retained-objects", "github.com/other/pool.Get", 8), "nothing tells");
}

#[test]
fn the_part_that_stores_is_accountable_for_those_in_step() {
    let store = "example.com/shop.(*Store).Put;example.com/shop.Load;main.main";
    let decode = "encoding/json.(*decodeState).literalStore;encoding/json.Unmarshal;example.com/shop.Load;main.main";
    let at = |blocks: i64| heap(&[(store, blocks), (decode, blocks)]);
    assert_eq!(named(&[&at(1), &at(9)], &[]), one("retained-objects", "example.com/shop.(*Store).Put", 16));
}

#[test]
fn what_a_function_takes_from_a_pool_is_its_own_whoever_asks_the_pool() {
    let made = "example.com/shop.newPool.func1;sync.(*Pool).Get;example.com/shop.(*pool).get";
    let filled = "bytes.growSlice;bytes.(*Buffer).grow;bytes.(*Buffer).Write;example.com/shop.Export;main.main";
    let at = |caller: &str, more: i64| heap(&[(&format!("{made};{caller};main.main"), more), (filled, more * 2)]);
    let found = |caller: &str| named(&[&at(caller, 1), &at(caller, 5)], &[]);
    assert_eq!(found("example.com/shop.Export"), one("pool-not-put-back", "example.com/shop.Export", 12));
    let mut apart = found("example.com/shop.Import");
    apart.sort();
    let buffers = one("buffer-not-reset", "example.com/shop.Export", 8);
    assert_eq!(apart, [buffers, one("pool-not-put-back", "example.com/shop.(*pool).get", 4)].concat());
}

#[test]
fn stacks_of_one_owner_add_up_once() {
    let stacks = [
        "a.com/b.F;main.main",
        "strings.Clone;a.com/b.F;main.main",
        "a.com/b.F;a.com/b.G;main.main",
        "a.com/b.H;main.main",
    ];
    let at = |blocks: [i64; 4]| heap(&stacks.iter().copied().zip(blocks).collect::<Vec<_>>());
    let report = diff_json(&[&at([1, 1, 1, 1]), &at([8, 3, 5, 30])], &[]);
    let suspects = report["suspects"].as_array().expect("suspects");
    let sum: i64 = suspects.iter().map(|suspect| suspect["delta"].as_i64().expect("a number")).sum();
    assert_eq!(Value::from(sum), report["total"]["delta"], "{suspects:#?}");
    assert_eq!(suspects.len(), 2);
}

#[test]
fn goroutines_of_a_library_are_likely_owed_to_who_enters_it() {
    let goroutine = "bufio.NewReaderSize;example.org/queue.(*conn).run";
    let lib = "@/go/pkg/mod/example.org/queue@v1.0.0/queue.go:1";
    let goroutine = goroutine.replace("run", &format!("run{lib}"));
    let entering = format!("example.org/queue.Dial{lib};example.com/shop.Handle;main.main");
    let other = "bytes.growSlice;example.com/shop.Other;main.main";
    let at = |many: i64, few: i64| heap(&[(&goroutine, many), (&entering, few), (other, few * 3)]);
    let found = suspects(&[&at(1, 1), &at(50, 3)], &[]);
    assert_eq!(found[0]["responsible"]["function"], "example.com/shop.Handle", "{found:#?}");
    assert_eq!(found[0]["responsible"]["via"], "sibling");
}

#[test]
fn bodies_are_told_from_transports_by_what_is_made_once_for_each() {
    let conn = ["bufio.NewReaderSize", "bufio.NewWriterSize"]
        .map(|leaf| format!("{leaf};net/http.(*Transport).dialConn;net/http.(*Transport).dialConnFor"));
    let call = "net/http.NewRequestWithContext;example.com/shop.Fetch;main.main";
    let once = "net/http.(*Transport).configureHTTP2;net/http.(*Transport).onceSetNextProtoDefaults;sync.(*Once).doSlow;\
                net/http.(*Transport).roundTrip;example.com/shop.Fetch;main.main";
    let at = |blocks: i64, transports: i64| {
        heap(&[(&conn[0], blocks), (&conn[1], blocks), (call, blocks), (once, transports)])
    };
    let bodies = suspects(&[&at(1, 1), &at(41, 1)], &[]);
    assert_eq!(bodies[0]["code"], "http-body-not-closed", "{bodies:#?}");
    assert_eq!(bodies[0]["responsible"]["function"], "example.com/shop.Fetch");
    assert_eq!(
        (&bodies[0]["units"]["count"], &bodies[0]["units"]["name"]),
        (&Value::from(40), &Value::from("connections"))
    );
    assert_eq!(bodies[0]["delta"].as_i64(), Some(120 * BLOCK), "the request belongs to it");
    let transports = suspects(&[&at(1, 1), &at(41, 41)], &[]);
    assert_eq!(transports[0]["code"], "http-client-per-request", "{transports:#?}");
}

#[test]
fn goroutine_profiles_have_frames_of_their_own() {
    let counts = |parked: i64| {
        Profile::bare()
            .types(&[("goroutine", "count")])
            .stack("runtime.gopark;runtime.selectgo;net/http.(*persistConn).readLoop", [parked])
            .stack("runtime.gopark;runtime.selectgo;net/http.(*persistConn).writeLoop", [parked])
            .stack("runtime.gopark;main.main;runtime.main", [1])
    };
    let found = suspects(&[&counts(3), &counts(90)], &[]);
    assert_eq!(found[0]["code"], "http-body-not-closed", "{found:#?}");
    assert_eq!(found[0]["delta"], 174);
}

#[test]
fn names_of_rust_and_cpp_have_owners_too() {
    let registry = "@/home/me/.cargo/registry/src/index-1/bytes-1.5.0/src/bytes.rs:9";
    let rust = format!(
        "__rust_alloc;alloc::raw_vec::RawVec<T>::grow;bytes::Bytes::copy{registry};shop::cache::insert;shop::main"
    );
    let cpp = "malloc;std::vector<int>::push_back;shop::Cache::put;main";
    for (stack, owner) in [(rust.as_str(), "shop::cache::insert"), (cpp, "shop::Cache::put")] {
        let found = named(&[&heap(&[(stack, 1)]), &heap(&[(stack, 9)])], &[]);
        assert_eq!(found[0].1, owner, "{found:?}");
    }
}

#[test]
fn app_says_what_is_code_of_the_program() {
    let stack = "example.org/lib.New@/src/lib/new.go:1;example.com/shop.Handle@/src/shop/handle.go:1;main.main";
    let profiles = [&heap(&[(stack, 1)]), &heap(&[(stack, 9)])];
    let owner = |args: &[&str]| named(&profiles, args).remove(0).1;
    assert_eq!(owner(&[]), "example.org/lib.New", "nothing tells that it is a library");
    assert_eq!(owner(&["--app", "example.com/**"]), "example.com/shop.Handle");
    assert_eq!(owner(&["--app", "other.com/**", "--app", "main"]), "main.main");
    let table = diff(&profiles, &["--app", "other.com/**"]).done().stdout;
    assert!(table.contains("--app other.com/** matched nothing"), "{table}");
    diff(&profiles, &["--app", ""]).failed(&["--app is empty"]);
}

#[test]
fn noise_is_no_suspect() {
    // One sample of a small block stands for half a MiB.
    let sample = |count: i64| {
        let objects = (count as f64 / -(-64.0_f64 / 524_288.0).exp_m1()) as i64;
        Profile::new().stack("a.com/b.F;main.main", [objects, objects * 64, objects, objects * 64]).bytes(64)
    };
    assert_eq!(suspects(&[&sample(1), &sample(3)], &[]).len(), 0, "two samples more");
    assert_eq!(suspects(&[&sample(1), &sample(30)], &[]).len(), 1, "thirty samples more");
}

#[test]
fn what_took_the_place_of_others_is_no_growth() {
    let (first, then) = ("a.com/b.New;a.com/b.Start;main.main", "a.com/b.(*Ring).loop");
    let at = |new: i64, replaced: i64| heap(&[(first, new), (then, replaced)]);
    assert_eq!(named(&[&at(9, 1), &at(1, 9)], &[]), []);
    assert_eq!(named(&[&at(9, 1), &at(7, 30)], &[]).len(), 1);
    let elsewhere = heap(&[(&first.replace("a.com/b", "a.com/c"), 9), (then, 1)]);
    let gone = heap(&[(&first.replace("a.com/b", "a.com/c"), 1), (then, 9)]);
    assert_eq!(named(&[&elsewhere, &gone], &[]).len(), 1, "in another package something else ended");
}

#[test]
fn what_holds_the_objects_names_them() {
    let hold = "a.com/b.(*Stock).Hold;main.main";
    let timer = "time.newTimer;time.AfterFunc;a.com/b.after;a.com/b.(*Stock).Hold;main.main";
    let at = |blocks: i64| heap(&[(hold, blocks), (timer, blocks)]);
    assert_eq!(named(&[&at(1), &at(9)], &[]), one("timer-not-stopped", "a.com/b.(*Stock).Hold", 16));
}

#[test]
fn a_program_installed_by_version_is_told_by_its_main() {
    let at = |function: &str, file: &str| format!("{function}@/go/pkg/mod/{file}:7");
    let serve = at("example.com/app/api.Serve", "example.com/app@v1.2.0/api/serve.go");
    let main = at("main.main", "example.com/app@v1.2.0/main.go");
    let library = at("example.org/lib.New", "example.org/lib@v0.9.1/new.go");
    let (own, other) = (format!("{library};{serve};{main}"), format!("{library};{main}"));
    let found = named(&[&heap(&[(&own, 1), (&other, 1)]), &heap(&[(&own, 9), (&other, 1)])], &[]);
    assert_eq!(found, one("unknown", "example.com/app/api.Serve", 8));
}

#[test]
fn a_round_tripper_passes_requests_on() {
    let conn = "net/http.(*Transport).queueForIdleConn;net/http.(*Transport).RoundTrip;a.com/b.(*auth).RoundTrip;\
                net/http.send;net/http.(*Client).do;net/http.(*Client).Do;a.com/b.(*Rates).Fetch;main.main";
    let kept = "a.com/b.(*auth).sign;a.com/b.(*auth).RoundTrip;net/http.send;net/http.(*Client).do;\
                net/http.(*Client).Do;a.com/b.(*Rates).Fetch;main.main";
    let owner = |stack: &str| named(&[&heap(&[(stack, 1)]), &heap(&[(stack, 9)])], &[]).remove(0).1;
    assert_eq!(owner(conn), "a.com/b.(*Rates).Fetch");
    assert_eq!(owner(kept), "a.com/b.(*auth).sign", "what it allocates itself is its own");
}

#[test]
fn generic_helpers_do_what_the_program_could_write_itself() {
    for helper in ["slices.Insert[go.shape.[]int]", "maps.Copy[go.shape.map[string]int]", "slices.Grow[go.shape.[]int]"]
    {
        let stack = format!("{helper};a.com/b.(*Trail).Record;main.main");
        let found = named(&[&heap(&[(&stack, 1)]), &heap(&[(&stack, 9)])], &[]);
        assert_eq!(found, one("retained-objects", "a.com/b.(*Trail).Record", 8), "{helper}");
    }
}

#[test]
fn contexts_that_are_waited_for_belong_to_who_made_them() {
    let made = "context.withCancel;context.WithCancel;a.com/b.(*Runner).Start;main.main";
    let waited = "context.(*cancelCtx).Done;a.com/b.(*Task).work";
    let at = |blocks: i64| heap(&[(made, blocks), (waited, blocks)]);
    assert_eq!(named(&[&at(1), &at(9)], &[]), one("context-not-cancelled", "a.com/b.(*Runner).Start", 16));
}

#[test]
fn growth_spread_over_many_places_is_said_to_be() {
    let stacks: Vec<String> = (0..150).map(|at| format!("a.com/b{at}.F;main.main")).collect();
    let at = |blocks: i64| heap(&stacks.iter().map(|stack| (stack.as_str(), blocks)).collect::<Vec<_>>());
    let table = diff(&[&at(1), &at(9)], &[]).done().stdout;
    assert!(table.contains("No suspects: the growth is spread over many functions"), "{table}");
}

#[test]
fn what_uses_the_handles_belongs_to_what_opens_them() {
    let open = "database/sql.OpenDB;database/sql.Open;a.com/b.(*Tenants).DB;main.main";
    let conn = "bufio.NewReaderSize;database/sql.(*DB).conn;database/sql.(*DB).query;a.com/b.Count;main.main";
    let at = |opened: i64, connected: i64| heap(&[(open, opened), (conn, connected)]);
    let found = named(&[&at(1, 1), &at(9, 9)], &[]);
    assert_eq!(found, one("sql-open-per-request", "a.com/b.(*Tenants).DB", 16));
    let found = named(&[&at(1, 1), &at(1, 9)], &[]);
    assert_eq!(found, one("sql-rows-not-closed", "a.com/b.Count", 8));
    let exec = conn.replace("query", "exec");
    let found = named(&[&heap(&[(&exec, 1)]), &heap(&[(&exec, 9)])], &[]);
    assert_eq!(found, one("sql-rows-not-closed", "a.com/b.Count", 8), "who holds the other connections?");
}

#[test]
fn one_goroutine_that_keeps_something_is_not_all_that_do_not_end() {
    let descriptor = "runtime.malg;runtime.newproc1;runtime.newproc.func1;runtime.systemstack";
    let at = |goroutines: i64, kept: i64| heap(&[(descriptor, goroutines), ("a.com/b.(*Stats).loop", kept)]);
    let codes = |kept: i64| named(&[&at(1, 1), &at(41, 1 + kept)], &[]).into_iter().map(|(code, ..)| code);
    assert_eq!(codes(40).collect::<Vec<_>>(), ["goroutine-leak"]);
    assert_eq!(codes(6).collect::<Vec<_>>(), ["goroutine-leak", "retained-objects"], "descriptors of others");
}

#[test]
fn what_was_allocated_is_no_leak() {
    let stack = "a.com/b.F;main.main";
    let (before, after) = (churning(&[(stack, 10, 5)]), churning(&[(stack, 40, 5)]));
    assert_eq!(suspects(&[&before, &after], &["--sample-index", "alloc_space"]).len(), 0, "six times the heap");
    let after = churning(&[(stack, 400, 5)]);
    for metric in ["alloc_space", "inuse_space"] {
        assert_eq!(suspects(&[&before, &after], &["--sample-index", metric]).len(), 0, "{metric}");
        let aside = diff_json(&[&before, &after], &["--sample-index", metric])["set_aside"][0].clone();
        assert_eq!((&aside["reason"], &aside["delta"]), (&"churn".into(), &(390 * BLOCK).into()), "{metric}: {aside}");
        assert_eq!(aside["responsible"]["function"], "a.com/b.F", "{metric}");
    }
}

#[test]
fn fingerprints_do_not_know_lines_and_metrics() {
    let at = |line: i64, blocks: i64| heap(&[(&format!("a.com/b.F@/ci/{line}/b/f.go:{line};main.main"), blocks)]);
    let print = |profiles: &[&Profile], args: &[&str]| suspects(profiles, args)[0]["fingerprint"].clone();
    let first = print(&[&at(3, 1), &at(3, 9)], &[]);
    assert_eq!(print(&[&at(7, 2), &at(7, 30)], &["--by", "line"]), first);
    assert_eq!(print(&[&at(7, 2), &at(7, 30)], &["--sample-index", "inuse_objects"]), first);
}
