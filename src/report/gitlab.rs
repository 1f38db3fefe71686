//! GitLab code quality: the JSON array that the `codequality` report of a job is.
//!
//! In: a report with a verdict. Out: one object per finding. Invariant: every object has all that GitLab asks for, and
//! fingerprints differ. GitLab demands a path: where the source is not in the repository it is that of the `go.mod`, else
//! `.`, with line 1.
//!
//! The format: <https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format>.

use std::io::{self, Write};

use serde::Serialize;

use super::finding::findings;
use super::{Outcome, Report, Style, escape};

#[derive(Serialize)]
struct Issue<'a> {
    description: String,
    check_name: &'a str,
    fingerprint: &'a str,
    severity: &'static str,
    location: Location<'a>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: i64,
}

/// Writes the findings as issues.
pub(super) fn write(report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let findings = findings(report);
    let manifest = report.verdict.as_ref().and_then(|verdict| verdict.manifest.as_deref());
    let issues = findings.iter().map(|finding| {
        let (path, begin) = finding.place().or(manifest.map(|path| (path, 1))).unwrap_or((".", 1));
        Issue {
            description: finding.message(style.scale),
            check_name: finding.breach.option,
            fingerprint: &finding.fingerprint,
            severity: match finding.breach.outcome {
                Outcome::Fail => "major",
                Outcome::Inconclusive => "minor",
                Outcome::Pass => "info",
            },
            location: Location { path, lines: Lines { begin } },
        }
    });
    let text = serde_json::to_string_pretty(&issues.collect::<Vec<_>>())?;
    writeln!(out, "{}", escape::json(&text))
}
