//! How often the first suspect is right, by what was given.

use std::collections::BTreeMap;

use crate::recording::{Mode, Recording, accuses, list};

/// How many of how many.
#[derive(Debug, Clone, Copy, Default)]
struct Share {
    right: usize,
    all: usize,
}

impl Share {
    fn count(&mut self, is_right: bool) {
        self.all += 1;
        self.right += usize::from(is_right);
    }

    fn is_at_least(self, percent: usize) -> bool {
        self.right * 100 >= self.all * percent
    }
}

impl std::fmt::Display for Share {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{} of {}", self.right, self.all)
    }
}

#[test]
fn the_first_suspect_is_right() {
    let mut scores: BTreeMap<Mode, [Share; 3]> = BTreeMap::new();
    for recording in Recording::all() {
        for mode in recording.modes() {
            let [function, code, silent] = scores.entry(mode).or_default();
            let report = recording.report(mode);
            let suspects = list(&report, "suspects");
            let told: Vec<&str> = suspects.iter().filter_map(|suspect| suspect["code"].as_str()).collect();
            if !recording.is_leak() {
                let is_silent = !suspects.iter().any(accuses);
                silent.count(is_silent);
                (!is_silent).then(|| println!("accused: {} with {}: {told:?}", recording.name, mode.name()));
                continue;
            }
            let first = suspects.first().unwrap_or(&serde_json::Value::Null);
            let (is_function, is_code) = (recording.is_function(first), recording.is_code(first, mode));
            function.count(is_function);
            code.count(is_code);
            if !is_function || !is_code {
                let name = first["responsible"]["function"].as_str().unwrap_or("nobody");
                println!("missed: {} with {}: {told:?}, {name}", recording.name, mode.name());
            }
        }
    }
    println!("{:<24} {:>10} {:>10} {:>16}", "first suspect", "function", "code", "controls silent");
    for (mode, [function, code, silent]) in &scores {
        println!(
            "{:<24} {:>10} {:>10} {:>16}",
            mode.name(),
            function.to_string(),
            code.to_string(),
            silent.to_string()
        );
    }
    for (mode, [function, code, silent]) in &scores {
        assert!(function.is_at_least(95), "{}: functions: {function}", mode.name());
        assert!(code.is_at_least(90), "{}: codes: {code}", mode.name());
        assert!(silent.is_at_least(100), "{}: controls: {silent}", mode.name());
    }
    assert_eq!(scores.len(), Mode::ALL.len());
}
