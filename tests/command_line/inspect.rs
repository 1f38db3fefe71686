//! `leakdiff inspect`: what profiles are, and what is missing in them.

use leakdiff::cli::Exit;
use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr;

use super::support::{Files, Profile, fixture, run, run_with};
use super::{MIB, NOON, goroutines, heap};

fn inspected(path: &str) -> Value {
    run(&["inspect", path, "-f", "json"]).done().json()["profiles"][0].clone()
}

fn missing(profile: &Value) -> Vec<&str> {
    profile["missing"].as_array().expect("a list").iter().map(|one| one["what"].as_str().expect("words")).collect()
}

#[test]
fn a_go_heap_says_all() {
    let profile = inspected(&fixture("http-body/heap1.pb.gz"));
    assert_eq!(profile["format"], "pprof");
    assert_eq!(profile["language"], "Go");
    assert!(profile["producer"].as_str().is_some_and(|producer| producer.contains("runtime/pprof")));
    assert_eq!(profile["period"], json!({"type": "space", "unit": "bytes", "value": 512 << 10}));
    assert_eq!(missing(&profile), Vec::<&str>::new());
    let totals: Vec<i64> =
        profile["metrics"].as_array().expect("metrics").iter().filter_map(|metric| metric["total"].as_i64()).collect();
    let report = run(&[&fixture("http-body/heap1.pb.gz"), "-f", "json"]).done().json();
    assert_eq!(totals[3], report["total"]["after"].as_i64().expect("a number"));
    assert_eq!(profile["counts"]["samples"], report["inputs"][0]["samples"]);
    assert_eq!(profile["counts"]["stacks"], report["inputs"][0]["stacks"]);
    assert_eq!(profile["build_id"], report["inputs"][0]["build_id"]);
    assert_eq!(profile["metrics"][3]["is_default"], true);
}

#[test]
fn what_is_missing_is_said_with_what_that_means() {
    let files = Files::new();
    let path = |profile: &Profile| files.write("one", profile.encode());
    let whole = heap(3, 0).mapping("/bin/app", "b1", 0x40_0000..0x50_0000);
    let without = |profile: Profile| {
        let profile = inspected(&path(&profile));
        missing(&profile).iter().map(|what| (*what).to_owned()).collect::<Vec<_>>()
    };
    let base = without(whole.clone());
    assert!(
        without(whole.clone().time(0)).contains(&"when it was taken".to_owned())
            && !base.contains(&"when it was taken".to_owned())
    );
    assert!(without(whole.clone().without_period()).contains(&"the sampling period".to_owned()));
    let bare = Profile::bare().types(&[("inuse_space", "bytes")]).time(NOON).stack("main.f", [MIB]);
    let bare = without(bare);
    for what in ["numbers of objects", "what was allocated and freed again", "the build id"] {
        assert!(bare.contains(&what.to_owned()), "{what}: {bare:?}");
    }
    let allocated = Profile::bare().types(&[("alloc_space", "bytes")]).time(NOON).stack("main.f", [MIB]);
    assert!(without(allocated).contains(&"what is in use".to_owned()));
    assert!(without(goroutines(3, 0)).contains(&"who created goroutines, and for how long they wait".to_owned()));
    let dump = inspected(&fixture("http-body/goroutine1.debug2.txt"));
    assert_eq!(missing(&dump), ["when it was taken"]);
    let text = run(&["inspect", &path(&whole.time(0))]).done().stdout;
    assert!(text.contains("missing  when it was taken: the rate of growth is not told"), "{text}");
}

#[test]
fn labels_are_told_with_how_to_have_rows_of_them() {
    let files = Files::new();
    let profile = Profile::new()
        .stack("main.f", [1, 1, 1, 1])
        .label("tenant", "acme")
        .stack("main.g", [1, 1, 1, 1])
        .label("tenant", "umbrella")
        .stack("main.h", [1, 1, 1, 1])
        .label("created by", "main.run");
    let path = files.write("one", profile.encode());
    assert_eq!(
        inspected(&path)["labels"],
        json!({"created by": {"samples": 1, "values": 1}, "tenant": {"samples": 2, "values": 2}})
    );
    let text = run(&["inspect", &path]).done().stdout;
    assert!(text.contains("tenant: 2 values in 2 samples (--by label:tenant)"), "{text}");
    assert!(text.contains("--by 'label:created by'"), "{text}");
}

#[test]
fn every_file_is_told_of_although_one_is_none() {
    let files = Files::new();
    let (good, text) = (files.write("good", heap(1, 0).encode()), files.write("notes.txt", "took these at noon"));
    let outcome = run(&["inspect", &text, &files.path("nowhere"), &good, "-f", "json"]);
    assert_eq!(outcome.exit, Exit::Error);
    let json = outcome.json();
    let errors: Vec<&Value> = json["profiles"].as_array().expect("profiles").iter().map(|one| &one["error"]).collect();
    assert!(errors[0].as_str().is_some_and(|error| error.contains("this is text")), "{errors:?}");
    assert!(errors[1].as_str().is_some_and(|error| error.contains("no such file")), "{errors:?}");
    assert_eq!(errors[2], &Value::Null);
}

#[test]
fn what_lies_beside_profiles_in_a_folder_is_no_error() {
    let files = Files::new();
    std::fs::create_dir(files.path("dir")).expect("a folder");
    files.write("dir/notes.txt", "took these at noon");
    assert_eq!(run(&["inspect", &files.path("dir")]).exit, Exit::Error);
    files.write("dir/heap", heap(1, 0).encode());
    let outcome = run(&["inspect", &files.path("dir")]).done();
    assert!(outcome.stdout.contains("this is text"), "{}", outcome.stdout);
}

#[test]
fn standard_input_is_one_too_and_lines_fit() {
    let outcome = run_with(&heap(1, 0).encode(), None, None, &["inspect", "-"]).done();
    assert!(outcome.stdout.starts_with("stdin\n"), "{}", outcome.stdout);
    for width in [40, 60, 80, 100] {
        for path in ["native/sampled1.heap", "http-body/heap1.pb.gz", "http-body/goroutine1.debug2.txt", "README.md"] {
            let text = run_with(&[], Some(width), Some(false), &["inspect", &fixture(path)]).stdout;
            for line in text.lines() {
                assert!(line.width() <= width, "{width}: {line}");
            }
        }
    }
}

#[test]
fn text_of_a_profile_moves_no_cursor() {
    let files = Files::new();
    let path = files.write("one", heap(1, 0).comment("\u{1b}[2Jx").build_id("\u{1b}[31m").encode());
    for format in ["text", "json"] {
        let outcome = run(&["inspect", &path, "-f", format]).done();
        assert!(!outcome.stdout.contains('\u{1b}'), "{}", outcome.stdout);
    }
}
