//! Widths: children never exceed their parent, the root is the total, and each width shows what it promises.

use crate::picture::{Frame, Picture};
use crate::support::{fixture, json, run};
use crate::{before_and_after, flame};

const WIDTHS: [&str; 4] = ["growth", "after", "before", "max"];

/// What a frame is wide for.
fn value(frame: &Frame, width: &str) -> i64 {
    let [before, after, grown, shrunk] = frame.sums;
    match width {
        "growth" => grown + shrunk,
        "after" => after,
        "before" => before,
        _ => before + grown,
    }
}

/// Each frame lies within its parent, siblings do not overlap, and widths are in proportion.
fn assert_in_proportion(picture: &Picture, width: &str) {
    const ROUNDING: f64 = 0.011;
    let root = &picture.frames[0];
    let total = value(root, width);
    let mut path: Vec<(&Frame, f64, i64)> = Vec::new();
    for frame in &picture.frames {
        path.truncate(frame.depth);
        if let Some((parent, free_from, taken)) = path.last_mut() {
            assert!(frame.x >= *free_from - 1e-9, "{} overlaps its sibling", frame.name());
            assert!(frame.x + frame.width <= parent.x + parent.width + 1e-9, "{} leaves its parent", frame.name());
            assert_eq!(frame.y, parent.y + 17.0);
            *free_from = frame.x + frame.width;
            *taken += value(frame, width);
            assert!(*taken <= value(parent, width), "{}: children are more than their parent", parent.name());
            for (at, part) in frame.sums.iter().enumerate() {
                assert!(*part <= parent.sums[at], "{}: more than its parent", frame.name());
            }
        }
        let share = if total == 0 { 0.0 } else { value(frame, width) as f64 / total as f64 };
        let is_root = path.is_empty();
        assert!(is_root || (frame.width - share * root.width).abs() < ROUNDING, "{}: {}", frame.name(), frame.width);
        assert_eq!(frame.hidden, !is_root && frame.width < 0.1, "{}", frame.name());
        path.push((frame, frame.x, 0));
    }
}

#[test]
fn children_never_exceed_their_parent_and_the_root_is_the_total() {
    for (scenario, base, new) in [("http-body", 1, 3), ("large", 1, 3), ("sawtooth", 2, 3), ("warmup", 2, 3)] {
        let paths = [base, new].map(|number| fixture(&format!("{scenario}/heap{number}.pb.gz")));
        let total = &json(&[&paths[0], &paths[1]])["total"];
        for width in WIDTHS {
            for inverted in [false, true] {
                let mut args = vec!["flame", &paths[0], &paths[1], "--width", width];
                args.extend(inverted.then_some("--inverted"));
                let picture = Picture::parse(&run(&args).done().stdout);
                let [before, after, grown, shrunk] = picture.frames[0].sums;
                assert_eq!((&total["before"], &total["after"]), (&before.into(), &after.into()), "{scenario}");
                assert_eq!(after - before, grown - shrunk);
                assert_in_proportion(&picture, width);
            }
        }
    }
}

#[test]
fn what_did_not_change_takes_no_room_by_default() {
    let [old, new] = before_and_after();
    let picture = Picture::parse(&flame([&old, &new], &[]));
    assert_in_proportion(&picture, "growth");
    let unchanged = picture.frame("config.Load");
    assert!(unchanged.hidden && unchanged.class == "z");
    let after = Picture::parse(&flame([&old, &new], &["--width", "after"]));
    assert!(!after.frame("config.Load").hidden);
}

#[test]
fn what_vanished_is_visible_but_where_only_the_state_after_is_asked_for() {
    let [old, new] = before_and_after();
    for (width, hidden) in [("growth", false), ("before", false), ("max", false), ("after", true)] {
        let picture = Picture::parse(&flame([&old, &new], &["--width", width]));
        assert_eq!(picture.frame("sessions.Close").hidden, hidden, "{width}");
    }
}

#[test]
fn growth_and_shrinkage_that_cancel_out_are_both_seen() {
    use crate::support::Profile;
    let profile =
        |a, b| Profile::new().stack("a;f;main", [1, a, 1, a]).bytes(64).stack("b;f;main", [1, b, 1, b]).bytes(64);
    let picture = Picture::parse(&flame([&profile(1000, 5000), &profile(5000, 1000)], &[]));
    let caller = picture.frame("f");
    assert_eq!((caller.sums, caller.class.as_str()), ([6000, 6000, 4000, 4000], "z"));
    assert_eq!((picture.frame("a").width, picture.frame("b").width), (590.0, 590.0));
    assert!(caller.title.contains("(no change in sum)") && caller.title.contains("grown +3.9 KiB, shrunk -3.9 KiB"));
}

#[test]
fn block_sizes_of_one_stack_are_one_stack() {
    use crate::support::Profile;
    let profile = |small, large| {
        let profile = Profile::new().stack("f;main", [0, 0, 1, small]).bytes(64);
        profile.stack("f;main", [0, 0, 1, large]).bytes(4096)
    };
    let picture = Picture::parse(&flame([&profile(4096, 8192), &profile(8192, 4096)], &[]));
    assert_eq!(picture.frames[0].sums, [12288, 12288, 0, 0]);
}
