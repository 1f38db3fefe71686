//! How often each word is said of a known truth: the table of `docs/diagnosis.md`, printed with `--nocapture`.

use std::collections::BTreeMap;

use leakdiff::stats::Course;

use crate::world::{
    AFTER_WARM_UP, CACHE, Chance, DOUBLED, FASTER, FULL, LATE, SAW, SLOW_CACHE, STEADY, STEP, Truth, UNDER_TURNOVER,
    said, seen,
};

/// Series of each kind; `HISTORY_SERIES` asks for more.
const SERIES: usize = 400;
const SNAPSHOTS: [usize; 3] = [3, 6, 12];
/// 1, 4 and 16 MiB in samples of half a MiB.
const SAMPLES: [f64; 3] = [2.0, 8.0, 32.0];

/// How often a word is said, in per cent.
fn shares(truth: &Truth, snapshots: usize, samples: f64) -> BTreeMap<&'static str, f64> {
    let series = std::env::var("HISTORY_SERIES").ok().and_then(|text| text.parse().ok()).unwrap_or(SERIES);
    let seed = truth.name.bytes().fold(snapshots as u64, |seed, byte| seed.wrapping_mul(31) + u64::from(byte));
    let mut chance = Chance::new(seed + samples as u64);
    let mut counts = BTreeMap::new();
    for _ in 0..series {
        let word = match said(&seen(truth, snapshots, samples, &mut chance)) {
            Course::Growing => "growing",
            Course::Undecided => "undecided",
            Course::Stopped => "stopped",
            Course::Fluctuating => "fluctuating",
            Course::Flat | Course::Shrinking => "flat",
        };
        *counts.entry(word).or_insert(0.0) += 100.0 / series as f64;
    }
    counts
}

fn share(truth: &Truth, snapshots: usize, samples: f64, word: &str) -> f64 {
    shares(truth, snapshots, samples).get(word).copied().unwrap_or(0.0)
}

#[test]
fn the_table() {
    let truths = [STEADY, UNDER_TURNOVER, LATE, FASTER, AFTER_WARM_UP, SLOW_CACHE, CACHE, STEP, SAW, FULL, DOUBLED];
    println!(
        "| {:<24} | snapshots | {} |",
        "truth",
        SAMPLES.map(|samples| format!("{} MiB", samples / 2.0)).join(" | ")
    );
    for truth in &truths {
        for snapshots in SNAPSHOTS {
            let cells = SAMPLES.map(|samples| {
                let shares = shares(truth, snapshots, samples);
                let words = ["growing", "undecided", "stopped", "fluctuating", "flat"];
                let said = words.iter().filter_map(|word| {
                    let share = shares.get(word).filter(|share| **share >= 0.5)?;
                    Some(format!("{} {share:.0}", &word[..word.len().min(4)]))
                });
                said.collect::<Vec<_>>().join(" ")
            });
            println!("| {:<24} | {snapshots} | {} |", truth.name, cells.join(" | "));
        }
    }
}

/// With 16 MiB there are 32 samples: normal theory gives a standard error of `sqrt(12 / 32)` of the exponent, so that the
/// words are told apart in most series, and wrong in few.
#[test]
fn a_leak_goes_on() {
    for snapshots in [6, 12] {
        for truth in [&STEADY, &FASTER] {
            assert!(share(truth, snapshots, 32.0, "growing") >= 90.0, "{} of {snapshots}", truth.name);
        }
        // Nearly half of it came at the beginning, and tells nothing of the rest.
        assert!(share(&AFTER_WARM_UP, snapshots, 32.0, "growing") >= 50.0, "{snapshots}");
        assert!(share(&AFTER_WARM_UP, snapshots, 32.0, "stopped") <= 10.0, "{snapshots}");
        assert!(share(&UNDER_TURNOVER, snapshots, 32.0, "growing") >= 45.0, "{snapshots} with turnover");
    }
    for samples in SAMPLES {
        for snapshots in SNAPSHOTS {
            for truth in [&STEADY, &FASTER, &LATE, &UNDER_TURNOVER] {
                let stopped = share(truth, snapshots, samples, "stopped");
                assert!(stopped <= 3.0, "{} of {snapshots} snapshots and {samples} samples: {stopped} %", truth.name);
            }
        }
    }
}

#[test]
fn what_does_not_leak_is_not_said_to_grow() {
    for samples in SAMPLES {
        for snapshots in SNAPSHOTS {
            for (truth, most) in [(&CACHE, 5.0), (&STEP, 5.0), (&SAW, 5.0), (&FULL, 5.0), (&DOUBLED, 7.0)] {
                // Three moments of a saw-tooth may be those of a line.
                if truth.name == SAW.name && snapshots == 3 {
                    continue;
                }
                let growing = share(truth, snapshots, samples, "growing");
                assert!(growing <= most, "{} of {snapshots} snapshots and {samples} samples: {growing} %", truth.name);
            }
        }
    }
    for snapshots in [6, 12] {
        assert!(share(&STEP, snapshots, 32.0, "stopped") >= 80.0, "{snapshots}");
        assert!(share(&CACHE, snapshots, 32.0, "stopped") >= 50.0, "{snapshots}");
    }
}
