//! Conservation: rows and remainder add up to the total, whatever is asked; the total, flat and cumulative values are
//! those of a plain model that adds up the generated samples by name.

use std::collections::{BTreeMap, HashSet};

use proptest::prelude::*;
use serde_json::Value;

use crate::generate::{Spec, filter, granularity, pair, sort};
use crate::support::diff_json;
use crate::{cases, number, rows};

const ENDS: [&str; 3] = ["before", "after", "delta"];

/// The sum of one quantity over the rows: before, after and delta.
fn sum(report: &Value, quantity: &str) -> [i64; 3] {
    ENDS.map(|end| rows(report).iter().map(|row| number(&row[quantity][end])).sum())
}

fn total(report: &Value, field: &str) -> [i64; 3] {
    ENDS.map(|end| number(&report[field][end]))
}

proptest! {
    #![proptest_config(cases(192))]

    #[test]
    fn rows_and_remainder_add_up_to_the_total(
        (old, new) in pair(), by in granularity(), sort in sort(), filter in filter(), metric in 0..4_usize, drops: bool,
    ) {
        let metric = old.metrics()[metric % old.types.len()];
        let (old, mut new) = (old.profile(), new.profile());
        if drops {
            new = new.drop_frames(r"runtime\..*|store\.grow").keep_frames(r"runtime\.main");
        }
        let report = |top: &str| {
            let args = ["--by", by, "--sort", sort, "-n", top, "--sample-index", metric];
            diff_json(&[&old, &new], &[&args, filter].concat())
        };
        let all = report("0");
        prop_assert_eq!(sum(&all, "flat"), total(&all, "total"), "all rows");
        prop_assert_eq!(number(&all["remainder"]["rows"]), 0);
        for top in ["1", "3", "1000"] {
            let some = report(top);
            let shown = sum(&some, "flat");
            let rest = total(&some, "remainder");
            prop_assert_eq!([0, 1, 2].map(|end| shown[end] + rest[end]), total(&all, "total"), "-n {}", top);
            prop_assert_eq!(rows(&some).len() as i64 + number(&some["remainder"]["rows"]), rows(&all).len() as i64);
            prop_assert_eq!(rows(&some), &rows(&all)[..rows(&some).len()], "-n {} shows the first of all rows", top);
        }
        for row in rows(&all) {
            for quantity in ["flat", "cum", "objects"].map(|name| &row[name]).iter().filter(|value| !value.is_null()) {
                prop_assert_eq!(number(&quantity["after"]) - number(&quantity["before"]), number(&quantity["delta"]));
            }
        }
        if !all["total_objects"].is_null() {
            prop_assert_eq!(sum(&all, "objects"), total(&all, "total_objects"), "objects");
        }
    }

    #[test]
    fn flat_and_cum_are_those_of_a_plain_model((old, new) in pair(), metric in 0..4_usize) {
        let column = metric % old.types.len();
        let (before, after) = (model(&old, column), model(&new, column));
        let args = ["-n", "0", "--exact-names", "--sample-index", old.metrics()[column]];
        let report = diff_json(&[&old.profile(), &new.profile()], &args);
        for (quantity, pick) in [("flat", 0), ("cum", 1)] {
            for row in rows(&report) {
                let name = row["name"].as_str().expect("a name");
                let expected = |model: &Model| model.get(name).map_or(0, |sums| sums[pick]);
                prop_assert_eq!(number(&row[quantity]["before"]), expected(&before), "{} {} before", name, quantity);
                prop_assert_eq!(number(&row[quantity]["after"]), expected(&after), "{} {} after", name, quantity);
            }
        }
        let shown: HashSet<&str> = rows(&report).iter().filter_map(|row| row["name"].as_str()).collect();
        for (name, _) in before.iter().chain(&after).filter(|(_, sums)| **sums != [0, 0]) {
            prop_assert!(shown.contains(name), "{} has no row", name);
        }
    }

    #[test]
    fn nothing_grew_between_a_profile_and_itself((only, _) in pair(), by in granularity(), filter in filter()) {
        let profile = only.profile();
        let all = diff_json(&[&profile, &profile], &[&["-n", "0", "--by", by], filter].concat());
        prop_assert_eq!(number(&all["total"]["delta"]), 0);
        for row in rows(&all) {
            prop_assert_eq!(&row["status"], "same");
            for quantity in ["flat", "cum", "objects"] {
                prop_assert_eq!(number(&row[quantity]["delta"]), 0, "{}: {}", row["name"], quantity);
            }
        }
        let top = diff_json(&[&profile, &profile], &[&["--by", by], filter].concat());
        prop_assert_eq!(rows(&top).len(), 0, "no row is among the top growing ones");
        prop_assert_eq!(number(&top["remainder"]["delta"]), 0);
    }

    #[test]
    fn reading_backwards_changes_every_sign((old, new) in pair(), by in granularity(), filter in filter()) {
        let args = [&["-n", "0", "--sort", "name", "--by", by], filter].concat();
        let (old, new) = (old.profile(), new.profile());
        let forwards = signed_rows(&diff_json(&[&old, &new], &args), false);
        let backwards = signed_rows(&diff_json(&[&new, &old], &args), true);
        prop_assert_eq!(forwards, backwards);
    }
}

/// Flat and cumulative sum of each name.
type Model = BTreeMap<&'static str, [i64; 2]>;

fn model(spec: &Spec, column: usize) -> Model {
    let mut model = Model::new();
    for sample in &spec.samples {
        let value = sample.values[column];
        let mut names = sample.names();
        if names.is_empty() {
            names.push("(no stack)");
        }
        model.entry(names[0]).or_default()[0] += value;
        for name in names.iter().copied().collect::<HashSet<_>>() {
            model.entry(name).or_default()[1] += value;
        }
    }
    model
}

/// What identifies each row, its status and its numbers, sorted; read backwards when `is_reversed`.
fn signed_rows(report: &Value, is_reversed: bool) -> Vec<(String, Vec<i64>)> {
    let mut signed: Vec<(String, Vec<i64>)> = rows(report)
        .iter()
        .map(|row| {
            let status = row["status"].as_str().expect("a status");
            let status = match (is_reversed, status) {
                (true, "new") => "gone",
                (true, "gone") => "new",
                (true, "grown") => "shrunk",
                (true, "shrunk") => "grown",
                (_, status) => status,
            };
            let numbers = ["flat", "cum", "objects"].iter().flat_map(|quantity| {
                let [before, after, delta] = ENDS.map(|end| number(&row[quantity][end]));
                if is_reversed { [after, before, -delta] } else { [before, after, delta] }
            });
            (format!("{} {} {status}", row["name"], row["fingerprint"]), numbers.collect())
        })
        .collect();
    signed.sort();
    signed
}
