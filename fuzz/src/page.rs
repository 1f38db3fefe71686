//! Any bytes as two inputs of a page: a parser of HTML finds nothing wrong with it, and no script but its own two.

use leakdiff::compare::{self, compare};
use leakdiff::diff::Options;
use leakdiff::report::{Details, FORMATS, Report, Style};

use super::inputs::{Pair, with};
use super::readers::read_html;

/// What the trees of a page may take.
const MOST_BYTES: u64 = 64 << 20;

/// Writes the page of the two inputs.
pub fn run(bytes: &[u8]) {
    let Some(pair) = Pair::new(bytes) else { return };
    let Some(diff) = pair.diff(&with(|options: &mut Options| options.exact_names = pair.choice >= 128)) else { return };
    let analysis = compare(&diff, None, with(|options: &mut compare::Options| options.top = Some(200)));
    let mut report = Report::new(&diff, &analysis);
    report.details = Some(Details::new(&diff, &analysis, Some("leakdiff report a b".to_owned()), MOST_BYTES));
    for format in FORMATS.iter().filter(|format| format.is_page) {
        let mut bytes = Vec::new();
        let style = with(|style: &mut Style| (style.width, style.color) = (None, false));
        (format.write)(&report, &style, &mut bytes).expect("writing to memory");
        read_html(std::str::from_utf8(&bytes).expect("output is UTF-8"));
    }
}
