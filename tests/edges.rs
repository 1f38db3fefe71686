//! Corners where an answer was once wrong or misleading, each shown by the smallest input that reaches it.

mod support;

use support::{Profile, diff_json};

#[test]
fn what_a_filter_hides_is_not_called_stale() {
    let before = Profile::new().build_id("b").time(1_000_000_000);
    let before = before.stack("main.still", [1, 64, 1, 64]).stack("main.busy", [1, 64, 1, 64]);
    let after = Profile::new().build_id("b").time(9_000_000_000);
    let after = after.stack("main.still", [1, 64, 1, 64]).stack("main.busy", [9, 576, 9, 576]);
    let code = |report: &serde_json::Value| report["warnings"].to_string().contains("stale-snapshot");
    assert!(!code(&diff_json(&[&before, &after], &["--focus", "still"])));
    assert!(code(&diff_json(&[&before, &before.clone().time(9_000_000_000)], &[])));
}
