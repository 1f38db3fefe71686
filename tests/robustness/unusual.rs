//! Unusual but acceptable: what other readers accept is accepted, with a warning where it could mislead.

use serde_json::json;

use crate::support::{Profile, diff_json, fixture, json, row, run_on};
use crate::{bytes_field, small, varint_field, warnings};

fn report_of(bytes: &[u8]) -> serde_json::Value {
    run_on(&[bytes], &["--format", "json", "-n", "0"]).done().json()
}

#[test]
fn no_samples() {
    for profile in [Profile::new(), Profile::new().build_id("b")] {
        let report = diff_json(&[&profile], &[]);
        assert_eq!(report["total"], json!({"before": 0, "after": 0, "delta": 0}));
        assert_eq!(report["rows"], json!([]));
        assert_eq!(warnings(&report), ["empty"]);
    }
    let against_full = diff_json(&[&small(), &Profile::new()], &["-n", "0"]);
    assert_eq!(against_full["total"]["after"], 0);
    assert_eq!(row(&against_full, "a.F")["status"], "gone");
    let report = json(&[&fixture("warmup/heap1.pb.gz"), &fixture("warmup/heap3.pb.gz")]);
    assert_eq!(report["inputs"][0]["label"], fixture("warmup/heap1.pb.gz"));
}

#[test]
fn unknown_fields_are_skipped() {
    let plain = small().encode();
    let unknown = [
        varint_field(15, 3),
        varint_field(16, u64::MAX),
        bytes_field(1000, b"whatever"),
        // Field 20: 64 bits, then 32 bits.
        [&[0xa1, 0x01][..], &[1; 8]].concat(),
        [&[0xa5, 0x01][..], &[1; 4]].concat(),
    ];
    let expected = report_of(&plain);
    for (index, field) in unknown.iter().enumerate() {
        assert_eq!(report_of(&[&plain[..], field].concat()), expected, "unknown field {index} at the end");
        assert_eq!(report_of(&[field, &plain[..]].concat()), expected, "unknown field {index} at the start");
    }
    let sample = [bytes_field(2, &[0, 0, 0, 0]), varint_field(9, 5), bytes_field(10, b"x")].concat();
    assert_eq!(report_of(&[plain, bytes_field(2, &sample)].concat())["rows"], expected["rows"], "in a sample");
}

#[test]
fn packed_and_unpacked_numbers_mix() {
    let plain = small().encode();
    let value =
        |numbers: &[u8]| numbers.iter().flat_map(|number| varint_field(2, u64::from(*number))).collect::<Vec<u8>>();
    let forms = [
        [bytes_field(1, &[1, 2]), bytes_field(2, &[1, 2, 3, 4])].concat(),
        [varint_field(1, 1), varint_field(1, 2), value(&[1, 2, 3, 4])].concat(),
        [varint_field(1, 1), bytes_field(1, &[2]), bytes_field(2, &[1, 2]), value(&[3]), bytes_field(2, &[4])].concat(),
        [value(&[1]), bytes_field(1, b""), bytes_field(1, &[1]), bytes_field(2, &[2, 3, 4]), varint_field(1, 2)]
            .concat(),
        // Longer varints than needed mean the same.
        [bytes_field(1, &[0x81, 0x80, 0, 2]), bytes_field(2, &[0x81, 0, 2, 3, 4])].concat(),
    ];
    let with = |form: &[u8]| report_of(&[&plain[..], &bytes_field(2, form)].concat());
    let expected = with(&forms[0]);
    assert_eq!(expected["total"]["after"], 64 + 48 + 4);
    for (index, form) in forms.iter().enumerate() {
        assert_eq!(with(form), expected, "form {index}");
    }
}

#[test]
fn labels_with_text_and_number() {
    let profile = small().edit(|proto| {
        let label = &mut proto.sample[0].label[0];
        (label.num, label.str) = (64, 1);
    });
    diff_json(&[&profile], &["--tagfocus", "bytes=."]);
    let repeated = small().bytes(16).bytes(-5).label("bytes", "many");
    assert_eq!(diff_json(&[&repeated], &[])["total"]["after"], 64 + 48);
}

#[test]
fn a_negative_period_is_unknown() {
    for period in [-1, i64::MIN] {
        let report = diff_json(&[&small().period("space", "bytes", period)], &[]);
        assert_eq!(report["inputs"][0]["period"], json!(null));
        assert!(warnings(&report).contains(&"invalid-period"), "{report}");
    }
}

#[test]
fn frame_filters_that_are_no_expressions() {
    for profile in [small().drop_frames("(unclosed"), small().drop_frames("ok").keep_frames("[z-a]")] {
        let report = diff_json(&[&profile], &[]);
        assert_eq!(warnings(&report), ["invalid-frame-filter"]);
        assert_eq!(report["total"]["after"], 64 + 48);
    }
}

#[test]
fn names_that_are_not_utf_8() {
    let at = |bytes: &[u8]| bytes.windows(3).position(|window| window == b"c.H").expect("the name is there");
    let mut bytes = small().encode();
    let start = at(&bytes);
    bytes[start + 1] = 0xff;
    let report = report_of(&bytes);
    assert_eq!(warnings(&report), ["invalid-text"]);
    assert_eq!(row(&report, "c\u{fffd}H")["flat"]["after"], 48);
}

#[test]
fn a_mapping_that_is_missing() {
    let report = diff_json(&[&small().edit(|proto| proto.location[0].mapping_id = 9)], &[]);
    assert!(warnings(&report).contains(&"missing-mapping"), "{report}");
    assert_eq!(report["total"]["after"], 64 + 48);
}

#[test]
fn times_that_cannot_be() {
    for (before, after) in [(i64::MIN, i64::MAX), (1, i64::MAX), (i64::MAX, 1), (-5, -9), (i64::MAX - 1, i64::MAX)] {
        for format in ["table", "json", "markdown", "csv"] {
            let (old, new) = (small().time(before).duration(i64::MIN), small().time(after).duration(i64::MAX));
            crate::support::diff(&[&old, &new], &["--format", format]).done();
        }
    }
}

#[test]
fn lines_and_addresses_that_cannot_be() {
    let profile = small().edit(|proto| {
        proto.location[0].address = u64::MAX;
        proto.location[0].line[0].line = i64::MIN;
        proto.location[0].line[1].line = i64::MAX;
        proto.mapping[0].memory_start = u64::MAX;
        proto.mapping[0].memory_limit = 1;
        proto.mapping[0].file_offset = u64::MAX;
        proto.function[0].start_line = i64::MIN;
    });
    for by in ["function", "line", "file", "package", "stack", "address"] {
        assert_eq!(diff_json(&[&profile, &small()], &["--by", by, "-n", "0"])["total"]["delta"], 0, "by {by}");
    }
}

#[test]
fn a_stack_without_locations() {
    let report = diff_json(&[&small().stack("", [1, 8, 1, 8])], &["-n", "0"]);
    assert_eq!(row(&report, "(no stack)")["flat"]["after"], 8);
    assert_eq!(report["total"]["after"], 64 + 48 + 8);
}

#[test]
fn a_function_without_a_name() {
    let profile = small().edit(|proto| (proto.function[0].name, proto.function[0].system_name) = (0, 0));
    for by in ["function", "line", "file", "package", "stack", "address"] {
        assert_eq!(diff_json(&[&profile], &["--by", by, "-n", "0"])["total"]["after"], 64 + 48, "by {by}");
    }
}
