//! A series of snapshots: its ends are those of the pair, and its steps are the values of each snapshot alone.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::Value;

use crate::generate::{granularity, specs};
use crate::support::{Profile, diff_json};
use crate::{cases, number, rows};

/// Rows by name and fingerprint; those that look alike (addresses of two binaries) in a sorted list.
fn by_name<T: Ord>(report: &Value, read: impl Fn(&Value) -> T) -> BTreeMap<String, Vec<T>> {
    let mut named: BTreeMap<String, Vec<T>> = BTreeMap::new();
    for row in rows(report) {
        // Without file and line: they are the place of the largest change, which other inputs may move.
        named.entry(format!("{} {}", row["name"], row["fingerprint"])).or_default().push(read(row));
    }
    named.values_mut().for_each(|values| values.sort());
    named
}

fn changes(row: &Value) -> Vec<i64> {
    let quantities = ["flat", "cum", "objects"].into_iter();
    quantities.flat_map(|name| ["before", "after", "delta"].map(|end| number(&row[name][end]))).collect()
}

proptest! {
    #![proptest_config(cases(128))]

    #[test]
    fn the_ends_of_a_series_are_the_pair(specs in specs(3..6_usize), by in granularity()) {
        let profiles: Vec<Profile> = specs.iter().map(|spec| spec.profile()).collect();
        let series: Vec<&Profile> = profiles.iter().collect();
        let ends = [series[0], series[series.len() - 1]];
        let args = ["-n", "0", "--exact-names", "--by", by];
        let (series, ends) = (diff_json(&series, &args), diff_json(&ends, &args));
        prop_assert_eq!(&series["total"], &ends["total"]);
        prop_assert_eq!(&series["total_objects"], &ends["total_objects"]);
        let is_there = |changes: &Vec<i64>| changes[..6].iter().any(|value| *value != 0);
        let present = |report: &Value| {
            let mut named = by_name(report, changes);
            named.values_mut().for_each(|rows| rows.retain(is_there));
            named.retain(|_, rows| !rows.is_empty());
            named
        };
        prop_assert_eq!(present(&series), present(&ends));
    }

    #[test]
    fn the_steps_of_a_series_are_the_single_profiles(specs in specs(3..6_usize)) {
        let profiles: Vec<Profile> = specs.iter().map(|spec| spec.profile()).collect();
        let args = ["-n", "0", "--exact-names"];
        let series = diff_json(&profiles.iter().collect::<Vec<_>>(), &args);
        let nothing = vec![0];
        for (index, profile) in profiles.iter().enumerate() {
            let alone = by_name(&diff_json(&[profile], &args), |row| number(&row["flat"]["after"]));
            let steps = by_name(&series, |row| number(&row["steps"][index]));
            for (name, values) in &steps {
                prop_assert_eq!(values, alone.get(name).unwrap_or(&nothing), "{} in snapshot {}", name, index);
            }
            for name in alone.keys() {
                prop_assert!(steps.contains_key(name), "{} is missing", name);
            }
        }
        for row in rows(&series) {
            prop_assert_eq!(row["steps"].as_array().map(Vec::len), Some(profiles.len()));
            prop_assert_eq!(&row["steps"][0], &row["flat"]["before"]);
            prop_assert_eq!(&row["steps"][profiles.len() - 1], &row["flat"]["after"]);
        }
    }
}
