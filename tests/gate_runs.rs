//! The gate on recorded runs of one service: ten of the base build, ten of the same build again, ten of a build in which
//! one function keeps 40 % more, ten of a build whose code was only moved (`fixtures/gate`).
//!
//! The limits are those a team would set, and are chosen from the noise, not from the runs. All runs took a sample every
//! 64 KiB. The total of 203 MiB is some 3200 samples, so that the difference of two runs has a standard error of about
//! 2.5 %; that of the 97 MiB of `orders`, about 3.5 %. A limit of four standard errors or more is 10 % and 20 %. What
//! regressed grows by 19 % of the total and 40 % of `orders`. The largest stack that may move whole is 15 MiB (the
//! carts, whose function was inlined by hand), and one stack of 97 MiB has a standard error of 3.5 MiB, so that 25 MiB is
//! a limit of any one stack; what regressed grows by 38 MiB.

mod support;

use leakdiff::cli::Exit;
use support::{fixture, run};

const POLICIES: &[&[&str]] = &[
    &["--max-growth", "10%"],
    &["--limit", "example.com/shop/gate/orders=20%"],
    &["--per-stack", "25MiB"],
    &["--max-growth", "10%", "--limit", "example.com/shop/gate/orders=20%", "--per-stack", "25MiB"],
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
