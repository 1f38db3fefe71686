//! What is compared: the metric that is chosen, and what is said of profiles that are no heaps.

#[path = "../support/mod.rs"]
mod support;

mod filters;
mod inputs;

use serde_json::{Value, json};
use support::{Files, GO_HEAP, Outcome, Profile, run};

const NOON: i64 = 1_795_000_000_000_000_000;
const MINUTE: i64 = 60_000_000_000;
const MIB: i64 = 1 << 20;

/// A heap of which every block is in the profile.
fn exact() -> Profile {
    Profile::new().period("space", "bytes", 1)
}

/// A state of a heap with this many MiB, so many minutes after noon.
fn heap(mib: i64, minutes: i64) -> Profile {
    let values = [mib, mib * MIB, mib, mib * MIB];
    exact().time(NOON + minutes * MINUTE).stack("example.com/shop.Put;main.main", values).bytes(MIB)
}

/// What is said of profiles called `1.pb.gz`, `2.pb.gz`, ...
fn said(profiles: &[Profile], more: &[&str]) -> Outcome {
    let files = Files::new();
    let write = |(number, profile): (usize, &Profile)| files.write(&format!("{}.pb.gz", number + 1), profile.encode());
    let paths: Vec<String> = profiles.iter().enumerate().map(write).collect();
    let more = more.iter().map(|argument| (*argument).to_owned());
    let arguments: Vec<String> = paths.into_iter().chain(more).collect();
    run(&arguments.iter().map(String::as_str).collect::<Vec<_>>())
}

fn json_of(profiles: &[Profile], more: &[&str]) -> Value {
    said(profiles, &[more, &["-f", "json"]].concat()).json()
}

/// The metric that is compared of two profiles with these sample types, each 1 in the first and 2 in the second.
fn chosen(types: &[(&str, &str)], default: &str) -> String {
    let of = |value: i64| Profile::bare().types(types).default_type(default).stack("main.a", vec![value; types.len()]);
    json_of(&[of(1), of(2)], &[])["metric"]["name"].as_str().expect("a name").to_owned()
}

fn codes(report: &Value) -> Vec<&str> {
    report["warnings"].as_array().expect("warnings").iter().filter_map(|warning| warning["code"].as_str()).collect()
}

#[test]
fn live_bytes_come_first_then_allocated_bytes_then_counts() {
    let cpu = ("cpu-time", "nanoseconds");
    for live in ["inuse_space", "space", "inuse-space", "heap-live-size", "heap-space", "live_size", "retained_size"] {
        assert_eq!(chosen(&[(live, "bytes"), ("alloc-size", "bytes"), ("timeline", "nanoseconds")], ""), live);
        assert_eq!(chosen(&[cpu, ("alloc_space", "bytes"), (live, "bytes"), cpu_like("wall")], "alloc_space"), live);
    }
    for allocated in ["alloc_size", "alloc-space", "alloc_in_new_tlab_bytes", "Total malloc size"] {
        let types = [cpu, ("heap-live-samples", "count"), (allocated, "bytes"), ("lock-time", "nanoseconds")];
        assert_eq!(chosen(&types, ""), allocated);
    }
    assert_eq!(chosen(&[cpu, ("alloc-samples", "count"), ("wall-time", "nanoseconds")], ""), "alloc-samples");
    assert_eq!(chosen(&[("alloc-samples", "count"), ("live", "count"), cpu], ""), "live");
}

fn cpu_like(name: &str) -> (&str, &str) {
    (name, "nanoseconds")
}

#[test]
fn profiles_that_are_not_of_memory_keep_the_default_of_pprof() {
    assert_eq!(chosen(&[("samples", "count"), ("cpu", "nanoseconds")], ""), "cpu");
    assert_eq!(chosen(&[("contentions", "count"), ("delay", "nanoseconds")], "contentions"), "contentions");
    assert_eq!(chosen(&[("gpu-space", "bytes"), ("file-io-read-size", "bytes"), ("cpu", "nanoseconds")], ""), "cpu");
}

