//! The formats tell one story, and the same input gives the same bytes, on any number of threads.

use proptest::prelude::*;
use serde_json::Value;

use crate::cases;
use crate::generate::{granularity, pair, sort};
use crate::support::{Profile, diff, diff_json, run_on};

const FORMATS: [&str; 4] = ["table", "json", "markdown", "csv"];

proptest! {
    #![proptest_config(cases(96))]

    #[test]
    fn csv_and_json_agree((old, new) in pair(), by in granularity(), sort in sort()) {
        let (old, new) = (old.profile(), new.profile());
        let args = ["-n", "0", "--by", by, "--sort", sort];
        let report = diff_json(&[&old, &new], &args);
        let csv = diff(&[&old, &new], &[&args[..], &["-f", "csv"]].concat()).done().stdout;
        let mut reader = csv::Reader::from_reader(csv.as_bytes());
        let headings = reader.headers().expect("a line of headings").clone();
        let records: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>().expect("valid CSV");
        let rows = report["rows"].as_array().expect("rows");
        prop_assert_eq!(records.len(), rows.len());
        for (record, row) in records.iter().zip(rows) {
            for (heading, cell) in headings.iter().zip(record) {
                let expected = cell_of(row, heading, &report);
                prop_assert!(is_same(cell, &expected), "{} of {}: {} or {}", heading, row["name"], cell, expected);
            }
        }
    }

    #[test]
    fn the_same_input_gives_the_same_bytes((old, new) in pair(), by in granularity(), sort in sort()) {
        let (old, new) = (old.profile(), new.profile());
        for format in FORMATS {
            let run = || diff(&[&old, &new], &["--by", by, "--sort", sort, "--format", format]).done();
            prop_assert_eq!(run(), run(), "{}", format);
        }
    }
}

/// Whether two cells say the same; a whole ratio is `1` in one format and `1.0` in the other.
fn is_same(cell: &str, expected: &str) -> bool {
    cell == expected || (expected.contains('.') && cell.parse::<f64>().ok() == expected.parse::<f64>().ok())
}

/// What the JSON row has for a column of the CSV.
fn cell_of(row: &Value, heading: &str, report: &Value) -> String {
    let value = match heading {
        "unit" => &report["metric"]["unit"],
        "responsible" => &row["responsible"]["function"],
        "evidence" => &row["evidence"]["verdict"],
        "z" | "low" | "high" => &row["evidence"][heading],
        heading => match heading.split_once('_') {
            Some((part @ ("flat" | "cum" | "objects" | "responsible"), field)) => &row[part][field],
            _ => &row[heading],
        },
    };
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Enough different stacks that the work is split among threads: 40,000 in each profile, half of them in both.
#[test]
fn the_number_of_threads_does_not_show() {
    let large = |from: usize| {
        (from..from + 40_000).fold(Profile::new(), |profile, index| {
            let (a, b, c, d) = (index % 20, index / 20 % 20, index / 400 % 20, index / 8000);
            let stack = format!("a.F{a};b.G{b}|b.H{a};c.I{c};d.J{d};main.main");
            let value = (index % 7) as i64;
            profile.stack(&stack, [value, 48 * value, value, 48 * value]).bytes(48)
        })
    };
    let (old, new) = (large(0).encode(), large(20_000).encode());
    for args in [["-n", "0", "--format", "json"], ["-n", "9", "--by", "stack"], ["-n", "9", "--sort", "cum"]] {
        let on = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a thread pool");
            let (old, new) = (old.clone(), new.clone());
            pool.install(move || run_on(&[&old, &new], &args).done().stdout)
        };
        // The files of a run lie in a directory of its thread, so paths are cut off.
        let without_paths =
            |text: String| text.lines().filter(|line| !line.contains(".pb")).collect::<Vec<_>>().join("\n");
        let alone = without_paths(on(1));
        for threads in [2, 5] {
            assert_eq!(without_paths(on(threads)), alone, "{args:?} on {threads} threads");
        }
    }
}
