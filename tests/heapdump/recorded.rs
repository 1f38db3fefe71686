//! Services with one known mistake: who holds what grew.

use serde_json::Value;

use super::support::{fixture, json, run};
use super::{has_any, of, services};

fn holders(service: &str, more: &[&str]) -> Value {
    let (before, after, program) =
        (of(service, "before.dump.gz"), of(service, "after.dump.gz"), of(service, "app.sym.gz"));
    json(&[&["holders", &before, &after, "--bin", &program], more].concat())
}

#[test]
fn the_first_holder_is_that_of_the_mistake() {
    let mut told = 0;
    for (service, expected) in services() {
        let report = holders(&service, &[]);
        let found = report["holders"].as_array().expect("holders");
        if expected.is_empty() {
            assert!(found.is_empty(), "{service}: nothing leaks: {found:?}");
            continue;
        }
        told += 1;
        let root = found[0]["root"].as_str().expect("a root");
        assert!(has_any(root, &expected), "{service}: {root}");
        assert!(found[0]["delta"].as_i64() > Some(1 << 20), "{service}: {}", found[0]["delta"]);
        assert!(!found[0]["path"].as_array().expect("a path").is_empty(), "{service}");
    }
    assert_eq!(told, 8, "eight services leak");
}

#[test]
fn holders_are_ordered_and_their_growth_is_no_more_than_that_of_the_heap() {
    for (service, _) in services() {
        let report = holders(&service, &["-n", "0", "--min", "1B"]);
        let deltas: Vec<i64> = report["holders"]
            .as_array()
            .expect("holders")
            .iter()
            .map(|it| it["delta"].as_i64().expect("bytes"))
            .collect();
        assert!(deltas.is_sorted_by(|a, b| a >= b), "{service}: {deltas:?}");
        let bytes: i64 =
            report["holders"].as_array().expect("holders").iter().map(|it| it["bytes"].as_i64().expect("bytes")).sum();
        assert!(
            bytes <= report["reachable"]["after"].as_i64().expect("bytes"),
            "{service}: each object is counted once"
        );
    }
}

#[test]
fn what_is_held_is_bounded_by_what_the_runtime_says_is_there() {
    for (service, _) in services() {
        let report = json(&["holders", &of(&service, "after.dump.gz"), "--bin", &of(&service, "app.sym.gz")]);
        let profile = json(&[&of(&service, "after.dump.gz")]);
        let heap = profile["memory"]["heap_alloc"]["after"].as_i64();
        let reachable = report["reachable"]["after"].as_i64().expect("bytes");
        if let Some(heap) = heap {
            assert!(reachable <= heap && reachable * 10 > heap * 8, "{service}: {reachable} of {heap}");
        }
    }
}

#[test]
fn who_allocated_it_is_told_with_the_samples_on_that_path() {
    let report = holders("global-cache", &["--heap", &of("global-cache", "heap.after.pb.gz")]);
    let first = &report["holders"][0];
    assert_eq!(first["name"], "example.com/shop/global-cache/pages.cache");
    assert_eq!(first["kind"], "global");
    assert_eq!(first["allocated_at"]["function"], "example.com/shop/global-cache/pages.Rendered");
    assert_eq!(first["samples"]["through"], first["samples"]["of"]);
    assert_eq!(first["freed_if_cleared"], first["bytes"], "nothing else holds the cache");
    assert_eq!(first["also_held_by"], Value::Null);
}

#[test]
fn a_timer_is_held_by_the_function_that_it_is_for() {
    let report = holders("timers", &[]);
    let first = &report["holders"][0];
    assert_eq!(first["kind"], "timer");
    assert_eq!(first["name"], "example.com/shop/timers/reservations.(*Service).Hold.func1");
    let hops = first["path"].as_array().expect("a path");
    assert_eq!(hops.len(), 3, "the timer, its closure, what that holds: {hops:?}");
    assert_eq!(hops[1]["name"], "closure reservations.(*Service).Hold.func1");
    assert!(first["freed_if_cleared"].as_i64() > first["bytes"].as_i64().map(|bytes| bytes / 2), "{first}");
}

