//! What stands beside the profiles: metrics that come one by one, and the memory of the process.

use crate::support::{Files, Profile, diff_json, fixture, json, row, run};

fn heap(types: &[(&str, &str)], values: &[(&str, Vec<i64>)]) -> Profile {
    let profile = Profile::bare().types(types).period("space", "bytes", 1);
    values.iter().fold(profile, |profile, (stack, values)| profile.stack(stack, values.clone()))
}

#[test]
fn metrics_of_one_moment_are_one_snapshot() {
    let space = [("inuse_space", "bytes")];
    let alloc = [("alloc_space", "bytes")];
    let both = [("alloc_space", "bytes"), ("inuse_space", "bytes")];
    let files = Files::new();
    let one = |name: &str, types: &[(&str, &str)], values: &[(&str, Vec<i64>)]| {
        files.write(name, heap(types, values).encode())
    };
    let (first, second) = (5 << 20, 9 << 20);
    let s1 = one("s1", &space, &[("store.Put;main.main", vec![first])]);
    let s2 = one("s2", &space, &[("store.Put;main.main", vec![second]), ("store.Get;main.main", vec![7])]);
    let a1 = one("a1", &alloc, &[("store.Put;main.main", vec![first])]);
    let a2 = one("a2", &alloc, &[("store.Put;main.main", vec![4 * second])]);
    let joined = json(&[&s1, &s2, "--also", &a1, &a2, "-n", "0"]);
    let whole = diff_json(
        &[
            &heap(&both, &[("store.Put;main.main", vec![first, first])]),
            &heap(&both, &[("store.Put;main.main", vec![4 * second, second]), ("store.Get;main.main", vec![0, 7])]),
        ],
        &["-n", "0"],
    );
    for key in ["total", "rows", "metric"] {
        let plain = |report: &serde_json::Value| match key {
            "metric" => report[key]["name"].clone(),
            _ => report[key].clone(),
        };
        assert_eq!(plain(&joined), plain(&whole), "{key}");
    }
    assert!(row(&joined, "store.Put")["kept_ratio"].is_number(), "{joined}");
    run(&[&s1, &s2, "--also", &a1]).failed(&["--also", "1 file for 2 profiles"]);
    run(&[&s1, &s2, "--also", &s1, &s2]).failed(&["inuse_space", "another metric"]);
    run(&[&s1, &s2, "--also", &a1, &files.path("missing")]).failed(&["missing", "no such file"]);
}

/// `smaps_rollup` of a process with so many MiB, of which so many are of no file.
fn rollup(total: i64, anonymous: i64) -> String {
    format!("55d0-7ffe ---p 00000000 00:00 0  [rollup]\nRss:  {} kB\nAnonymous: {} kB\n", total << 10, anonymous << 10)
}

#[test]
fn the_heap_explains_a_part_of_what_the_process_grew_by() {
    let files = Files::new();
    let heaps = ["native/cpp/a1.heap", "native/cpp/a3.heap"].map(fixture);
    let (before, after) = (files.write("1", rollup(20, 15)), files.write("2", rollup(60, 25)));
    let report = json(&[&heaps[0], &heaps[1], "--rss", &before, &after]);
    let rss = &report["rss"];
    assert_eq!(rss["total"]["delta"], 40 << 20);
    assert_eq!(rss["heap"], report["total"]);
    assert_eq!(rss["file"]["delta"], 30 << 20);
    let heap = report["total"]["delta"].as_i64().expect("a number");
    assert_eq!(rss["outside"], (40 << 20) - heap);
    assert_eq!(rss["growth"][0]["place"], "files");
    let share = rss["explained"].as_f64().expect("a share");
    assert!((share - heap as f64 / (40 << 20) as f64).abs() < 1e-9);
    let text = run(&[&heaps[0], &heaps[1], "--rss", &before, &after]).done().stdout;
    assert!(
        text.contains("The process grew by 40.0 MiB; the heap in the profiles explains 9.7 MiB of it (24 %)."),
        "{text}"
    );
    assert!(text.contains("mapped files and page cache: 30.0 MiB"), "{text}");
    // Filters by metric do not change what the heap is.
    let objects = json(&[&heaps[0], &heaps[1], "--rss", &before, &after, "--sample-index", "objects"]);
    assert_eq!(objects["rss"], *rss);
}

#[test]
fn of_go_the_counters_in_the_profile_say_where_else_it_grew() {
    let files = Files::new();
    let heap = |live: i64, stacks: i64| {
        format!(
            "heap profile: 1: {live} [1: {live}] @ heap/1\n1: {live} [1: {live}] @ 0x40\n#\t0x40\tmain.keep+0x8\t/app/main.go:7\n\n\
             # runtime.MemStats\n# Alloc = {live}\n# Sys = {}\n# HeapSys = {live}\n# HeapInuse = {live}\n# HeapIdle = 0\n\
             # Stack = {stacks} / {stacks}\n",
            live + stacks
        )
    };
    let (old, new) = (files.write("h1", heap(4 << 20, 1 << 20)), files.write("h2", heap(8 << 20, 31 << 20)));
    let (before, after) = (files.write("1", rollup(10, 10)), files.write("2", rollup(44, 44)));
    let report = json(&[&old, &new, "--rss", &before, &after]);
    assert_eq!(report["rss"]["growth"][0]["place"], "stacks", "{}", report["rss"]);
    assert_eq!(report["rss"]["growth"][0]["delta"], 30 << 20);
}

#[test]
fn the_system_is_asked_of_a_process_that_runs_here() {
    if !cfg!(target_os = "linux") {
        return;
    }
    let files = Files::new();
    let heaps = ["native/cpp/a1.heap", "native/cpp/a3.heap"].map(fixture);
    let before = files.write("1", "VmRSS:\t 1024 kB\nRssAnon:\t 512 kB\nRssFile:\t 512 kB\n");
    let own = std::process::id().to_string();
    let report = json(&[&heaps[0], &heaps[1], "--rss", &before, &own]);
    assert!(report["rss"]["total"]["after"].as_i64() > Some(1 << 20), "{}", report["rss"]);
    run(&[&heaps[0], &heaps[1], "--rss", &before, "4194999"]).failed(&["4194999", "no process here"]);
}

#[test]
fn memory_that_cannot_be_read_is_an_error() {
    let files = Files::new();
    let heaps = ["native/cpp/a1.heap", "native/cpp/a3.heap"].map(fixture);
    let good = files.write("1", "anon 4096\nfile 8192\n");
    run(&[&heaps[0], &heaps[1], "--rss", &good]).failed(&["--rss", "1 file for 2 profiles"]);
    run(&[&heaps[0], &heaps[1], "--rss", &good, &heaps[0]]).failed(&["no text on memory", "smaps_rollup"]);
    run(&[&heaps[0], &heaps[1], "--rss", &good, "missing"]).failed(&["missing"]);
}