#[test]
fn the_metric_is_named_with_the_others() {
    let profiles = [heap(1, 0), heap(9, 10)];
    let metric = &json_of(&profiles, &[])["metric"];
    let others = ["alloc_objects", "alloc_space", "inuse_objects"];
    assert_eq!(*metric, json!({ "name": "inuse_space", "unit": "bytes", "others": others }));
    let table = said(&profiles, &[]).done().stdout;
    assert!(table.contains("\nother metrics: alloc_objects, alloc_space, inuse_objects\n"), "{table}");
    let markdown = said(&profiles, &["-f", "markdown"]).done().stdout;
    assert!(markdown.contains("- other metrics: alloc\\_objects, alloc\\_space, inuse\\_objects\n"), "{markdown}");
    let page = said(&profiles, &["-f", "html"]).done().stdout;
    assert!(page.contains("<code>alloc_objects, alloc_space, inuse_objects</code>"));
    let one = Profile::bare().types(&[("goroutine", "count")]).stack("main.wait", [1]);
    assert_eq!(json_of(&[one.clone(), one], &[])["metric"]["others"], json!([]));
}

/// What `go test -memprofile` leaves: everything is freed again.
fn freed(mib: i64, minutes: i64) -> Profile {
    let profile = exact().default_type("alloc_space").time(NOON + minutes * MINUTE);
    profile.stack("example.com/parse.Fields;testing.tRunner", [mib, mib * MIB, 0, 0]).bytes(MIB)
}

#[test]
fn where_nothing_is_in_use_the_stated_default_is_compared_and_the_header_says_so() {
    let profiles = [freed(8, 0), freed(24, 1)];
    let report = json_of(&profiles, &[]);
    assert_eq!(report["metric"]["name"], "alloc_space");
    assert_eq!(report["total"]["delta"], 16 * MIB);
    // Two runs: nothing grew in the time between them, and what the second allocated is no churn.
    assert_eq!((&report["rate"], &report["suspects"]), (&Value::Null, &json!([])));
    let table = said(&profiles, &[]).done().stdout;
    assert!(
        table.contains("alloc_space (bytes allocated since the start, freed or not; nothing is in use)"),
        "{table}"
    );
    let asked = json_of(&profiles, &["--sample-index", "inuse_space"]);
    assert_eq!(asked["metric"]["name"], "inuse_space");
    let undecided = [freed(8, 0), freed(24, 1).default_type("inuse_space")];
    assert_eq!(json_of(&undecided, &[])["metric"]["name"], "inuse_space");
    // A gate does not test something else instead.
    let files = Files::new();
    let [before, after] =
        [("1.pb.gz", 8), ("2.pb.gz", 24)].map(|(name, mib)| files.write(name, freed(mib, mib).encode()));
    let gate = run(&["check", &before, &after, "--max-growth", "1MiB", "-f", "json"]);
    let gate: Value = serde_json::from_str(&gate.stdout).expect("JSON");
    assert_eq!(gate["metric"]["name"], "inuse_space");
}

#[test]
fn two_test_runs_are_no_restart() {
    let test = |mib: i64| {
        exact()
            .mapping("/srv/b001/parse.test", "one", 0x40_0000..0x80_0000)
            .default_type("alloc_space")
            .stack("example.com/parse.Fields;testing.tRunner", [mib, mib * MIB, 0, 0])
            .bytes(MIB)
    };
    for profiles in [[test(24), test(8)], [freed(24, 0), freed(8, 1)]] {
        assert_eq!(codes(&json_of(&profiles, &[])), Vec::<&str>::new());
    }
    // What the runtime still holds makes no difference.
    let kept = |profile: Profile| profile.stack("runtime.malg;runtime.mstart", [1, MIB, 1, MIB]).bytes(MIB);
    let report = json_of(&[kept(test(90)), kept(test(30))], &[]);
    assert_eq!((codes(&report), &report["metric"]["name"]), (Vec::new(), &json!("alloc_space")));
    let table = said(&[kept(test(90)), kept(test(30))], &[]).done().stdout;
    assert!(table.contains("; next to nothing is in use)"), "{table}");
    // A service whose counters fell has been restarted.
    let service = |mib: i64| heap(mib, mib).build_id("one");
    assert_eq!(codes(&json_of(&[service(9), service(4)], &["--independent"])), ["reversed-order"]);
    assert_eq!(codes(&json_of(&[heap(9, 0), heap(4, 1)], &[])), ["restart"]);
}

