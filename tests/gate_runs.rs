//! The gate on recorded runs of one service: ten of the base build, ten of the same build again, ten of a build in which
//! one function keeps 40 % more, ten of a build whose code was only moved (`fixtures/gate`).
//!
//! The limits are those a team would set, and are chosen from the noise, not from the runs. All runs took a sample every
//! 64 KiB. The total of 203 MiB is some 3200 samples, so that the difference of two runs has a standard error of about
//! 2.5 %; that of the 97 MiB of `orders`, about 3.5 %. What regressed grows by 19 % of the total and 40 % of `orders`. A
//! limit has to lie some standard errors above nothing and four below what is to be found by one run a side, of three
//! limits together: 5 % and 20 %. The largest stack that may move whole is 15 MiB (the carts, whose function was inlined by
//! hand), and one stack of 97 MiB has a standard error of 3.5 MiB, so that 18 MiB is a limit of any one stack; what
//! regressed grows by 38 MiB. By three runs a side the errors are 1.7 times as small: limits of 10 % and 20 MiB do as well.

mod support;

use std::ops::Range;

use leakdiff::cli::Exit;
use serde_json::Value;
use support::{fixture, json, run};

/// How many runs there are of each kind.
const RUNS: usize = 10;

/// The gate on some runs of the base build and as many of another kind.
fn gate(kind: &str, runs: Range<usize>, policy: &[&str]) -> (Exit, String) {
    let paths = |kind: &str| -> Vec<String> {
        runs.clone().map(|number| fixture(&format!("gate/runs/{kind}-{number:02}.pb.gz"))).collect()
    };
    let (before, after) = (paths("base"), paths(kind));
    let mut args = vec!["check", "--no-config", "--before"];
    args.extend(before.iter().map(String::as_str));
    args.push("--after");
    args.extend(after.iter().map(String::as_str));
    let outcome = run(&[&args, policy].concat());
    (outcome.exit, format!("{kind} {runs:?} {policy:?}\n{}{}", outcome.stdout, outcome.stderr))
}

/// All runs of a kind, so many at a time, under limits of the total, of a package, of any stack, and all of them.
fn all_are(kind: &str, expected: Exit, words: &[&str]) {
    for (together, growth, stack) in [(1, "5%", "18MiB"), (3, "10%", "20MiB"), (5, "10%", "20MiB")] {
        let growth = ["--max-growth", growth];
        let orders = ["--limit", "example.com/shop/gate/orders=20%"];
        let stack = ["--per-stack", stack];
        let all = [growth, orders, stack].concat();
        let policies: [&[&str]; 4] = [&growth, &orders, &stack, &all];
        let starts = (0..RUNS / together).map(|group| 1 + group * together);
        let runs =
            policies.iter().flat_map(|policy| starts.clone().map(|start| gate(kind, start..start + together, policy)));
        let wrong: Vec<String> = runs
            .filter(|(exit, text)| *exit != expected || !words.iter().all(|word| text.contains(word)))
            .map(|(exit, text)| format!("{exit:?}: {text}"))
            .collect();
        assert!(wrong.is_empty(), "{} are wrong\n{}", wrong.len(), wrong.join("\n\n"));
    }
}

#[test]
fn a_function_that_keeps_more_fails_every_time() {
    all_are("regressed", Exit::Failed, &["orders.(*Book).Place"]);
}

#[test]
fn the_same_build_again_passes_every_time() {
    all_are("again", Exit::Done, &[]);
}

#[test]
fn moved_code_passes_every_time() {
    all_are("moved", Exit::Done, &[]);
}

/// Growth of 19 % and a limit of 10 %: one run a side finds it, or says how many would.
#[test]
fn what_one_run_a_side_cannot_tell_it_says_and_three_can() {
    let limit = ["--max-growth", "10%"];
    let alone: Vec<(Exit, String)> = (1..=RUNS).map(|number| gate("regressed", number..number + 1, &limit)).collect();
    let unsure: Vec<&String> =
        alone.iter().filter(|(exit, _)| *exit == Exit::Inconclusive).map(|(_, text)| text).collect();
    assert_eq!(unsure.len() + alone.iter().filter(|(exit, _)| *exit == Exit::Failed).count(), RUNS, "none passes");
    assert!((1..RUNS).contains(&unsure.len()), "{}", unsure.len());
    for text in unsure {
        assert!(
            ["2", "3"].iter().any(|runs| text.contains(&format!("{runs} runs a side (--before, --after)"))),
            "{text}"
        );
    }
    assert_eq!(gate("regressed", 3..6, &limit).0, Exit::Failed);
}

/// Each function with its row, and what of it the program counted: flat in its own row, or in that of the function that
/// copies for it.
const COUNTED: &[(&str, &str)] = &[
    ("example.com/shop/gate/orders.(*Book).Place", "example.com/shop/gate/orders.(*Book).Place"),
    ("example.com/shop/gate/search.(*Index).put", "example.com/shop/gate/search.(*Index).put"),
    ("example.com/shop/gate/catalog.describe", "example.com/shop/gate/catalog.describe"),
    ("example.com/shop/gate/invoices.(*Archive).File", "bytes.Clone"),
];

/// Whether a 95 % interval covers the growth that the program counted.
fn covers(evidence: &Value, before: &Value, after: &Value) -> bool {
    let number = |value: &Value| value.as_i64().unwrap_or_else(|| panic!("{value} is no number"));
    (number(&evidence["low"])..=number(&evidence["high"])).contains(&(number(after) - number(before)))
}

/// Of 150 intervals 142.5 should, with a standard deviation of 2.7; more where they share a base run.
#[test]
fn intervals_cover_what_the_program_counted() {
    let text = std::fs::read_to_string(fixture("gate/runs/truth.json")).expect("the truth");
    let truth: Value = serde_json::from_str(&text).expect("JSON");
    let mut covered = Vec::new();
    for (kind, number) in ["again", "moved", "regressed"].iter().flat_map(|kind| (1..=10).map(move |n| (kind, n))) {
        let names = [format!("base-{number:02}"), format!("{kind}-{number:02}")];
        let [before, after] = [&truth["runs"][&names[0]], &truth["runs"][&names[1]]];
        let paths = names.each_ref().map(|name| fixture(&format!("gate/runs/{name}.pb.gz")));
        let report = json(&[&paths[0], &paths[1], "-n", "0"]);
        covered.push(covers(&report["total_evidence"], &before["heap_alloc"], &after["heap_alloc"]));
        for (function, row) in COUNTED {
            let [before, after] = [before, after].map(|run| &run["kept"][function]["bytes"]);
            covered.push(covers(&support::row(&report, row)["evidence"], before, after));
        }
    }
    let count = covered.iter().filter(|covers| **covers).count();
    assert_eq!(covered.len(), 150);
    assert!((134..150).contains(&count), "{count} of 150 intervals cover the truth");
}
