//! A number stands beside what it is about, and is the same in every format.

use serde_json::Value;

use crate::support::{Files, Profile, json, run};
use crate::table::{bytes, cells, column};
use crate::{heaps, in_all_formats, written};

fn rows(report: &Value) -> &[Value] {
    report["rows"].as_array().expect("rows")
}

fn integer(value: &Value) -> i64 {
    value.as_i64().unwrap_or_else(|| panic!("{value}: no integer"))
}

#[track_caller]
fn assert_within(change: &Value, evidence: &Value, what: &str) {
    let delta = integer(&change["delta"]);
    let (low, high) = (integer(&evidence["low"]), integer(&evidence["high"]));
    assert!((low..=high).contains(&delta), "{what}: {delta} is not in {low}…{high}");
}

/// Orders of rows that also show functions that only call.
const ORDERS: &[&[&str]] = &[&["-n", "0"], &["--sort", "name"], &["--sort", "cum"], &["--sort", "cum", "-n", "0"]];

#[test]
fn evidence_is_of_the_number_it_stands_beside() {
    for fixture in ["http-body", "sawtooth", "large"] {
        let inputs = heaps(fixture, &[1, 3]);
        for options in ORDERS {
            let report = json(&[&[&*inputs[0], &inputs[1]], *options].concat());
            for row in rows(&report) {
                let what = format!("{fixture} {options:?} {}", row["name"]);
                assert_within(&row["flat"], &row["evidence"], &what);
                match options.contains(&"cum") {
                    true => assert_within(&row["cum"], &row["cum_evidence"], &what),
                    false => assert_eq!(row.get("cum_evidence"), None, "{what}"),
                }
            }
        }
    }
}

/// The ends of an interval as `--unit B` prints it: `certain 1,234…5,678 B`.
fn interval(text: &str) -> Option<(i64, i64)> {
    let (low, high) = text.trim_start_matches(|character: char| !"+-0123456789".contains(character)).split_once('…')?;
    Some((bytes(low), bytes(high)))
}

#[test]
fn a_growth_lies_within_the_interval_beside_it_in_every_format() {
    let inputs = heaps("http-body", &[1, 3]);
    for options in ORDERS {
        let growth = if options.contains(&"cum") { "CUM GROWTH" } else { "GROWTH" };
        for (format, text) in in_all_formats(&inputs, &[options, &["--unit", "B"][..]].concat()) {
            let pairs: Vec<(String, String)> = match format {
                "table" => column(&text, growth).into_iter().zip(column(&text, "95% RANGE")).collect(),
                "html" => {
                    let texts = |class| cells(&text, class).into_iter().map(|(text, _)| text);
                    texts("growth").zip(texts("evidence")).collect()
                }
                "markdown" => {
                    let lines: Vec<Vec<&str>> = text
                        .lines()
                        .filter(|line| line.starts_with("| "))
                        .map(|line| line.split(" | ").collect())
                        .collect();
                    let at = lines[0].iter().position(|heading| *heading == "95% range").expect("a range");
                    let rows = lines[2..].iter().filter(|cells| cells.len() == lines[0].len());
                    rows.map(|cells| (cells[0].trim_start_matches("| ").to_owned(), cells[at].to_owned())).collect()
                }
                _ => continue,
            };
            let told: Vec<(i64, (i64, i64))> =
                pairs.iter().filter_map(|(growth, proof)| interval(proof).map(|ends| (bytes(growth), ends))).collect();
            assert!(told.len() > 2, "{format} {options:?}: {pairs:?}");
            for (growth, (low, high)) in told {
                assert!((low..=high).contains(&growth), "{format} {options:?}: {growth} is not in {low}…{high}");
            }
        }
    }
}

#[test]
fn what_is_sorted_by_cum_shows_nothing_of_flat() {
    let inputs = heaps("warmup", &[1, 2, 3]);
    let options = ["--sort", "cum", "--unit", "B"];
    let report = json(&[&[&*inputs[0], &inputs[1], &inputs[2]], &options[..]].concat());
    let wanted: Vec<i64> = rows(&report).iter().map(|row| integer(&row["cum"]["delta"])).collect();
    for (format, text) in in_all_formats(&inputs, &options) {
        let growth: Vec<i64> = match format {
            "table" => {
                column(&text, "CUM GROWTH").iter().filter(|cell| !cell.is_empty()).map(|cell| bytes(cell)).collect()
            }
            "html" => cells(&text, "growth").iter().map(|(_, value)| bytes(value)).collect(),
            _ => continue,
        };
        assert_eq!(growth[..wanted.len().min(10)], wanted[..wanted.len().min(10)], "{format}");
        for heading in ["OBJECTS", "B/OBJ", "KEPT", "TREND", r#"col" class="objects"#, ">B/obj<", ">Kept<", ">Trend<"] {
            assert!(!text.contains(heading), "{format}: {heading}");
        }
    }
}

