//! The law: a snapshot or a goroutine profile more never removes a true suspect. It may become undecided, or be set aside
//! with the reason said.

use serde_json::Value;

use crate::recording::{Mode, Recording, list};

/// Whether a report speaks of a function that leads to the bug, as a suspect or set aside.
fn speaks(recording: &Recording, report: &Value) -> bool {
    let mut all = list(report, "suspects").iter().chain(list(report, "set_aside"));
    all.any(|told| recording.is_function(told))
}

#[test]
fn more_snapshots_take_no_true_suspect_away() {
    let mut lost = Vec::new();
    for recording in Recording::all().into_iter().filter(|recording| recording.is_leak()) {
        if !recording.modes().any(|mode| mode == Mode::Series) {
            continue;
        }
        let heaps: [&[u8]; 5] = [&[1, 6], &[1, 5, 6], &[1, 3, 5, 6], &[1, 2, 3, 5, 6], &[1, 2, 3, 4, 5, 6]];
        let told = heaps.map(|heaps| speaks(&recording, &recording.report_of(Mode::Series, heaps)));
        let is_lost = told.windows(2).any(|pair| pair[0] && !pair[1]);
        is_lost.then(|| lost.push(format!("{}: {told:?}", recording.name)));
    }
    assert!(lost.is_empty(), "{lost:#?}");
}

#[test]
fn goroutines_take_no_true_suspect_away() {
    let mut lost = Vec::new();
    for recording in Recording::all().into_iter().filter(|recording| recording.is_leak()) {
        let modes: Vec<Mode> = recording.modes().collect();
        for (without, with) in
            [(Mode::TwoHeaps, Mode::TwoHeapsAndGoroutines), (Mode::Series, Mode::SeriesAndGoroutines)]
        {
            let has_both = modes.contains(&without) && modes.contains(&with);
            if has_both
                && speaks(&recording, &recording.report(without))
                && !speaks(&recording, &recording.report(with))
            {
                lost.push(format!("{} with {}", recording.name, with.name()));
            }
        }
    }
    assert!(lost.is_empty(), "{lost:#?}");
}
