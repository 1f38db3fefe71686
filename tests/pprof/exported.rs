//! A difference written with `-o x.pb.gz` is to pprof what the two profiles are with `-diff_base`.

use crate::rows::{METRICS, differences};
use crate::support::{Files, fixture, run};
use crate::tool::Pprof;

/// Options that both tools understand.
type Options = &'static [(&'static str, &'static str)];

/// Pairs, each with options.
const CASES: &[(&str, &str, Options)] = &[
    ("http-body/heap1.pb.gz", "http-body/heap3.pb.gz", &[]),
    ("large/heap1.pb.gz", "large/heap3.pb.gz", &[]),
    ("sawtooth/heap4.pb.gz", "sawtooth/heap5.pb.gz", &[]),
    ("rebuilt/a/heap2.pb.gz", "rebuilt/b/heap2.pb.gz", &[]),
    ("toolchains/go1.22/heap1.pb.gz", "toolchains/go1.27/heap3.pb.gz", &[]),
    ("http-body/goroutine1.pb.gz", "http-body/goroutine3.pb.gz", &[]),
    ("large/heap1.pb.gz", "large/heap3.pb.gz", &[("focus", "repo|renderPage"), ("hide", "ServeHTTP")]),
    ("http-body/heap1.pb.gz", "http-body/heap3.pb.gz", &[("show_from", "api"), ("tagfocus", "4kb:")]),
];

#[test]
fn live_pprof_reads_the_same_numbers_from_the_exported_difference() {
    let Some(pprof) = Pprof::find() else { return };
    let files = Files::new();
    let out = files.path("difference.pb.gz");
    let mut failures = Vec::new();
    for (base, new, options) in CASES {
        let metrics: &[&str] = if base.contains("goroutine") { &["goroutine"] } else { &METRICS };
        for metric in metrics {
            let ours = options.iter().map(|(name, value)| format!("--{}={value}", name.replace('_', "-")));
            let theirs: Vec<String> = options.iter().map(|(name, value)| format!("-{name}={value}")).collect();
            let mut args = vec![fixture(base), fixture(new), "-o".to_owned(), out.clone()];
            args.extend(ours.chain(["--sample-index".to_owned(), (*metric).to_owned()]));
            run(&args.iter().map(String::as_str).collect::<Vec<_>>()).done();
            // The metric compared is the one that pprof shows without being asked.
            let exported = pprof.top_of(&out, &[]);
            let compared = pprof.top(base, new, metric, &theirs, str::to_owned);
            assert!(!compared.is_empty() || !options.is_empty(), "{base} {new} {metric}: nothing to compare");
            let differing = differences(&compared, &exported);
            failures.extend(differing.iter().map(|d| format!("{base} {new} {metric} {options:?}: {d}")));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
