//! What is odd about an allow-list and survivable. One file per code: its page of the manual and its words.
//!
//! In: an entry. Out: a warning. Invariant: the verdict is reached all the same.

pub(super) mod allow_expired;
pub(super) mod allow_renamed;
pub(super) mod allow_unused;

use crate::model::Page;

/// The pages about warnings of this room.
pub const PAGES: &[Page] = &[allow_expired::PAGE, allow_renamed::PAGE, allow_unused::PAGE];
