//! What goroutines tell of a heap.

use std::path::Path;

use serde_json::Value;

use crate::support::{Files, Profile, fixture, json, run};

/// The first and third moment of a scenario, with and without goroutines.
fn heap(scenario: &str, form: Option<&str>) -> Value {
    let path = |kind: &str, moment: u32, form: &str| {
        let path = fixture(&format!("{scenario}/{kind}{moment}.{form}"));
        if Path::new(&path).exists() { path } else { format!("{path}.gz") }
    };
    let heaps = [1, 3].map(|moment| path("heap", moment, "pb.gz"));
    let mut args: Vec<String> = heaps.to_vec();
    if let Some(form) = form {
        args.push("--goroutines".to_owned());
        args.extend([1, 3].map(|moment| path("goroutine", moment, form)));
    }
    json(&args.iter().map(String::as_str).collect::<Vec<_>>())
}

#[test]
fn bodies_and_transports_are_told_apart() {
    for (scenario, code, connections, goroutines) in [
        ("http-body", "http-body-not-closed", 2000, 4000),
        ("client-per-request", "http-client-per-request", 1500, 3000),
    ] {
        let alone = &heap(scenario, None)["suspects"][0];
        assert_eq!(alone["confidence"], "medium");
        let report = heap(scenario, Some("pb.gz"));
        let suspect = &report["suspects"][0];
        assert_eq!(suspect["code"], code);
        assert_eq!(suspect["confidence"], "high", "{scenario}");
        assert_eq!((&suspect["units"]["count"], &suspect["units"]["error"]), (&connections.into(), &0.into()));
        assert_eq!(suspect["goroutines"]["delta"], goroutines);
        assert_eq!(suspect["stack_bytes"], goroutines * 2048);
        assert_eq!(suspect["fingerprint"], alone["fingerprint"], "the same leak, and surer");
        assert_eq!(suspect["delta"], alone["delta"]);
        assert_eq!(report["goroutines"]["total"]["delta"], goroutines);
    }
}

/// Two heaps whose growth is that of connections, and goroutines of them that wait in this way.
fn ambiguous(waiting: &str) -> Value {
    let block = 4 << 20;
    let heap = |blocks: i64| {
        let stack = "bufio.NewReaderSize;net/http.(*Transport).dialConn;net/http.(*Transport).dialConnFor";
        let call = "net/http.NewRequestWithContext;example.com/shop.Fetch;main.main";
        let profile = Profile::new().period("space", "bytes", 1);
        let values = [blocks, blocks * block, blocks, blocks * block];
        profile.stack(stack, values).bytes(block).stack(call, values).bytes(block).encode()
    };
    let goroutines = |count: i64| {
        Profile::bare().types(&[("goroutine", "count")]).stack(&format!("runtime.gopark;{waiting}"), [count]).encode()
    };
    let files = Files::new();
    let [heap1, heap2] = [("h1", 1), ("h2", 401)].map(|(name, blocks)| files.write(name, heap(blocks)));
    let [before, after] = [("g1", 1), ("g2", 401)].map(|(name, count)| files.write(name, goroutines(count)));
    json(&[&heap1, &heap2, "--goroutines", &before, &after])
}

#[test]
fn goroutines_overrule_what_only_looks_so() {
    let body = ambiguous("runtime.selectgo;net/http.(*persistConn).readLoop");
    assert_eq!(body["suspects"][0]["code"], "http-body-not-closed", "{body:#}");
    let transport = ambiguous(
        "runtime.netpollblock;internal/poll.runtime_pollWait;net.(*conn).Read;net/http.(*persistConn).Read;\
         bufio.(*Reader).fill;bufio.(*Reader).Peek;net/http.(*persistConn).readLoop",
    );
    let suspect = &transport["suspects"][0];
    assert_eq!(suspect["code"], "http-client-per-request", "{transport:#}");
    assert_eq!((&suspect["confidence"], &suspect["units"]["count"]), (&"high".into(), &400.into()));
    assert_eq!(suspect["fingerprint"], body["suspects"][0]["fingerprint"], "who it is does not depend on what it is");
}

