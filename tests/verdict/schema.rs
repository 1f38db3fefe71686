//! What the readers of a verdict's formats ask for: the schema of SARIF 2.1.0, and that of GitLab's documentation.
//!
//! The schema of SARIF is that of OASIS as the crate serde-sarif carries it; the types that crate makes of it read the
//! log too.

#![allow(dead_code)]

use std::collections::HashSet;
use std::process::Command;
use std::sync::LazyLock;

use jsonschema::Validator;
use serde_json::{Value, json};
use serde_sarif::sarif::Sarif;

/// The schema of SARIF, from the source of the crate that has it.
static SARIF: LazyLock<Validator> = LazyLock::new(|| {
    let mut cargo = Command::new(env!("CARGO"));
    let output = cargo.args(["metadata", "--format-version", "1", "--locked"]).output().expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let packages = metadata["packages"].as_array().expect("packages");
    let package = packages.iter().find(|package| package["name"] == "serde-sarif").expect("serde-sarif");
    let manifest = std::path::Path::new(package["manifest_path"].as_str().expect("a path"));
    let text = std::fs::read_to_string(manifest.with_file_name("src/schema.json")).expect("its schema");
    // The pattern of languages has a bracket too many, so that it is none.
    let text = text.replace("[a-zA-Z]{2}]?$", "[a-zA-Z]{2}$");
    let schema: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(schema["title"], "Static Analysis Results Format (SARIF) Version 2.1.0 JSON Schema");
    jsonschema::options().should_validate_formats(true).build(&schema).expect("a schema")
});

static GITLAB: LazyLock<Validator> = LazyLock::new(|| jsonschema::validator_for(&gitlab()).expect("a schema"));

/// What <https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format> says of the report.
fn gitlab() -> Value {
    json!({
        "type": "array",
        "items": {
            "type": "object",
            "required": ["description", "check_name", "fingerprint", "location", "severity"],
            "properties": {
                "description": { "type": "string", "minLength": 1 },
                "check_name": { "type": "string", "minLength": 1 },
                "fingerprint": { "type": "string", "minLength": 1 },
                "severity": { "enum": ["info", "minor", "major", "critical", "blocker"] },
                "location": {
                    "type": "object",
                    "required": ["path", "lines"],
                    "properties": {
                        // Relative to the repository, without `./` in front.
                        "path": { "type": "string", "minLength": 1, "not": { "pattern": "^\\./" } },
                        "lines": {
                            "type": "object",
                            "required": ["begin"],
                            "properties": { "begin": { "type": "integer", "minimum": 1 } },
                        },
                    },
                },
            },
        },
    })
}

fn errors(validator: &Validator, value: &Value) -> Vec<String> {
    validator.iter_errors(value).map(|error| format!("{error} at {}", error.instance_path())).collect()
}

/// Where a log does not conform to the schema of SARIF.
pub fn errors_of_sarif(log: &Value) -> Vec<String> {
    errors(&SARIF, log)
}

/// A text is a log in SARIF.
#[track_caller]
pub fn hold_sarif(text: &str) -> Value {
    let log: Value = serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"));
    let errors = errors_of_sarif(&log);
    assert!(errors.is_empty(), "{errors:#?}");
    serde_json::from_str::<Sarif>(text).unwrap_or_else(|error| panic!("{error}: {text}"));
    log
}

/// A text is a code quality report of GitLab, whose issues are all shown.
#[track_caller]
pub fn hold_gitlab(text: &str) -> Vec<Value> {
    assert!(!text.starts_with('\u{feff}'), "GitLab wants no byte order mark");
    let value: Value = serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"));
    let errors = errors(&GITLAB, &value);
    assert!(errors.is_empty(), "{errors:#?}");
    let issues = value.as_array().expect("an array").clone();
    let fingerprints: HashSet<&str> = issues.iter().filter_map(|issue| issue["fingerprint"].as_str()).collect();
    assert_eq!(fingerprints.len(), issues.len(), "GitLab drops all but one of the issues with the same fingerprint");
    issues
}
