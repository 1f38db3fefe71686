//! The frames of the runtime that a text form leaves out: with `debug=2` the state of a goroutine stands for them.
//!
//! In: a diff. Out: for each entry its stack as a binary profile would have it. Invariant: only patterns see these
//! frames; what is counted and displayed does not change. What the text does not tell is not made up: a receive with
//! `range` is a plain receive there, and with `debug=1` nothing is told.
//! Knows nothing of signatures.

use crate::diff::{Diff, KeyId};
use crate::model::hash::HashMap;
use crate::model::{LabelValue, LabelsId};

use super::{METRICS, State};

/// The functions that stacks of parked goroutines begin with in a binary profile, and that texts do not show.
pub(crate) const FRAMES: &[&str] = &[
    "runtime.gopark",
    "runtime.goparkunlock",
    "runtime.chansend",
    "runtime.chansend1",
    "runtime.chanrecv",
    "runtime.chanrecv1",
    "runtime.selectgo",
    "runtime.block",
    "runtime.semacquire1",
    "runtime.netpollblock",
];

/// What a state stands for, leaf first. Frames outside of the package `runtime` are in the text.
fn frames(state: State) -> &'static [&'static str] {
    match state {
        State::ChanSend | State::NilSend => &["runtime.gopark", "runtime.chansend", "runtime.chansend1"],
        State::ChanReceive | State::NilReceive => &["runtime.gopark", "runtime.chanrecv", "runtime.chanrecv1"],
        State::Select => &["runtime.gopark", "runtime.selectgo"],
        State::SelectNothing => &["runtime.gopark", "runtime.block"],
        State::Mutex | State::RwMutex | State::WaitGroup | State::Semaphore => {
            &["runtime.gopark", "runtime.goparkunlock", "runtime.semacquire1"]
        }
        State::Cond => &["runtime.gopark", "runtime.goparkunlock"],
        State::Network => &["runtime.gopark", "runtime.netpollblock"],
        State::Sleep => &["runtime.gopark"],
        State::ChanRange | State::Cgo | State::Syscall | State::Running | State::Parked | State::Unknown => &[],
    }
}

/// The states that the texts of a diff tell, by entry.
pub(crate) struct Parked(HashMap<u32, State>);

impl Parked {
    /// Of entries with several states that which most goroutines have.
    pub fn new(diff: &Diff) -> Self {
        let mut counts: HashMap<(u32, State), i64> = HashMap::default();
        if !METRICS.contains(&diff.metric().name.as_str()) {
            return Self(HashMap::default());
        }
        for (number, snapshot) in diff.snapshots.iter().enumerate() {
            let mut told: HashMap<LabelsId, Option<State>> = HashMap::default();
            let values = diff.row_values(diff.metric, number);
            for (row, (entry, count)) in diff.entry_of_row(number).iter().zip(values).enumerate() {
                let state = told.entry(snapshot.labels(row)).or_insert_with_key(|labels| state_of(diff, *labels));
                if let Some(state) = state {
                    *counts.entry((*entry, *state)).or_default() += count;
                }
            }
        }
        let mut counts: Vec<((u32, State), i64)> = counts.into_iter().collect();
        counts.sort_unstable_by_key(|((entry, state), count)| (*count, *entry, *state));
        Self(counts.into_iter().map(|((entry, state), _)| (entry, state)).collect())
    }

    /// Whether no text tells a state.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Appends the stack of an entry, leaf first. Frames that it does not have in the profile are numbered after all
    /// keys, by their position in [`FRAMES`].
    pub fn stack(&self, diff: &Diff, entry: usize, stack: &mut Vec<KeyId>) {
        let from = stack.len();
        if let Some(state) = self.0.get(&(entry as u32)) {
            let positions = frames(*state).iter().filter_map(|name| FRAMES.iter().position(|frame| frame == name));
            stack.extend(positions.map(|position| KeyId((diff.keys.len() + position) as u32)));
        }
        let parked = stack.len();
        stack.extend(diff.stack_keys(entry));
        if stack.len() == parked {
            // No function, no state.
            stack.truncate(from);
        }
    }
}

/// What the label `state` of the form `debug=2` says.
fn state_of(diff: &Diff, labels: LabelsId) -> Option<State> {
    diff.symbols.labels(labels).iter().find_map(|label| match label.value {
        LabelValue::Text(text) if diff.symbols.str(label.key) == "state" => State::named(diff.symbols.str(text)),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows::goroutines::state::state_of as state_of_frames;

    #[test]
    fn frames_tell_the_state_they_stand_for() {
        for state in [State::ChanSend, State::ChanReceive, State::Select, State::SelectNothing, State::Network] {
            assert_eq!(state_of_frames(frames(state)), state);
        }
    }

    #[test]
    fn all_frames_have_numbers() {
        for state in [State::NilSend, State::NilReceive, State::Mutex, State::Cond, State::Sleep, State::Semaphore] {
            assert!(frames(state).iter().all(|name| FRAMES.contains(name)) && !frames(state).is_empty(), "{state:?}");
        }
    }
}
