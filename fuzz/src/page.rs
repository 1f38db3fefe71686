//! Any bytes as two inputs of a page: a parser of HTML finds nothing wrong with it, and no script but its own two.

use leakdiff::analyze::{self, analyze};
use leakdiff::diff::Options;
use leakdiff::report::{Details, FORMATS, Report, Style};
use leakdiff::units::Scale;

use super::inputs::Pair;
use super::readers::read_html;

/// Writes the page of the two inputs.
pub fn run(bytes: &[u8]) {
    let Some(pair) = Pair::new(bytes) else { return };
    let Some(diff) = pair.diff(&Options { exact_names: pair.choice >= 128, ..Options::default() }) else { return };
    let analysis = analyze(&diff, analyze::Options { top: Some(200), ..analyze::Options::default() });
    let mut report = Report::new(&diff, &analysis);
    report.details = Some(Details::new(&diff, &analysis, Some("leakdiff report a b".to_owned())));
    for format in FORMATS.iter().filter(|format| format.is_page) {
        let mut bytes = Vec::new();
        let style = Style { width: None, color: false, scale: Scale::Auto };
        (format.write)(&report, &style, &mut bytes).expect("writing to memory");
        read_html(std::str::from_utf8(&bytes).expect("output is UTF-8"));
    }
}
