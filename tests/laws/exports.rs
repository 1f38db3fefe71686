//! What is written for other tools says the same as the profiles it was written from.

use std::collections::BTreeMap;

use proptest::prelude::*;

use crate::cases;
use crate::generate::pair;
use crate::support::{Files, Profile, diff_json, json, run};

/// Writes the difference of profiles as a pprof profile and returns its path.
fn exported(files: &Files, profiles: &[&Profile], metric: &str) -> String {
    let write = |(index, profile): (usize, &&Profile)| files.write(&format!("{index}.pb"), profile.encode());
    let inputs: Vec<String> = profiles.iter().enumerate().map(write).collect();
    let inputs: Vec<&str> = inputs.iter().map(String::as_str).collect();
    let out = files.path("out.pb.gz");
    run(&[&inputs[..], &["-o", &out, "--sample-index", metric]].concat()).done();
    out
}

/// Flat and cumulative value of each row that has one, by name, file and line.
fn rows(report: &serde_json::Value, field: &str) -> BTreeMap<String, (i64, i64)> {
    let rows = report["rows"].as_array().expect("rows");
    let number = |value: &serde_json::Value| value[field].as_i64().expect("an integer");
    let mut sums: BTreeMap<String, (i64, i64)> = BTreeMap::new();
    for row in rows {
        let sum = sums.entry(format!("{} {} {}", row["name"], row["file"], row["line"])).or_default();
        *sum = (sum.0 + number(&row["flat"]), sum.1 + number(&row["cum"]));
    }
    sums.retain(|_, sum| *sum != (0, 0));
    sums
}

proptest! {
    #![proptest_config(cases(96))]

    #[test]
    fn a_profile_written_and_read_again_is_the_same(
        (spec, _) in pair(), by in prop_oneof![Just("line"), Just("address"), Just("function")],
    ) {
        let files = Files::new();
        for metric in spec.metrics() {
            let profile = spec.profile();
            let out = exported(&files, &[&profile], metric);
            let args = ["-n", "0", "--exact-names", "--by", by, "--sample-index", metric];
            let (before, after) = (diff_json(&[&profile], &args), json(&[&[out.as_str()], &args[..]].concat()));
            prop_assert_eq!(rows(&before, "after"), rows(&after, "after"));
            for field in ["metric", "total"] {
                prop_assert_eq!(&before[field], &after[field]);
            }
            for field in ["time_nanos", "period", "build_id"] {
                prop_assert_eq!(&before["inputs"][0][field], &after["inputs"][0][field], "{}", field);
            }
            let default = json(&[&out]);
            let has_space = spec.metrics().iter().any(|name| name.ends_with("space"));
            prop_assert!(default["metric"]["name"] == metric || has_space);
        }
    }

    #[test]
    fn an_exported_difference_holds_the_growth_of_every_row((old, new) in pair()) {
        let files = Files::new();
        let (old, new) = (old.profile(), new.profile());
        for metric in ["0", "1"] {
            let Ok(index) = metric.parse::<usize>() else { continue };
            if index >= old.proto.sample_type.len() {
                continue;
            }
            let out = exported(&files, &[&old, &new], metric);
            let args = ["-n", "0", "--exact-names", "--by", "line", "--sample-index", metric];
            let (difference, read) = (diff_json(&[&old, &new], &args), json(&[&[out.as_str()], &args[..]].concat()));
            prop_assert_eq!(rows(&difference, "delta"), rows(&read, "after"));
            prop_assert_eq!(&difference["total"]["delta"], &read["total"]["after"]);
        }
    }

    #[test]
    fn writing_what_was_read_gives_the_same_bytes((old, new) in pair()) {
        let files = Files::new();
        let first = exported(&files, &[&old.profile(), &new.profile()], "0");
        let again = files.path("again.pb.gz");
        run(&[&first, "-o", &again, "--sample-index", "0"]).done();
        let third = files.path("third.pb.gz");
        run(&[&again, "-o", &third, "--sample-index", "0"]).done();
        prop_assert_eq!(std::fs::read(again).expect("a file"), std::fs::read(third).expect("a file"));
    }
}
