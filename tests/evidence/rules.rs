//! What evidence is said to be, case by case, as JSON has it.

use leakdiff::diff;
use leakdiff::load::{Input, Limits, load};
use leakdiff::stats::Span;
use serde_json::Value;

use crate::support::{self, Profile};

const RATE: f64 = 524_288.0;

/// The values of a sample as Go writes them, for `inuse` and `alloc` raw samples of blocks of `size` bytes.
fn values(size: i64, alloc: i64, inuse: i64) -> [i64; 4] {
    let scaled = |samples: i64| {
        let blocks = samples as f64 / (1.0 - (-(size as f64) / RATE).exp());
        [blocks as i64, (blocks * size as f64) as i64]
    };
    let ([alloc_objects, alloc_space], [objects, space]) = (scaled(alloc), scaled(inuse));
    [alloc_objects, alloc_space, objects, space]
}

/// A snapshot of one process, later ones with a larger number.
fn snapshot(number: i64) -> Profile {
    Profile::new().build_id("b1").time(1_700_000_000_000_000_000 + number * 600_000_000_000)
}

fn with(profile: Profile, name: &str, size: i64, alloc: i64, inuse: i64) -> Profile {
    profile.stack(&format!("{name};main.main"), values(size, alloc, inuse)).bytes(size)
}

fn verdict<'a>(report: &'a Value, name: &str) -> &'a str {
    support::row(report, name)["evidence"]["verdict"].as_str().unwrap_or("unknown")
}

fn basis(report: &Value) -> &str {
    report["sampling"]["basis"].as_str().expect("a basis")
}

#[test]
fn five_new_samples_are_a_sign_and_two_are_none() {
    let before = with(snapshot(0), "main.old", 4096, 50, 50);
    let after = with(with(with(snapshot(1), "main.old", 4096, 50, 50), "main.five", 64, 5, 5), "main.two", 64, 2, 2);
    let report = support::diff_json(&[&before, &after], &[]);
    assert_eq!(basis(&report), "same-process");
    assert_eq!(verdict(&report, "main.five"), "likely");
    assert_eq!(verdict(&report, "main.two"), "noise");
    let many = with(before.clone(), "main.many", 64, 0, 0);
    let report = support::diff_json(&[&many, &with(after, "main.many", 64, 30, 30)], &[]);
    assert_eq!(verdict(&report, "main.many"), "certain");
}

#[test]
fn a_block_too_large_to_be_missed_is_certain_and_exact() {
    let report =
        support::diff_json(&[&snapshot(0), &with(snapshot(1), "main.huge", 64 << 20, 1, 1)], &["--same-process"]);
    let evidence = &support::row(&report, "main.huge")["evidence"];
    assert_eq!(evidence["verdict"], "certain");
    assert_eq!((&evidence["low"], &evidence["high"]), (&Value::from(64 << 20), &Value::from(64 << 20)));
    assert_eq!(evidence["z"], Value::Null);
}

#[test]
fn blocks_that_are_all_but_always_sampled_are_certain_whatever_their_size() {
    for megabytes in [8, 12, 16, 20, 24, 64] {
        let size = megabytes << 20;
        let (before, after) = (with(snapshot(0), "main.f", size, 1, 1), with(snapshot(1), "main.f", size, 9, 9));
        for regime in ["--same-process", "--independent"] {
            let report = support::diff_json(&[&before, &after], &[regime]);
            assert_eq!(verdict(&report, "main.f"), "certain", "{megabytes} MiB, {regime}: {report}");
        }
    }
}

#[test]
fn a_large_block_in_place_of_a_small_one_is_no_noise() {
    let one = |profile: Profile, size: i64, inuse: i64| with(profile, "bytes.growSlice", size, 1, inuse);
    let before = one(snapshot(0), 1_212_696, 1);
    let after = one(one(snapshot(1), 1_212_696, 0), 32 << 20, 1);
    let report = support::diff_json(&[&before, &after], &[]);
    assert_eq!(verdict(&report, "bytes.growSlice"), "certain", "{report}");
}

