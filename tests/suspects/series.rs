//! Series: what goes on, and what does not.

use crate::built::{BLOCK, churning, named, one, suspects};
use crate::support::{Profile, diff_json};

/// A series of snapshots of one stack, ten minutes apart.
fn series(blocks: &[i64]) -> usize {
    let snapshots: Vec<Profile> = blocks
        .iter()
        .enumerate()
        .map(|(at, blocks)| {
            // One process, which has allocated ever more.
            churning(&[("a.com/b.F;main.main", 40 * (1 + at as i64), *blocks)])
                .time(1_700_000_000_000_000_000 + at as i64 * 600_000_000_000)
        })
        .collect();
    suspects(&snapshots.iter().collect::<Vec<_>>(), &[]).len()
}

/// The requests of a service end in the middle of the series, and with them what it leaks.
#[test]
fn a_leak_does_not_stop_because_the_work_does() {
    let verdict = |work: [i64; 6]| {
        let heap = |(kept, served): (i64, i64)| {
            churning(&[("a.com/b.Leak;main.main", kept, kept), ("a.com/b.Serve;main.main", served, 1)])
        };
        let profiles = in_time([1, 20, 40, 60, 60, 60].into_iter().zip(work).map(heap).collect());
        let report = diff_json(&profiles.iter().collect::<Vec<_>>(), &[]);
        let all = ["suspects", "set_aside"].map(|key| report[key].as_array().expect("an array").clone()).concat();
        (all[0]["trend"]["verdict"].clone(), all[0]["reason"].clone())
    };
    assert_eq!(verdict([100, 2000, 4000, 6000, 6001, 6002]).0, "undecided", "as long as it works it grows");
    assert_eq!(verdict([100, 2000, 4000, 6000, 8000, 10_000]).1, "stopped", "it works and does not grow");
}

#[test]
fn a_step_at_the_very_end_may_be_a_beginning() {
    let heap = |(at, blocks): (usize, i64)| churning(&[("a.com/b.F;main.main", 40 * (1 + at as i64), blocks)]);
    let profiles = in_time([1, 1, 1, 1, 1, 30].into_iter().enumerate().map(heap).collect());
    let found = suspects(&profiles.iter().collect::<Vec<_>>(), &[]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((&found[0]["trend"]["verdict"], &found[0]["confidence"]), (&"undecided".into(), &"low".into()));
}

/// The codes of the suspects of a series, ten minutes apart.
fn of_series(snapshots: Vec<Profile>) -> Vec<(String, String, i64)> {
    named(&in_time(snapshots).iter().collect::<Vec<_>>(), &[])
}

/// Snapshots ten minutes apart.
fn in_time(snapshots: Vec<Profile>) -> Vec<Profile> {
    let at =
        |(number, profile): (usize, Profile)| profile.time(1_700_000_000_000_000_000 + number as i64 * 600_000_000_000);
    snapshots.into_iter().enumerate().map(at).collect()
}

#[test]
fn a_buffer_that_grows_through_sizes_goes_on_growing() {
    // It doubles twice: the size in the middle has come and gone.
    let buffer = |number: u32| {
        let stack = "bytes.growSlice;bytes.(*Buffer).grow;a.com/b.(*Ring).Write;main.main";
        (0..=number).fold(Profile::new().period("space", "bytes", 1), |profile, at| {
            let (size, used) = (BLOCK << at, i64::from(at == number));
            profile.stack(stack, [1, size, used, used * size]).bytes(size)
        })
    };
    let found = of_series((0..3).map(buffer).collect());
    assert_eq!(found, one("buffer-not-reset", "a.com/b.(*Ring).Write", 3));
}

#[test]
fn what_is_mostly_freed_again_is_undecided_until_samples_tell() {
    // A sample stands for half a MiB: 3 samples more may be chance.
    let batch = |allocated: i64, used: i64| {
        let values = [allocated, used].map(|samples| (samples as f64 / -(-64.0_f64 / 524_288.0).exp_m1()) as i64);
        let [allocated, used] = values;
        Profile::new().stack("a.com/b.Batch;main.main", [allocated, allocated * 64, used, used * 64]).bytes(64)
    };
    let (freed, kept) = ([(100, 10), (190, 13), (280, 40)], [(10, 10), (13, 13), (40, 40)]);
    let verdict = |levels: [(i64, i64); 3]| {
        let snapshots = levels.map(|(all, used)| batch(all, used));
        let profiles = in_time(snapshots.to_vec());
        let found = suspects(&profiles.iter().collect::<Vec<_>>(), &[]);
        found[0]["trend"]["verdict"].as_str().map(str::to_owned)
    };
    assert_eq!(verdict(freed).as_deref(), Some("undecided"));
    assert_eq!(verdict(kept).as_deref(), Some("growing"), "where all is kept it speeds up");
}

#[test]
fn a_leak_goes_on_and_a_cache_fills_up() {
    assert_eq!(series(&[1, 10]), 1, "two snapshots cannot tell");
    assert_eq!(series(&[1, 5, 10, 14, 19, 25]), 1, "steady");
    assert_eq!(series(&[1, 2, 4, 8, 16, 32]), 1, "ever faster");
    assert_eq!(series(&[1, 40, 78, 80, 80, 80]), 0, "a cache that filled up");
    assert_eq!(series(&[1, 20, 30, 32, 33, 34]), 0, "a cache that has nearly filled up");
    assert_eq!(series(&[1, 30, 2, 31, 3, 32]), 0, "work that goes up and down");
    assert_eq!(series(&[1, 5, 10, 14, 19, 19]), 1, "one pause");
}
