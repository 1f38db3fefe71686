//! What loads is recorded as a baseline, and read back with the same totals.

use leakdiff::diff::{Diff, Options};
use leakdiff::export::write_baseline;

use super::inputs::{diff_of, loaded, with};

/// Records the bytes and reads the record.
pub fn run(bytes: &[u8]) {
    let Some(recorded) = diff_of(&[bytes], &Options::default()) else { return };
    let mut text = Vec::new();
    write_baseline(&recorded, 0, &mut text).expect("writing to memory");
    if let Err(error) = loaded(&[&text]) {
        panic!("a baseline of our own: {error}: {}", String::from_utf8_lossy(&text));
    }
    // What is filtered out of the recorded profile is gone; the frames of a baseline are told by their names alone.
    let exact = with(|options: &mut Options| options.exact_names = true);
    let read = diff_of(&[&text], &exact).expect("what was compared can be compared again");
    assert_eq!(totals(&recorded), totals(&read), "{}", String::from_utf8_lossy(&text));
}

/// The total of each metric by name and unit.
fn totals(diff: &Diff) -> Vec<(String, String, i64)> {
    let total = |at: usize| {
        let metric = &diff.metrics[at].metric;
        (metric.name.clone(), metric.unit.clone(), diff.totals(at)[0])
    };
    (0..diff.metrics.len()).map(total).collect()
}
