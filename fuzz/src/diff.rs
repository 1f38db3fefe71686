//! Any bytes as two inputs and a few options, through the whole comparison to every format of a report but the page: no
//! panic, the rows and the remainder add up to the total, and what is written is UTF-8.

use leakdiff::compare::{self, compare};
use leakdiff::diff::{Diff, Granularity, Options};
use leakdiff::report::{FORMATS, Report, Style};
use leakdiff::rows::Sort;

use super::inputs::{Pair, with};

/// Compares the two inputs.
pub fn run(bytes: &[u8]) {
    let Some(pair) = Pair::new(bytes) else { return };
    let choice = pair.choice;
    let by = Granularity::ALL[choice / 2 % Granularity::ALL.len()].1;
    let options = with(|options: &mut Options| (options.by, options.exact_names) = (by, choice >= 128));
    let Some(diff) = pair.diff(&options) else { return };
    let sort = Sort::ALL[choice / 16 % Sort::ALL.len()].1;
    let top = [None, Some(3)][choice % 2];
    render(&diff, with(|options: &mut compare::Options| (options.sort, options.top) = (sort, top)));
}

fn render(diff: &Diff, options: compare::Options) {
    let analysis = compare(diff, None, options);
    let report = Report::new(diff, &analysis);
    let shown: i64 = report.rows.iter().map(|row| row.flat.delta).sum();
    assert_eq!(shown + report.remainder.delta, report.total.delta);
    for format in FORMATS.iter().filter(|format| !format.needs_verdict && !format.is_page) {
        for width in [None, Some(40)] {
            let style = with(|style: &mut Style| (style.width, style.color) = (width, width.is_some()));
            let mut bytes = Vec::new();
            (format.write)(&report, &style, &mut bytes).expect("writing to memory");
            std::str::from_utf8(&bytes).expect("output is UTF-8");
        }
    }
}
