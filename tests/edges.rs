//! Corners where an answer was once wrong or misleading, each shown by the smallest input that reaches it.

mod support;

use support::{Files, Profile, diff, diff_json, fixture, gzip, row, run, run_with};
use unicode_width::UnicodeWidthStr;

const SPACE: &[(&str, &str)] = &[("inuse_space", "bytes")];

fn delta(report: &serde_json::Value, name: &str) -> i64 {
    row(report, name)["flat"]["delta"].as_i64().expect("an integer")
}

fn names(report: &serde_json::Value) -> Vec<&str> {
    let rows = report["rows"].as_array().expect("rows is an array");
    rows.iter().map(|row| row["name"].as_str().expect("a name")).collect()
}

#[test]
fn what_a_filter_hides_is_not_called_stale() {
    let before = Profile::new().build_id("b").time(1_000_000_000);
    let before = before.stack("main.still", [1, 64, 1, 64]).stack("main.busy", [1, 64, 1, 64]);
    let after = Profile::new().build_id("b").time(9_000_000_000);
    let after = after.stack("main.still", [1, 64, 1, 64]).stack("main.busy", [9, 576, 9, 576]);
    let code = |report: &serde_json::Value| report["warnings"].to_string().contains("stale-snapshot");
    assert!(!code(&diff_json(&[&before, &after], &["--focus", "still"])));
    assert!(code(&diff_json(&[&before, &before.clone().time(9_000_000_000)], &[])));
}

#[test]
fn a_metric_that_counts_objects_is_sorted_by_objects() {
    let before = Profile::bare().types(&[("goroutine", "count")]).stack("main.a", [1]);
    let after = Profile::bare().types(&[("goroutine", "count")]).stack("main.a", [5]).stack("main.b", [9]);
    assert_eq!(names(&diff_json(&[&before, &after], &["--sort", "objects"])), ["main.b", "main.a"]);
    let (before, after) = (Profile::new(), Profile::new().stack("main.a", [2, 64, 2, 64]));
    let report = diff_json(&[&before, &after], &["--sort", "objects", "--sample-index", "inuse_objects"]);
    assert_eq!(names(&report), ["main.a"]);
}

#[test]
fn nothing_to_show_is_said_in_the_words_of_the_question() {
    let (small, large) = (Profile::bare().types(SPACE).stack("main.a", [1]), Profile::bare().types(SPACE));
    let large = large.stack("main.a", [2]);
    assert!(diff(&[&small, &large], &["--sort", "shrink"]).done().stdout.contains("No function shrank: 1 more row"));
    assert!(diff(&[&small, &small], &["--sort", "abs"]).done().stdout.contains("No function changed: 1 more row"));
    let alone = diff(&[&small], &["--focus", "nowhere"]).done().stdout;
    assert!(alone.contains("Nothing to show: no samples.") && !alone.contains("grew"), "{alone}");
}

#[test]
fn errors_name_the_file_behind_a_label() {
    let good = fixture("timers/heap1.pb.gz");
    let files = Files::new();
    let (missing, bad) = (files.path("missing.pb"), files.write("bad.pb", b"this is no profile"));
    run(&[&format!("monday={missing}"), &good]).failed(&["monday", &missing, "no such file"]);
    run(&[&format!("monday={bad}"), &good]).failed(&["monday", &bad, "this is text"]);
    run(&[&missing, &good]).failed(&[&format!("error: {missing}: no such file")]);
}

#[test]
fn an_output_destroys_no_input_and_no_other_output() {
    let files = Files::new();
    let profile = Profile::new().stack("main.a", [1, 1 << 20, 1, 1 << 20]).encode();
    let (old, new) = (files.write("old.json", &profile), files.write("new.json", &profile));
    run(&[&old, &new, "-o", &new]).failed(&["is an input", "new.json"]);
    run(&["check", &old, &new, "--max-growth", "0", "-o", &old]).failed(&["is an input", "old.json"]);
    assert_eq!(std::fs::read(&old).expect("a file"), profile);
    assert_eq!(std::fs::read(&new).expect("a file"), profile);
    let (twice, other) = (files.path("twice"), files.path("other.json"));
    let (junit, sarif) = (format!("junit={twice}"), format!("sarif={twice}"));
    run(&["check", &old, &new, "--max-growth", "0", "-o", &junit, "-o", &sarif]).failed(&["written twice"]);
    run(&["check", &old, &new, "--max-growth", "0", "-o", &other, "--update-baseline", &other])
        .failed(&["written twice"]);
    run(&["check", &old, &new, "--max-growth", "0", "-o", "junit=/dev/null", "-o", "sarif=/dev/null"]).done();
}

