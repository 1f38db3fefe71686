//! Any text as a pattern for stacks or labels: what it lets through and what it leaves out add up to the whole; no
//! filter lets through more than there is.

use leakdiff::diff::{Diff, Filter, Options, TagFilter};
use regex::Regex;

use super::inputs::diff_of;

/// A profile with files, inlined calls and labels.
const PROFILE: &[u8] = include_bytes!("../corpus/load/heap.pb.gz");

/// Filters a profile: the first byte chooses what the pattern is for.
pub fn run(bytes: &[u8]) {
    let [choice, rest @ ..] = bytes else { return };
    let Ok(text) = std::str::from_utf8(rest) else { return };
    let all = total(&Filter::default()).expect("the whole");
    if choice % 2 == 0 {
        let Ok(filter) = TagFilter::parse(text) else { return };
        let focused = Filter { tag_focus: Some(filter.clone()), ..Filter::default() };
        let ignored = Filter { tag_ignore: Some(filter), ..Filter::default() };
        assert_eq!(total(&focused).zip(total(&ignored)).map(|(with, without)| with + without), Some(all), "{text:?}");
        return;
    }
    let Ok(pattern) = Regex::new(text) else { return };
    let pattern = Some(pattern);
    let focused = Filter { focus: pattern.clone(), ..Filter::default() };
    let ignored = Filter { ignore: pattern.clone(), ..Filter::default() };
    assert_eq!(total(&focused).zip(total(&ignored)).map(|(with, without)| with + without), Some(all), "{text:?}");
    for filter in [
        Filter { hide: pattern.clone(), ..Filter::default() },
        Filter { show: pattern.clone(), ..Filter::default() },
        Filter { show_from: pattern, ..Filter::default() },
    ] {
        assert!(total(&filter).is_some_and(|total| (0..=all).contains(&total)), "{text:?}");
    }
}

/// The total of what a filter lets through.
fn total(filter: &Filter) -> Option<i64> {
    let diff: Diff = diff_of(&[PROFILE], &Options { filter: filter.clone(), exact_names: true, ..Options::default() })?;
    diff.totals(diff.metric).first().copied()
}
