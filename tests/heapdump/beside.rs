//! Heap dumps beside heap profiles, as profiles themselves, and as a limit of a gate.

use leakdiff::cli::Exit;
use serde_json::Value;

use super::support::{Files, json, run};
use super::{has_any, of, services};

#[test]
fn suspects_are_told_who_holds_their_objects() {
    let mut told = 0;
    for (service, expected) in services().into_iter().filter(|(_, expected)| !expected.is_empty()) {
        let report = json(&[
            &of(&service, "heap.before.pb.gz"),
            &of(&service, "heap.after.pb.gz"),
            "--dump",
            &of(&service, "before.dump.gz"),
            &of(&service, "after.dump.gz"),
            "--bin",
            &of(&service, "app.sym.gz"),
        ]);
        let suspects = report["suspects"].as_array().expect("suspects");
        // Small heaps of which a sample may not tell growth from noise.
        let Some(first) = suspects.first() else { continue };
        let holder = &first["holders"][0];
        let root = holder["root"].as_str().unwrap_or_else(|| panic!("{service}: {first}"));
        assert!(has_any(root, &expected), "{service}: {root}");
        let samples = &holder["samples"];
        assert!(
            samples["through"].as_i64() > Some(0) && samples["through"].as_i64() <= samples["of"].as_i64(),
            "{samples}"
        );
        told += 1;
    }
    assert!(told >= 6, "{told} of 8");
}

#[test]
fn every_format_draws_the_path() {
    let (before, after) = (of("global-cache", "heap.before.pb.gz"), of("global-cache", "heap.after.pb.gz"));
    let (dump, program) = (of("global-cache", "after.dump.gz"), of("global-cache", "app.sym.gz"));
    let written =
        |format: &str| run(&[&before, &after, "--dump", &dump, "--bin", &program, "-f", format]).done().stdout;
    for format in ["table", "markdown"] {
        let text = written(format).replace('\n', " ").to_lowercase();
        assert!(text.contains("held by global"), "{format}: {text}");
        assert!(text.contains("if cleared:"), "{format}");
    }
    let page = written("html");
    assert!(page.contains("<ol class=\"path\" aria-label=\"who holds it\">\n<li>global "), "{page}");
    let brief: Value = serde_json::from_str(&written("brief")).expect("JSON");
    assert_eq!(brief["suspects"][0]["held_by"], "global example.com/shop/global-cache/pages.cache");
    let plain = json(&[&before, &after]);
    assert_eq!(plain["suspects"][0].get("holders"), None, "none were asked for");
}

#[test]
fn a_dump_alone_is_a_profile() {
    for (service, _) in services() {
        let of_dumps = json(&[&of(&service, "before.dump.gz"), &of(&service, "after.dump.gz")]);
        let of_heaps = json(&[&of(&service, "heap.before.pb.gz"), &of(&service, "heap.after.pb.gz")]);
        let after = |report: &Value| report["total"]["after"].as_f64().expect("bytes");
        let ratio = after(&of_dumps) / after(&of_heaps);
        // The profile was taken a moment later, and what the runtime has mapped in between is in none of them.
        assert!((0.97..=1.03).contains(&ratio), "{service}: {ratio}");
        assert_eq!(of_dumps["inputs"][1]["period"], 16384, "{service}: the rate is found");
        assert_eq!(of_dumps["metric"]["name"], "inuse_space");
        assert!(of_dumps["memory"].is_object(), "{service}: a dump has runtime.MemStats");
    }
}

#[test]
fn names_of_a_dump_are_those_of_the_profile_where_nothing_was_inlined() {
    let of_dumps = json(&[&of("global-cache", "before.dump.gz"), &of("global-cache", "after.dump.gz")]);
    let of_heaps = json(&[&of("global-cache", "heap.before.pb.gz"), &of("global-cache", "heap.after.pb.gz")]);
    assert_eq!(of_dumps["rows"][0]["name"], of_heaps["rows"][0]["name"]);
    assert_eq!(
        of_dumps["rows"][0]["flat"]["after"], of_heaps["rows"][0]["flat"]["after"],
        "the same samples, scaled alike"
    );
    assert_eq!(of_dumps["suspects"][0]["responsible"], of_heaps["suspects"][0]["responsible"]);
}

