//! The verdicts that all formats are tested with: a gate that failed, one that passed, one that is inconclusive and ended
//! so, one that is inconclusive and passed all the same, and one with whatever names are given.

use std::collections::BTreeMap;

use leakdiff::model::{Checkout, Code, Metric, Module, Warning};
use leakdiff::report::{
    Allowed, Breach, Change, Check, Culprit, Evidence, Input, Outcome, Remainder, Report, Responsible, SCHEMA_VERSION,
    Sampling, Tool, Verdict,
};
use leakdiff::stats::Verdict as Significance;

/// The files of the repository.
const FILES: &[&str] = &["shop/go.mod", "shop/cart/cart.go", "shop/upstream/price list.go"];

/// Two limits exceeded, one exceeded within noise, one kept.
pub fn failed() -> Report {
    let growth = change(40 << 20, 57 << 20);
    report(Verdict {
        checks: vec![
            check("max-growth", "5MiB|10%", "total", &space(), growth, Outcome::Fail),
            check("max-objects", "100000", "total", &objects(), change(80_000, 91_000), Outcome::Pass),
            check("per-stack", "1MiB", "stack", &space(), change(2 << 20, 7 << 19), Outcome::Inconclusive),
            check("limit", "2MiB", "example.com/shop/pages/**", &space(), change(0, 3 << 20), Outcome::Fail),
        ],
        breaches: vec![
            Breach {
                evidence: Some(evidence(Significance::Certain)),
                culprits: vec![cart(), price(), dial()],
                ..breach("max-growth", "5MiB", "total", growth, Outcome::Fail)
            },
            breach("limit", "2MiB", "example.com/shop/pages/**", change(0, 3 << 20), Outcome::Fail),
            uncertain(),
        ],
        allowed: vec![Allowed {
            entry: "f1a2b3c4d5e6f708".to_owned(),
            suspect: None,
            reason: "the page cache, bounded at 64 MiB".to_owned(),
            delta: 9 << 20,
        }],
        ..verdict(Outcome::Fail)
    })
}

/// All limits kept.
pub fn passed() -> Report {
    let checks = vec![check("max-growth", "5MiB", "total", &space(), change(40 << 20, 41 << 20), Outcome::Pass)];
    report(Verdict { checks, ..verdict(Outcome::Pass) })
}

/// A limit exceeded within noise; the gate ends as `result`.
pub fn inconclusive(result: Outcome) -> Report {
    let value = change(2 << 20, 7 << 19);
    report(Verdict {
        checks: vec![check("per-stack", "1MiB", "stack", &space(), value, Outcome::Inconclusive)],
        breaches: vec![uncertain()],
        ..verdict(result)
    })
}

/// As [`failed`], with this text wherever a profile or a user may have put it.
pub fn hostile(text: &str) -> Report {
    let mut report = failed();
    let name = || text.to_owned();
    for input in &mut report.inputs {
        (input.label, input.path) = (name(), name());
    }
    report.metric = Metric { name: name(), unit: "bytes".to_owned() }.into();
    report.warnings = vec![Warning::about(text, Code::ReversedOrder, text)];
    let verdict = report.verdict.as_mut().expect("a verdict");
    for check in &mut verdict.checks {
        (check.scope, check.limit, check.metric.name, check.base) = (name(), name(), name(), Some(name()));
    }
    for breach in &mut verdict.breaches {
        (breach.scope, breach.limit, breach.metric.name) = (name(), name(), name());
        (breach.base, breach.message, breach.advice) = (name(), name(), Some(name()));
        for culprit in &mut breach.culprits {
            (culprit.name, culprit.file, culprit.suspect) = (name(), Some(name()), Some(name()));
            (culprit.source_path, culprit.repository_path) =
                (Some(name()), Some(name()).filter(|path| !path.is_empty()));
            culprit.responsible = Some(Responsible {
                function: name() + "2",
                file: Some(name()),
                line: Some(1),
                via: leakdiff::rows::Via::Stack,
            });
            culprit.stack = vec![name().into(); 3];
        }
    }
    for allowed in &mut verdict.allowed {
        (allowed.entry, allowed.reason) = (name(), name());
    }
    report
}

/// One breach with so many culprits.
pub fn crowd(culprits: usize) -> Report {
    let mut report = failed();
    let verdict = report.verdict.as_mut().expect("a verdict");
    verdict.breaches.truncate(1);
    let culprit = |index: usize| Culprit { fingerprint: format!("{index:016x}"), ..cart() };
    verdict.breaches[0].culprits = (0..culprits).map(culprit).collect();
    report
}