#[test]
fn what_stayed_in_one_process_cancels_out_and_in_two_it_does_not() {
    let before = with(snapshot(0), "main.f", 4096, 400, 400);
    let after = with(snapshot(1), "main.f", 4096, 420, 420);
    assert_eq!(verdict(&support::diff_json(&[&before, &after], &[]), "main.f"), "certain");
    let report = support::diff_json(&[&before, &after], &["--independent"]);
    assert_eq!((basis(&report), verdict(&report, "main.f")), ("independent", "noise"));
    assert_eq!(report["sampling"]["decided_by"], "user");
}

#[test]
fn churn_widens_the_error_in_one_process() {
    let before = with(snapshot(0), "main.f", 4096, 100, 100);
    let kept = support::diff_json(&[&before, &with(snapshot(1), "main.f", 4096, 112, 112)], &[]);
    let churned = support::diff_json(&[&before, &with(snapshot(1), "main.f", 4096, 900, 112)], &[]);
    assert_eq!(verdict(&kept, "main.f"), "certain");
    assert_eq!(verdict(&churned, "main.f"), "noise");
}

#[test]
fn two_processes_are_recognised() {
    let one = with(with(snapshot(0), "main.f", 4096, 50, 50), "main.g", 4096, 20, 10);
    // The same build, later, with lower counters: started again.
    let restarted = with(with(snapshot(1), "main.f", 4096, 60, 60), "main.g", 4096, 12, 12);
    let rebuilt = with(Profile::new().build_id("b2").time(1_800_000_000_000_000_000), "main.f", 4096, 50, 50);
    let elsewhere = Profile::new().mapping("/srv/app", "b1", 0x55_0000..0x95_0000).time(1_800_000_000_000_000_000);
    let elsewhere = with(with(elsewhere, "main.f", 4096, 50, 50), "main.g", 4096, 20, 10);
    let gone = with(snapshot(1), "main.f", 4096, 60, 60);
    let fallen = with(with(snapshot(1), "main.f", 4096, 40, 40), "main.g", 4096, 15, 10);
    let risen_before = with(with(snapshot(-1), "main.f", 4096, 60, 60), "main.g", 4096, 25, 10);
    for other in [&restarted, &rebuilt, &elsewhere, &gone, &fallen, &risen_before] {
        assert_eq!(basis(&support::diff_json(&[&one, other], &[])), "independent");
    }
}

#[test]
fn a_filter_does_not_hide_that_the_process_was_restarted() {
    let before = with(with(snapshot(0), "main.f", 4096, 50, 50), "main.g", 4096, 20, 10);
    let after = with(with(snapshot(1), "main.f", 4096, 60, 60), "main.g", 4096, 12, 12);
    let report = support::diff_json(&[&before, &after], &["--focus", "main.f"]);
    assert_eq!(basis(&report), "independent");
    assert!(report["warnings"].as_array().expect("warnings").iter().any(|warning| warning["code"] == "restart"));
}

#[test]
fn one_process_is_recognised_backwards_and_its_evidence_mirrored() {
    let before = with(snapshot(0), "main.f", 4096, 50, 50);
    let after = with(snapshot(1), "main.f", 4096, 80, 77);
    let (forth, back) = (
        support::diff_json(&[&before, &after], &["--sort", "abs"]),
        support::diff_json(&[&after, &before], &["--sort", "abs"]),
    );
    assert_eq!((basis(&forth), basis(&back)), ("same-process", "same-process"));
    let of = |report: &Value, key: &str| support::row(report, "main.f")["evidence"][key].as_f64().expect("a number");
    assert_eq!(of(&forth, "low"), -of(&back, "high"));
    assert_eq!(of(&forth, "high"), -of(&back, "low"));
    assert_eq!(of(&forth, "z"), -of(&back, "z"));
}

