//! What is odd in a heap dump and survivable. One file per code: its page of the manual and its words.
//!
//! In: a label and a dump. Out: warnings. Invariant: what the dump does tell is used all the same.

mod dump_without_program;
mod dump_without_samples;

use crate::load::heap_dump::ends_early;
use crate::model::{Page, Warning};

use super::Dump;

/// The pages about warnings of this room.
pub const PAGES: &[Page] = &[dump_without_program::PAGE, dump_without_samples::PAGE];

/// What to know before trusting what a dump tells.
pub fn warnings(label: &str, dump: &Dump<'_>, has_binary: bool) -> Vec<Warning> {
    let early = dump.broken.map(|broken| Warning::about(label, ends_early::CODE, ends_early::message(broken)));
    let unnamed = (!has_binary).then(|| dump_without_program::warning(label));
    // Where it ends early, samples are missing for that reason.
    let is_silent = dump.broken.is_none() && dump_without_samples::applies(dump.sampled());
    let unsampled = is_silent.then(|| dump_without_samples::warning(label, dump.sampled()));
    [early, unnamed, unsampled].into_iter().flatten().collect()
}
