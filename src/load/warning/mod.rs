//! What is odd in a profile and survivable. One file per code: its page of the manual and its words.
//!
//! In: a label and what was seen. Out: a warning. Invariant: the profile is loaded whole all the same.

pub(super) mod empty;
pub(super) mod implausible_time;
pub(super) mod incomplete;
pub(super) mod invalid_period;
pub(super) mod invalid_text;
pub(super) mod missing_mapping;
pub mod passed_over;
pub(super) mod reordered;
pub(super) mod trailing_bytes;
pub(super) mod unstated_metric;

use crate::model::Page;

/// The pages about warnings of this room.
pub const PAGES: &[Page] = &[
    empty::PAGE,
    incomplete::PAGE,
    trailing_bytes::PAGE,
    invalid_text::PAGE,
    missing_mapping::PAGE,
    invalid_period::PAGE,
    implausible_time::PAGE,
    reordered::PAGE,
    passed_over::PAGE,
    unstated_metric::PAGE,
    super::heap_dump::ends_early::PAGE,
];
