//! A limit is tested against the limit: what is real over nothing may still be within.

use leakdiff::cli::Exit;

use crate::support::Profile;
use crate::{exit, gate, sampled, sampled_in, verdict};

/// So many samples of 4 KiB blocks, worth half a MiB each.
fn heap(samples: i64) -> Profile {
    sampled(&[("main.keep;main.main", samples, 4096)])
}

#[test]
fn growth_that_is_real_but_may_be_within_its_limit_is_inconclusive() {
    // 90 samples more of 290: real for certain, and 46 MiB give or take 9 is no more than 40 for certain.
    let (base, new) = (heap(100), heap(190));
    let with = |limit: &str| exit(&base, &new, &["--max-growth", limit]);
    assert_eq!([with("46MiB"), with("40MiB"), with("15MiB")], [Exit::Done, Exit::Inconclusive, Exit::Failed]);
    let breach = verdict(&[&base, &new], &["--max-growth", "40MiB"])["breaches"][0].clone();
    assert_eq!(breach["evidence"]["verdict"], "certain", "that there is growth is not in question");
    let at_least = breach["at_least"].as_i64().expect("a number");
    // 45 MiB less 3.1 standard errors of 8.5 MiB each.
    assert!((17..21).contains(&(at_least >> 20)), "{at_least}");
    // What the interval says and what the verdict says are one.
    let limit = |bytes: i64| exit(&base, &new, &["--max-growth", &format!("{bytes}")]);
    assert_eq!((limit(at_least - 1), limit(at_least + (1 << 20))), (Exit::Failed, Exit::Inconclusive));
}

#[test]
fn the_text_says_how_far_the_interval_is_from_the_limit() {
    let outcome = gate(&[&heap(100), &heap(190)], &["--max-growth", "40MiB"]);
    assert!(outcome.stdout.contains(" or more, ") && outcome.stdout.contains(" below the limit"), "{}", outcome.stdout);
    let outcome = gate(&[&heap(100), &heap(190)], &["--max-growth", "5MiB"]);
    assert!(outcome.stdout.contains(" above the limit"), "{}", outcome.stdout);
}

#[test]
fn the_value_before_has_an_error_of_its_own() {
    // 100 samples more than 100, and as much is 95 % of what was before: either may be by chance.
    let absolute = exit(&heap(100), &heap(200), &["--max-growth", "1MiB"]);
    let share = exit(&heap(100), &heap(200), &["--max-growth", "40%"]);
    let amount = exit(&heap(100), &heap(200), &["--max-growth", "20MiB"]);
    // 40 % of 50 MiB are 20 MiB: without the error of the share that would be as sure.
    assert_eq!([absolute, amount, share], [Exit::Failed, Exit::Failed, Exit::Inconclusive]);
    let in_one = |samples: i64, time: i64| {
        sampled_in(Profile::new().build_id("b").time(time), &[("main.keep;main.main", samples, 4096)])
    };
    // In one process what stayed cancels, but not in a share of it.
    let (base, new) = (in_one(100, 1_000_000_000), in_one(130, 2_000_000_000));
    let with = |limit: &str| exit(&base, &new, &["--max-growth", limit]);
    assert_eq!([with("3MiB"), with("6%"), with("100%")], [Exit::Failed, Exit::Failed, Exit::Done]);
    let sum = verdict(&[&base, &new], &["--max-growth", "6%"])["breaches"][0]["at_least"].as_i64().expect("a number");
    let alone =
        verdict(&[&base, &new], &["--max-growth", "3MiB"])["breaches"][0]["at_least"].as_i64().expect("a number");
    assert!(sum < alone, "{sum} {alone}");
}

#[test]
fn all_limits_share_the_probability_of_a_false_alarm() {
    // 3.4 standard errors: enough for one limit, and not for ten.
    let (base, new) = (heap(100), heap(155));
    assert_eq!(exit(&base, &new, &["--max-growth", "0"]), Exit::Failed);
    let many: Vec<String> = (0..9).map(|number| format!("main.{}**=0", "k".repeat(usize::from(number == 0)))).collect();
    let mut args = vec!["--max-growth", "0"];
    many.iter().for_each(|limit| args.extend(["--limit", limit]));
    assert_eq!(exit(&base, &new, &args), Exit::Inconclusive);
    assert_eq!(exit(&base, &new, &["--max-growth", "0", "--metric", "inuse_space,inuse_objects"]), Exit::Failed);
    // Of one limit both parts count together; of two alternatives each has half.
    assert_eq!(exit(&base, &new, &["--max-growth", "0&0%"]), Exit::Failed);
}
