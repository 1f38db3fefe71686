//! Which samples and frames take part: pprof's focus, ignore, hide, show, show-from, tag filters, and the profile's
//! own drop_frames.
//!
//! In: snapshots and what the user asked for. Out: snapshots with the samples that are left, and the visible lines of
//! every location. Invariant: the same filter on all snapshots, in pprof's order: drop/keep_frames, then focus, ignore,
//! hide and show, then show-from, then tags; after drop/keep_frames what `allocator.rs` leaves out.
//! Knows nothing of alignment: it works on names as the profile spells them.

use std::borrow::Cow;
use std::ops::Range;

use regex::Regex;

use crate::model::{Line, Location, LocationId, Snapshot, Symbols, Warning};

use super::allocator;
use super::tags::TagFilter;
use super::warning::{invalid_frame_filter, no_match};

/// What takes part in a diff. The default lets everything through.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Filter {
    /// Keep samples with a frame that matches.
    pub focus: Option<Regex>,
    /// Drop samples with a frame that matches.
    pub ignore: Option<Regex>,
    /// Hide frames that match.
    pub hide: Option<Regex>,
    /// Hide frames that do not match.
    pub show: Option<Regex>,
    /// Cut off the callers of the outermost frame that matches; drop samples without one.
    pub show_from: Option<Regex>,
    /// Keep samples with a label that matches.
    pub tag_focus: Option<TagFilter>,
    /// Drop samples with a label that matches.
    pub tag_ignore: Option<TagFilter>,
}

/// The visible lines of every location, indexed by location id. A location whose lines are all hidden has none; one
/// that has no symbols has one line without a function.
pub(super) type Frames<'a> = Vec<Cow<'a, [Line]>>;

/// The frame of a location without symbols.
const UNKNOWN: &[Line] = &[Line { function: None, line: 0, column: 0 }];

impl Filter {
    /// Whether it may leave samples out, rather than frames only.
    pub(super) fn drops_samples(&self) -> bool {
        let Self { focus, ignore, hide, show, show_from, tag_focus, tag_ignore } = self;
        let by_name = [focus, ignore, hide, show, show_from].iter().any(|pattern| pattern.is_some());
        by_name || tag_focus.is_some() || tag_ignore.is_some()
    }

    /// The options in effect by name, with what was given with them.
    pub(super) fn active(&self) -> Vec<(&'static str, String)> {
        let Self { focus, ignore, hide, show, show_from, tag_focus, tag_ignore } = self;
        let patterns = [("focus", focus), ("ignore", ignore), ("hide", hide), ("show", show), ("show-from", show_from)];
        let patterns = patterns.map(|(option, pattern)| (option, pattern.as_ref().map(|regex| regex.as_str())));
        let tags = [("tagfocus", tag_focus), ("tagignore", tag_ignore)];
        let tags = tags.map(|(option, filter)| (option, filter.as_ref().map(TagFilter::text)));
        let given = patterns.into_iter().chain(tags);
        given.filter_map(|(option, text)| Some((option, text?.to_owned()))).collect()
    }

