//! What is odd about a binary. One file per code: its page of the manual and its words.

pub(super) mod binary_mismatch;
pub(super) mod no_debug_info;

use crate::model::Page;

/// The pages about warnings of this room.
pub const PAGES: &[Page] = &[binary_mismatch::PAGE, no_debug_info::PAGE];
