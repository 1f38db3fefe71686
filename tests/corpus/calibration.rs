//! Whether confidence keeps what it says: of all suspects called high or medium, how many lead to the bug.

use std::collections::BTreeMap;

use crate::recording::{Recording, list};

#[test]
fn confidence_is_calibrated() {
    let mut shares: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for recording in Recording::all() {
        for mode in recording.modes() {
            let report = recording.report(mode);
            for suspect in list(&report, "suspects") {
                let confidence = ["high", "medium", "low"].into_iter().find(|word| suspect["confidence"] == *word);
                let (right, all) = shares.entry(confidence.expect("a confidence")).or_default();
                let is_right = recording.is_leak() && recording.is_function(suspect);
                (*right, *all) = (*right + usize::from(is_right), *all + 1);
                if !is_right && confidence != Some("low") {
                    let function = &suspect["responsible"]["function"];
                    println!("{}, {}: {} {function}", recording.name, mode.name(), suspect["code"]);
                }
            }
        }
    }
    println!("{:<10} {:>8} {:>8}", "confidence", "leads", "of all");
    shares.iter().for_each(|(word, (right, all))| println!("{word:<10} {right:>8} {all:>8}"));
    for (word, least) in [("high", 95), ("medium", 75)] {
        let (right, all) = shares[word];
        assert!(all >= 20 && right * 100 >= all * least, "{word}: {right} of {all} lead to the bug");
    }
}