    /// Applies the filter; `exact_names` keeps the frames of allocators. Options that matched nothing are reported.
    pub(super) fn apply<'a>(
        &self,
        symbols: &'a Symbols,
        exact_names: bool,
        snapshots: &mut [Snapshot],
        warnings: &mut Vec<Warning>,
    ) -> Frames<'a> {
        let mut frames: Frames<'a> = symbols.locations().map(visible_lines).collect();
        if let Some(header) = snapshots.last().map(|newest| newest.header.clone()) {
            match FrameRules::parse(&header.drop_frames, &header.keep_frames) {
                Ok(Some(rules)) => rules.prune(symbols, &mut frames, snapshots),
                Ok(None) => {}
                Err(cause) => warnings.push(invalid_frame_filter::warning(&header.label, &cause)),
            }
        }
        if !exact_names {
            allocator::leave_out(symbols, &mut frames, snapshots);
        }
        self.apply_names(symbols, &mut frames, snapshots, warnings);
        self.apply_show_from(symbols, &mut frames, snapshots, warnings);
        self.apply_tags(symbols, snapshots, warnings);
        frames
    }

    fn apply_names(
        &self,
        symbols: &Symbols,
        frames: &mut Frames<'_>,
        snapshots: &mut [Snapshot],
        warnings: &mut Vec<Warning>,
    ) {
        let Self { focus, ignore, hide, show, .. } = self;
        if focus.is_none() && ignore.is_none() && hide.is_none() && show.is_none() {
            return;
        }
        let matches = |regex: &Option<Regex>| -> Option<Vec<bool>> {
            let regex = regex.as_ref()?;
            let visible = symbols.locations().zip(frames.iter());
            Some(visible.map(|(location, lines)| location_matches(symbols, location, lines, regex)).collect())
        };
        let (focused, ignored, hides, shows) = (matches(focus), matches(ignore), matches(hide), matches(show));
        for (location, lines) in symbols.locations().zip(frames.iter_mut()) {
            if let Some(regex) = hide {
                retain(symbols, location, lines, regex, false);
            }
            if let Some(regex) = show {
                retain(symbols, location, lines, regex, true);
            }
        }
        let is_in = |set: &Option<Vec<bool>>, stack: &[LocationId]| {
            set.as_ref().map(|set| stack.iter().any(|location| set[location.index()]))
        };
        for snapshot in snapshots.iter_mut() {
            *snapshot = snapshot.filter_map(|_, stack| {
                let keeps = is_in(&focused, stack).unwrap_or(!stack.is_empty())
                    && !is_in(&ignored, stack).unwrap_or(false)
                    && stack.iter().any(|location| !frames[location.index()].is_empty());
                keeps.then_some(0..stack.len())
            });
        }
        let never = |set: &Option<Vec<bool>>| set.as_ref().is_some_and(|set| !set.contains(&true));
        no_match(warnings, "--focus", never(&focused));
        no_match(warnings, "--ignore", never(&ignored));
        no_match(warnings, "--hide", never(&hides));
        no_match(warnings, "--show", never(&shows));
    }

    fn apply_show_from(
        &self,
        symbols: &Symbols,
        frames: &mut Frames<'_>,
        snapshots: &mut [Snapshot],
        warnings: &mut Vec<Warning>,
    ) {
        let Some(regex) = &self.show_from else { return };
        let matched: Vec<bool> = symbols
            .locations()
            .zip(frames.iter_mut())
            .map(|(location, lines)| cut_callers(symbols, location, lines, regex))
            .collect();
        for snapshot in snapshots.iter_mut() {
            *snapshot = snapshot.filter_map(|_, stack| {
                let outermost = stack.iter().rposition(|location| matched[location.index()])?;
                Some(0..outermost + 1)
            });
        }
        no_match(warnings, "--show-from", !matched.contains(&true));
    }

    fn apply_tags(&self, symbols: &Symbols, snapshots: &mut [Snapshot], warnings: &mut Vec<Warning>) {
        let sets = |filter: &Option<TagFilter>| -> Option<Vec<bool>> {
            let filter = filter.as_ref()?;
            let ids = 0..symbols.labels_count() as u32;
            Some(ids.map(|id| filter.matches(symbols, symbols.labels(crate::model::LabelsId(id)))).collect())
        };
        let (focused, ignored) = (sets(&self.tag_focus), sets(&self.tag_ignore));
        if focused.is_none() && ignored.is_none() {
            return;
        }
        for snapshot in snapshots.iter_mut() {
            *snapshot = snapshot.filter_map(|row, stack| {
                let labels = snapshot.labels(row).index();
                let keeps =
                    focused.as_ref().is_none_or(|set| set[labels]) && !ignored.as_ref().is_some_and(|set| set[labels]);
                keeps.then_some(0..stack.len())
            });
        }
        let never = |set: &Option<Vec<bool>>| set.as_ref().is_some_and(|set| !set.contains(&true));
        no_match(warnings, "--tagfocus", never(&focused));
        no_match(warnings, "--tagignore", never(&ignored));
    }
}

pub(super) fn no_match(warnings: &mut Vec<Warning>, option: &str, never: bool) {
    if never {
        warnings.push(no_match::warning(option));
    }
}

fn visible_lines(location: &Location) -> Cow<'_, [Line]> {
    Cow::Borrowed(if location.lines.is_empty() { UNKNOWN } else { &location.lines })
}

fn mapping_matches(symbols: &Symbols, location: &Location, regex: &Regex) -> bool {
    location.mapping.is_some_and(|mapping| regex.is_match(symbols.str(symbols.mapping(mapping).file)))
}

fn line_matches(symbols: &Symbols, line: &Line, regex: &Regex) -> bool {
    line.function.is_some_and(|function| {
        let function = symbols.function(function);
        regex.is_match(symbols.str(function.name)) || regex.is_match(symbols.str(function.file))
    })
}

fn location_matches(symbols: &Symbols, location: &Location, lines: &[Line], regex: &Regex) -> bool {
    lines.iter().any(|line| line_matches(symbols, line, regex)) || mapping_matches(symbols, location, regex)
}

/// Keeps the lines of a location that match (`wanted`) or that do not. Lines without a function count as matching for
/// `show` and as not matching for `hide`, as in pprof; a matching mapping decides for all lines. A location without any
/// line is never shown by `show`.
fn retain(symbols: &Symbols, location: &Location, lines: &mut Cow<'_, [Line]>, regex: &Regex, wanted: bool) {
    let is_nameless = location.lines.is_empty();
    let is_mapped = mapping_matches(symbols, location, regex);
    let keeps = |line: &Line| line.function.is_none() || line_matches(symbols, line, regex) == wanted;
    if (wanted && is_nameless) || (!wanted && is_mapped) {
        *lines = Cow::Owned(Vec::new());
    } else if !is_mapped && !lines.iter().all(keeps) {
        *lines = Cow::Owned(lines.iter().copied().filter(keeps).collect());
    }
}

