//! Any text as a pattern for stacks or labels: what it lets through and what it leaves out add up to the whole; no
//! filter lets through more than there is.

use leakdiff::diff::{Diff, Filter, Options, TagFilter};
use regex::Regex;

use super::inputs::{diff_of, with};

/// A profile with files, inlined calls and labels.
const PROFILE: &[u8] = include_bytes!("../corpus/load/heap.pb.gz");

/// Filters a profile: the first byte chooses what the pattern is for.
pub fn run(bytes: &[u8]) {
    let [choice, rest @ ..] = bytes else { return };
    let Ok(text) = std::str::from_utf8(rest) else { return };
    let all = total(&Filter::default()).expect("the whole");
    if choice % 2 == 0 {
        let Ok(condition) = TagFilter::parse(text) else { return };
        let focused = with(|filter: &mut Filter| filter.tag_focus = Some(condition.clone()));
        let ignored = with(|filter: &mut Filter| filter.tag_ignore = Some(condition));
        assert_eq!(total(&focused).zip(total(&ignored)).map(|(with, without)| with + without), Some(all), "{text:?}");
        return;
    }
    let Ok(pattern) = Regex::new(text) else { return };
    let pattern = Some(pattern);
    let focused = with(|filter: &mut Filter| filter.focus = pattern.clone());
    let ignored = with(|filter: &mut Filter| filter.ignore = pattern.clone());
    assert_eq!(total(&focused).zip(total(&ignored)).map(|(with, without)| with + without), Some(all), "{text:?}");
    for filter in [
        with(|filter: &mut Filter| filter.hide = pattern.clone()),
        with(|filter: &mut Filter| filter.show = pattern.clone()),
        with(|filter: &mut Filter| filter.show_from = pattern),
    ] {
        assert!(total(&filter).is_some_and(|total| (0..=all).contains(&total)), "{text:?}");
    }
}

/// The total of what a filter lets through.
fn total(filter: &Filter) -> Option<i64> {
    let diff: Diff = diff_of(
        &[PROFILE],
        &with(|options: &mut Options| {
            (options.filter, options.exact_names) = (filter.clone(), true);
        }),
    )?;
    diff.totals(diff.metric).first().copied()
}
