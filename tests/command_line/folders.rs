//! A folder, a pattern, a long list: which of the files are compared, in which order, and what is said of the others.

use serde_json::{Value, json};

use super::support::{Files, Profile, run};
use super::{MIB, goroutines, heap};

const DUMP: &str = "goroutine 1 [chan send]:\nmain.main()\n\t/app/main.go:7 +0x1\n\n";

/// A folder as a service leaves it: heaps whose names say nothing of their order, goroutines of two of their moments in two
/// forms, and what lies about.
fn folder(files: &Files) -> String {
    let write = |name: &str, bytes: &[u8]| drop(files.write(&format!("profiles/{name}"), bytes));
    std::fs::create_dir_all(files.path("profiles/deeper")).expect("folders");
    write("zebra", &heap(1, 0).gzip());
    write("heap10.pb.gz", &heap(5, 10).gzip());
    write("heap2.pb.gz", &heap(9, 20).encode());
    write("first.gr", &goroutines(4, 0).encode());
    write("last.gr", &goroutines(40, 20).encode());
    write("between.gr", &goroutines(7, 5).encode());
    write("dump1.txt", DUMP.as_bytes());
    write("dump2.txt", DUMP.as_bytes());
    write("truth.json", b"{\"leak\": true}");
    write("notes.txt", b"took these at noon");
    let cpu = Profile::bare().types(&[("samples", "count"), ("cpu", "nanoseconds")]).stack("main.main", [1, 1]);
    write("cpu.pb.gz", &cpu.gzip());
    write(".hidden.pb.gz", b"damaged");
    write("deeper/heap.pb.gz", &heap(100, 100).encode());
    files.path("profiles")
}

fn inputs(report: &Value) -> Vec<&str> {
    let labels = report["inputs"].as_array().expect("inputs").iter();
    labels.map(|input| input["label"].as_str().expect("a label").rsplit('/').next().expect("a name")).collect()
}

fn passed_over(report: &Value) -> String {
    let warnings = report["warnings"].as_array().expect("warnings");
    let mut found = warnings.iter().filter(|warning| warning["code"] == "passed-over");
    found.next().map_or(String::new(), |warning| warning["message"].as_str().expect("a message").to_owned())
}

#[test]
fn the_heaps_of_a_folder_are_a_series_in_the_order_of_their_times() {
    let files = Files::new();
    let folder = folder(&files);
    let report = run(&[&folder, "-f", "json"]).done().json();
    assert_eq!(inputs(&report), ["zebra", "heap10.pb.gz", "heap2.pb.gz"]);
    assert_eq!(report["rows"][0]["steps"], json!([MIB, 5 * MIB, 9 * MIB]));
    // The order of a folder is nobody's: nothing was put in another.
    assert!(!report["warnings"].to_string().contains("reordered"));
    // Goroutines of the moments of heaps stand beside them.
    assert_eq!(report["goroutines"]["total"], json!({"before": 4, "after": 40, "delta": 36}));
    let passed = passed_over(&report);
    for (name, reason) in [
        ("truth.json", "JSON"),
        ("notes.txt", "text"),
        ("cpu.pb.gz", "a profile of samples, cpu"),
        ("dump1.txt", "another form: Go, goroutine dump (debug=2)"),
        ("between.gr", "goroutines of no moment of a heap"),
    ] {
        let parts: Vec<&str> = passed.split("; ").filter(|part| part.contains(name)).collect();
        assert!(parts.len() == 1 && parts[0].contains(&format!("({reason})")), "{name}: {passed}");
    }
    assert!(!passed.contains("hidden") && !passed.contains("deeper"), "{passed}");
}