#[test]
fn objects_and_kept_ratios_of_other_ecosystems_are_told() {
    let perfetto = [
        ("Total malloc count", "count"),
        ("Total malloc size", "bytes"),
        ("Unreleased malloc count", "count"),
        ("Unreleased malloc size", "bytes"),
    ];
    let of = |blocks: i64, kept: i64| {
        Profile::bare().types(&perfetto).stack("shop::put;main", [blocks, blocks * 4096, kept, kept * 4096])
    };
    let row = &json_of(&[of(1000, 1000), of(5000, 2000)], &[])["rows"][0];
    assert_eq!((&row["objects"]["delta"], &row["kept_ratio"]), (&json!(1000), &json!(0.25)));
    let jvm = [
        ("alloc_in_new_tlab_objects", "count"),
        ("alloc_in_new_tlab_bytes", "bytes"),
        ("alloc_outside_tlab_objects", "count"),
        ("alloc_outside_tlab_bytes", "bytes"),
    ];
    let of = |factor: i64| Profile::bare().types(&jvm).stack("a.b", [3, 300, 5, 5000].map(|value| value * factor));
    let outside = json_of(&[of(1), of(2)], &["--sample-index", "alloc_outside_tlab_bytes"]);
    assert_eq!(outside["rows"][0]["objects"]["delta"], 5);
    assert_eq!(json_of(&[of(1), of(2)], &[])["rows"][0]["objects"]["delta"], 3);
}

#[test]
fn what_is_allocated_in_a_span_of_its_own_is_no_counter() {
    let types = [
        ("alloc-samples", "count"),
        ("alloc-size", "bytes"),
        ("heap-live-samples", "count"),
        ("heap-live-size", "bytes"),
    ];
    let of = |allocated: i64, live: i64, minutes: i64| {
        let values = [allocated, allocated * MIB, live, live * MIB];
        Profile::bare().types(&types).time(NOON + minutes * MINUTE).duration(MINUTE).stack("Cart#put;main", values)
    };
    // Less was allocated in the second minute than in the first: no restart, and no ratio of what was kept.
    let report = json_of(&[of(90, 10, 0), of(30, 20, 10)], &[]);
    assert_eq!((codes(&report), &report["rows"][0]["kept_ratio"]), (Vec::new(), &Value::Null));
    assert_eq!(report["suspects"][0]["delta"], 10 * MIB);
    assert_eq!(report["rate"], json!({ "value": 60 * MIB, "per": "hour" }));
    let allocated = json_of(&[of(90, 10, 0), of(30, 20, 10)], &["--sample-index", "alloc-size"]);
    assert_eq!((&allocated["rate"], &allocated["suspects"]), (&Value::Null, &json!([])));
}

#[test]
fn profiles_of_time_and_locks_get_a_plain_diff_and_no_word_of_memory() {
    let contentions = ("contentions", "count");
    let kinds = [
        vec![("samples", "count"), ("cpu", "nanoseconds")],
        vec![contentions, ("delay", "nanoseconds")],
        vec![("wall-time", "nanoseconds")],
        vec![("exception-samples", "count")],
    ];
    for types in kinds {
        let of = |value: i64, minutes: i64| {
            let profile = Profile::bare().types(&types).period("cpu", "nanoseconds", 10_000_000);
            let values = vec![value * 1_000_000_000; types.len()];
            profile.time(NOON + minutes * MINUTE).stack("example.com/shop.(*Queue).Push;main.main", values)
        };
        let profiles = [of(1, 0), of(400, 10)];
        assert_eq!(json_of(&profiles, &[])["suspects"], json!([]));
        for format in ["table", "markdown", "svg", "json"] {
            let text = said(&profiles, &["-f", format]).done().stdout.to_lowercase();
            for word in ["memory", "allocat", "leak", "heap", "retained", "freed", "b/obj"] {
                let text = text.replace("leakdiff", "");
                assert!(!text.contains(word), "{types:?} as {format} speaks of {word}: {text}");
            }
        }
        // What a page says; its script and its style are the same for all.
        let page = said(&profiles, &["-f", "html"]).done().stdout.to_lowercase();
        let said = page.split("<script").next().and_then(|page| page.split("</style>").nth(1)).expect("a body");
        let said = said.replace("leakdiff", "");
        for word in ["memory", "allocat", "leak", "heap", "freed"] {
            assert!(!said.contains(word), "{types:?} as html speaks of {word}: {said}");
        }
    }
}

