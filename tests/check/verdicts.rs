//! How a gate ends: passed, failed, inconclusive, error; and the evidence behind it.

use leakdiff::cli::Exit;

use crate::support::Profile;
use crate::{counts, exact, exit, gate, sampled, sampled_in, verdict};

const MIB: i64 = 1 << 20;

#[test]
fn the_four_exit_codes() {
    assert_eq!([Exit::Done, Exit::Failed, Exit::Error, Exit::Inconclusive].map(|exit| exit as u8), [0, 1, 2, 3]);
    let base = sampled(&[("main.keep;main.main", 100, 4096)]);
    let grown = sampled(&[("main.keep;main.main", 100, 4096), ("main.leak;main.main", 80, 4096)]);
    let maybe = sampled(&[("main.keep;main.main", 110, 4096)]);
    let limit = ["--max-growth", "1MiB"];
    assert_eq!(exit(&base, &base, &limit), Exit::Done);
    assert_eq!(exit(&base, &grown, &limit), Exit::Failed);
    assert_eq!(exit(&base, &maybe, &limit), Exit::Inconclusive);
    assert_eq!(exit(&base, &grown, &["--max-growth", "much"]), Exit::Error);
}

#[test]
fn noise_is_inconclusive_and_says_what_would_settle_it() {
    let base = sampled(&[("main.keep;main.main", 100, 4096)]);
    let new = sampled(&[("main.keep;main.main", 115, 4096)]);
    let found = verdict(&[&base, &new], &["--max-growth", "1MiB"]);
    assert_eq!(found["result"], "inconclusive");
    let breach = &found["breaches"][0];
    assert_eq!(breach["outcome"], "inconclusive");
    assert_eq!(breach["evidence"]["verdict"], "noise");
    let advice = breach["advice"].as_str().expect("advice");
    // 13 more than the limit of 215 samples: z is 0.887, and 3.09 is wanted, so (3.09 / 0.887)^2 = 12.2 times as many.
    let runs: f64 =
        advice.split(" runs a side").next().and_then(|text| text.rsplit(' ').next()?.parse().ok()).expect("a number");
    assert!((12.0..14.0).contains(&runs), "{advice}");
    let rate: f64 = advice
        .split("runtime.MemProfileRate = ")
        .nth(1)
        .and_then(|text| text.split(' ').next()?.parse().ok())
        .expect("a number");
    assert!((crate::PERIOD / rate - runs).abs() < 1.0, "{advice}");
    // What the advice promises holds: so many times the samples are enough.
    let more = |samples: f64| sampled(&[("main.keep;main.main", (samples * runs).round() as i64, 4096)]);
    let limit = format!("{}", ((1 << 20) as f64 * runs) as i64);
    assert_eq!(exit(&more(100.0), &more(115.0), &["--max-growth", &limit]), Exit::Failed);
}

#[test]
fn what_an_inconclusive_verdict_counts_as() {
    let base = sampled(&[("main.keep;main.main", 100, 4096)]);
    let new = sampled(&[("main.keep;main.main", 110, 4096)]);
    let as_what = |what: &str| exit(&base, &new, &["--max-growth", "1MiB", "--on-inconclusive", what]);
    assert_eq!((as_what("fail"), as_what("pass")), (Exit::Failed, Exit::Done));
    let found = verdict(&[&base, &new], &["--max-growth", "1MiB", "--on-inconclusive", "pass"]);
    assert_eq!((&found["result"], &found["checks"][0]["outcome"]), (&"pass".into(), &"inconclusive".into()));
}

#[test]
fn one_failure_outweighs_what_is_inconclusive() {
    let base = sampled(&[("main.keep;main.main", 400, 4096)]);
    let new = sampled(&[("main.keep;main.main", 410, 4096), ("main.leak;main.main", 20, 4096)]);
    let found = verdict(&[&base, &new], &["--max-growth", "1MiB", "--limit", "main.leak=1MiB"]);
    let outcomes = [&found["checks"][0]["outcome"], &found["checks"][1]["outcome"], &found["result"]];
    assert_eq!(outcomes, ["inconclusive", "fail", "fail"]);
    assert_eq!(found["breaches"][0]["option"], "limit", "the worst comes first");
}

