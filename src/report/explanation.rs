//! Why something is suspected, and what cannot be told: sentences made from facts.
//!
//! In: a suspect with what the profiles tell of it. Out: its explanation, and what would make surer.
//! Invariant: nothing is claimed that the facts do not hold, and no advice is given that was followed already.
//! Knows no markup and escapes nothing.

use crate::diagnose;
use crate::diagnose::signature::{Confidence, Kind, Raise};
use crate::diff::Diff;
use crate::model::Series;
use crate::model::name;
use crate::rows::Via;
use crate::rows::goroutines::METRICS;
use crate::stats::Course;
use crate::units::{Scale, format, format_signed, thousands};

use super::{Responsible, Suspect, percent};

/// What an explanation is made from, beside what the suspect itself holds.
#[derive(Debug, Clone)]
pub(super) struct Facts {
    /// The unit it grew in.
    unit: String,
    /// What speaks for and against it.
    pub score: i32,
    /// What it leaked at least.
    pub least: i64,
    /// How many stacks grew.
    stacks: usize,
    /// Its part of all growth, where that is a part.
    share: Option<f64>,
    /// The accountable frame, as its own stacks tell it.
    frame: Option<Responsible>,
    /// Whether it is counted in goroutines.
    is_of_goroutines: bool,
    /// How many snapshots were compared.
    snapshots: usize,
    /// Whether it was seen to go on growing in a series.
    goes_on: bool,
    /// What would raise the confidence, if it is not there already.
    raise: Raise,
    /// Whether goroutine profiles were given beside the heap.
    pub has_goroutines: bool,
    /// The accountable frame, as the goroutines that belong to it tell it.
    pub waiting: Option<Responsible>,
}

impl Facts {
    /// What a diff tells of one of its suspects.
    pub fn new(diff: &Diff, total: &Series, suspect: &diagnose::Suspect, frame: Option<Responsible>) -> Self {
        let metric = diff.metric();
        let share = suspect.values.delta() as f64 / total.delta() as f64;
        Self {
            unit: metric.unit.clone(),
            score: suspect.score(),
            least: suspect.least(),
            stacks: suspect.stacks.len(),
            share: Some(share).filter(|share| total.delta() > 0 && *share <= 1.0),
            frame,
            is_of_goroutines: METRICS.contains(&metric.name.as_str()),
            snapshots: diff.snapshots.len(),
            goes_on: suspect.trend.course == Course::Growing,
            raise: suspect.signature.raise,
            has_goroutines: false,
            waiting: None,
        }
    }
}

/// What would raise the confidence, as the end of "to be sure, ...".
pub(super) fn raise(suspect: &Suspect) -> &'static str {
    const LATER: &str = "compare profiles taken later";
    let facts = &suspect.facts;
    match facts.raise {
        _ if facts.is_of_goroutines || suspect.goroutines.is_some() => LATER,
        Raise::Goroutines if facts.has_goroutines => LATER,
        Raise::Goroutines => "add goroutine profiles with --goroutines BEFORE AFTER",
        Raise::Series if facts.snapshots > 2 => LATER,
        Raise::Series => "compare three or more snapshots",
        Raise::By(text) => text,
    }
}

/// Whether goroutine profiles would raise the confidence.
pub(super) fn wants_goroutines(suspect: &Suspect) -> bool {
    let Facts { raise, has_goroutines, is_of_goroutines, .. } = &suspect.facts;
    *raise == Raise::Goroutines && !has_goroutines && !is_of_goroutines && suspect.goroutines.is_none()
}

/// The explanation of a suspect.
pub(super) fn explanation(suspect: &Suspect) -> String {
    let mut sentences = match suspect.kind {
        Kind::Churn => vec![churned(suspect)],
        Kind::Leak | Kind::Benign => grown(suspect),
    };
    if let Some(reason) = &suspect.allowed {
        sentences.push(format!("On the allow-list: {reason}."));
    }
    sentences.join(" ")
}

fn churned(suspect: &Suspect) -> String {
    let allocated = format_signed(suspect.delta, &suspect.facts.unit, Scale::Auto);
    let kept = suspect.kept_ratio.map_or(String::new(), |kept| format!(" (kept {})", percent::whole(kept)));
    format!("{allocated} was allocated and nearly all of it freed again{kept}: churn.")
}

fn grown(suspect: &Suspect) -> Vec<String> {
    let facts = &suspect.facts;
    let growth = format_signed(suspect.delta, &facts.unit, Scale::Auto);
    let share = facts.share.map_or(String::new(), |share| format!(", {} of all growth", percent::of_one(share)));
    let stacks = match facts.stacks {
        1 => "one stack".to_owned(),
        stacks => format!("{} stacks", thousands(stacks as i64)),
    };
    let mut sentences = vec![format!("{growth} in {stacks}{share}.")];
    sentences.extend(suspect.units.map(|units| format!("Counted in blocks: {}.", units.words())));
    sentences.push(match &facts.frame {
        Some(frame) if frame.via == Via::Sibling => format!(
            "Most of it was allocated in goroutines that run none of your functions; the other growing stacks that lead \
             there come from {}.",
            name::short(&frame.function)
        ),
        Some(frame) => format!("Your function nearest to the allocation is {}.", name::short(&frame.function)),
        None => "None of your functions is on these stacks.".to_owned(),
    });
    sentences.extend(suspect.kept_ratio.map(|kept| match kept {
        0.5.. => format!("It is retained, not churned (kept {}).", percent::whole(kept)),
        _ => format!("Most of what was allocated there was freed again (kept {}).", percent::whole(kept)),
    }));
    sentences.extend(goes_on(suspect));
    if let Some(goroutines) = suspect.goroutines {
        let more = counted(goroutines.delta);
        let stacks = format(suspect.stack_bytes.unwrap_or_default(), "bytes", Scale::Auto);
        sentences.push(format!("{more} to it; their stacks take at least {stacks} outside the heap."));
    }
    sentences.extend(
        facts
            .waiting
            .as_ref()
            .map(|frame| format!("Your function nearest to where they wait is {}.", name::short(&frame.function))),
    );
    sentences.push(format!("To be sure, {}.", suspect.raise));
    sentences
}

/// Whether it goes on, as far as the snapshots tell. Of goroutines that are blocked beyond doubt nobody asks.
fn goes_on(suspect: &Suspect) -> Option<String> {
    let facts = &suspect.facts;
    let is_blocked = (facts.is_of_goroutines || suspect.goroutines.is_some()) && suspect.confidence == Confidence::High;
    match facts.goes_on {
        true => Some(format!("It kept growing over {} snapshots.", facts.snapshots)),
        false if is_blocked || facts.snapshots != 2 => None,
        false => Some("Two snapshots cannot tell whether it goes on.".to_owned()),
    }
}

/// `One more goroutine belongs`, `4,000 more goroutines belong`.
fn counted(goroutines: i64) -> String {
    match goroutines {
        1 => "One more goroutine belongs".to_owned(),
        many => format!("{} more goroutines belong", thousands(many)),
    }
}