#[test]
fn goroutines_leave_fingerprints() {
    for scenario in ["goroutine-blocked", "goroutine-forever", "http-body", "sql-rows", "ticker", "timers", "warmup"] {
        let profile = |name: &str| fixture(&format!("{scenario}/{name}.pb.gz"));
        let heaps = [profile("heap1"), profile("heap3")];
        let alone = json(&[&heaps[0], &heaps[1]]);
        let beside = json(&[&heaps[0], &heaps[1], "--goroutines", &profile("goroutine1"), &profile("goroutine3")]);
        let fingerprints = |report: &Value| {
            let suspects = report["suspects"].as_array().expect("suspects").iter();
            suspects.map(|suspect| suspect["fingerprint"].to_string()).collect::<Vec<_>>()
        };
        let (alone, beside) = (fingerprints(&alone), fingerprints(&beside));
        assert!(!alone.is_empty(), "{scenario}");
        assert!(alone.iter().all(|fingerprint| beside.contains(fingerprint)), "{scenario}: {alone:?} {beside:?}");
    }
}

#[test]
fn blocked_goroutines_name_the_leak_that_the_heap_only_shows() {
    for (scenario, code) in [("goroutine-blocked", "goroutine-chan-send"), ("goroutine-forever", "goroutine-sleep")] {
        let suspect = &heap(scenario, Some("pb.gz"))["suspects"][0];
        assert_eq!(suspect["code"], code);
        assert_eq!(suspect["confidence"], "high");
        assert_eq!(suspect["goroutines"]["delta"], 2300);
        let explanation = suspect["explanation"].as_str().expect("a text");
        assert!(explanation.contains("2,300 more goroutines belong to it"), "{explanation}");
        assert!(!explanation.contains("--goroutines"), "they are here: {explanation}");
    }
}

/// What the creator of a goroutine allocated for it has no frame of the goroutine, and its descriptor has no frame of the
/// program at all.
#[test]
fn goroutines_that_allocate_nothing_account_for_what_they_keep() {
    for (folder, function, bytes) in
        [("goroutine-keeps", "main.hold", 200 * (4096 + 480)), ("goroutine-select-empty", "main.hang.func1", 200 * 480)]
    {
        let path = |kind: &str| fixture(&format!("signatures/retention/{folder}/{kind}.pb.gz"));
        let [heap1, heap2, before, after] = ["heap1", "heap2", "goroutine1", "goroutine2"].map(path);
        let report = json(&[&heap1, &heap2, "--goroutines", &before, &after]);
        let suspects = report["suspects"].as_array().expect("suspects");
        let leaks: Vec<&Value> = suspects.iter().filter(|suspect| suspect["kind"] == "leak").collect();
        assert_eq!(leaks.len(), 1, "{folder}: {leaks:#?}");
        assert_eq!((&leaks[0]["code"], &leaks[0]["confidence"]), (&"goroutine-select-empty".into(), &"high".into()));
        assert_eq!(leaks[0]["responsible"]["function"], function);
        assert_eq!(leaks[0]["goroutines"]["delta"], 200, "{folder}");
        assert!(leaks[0]["delta"].as_i64().is_some_and(|delta| delta >= bytes), "{folder}: {}", leaks[0]["delta"]);
    }
}

/// A function that keeps objects of its own is not accused for a few goroutines that it started.
#[test]
fn goroutines_do_not_account_for_what_is_much_more_than_they_are() {
    let path = |kind: &str| fixture(&format!("signatures/retention/goroutine-keeps/{kind}.pb.gz"));
    let goroutines = |count: i64| {
        let stack = "runtime.gopark;runtime.block;main.hold.func1";
        Profile::bare().types(&[("goroutine", "count")]).stack(stack, [count]).encode()
    };
    let files = Files::new();
    let [before, after] = [("g1", 1), ("g2", 31)].map(|(name, count)| files.write(name, goroutines(count)));
    let report = json(&[&path("heap1"), &path("heap2"), "--goroutines", &before, &after]);
    assert_eq!(report["suspects"][0]["code"], "retained-objects", "{:#}", report["suspects"]);
}

#[test]
fn goroutines_without_a_leak_in_the_heap_are_suspects_of_their_own() {
    let path = |name: &str| fixture(&format!("gate/pairs/goroutine-{name}.pb.gz"));
    let files = Files::new();
    let still = files.write("heap", Profile::new().stack("main.keep;main.main", [1, 1, 1, 1]).encode());
    let report = json(&[&still, &still, "--goroutines", &path("base"), &path("leaky")]);
    let suspect = &report["suspects"][0];
    assert_eq!((&suspect["metric"], &suspect["confidence"]), (&"goroutine".into(), &"high".into()), "{report:#}");
    let delta = suspect["delta"].as_i64().expect("a count");
    assert!(delta > 100);
    assert_eq!(suspect["stack_bytes"], delta * 2048);
    let table = run(&[&still, &still, "--goroutines", &path("base"), &path("leaky")]).done().stdout;
    assert!(table.contains(" goroutines  ") && table.contains(": at least "), "{table}");
}

