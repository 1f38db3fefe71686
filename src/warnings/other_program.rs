//! The goroutines belong to another program than the heap
//!
//! ## What was seen
//!
//! The goroutine profiles have another build ID than the heap profiles, or no packages in common with them.
//!
//! ## Why it matters
//!
//! Goroutines are compared with the heap to tell what holds its bytes. Goroutines of another program would name the
//! wrong leak with high confidence. So they are ignored: the suspects of the heap are those found without them.
//!
//! ## What to do
//!
//! Fetch both from one process, at the same time:
//!
//! ```sh
//! curl -so heap1.pb.gz 'http://host:6060/debug/pprof/heap?gc=1'
//! curl -so goroutine1.pb.gz http://host:6060/debug/pprof/goroutine
//! ```
//!
//! Then compare with `leakdiff heap1.pb.gz heap2.pb.gz --goroutines goroutine1.pb.gz goroutine2.pb.gz`.
//!
//! ## How it is decided
//!
//! If both have build IDs: they have none in common. Otherwise: no program package in the heap stacks shares the
//! first two path elements (`example.com/shop`) with one in the goroutines. `main`, which every program has, does not
//! count; if only one of them has packages, there is no warning.
//!
//! Programs of one repository share such a prefix. So if the goroutines show packages below the directory of their
//! `main`, and the heap has functions of the program but none in or below that directory, they belong to different
//! programs.
//!
//! ## Example
//!
//! ```text
//! warning[other-program]: goroutine1.pb.gz is not from the same build as heap1.pb.gz: its goroutines are ignored; fetch both from one process
//! ```

use std::collections::BTreeSet;

use crate::diff::{Diff, KeyId};
use crate::model::name::{self, Origin};
use crate::model::{Code, Page, Warning};

const CODE: Code = Code::OtherProgram;
pub(super) const PAGE: Page = Page::new(CODE.as_str(), include_str!("other_program.rs"));

/// What to know of goroutines that are given beside a heap.
pub(super) fn check(heap: &Diff, goroutines: &Diff) -> Option<Warning> {
    let [of_heap, of_goroutines] = [heap, goroutines].map(|diff| diff.snapshots.first());
    let (heap_label, label) = (&of_heap?.header.label, &of_goroutines?.header.label);
    let [one, other] = [heap, goroutines].map(builds);
    let what = if !one.is_empty() && !other.is_empty() {
        one.is_disjoint(&other).then_some("is not from the same build as")
    } else {
        let [one, other] = [heap, goroutines].map(programs);
        let is_known = !one.is_empty() && !other.is_empty();
        let is_other = is_known && one.is_disjoint(&other) || is_kept_elsewhere(heap, goroutines);
        is_other.then_some("has no package of the program in")
    }?;
    let message = format!("{label} {what} {heap_label}: its goroutines are ignored; fetch both from one process");
    Some(Warning::about(label, CODE, message))
}

fn builds(diff: &Diff) -> BTreeSet<&str> {
    let builds = diff.snapshots.iter().map(|snapshot| snapshot.header.build_id.as_str());
    builds.filter(|build| !build.is_empty()).collect()
}

/// The beginnings of the packages of the program.
fn programs(diff: &Diff) -> BTreeSet<String> {
    let keys = (0..diff.keys.len() as u32).map(KeyId).filter(|key| diff.keys.origin(*key) == Origin::Application);
    let packages = keys.map(|key| name::package(&diff.keys.key(key).canonical).into_owned());
    let named = packages.filter(|package| package != "main" && !package.is_empty());
    named.map(|package| package.split('/').take(2).collect::<Vec<_>>().join("/")).collect()
}

/// Whether the goroutines are of a program with packages below the directory of its `main`, of which the heap has none.
fn is_kept_elsewhere(heap: &Diff, goroutines: &Diff) -> bool {
    let [of_heap, of_goroutines] = [heap, goroutines].map(directories);
    let mut homes = of_goroutines.iter().filter(|(name, _)| *name == "main.main").map(|(_, directory)| *directory);
    let Some(home) = homes.next().filter(|home| !home.is_empty() && homes.all(|other| other == *home)) else {
        return false;
    };
    let is_below = |directory: &str| directory.strip_prefix(home).is_some_and(|rest| rest.starts_with('/'));
    let keeps_packages = of_goroutines.iter().any(|(_, directory)| is_below(directory));
    let is_own = |directory: &str| directory == home || is_below(directory);
    keeps_packages && !of_heap.is_empty() && !of_heap.iter().any(|(_, directory)| is_own(directory))
}

/// The functions of the program, each with the directory of its file.
fn directories(diff: &Diff) -> BTreeSet<(&str, &str)> {
    let symbols = &diff.symbols;
    let functions = symbols.functions().map(|function| (symbols.str(function.name), symbols.str(function.file)));
    let own = functions.filter(|(name, file)| name::origin(name, file) == Origin::Application);
    let placed = own.filter_map(|(name, file)| Some((name, file.rsplit_once('/')?.0)));
    placed.collect()
}
