//! What is odd about a filter and survivable. One file per code: its page of the manual and its words.
//!
//! In: what was seen. Out: a warning. Invariant: the comparison is made all the same.

pub(super) mod invalid_frame_filter;
pub(super) mod no_match;

use crate::model::Page;

/// The pages about warnings of this room.
pub const PAGES: &[Page] = &[no_match::PAGE, invalid_frame_filter::PAGE];
