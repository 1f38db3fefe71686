//! Growth line by line against `go tool pprof -list`, of every function of every pair.
//!
//! pprof does not always print all lines: where the parts of a function state different first lines, as those of two
//! builds do, one that begins earlier does not move the end (`getSourceFromFile` has `if start ... else if end`). Lines
//! after the last that it prints cannot be compared; they are few, and counted.

use std::collections::{BTreeMap, BTreeSet};

use regex::Regex;

use crate::rows::Pair;
use crate::support::{Files, fixture, run};
use crate::tool::Pprof;

const PAIRS: &[(&str, &str)] = &[
    ("http-body/heap1.pb.gz", "http-body/heap3.pb.gz"),
    ("global-cache/heap1.pb.gz", "global-cache/heap3.pb.gz"),
    ("sawtooth/heap2.pb.gz", "sawtooth/heap4.pb.gz"),
    ("toolchains/go1.22/heap1.pb.gz", "toolchains/go1.27/heap3.pb.gz"),
    ("rebuilt/a/heap1.pb.gz", "rebuilt/b/heap3.pb.gz"),
    ("large/heap1.pb.gz", "large/heap3.pb.gz"),
];

/// What is taken off the paths of files: two checkouts of one program are one program.
pub const TRIMMED: &[&str] = &["/home/ci/build-1/", "/home/ci/build-2/", "/"];

/// By function, file and line.
pub type Lines = BTreeMap<(String, String, i64), Pair>;

/// What a listing of ours says: by line, and by function and file the flat sum that stands above the lines.
fn parse(listing: &str) -> (Lines, BTreeMap<(String, String), i64>) {
    let value = r"\.|[+-]?[\d,]+(?: B)?";
    let row = Regex::new(&format!(r"^ *({value}) +({value}) +(\d+)(?:  .*)?$")).expect("a pattern");
    let number = |text: &str| match text {
        "." => 0,
        text => text.replace([',', '+', 'B', ' '], "").parse().unwrap_or_else(|_| panic!("no number: {text}")),
    };
    let (mut found, mut sums) = (Lines::new(), BTreeMap::new());
    let (mut name, mut file) = (String::new(), String::new());
    let lines: Vec<&str> = listing.lines().collect();
    for (index, line) in lines.iter().enumerate() {
        if let Some(place) = line.strip_prefix("in ") {
            name = lines[index - 1].to_owned();
            let path = place.split(", ").next().unwrap_or(place);
            let trimmed = TRIMMED.iter().find_map(|prefix| path.strip_prefix(prefix));
            file = trimmed.unwrap_or(path).to_owned();
        } else if let Some(flat) = line.strip_prefix("flat ").and_then(|sums| sums.split_once(", cum ")) {
            sums.insert((name.clone(), file.clone()), number(flat.0));
        } else if let Some(cells) = row.captures(line) {
            let change = (number(&cells[1]), number(&cells[2]));
            if change != (0, 0) {
                found.insert((name.clone(), file.clone(), number(&cells[3])), change);
            }
        }
    }
    (found, sums)
}

#[test]
fn lines_of_all_functions_agree() {
    let Some(pprof) = Pprof::find() else { return };
    let (mut compared, mut cut_off) = (0, 0);
    for (base, new) in PAIRS {
        for metric in ["inuse_space", "alloc_space"] {
            let (before, after) = (fixture(base), fixture(new));
            let options = ["--exact-names", "--unit", "B", "--sample-index", metric];
            let listing = run(&[&["list", ".", &before, &after], &options[..]].concat()).done().stdout;
            let (ours, sums) = parse(&listing);
            // pprof lists only lines that a file has.
            let source = Files::new();
            for file in ours.keys().map(|(_, file, _)| file).collect::<BTreeSet<_>>() {
                let path = source.path(file);
                std::fs::create_dir_all(std::path::Path::new(&path).parent().expect("a folder")).expect("a folder");
                source.write(file, "\n".repeat(40_000));
            }
            let (theirs, last) = pprof.list(base, new, metric, &source.path(""));
            let keys: BTreeSet<_> = theirs.keys().chain(ours.keys()).collect();
            let is_cut_off = |(name, file, number): &&(String, String, i64)| {
                last.get(&(name.clone(), file.clone())).is_some_and(|last| number > last)
            };
            cut_off += keys.iter().copied().filter(is_cut_off).count();
            let comparable = keys.into_iter().filter(|key| !is_cut_off(key));
            let different = comparable.filter(|key| theirs.get(*key) != ours.get(*key));
            let text = |key: &(String, String, i64)| {
                format!("{key:?}: pprof {:?}, leakdiff {:?}", theirs.get(key), ours.get(key))
            };
            let differences: Vec<String> = different.map(text).take(10).collect();
            assert!(differences.is_empty(), "{base} {new} {metric}:\n{}", differences.join("\n"));
            for ((name, file), flat) in sums {
                let of_lines = ours.iter().filter(|((n, f, _), _)| *n == name && *f == file);
                assert_eq!(of_lines.map(|(_, (flat, _))| flat).sum::<i64>(), flat, "{name} in {file}");
            }
            compared += theirs.len();
        }
    }
    assert!(compared > 1_000, "only {compared} lines were compared");
    assert!(cut_off * 100 < compared, "{cut_off} of {compared} lines are not in pprof's listing");
}
