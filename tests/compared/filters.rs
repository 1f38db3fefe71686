//! What filters leave of a profile, told by its total: each stack has a power of two.

use crate::support::{Profile, diff_json};

/// Four stacks of 1, 2, 4 and 8 bytes.
fn profile() -> Profile {
    let profile = Profile::bare().types(&[("inuse_space", "bytes")]);
    let profile = profile.stack("leaf|inlined;mid@/src/mid.go:2;root", [1]).bytes(64).label("tenant", "acme");
    let profile = profile.stack("leaf;root", [2]).bytes(4096).label("tenant", "globex");
    let profile = profile.stack("other;mid@/src/mid.go:3;root", [4]).bytes(1 << 20).label("tenant", "acme-test");
    profile.stack("alone", [8]).number("age", 5, "seconds")
}

#[test]
fn stacks_are_kept_or_dropped_by_their_frames_and_labels() {
    for (option, value, left) in [
        ("--focus", "mid", 5),
        ("--focus", "mid.go", 5),
        ("--focus", "inlined", 1),
        ("--focus", "^leaf$", 3),
        ("--ignore", "mid", 10),
        ("--ignore", "nowhere", 15),
        ("--show-from", "mid", 5),
        ("--show-from", "root", 7),
        ("--tagfocus", "bytes=1kb:", 6),
        ("--tagfocus", "bytes=4096:", 6),
        ("--tagfocus", "bytes=4097:", 4),
        ("--tagfocus", "bytes=:64b", 1),
        ("--tagfocus", "bytes=:4096", 3),
        ("--tagfocus", "bytes=:4095", 1),
        ("--tagfocus", "bytes=4096b", 2),
        ("--tagfocus", "bytes=64:4kb", 3),
        ("--tagfocus", "bytes=65:4095", 0),
        ("--tagfocus", "age=4s:6s", 8),
        ("--tagfocus", "age=5000ms", 8),
        ("--tagfocus", "age=6s:", 0),
        ("--tagfocus", "age=1b:", 0),
        ("--tagignore", "bytes=4kb:", 9),
        ("--tagfocus", "tenant=acme", 5),
        ("--tagfocus", "tenant=acme$", 1),
        ("--tagfocus", "tenant=globex,test", 6),
        ("--tagfocus", "acme,test", 4),
        ("--tagfocus", "tenant:globex", 2),
        ("--tagfocus", "host=acme", 0),
        ("--tagignore", "tenant=acme", 10),
    ] {
        assert_eq!(diff_json(&[&profile()], &[option, value])["total"]["after"], left, "{option} {value}");
    }
}

#[test]
fn frames_are_hidden_shown_or_cut() {
    for (option, value, left) in [
        ("--hide", "mid", &["alone", "inlined", "leaf", "other", "root"][..]),
        ("--hide", "leaf", &["alone", "inlined", "mid", "other", "root"]),
        ("--show", "mid|inlined", &["inlined", "mid"]),
        ("--show-from", "mid", &["inlined", "leaf", "mid", "other"]),
        ("--show-from", "leaf", &["leaf"]),
        ("--show-from", "inlined", &["inlined", "leaf"]),
    ] {
        let report = diff_json(&[&profile()], &[option, value, "-n", "0", "--sort", "cum"]);
        let mut names: Vec<&str> =
            report["rows"].as_array().expect("rows").iter().filter_map(|row| row["name"].as_str()).collect();
        names.sort_unstable();
        assert_eq!(names, left, "{option} {value}");
    }
}

#[test]
fn what_is_hidden_at_the_leaf_counts_for_its_caller() {
    let report = diff_json(&[&profile()], &["--hide", "^leaf$|^other$", "-n", "0"]);
    let flat = |name: &str| crate::support::row(&report, name)["flat"]["after"].clone();
    assert_eq!((flat("inlined"), flat("root"), flat("mid"), flat("alone")), (1.into(), 2.into(), 4.into(), 8.into()));
}