#[test]
fn alpha_decides_what_is_real() {
    let base = sampled(&[("main.keep;main.main", 100, 4096)]);
    let new = sampled(&[("main.keep;main.main", 130, 4096)]);
    let with = |alpha: &str| exit(&base, &new, &["--max-growth", "1MiB", "--alpha", alpha]);
    assert_eq!((with("0.1"), with("0.001")), (Exit::Failed, Exit::Inconclusive));
}

#[test]
fn the_alternatives_of_one_limit_share_its_probability_of_a_false_alarm() {
    // 28 samples more than the limit of two: z is 28 / sqrt(230), which chance alone makes in 3 % of all cases.
    let base = sampled(&[("main.keep;main.main", 100, 4096)]);
    let new = sampled(&[("main.keep;main.main", 130, 4096)]);
    let with = |limit: &str| exit(&base, &new, &["--max-growth", limit, "--alpha", "0.05"]);
    assert_eq!(with("1MiB"), Exit::Failed);
    assert_eq!(with("1MiB|90%"), Exit::Inconclusive, "2.5 % for each of two");
    assert_eq!(with("1MiB&1%"), Exit::Failed, "parts that count together are one");
}

#[test]
fn exact_values_need_no_samples() {
    let found = verdict(&[&exact(&[("main.f", 1, 16)]), &exact(&[("main.f", 2, 16)])], &["--max-growth", "15"]);
    assert_eq!(found["result"], "fail");
    assert_eq!(found["breaches"][0]["evidence"]["verdict"], "exact");
}

#[test]
fn an_unknown_error_is_taken_for_real_and_said_so() {
    let heap = |space: i64| Profile::new().without_period().stack("main.f;main.main", [1, space, 1, space]);
    let found = verdict(&[&heap(MIB), &heap(2 * MIB)], &["--max-growth", "1KiB"]);
    assert_eq!((&found["result"], &found["breaches"][0]["evidence"]), (&"fail".into(), &serde_json::Value::Null));
    let advice = found["breaches"][0]["advice"].as_str().expect("advice");
    assert!(advice.contains("not known") && advice.contains("taken for real"), "{advice}");
}

#[test]
fn any_growth_of_a_count_counts() {
    let (base, new) = (counts(&[("main.wait;main.main", 7)]), counts(&[("main.wait;main.main", 8)]));
    assert_eq!(exit(&base, &new, &["--max-growth", "0"]), Exit::Failed);
    assert_eq!(exit(&base, &new, &["--max-growth", "1"]), Exit::Done);
    assert_eq!(exit(&base, &new, &["--max-objects", "0"]), Exit::Failed, "the metric is what is counted");
    let custom = |count| Profile::bare().types(&[("connections", "count")]).stack("db.open;main.main", [count]);
    assert_eq!(exit(&custom(3), &custom(4), &["--max-growth", "0"]), Exit::Failed);
}

#[test]
fn the_regime_can_be_forced() {
    let base = sampled(&[("main.keep;main.main", 100, 4096)]);
    let new = sampled(&[("main.keep;main.main", 120, 4096)]);
    let with = |args: &[&str]| exit(&base, &new, &[&["--max-growth", "1MiB"], args].concat());
    assert_eq!(with(&["--independent"]), Exit::Inconclusive);
    assert_eq!(with(&["--same-process"]), Exit::Failed, "twenty new samples and none gone");
}