#[test]
fn counts_are_exact() {
    let goroutines = |count| {
        let profile = Profile::bare().types(&[("goroutine", "count")]).period("goroutine", "count", 1);
        profile.stack("main.f;main.main", [count])
    };
    let report = support::diff_json(&[&goroutines(3), &goroutines(4)], &[]);
    assert_eq!((basis(&report), verdict(&report, "main.f")), ("exact", "exact"));
    assert_eq!(support::row(&report, "main.f")["evidence"]["z"], Value::Null);
    // A heap profile of every allocation.
    let every = |objects: i64| {
        Profile::new()
            .period("space", "bytes", 1)
            .stack("main.f;main.main", [objects, objects * 8, objects, objects * 8])
            .bytes(8)
    };
    assert_eq!(verdict(&support::diff_json(&[&every(10), &every(11)], &[]), "main.f"), "exact");
}

#[test]
fn where_the_files_do_not_tell_there_is_no_number() {
    let unknown = |report: &Value, words: &str| {
        assert_eq!(basis(report), "unknown");
        assert!(report["sampling"]["reason"].as_str().is_some_and(|reason| reason.contains(words)), "{report}");
        assert_eq!(report["total_evidence"], Value::Null);
        assert!(report["rows"].as_array().expect("rows").iter().all(|row| row["evidence"].is_null()));
    };
    let heap = |number, samples| with(snapshot(number), "main.f", 4096, samples, samples);
    unknown(&support::diff_json(&[&heap(0, 10).without_period(), &heap(1, 30).without_period()], &[]), "period");
    // One column, and no size of blocks: as rust-jemalloc-pprof writes it, with a period.
    let bare = |bytes| {
        let profile = Profile::bare().types(&[("inuse_space", "bytes")]).period("space", "bytes", 524_288);
        profile.stack("main.f;main.main", [bytes])
    };
    unknown(&support::diff_json(&[&bare(1 << 20), &bare(9 << 20)], &[]), "blocks");
    let rescaled = |number, bytes: i64| {
        snapshot(number).stack("main.f;main.main", [bytes / 4096, bytes, bytes / 4096, bytes]).bytes(4096)
    };
    unknown(&support::diff_json(&[&rescaled(0, 1_000_000), &rescaled(1, 9_000_000)], &[]), "whole numbers");
    let delay = |nanos| {
        let profile = Profile::bare().types(&[("contentions", "count"), ("delay", "nanoseconds")]);
        profile.period("contentions", "count", 1).stack("main.f;main.main", [1, nanos])
    };
    unknown(&support::diff_json(&[&delay(5), &delay(50)], &[]), "sampled in time");
}

#[test]
fn block_sizes_follow_from_objects_where_no_label_states_them() {
    // As tcmalloc writes it: objects and space, no label.
    let heap = |samples: i64| {
        let [.., objects, space] = values(1024, samples, samples);
        let profile =
            Profile::bare().types(&[("objects", "count"), ("space", "bytes")]).period("space", "bytes", 524_288);
        profile.stack("main.f;main.main", [objects, space])
    };
    let report = support::diff_json(&[&heap(10), &heap(80)], &[]);
    assert_eq!((basis(&report), verdict(&report, "main.f")), ("independent", "certain"));
    let objects = support::diff_json(&[&heap(10), &heap(80)], &["--sample-index", "objects"]);
    assert_eq!(verdict(&objects, "main.f"), "certain");
    assert_eq!(verdict(&support::diff_json(&[&heap(40), &heap(43)], &[]), "main.f"), "noise");
}

#[test]
fn bytes_of_no_objects_and_objects_of_no_bytes_have_no_block_size() {
    let heap = |objects: i64, space: i64| {
        let profile =
            Profile::bare().types(&[("objects", "count"), ("space", "bytes")]).period("space", "bytes", 524_288);
        profile.stack("main.f;main.main", [512, 524_288]).stack("main.g;main.main", [objects, space])
    };
    let basis_of = |objects: i64, space: i64| {
        basis(&support::diff_json(&[&heap(512, 524_288), &heap(objects, space)], &[])).to_owned()
    };
    assert_eq!([basis_of(0, 0), basis_of(0, 524_288), basis_of(512, 0)], ["independent", "unknown", "unknown"]);
}

