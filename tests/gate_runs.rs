//! The gate on recorded runs of one service: ten of the base build, ten of the same build again, ten of a build in which
//! one function keeps 40 % more, ten of a build whose code was only moved (`fixtures/gate`).
//!
//! The limits are those a team would set, and are chosen from the noise, not from the runs. All runs took a sample every
//! 64 KiB. The total of 203 MiB is some 3200 samples, so that the difference of two runs has a standard error of about
//! 2.5 %; that of the 97 MiB of `orders`, about 3.5 %. A limit of four standard errors or more is 10 % and 20 %. What
//! regressed grows by 19 % of the total and 40 % of `orders`. The largest stack that may move whole is 15 MiB (the
//! carts, whose function was inlined by hand), and one stack of 97 MiB has a standard error of 3.5 MiB, so that 20 MiB is
//! a limit of any one stack; what regressed grows by 38 MiB.

mod support;

use leakdiff::cli::Exit;
use serde_json::Value;
use support::{fixture, json, run};

const POLICIES: &[&[&str]] = &[
    &["--max-growth", "10%"],
    &["--limit", "example.com/shop/gate/orders=20%"],
    &["--per-stack", "20MiB"],
    &["--max-growth", "10%", "--limit", "example.com/shop/gate/orders=20%", "--per-stack", "20MiB"],
];

/// The gate on run `number` of the base build and of another kind.
fn gate(kind: &str, number: usize, policy: &[&str]) -> (Exit, String) {
    let profile = |kind: &str| fixture(&format!("gate/runs/{kind}-{number:02}.pb.gz"));
    let (base, new) = (profile("base"), profile(kind));
    let outcome = run(&[&["check", "--no-config", &base, &new], policy].concat());
    (outcome.exit, format!("base-{number:02} {kind}-{number:02} {policy:?}\n{}{}", outcome.stdout, outcome.stderr))
}

/// All ten runs of a kind, under each policy.
fn all_are(kind: &str, expected: Exit, words: &[&str]) {
    let runs = POLICIES.iter().flat_map(|policy| (1..=10).map(move |number| gate(kind, number, policy)));
    let wrong: Vec<String> = runs
        .filter(|(exit, text)| *exit != expected || !words.iter().all(|word| text.contains(word)))
        .map(|(exit, text)| format!("{exit:?}: {text}"))
        .collect();
    assert!(wrong.is_empty(), "{} are wrong\n{}", wrong.len(), wrong.join("\n\n"));
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
