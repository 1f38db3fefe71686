//! Callers and callees against `go tool pprof -peek`, of every function of every pair.
//!
//! pprof leaves out functions that did not change, although what comes through a call of theirs may have. They are left out
//! on both sides, and so are calls whose change is 0.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::rows::{METRICS, Pair, text};
use crate::support::{fixture, json};
use crate::tool::Pprof;

/// What is told of a function.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Function {
    pub change: Pair,
    pub callers: BTreeMap<String, i64>,
    pub callees: BTreeMap<String, i64>,
}

/// By name.
pub type Calls = BTreeMap<String, Function>;

const PAIRS: &[(&str, &str)] = &[
    ("http-body/heap1.pb.gz", "http-body/heap3.pb.gz"),
    ("global-cache/heap1.pb.gz", "global-cache/heap3.pb.gz"),
    ("sawtooth/heap2.pb.gz", "sawtooth/heap4.pb.gz"),
    ("toolchains/go1.22/heap1.pb.gz", "toolchains/go1.27/heap3.pb.gz"),
    ("large/heap1.pb.gz", "large/heap3.pb.gz"),
];

/// The functions that changed, with the calls that did.
fn changed(calls: Calls) -> Calls {
    let changed = |mut function: Function| {
        function.callers.retain(|_, weight| *weight != 0);
        function.callees.retain(|_, weight| *weight != 0);
        function
    };
    let kept = calls.into_iter().filter(|(_, function)| function.change != (0, 0));
    kept.map(|(name, function)| (name, changed(function))).collect()
}

fn ours(base: &str, new: &str, metric: &str) -> Calls {
    let report = json(&["peek", ".", base, new, "--exact-names", "--sample-index", metric]);
    let number = |value: &Value| value["delta"].as_i64().expect("an integer");
    let calls = |value: &Value| {
        let calls = value.as_array().expect("calls").iter();
        calls.map(|call| (text(&call["name"]).to_owned(), number(&call["weight"]))).collect()
    };
    let function = |function: &Value| {
        let change = (number(&function["flat"]), number(&function["cum"]));
        let (callers, callees) = (calls(&function["callers"]), calls(&function["callees"]));
        (text(&function["name"]).to_owned(), Function { change, callers, callees })
    };
    report["functions"].as_array().expect("functions").iter().map(function).collect()
}

#[test]
fn callers_and_callees_of_all_functions_agree() {
    let Some(pprof) = Pprof::find() else { return };
    let mut compared = 0;
    for (base, new) in PAIRS {
        for metric in METRICS {
            let theirs = changed(pprof.peek(base, new, metric));
            let ours = changed(ours(&fixture(base), &fixture(new), metric));
            for name in theirs.keys().chain(ours.keys()) {
                assert_eq!(theirs.get(name), ours.get(name), "{base} {new} {metric}: {name}");
            }
            compared += theirs.values().map(|function| function.callers.len() + function.callees.len()).sum::<usize>();
        }
    }
    assert!(compared > 2_000, "only {compared} calls were compared");
}