#[test]
fn text_of_tcmalloc_and_jemalloc_carries_what_evidence_needs() {
    for (before, after) in [
        ("fixtures/native/sampled1.heap", "fixtures/native/sampled2.heap"),
        ("fixtures/native/jemalloc1.heap", "fixtures/native/jemalloc2.heap"),
    ] {
        let report = support::json(&[before, after]);
        assert_eq!(basis(&report), "independent", "{before}");
        assert_eq!(report["total_evidence"]["verdict"], "certain", "{before}");
    }
    let exact = support::json(&["fixtures/native/exact1.heap", "fixtures/native/exact2.heap"]);
    assert_eq!(basis(&exact), "exact");
}

#[test]
fn different_rates_are_compared_with_the_error_of_each() {
    let heap = |number, period: i64, samples: i64| {
        let blocks = samples as f64 / (1.0 - (-(4096.0) / period as f64).exp());
        let values = [blocks as i64, (blocks * 4096.0) as i64, blocks as i64, (blocks * 4096.0) as i64];
        snapshot(number).period("space", "bytes", period).stack("main.f;main.main", values).bytes(4096)
    };
    let report = support::diff_json(&[&heap(0, 524_288, 40), &heap(1, 65_536, 330)], &[]);
    assert_eq!((basis(&report), verdict(&report, "main.f")), ("independent", "noise"));
    let report = support::diff_json(&[&heap(0, 524_288, 40), &heap(1, 65_536, 800)], &[]);
    assert_eq!(verdict(&report, "main.f"), "certain");
}

#[test]
fn noise_ranks_below_what_is_real_unless_all_are_asked_for() {
    let before = with(with(snapshot(0), "main.noisy", 4096, 600, 100), "main.leaks", 4096, 0, 0);
    let after = with(with(snapshot(1), "main.noisy", 4096, 900, 118), "main.leaks", 4096, 9, 9);
    let names = |args: &[&str]| -> Vec<String> {
        let report = support::diff_json(&[&before, &after], args);
        let rows = report["rows"].as_array().expect("rows").iter();
        rows.map(|row| row["name"].as_str().expect("a name").to_owned()).collect()
    };
    assert_eq!(names(&[]), ["main.leaks", "main.noisy"]);
    assert_eq!(names(&["--all"]), ["main.noisy", "main.leaks"]);
    assert_eq!(names(&["-n", "1"]), ["main.leaks"]);
    assert_eq!(names(&["--sort", "flat"])[0], "main.noisy");
}

#[test]
fn what_shrank_for_certain_does_not_rank_above_growth_that_may_be_noise() {
    let before = with(with(snapshot(0), "main.shrank", 4096, 900, 900), "main.noisy", 4096, 600, 100);
    let after = with(with(snapshot(1), "main.shrank", 4096, 900, 100), "main.noisy", 4096, 900, 118);
    for top in ["0", "1"] {
        let report = support::diff_json(&[&before, &after], &["-n", top]);
        assert_eq!(report["rows"][0]["name"], "main.noisy", "-n {top}");
    }
    let report = support::diff_json(&[&before, &after], &["-n", "0"]);
    assert_eq!((verdict(&report, "main.noisy"), verdict(&report, "main.shrank")), ("noise", "certain"));
}

#[test]
fn callers_have_the_evidence_of_what_is_below_them() {
    let before = with(with(snapshot(0), "main.f;main.a", 4096, 10, 10), "main.f;main.b", 4096, 10, 10);
    let after = with(with(snapshot(1), "main.f;main.a", 4096, 13, 13), "main.f;main.b", 4096, 13, 13);
    let report = support::diff_json(&[&before, &after], &["--sort", "cum"]);
    assert_eq!(verdict(&report, "main.f"), "likely");
    assert_eq!(verdict(&report, "main.a"), "noise");
    let flat = support::diff_json(&[&before, &after], &["-n", "0"]);
    assert_eq!(verdict(&flat, "main.f"), verdict(&report, "main.f"));
}

