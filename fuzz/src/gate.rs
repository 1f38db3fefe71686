//! Any bytes as two inputs of a gate, whose verdict is written in every format that has one: a limit that is raised
//! never makes the verdict worse, and XML is read by a parser.

use leakdiff::check::{Config, Outcome, Span, Verdict, check};
use leakdiff::compare::{self, compare};
use leakdiff::diff::{Diff, Options};
use leakdiff::report::{self, FORMATS, Report, Style};

use super::inputs::{Pair, with};
use super::readers::read_xml;

/// Two configurations: the second has the same limits, raised.
const CONFIGS: [&str; 2] = [
    "max-growth = \"1KiB|1%\"\nmax-total = 4096\nper-stack = 64\n[limits]\n\"**\" = 10\n\"net/http/**\" = 1\n",
    "max-growth = \"1MiB|50%\"\nmax-total = 40960\nper-stack = 640\n[limits]\n\"**\" = 100\n\"net/http/**\" = 10\n",
];

/// Holds limits against the two inputs.
pub fn run(bytes: &[u8]) {
    let Some(pair) = Pair::new(bytes) else { return };
    let Some(diff) = pair.diff(&with(|options: &mut Options| options.keeps_idle = true)) else { return };
    let options = with(|options: &mut compare::Options| options.top = Some(5));
    let analysis = compare(&diff, None, options);
    let spans = [Span { from: Some(0), to: 1 }];
    let judged = CONFIGS.map(|text| {
        let today = jiff::civil::date(2026, 1, 1);
        let policy = Config::parse(text, "leakdiff.toml").expect("a configuration").policy(today);
        let found = check(&diff, &analysis.suspects, &spans, &policy).ok()?;
        let mut report = Report::new(&diff, &analysis);
        report.verdict = Some(report::Verdict::new(&diff, &policy, &found, &analysis.suspects));
        render(&diff, &report);
        Some(found)
    });
    if let [Some(strict), Some(lenient)] = &judged {
        assert!(severity(lenient) <= severity(strict), "{strict:?}\n{lenient:?}");
    }
}

fn severity(verdict: &Verdict) -> u8 {
    match verdict.outcome {
        Outcome::Pass => 0,
        Outcome::Inconclusive => 1,
        Outcome::Fail => 2,
    }
}

fn render(diff: &Diff, report: &Report) {
    for format in FORMATS.iter().filter(|format| !format.is_page) {
        let style = with(|style: &mut Style| (style.width, style.color) = (None, false));
        let mut bytes = Vec::new();
        (format.write)(report, &style, &mut bytes).expect("writing to memory");
        let text = std::str::from_utf8(&bytes).expect("output is UTF-8");
        if format.endings.contains(&"xml") {
            read_xml(text);
        }
    }
    assert!(report.verdict.as_ref().is_some_and(|verdict| verdict.checks.len() >= diff.metrics.len().min(1)));
}
