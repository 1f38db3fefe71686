//! Which of many files are compared: the profiles of a folder, of a quoted pattern, of a long list.
//!
//! In: inputs that may be anything, and what the command compares. Out: the snapshots, in order; the goroutines at their
//! moments; a warning that names what was passed over. Invariant: it is decided by what the files hold, not by their names,
//! and nothing is passed over in silence.

use anyhow::Result;

use crate::load::{self, Content, Input, Limits, Loaded, Problem, Sorted};
use crate::model::{Header, Snapshot};
use crate::source::Location;

/// What a command makes of many files.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Gathering {
    /// Whether some stand in a folder or fit a pattern: the user named none of them.
    pub is_found: bool,
    /// Whether the command is about goroutines, not about heaps where there are any.
    pub is_of_goroutines: bool,
    /// Whether goroutines may stand beside heaps.
    pub takes_goroutines: bool,
    /// Whether it is a gate: a profile that cannot be read is an error, and the order given is kept.
    pub is_gate: bool,
}

impl Gathering {
    /// What is made of these inputs; `None` where they are compared as they are named: the runs of two sides, a few files,
    /// files with labels.
    pub fn of(self, inputs: &[Location], sides: &[usize]) -> Option<Self> {
        let is_named = || inputs.iter().any(|input| input.path.as_os_str() != input.label.as_str());
        let is_many = inputs.len() >= MANY && !is_named();
        Some(self).filter(|_| sides.is_empty() && (self.is_found || is_many))
    }
}

/// What is compared.
pub(super) struct Gathered {
    pub loaded: Loaded,
    /// Goroutines at the moments of the heaps, where there are any among the files.
    pub goroutines: Option<Loaded>,
}

/// Files that are passed over, each with the reason.
type Passed = Vec<(String, String)>;

/// The fewest files that are sorted out although each was named.
const MANY: usize = 3;

/// Loads what is compared of these inputs.
pub(super) fn gather(inputs: Vec<Input>, gathering: Gathering, limits: Limits) -> Result<Gathered> {
    let Sorted { mut groups, others } = load::sort(inputs, limits);
    let forgives = gathering.is_found && !gathering.is_gate;
    let mut passed = Passed::new();
    for error in others {
        match reason(&error.problem, forgives) {
            Some(reason) if !groups.is_empty() => passed.push((error.input, reason)),
            _ => return Err(error.into()),
        }
    }
    let is_wanted = |group: &load::Group| group.content != Content::Heap || !gathering.is_of_goroutines;
    let main = groups.remove(groups.iter().position(is_wanted).unwrap_or(0));
    let (content, mut loaded) = (main.content, main.loaded);
    if gathering.is_found {
        keep_one_form(&mut loaded, &mut passed);
        put_in_order(&mut loaded.snapshots);
    } else if !gathering.is_gate {
        loaded = loaded.in_order_of_time();
    }
    let mut goroutines = None;
    for mut group in groups {
        let is_beside = content == Content::Heap && group.content == Content::Goroutines && goroutines.is_none();
        if is_beside && gathering.takes_goroutines {
            keep_one_form(&mut group.loaded, &mut passed);
            keep_moments(&mut group.loaded, &loaded.snapshots, &mut passed);
            goroutines = Some(group.loaded).filter(|loaded| !loaded.snapshots.is_empty());
        } else {
            pass_over(&group.loaded.snapshots, |snapshot| what(group.content, snapshot), &mut passed);
        }
    }
    if gathering.is_found {
        passed.iter_mut().for_each(|(name, _)| *name = file_name(name));
    }
    loaded.warnings.extend(load::passed_over(&passed));
    Ok(Gathered { loaded, goroutines })
}

/// A file without the folder that was named.
fn file_name(path: &str) -> String {
    path.rsplit(['/', '\\']).next().unwrap_or(path).to_owned()
}

/// Why an input that cannot be loaded is passed over; `None` where it is an error.
fn reason(problem: &Problem, forgives: bool) -> Option<String> {
    match problem {
        Problem::Foreign { what, .. } => Some((*what).to_owned()),
        Problem::Empty | Problem::EmptyGzip if forgives => Some("empty".to_owned()),
        problem if forgives => Some(problem.to_string()),
        _ => None,
    }
}

/// What a profile of another kind counts.
fn what(content: Content, snapshot: &Snapshot) -> String {
    match content {
        Content::Heap => "a heap".to_owned(),
        Content::Goroutines => "goroutines".to_owned(),
        Content::ProvenLeaks => "goroutines that are proven to have leaked".to_owned(),
        Content::Other => {
            let names: Vec<&str> = snapshot.metrics.iter().map(|metric| metric.name.as_str()).collect();
            format!("a profile of {}", names.join(", "))
        }
    }
}

fn pass_over(snapshots: &[Snapshot], reason: impl Fn(&Snapshot) -> String, passed: &mut Passed) {
    passed.extend(snapshots.iter().map(|snapshot| (snapshot.header.label.clone(), reason(snapshot))));
}

/// Keeps the snapshots for which `keeps` holds, and what is said of them.
fn keep(
    loaded: &mut Loaded,
    keeps: impl Fn(&Snapshot) -> bool,
    reason: impl Fn(&Snapshot) -> String,
    passed: &mut Passed,
) {
    let (kept, gone): (Vec<_>, Vec<_>) = std::mem::take(&mut loaded.snapshots).into_iter().partition(|one| keeps(one));
    pass_over(&gone, reason, passed);
    let is_gone = |label: &String| gone.iter().any(|snapshot| snapshot.header.label == *label);
    loaded.warnings.retain(|warning| !warning.input.as_ref().is_some_and(is_gone));
    loaded.snapshots = kept;
}

