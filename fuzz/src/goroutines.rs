//! Any bytes as goroutine profiles before and after, with a table in every format; the rows, the rest and what is benign
//! add up to the total.

use leakdiff::compare::{self, compare_goroutines};
use leakdiff::diff::Options;
use leakdiff::report::goroutines::{Answer, FORMATS};
use leakdiff::report::{Goroutines, Report, Style};
use leakdiff::rows::goroutines::METRICS;

use super::inputs::{Pair, with};

/// Compares the two inputs.
pub fn run(bytes: &[u8]) {
    let Some(pair) = Pair::new(bytes) else { return };
    let Some(diff) = pair.diff(&Options::default()) else { return };
    if !METRICS.contains(&diff.metric().name.as_str()) {
        return;
    }
    let goroutines = compare::Goroutines { diff: &diff, timed: &[] };
    let options = with(|options: &mut compare::Options| options.top = [None, Some(3)][pair.choice % 2]);
    let (analysis, table) = compare_goroutines(goroutines, options);
    let table = Goroutines::new(&diff, &table);
    let shown: i64 = table.rows.iter().map(|row| row.delta).sum();
    let benign: i64 = table.benign.iter().map(|row| row.delta).sum();
    assert_eq!(shown + benign + table.remainder.delta, table.total.delta);
    let report = Report::new(&diff, &analysis);
    let answer = Answer { report: &report, goroutines: &table };
    for format in FORMATS {
        let style = with(|style: &mut Style| (style.width, style.color) = (Some(80), pair.choice >= 128));
        let mut bytes = Vec::new();
        (format.write)(&answer, &style, &mut bytes).expect("writing to memory");
        std::str::from_utf8(&bytes).expect("output is UTF-8");
    }
}