#[test]
fn long_paths_and_large_numbers_fit() {
    let files = Files::new();
    let deep = "a-directory-as-build-servers-make-them/".repeat(4);
    std::fs::create_dir_all(files.path(&deep)).expect("directories");
    let older = Profile::new().time(1_000_000_000).stack("main.a", [1, 1 << 38, 1, 1 << 38]);
    let newer = Profile::new().time(9_000_000_000).stack("main.a", [2, 1 << 40, 2, 1 << 40]);
    let older = files.write(&format!("{deep}/older.pb"), older.encode());
    let newer = files.write(&format!("{deep}/newer.pb"), newer.encode());
    for width in 60..140 {
        for unit in ["auto", "B"] {
            for inputs in [[&*newer, &*older], [&*older, &*newer]] {
                let args = [&inputs[..], &["--unit", unit, "--sort", "abs"]].concat();
                let outcome = run_with(&[], Some(width), Some(false), &args).done();
                for line in outcome.stdout.lines() {
                    assert!(line.width() <= width, "{width} columns: {line}");
                }
            }
        }
    }
}

#[test]
fn json_moves_no_cursor() {
    let name = "main.a\u{9b}31m\u{7f}\u{202e}";
    let outcome = diff(&[&Profile::bare().types(SPACE).stack(name, [1])], &["-f", "json"]).done();
    assert!(!outcome.stdout.chars().any(|c| c != '\n' && (c.is_control() || c == '\u{202e}')));
    assert_eq!(names(&outcome.json()), [name]);
}

#[test]
fn markdown_says_what_the_table_says() {
    let (before, after) = (Profile::bare().types(SPACE), Profile::bare().types(SPACE));
    let after = after.stack("main.leaf;main.caller", [4096]);
    let cum = diff(&[&before, &after], &["--sort", "cum", "-f", "markdown"]).done().stdout;
    assert!(
        cum.contains("| cum growth |") && cum.contains("| +4.0 KiB | new | 0 | 4.0 KiB | <code>main.caller"),
        "{cum}"
    );
    let alone = diff(&[&after], &["-f", "markdown"]).done().stdout;
    assert!(alone.contains("| flat | % | cum |") && alone.contains("| 4.0 KiB | 100% | 4.0 KiB |"), "{alone}");
    assert!(!alone.contains("new") && !alone.contains('+'), "{alone}");
}

#[test]
fn markdown_keeps_backslashes() {
    let profile = Profile::bare().types(SPACE).stack("main.a\u{1b}b\\c", [1]);
    let text = diff(&[&profile], &["-f", "markdown"]).done().stdout;
    assert!(text.contains("<code>main.a&#92;u{1b}b&#92;c</code>"), "{text}");
}

#[test]
fn show_leaves_out_addresses_without_names() {
    let profile = Profile::bare().types(SPACE).mapping("/lib/libfoo.so", "", 0x1000..0x9000);
    let profile = profile.stack("0x2000;main.z", [8]).stack("0x3000", [16]);
    let report = diff_json(&[&profile], &["--show", "libfoo", "--exact-names"]);
    assert_eq!(names(&report), ["main.z"]);
    assert_eq!(delta(&report, "main.z"), 8);
}

#[test]
fn dropped_frames_match_no_filter() {
    let profile = Profile::bare().types(SPACE).drop_frames("malloc").stack("x|malloc|user;main", [8]);
    assert_eq!(names(&diff_json(&[&profile], &["--focus", "malloc"])), Vec::<&str>::new());
    assert_eq!(delta(&diff_json(&[&profile], &["--ignore", "malloc"]), "user"), 8);
}