/// Services, and what the forms of their goroutines tell beside the heaps: binary and `debug=2`, and `debug=1`, which does
/// not show what code of the program waits for.
const FORMS: &[(&str, &str, &str)] = &[
    ("http-body", "http-body-not-closed high", "http-body-not-closed high"),
    ("client-per-request", "http-client-per-request high", "http-client-per-request high"),
    ("sql-rows", "sql-rows-not-closed high", "sql-rows-not-closed high"),
    ("goroutine-forever", "goroutine-sleep high", "goroutine-sleep high"),
    ("goroutine-blocked", "goroutine-chan-send high", "goroutine-leak medium"),
];

#[test]
fn all_forms_tell_the_same_of_a_heap() {
    let told = |scenario: &str, form: &str| {
        let report = heap(scenario, Some(form));
        let suspects = report["suspects"].as_array().expect("suspects").clone();
        let alone = suspects.iter().filter(|suspect| suspect["metric"] == "goroutine").count();
        assert_eq!(alone, 0, "{scenario} {form}: all goroutines belong to the leak: {suspects:#?}");
        suspects[0].clone()
    };
    for (scenario, all, debug_1) in FORMS {
        let proto = told(scenario, "pb.gz");
        for (form, expected) in [("pb.gz", all), ("debug2.txt", all), ("debug1.txt", debug_1)] {
            let suspect = told(scenario, form);
            let text = |key: &str| suspect[key].as_str().expect("a text").to_owned();
            assert_eq!(format!("{} {}", text("code"), text("confidence")), *expected, "{scenario} {form}");
            assert_eq!(suspect["goroutines"]["delta"], proto["goroutines"]["delta"], "{scenario} {form}");
            assert_eq!(suspect["responsible"]["function"], proto["responsible"]["function"], "{scenario} {form}");
            if form != "debug1.txt" || all == debug_1 {
                assert_eq!(suspect["units"], proto["units"], "{scenario} {form}");
                assert_eq!(suspect["fingerprint"], proto["fingerprint"], "{scenario} {form}");
            }
        }
    }
}

/// A dump of one waiting goroutine more than `count` of this state and stack.
fn dump(state: &str, functions: &[&str], count: usize) -> Vec<u8> {
    let frames: String = functions.iter().map(|name| format!("{name}(0x1)\n\texample.com/a.go:7 +0x1f\n")).collect();
    let one = |number: usize| format!("goroutine {} [{state}, 5 minutes]:\n{frames}\n", number + 2);
    (0..=count).map(one).collect::<String>().into_bytes()
}

/// The state in brackets stands for the frames of the runtime that a dump leaves out.
#[test]
fn a_state_in_brackets_names_the_leak() {
    const HANDLER: &[&str] =
        &["example.com/shop/api.Quote", "net/http.HandlerFunc.ServeHTTP", "net/http.serverHandler.ServeHTTP"];
    const WORKER: &[&str] = &["example.com/shop/work.run"];
    const LOCKED: &[&str] =
        &["internal/sync.runtime_SemacquireMutex", "internal/sync.(*Mutex).lockSlow", "example.com/shop/work.run"];
    for (state, functions, code) in [
        ("chan send", WORKER, "goroutine-chan-send"),
        ("chan send (nil chan)", WORKER, "goroutine-chan-send"),
        ("chan receive", WORKER, "goroutine-chan-receive"),
        ("chan receive (nil chan)", WORKER, "goroutine-chan-receive"),
        ("select", WORKER, "goroutine-select"),
        ("select (no cases)", WORKER, "goroutine-select-empty"),
        ("sync.Mutex.Lock", LOCKED, "goroutine-mutex"),
        ("running", WORKER, "goroutine-leak"),
        ("chan receive", HANDLER, "http-handler-blocked"),
        ("select", HANDLER, "http-handler-blocked"),
        ("running", HANDLER, "goroutine-leak"),
    ] {
        let files = Files::new();
        let [before, after] =
            [("g1", 1), ("g2", 91)].map(|(name, count)| files.write(name, dump(state, functions, count)));
        let report = json(&[&before, &after]);
        assert_eq!(report["suspects"][0]["code"], code, "{state} {functions:?}");
        let shown = report["rows"].to_string();
        assert!(!shown.contains("runtime."), "what is displayed is what the text has: {shown}");
    }
}

