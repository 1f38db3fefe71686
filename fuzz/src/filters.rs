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
        let Ok(filter) = TagFilter::parse(text) else { return };
        let focused = with(|all: &mut Filter| all.tag_focus = Some(filter.clone()));
        let ignored = with(|all: &mut Filter| all.tag_ignore = Some(filter));
        assert_eq!(total(&focused).zip(total(&ignored)).map(|(with, without)| with + without), Some(all), "{text:?}");
        return;
    }
    let Ok(pattern) = Regex::new(text) else { return };
    let pattern = Some(pattern);
    let focused = with(|all: &mut Filter| all.focus = pattern.clone());
    let ignored = with(|all: &mut Filter| all.ignore = pattern.clone());
    assert_eq!(total(&focused).zip(total(&ignored)).map(|(with, without)| with + without), Some(all), "{text:?}");
    for filter in [
        with(|all: &mut Filter| all.hide = pattern.clone()),
        with(|all: &mut Filter| all.show = pattern.clone()),
        with(|all: &mut Filter| all.show_from = pattern),
    ] {
        assert!(total(&filter).is_some_and(|total| (0..=all).contains(&total)), "{text:?}");
    }
}

/// The total of what a filter lets through.
fn total(filter: &Filter) -> Option<i64> {
    let options = with(|options: &mut Options| {
        options.filter = filter.clone();
        options.exact_names = true;
    });
    let diff: Diff = diff_of(&[PROFILE], &options)?;
    diff.totals(diff.metric).first().copied()
}
