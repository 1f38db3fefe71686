//! Real services: every form of one moment says the same, as far as it tells it.

use std::path::Path;

use serde_json::Value;

use crate::support::{Files, fixture, json, run};

/// A function, what its goroutines wait for, and how many more do.
type Waiting = (&'static str, &'static str, i64);

/// The fixtures whose goroutines are interesting, and how many more wait where.
const LEAKING: &[(&str, i64, &[Waiting])] = &[
    ("goroutine-blocked", 2300, &[("example.com/shop/goroutine-blocked/quotes.(*Desk).ask", "chan send", 2300)]),
    ("goroutine-forever", 2300, &[("example.com/shop/goroutine-forever/tracking.(*Tracker).follow", "sleep", 2300)]),
    (
        "http-body",
        4000,
        &[("net/http.(*persistConn).readLoop", "select", 2000), ("net/http.(*persistConn).writeLoop", "select", 2000)],
    ),
    (
        "client-per-request",
        3000,
        &[("net/http.(*persistConn).Read", "network", 1500), ("net/http.(*persistConn).writeLoop", "select", 1500)],
    ),
];

/// The profile of a moment in a form, gzipped or not.
fn path(scenario: &str, moment: u32, form: &str) -> String {
    let path = fixture(&format!("{scenario}/goroutine{moment}.{form}"));
    if Path::new(&path).exists() { path } else { format!("{path}.gz") }
}

fn table(scenario: &str, form: &str) -> Value {
    json(&["goroutines", &path(scenario, 1, form), &path(scenario, 3, form)])
}

/// Function, place and counts of the rows that wait. Each form was fetched by a request of its own, whose goroutines are
/// a few more.
fn waiting(table: &Value) -> Vec<(String, String, i64, i64)> {
    let row = |row: &Value| {
        let text = |key: &str| row[key].as_str().unwrap_or_default().to_owned();
        let count = |key: &str| row[key].as_i64().expect("a count");
        (text("function"), format!("{}:{}", text("file"), row["line"]), count("before"), count("after"))
    };
    let is_many = |row: &&Value| row["kind"] == "blocked" && row["delta"].as_i64().is_some_and(|delta| delta >= 10);
    let rows = table["rows"].as_array().expect("rows").iter().filter(is_many);
    let mut rows: Vec<_> = rows.map(row).collect();
    rows.sort();
    rows
}

#[test]
fn all_forms_of_a_moment_give_one_table() {
    for (scenario, delta, rows) in LEAKING {
        let proto = table(scenario, "pb.gz");
        assert_eq!(proto["rows"].as_array().expect("rows").len(), rows.len(), "{scenario}");
        for form in ["pb.gz", "debug1.txt", "debug2.txt"] {
            let table = table(scenario, form);
            assert_eq!(waiting(&table), waiting(&proto), "{scenario} {form}");
            let growth = table["total"]["delta"].as_i64().expect("a count");
            assert!((growth - delta).abs() <= 2, "{scenario} {form}: {growth}");
            for (function, state, delta) in *rows {
                let rows = table["rows"].as_array().expect("rows");
                let row = rows.iter().find(|row| row["function"] == *function).expect("a row");
                assert_eq!(row["delta"], *delta, "{scenario} {form}");
                // Frames of the runtime have no names with debug=1.
                let is_told = form != "debug1.txt" || matches!(*state, "sleep" | "network");
                assert_eq!(row["state"], if is_told { *state } else { "not told" }, "{scenario} {form}");
            }
        }
    }
}

#[test]
fn counts_are_those_of_the_program() {
    for scenario in ["goroutine-blocked", "goroutine-forever", "http-body"] {
        let truth = std::fs::read_to_string(fixture(&format!("{scenario}/truth.json"))).expect("a truth");
        let truth: Value = serde_json::from_str(&truth).expect("JSON");
        let counted = |moment: usize| truth["snapshots"][moment]["goroutines"].as_i64().expect("a count");
        let table = table(scenario, "pb.gz");
        assert_eq!(table["total"]["before"], counted(0), "{scenario}");
        assert_eq!(table["total"]["after"], counted(2), "{scenario}");
    }
}