#[test]
fn a_quoted_pattern_and_a_long_list_are_sorted_out_as_well() {
    let files = Files::new();
    let folder = folder(&files);
    let report = run(&[&format!("{folder}/*"), "-f", "json"]).done().json();
    assert_eq!(inputs(&report), ["zebra", "heap10.pb.gz", "heap2.pb.gz"]);
    let heaps = run(&[&format!("{folder}/heap*"), "-f", "json"]).done().json();
    assert_eq!(inputs(&heaps), ["heap10.pb.gz", "heap2.pb.gz"]);
    assert_eq!(passed_over(&heaps), "");
    // As a shell writes it out.
    let mut names: Vec<String> = std::fs::read_dir(&folder)
        .expect("a folder")
        .flatten()
        .filter(|entry| entry.path().is_file() && !entry.file_name().to_string_lossy().starts_with('.'))
        .map(|entry| entry.path().to_string_lossy().into_owned())
        .collect();
    names.sort();
    let arguments: Vec<&str> = names.iter().map(String::as_str).chain(["-f", "json"]).collect();
    let listed = run(&arguments).done().json();
    assert_eq!(inputs(&listed), ["zebra", "heap10.pb.gz", "heap2.pb.gz"]);
    assert_eq!(listed["goroutines"]["total"]["delta"], 36);
    // That their order is another one is told, as of all files that are named one by one.
    assert!(listed["warnings"].to_string().contains("reordered"));
}

#[test]
fn each_command_takes_a_folder() {
    let files = Files::new();
    let folder = folder(&files);
    for command in [&["diff"][..], &["flame"], &["report"], &["list", "Put"], &["peek", "Put"]] {
        let outcome = run(&[command, &[&folder]].concat()).done();
        let said = format!("{}{}", outcome.stdout, outcome.stderr);
        assert!(said.contains("not compared") && said.contains("zebra"), "{command:?}: {said}");
    }
    let table = run(&["goroutines", &folder, "-f", "json"]).done().json();
    assert_eq!(inputs(&table), ["first.gr", "between.gr", "last.gr"]);
    let passed = passed_over(&table);
    assert!(passed.contains("zebra") && passed.contains("(a heap)"), "{passed}");
    let inspected = run(&["inspect", &folder, "-f", "json"]);
    assert_eq!(inspected.json()["profiles"].as_array().map(Vec::len), Some(11));
}

#[test]
fn goroutines_that_are_named_are_those_that_are_used() {
    let files = Files::new();
    let folder = folder(&files);
    let (before, after) = (format!("{folder}/first.gr"), format!("{folder}/between.gr"));
    let report = run(&[&folder, "-f", "json", "--goroutines", &before, &after]).done().json();
    assert_eq!(report["goroutines"]["total"]["after"], 7);
    assert!(passed_over(&report).contains("last.gr"));
}

#[test]
fn a_file_that_is_found_twice_is_there_once() {
    let files = Files::new();
    let folder = folder(&files);
    let report = run(&[&folder, &format!("{folder}/zebra"), &format!("{folder}/heap*"), "-f", "json"]).done().json();
    assert_eq!(inputs(&report), ["zebra", "heap10.pb.gz", "heap2.pb.gz"]);
}

#[test]
fn a_damaged_profile_is_passed_over_where_it_was_found_and_an_error_where_it_was_named() {
    let files = Files::new();
    let folder = folder(&files);
    let whole = heap(20, 30).gzip();
    let damaged = files.write("profiles/heap3.pb.gz", &whole[..whole.len() / 2]);
    let report = run(&[&folder, "-f", "json"]).done().json();
    assert!(passed_over(&report).contains("heap3.pb.gz (the gzip stream ends early"), "{}", passed_over(&report));
    assert_eq!(inputs(&report).len(), 3);
    let named = ["zebra", "heap10.pb.gz", "heap2.pb.gz"].map(|name| format!("{folder}/{name}"));
    run(&[&named[0], &named[1], &named[2], &damaged]).failed(&["heap3.pb.gz", "ends early"]);
    // A gate never passes what it did not compare.
    run(&["check", &folder, "--max-growth", "1GiB", "--no-config"]).failed(&["heap3.pb.gz", "ends early"]);
}

#[test]
fn a_gate_keeps_the_order_of_files_that_are_named() {
    let files = Files::new();
    let folder = folder(&files);
    let growth = |inputs: &[&str]| {
        let outcome = run(&[&["check"][..], inputs, &["--max-growth", "1GiB", "--no-config", "-f", "json"]].concat());
        outcome.done().json()["total"]["delta"].as_i64().expect("a number")
    };
    assert_eq!(growth(&[&folder]), 8 * MIB);
    let named = ["heap10.pb.gz", "heap2.pb.gz", "zebra"].map(|name| format!("{folder}/{name}"));
    assert_eq!(growth(&[&named[0], &named[1], &named[2]]), -4 * MIB);
}

