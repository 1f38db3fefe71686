//! The shell recipe, run from start to end: a server is built from two branches, started, loaded, and its heap captured
//! with curl; then the gate.

use std::process::Output;

use crate::documents::blocks;
use crate::shop::Shop;

/// The two blocks of the shell recipe, one after the other as they are.
fn recipe() -> String {
    let scripts: Vec<String> =
        blocks().into_iter().filter(|block| block.language == "sh").map(|block| block.text).take(2).collect();
    assert!(scripts[0].starts_with("#!/bin/sh\n") && scripts[1].starts_with("leakdiff check "), "{scripts:?}");
    scripts.concat()
}

/// What a script printed and how it ended.
fn told(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    format!("{}\n{}\n{}", output.status, text(&output.stdout), text(&output.stderr))
}

#[test]
fn the_shell_recipe_fails_a_regression_and_passes_moved_code() {
    let Some(shop) = Shop::new() else { return };
    let report = shop.path("heap/report.md");

    shop.sh("git checkout -q regressed");
    let output = shop.run(&recipe());
    assert_eq!(output.status.code(), Some(1), "{}", told(&output));
    assert!(told(&output).contains("orders.(*Book).Place"), "{}", told(&output));
    let markdown = std::fs::read_to_string(&report).expect("a report");
    assert!(markdown.contains("orders.(\\*Book).Place") || markdown.contains("orders.(*Book).Place"), "{markdown}");

    std::fs::remove_file(&report).expect("a report");
    shop.sh("git checkout -q moved");
    let output = shop.run(&recipe());
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
    assert!(std::fs::metadata(&report).is_ok_and(|file| file.len() > 0), "a report");
    shop.sh("test \"$(git worktree list | wc -l)\" -eq 1");
}

#[test]
fn the_shell_recipe_cleans_up_after_a_failed_load() {
    let Some(shop) = Shop::new() else { return };
    let afterwards = "echo ended with $?\ncurl -sS \"http://$ADDRESS/debug/pprof/cmdline\"";
    let output = shop.run(&format!("(\nLOAD=false\n{}\n)\n{afterwards}", recipe()));
    let told = told(&output);
    assert!(told.contains("ended with 1\n"), "{told}");
    assert!(told.contains("curl: (7)"), "the server is gone: {told}");
    assert!(std::fs::metadata(shop.path("heap/base.pb.gz")).is_err(), "nothing was captured");
    shop.sh("test \"$(git worktree list | wc -l)\" -eq 1");
}
