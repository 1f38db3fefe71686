//! The fuzzers' corpus: every file of it, found by fuzzing or written to guide it, is answered.

use std::path::Path;

use crate::answered;
use crate::small;
use crate::support::{run, run_on};

#[test]
fn every_file_of_the_corpus_is_answered() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus/load");
    let entries = std::fs::read_dir(&directory).unwrap_or_else(|error| panic!("{}: {error}", directory.display()));
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("a readable entry").path()).collect();
    paths.sort();
    assert!(paths.len() >= 12, "only {} files", paths.len());
    for path in paths {
        let bytes = std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let path = path.to_str().expect("a UTF-8 path");
        answered(path, &run(&[path]));
        for args in [&["-n", "0"][..], &["--by", "stack", "--format", "json"], &["--exact-names", "--sort", "cum"]] {
            answered(path, &run_on(&[&bytes, &small().encode()], args));
            answered(path, &run_on(&[&small().encode(), &bytes, &bytes], args));
        }
    }
}