fn report(mut verdict: Verdict) -> Report {
    let module = Module { path: "example.com/shop".to_owned(), folder: "shop".to_owned() };
    let checkout = Checkout { root: "/home/ci/checkout".to_owned(), module: Some(module) };
    verdict.locate(&checkout, &|path| FILES.contains(&path));
    let input = |label: &str, path: &str, time_nanos| Input {
        label: label.to_owned(),
        path: path.to_owned(),
        time_nanos: Some(time_nanos),
        period: Some(524_288),
        build_id: None,
        samples: 90,
        stacks: 70,
        side: None,
        runs: Vec::new(),
    };
    Report {
        label: None,
        sources: Default::default(),
        schema_version: SCHEMA_VERSION,
        tool: Tool { name: "leakdiff", version: "0.0.0" },
        inputs: vec![
            input("main", "main.pb.gz", 1_795_176_000_000_000_000),
            input("branch", "branch.pb.gz", 1_795_176_600_000_000_000),
        ],
        metric: space().into(),
        filters: BTreeMap::new(),
        by: "function",
        sort: "growth",
        total: change(40 << 20, 57 << 20),
        total_objects: None,
        rate: None,
        sampling: Sampling {
            basis: leakdiff::report::Basis::Independent,
            decided_by: leakdiff::report::DecidedBy::Files,
            reason: None,
        },
        total_evidence: None,
        rows: Vec::new(),
        remainder: Remainder { rows: 12, before: 40 << 20, after: 57 << 20, delta: 17 << 20 },
        trend: None,
        suspects: Vec::new(),
        set_aside: Vec::new(),
        goroutines: None,
        memory: None,
        rss: None,
        verdict: Some(verdict),
        warnings: vec![Warning::about("branch", Code::ReversedOrder, "the newer profile is the older one")],
        moved: Vec::new(),
        has_deltas: false,
        details: None,
    }
}

fn verdict(result: Outcome) -> Verdict {
    Verdict {
        result,
        breaches: Vec::new(),
        checks: Vec::new(),
        unmatched: Vec::new(),
        allowed: Vec::new(),
        limits: 0,
        manifest: None,
        config: None,
    }
}

fn check(option: &'static str, limit: &str, scope: &str, metric: &Metric, value: Change, outcome: Outcome) -> Check {
    Check {
        option,
        limit: limit.to_owned(),
        scope: scope.to_owned(),
        metric: metric.clone(),
        bound: 5 << 20,
        base: Some("main".to_owned()),
        value,
        evidence: None,
        at_least: None,
        outcome,
        reason: None,
    }
}

fn breach(option: &'static str, limit: &str, scope: &str, value: Change, outcome: Outcome) -> Breach {
    Breach {
        option,
        limit: limit.to_owned(),
        bound: 5 << 20,
        scope: scope.to_owned(),
        metric: space(),
        base: "main".to_owned(),
        value,
        per_op_milli: None,
        outcome,
        evidence: None,
        at_least: None,
        reason: None,
        message: format!("inuse_space of {scope} grew by {} MiB since main: the limit is {limit}", value.delta >> 20),
        advice: None,
        culprits: Vec::new(),
    }
}

/// A limit exceeded within noise.
fn uncertain() -> Breach {
    Breach {
        evidence: Some(evidence(Significance::Noise)),
        advice: Some("sampling alone makes as much in 3 of 10 cases; 4 times the load would settle it".to_owned()),
        culprits: vec![cart()],
        ..breach("per-stack", "1MiB", "stack", change(2 << 20, 7 << 19), Outcome::Inconclusive)
    }
}

/// Built with -trimpath, accountable itself.
fn cart() -> Culprit {
    Culprit {
        name: "example.com/shop/cart.(*Cart).Add".to_owned(),
        file: Some("example.com/shop/cart/cart.go".to_owned()),
        line: Some(31),
        delta: 9 << 20,
        responsible: Some(Responsible {
            function: "example.com/shop/cart.(*Cart).Add".to_owned(),
            file: Some("example.com/shop/cart/cart.go".to_owned()),
            line: Some(31),
            via: leakdiff::rows::Via::Stack,
        }),
        source_path: Some("example.com/shop/cart/cart.go".to_owned()),
        repository_path: None,
        fingerprint: "00112233445566aa".to_owned(),
        suspect: None,
        stack: ["example.com/shop/cart.(*Cart).Add", "example.com/shop/api.add", "main.main"].map(Into::into).to_vec(),
    }
}

/// Allocated by the standard library on behalf of a function that was built in another folder.
fn price() -> Culprit {
    Culprit {
        name: "bufio.NewReaderSize".to_owned(),
        file: Some("bufio/bufio.go".to_owned()),
        line: Some(57),
        delta: 6 << 20,
        responsible: Some(Responsible {
            function: "example.com/shop/upstream.(*Client).Price".to_owned(),
            file: Some("example.com/shop/upstream/price list.go".to_owned()),
            line: Some(88),
            via: leakdiff::rows::Via::Sibling,
        }),
        source_path: Some("/build/shop/upstream/price list.go".to_owned()),
        fingerprint: "00112233445566bb".to_owned(),
        suspect: Some("http-body-not-closed".to_owned()),
        stack: ["bufio.NewReaderSize", "net/http.(*Transport).dialConn"].map(Into::into).to_vec(),
        ..cart()
    }
}

/// The standard library, and nobody is accountable.
fn dial() -> Culprit {
    Culprit {
        name: "net/http.(*Transport).dialConn".to_owned(),
        file: Some("net/http/transport.go".to_owned()),
        line: Some(1840),
        delta: 2 << 20,
        responsible: None,
        source_path: Some("/usr/local/go/src/net/http/transport.go".to_owned()),
        fingerprint: "00112233445566cc".to_owned(),
        stack: Vec::new(),
        ..cart()
    }
}

fn evidence(verdict: Significance) -> Evidence {
    Evidence { verdict, z: Some(2.5), low: 14 << 20, high: 20 << 20 }
}

fn change(before: i64, after: i64) -> Change {
    Change { before, after, delta: after - before }
}

fn space() -> Metric {
    Metric { name: "inuse_space".to_owned(), unit: "bytes".to_owned() }
}

fn objects() -> Metric {
    Metric { name: "inuse_objects".to_owned(), unit: "count".to_owned() }
}