/// Of the same profiles in several forms one: that which states its times, then that which there is most of. Where each form
/// has only one, they are no series in several forms, but one series.
fn keep_one_form(loaded: &mut Loaded, passed: &mut Passed) {
    let mut forms: Vec<(&'static str, bool, usize)> = Vec::new();
    let profiles = loaded.snapshots.iter().map(|snapshot| &snapshot.header).filter(|header| header.baseline.is_none());
    for Header { format, time_nanos, .. } in profiles {
        match forms.iter_mut().find(|(known, ..)| known == format) {
            Some((_, is_timed, count)) => (*is_timed, *count) = (*is_timed && time_nanos.is_some(), *count + 1),
            None => forms.push((format, time_nanos.is_some(), 1)),
        }
    }
    let best = forms
        .iter()
        .filter(|(.., count)| *count > 1)
        .max_by_key(|(format, is_timed, count)| (*is_timed, *count, std::cmp::Reverse(*format)));
    let Some((best, ..)) = best.copied() else { return };
    keep(
        loaded,
        |snapshot| snapshot.header.format == best || snapshot.header.baseline.is_some(),
        |snapshot| format!("another form: {}", snapshot.header.format),
        passed,
    );
}

/// Keeps of goroutines those at the moments of heaps, in their order; none, where they cannot be told or fewer than two are.
fn keep_moments(goroutines: &mut Loaded, heaps: &[Snapshot], passed: &mut Passed) {
    let times = |snapshots: &[Snapshot]| -> Option<Vec<i64>> {
        snapshots.iter().map(|snapshot| snapshot.header.time_nanos).collect()
    };
    put_in_order(&mut goroutines.snapshots);
    let kept = match (times(&goroutines.snapshots), times(heaps)) {
        (Some(of_goroutines), Some(of_heaps)) => moments(&of_goroutines, &of_heaps),
        _ if goroutines.snapshots.len() == heaps.len() => vec![true; heaps.len()],
        _ => vec![false; goroutines.snapshots.len()],
    };
    let is_enough = kept.iter().filter(|kept| **kept).count() >= heaps.len().min(2);
    let labels: Vec<String> = goroutines.snapshots.iter().map(|snapshot| snapshot.header.label.clone()).collect();
    let is_kept = |snapshot: &Snapshot| {
        let at = labels.iter().position(|label| *label == snapshot.header.label);
        is_enough && at.is_some_and(|at| kept[at])
    };
    keep(goroutines, is_kept, |_| "goroutines of no moment of a heap".to_owned(), passed);
}

/// Which goroutine profiles are of the moment of a heap: the nearest to it, and no further than a quarter of the time to
/// the next heap.
fn moments(goroutines: &[i64], heaps: &[i64]) -> Vec<bool> {
    let mut kept = vec![false; goroutines.len()];
    for (at, heap) in heaps.iter().enumerate() {
        let distance = |time: i64| time.abs_diff(*heap);
        let others = heaps.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, time)| distance(*time));
        let nearest = (0..goroutines.len()).min_by_key(|one| distance(goroutines[*one]));
        let reach = others.min().unwrap_or(u64::MAX) / 4;
        if let Some(nearest) = nearest.filter(|one| distance(goroutines[*one]) <= reach) {
            kept[nearest] = true;
        }
    }
    kept
}

/// By their times, where all state one, else by their names: `heap2` comes before `heap10`. A baseline comes first.
fn put_in_order(snapshots: &mut [Snapshot]) {
    let is_profile = |snapshot: &Snapshot| snapshot.header.baseline.is_none();
    let is_timed = snapshots.iter().all(|snapshot| snapshot.header.time_nanos.is_some() || !is_profile(snapshot));
    snapshots.sort_by_cached_key(|snapshot| {
        let Header { time_nanos, label, .. } = &snapshot.header;
        (is_profile(snapshot), time_nanos.filter(|_| is_timed), natural(label))
    });
}

/// What a name is ordered by: its characters, and in the place of the first digit of a number all of it.
fn natural(name: &str) -> Vec<(char, u64, String)> {
    const NUMBER: char = '0';
    let mut parts: Vec<(char, u64, String)> = Vec::new();
    for character in name.chars() {
        match (character.to_digit(10), parts.last_mut()) {
            (Some(digit), Some((NUMBER, number, digits))) => {
                *number = number.saturating_mul(10).saturating_add(u64::from(digit));
                digits.push(character);
            }
            (Some(digit), _) => parts.push((NUMBER, u64::from(digit), character.to_string())),
            (None, _) => parts.push((character, 0, String::new())),
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_names_are_numbers() {
        let mut names = ["heap10.pb", "heap2.pb", "heap.pb", "a9b", "heap02.pb", "a10"];
        names.sort_by_key(|name| natural(name));
        assert_eq!(names, ["a9b", "a10", "heap.pb", "heap02.pb", "heap2.pb", "heap10.pb"]);
    }

    #[test]
    fn goroutines_belong_to_the_nearest_heap() {
        assert_eq!(moments(&[0, 50, 99], &[1, 100]), [true, false, true]);
        assert_eq!(moments(&[20, 80], &[0, 100]), [true, true]);
        assert_eq!(moments(&[40, 60], &[0, 100]), [false, false]);
        assert_eq!(moments(&[1000], &[0, 100]), [false]);
        assert_eq!(moments(&[5, 105, 205], &[0, 100, 200]), [true, true, true]);
        assert_eq!(moments(&[7], &[3]), [true]);
    }
}
