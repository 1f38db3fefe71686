//! What holds for any profiles and limits.

use leakdiff::cli::Exit;
use proptest::prelude::*;

use crate::support::Profile;
use crate::{exact, exit, gate, sampled};

/// Stacks of a few functions with numbers of samples of a few sizes.
fn held() -> impl Strategy<Value = Vec<(String, i64, i64)>> {
    let stack = prop::sample::select(vec!["main.a;main.main", "main.b;main.main", "main.a;lib.c;main.main", "lib.d"]);
    let size = prop::sample::select(vec![16, 4096, 1 << 20]);
    prop::collection::vec((stack.prop_map(str::to_owned), 0..40_i64, size), 0..8)
}

fn profile(held: &[(String, i64, i64)], is_exact: bool) -> Profile {
    let held: Vec<_> = held.iter().map(|(stack, count, size)| (stack.as_str(), *count, *size)).collect();
    if is_exact { exact(&held) } else { sampled(&held) }
}

/// An option and how a limit is written for it.
fn option() -> impl Strategy<Value = (&'static str, &'static str)> {
    prop::sample::select(vec![
        ("--max-growth", ""),
        ("--max-total", ""),
        ("--per-stack", ""),
        ("--limit", "main.**="),
        ("--max-objects", ""),
    ])
}

fn severity(exit: Exit) -> u8 {
    match exit {
        Exit::Done => 0,
        Exit::Inconclusive => 1,
        Exit::Failed => 2,
        Exit::Error => panic!("an error"),
    }
}

proptest! {
    #![proptest_config(crate::support::cases(60))]

    #[test]
    fn raising_a_limit_never_makes_it_worse(
        base in held(), new in held(), is_exact: bool, (option, scope) in option(), low in 0..30_000_000_i64, more in 0..30_000_000_i64
    ) {
        let (base, new) = (profile(&base, is_exact), profile(&new, is_exact));
        let with = |limit: i64| severity(exit(&base, &new, &[option, &format!("{scope}{limit}")]));
        prop_assert!(with(low) >= with(low + more));
    }

    #[test]
    fn raising_one_part_of_a_limit_never_makes_it_worse(
        base in held(), new in held(), is_exact: bool, (option, scope) in option(), both in "[|&]",
        bytes in 0..9_000_000_i64, more in 0..9_000_000_i64, share in 0..90_u32, larger in 0..90_u32
    ) {
        prop_assume!(option != "--max-total");
        let (base, new) = (profile(&base, is_exact), profile(&new, is_exact));
        let with = |bytes: i64, share: u32| {
            severity(exit(&base, &new, &[option, &format!("{scope}{bytes}{both}{share}%")]))
        };
        let verdict = with(bytes, share);
        prop_assert!(verdict >= with(bytes + more, share));
        prop_assert!(verdict >= with(bytes, share + larger));
    }

    #[test]
    fn both_parts_are_as_strict_as_the_milder_and_either_at_least_as_the_stricter(
        base in held(), new in held(), bytes in 0..9_000_000_i64, share in 0..90_u32
    ) {
        let (base, new) = (profile(&base, true), profile(&new, true));
        let with = |limit: String| severity(exit(&base, &new, &["--max-growth", &limit]));
        let (absolute, relative) = (with(format!("{bytes}")), with(format!("{share}%")));
        prop_assert_eq!(with(format!("{bytes}&{share}%")), absolute.min(relative));
        prop_assert_eq!(with(format!("{bytes}|{share}%")), absolute.max(relative));
    }

    #[test]
    fn nothing_changed_passes_any_limit_of_growth(held in held(), is_exact: bool) {
        prop_assume!(held.iter().any(|(_, count, _)| *count > 0));
        let profile = profile(&held, is_exact);
        let limits = ["--max-growth", "0|0%", "--max-objects", "0", "--per-stack", "0|0%", "--limit", "**=0"];
        prop_assert_eq!(exit(&profile, &profile, &limits), Exit::Done);
    }

    #[test]
    fn the_order_of_samples_does_not_show(base in held(), new in held(), is_exact: bool) {
        let reversed = |held: &[(String, i64, i64)]| held.iter().rev().cloned().collect::<Vec<_>>();
        let limits = ["--max-growth", "1MiB|1%", "--max-objects", "5", "--per-stack", "1KiB", "--limit", "main.a=1KiB", "-f", "json"];
        let one = gate(&[&profile(&base, is_exact), &profile(&new, is_exact)], &limits);
        let other = gate(&[&profile(&reversed(&base), is_exact), &profile(&reversed(&new), is_exact)], &limits);
        prop_assert_eq!(one.exit, other.exit);
        let verdict = |outcome: &crate::Outcome| without_labels(&outcome.json()["verdict"]);
        prop_assert_eq!(verdict(&one), verdict(&other));
    }
}

/// The verdict without the paths of the files, which lie in another folder each time.
fn without_labels(verdict: &serde_json::Value) -> serde_json::Value {
    let mut verdict = verdict.clone();
    for list in ["checks", "breaches"] {
        for item in verdict[list].as_array_mut().into_iter().flatten() {
            item["base"] = serde_json::Value::Null;
            item["message"] = serde_json::Value::Null;
        }
    }
    verdict
}