#[test]
fn every_goroutine_is_in_one_row() {
    for (scenario, ..) in LEAKING {
        for form in ["pb.gz", "debug1.txt", "debug2.txt"] {
            for all in ["0", "10", "1"] {
                let table = json(&["goroutines", &path(scenario, 1, form), &path(scenario, 3, form), "-n", all]);
                for key in ["before", "after", "delta"] {
                    let rows = ["rows", "benign"].map(|rows| table[rows].as_array().expect("rows").clone()).concat();
                    let shown: i64 = rows.iter().map(|row| row[key].as_i64().expect("a count")).sum();
                    let rest = table["remainder"][key].as_i64().expect("a count");
                    assert_eq!(Value::from(shown + rest), table["total"][key], "{scenario} {form} -n {all} {key}");
                }
            }
        }
    }
}

#[test]
fn who_created_them_is_told_by_debug_2() {
    let row = |form: &str| table("goroutine-blocked", form)["rows"][0].clone();
    let created = &row("debug2.txt")["created_by"];
    assert_eq!(created["function"], "example.com/shop/goroutine-blocked/quotes.(*Desk).Quote");
    assert_eq!(created["at"], "example.com/shop/goroutine-blocked/quotes/desk.go:33");
    assert_eq!(row("pb.gz")["created_by"], Value::Null);
    assert_eq!(row("pb.gz")["responsible"]["line"], 48, "the line of the truth");
}

#[test]
fn healthy_services_have_no_suspects() {
    for scenario in ["healthy", "warmup", "sawtooth", "churn"] {
        for form in ["pb.gz", "debug1.txt", "debug2.txt"] {
            let table = table(scenario, form);
            assert_eq!(table["suspects"], serde_json::json!([]), "{scenario} {form}");
            let most = table["rows"].as_array().expect("rows").iter().filter_map(|row| row["delta"].as_i64()).max();
            assert!(most.unwrap_or(0) < 10, "{scenario} {form}: {most:?}");
        }
    }
}

#[test]
fn proven_leaks_are_called_so() {
    let [base, leaky] = ["base", "leaky"].map(|name| fixture(&format!("gate/pairs/goroutineleak-{name}.pb.gz")));
    let table = json(&["goroutines", &base, &leaky]);
    assert_eq!(table["proven"], true);
    assert_eq!((&table["rows"][0]["proven"], &table["rows"][0]["delta"]), (&Value::from(800), &Value::from(800)));
    assert_eq!(table["suspects"][0]["confidence"], "high");
}

#[test]
fn no_proven_leak_is_an_answer_and_nothing_odd() {
    let files = Files::new();
    let [before, after] = ["1.txt", "2.txt"].map(|name| files.write(name, "goroutineleak profile: total 0\n"));
    let outcome = run(&["goroutines", &before, &after]).done();
    assert!(outcome.stdout.contains("none has leaked"), "{}", outcome.stdout);
    assert!(!outcome.stdout.contains("each is a leak") && !outcome.stdout.contains("warning["), "{}", outcome.stdout);
}

/// A state that one form does not tell is no state of its own.
#[test]
fn places_are_compared_where_forms_are_mixed() {
    for (scenario, _, rows) in LEAKING {
        for [before, after] in [
            ["pb.gz", "debug1.txt"],
            ["debug1.txt", "pb.gz"],
            ["pb.gz", "debug2.txt"],
            ["debug2.txt", "pb.gz"],
            ["debug1.txt", "debug2.txt"],
            ["debug2.txt", "debug1.txt"],
        ] {
            let table = json(&["goroutines", &path(scenario, 1, before), &path(scenario, 3, after)]);
            let of_one = json(&["goroutines", &path(scenario, 1, "pb.gz"), &path(scenario, 3, "pb.gz")]);
            assert_eq!(waiting(&table), waiting(&of_one), "{scenario} {before} {after}");
            for (function, state, _) in *rows {
                let found = table["rows"].as_array().expect("rows").iter().find(|row| row["function"] == *function);
                assert_eq!(found.expect("a row")["state"], *state, "{scenario} {before} {after}");
            }
            let warnings = table["warnings"].as_array().expect("warnings");
            let codes: Vec<&Value> = warnings.iter().map(|warning| &warning["code"]).collect();
            assert_eq!(codes, ["mixed-forms"], "{scenario} {before} {after}");
            let is_told = ![before, after].contains(&"debug1.txt");
            let message = warnings[0]["message"].as_str().expect("a text");
            assert_ne!(message.contains("does not tell what goroutines wait for"), is_told, "{message}");
        }
    }
}
