//! `--style classic`: what inferno draws, held against our own folded stacks, and what it is not asked for.

use regex::Regex;

use crate::support::{Files, Profile, fixture, run};

fn inputs() -> [String; 2] {
    [1, 3].map(|number| fixture(&format!("http-body/heap{number}.pb.gz")))
}

/// The counts of all frames of this name.
fn count(svg: &str, name: &str) -> i64 {
    let title = Regex::new(&format!(r"<title>{} \(([\d,]+) bytes", regex::escape(name))).expect("a pattern");
    title.captures_iter(svg).map(|found| found[1].replace(',', "").parse::<i64>().expect("a count")).sum()
}

#[test]
fn widths_are_values_after() {
    let [old, new] = inputs();
    let svg = run(&["flame", &old, &new, "--style", "classic"]).done().stdout;
    let folded = run(&["flame", &old, &new, "-f", "folded"]).done().stdout;
    let after = |line: &str| line.rsplit_once(' ').expect("a count").1.parse::<i64>().expect("a number");
    assert_eq!(count(&svg, "all"), folded.lines().map(after).sum::<i64>());
    let writer = folded.lines().filter(|line| line.contains(";bufio.NewWriterSize ")).map(after).sum::<i64>();
    assert!(writer > 0);
    assert_eq!(count(&svg, "bufio.NewWriterSize"), writer);
    assert!(svg.contains("Change of inuse_space"), "the title says what is drawn");
    assert!(svg.contains("Function:"), "inferno's own viewer is in it");
    assert!(!svg.contains("href=\"http") && !svg.contains("src=\"http"), "nothing is fetched");
}

#[test]
fn inverted_merges_from_what_allocates() {
    let [old, new] = inputs();
    let svg = run(&["flame", &old, &new, "--style", "classic", "--inverted", "--title", "INC-42"]).done().stdout;
    let whole = run(&["flame", &old, &new, "--style", "classic"]).done().stdout;
    assert_eq!(count(&svg, "all"), count(&whole, "all"));
    assert!(svg.contains("INC-42"));
    assert_ne!(svg, whole);
}

#[test]
fn one_profile_is_drawn_too() {
    let [_, new] = inputs();
    assert!(count(&run(&["flame", &new, "--style", "classic"]).done().stdout, "all") > 0);
}

#[test]
fn what_it_cannot_carry_is_refused() {
    let [old, new] = inputs();
    let refused = |options: &[&str], parts: &[&str]| {
        run(&[&["flame", &old, &new, "--style", "classic"], options].concat()).failed(parts);
    };
    for width in ["growth", "before", "max"] {
        refused(&["--width", width], &["--width", width, "the value after only"]);
    }
    refused(&["-f", "folded"], &["--style classic is a picture (.svg), not folded"]);
    refused(&["--unit", "MiB"], &["--unit", "whole numbers only"]);
    run(&["flame", &old, &new, "--style", "classic", "--width", "after"]).done();
    let files = Files::new();
    let empty = files.write("empty.pb", Profile::new().encode());
    run(&["flame", &old, &empty, "--style", "classic"]).failed(&["nothing of inuse_space after", "--style classic"]);
}
