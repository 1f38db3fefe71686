//! Two builds of one program: moved lines, other checkout directories and renumbered closures leave rows in place.

use proptest::prelude::*;

use crate::generate::{Spec, pair};
use crate::support::{Profile, diff_json, wire};
use crate::{cases, number, rows};

/// The profile as another build of the same program would give it.
fn rebuilt(spec: &Spec, change: impl FnOnce(&mut wire::Profile)) -> Profile {
    Spec { build: "build-9", ..spec.clone() }.profile().edit(change)
}

/// Code without a name is known by its address alone, which stays.
fn move_lines(proto: &mut wire::Profile) {
    for location in proto.location.iter_mut().filter(|location| !location.line.is_empty()) {
        location.address += 0x70;
        location.line.iter_mut().for_each(|line| line.line += 4);
    }
}

fn move_checkout(proto: &mut wire::Profile) {
    for string in &mut proto.string_table {
        *string = string.replace("/build/shop/", "/home/ci/build-7/shop/");
    }
}

fn renumber_closures(proto: &mut wire::Profile) {
    for string in &mut proto.string_table {
        *string = string.replace(".func2", ".func7").replace(".func1", ".func4");
    }
}

fn rename_type_arguments(proto: &mut wire::Profile) {
    for string in &mut proto.string_table {
        *string = string.replace("[go.shape.string]", "[go.shape.struct { a int; b string }]");
    }
}

/// A change to a profile and what a row may stand for without showing it.
type Rebuild = (&'static str, fn(&mut wire::Profile), &'static [&'static str]);

const REBUILDS: &[Rebuild] = &[
    ("lines", move_lines, &["function", "file", "package", "stack"]),
    ("checkout", move_checkout, &["function", "line", "file", "package", "stack"]),
    ("closures", renumber_closures, &["function", "line", "file", "package", "stack"]),
    ("type arguments", rename_type_arguments, &["function", "line", "file", "package", "stack"]),
];

proptest! {
    #![proptest_config(cases(96))]

    #[test]
    fn a_rebuild_alone_changes_no_row((spec, _) in pair()) {
        let spec = Spec { build: "build-1", ..spec };
        let old = spec.profile();
        for (what, change, granularities) in REBUILDS {
            let new = rebuilt(&spec, change);
            for by in *granularities {
                let report = diff_json(&[&old, &new], &["-n", "0", "--by", by]);
                for row in rows(&report) {
                    let deltas = ["flat", "cum", "objects"].map(|quantity| number(&row[quantity]["delta"]));
                    prop_assert_eq!(deltas, [0, 0, 0], "{} by {}: {}", what, by, row["name"]);
                    prop_assert_eq!(&row["status"], "same");
                }
            }
        }
    }

    #[test]
    fn a_rebuild_leaves_fingerprints((old, new) in pair()) {
        let fingerprints = |old: &Profile, new: &Profile| {
            let report = diff_json(&[old, new], &["-n", "0", "--sort", "name"]);
            let mut found: Vec<String> = rows(&report).iter().map(|row| row["fingerprint"].to_string()).collect();
            found.sort();
            found.dedup();
            found
        };
        let plain = fingerprints(&old.profile(), &new.profile());
        for (what, change, _) in REBUILDS {
            prop_assert_eq!(&fingerprints(&old.profile(), &rebuilt(&new, change)), &plain, "{}", what);
        }
    }
}
