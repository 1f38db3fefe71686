//! An allow-list entry matches nothing
//!
//! ## What was seen
//!
//! No stack and no suspect has the fingerprint of the entry, or no frame matches its pattern.
//!
//! ## Why it matters
//!
//! Either the leak is fixed, and the entry would silently pass the next leak of that name. Or the name changed, and
//! the growth now counts against every limit.
//!
//! ## What to do
//!
//! If the leak is fixed, delete the entry. Otherwise run the gate without it, and copy the fingerprint printed under
//! the suspect or function:
//!
//! ```sh
//! leakdiff check base.pb.gz new.pb.gz --no-config --max-growth 0
//! ```
//!
//! If you check several kinds of profiles, use one configuration for each (`-c`).
//!
//! ## How it is decided
//!
//! Fingerprints identify a suspect, the allocating function or the whole stack, by names that are the same in every
//! build. Patterns match like those of `--limit`; suppressions as in LeakSanitizer, against functions, source files
//! and binaries. Stacks count whether they grew or not. Suspects are those of this run: if the growth is within
//! sampling noise, there is no suspect, and the entry matches nothing.
//!
//! ## Example
//!
//! ```text
//! warning[allow-unused]: the entry 'store.Get' (known) matches nothing here; is it still needed?
//! ```

use crate::check::Allow;
use crate::model::{Code, Page, Warning};

const CODE: Code = Code::AllowUnused;
/// Its page.
pub const PAGE: Page = Page::new(CODE.as_str(), include_str!("allow_unused.rs"));

/// An entry applies to nothing.
pub fn warning(Allow { matcher, reason, .. }: &Allow) -> Warning {
    Warning::general(CODE, format!("the entry '{matcher}' ({reason}) matches nothing here; is it still needed?"))
}