#[test]
fn a_label_filter_without_a_key_may_begin_with_the_sign() {
    let profile = Profile::bare().types(SPACE).stack("main.a", [8]).label("tenant", "acme").stack("main.b", [9]);
    assert_eq!(names(&diff_json(&[&profile], &["--tagfocus", "=acme"])), ["main.a"]);
}

#[test]
fn functions_without_a_name_are_called_unknown() {
    let profile = Profile::bare().types(SPACE).stack("@a.go:1;main.a", [8]).stack("@b.go:1;main.a", [1]);
    assert_eq!(delta(&diff_json(&[&profile], &["--exact-names"]), "<unknown>"), 9);
}

#[test]
fn the_limit_counts_what_samples_take_in_memory() {
    let stack = vec!["main.a"; 100_000].join(";");
    let bytes = gzip(&Profile::bare().types(SPACE).stack(&stack, [8]).encode());
    let files = Files::new();
    let deep = files.write("deep.pb.gz", bytes);
    run(&[&deep, "--max-inflated", "512KiB"]).failed(&["limit"]);
    run(&[&deep]).done();
}

#[test]
fn a_unit_that_the_metric_does_not_convert_to_is_an_error() {
    let pair = [fixture("timers/heap1.pb.gz"), fixture("timers/heap3.pb.gz")];
    run(&[&pair[0], &pair[1], "--unit", "ms"]).failed(&["--unit", "inuse_space is in bytes"]);
    run(&[&pair[0], &pair[1], "--unit", "KiB"]).done();
}

/// The sequence of Thue and Morse and its mirror image, 1,024 frames long or more, have one hash where it is a polynomial
/// modulo 2^64, whatever the base is.
#[test]
fn stacks_made_to_have_one_hash_are_two_stacks() {
    let stack = |mirror: u32| -> String {
        let name = |index: u32| if index.count_ones() % 2 == mirror { "main.a" } else { "main.b" };
        (0..2048).map(name).collect::<Vec<_>>().join(";")
    };
    let heap = |one: i64, other: i64| Profile::bare().types(SPACE).stack(&stack(0), [one]).stack(&stack(1), [other]);
    let report = diff_json(&[&heap(10, 10), &heap(15, 30)], &[]);
    assert_eq!((delta(&report, "main.a"), delta(&report, "main.b")), (5, 20));
    let report = diff_json(&[&heap(10, 10), &heap(15, 30)], &["--by", "stack", "-n", "0"]);
    let deltas: Vec<i64> =
        report["rows"].as_array().expect("rows").iter().filter_map(|row| row["flat"]["delta"].as_i64()).collect();
    assert_eq!(deltas, [20, 5]);
}

#[test]
fn a_time_before_1970_is_no_time() {
    let heap = |time: i64, bytes: i64| Profile::bare().types(SPACE).time(time).stack("main.a", [bytes]);
    let earliest = 946_684_800_000_000_000;
    for (time, is_used) in [(earliest, true), (earliest - 1, false)] {
        let report = diff_json(&[&heap(time, 8), &heap(1_700_000_000_000_000_000, 9)], &[]);
        assert_eq!(report["inputs"][0]["time_nanos"].is_null(), !is_used, "{time}");
    }
    for time in [i64::MIN, -1_700_000_000_000_000_000, -1] {
        let report = diff_json(&[&heap(time, 8), &heap(1_700_000_000_000_000_000, 9)], &[]);
        let codes = report["warnings"].to_string();
        assert!(codes.contains("implausible-time") && !codes.contains("reversed-order"), "{time}: {codes}");
        assert_eq!(report["inputs"][0]["time_nanos"], serde_json::Value::Null, "{time}");
        assert_eq!(report["rate"], serde_json::Value::Null, "{time}");
    }
}

#[test]
fn a_word_is_text_and_fewer_letters_are_none() {
    let files = Files::new();
    run(&[&files.write("word", "no heap\n")]).failed(&["this is text"]);
    run(&[&files.write("letters", "no hea\n")]).failed(&["not a pprof profile"]);
}
