//! Any bytes as two inputs and a few options, through the whole pipeline to every format: no panic, and the rows and the
//! remainder add up to the total. The first three bytes are options and the length of the first input.

#![no_main]

use leakdiff::analyze::{self, Sort, analyze};
use leakdiff::diff::{self, Diff, Granularity};
use leakdiff::load::{Input, Limits, load};
use leakdiff::report::{FORMATS, Report, Style};
use leakdiff::units::Scale;
use libfuzzer_sys::fuzz_target;

const LIMITS: Limits = Limits { inflated: 1 << 16 };

fuzz_target!(|bytes: &[u8]| {
    let [choice, high, low, rest @ ..] = bytes else { return };
    let length = usize::from(u16::from_be_bytes([*high, *low])).min(rest.len());
    let (before, after) = rest.split_at(length);
    let choice = usize::from(*choice);
    let Some(diff) = compare(before, after, choice) else { return };
    let sort = Sort::ALL[choice / 16 % Sort::ALL.len()].1;
    let top = [None, Some(3)][choice % 2];
    render(&diff, analyze::Options { sort, top });
});

fn compare(before: &[u8], after: &[u8], choice: usize) -> Option<Diff> {
    let input = |label: &str, bytes: &[u8]| {
        let content = Box::new(std::io::Cursor::new(bytes.to_vec()));
        Input { label: label.to_owned(), path: label.to_owned(), content }
    };
    let loaded = load(vec![input("before", before), input("after", after)], LIMITS).ok()?;
    let by = Granularity::ALL[choice / 2 % Granularity::ALL.len()].1;
    diff::diff(loaded, &diff::Options { by, exact_names: choice >= 128, ..Default::default() }).ok()
}

fn render(diff: &Diff, options: analyze::Options) {
    let analysis = analyze(diff, options);
    let report = Report::new(diff, &analysis);
    let shown: i64 = report.rows.iter().map(|row| row.flat.delta).sum();
    assert_eq!(shown + report.remainder.delta, report.total.delta);
    for format in FORMATS {
        for width in [None, Some(40)] {
            let style = Style { width, color: width.is_some(), scale: Scale::Auto };
            let mut bytes = Vec::new();
            (format.write)(&report, &style, &mut bytes).expect("writing to memory");
            std::str::from_utf8(&bytes).expect("output is UTF-8");
        }
    }
}