/// Cuts the callers inlined above the outermost matching line; says whether the location matches.
fn cut_callers(symbols: &Symbols, location: &Location, lines: &mut Cow<'_, [Line]>, regex: &Regex) -> bool {
    if mapping_matches(symbols, location, regex) {
        return true;
    }
    match lines.iter().rposition(|line| line_matches(symbols, line, regex)) {
        Some(outermost) => {
            if outermost + 1 < lines.len() {
                *lines = Cow::Owned(lines[..=outermost].to_vec());
            }
            true
        }
        None => false,
    }
}

/// The profile's own rules: frames below one that matches `drop` and not `keep` are internals of an allocator.
struct FrameRules {
    drop: Regex,
    keep: Option<Regex>,
}

impl FrameRules {
    fn parse(drop: &str, keep: &str) -> Result<Option<Self>, regex::Error> {
        if drop.is_empty() {
            return Ok(None);
        }
        let whole = |pattern: &str| Regex::new(&format!("^(?:{pattern})$"));
        let keep = if keep.is_empty() { None } else { Some(whole(keep)?) };
        Ok(Some(Self { drop: whole(drop)?, keep }))
    }

    fn matches(&self, name: &str) -> bool {
        let name = without_arguments(name);
        !name.is_empty() && self.drop.is_match(name) && !self.keep.as_ref().is_some_and(|keep| keep.is_match(name))
    }

    fn prune(&self, symbols: &Symbols, frames: &mut Frames<'_>, snapshots: &mut [Snapshot]) {
        /// What a location means for the stacks through it.
        #[derive(Clone, Copy, PartialEq)]
        enum Cut {
            Nothing,
            Beneath,
            AlsoItself,
        }
        let cuts: Vec<Cut> = symbols
            .locations()
            .zip(frames.iter_mut())
            .map(|(location, lines)| {
                let name = |line: &Line| line.function.map_or("", |id| symbols.str(symbols.function(id).name));
                match location.lines.iter().rposition(|line| self.matches(name(line))) {
                    None => Cut::Nothing,
                    Some(outermost) if outermost + 1 == location.lines.len() => Cut::AlsoItself,
                    Some(outermost) => {
                        *lines = Cow::Owned(location.lines[outermost + 1..].to_vec());
                        Cut::Beneath
                    }
                }
            })
            .collect();
        for snapshot in snapshots.iter_mut() {
            *snapshot = snapshot.filter_map(|_, stack| {
                Some(kept_range(stack, |id: LocationId| match cuts[id.index()] {
                    Cut::Nothing => None,
                    Cut::Beneath => Some(0),
                    Cut::AlsoItself => Some(1),
                }))
            });
        }
    }
}

/// The part of a stack that pruning leaves: from the first cut below the outermost frame that is not itself cut.
/// `cut` says how many frames at a location are cut with what is beneath it.
fn kept_range(stack: &[LocationId], cut: impl Fn(LocationId) -> Option<usize>) -> Range<usize> {
    let mut found_kept = false;
    for (index, location) in stack.iter().enumerate().rev() {
        match cut(*location) {
            None => found_kept = true,
            Some(itself) if found_kept => return index + itself..stack.len(),
            Some(_) => {}
        }
    }
    0..stack.len()
}

/// A C++ name without its argument list, which frame rules do not spell out.
fn without_arguments(name: &str) -> &str {
    let name = name.strip_prefix('.').unwrap_or(name);
    let mut from = 0;
    while let Some(at) = name[from..].find('(').map(|at| from + at) {
        let reserved = ["(anonymous namespace)", "()"].iter().find(|reserved| {
            name[at..].starts_with(**reserved) && (**reserved != "()" || name[..at].ends_with("operator"))
        });
        match reserved {
            Some(reserved) => from = at + reserved.len(),
            None => return &name[..at],
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn argument_lists_are_cut_off() {
        assert_eq!(without_arguments("ns::f(int, char)"), "ns::f");
        assert_eq!(without_arguments("(anonymous namespace)::f(int)"), "(anonymous namespace)::f");
        assert_eq!(without_arguments("T::operator()(int)"), "T::operator()");
        assert_eq!(without_arguments("malloc"), "malloc");
    }

    #[test]
    fn pruning_stops_at_the_first_cut_below_a_kept_frame() {
        let stack: Vec<LocationId> = (0..5).map(LocationId).collect();
        let cut = |cuts: &'static [(u32, usize)]| {
            move |id: LocationId| cuts.iter().find(|(at, _)| *at == id.0).map(|(_, itself)| *itself)
        };
        assert_eq!(kept_range(&stack, cut(&[(1, 1)])), 2..5);
        assert_eq!(kept_range(&stack, cut(&[(1, 0)])), 1..5);
        assert_eq!(kept_range(&stack, cut(&[(4, 1)])), 0..5);
        assert_eq!(kept_range(&stack, cut(&[])), 0..5);
    }
}
