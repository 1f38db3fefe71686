//! SARIF 2.1.0: findings for code scanning and for editors.
//!
//! In: a report with a verdict. Out: one run with a rule per option that set a limit, and a result per finding.
//! Invariant: the log conforms to the schema of SARIF 2.1.0; every result has a physical location, since GitHub refuses
//! a log with one that has none: where the source is not in the repository it is its `go.mod`, else its root, without a
//! region. URIs are relative to the root of the repository.
//!
//! The format: <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>. What GitHub reads of it:
//! <https://docs.github.com/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning>.

use std::io::{self, Write};
use std::sync::Arc;

use serde_json::{Value, json};

use crate::model::Warning;
use crate::model::name;
use crate::units::Scale;

use super::finding::{Finding, accountable, findings, safe, summary};
use super::{Check, Culprit, Outcome, Report, Style, escape};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";
/// The name that SARIF gives the root of a repository.
const ROOT: &str = "%SRCROOT%";

/// Writes the findings as a SARIF log.
pub(super) fn write(report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let findings = findings(report);
    let rules = rules(&findings, report.verdict.as_ref().map_or(&[], |verdict| &verdict.checks));
    let manifest = report.verdict.as_ref().and_then(|verdict| verdict.manifest.as_deref());
    let results: Vec<Value> = findings.iter().map(|finding| result(finding, &rules, manifest, style.scale)).collect();
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": report.tool.name,
                "semanticVersion": report.tool.version,
                "rules": rules.iter().map(|option| rule(option)).collect::<Vec<_>>(),
            } },
            "invocations": [{
                "executionSuccessful": true,
                "toolExecutionNotifications": report.warnings.iter().map(notification).collect::<Vec<_>>(),
            }],
            "originalUriBaseIds": { ROOT: { "description": { "text": "The root of the repository." } } },
            "results": results,
            "properties": {
                "summary": report.verdict.as_ref().map(summary),
                "inputs": report.inputs.iter().map(|input| safe(&input.label)).collect::<Vec<_>>(),
                "checks": report.verdict.as_ref().map(|verdict| &verdict.checks),
                "allowed": report.verdict.as_ref().map(|verdict| &verdict.allowed),
            },
        }],
    });
    writeln!(out, "{}", escape::json(&serde_json::to_string_pretty(&log)?))
}

/// The options that set a limit, each once.
fn rules<'a>(findings: &[Finding<'a>], checks: &[Check]) -> Vec<&'a str> {
    let options = checks.iter().map(|check| check.option);
    let mut rules = Vec::new();
    for option in options.chain(findings.iter().map(|finding| finding.breach.option)) {
        if !rules.contains(&option) {
            rules.push(option);
        }
    }
    rules
}

fn rule(option: &str) -> Value {
    let description = match option {
        "max-growth" => "The whole grew by more than is allowed.",
        "max-total" => "The whole is larger than is allowed.",
        "max-objects" => "The number of objects grew by more than is allowed.",
        "per-stack" => "A single stack grew by more than is allowed.",
        "limit" => "Functions that a pattern names grew by more than is allowed for them.",
        _ => "A limit was exceeded.",
    };
    json!({
        "id": option,
        "shortDescription": { "text": description },
        "defaultConfiguration": { "level": "error" },
        "help": { "text": format!("{description} It was set with --{option} or in leakdiff.toml.") },
    })
}

fn notification(warning: &Warning) -> Value {
    json!({ "level": "warning", "message": { "text": warning.message }, "descriptor": { "id": warning.code.as_str() } })
}

fn result(finding: &Finding<'_>, rules: &[&str], manifest: Option<&str>, scale: Scale) -> Value {
    let breach = finding.breach;
    let level = match breach.outcome {
        Outcome::Fail => "error",
        Outcome::Inconclusive => "warning",
        Outcome::Pass => "note",
    };
    let mut result = json!({
        "ruleId": breach.option,
        "ruleIndex": rules.iter().position(|rule| *rule == breach.option),
        "level": level,
        "message": { "text": finding.message(scale) },
        "locations": [location(finding, manifest)],
        // The first is what GitHub compares, the second is for everyone else.
        "partialFingerprints": {
            "primaryLocationLineHash": format!("{}:1", finding.fingerprint),
            "leakdiff/v1": finding.fingerprint,
        },
        "properties": {
            "limit": breach.limit,
            "bound": breach.bound,
            "scope": breach.scope,
            "metric": breach.metric,
            "base": breach.base,
            "value": breach.value,
            "outcome": breach.outcome,
            "evidence": breach.evidence,
            "delta": finding.culprit.map(|culprit| culprit.delta),
            "fingerprint": finding.culprit.map(|culprit| &culprit.fingerprint),
            "suspect": finding.culprit.and_then(|culprit| culprit.suspect.as_ref()),
        },
    });
    if let Some(culprit) = finding.culprit.filter(|culprit| !culprit.stack.is_empty()) {
        result["stacks"] = json!([stack(culprit)]);
    }
    result
}

fn location(finding: &Finding<'_>, manifest: Option<&str>) -> Value {
    let mut location = match finding.place() {
        Some((file, line)) => json!({ "physicalLocation": {
            "artifactLocation": { "uri": uri(file), "uriBaseId": ROOT },
            "region": { "startLine": line },
        } }),
        None => json!({ "physicalLocation": {
            "artifactLocation": { "uri": uri(manifest.unwrap_or(".")), "uriBaseId": ROOT },
        } }),
    };
    if let Some(culprit) = finding.culprit {
        location["logicalLocations"] = json!([function(accountable(culprit))]);
    }
    location
}

fn function(name: &str) -> Value {
    json!({ "name": safe(&name::short(name)), "fullyQualifiedName": safe(name), "kind": "function" })
}

/// The stack, leaf first, as SARIF wants it.
fn stack(culprit: &Culprit) -> Value {
    let frame = |name: &Arc<str>| json!({ "location": { "logicalLocations": [function(name)] } });
    json!({
        "message": { "text": "The heaviest stack, allocation first." },
        "frames": culprit.stack.iter().map(frame).collect::<Vec<_>>(),
    })
}

/// A path as a URI reference: everything but unreserved characters and `/` is percent-encoded.
fn uri(path: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    path.bytes().fold(String::new(), |mut uri, byte| {
        match is_plain(byte) {
            true => uri.push(char::from(byte)),
            false => uri.push_str(&format!("%{byte:02X}")),
        }
        uri
    })
}
