//! Whatever comes in, there is a result or one clear error: exit 0, or exit 2 with the input and the cause on standard
//! error and nothing on standard output; no panic, no hang, no unbounded memory.

#[path = "../support/mod.rs"]
mod support;

mod corpus;
mod damage;
mod extremes;
mod hostile;
mod kinds;
mod malformed;
mod measured;
mod options;
mod rules;
mod text;
mod text_inputs;
mod unusual;

use leakdiff::cli::Exit;
use prost::encoding::encode_varint;

use support::{Outcome, Profile, run_on};

/// A small profile that has every part a Go profile has.
pub fn small() -> Profile {
    Profile::new()
        .time(1_700_000_000_000_000_000)
        .build_id("b1")
        .stack("a.F|a.G@/a/g.go:3;main.main@/m.go:9", [1, 64, 1, 64])
        .bytes(64)
        .stack("c.H;main.main@/m.go:9", [2, 96, 1, 48])
        .bytes(48)
        .label("tenant", "acme")
}

/// These bytes must be refused, alone and as one of two, with all `words` in the message.
#[track_caller]
pub fn refused(case: &str, bytes: &[u8], words: &[&str]) {
    let alone = run_on(&[bytes], &[]);
    assert_eq!(alone.exit, Exit::Error, "{case}: {}", alone.stdout);
    alone.failed(&[&["error: ", "0.pb: "], words].concat());
    run_on(&[&small().encode(), bytes], &["--format", "json"]).failed(&[&["1.pb: "], words].concat());
}

/// Whatever became of it, it must be one of the two answers.
#[track_caller]
pub fn answered(case: &str, outcome: &Outcome) {
    match outcome.exit {
        Exit::Done => assert!(outcome.stderr.is_empty() && !outcome.stdout.is_empty(), "{case}: {}", outcome.stderr),
        _ => {
            assert_eq!(outcome.stdout, "", "{case}");
            assert!(outcome.stderr.starts_with("error: "), "{case}: {}", outcome.stderr);
            assert!(outcome.stderr.lines().count() <= 4, "{case}: one clear error: {}", outcome.stderr);
        }
    }
}

/// A field whose value is an integer, on the wire.
pub fn varint_field(number: u64, value: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    encode_varint(number << 3, &mut bytes);
    encode_varint(value, &mut bytes);
    bytes
}

/// A field whose value is bytes, on the wire.
pub fn bytes_field(number: u64, body: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    encode_varint(number << 3 | 2, &mut bytes);
    encode_varint(body.len() as u64, &mut bytes);
    bytes.extend_from_slice(body);
    bytes
}

/// Codes of the warnings of a report.
pub fn warnings(report: &serde_json::Value) -> Vec<&str> {
    let warnings = report["warnings"].as_array().expect("warnings is an array");
    warnings.iter().map(|warning| warning["code"].as_str().expect("a code")).collect()
}
