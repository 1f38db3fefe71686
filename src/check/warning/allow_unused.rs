//! An entry of the allow-list applies to nothing
//!
//! ## What was seen
//!
//! No stack of any of the profiles and no suspect has the fingerprint of the entry, and no frame is one that its pattern
//! matches.
//!
//! ## Why it matters
//!
//! Either what it is about is gone, and the entry would silently let the next leak of that name through. Or its name has
//! changed, and the growth that it was to set aside now counts for every limit.
//!
//! ## What to do
//!
//! Delete the entry if what it is about is mended. Else run the gate without it, and copy the fingerprint that is printed
//! under the suspect or the function in question:
//!
//! ```sh
//! leakdiff check base.pb.gz new.pb.gz --no-config --max-growth 0
//! ```
//!
//! Where several kinds of profiles are checked, give each a configuration of its own (`-c`).
//!
//! ## How it is decided
//!
//! Fingerprints are those of a suspect, of the allocating function or of the whole stack, made from names that are the
//! same in every build. Patterns are matched as those of `--limit`; suppressions as by LeakSanitizer, against functions,
//! source files and binaries. A stack counts whether it grew or not. The stacks of a suspect are those that it has in
//! this run: where it grew too little to be told from noise, it is no suspect, and an entry for it applies to nothing.
//!
//! ## Example
//!
//! ```text
//! warning[allow-unused]: the entry 'store.Get' (known) applies to nothing here; is it still needed?
//! ```

use crate::check::Allow;
use crate::model::{Code, Page, Warning};

const CODE: Code = Code::AllowUnused;
/// Its page.
pub const PAGE: Page = Page::new(CODE.as_str(), include_str!("allow_unused.rs"));

/// An entry applies to nothing.
pub fn warning(Allow { matcher, reason, .. }: &Allow) -> Warning {
    Warning::general(CODE, format!("the entry '{matcher}' ({reason}) applies to nothing here; is it still needed?"))
}
