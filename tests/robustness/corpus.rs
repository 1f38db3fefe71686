//! The fuzzers' corpora: every file, found by fuzzing or written to guide it, keeps the promises of its target, and as
//! an input of the command line it is answered.

use std::path::{Path, PathBuf};

use crate::answered;
use crate::small;
use crate::support::{run, run_on};

#[path = "../../fuzz/src/lib.rs"]
mod targets;

use targets::TARGETS;

/// The files of the corpus of a target.
fn corpus(target: &str) -> Vec<PathBuf> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let entries = std::fs::read_dir(&directory).unwrap_or_else(|error| panic!("{}: {error}", directory.display()));
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("a readable entry").path()).collect();
    paths.sort();
    assert!(paths.len() >= 4, "{target}: only {} files", paths.len());
    paths
}

fn read(path: &Path) -> Vec<u8> {
    std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn every_target_keeps_its_promises_on_its_corpus() {
    for (name, target) in TARGETS {
        for path in corpus(name) {
            let bytes = read(&path);
            if std::panic::catch_unwind(|| target(&bytes)).is_err() {
                panic!("{}: see above", path.display());
            }
        }
    }
}

#[test]
fn every_target_is_built_by_the_fuzzer() {
    let package = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz");
    let manifest = std::fs::read_to_string(package.join("Cargo.toml")).expect("the manifest");
    for (name, _) in TARGETS {
        assert!(manifest.contains(&format!("\nname = \"{name}\"\npath = \"fuzz_targets/{name}.rs\"\n")), "{name}");
        let body = std::fs::read_to_string(package.join(format!("fuzz_targets/{name}.rs"))).expect("the target");
        assert!(body.contains(&format!("leakdiff_fuzz::{name}::run(bytes)")), "{name}");
    }
    assert_eq!(manifest.matches("[[bin]]").count(), TARGETS.len());
}

#[test]
fn every_input_of_the_corpus_is_answered() {
    for path in corpus("load") {
        let bytes = read(&path);
        let path = path.to_str().expect("a UTF-8 path");
        answered(path, &run(&[path]));
        for args in [&["-n", "0"][..], &["--by", "stack", "--format", "json"], &["--exact-names", "--sort", "cum"]] {
            answered(path, &run_on(&[&bytes, &small().encode()], args));
            answered(path, &run_on(&[&small().encode(), &bytes, &bytes], args));
        }
    }
}