#[test]
fn a_dump_is_inspected() {
    let text = run(&["inspect", &of("timers", "after.dump.gz")]).done().stdout;
    for words in ["Go heap dump", "inuse_space", "one sample per 16.0 KiB"] {
        assert!(text.contains(words), "{words}: {text}");
    }
}

#[test]
fn a_gate_limits_what_one_root_may_hold_more() {
    let (before, after, program) =
        (of("timers", "before.dump.gz"), of("timers", "after.dump.gz"), of("timers", "app.sym.gz"));
    let gate =
        |limit: &str| run(&["check", &before, &after, "--max-holder-growth", limit, "--bin", &program, "--no-config"]);
    let failed = gate("1MiB");
    assert_eq!(failed.exit, Exit::Failed, "{}", failed.stderr);
    for words in ["FAIL", "max-holder-growth 1MiB", "timer example.com/shop/timers/reservations", "the limit is 1MiB"] {
        assert!(failed.stdout.replace("\n      ", " ").contains(words), "{words}: {}", failed.stdout);
    }
    let passed = gate("100MiB");
    assert_eq!(passed.exit, Exit::Done, "{}", passed.stdout);
    assert!(passed.stdout.contains("ok    max-holder-growth 100MiB"), "{}", passed.stdout);
}

#[test]
fn the_limit_of_holders_stands_beside_those_of_profiles() {
    let heaps = [of("timers", "heap.before.pb.gz"), of("timers", "heap.after.pb.gz")];
    let dumps = [of("timers", "before.dump.gz"), of("timers", "after.dump.gz")];
    let report = run(&[
        "check",
        &heaps[0],
        &heaps[1],
        "--dump",
        &dumps[0],
        &dumps[1],
        "--max-holder-growth",
        "1MiB",
        "--max-growth",
        "1GiB",
        "--no-config",
        "-f",
        "json",
    ]);
    assert_eq!(report.exit, Exit::Failed, "{}", report.stderr);
    let verdict = &report.json()["verdict"];
    assert_eq!(verdict["result"], "fail");
    let options: Vec<&Value> = verdict["checks"].as_array().expect("checks").iter().map(|it| &it["option"]).collect();
    assert_eq!(options, ["max-growth", "max-holder-growth"]);
    assert_eq!(verdict["breaches"][0]["option"], "max-holder-growth");
    assert_eq!(verdict["checks"][1]["evidence"]["verdict"], "exact");
}

#[test]
fn a_limit_of_holders_wants_two_dumps() {
    let heaps = [of("timers", "heap.before.pb.gz"), of("timers", "heap.after.pb.gz")];
    let none = ["check", &heaps[0], &heaps[1], "--max-holder-growth", "1MiB", "--no-config"];
    run(&none).failed(&["not a heap dump", "WriteHeapDump"]);
    let dump = of("timers", "after.dump.gz");
    let one = [&none[..], &["--dump", &dump]].concat();
    run(&one).failed(&["two heap dumps are needed"]);
}

#[test]
fn what_is_read_is_not_written_over() {
    let folder = Files::new();
    let dump = folder.write("after.dump.gz", std::fs::read(of("timers", "after.dump.gz")).expect("a dump"));
    let before = std::fs::read(&dump).expect("a dump");
    run(&["holders", &dump, "-o", &dump]).failed(&["is an input"]);
    assert_eq!(std::fs::read(&dump).expect("a dump"), before);
    let written = folder.path("holders.json");
    run(&["holders", &dump, "-o", &written]).done();
    let report: Value = serde_json::from_slice(&std::fs::read(&written).expect("written")).expect("JSON");
    assert!(report["holders"].is_array());
}
