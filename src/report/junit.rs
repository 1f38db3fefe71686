//! JUnit XML: the test report that nearly every CI system reads. Each check of the gate is a test case.
//!
//! In: a report with a verdict. Out: XML as Jenkins and Surefire have it. A check that failed has a `failure` with
//! everything that is known of it. A check that is inconclusive is `skipped` where the gate passed all the same, and
//! otherwise a `failure` of type `inconclusive`, so that the report is as red as the run.
//! Invariant: no text of the profile is markup or a character that XML does not have.

use std::io::{self, Write};

use quick_junit::{NonSuccessKind, Property, TestCase, TestCaseStatus, TestSuite, XmlString};

use crate::units::{Scale, format_signed};

use super::finding::{check_name, evidence, other, place, safe, safe_sentence, summary};
use super::{Breach, Check, Culprit, Outcome, Report, Style, Verdict, header};

/// The class that test cases are listed under.
const CLASS: &str = "leakdiff.check";

/// Writes the checks as test cases.
pub(super) fn write(report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let mut suite = TestSuite::new("leakdiff check");
    for input in &report.inputs {
        suite.add_property(Property::new(text(&safe(&input.label)), text(&safe(&input.path))));
    }
    if let Some(verdict) = &report.verdict {
        suite.add_test_cases((0..verdict.checks.len()).map(|index| test_case(verdict, index, style.scale)));
        suite.set_system_out(text(&summary(verdict)));
    }
    let mut root = quick_junit::Report::new("leakdiff");
    root.add_test_suite(suite);
    let xml = root.to_string().map_err(io::Error::other)?;
    // Jenkins' schema knows `skipped` of a suite, not of the root.
    let xml = xml.replacen(&format!(" skipped=\"{}\"", root.skipped), "", 1);
    out.write_all(xml.as_bytes())
}

fn test_case(verdict: &Verdict, index: usize, scale: Scale) -> TestCase {
    let check = &verdict.checks[index];
    let breaches: Vec<&Breach> = verdict.breaches_of(index).collect();
    let mut status = match check.outcome {
        Outcome::Pass if check.is_unmatched() => TestCaseStatus::skipped(),
        Outcome::Pass => TestCaseStatus::success(),
        Outcome::Inconclusive if verdict.result == Outcome::Pass => TestCaseStatus::skipped(),
        Outcome::Fail | Outcome::Inconclusive => TestCaseStatus::non_success(NonSuccessKind::Failure),
    };
    if check.outcome == Outcome::Pass && check.is_unmatched() {
        status.set_message("no function of any profile matches the pattern");
    }
    if check.outcome != Outcome::Pass {
        let messages = breaches.iter().map(|breach| safe_sentence(&breach.message)).collect::<Vec<_>>();
        let details = breaches.iter().map(|breach| details(breach, scale)).collect::<Vec<_>>();
        status.set_message(text(&messages.join("; ")));
        status.set_type(if check.outcome == Outcome::Fail { check.option } else { "inconclusive" });
        status.set_description(text(&details.join("\n")));
    }
    let mut case = TestCase::new(text(&unique_name(&verdict.checks, index)), status);
    case.set_classname(CLASS);
    let value = header::from_to(check.value, &check.metric.unit, scale);
    let delta = format_signed(check.value.delta, &check.metric.unit, scale);
    case.set_system_out(text(&format!("{}: {value}, {delta}", safe(&check.metric.name))));
    case
}

/// The name of a check. The base is left out where the name is told apart without: the history of a test goes by name.
fn unique_name(checks: &[Check], index: usize) -> String {
    let name = check_name(&checks[index]);
    let is_shared = checks.iter().filter(|check| check_name(check) == name).count() > 1;
    match checks[index].base.as_deref().filter(|_| is_shared) {
        Some(base) => format!("{name} since {}", safe(base)),
        None => name,
    }
}

/// All that is known of a breach, line by line.
fn details(breach: &Breach, scale: Scale) -> String {
    let unit = &breach.metric.unit;
    let mut lines = vec![safe_sentence(&breach.message)];
    if !breach.base.is_empty() {
        lines.push(format!("compared with {}: {}", safe(&breach.base), header::from_to(breach.value, unit, scale)));
    }
    lines.extend(breach.evidence.as_ref().map(|known| format!("evidence: {}", evidence(known, unit, scale))));
    lines.extend(breach.advice.as_deref().map(safe_sentence));
    for culprit in &breach.culprits {
        lines.push(String::new());
        lines.extend(culprit_lines(culprit, unit, scale));
    }
    lines.join("\n") + "\n"
}

fn culprit_lines(culprit: &Culprit, unit: &str, scale: Scale) -> Vec<String> {
    let place_of = |file: &Option<String>, line| place(file.as_deref(), line);
    let amount = format_signed(culprit.delta, unit, scale);
    let mut lines = vec![format!("{amount} in {}{}", safe(&culprit.name), place_of(&culprit.file, culprit.line))];
    lines.extend(other(culprit).map(|frame| {
        let likely = frame.likely();
        format!("  {likely}on behalf of {}{}", safe(&frame.function), place_of(&frame.file, frame.line))
    }));
    lines.push(format!("  fingerprint: {}", safe(&culprit.fingerprint)));
    lines.extend(culprit.suspect.as_deref().map(|code| format!("  suspect: {}", safe(code))));
    lines.extend((!culprit.stack.is_empty()).then(|| "  stack:".to_owned()));
    lines.extend(culprit.stack.iter().map(|name| format!("    {}", safe(name))));
    lines
}

/// Text without the two characters of the basic plane that are neither control characters nor in XML.
fn text(text: &str) -> XmlString {
    XmlString::new(text.replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}"))
}