#[test]
fn an_object_has_the_same_size_in_every_format() {
    let files = Files::new();
    // Objects and bytes, before and after.
    let stacks = [
        ("m.Grown", [10, 3_200], [20, 6_400], "320"),
        ("m.FewerHoldMore", [20, 3_000], [10, 8_000], ""),
        ("m.SameNumber", [10, 3_000], [10, 5_000], "500"),
        ("m.SameBytes", [10, 3_000], [5, 3_000], ""),
        ("m.Shrunk", [10, 3_200], [5, 1_600], "320"),
        ("m.New", [0, 0], [4, 4_000], "1000"),
    ];
    let profile = |side: usize| {
        stacks.iter().fold(Profile::new().period("space", "bytes", 1), |profile, (name, before, after, _)| {
            let [count, size] = [*before, *after][side];
            profile.stack(&format!("{name}@/m/m.go:1;main.main@/m/main.go:2"), [count, size, count, size])
        })
    };
    let inputs = written(&files, &[profile(0), profile(1)]);
    for unit in ["auto", "MiB"] {
        let mut wanted: Vec<(&str, &str)> = stacks.iter().map(|(name, .., size)| (*name, *size)).collect();
        wanted.sort_unstable();
        let options = ["--sort", "name", "--focus", "m[.]", "--hide", "main.main", "--unit", unit, "-n", "0"];
        for (format, text) in in_all_formats(&inputs, &options) {
            let sizes: Vec<String> = match format {
                "table" => column(&text, "B/OBJ"),
                "html" => cells(&text, "size").into_iter().map(|(text, _)| text).collect(),
                _ => continue,
            };
            let sizes: Vec<String> = sizes.iter().map(|size| size.replace(",", "")).collect();
            let wanted: Vec<&str> = wanted.iter().map(|(_, size)| *size).collect();
            assert_eq!(sizes[..wanted.len()], wanted[..], "{format} {unit}: {text}");
        }
    }
}

#[test]
fn steps_are_the_values_in_every_format() {
    let inputs = heaps("warmup", &[1, 2, 3]);
    let report = json(&[&*inputs[0], &inputs[1], &inputs[2], "-n", "5"]);
    let steps = |row: &Value| row["steps"].as_array().expect("steps").iter().map(integer).collect::<Vec<_>>();
    let mut wanted: Vec<Vec<i64>> = rows(&report).iter().map(steps).collect();
    for (row, steps) in rows(&report).iter().zip(&wanted) {
        assert_eq!([steps[0], steps[2]], [integer(&row["flat"]["before"]), integer(&row["flat"]["after"])]);
    }
    let values = |text: &str| text.split(" → ").map(bytes).collect::<Vec<i64>>();
    let title = regex::Regex::new(r#"<td class="trend" [^>]*title="([^"]*)""#).expect("a pattern");
    for (format, text) in in_all_formats(&inputs, &["-n", "5", "--unit", "B"]) {
        let mut shown: Vec<Vec<i64>> = match format {
            "html" => title.captures_iter(&text).map(|found| values(&found[1])).collect(),
            _ => continue,
        };
        // A page has what shrank as well, and its own order.
        shown.sort_unstable();
        wanted.sort_unstable();
        assert!(shown.iter().any(|steps| steps == wanted.last().expect("a row")), "{format}: {shown:?}");
    }
}

#[test]
fn a_page_claims_no_growth_that_may_be_noise() {
    let inputs = heaps("healthy", &[1, 2]);
    let report = json(&[&*inputs[0], &inputs[1], "-n", "0"]);
    let real =
        rows(&report).iter().any(|row| integer(&row["flat"]["delta"]) > 0 && row["evidence"]["verdict"] != "noise");
    let page = run(&["report", &inputs[0], &inputs[1]]).done().stdout;
    assert_eq!(page.contains("Sampling alone may have made that"), !real, "{page}");
    assert!(!real, "a fixture in which all growth may be noise is wanted");
}

#[test]
fn rows_that_are_not_shown_may_have_grown() {
    let files = Files::new();
    let profile = |large: i64, small: i64| {
        let stack = |name: &str| format!("example.com/shop/{name}@/srv/shop/a.go:1");
        Profile::new()
            .period("space", "bytes", 1)
            .stack(&stack("a.Large"), [1, large, 1, large])
            .stack(&stack("a.Small"), [1, small, 1, small])
    };
    let inputs = written(&files, &[profile(1 << 30, 1 << 10), profile(1 << 20, 1 << 11)]);
    let page = run(&["report", &inputs[0], &inputs[1], "-n", "1"]).done().stdout;
    assert!(page.contains("None of the rows shown grew."), "{page}");
    assert!(!page.contains("No function grew."), "{page}");
}

#[test]
fn one_goroutine_is_one() {
    let files = Files::new();
    let waiting = |count: i64| {
        let goroutines = Profile::bare().types(&[("goroutine", "count")]).period("goroutine", "count", 1);
        goroutines.stack(
            "runtime.gopark;runtime.chanrecv;runtime.chanrecv1;example.com/shop/a.Wait@/srv/shop/a.go:7",
            [count],
        )
    };
    let inputs = written(&files, &[waiting(1), waiting(2)]);
    let text = run(&["goroutines", &inputs[0], &inputs[1]]).done().stdout;
    assert!(!text.contains("1 goroutines"), "{text}");
}
