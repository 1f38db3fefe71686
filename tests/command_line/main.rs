//! The command line beside the comparison itself: folders, callers and callees, what a profile is, brief JSON, stacks of
//! rows, completions and manual pages, and what is different at a terminal.

#![allow(clippy::print_stderr, reason = "a skipped test has to be seen")]

mod brief;
mod folders;
mod inspect;
mod labels;
mod pages;
mod peek;
mod stacks;
#[path = "../support/mod.rs"]
mod support;
mod terminal;

use support::Profile;

const MIB: i64 = 1 << 20;
const NOON: i64 = 1_795_000_000_000_000_000;
const MINUTE: i64 = 60_000_000_000;

/// A heap of so many objects of 1 MiB, so many minutes after noon.
fn heap(objects: i64, minutes: i64) -> Profile {
    let values = [objects, objects * MIB, objects, objects * MIB];
    Profile::new().time(NOON + minutes * MINUTE).stack("example.com/shop.Put;main.main", values).bytes(MIB)
}

/// So many goroutines, so many minutes after noon.
fn goroutines(count: i64, minutes: i64) -> Profile {
    let profile = Profile::bare().types(&[("goroutine", "count")]).time(NOON + minutes * MINUTE);
    profile.stack("runtime.gopark;runtime.chansend1;example.com/shop.Send;main.main", [count])
}