#[test]
fn healthy_services_have_no_suspects() {
    for scenario in ["healthy", "sawtooth"] {
        let path = |kind: &str, moment: u32| fixture(&format!("{scenario}/{kind}{moment}.pb.gz"));
        let heaps = [1, 2, 3].map(|moment| path("heap", moment));
        let args = [&heaps[0], &heaps[1], &heaps[2], "--goroutines", &path("goroutine", 1), &path("goroutine", 3)];
        let leaks: Vec<Value> = json(&args)["suspects"].as_array().expect("suspects").clone();
        assert!(leaks.iter().all(|suspect| suspect["kind"] != "leak"), "{scenario}: {leaks:#?}");
    }
}

/// Over all recorded services: who is to blame stays so, and none is warned of as another program.
#[test]
fn goroutines_accuse_nobody_else() {
    let mut seen = 0;
    for folder in std::fs::read_dir(fixture("")).expect("fixtures").flatten().map(|entry| entry.path()) {
        let is_there = |name: &str| folder.join(name).is_file();
        if !is_there("truth.json") || !is_there("goroutine1.pb.gz") || !is_there("heap1.pb.gz") {
            continue;
        }
        let truth: Value =
            serde_json::from_slice(&std::fs::read(folder.join("truth.json")).expect("bytes")).expect("JSON");
        let scenario = folder.file_name().expect("a name").to_string_lossy().into_owned();
        let report = heap(&scenario, Some("pb.gz"));
        let warnings = report["warnings"].to_string();
        assert!(!["other-program", "mixed-forms"].iter().any(|code| warnings.contains(code)), "{scenario}: {warnings}");
        for form in ["debug1.txt", "debug2.txt"].iter().filter(|form| is_there(&format!("goroutine1.{form}"))) {
            let warnings = heap(&scenario, Some(form))["warnings"].to_string();
            assert!(!warnings.contains("other-program"), "{scenario} {form}: {warnings}");
        }
        if truth["leak"] == true {
            let first = &report["suspects"][0];
            assert_eq!(first["responsible"]["function"], truth["function"], "{scenario}: {first:#}");
            seen += 1;
        }
    }
    assert!(seen > 10, "{seen} services");
}

#[test]
fn every_face_takes_goroutines() {
    let path = |name: &str| fixture(&format!("http-body/{name}.pb.gz"));
    let (h1, h3, g1, g3) = (path("heap1"), path("heap3"), path("goroutine1"), path("goroutine3"));
    let goroutines = ["--goroutines", &g1, &g3];
    for start in [&["diff"][..], &[], &["report"]] {
        let text = run(&[start, &[&h1, &h3], &goroutines].concat()).done().stdout;
        assert!(text.contains("+4,000 goroutines"), "{start:?}");
    }
    let check =
        run(&[&["check", &h1, &h3, "--max-growth", "1GiB", "-f", "json"][..], &goroutines].concat()).done().json();
    assert_eq!(check["suspects"][0]["confidence"], "high");
    let markdown = run(&[&[&h1, &h3, "-f", "markdown"][..], &goroutines].concat()).done().stdout;
    assert!(markdown.contains("Goroutines: 404 → 4,404"), "{markdown}");
}

/// A select with a timer or a context ends by itself, and looks like one that does not.
#[test]
fn a_select_is_never_sure_to_be_stuck() {
    let stack = "runtime.gopark;runtime.selectgo;a.com/x/q.Wait;a.com/x/q.run";
    let files = Files::new();
    let goroutines = |count: i64| Profile::bare().types(&[("goroutine", "count")]).stack(stack, [count]).encode();
    let [before, after] = [("g1", 1), ("g2", 901)].map(|(name, count)| files.write(name, goroutines(count)));
    let block = 8 << 10;
    let heap = |blocks: i64| {
        let values = [blocks, blocks * block, blocks, blocks * block];
        let profile = Profile::new().period("space", "bytes", 1);
        profile.stack("a.com/x/q.Wait;a.com/x/q.run", values).bytes(block).encode()
    };
    let [heap1, heap2] = [("h1", 1), ("h2", 901)].map(|(name, blocks)| files.write(name, heap(blocks)));
    for args in [&["goroutines", &before, &after][..], &[&heap1, &heap2, "--goroutines", &before, &after]] {
        let suspect = &json(args)["suspects"][0];
        assert_eq!((&suspect["code"], &suspect["confidence"]), (&"goroutine-select".into(), &"medium".into()));
        let fix = suspect["fix"].as_str().expect("a text");
        assert!(fix.starts_with("look at the cases, which no profile shows"), "{fix}");
        let text = run(args).done().stdout;
        assert!(text.contains("which no profile shows"), "{text}");
    }
}