#[test]
fn a_blocked_goroutine_holds_its_frames_and_its_record() {
    let report = holders("goroutine-blocked", &[]);
    let first = &report["holders"][0];
    assert_eq!(first["kind"], "goroutine");
    let root = "goroutine [chan send] in example.com/shop/goroutine-blocked/quotes.(*Desk).ask";
    assert_eq!(first["root"], root);
    let roots: Vec<&Value> = report["holders"].as_array().expect("holders").iter().map(|it| &it["root"]).collect();
    assert!(!roots.iter().any(|root| root.as_str().is_some_and(|root| root.contains("allgptr"))), "{roots:?}");
}

#[test]
fn without_the_program_it_is_told_where_things_lie() {
    let (before, after) = (of("global-cache", "before.dump.gz"), of("global-cache", "after.dump.gz"));
    let report = json(&["holders", &before, &after]);
    let named = holders("global-cache", &[]);
    let first = &report["holders"][0];
    let name = first["name"].as_str().expect("a name");
    assert!(name.starts_with("data+0x") || name.starts_with("bss+0x"), "{name}");
    assert_eq!(first["delta"], named["holders"][0]["delta"], "the same variable");
    assert_eq!(report["warnings"][0]["code"], "dump-without-program");
    assert_eq!(report["program"], Value::Null);
}

#[test]
fn a_program_that_did_not_write_the_dump_names_nothing() {
    let after = of("global-cache", "after.dump.gz");
    for other in [of("timers", "app.sym.gz"), of("goroutine-forever", "app.sym.gz")] {
        run(&["holders", &after, "--bin", &other]).failed(&["not the one that was dumped", "hint:"]);
    }
    let native = fixture("native/cpp/service");
    if std::path::Path::new(&native).exists() {
        run(&["holders", &after, "--bin", &native]).failed(&["symbols"]);
    }
    run(&["holders", &after, "--bin", &after]).failed(&["not a program"]);
    run(&["holders", &after, "--bin", "missing"]).failed(&["missing", "no such file"]);
}

#[test]
fn text_fits_its_columns_and_says_all() {
    let (before, after, program) =
        (of("timers", "before.dump.gz"), of("timers", "after.dump.gz"), of("timers", "app.sym.gz"));
    for columns in ["60", "80", "100"] {
        let text = run(&["holders", &before, &after, "--bin", &program, "--columns", columns]).done().stdout;
        let most: usize = columns.parse().expect("a number");
        for line in text.lines() {
            let is_one_word = line.trim_start().split(' ').count() == 1;
            assert!(line.chars().count() <= most || is_one_word, "{columns}: {line}");
        }
        for words in
            ["WHO HOLDS WHAT GREW", "reservations.(*Service).Hold.func1", "if", "cleared:", "nothing else holds it"]
        {
            assert!(text.contains(words), "{columns}: {words}\n{text}");
        }
    }
}

#[test]
fn ascii_is_for_text_and_json_stays_what_it_is() {
    let (after, program) = (of("timers", "after.dump.gz"), of("timers", "app.sym.gz"));
    let args = ["holders", &after, "--bin", &program, "--ascii"];
    assert!(run(&args).done().stdout.is_ascii());
    assert_eq!(json(&args)["holders"], json(&args[..4])["holders"]);
}

#[test]
fn nothing_of_what_memory_contains_is_written() {
    // Pages of the cache begin so, and its keys.
    let secrets = ["<p id=", "Paragraph", "tenant-1"];
    let (before, after) = (of("global-cache", "before.dump.gz"), of("global-cache", "after.dump.gz"));
    let (heap, program) = (of("global-cache", "heap.after.pb.gz"), of("global-cache", "app.sym.gz"));
    let memory = super::dump::inflated(&after);
    assert!(secrets.iter().all(|secret| super::dump::holds(&memory, secret)), "the dump holds what is looked for");
    let mut outputs = vec![run(&["holders", &before, &after, "--bin", &program]).done().stdout];
    for format in ["table", "json", "markdown", "csv", "html", "folded", "svg"] {
        outputs.push(run(&[&before, &after, "-f", format]).done().stdout);
        outputs.push(run(&[&heap, "--dump", &after, "--bin", &program, "-f", format]).done().stdout);
    }
    outputs.push(run(&["holders", &before, &after, "-f", "json", "-n", "0", "--min", "1B"]).done().stdout);
    for output in outputs {
        assert!(secrets.iter().all(|secret| !output.contains(secret)));
    }
}