#[test]
fn the_table_says_what_is_noise_and_how_it_knows() {
    let before = with(with(snapshot(0), "main.noisy", 4096, 600, 100), "main.leaks", 4096, 0, 0);
    let after = with(with(snapshot(1), "main.noisy", 4096, 900, 118), "main.leaks", 4096, 9, 9);
    let text = support::diff(&[&before, &after], &["--columns", "100"]).done().stdout;
    for words in ["same process, 1 sample per 512 KiB", "1.7…8.6", "~ +", " 100% ", " 6% "] {
        assert!(text.contains(words), "{words}: {text}");
    }
    let text = support::diff(&[&before, &after], &["--independent"]).done().stdout;
    assert!(text.contains("separate runs (as told)"), "{text}");
    assert!(!text.contains("KEPT"), "{text}");
}

#[test]
fn z_is_the_change_over_its_standard_error() {
    let (before, after) = (with(snapshot(0), "main.f", 4096, 100, 100), with(snapshot(1), "main.f", 4096, 121, 121));
    let z = |args: &[&str]| {
        let report = support::diff_json(&[&before, &after], args);
        support::row(&report, "main.f")["evidence"]["z"].as_f64().expect("a number")
    };
    // 21 samples more; a block is missed with the probability exp(-4096 / 524288), the square root of which is 0.9961.
    assert!((z(&["--independent"]) - 21.0 / 221.0_f64.sqrt() / 0.9961).abs() < 0.001);
    assert!((z(&["--same-process"]) - 21.0_f64.sqrt() / 0.9961).abs() < 0.001);
}

#[test]
fn what_only_went_has_an_error_as_what_only_came() {
    let (before, after) = (with(snapshot(0), "main.f", 4096, 121, 121), with(snapshot(1), "main.f", 4096, 121, 100));
    let evidence = &support::diff_json(&[&before, &after], &["-n", "0"])["rows"][0]["evidence"];
    let z = evidence["z"].as_f64().expect("a number");
    assert!((z + 21.0_f64.sqrt() / 0.9961).abs() < 0.001, "{evidence}");
}

#[test]
fn one_column_with_labels_is_enough() {
    for (name, unit, column) in [("inuse_space", "bytes", 3), ("inuse_objects", "count", 2)] {
        let heap = |samples: i64| {
            let value = values(4096, samples, samples)[column];
            let profile = Profile::bare().types(&[(name, unit)]).period("space", "bytes", 524_288);
            profile.stack("main.f;main.main", [value]).bytes(4096)
        };
        let report = support::diff_json(&[&heap(10), &heap(80)], &[]);
        assert_eq!((basis(&report), verdict(&report, "main.f")), ("independent", "certain"), "{name}");
    }
}

#[test]
fn one_profile_is_compared_with_nothing() {
    let span = |count: i64| {
        let input = |number: i64| {
            let bytes = with(snapshot(number), "main.f", 4096, 100, 100).encode();
            Input::new(format!("{number}"), std::io::Cursor::new(bytes))
        };
        let loaded = load((0..count).map(input).collect(), Limits::default()).expect("profiles");
        Span::whole(&diff::diff(loaded, &diff::Options::default()).expect("profiles that compare"))
    };
    assert_eq!([1, 2, 3].map(span), [(None, 0), (Some(0), 1), (Some(0), 2)].map(|(from, to)| Span { from, to }));
    let report = support::diff_json(&[&with(snapshot(0), "main.f", 4096, 900, 100)], &[]);
    assert_eq!(basis(&report), "independent");
    assert_eq!(report["total_evidence"], Value::Null);
}
