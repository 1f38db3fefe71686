//! pprof itself: functions of pairs that no table records, and the filters of stacks and frames.

use crate::rows::{METRICS, by_name, differences, ours};
use crate::support::fixture;
use crate::tool::Pprof;

/// One comparison with pprof: the same pair, metric and options on both sides.
struct Case<'a> {
    base: &'a str,
    new: &'a str,
    metric: &'a str,
    /// Options of leakdiff; those of pprof are spelled the same but for one dash less and underscores.
    options: Vec<(&'a str, &'a str)>,
}

impl Case<'_> {
    /// Runs both; what differs, as text.
    fn compare(&self, pprof: &Pprof) -> Vec<String> {
        let theirs: Vec<String> =
            self.options.iter().map(|(name, value)| format!("-{}={value}", name.replace('-', "_"))).collect();
        let theirs = pprof.top(self.base, self.new, self.metric, &theirs, str::to_owned);
        let mine: Vec<String> = self.options.iter().map(|(name, value)| format!("--{name}={value}")).collect();
        let mine: Vec<&str> = mine.iter().map(String::as_str).collect();
        let (mine, _) = ours(&fixture(self.base), &fixture(self.new), self.metric, &mine, by_name);
        let Self { base, new, metric, options } = self;
        differences(&theirs, &mine).iter().map(|d| format!("{base} {new} {metric} {options:?}: {d}")).collect()
    }
}

fn compare_all<'a>(cases: impl IntoIterator<Item = Case<'a>>) {
    let Some(pprof) = Pprof::find() else { return };
    let failures: Vec<String> = cases.into_iter().flat_map(|case| case.compare(&pprof)).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn live_functions_agree() {
    const PAIRS: &[(&str, &str)] = &[
        ("large/heap1.pb.gz", "large/heap3.pb.gz"),
        ("large/heap3.pb.gz", "large/heap2.pb.gz"),
        ("http-body/heap1.pb.gz", "http-body/heap3.pb.gz"),
        ("sawtooth/heap4.pb.gz", "sawtooth/heap5.pb.gz"),
        ("rebuilt/a/heap2.pb.gz", "rebuilt/b/heap2.pb.gz"),
        ("toolchains/go1.22/heap1.pb.gz", "toolchains/go1.27/heap3.pb.gz"),
        ("timers/heap1.pb.gz", "large/heap1.pb.gz"),
        ("ticker/heap2.pb.gz", "ticker/heap2.pb.gz"),
    ];
    const GOROUTINES: &[(&str, &str)] = &[
        ("http-body/goroutine1.pb.gz", "http-body/goroutine3.pb.gz"),
        ("goroutine-blocked/goroutine3.pb.gz", "goroutine-blocked/goroutine1.pb.gz"),
    ];
    let heaps = PAIRS.iter().flat_map(|pair| METRICS.map(|metric| (*pair, metric)));
    let all = heaps.chain(GOROUTINES.iter().map(|pair| (*pair, "goroutine")));
    compare_all(all.map(|((base, new), metric)| Case { base, new, metric, options: Vec::new() }));
}

/// With exact names a row is what pprof's is, in every language: mangled, of several files, without a name.
#[test]
fn live_names_of_all_languages_agree() {
    const IN_USE: &[&str] = &[
        "c-static-checkout",
        "cpp-anonymous-namespace",
        "cpp-mangled",
        "dotnet-generics",
        "drop-frames",
        "empty-name",
        "go-closures-no-build-id",
        "go-generics-same-build",
        "jemalloc-backtrace",
        "js-content-hash",
        "objc-methods",
        "php-main",
        "python-init",
        "rust-hash",
        "rust-mangled",
        "rust-v0",
        "tcmalloc-leaf",
        "unnamed-with-line",
        "unsym-swap",
    ];
    let others = [("js-anonymous", "space"), ("cpp-operator-new-array", "space"), ("java-lambda", "live_size")];
    for (case, metric) in IN_USE.iter().map(|case| (*case, "inuse_space")).chain(others) {
        let [base, new] = ["1", "2"].map(|number| format!("field/{case}/{number}.pb.gz"));
        compare_all([Case { base: &base, new: &new, metric, options: Vec::new() }]);
    }
}

/// Three pairs: thousands of stacks, many packages, and two builds.
const FILTERED: [(&str, &str); 3] = [
    ("large/heap1.pb.gz", "large/heap3.pb.gz"),
    ("http-body/heap1.pb.gz", "http-body/heap3.pb.gz"),
    ("rebuilt/a/heap1.pb.gz", "rebuilt/b/heap3.pb.gz"),
];

fn filter_cases(options: &'static [&'static [(&'static str, &'static str)]]) -> impl Iterator<Item = Case<'static>> {
    let metrics = ["inuse_space", "alloc_objects"];
    let pairs = FILTERED.iter().flat_map(move |pair| metrics.map(|metric| (*pair, metric)));
    pairs.flat_map(move |((base, new), metric)| {
        options.iter().map(move |options| Case { base, new, metric, options: options.to_vec() })
    })
}

#[test]
fn live_stack_filters_agree() {
    compare_all(filter_cases(&[
        &[("focus", "repo|renderPage")],
        &[("focus", r"net/http/server\.go")],
        &[("focus", "^server$")],
        &[("focus", "no such function")],
        &[("ignore", "background")],
        &[("ignore", r"\.go$")],
        &[("focus", "handlers"), ("ignore", "(?i)SERVICE")],
        &[("tagfocus", "bytes=4kb:")],
        &[("tagfocus", "bytes=:64b")],
        &[("tagfocus", "bytes=1kb:8kb")],
        &[("tagfocus", "bytes=8192b")],
        &[("tagignore", "bytes=8kb:")],
        &[("tagignore", "bytes=48b")],
        &[("focus", "background"), ("tagfocus", "bytes=:4kb"), ("tagignore", "bytes=:32b")],
    ]));
}

#[test]
fn live_frame_filters_agree() {
    compare_all(filter_cases(&[
        &[("hide", "^net/http")],
        &[("hide", r"runtime|background|repo\.go")],
        &[("hide", ".")],
        &[("show", "example.com/shop")],
        &[("show", "handlers|bufio")],
        &[("show-from", "ServeHTTP")],
        &[("show-from", r"api\.|dialConn")],
        &[("show-from", r"repo\.go|client\.go")],
        &[("show", "shop"), ("hide", "harness"), ("ignore", "Sessions")],
        &[("show-from", "shop"), ("hide", "Page"), ("focus", "repo|background")],
    ]));
}

/// pprof matches nothing where a range has no unit and the label has one. leakdiff takes bytes.
#[test]
fn a_number_without_a_unit_counts_bytes() {
    let (base, new) = FILTERED[2];
    let rows = |filter| ours(&fixture(base), &fixture(new), "inuse_space", &[filter], by_name);
    let (of_8k, total) = rows("--tagfocus=bytes=8192");
    assert!(total > 0 && of_8k.len() > 5, "{of_8k:?}");
    assert_eq!((of_8k, total), rows("--tagfocus=bytes=8192b"));
}