/// Suspects of the heaps of a service with these goroutine profiles, and the codes of the warnings about them.
fn suspects_with(scenario: &str, goroutines: [&str; 2]) -> (Value, Vec<String>) {
    let heaps = ["heap1", "heap3"].map(|name| fixture(&format!("{scenario}/{name}.pb.gz")));
    let goroutines = goroutines.map(fixture);
    let report = json(&[&heaps[0], &heaps[1], "--goroutines", &goroutines[0], &goroutines[1]]);
    let warnings = report["warnings"].as_array().expect("warnings").iter();
    let codes = warnings.map(|warning| warning["code"].as_str().expect("a code").to_owned()).collect();
    (report["suspects"].clone(), codes)
}

#[test]
fn goroutines_that_do_not_belong_change_nothing() {
    let alone = heap("http-body", None)["suspects"].clone();
    let cases = [
        (["http-body/goroutine3.pb.gz", "http-body/goroutine1.pb.gz"], "reversed-order"),
        (["http-body/goroutine3.debug1.txt", "http-body/goroutine1.debug1.txt"], "reversed-order"),
        (["http-body/goroutine3.debug2.txt.gz", "http-body/goroutine1.debug2.txt"], "reversed-order"),
        (["http-body/goroutine1.pb.gz", "http-body/goroutine1.pb.gz"], "same-goroutines"),
        (["http-body/goroutine3.debug1.txt", "http-body/goroutine3.debug1.txt"], "same-goroutines"),
        (["goroutine-blocked/goroutine1.pb.gz", "goroutine-blocked/goroutine3.pb.gz"], "other-program"),
        (["goroutine-blocked/goroutine1.debug1.txt", "goroutine-blocked/goroutine3.debug1.txt"], "other-program"),
        (["goroutine-blocked/goroutine1.debug2.txt", "goroutine-blocked/goroutine3.debug2.txt.gz"], "other-program"),
    ];
    for (goroutines, code) in cases {
        let (suspects, warnings) = suspects_with("http-body", goroutines);
        assert_eq!(warnings, [code], "{goroutines:?}");
        // What a sampled heap does not show may be of its program all the same: it stands beside, and is warned of.
        let of_heap = suspects.as_array().expect("suspects").iter().filter(|suspect| suspect["metric"].is_null());
        assert_eq!(of_heap.cloned().collect::<Vec<_>>(), *alone.as_array().expect("suspects"), "{goroutines:?}");
        let beside = suspects.as_array().is_some_and(|all| all.len() > alone.as_array().map_or(0, Vec::len));
        assert_eq!(beside, code == "other-program", "{goroutines:?}: {suspects:#}");
    }
}

/// Profiles that say that they are in order, of a program that lost most of its goroutines.
#[test]
fn goroutines_that_are_gone_refute_nothing() {
    let stack = "runtime.gopark;runtime.selectgo;net/http.(*persistConn).readLoop";
    let files = Files::new();
    let at = |name: &str, count: i64, seconds: i64| {
        let profile = Profile::bare().types(&[("goroutine", "count")]).time(seconds * 1_000_000_000);
        files.write(name, profile.stack(stack, [count]).encode())
    };
    let [before, after] = [at("g1", 900, 1_700_000_000), at("g2", 100, 1_700_000_600)];
    let heaps = ["heap1", "heap3"].map(|name| fixture(&format!("http-body/{name}.pb.gz")));
    let report = json(&[&heaps[0], &heaps[1], "--goroutines", &before, &after]);
    assert_eq!(report["warnings"], serde_json::json!([]));
    assert_eq!(report["suspects"][0]["code"], "http-body-not-closed", "{:#}", report["suspects"]);
}
