//! The JSON contract as a schema, and the sums that it promises.
//!
//! In: a report in JSON. Out: nothing, or a panic with what does not conform.

use std::sync::LazyLock;

use jsonschema::Validator;
use serde_json::{Value, json};

static SCHEMA: LazyLock<Validator> = LazyLock::new(|| jsonschema::validator_for(&schema()).expect("a schema"));

/// What every report has. Keys may be added, so that others are allowed.
fn schema() -> Value {
    let or_null = |name: &str| json!({ "anyOf": [{ "$ref": format!("#/$defs/{name}") }, { "type": "null" }] });
    json!({
        "type": "object",
        "required": [
            "schema_version", "tool", "inputs", "metric", "filters", "by", "sort", "total", "total_objects", "rate",
            "total_evidence", "sampling", "rows", "remainder", "suspects", "verdict", "warnings",
        ],
        "properties": {
            "schema_version": { "const": 2 },
            "inputs": { "type": "array", "minItems": 1, "items": { "$ref": "#/$defs/input" } },
            "metric": {
                "type": "object",
                "required": ["name", "unit", "others"],
                "properties": { "others": { "type": "array", "items": { "type": "string" } } },
            },
            "filters": { "type": "object", "additionalProperties": { "type": "string" } },
            "total": { "$ref": "#/$defs/change" },
            "total_objects": or_null("change"),
            "total_evidence": or_null("evidence"),
            "rate": { "type": ["object", "null"] },
            "rows": { "type": "array", "items": { "$ref": "#/$defs/row" } },
            "remainder": { "allOf": [{ "$ref": "#/$defs/change" }, { "required": ["rows"] }] },
            "suspects": { "type": "array", "items": { "$ref": "#/$defs/suspect" } },
            "verdict": {
                "type": ["object", "null"],
                "required": ["result", "breaches", "checks", "unmatched", "allowed"],
                "properties": { "result": { "enum": ["pass", "fail", "inconclusive"] } },
            },
            "warnings": { "type": "array", "items": { "type": "object", "required": ["code", "message"] } },
        },
        "$defs": {
            "change": {
                "type": "object",
                "required": ["before", "after", "delta"],
                "properties": {
                    "before": { "type": "integer" }, "after": { "type": "integer" }, "delta": { "type": "integer" },
                },
            },
            "evidence": {
                "type": "object",
                "required": ["verdict", "z", "low", "high"],
                "properties": {
                    "verdict": { "enum": ["exact", "certain", "likely", "noise"] },
                    "z": { "type": ["number", "null"] },
                    "low": { "type": "integer" },
                    "high": { "type": "integer" },
                },
            },
            "responsible": {
                "type": "object",
                "required": ["function", "file", "line", "via"],
                "properties": { "function": { "type": "string" }, "line": { "type": ["integer", "null"] } },
            },
            "input": {
                "type": "object",
                "required": ["label", "path", "time_nanos", "period", "build_id", "samples", "stacks"],
                "properties": { "samples": { "type": "integer", "minimum": 0 } },
            },
            "row": {
                "type": "object",
                "required": [
                    "name", "file", "line", "status", "flat", "cum", "objects", "kept_ratio", "evidence", "responsible",
                    "stack", "fingerprint",
                ],
                "properties": {
                    "name": { "type": "string" },
                    "file": { "type": ["string", "null"] },
                    "line": { "type": ["integer", "null"] },
                    "status": { "enum": ["new", "grown", "shrunk", "gone", "same"] },
                    "flat": { "$ref": "#/$defs/change" },
                    "cum": { "$ref": "#/$defs/change" },
                    "objects": or_null("change"),
                    "kept_ratio": { "type": ["number", "null"] },
                    "evidence": or_null("evidence"),
                    "responsible": or_null("responsible"),
                    "stack": { "type": ["array", "null"], "items": { "type": "string" } },
                    "fingerprint": { "type": "string", "pattern": "^[0-9a-f]{16}$" },
                    "steps": { "type": "array", "items": { "type": "integer" } },
                },
            },
            "suspect": {
                "type": "object",
                "required": ["code", "title", "confidence", "delta", "units", "responsible", "rows", "explanation", "fix", "fingerprint"],
                "properties": {
                    "code": { "type": "string", "pattern": "^[a-z0-9-]+$" },
                    "confidence": { "type": "string" },
                    "delta": { "type": "integer" },
                    "responsible": or_null("responsible"),
                    "explanation": { "type": "string", "minLength": 1 },
                    "fingerprint": { "type": "string", "pattern": "^[0-9a-f]{16}$" },
                },
            },
        },
    })
}

/// A report conforms, and its rows and the remainder are the total.
#[track_caller]
pub fn hold(text: &str) {
    let report: Value = serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"));
    let errors: Vec<String> =
        SCHEMA.iter_errors(&report).map(|error| format!("{error} at {}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    let rows = report["rows"].as_array().expect("rows");
    for field in ["before", "after", "delta"] {
        let number = |value: &Value| value[field].as_i64().expect("an integer");
        let rows: i64 = rows.iter().map(|row| number(&row["flat"])).sum();
        assert_eq!(rows + number(&report["remainder"]), number(&report["total"]), "{field}");
    }
    let all = rows.iter().flat_map(|row| [&row["flat"], &row["cum"]]).chain([&report["total"], &report["remainder"]]);
    all.for_each(assert_subtracts);
}

/// As [`hold`], of the table of goroutines.
#[track_caller]
pub fn hold_goroutines(text: &str) {
    let table: Value = serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"));
    let number = |value: &Value| value["delta"].as_i64().expect("an integer");
    let parts = ["rows", "benign"].map(|part| table[part].as_array().expect("rows").iter().map(number).sum::<i64>());
    assert_eq!(parts[0] + parts[1] + number(&table["remainder"]), number(&table["total"]));
}

#[track_caller]
fn assert_subtracts(change: &Value) {
    let number = |field: &str| change[field].as_i64().expect("an integer");
    assert_eq!(number("after") - number("before"), number("delta"), "{change}");
}

/// The schema is one that finds fault.
#[test]
fn what_is_wrong_is_found() {
    let args = ["timers/heap1.pb.gz", "timers/heap3.pb.gz"].map(crate::support::fixture);
    let good = crate::support::json(&[&args[0], &args[1]]);
    assert!(SCHEMA.is_valid(&good));
    for (pointer, value) in [
        ("/schema_version", json!(1)),
        ("/total/delta", json!("1")),
        ("/rows/0/status", json!("larger")),
        ("/rows/0/evidence/low", json!(0.5)),
        ("/suspects", Value::Null),
    ] {
        let mut report = good.clone();
        *report.pointer_mut(pointer).expect("a place") = value;
        assert!(!SCHEMA.is_valid(&report), "{pointer}");
    }
}