#[test]
fn many_stacks_tested_at_once_are_not_called_real_one_by_one() {
    // Forty stacks that only churn, each with a chance of its own to look like growth.
    let names: Vec<String> = (0..40).map(|number| format!("main.f{number};main.main")).collect();
    let noisy = |seed: usize| -> Profile {
        let held: Vec<_> = names
            .iter()
            .enumerate()
            .map(|(at, name)| (name.as_str(), 20 + ((at * 7 + seed * 13) % 9) as i64, 4096))
            .collect();
        sampled(&held)
    };
    let found = verdict(&[&noisy(0), &noisy(3)], &["--per-stack", "1KiB"]);
    assert_eq!(found["result"], "inconclusive");
    let real = verdict(
        &[&noisy(0), &noisy(3).stack("main.leak;main.main", [5140, 5140 * 4096, 5140, 5140 * 4096]).bytes(4096)],
        &["--per-stack", "1KiB"],
    );
    assert_eq!(real["result"], "fail");
    assert_eq!(real["breaches"][0]["culprits"][0]["name"], "main.leak");
    assert_eq!(real["breaches"][0]["culprits"].as_array().map(Vec::len), Some(1), "the others may be noise");
}

#[test]
fn the_first_profile_is_compared_with_the_last() {
    let heap = |objects| exact(&[("main.f", objects, 16)]);
    let found = verdict(&[&heap(10), &heap(50), &heap(12)], &["--max-growth", "32"]);
    assert_eq!((&found["result"], &found["checks"][0]["value"]["delta"]), (&"pass".into(), &32.into()));
}

#[test]
fn a_breach_names_who_is_responsible_and_where() {
    let leak = "bytes.growSlice@/sdk/src/bytes/buffer.go:249;example.com/shop/store.(*Cache).Put@/build/7/shop/store/cache.go:17;main.main@/build/7/shop/main.go:9";
    let found = verdict(&[&exact(&[(leak, 1, 4096)]), &exact(&[(leak, 3, 4096)])], &["--max-growth", "4KiB"]);
    let culprit = &found["breaches"][0]["culprits"][0];
    assert_eq!((&culprit["name"], &culprit["delta"]), (&"bytes.growSlice".into(), &8192.into()));
    assert_eq!((&culprit["file"], &culprit["line"]), (&"bytes/buffer.go".into(), &249.into()));
    assert_eq!(culprit["responsible"]["function"], "example.com/shop/store.(*Cache).Put");
    assert_eq!(culprit["source_path"], "/build/7/shop/store/cache.go");
    assert_eq!(culprit["stack"].as_array().map(Vec::len), Some(3));
}

#[test]
fn the_text_begins_with_the_verdict() {
    let (base, new) = (exact(&[("main.f", 1, 16)]), exact(&[("main.f", 9, 16)]));
    for (limit, word) in [("1KiB", "PASS  "), ("1B", "FAIL  ")] {
        let outcome = gate(&[&base, &new], &["--max-growth", limit]);
        assert!(outcome.stdout.starts_with(word), "{}", outcome.stdout);
    }
}

#[test]
fn a_growth_that_is_real_alone_may_be_noise_among_many() {
    // From 20 samples to 34: by chance one of thirty stacks that did not change shows as much.
    let names: Vec<String> = (0..40).map(|number| format!("main.f{number};main.main")).collect();
    let with = |samples: [i64; 2], others: [i64; 2]| {
        let heap = |side: usize| {
            let others = names[1..].iter().map(|name| (name.as_str(), others[side], 4096));
            let held: Vec<_> = std::iter::once((names[0].as_str(), samples[side], 4096)).chain(others).collect();
            sampled_in(Profile::new().build_id(&format!("build {side}")), &held)
        };
        exit(&heap(0), &heap(1), &["--per-stack", "1KiB", "--alpha", "0.05"])
    };
    assert_eq!(with([20, 34], [0, 0]), Exit::Failed, "alone");
    assert_eq!(with([20, 34], [20, 20]), Exit::Inconclusive, "one of forty");
    assert_eq!(with([20, 34], [1, 1]), Exit::Failed, "the others have too few samples to raise a false alarm");
    assert_eq!(with([20, 60], [20, 20]), Exit::Failed, "real even so");
}