#[test]
fn a_baseline_stays_before_the_profiles_of_a_folder() {
    let files = Files::new();
    let folder = folder(&files);
    let baseline = files.path("baseline.json");
    run(&["check", &format!("{folder}/zebra"), "--update-baseline", &baseline, "--no-config"]).done();
    let gate = ["check", &folder, "--baseline", &baseline, "--max-growth", "1GiB", "--no-config", "-f", "json"];
    let report = run(&gate).done().json();
    assert_eq!(inputs(&report), ["baseline.json", "zebra", "heap10.pb.gz", "heap2.pb.gz"]);
}

#[test]
fn runs_of_a_side_may_stand_in_a_folder() {
    let files = Files::new();
    for (side, objects) in [("a", 1), ("b", 4)] {
        std::fs::create_dir(files.path(side)).expect("a folder");
        for run in 0..3 {
            files.write(&format!("{side}/{run}.pb"), heap(objects + run % 2, run).encode());
        }
    }
    let report = run(&["--before", &files.path("a"), "--after", &files.path("b"), "-f", "json"]).done().json();
    let sides: Vec<&str> =
        report["inputs"].as_array().expect("inputs").iter().filter_map(|input| input["side"].as_str()).collect();
    assert_eq!(sides, ["before", "before", "before", "after", "after", "after"]);
}

#[test]
fn without_times_names_decide_and_their_numbers_are_numbers() {
    let files = Files::new();
    std::fs::create_dir(files.path("dir")).expect("a folder");
    for (name, objects) in [("heap1", 1), ("heap10", 3), ("heap2", 2)] {
        files.write(&format!("dir/{name}"), heap(objects, 0).time(0).encode());
    }
    let report = run(&[&files.path("dir"), "-f", "json"]).done().json();
    assert_eq!(inputs(&report), ["heap1", "heap2", "heap10"]);
    // Goroutines whose times are not told are those of the heaps where there are as many.
    for name in ["dump1", "dump2", "dump10"] {
        files.write(&format!("dir/{name}"), DUMP);
    }
    let report = run(&[&files.path("dir"), "-f", "json"]).done().json();
    assert_eq!(report["goroutines"]["total"]["after"], 1);
    std::fs::remove_file(files.path("dir/dump10")).expect("a file");
    let report = run(&[&files.path("dir"), "-f", "json"]).done().json();
    assert_eq!(report["goroutines"], Value::Null);
    assert!(passed_over(&report).contains("dump1"), "{}", passed_over(&report));
}

#[test]
fn a_folder_without_profiles_is_an_error() {
    let files = Files::new();
    std::fs::create_dir(files.path("empty")).expect("a folder");
    run(&[&files.path("empty")]).failed(&["empty", "no file"]);
    files.write("empty/notes.txt", "took these at noon");
    run(&[&files.path("empty")]).failed(&["notes.txt", "this is text"]);
    run(&[&files.path("nothing*.pb.gz")]).failed(&["nothing*.pb.gz", "no file"]);
}

#[test]
fn a_folder_with_one_heap_says_what_it_holds() {
    let files = Files::new();
    std::fs::create_dir(files.path("dir")).expect("a folder");
    files.write("dir/heap", heap(3, 0).encode());
    files.write("dir/goroutines", goroutines(4, 0).encode());
    let report = run(&[&files.path("dir"), "-f", "json"]).done().json();
    assert_eq!((inputs(&report), &report["total"]["after"]), (vec!["heap"], &json!(3 * MIB)));
}

#[test]
fn few_files_that_are_named_are_compared_as_they_are() {
    let files = Files::new();
    let (heap, dump) = (files.write("a", heap(1, 0).encode()), files.write("b", goroutines(1, 0).encode()));
    run(&[&heap, &dump]).failed(&["no metric in common"]);
}
