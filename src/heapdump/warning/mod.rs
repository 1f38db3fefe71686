//! What is odd in a heap dump and survivable. One file per code: its page of the manual and its words.
//!
//! In: a label and a dump. Out: warnings. Invariant: what the dump does tell is used all the same.

mod dump_without_program;
mod dump_without_samples;
mod dumps_differ;

use crate::load::heap_dump::ends_early;
use crate::model::{Page, Warning};

use super::{Build, Dump};

/// The pages about warnings of this room.
pub const PAGES: &[Page] = &[dump_without_program::PAGE, dump_without_samples::PAGE, dumps_differ::PAGE];

/// What to know before trusting what a dump tells. `before` is what the dump before it is of.
pub fn warnings(label: &str, dump: &Dump<'_>, before: Option<&Build>, has_binary: bool) -> Vec<Warning> {
    let early = dump.broken.map(|broken| Warning::about(label, ends_early::CODE, ends_early::message(broken)));
    let unnamed = (!has_binary).then(|| dump_without_program::warning(label));
    // Where it ends early, samples are missing for that reason.
    let is_silent = dump.broken.is_none() && dump_without_samples::applies(dump.sampled());
    let unsampled = is_silent.then(|| dump_without_samples::warning(label, dump.sampled()));
    let is_other = before.is_some_and(|before| *before != dump.build());
    let other = is_other.then(|| dumps_differ::warning(label));
    [early, other, unnamed, unsampled].into_iter().flatten().collect()
}
