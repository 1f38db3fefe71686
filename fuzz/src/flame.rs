//! Any bytes as two inputs of an export: the flame graph is XML, the folded stacks are lines with counts that add up to
//! the totals, the profile reads back with the growth as its total.

use leakdiff::diff::{Diff, Options, Width};
use leakdiff::export::{self, FORMATS};

use super::inputs::{Pair, diff_of, with};
use super::readers::read_xml;

/// Exports the difference of the two inputs.
pub fn run(bytes: &[u8]) {
    let Some(pair) = Pair::new(bytes) else { return };
    let Some(diff) = pair.diff(&Options::default()) else { return };
    let width = Width::ALL[pair.choice % Width::ALL.len()].1;
    let options = with(|options: &mut export::Options| {
        (options.width, options.inverted) = (width, pair.choice >= 128);
    });
    for format in FORMATS {
        let mut bytes = Vec::new();
        // Folded stacks cannot hold negative values, which is an error.
        let Ok(()) = (format.write)(&diff, &options, &mut bytes) else { continue };
        match format.name {
            "pprof" => assert_reads_back(&diff, &bytes),
            "svg" => read_xml(std::str::from_utf8(&bytes).expect("output is UTF-8")),
            _ => assert_adds_up(&diff, std::str::from_utf8(&bytes).expect("output is UTF-8")),
        }
    }
}

fn assert_reads_back(diff: &Diff, bytes: &[u8]) {
    let exact = with(|options: &mut Options| options.exact_names = true);
    let totals = diff.totals(diff.metric);
    let growth = totals[1] - totals[0];
    match diff_of(&[bytes], &exact) {
        Some(read) => {
            let at = read.metric_named(&diff.metric().name).expect("the metric that was compared");
            assert_eq!(read.totals(at)[0], growth);
        }
        None => panic!("our own profile: {:?}", super::inputs::loaded(&[bytes]).err()),
    }
}

fn assert_adds_up(diff: &Diff, text: &str) {
    let mut sums = [0_i64; 2];
    for line in text.lines() {
        let mut counts = line.rsplit(' ').take(2).map(|count| count.parse::<i64>().expect("a count"));
        sums[1] += counts.next().expect("after");
        sums[0] += counts.next().expect("before");
    }
    assert_eq!(sums.as_slice(), diff.totals(diff.metric), "{text}");
}
