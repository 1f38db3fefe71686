//! Profiles of other kinds than Go's heap: they compare with their own kind, and with others only what is common.

use crate::support::{Profile, diff, diff_json, fixture, run};

fn cpu() -> Profile {
    Profile::bare()
        .types(&[("samples", "count"), ("cpu", "nanoseconds")])
        .period("cpu", "nanoseconds", 10_000_000)
        .duration(5_000_000_000)
        .stack("math.Sin;main.main", [3, 30_000_000])
}

fn heap() -> Profile {
    Profile::new().stack("store.Put;main.main", [1, 64, 1, 64])
}

#[test]
fn a_cpu_profile_against_its_own_kind() {
    let report = diff_json(&[&cpu(), &cpu().stack("math.Cos;main.main", [1, 10_000_000])], &[]);
    assert_eq!(report["metric"]["name"], "cpu");
    assert_eq!(report["metric"]["unit"], "nanoseconds");
    assert_eq!(report["rows"][0]["name"], "math.Cos");
    assert_eq!(report["total"]["delta"], 10_000_000);
    let alone = diff(&[&cpu(), &cpu()], &[]).done();
    assert!(alone.stdout.contains("30.0 ms"), "{}", alone.stdout);
}

#[test]
fn a_cpu_profile_against_a_heap() {
    let words = ["no metric in common", "0.pb has samples, cpu", "1.pb has alloc_objects"];
    diff(&[&cpu(), &heap()], &[]).failed(&words);
    diff(&[&heap(), &cpu()], &[]).failed(&["no metric in common"]);
}

#[test]
fn goroutines_against_a_heap() {
    let (goroutines, heap) = (fixture("timers/goroutine1.pb.gz"), fixture("timers/heap1.pb.gz"));
    let words = ["no metric in common", "goroutine1.pb.gz has goroutine", "heap1.pb.gz has alloc_objects"];
    run(&[&goroutines, &heap]).failed(&words);
    run(&[&goroutines, &fixture("timers/goroutine3.pb.gz")]).done();
}

#[test]
fn one_of_a_series_of_another_kind() {
    let heap = |number: u32| fixture(&format!("timers/heap{number}.pb.gz"));
    let outcome = run(&[&heap(1), &fixture("timers/goroutine2.pb.gz"), &heap(3)]).done();
    assert!(outcome.stdout.contains("warning[passed-over]") && outcome.stdout.contains("goroutine2"), "{outcome:?}");
}

#[test]
fn units_of_one_family_convert_and_others_do_not() {
    let of = |unit: &str, value: i64| Profile::bare().types(&[("inuse_space", unit)]).stack("a.F", [value]);
    let report = diff_json(&[&of("bytes", 1024), &of("kilobytes", 3)], &[]);
    assert_eq!(report["total"]["delta"], 2048);
    assert_eq!(report["metric"]["unit"], "bytes");
    let words = ["inuse_space", "seconds", "does not convert", "bytes"];
    diff(&[&of("seconds", 1), &of("bytes", 1)], &[]).failed(&words);
}

#[test]
fn names_of_other_producers_are_compared() {
    let tcmalloc = Profile::bare().types(&[("objects", "count"), ("space", "bytes")]).stack("a.F;main.main", [2, 128]);
    let report = diff_json(&[&tcmalloc, &heap().stack("a.F;main.main", [1, 640, 1, 640])], &["-n", "0"]);
    assert_eq!(report["total"]["delta"], 64 + 640 - 128);
    assert_eq!(report["total_objects"]["delta"], 0);
}
