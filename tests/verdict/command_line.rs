//! From profiles of a real service to the files of a CI run, in a repository that has its source.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use leakdiff::report::FORMATS;
use tempfile::TempDir;

/// A repository with the service in a folder of it, as the CI of its owner has it.
fn repository() -> TempDir {
    let place = tempfile::tempdir().expect("a folder");
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    for folder in [".git", "services/global-cache/pages"] {
        fs::create_dir_all(place.path().join(folder)).expect("made");
    }
    for file in ["go.mod", "global-cache/pages/cache.go", "global-cache/heap1.pb.gz", "global-cache/heap3.pb.gz"] {
        fs::copy(fixtures.join(file), place.path().join("services").join(file)).expect("copied");
    }
    place
}

fn check(place: &TempDir, args: &[&str]) -> Output {
    let mut leakdiff = Command::new(env!("CARGO_BIN_EXE_leakdiff"));
    let profiles = ["check", "main=global-cache/heap1.pb.gz", "branch=global-cache/heap3.pb.gz", "--no-config"];
    let leakdiff = leakdiff.current_dir(place.path().join("services")).args(profiles).args(args);
    leakdiff.output().expect("leakdiff runs")
}

#[test]
fn several_files_and_annotations_in_one_run() {
    let place = repository();
    let outputs =
        ["-o", "a.xml", "-o", "b.sarif", "-o", "gitlab=c.json", "-o", "markdown=summary", "-o", "d.sarif.json"];
    let limits =
        ["--max-growth", "5MiB|10%", "--max-total", "1GiB", "-f", "github", "-o", "gl-code-quality-report.json"];
    let output = check(&place, &[&outputs[..], &limits].concat());
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    let annotations = String::from_utf8(output.stdout).expect("UTF-8");
    let first = annotations.lines().next().expect("an annotation");
    assert!(
        first.starts_with("::error file=services/global-cache/pages/cache.go,line=37,title=max-growth "),
        "{first}"
    );
    assert!(annotations.ends_with("::notice title=leakdiff check::failed: 1 of 2 limits exceeded\n"), "{annotations}");

    let read = |name: &str| fs::read_to_string(place.path().join("services").join(name)).expect("written");
    let junit = quick_junit::Report::deserialize_from_str(&read("a.xml")).expect("JUnit");
    assert_eq!((junit.tests, junit.failures), (2, 1));
    let log = crate::sarif::read(&read("b.sarif"));
    let location = &log["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
    assert_eq!(location["artifactLocation"]["uri"], "services/global-cache/pages/cache.go");
    assert_eq!(location["region"]["startLine"], 37);
    assert_eq!(read("d.sarif.json"), read("b.sarif"));
    let issues = crate::schema::hold_gitlab(&read("c.json"));
    assert_eq!(issues[0]["location"]["path"], "services/global-cache/pages/cache.go");
    // The background of the service is not in this repository.
    assert_eq!(issues[1]["location"]["path"], "services/go.mod");
    assert_eq!(read("gl-code-quality-report.json"), read("c.json"));
    assert!(read("summary").starts_with("## ❌ leakdiff check failed"), "{}", read("summary"));
}

#[test]
fn a_gate_that_passes() {
    let place = repository();
    for (format, start) in [("github", "::notice "), ("gitlab", "[]\n"), ("junit", "<?xml "), ("sarif", "{\n")] {
        let output = check(&place, &["--max-growth", "1GiB", "-f", format]);
        assert_eq!(output.status.code(), Some(0), "{format}");
        assert!(String::from_utf8_lossy(&output.stdout).starts_with(start), "{format}");
    }
}

#[test]
fn a_comparison_without_limits_has_no_verdict_to_write() {
    let place = repository();
    for format in FORMATS.iter().filter(|format| format.needs_verdict) {
        for command in ["diff", "flame", "report"] {
            let mut leakdiff = Command::new(env!("CARGO_BIN_EXE_leakdiff"));
            let leakdiff = leakdiff.current_dir(place.path().join("services"));
            let profiles = ["global-cache/heap1.pb.gz", "global-cache/heap3.pb.gz"];
            let output =
                leakdiff.arg(command).args(profiles).args(["-f", format.name]).output().expect("leakdiff runs");
            assert_eq!(output.status.code(), Some(2), "{command} -f {}", format.name);
            let message = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(message.contains("invalid value") && !message.contains("junit,"), "{message}");
        }
    }
}