#[test]
fn goroutines_and_threads_may_leak() {
    for name in ["goroutine", "goroutineleak", "threadcreate"] {
        let of = |count: i64| {
            let profile = Profile::bare().types(&[(name, "count")]).period(name, "count", 1);
            profile.stack("runtime.gopark;runtime.chanrecv1;example.com/shop.wait;example.com/shop.Serve", [count])
        };
        assert_eq!(json_of(&[of(3), of(400)], &[])["suspects"].as_array().map(Vec::len), Some(1), "{name}");
    }
}

/// A profile with what is in use alone, as servers that merge profiles give it out.
fn merged(mib: i64) -> Profile {
    let dial = "bufio.NewReaderSize;net/http.(*Transport).dialConn;net/http.(*Transport).dialConnFor";
    let profile = Profile::bare().types(&[("inuse_space", "bytes")]).period("space", "bytes", 1);
    profile.stack(dial, [mib * MIB]).stack("example.com/shop.Put;main.main", [mib * MIB])
}

#[test]
fn bytes_are_no_units_where_objects_are_not_counted() {
    let profiles = [merged(1), merged(12)];
    let report = json_of(&profiles, &[]);
    assert_eq!(codes(&report), ["server-merged", "server-merged"]);
    assert_eq!((&report["total_evidence"], &report["sampling"]["basis"]), (&Value::Null, &json!("unknown")));
    assert_eq!(report["total_objects"], Value::Null);
    for row in report["rows"].as_array().expect("rows") {
        assert_eq!((&row["objects"], &row["evidence"]), (&Value::Null, &Value::Null));
    }
    assert!(!report["suspects"].as_array().expect("suspects").is_empty());
    for suspect in report["suspects"].as_array().expect("suspects") {
        assert_eq!((&suspect["units"], &suspect["objects"]), (&Value::Null, &Value::Null));
    }
    let table = said(&profiles, &[]).done().stdout;
    assert!(!table.contains("connections") && !table.contains("exact"), "{table}");
    // One sample type that states its blocks is that of a process.
    let own = |mib: i64| {
        let profile = Profile::bare().types(&[("inuse_space", "bytes")]).period("space", "bytes", 1);
        profile.stack("example.com/shop.Put;main.main", [mib * MIB]).bytes(4096)
    };
    let report = json_of(&[own(1), own(12)], &[]);
    assert_eq!((codes(&report), &report["sampling"]["basis"]), (Vec::new(), &json!("exact")));
}

#[test]
fn memory_that_moved_is_not_spread_over_many_places() {
    let of = |images: i64, orders: i64, rest: i64| {
        let stack = |profile: Profile, name: &str, line: i64, all: i64, kept: i64| {
            let stack = format!("example.com/shop.{name}@/src/shop/{name}.go:{line};main.main");
            profile.stack(&stack, [all, all * 65536, kept, kept * 65536]).bytes(65536)
        };
        let profile = Profile::bare().types(GO_HEAP).period("space", "bytes", 1);
        let profile = stack(profile, "images", 3, 4000, images);
        stack(stack(profile, "orders", 9, orders, orders), "boot", 20, rest, rest)
    };
    let profiles = [of(3000, 100, 10), of(200, 2900, 11)];
    let text = "No suspects: memory moved from shop.images to shop.orders: -175.0 MiB there, +175.0 MiB here, in blocks \
                of the same size.";
    for format in ["table", "markdown", "html"] {
        let said = said(&profiles, &["-f", format]).done().stdout;
        assert!(said.contains(text), "{format}: {said}");
        assert!(!said.contains("spread"), "{format}: {said}");
    }
}
