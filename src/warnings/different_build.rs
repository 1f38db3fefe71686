//! The profiles come from different builds
//!
//! ## What was seen
//!
//! The build IDs of the main binaries differ.
//!
//! ## Why it matters
//!
//! Functions are matched by name. A function that was renamed, moved to another package or inlined elsewhere shows as
//! gone under its old name and as new under its new one, without any leak. With `--by line`, so does a line that
//! moved; with `--by address`, everything does. Two builds are also two processes, so sampling noise does not cancel.
//!
//! ## What to do
//!
//! To find a leak over time, take both profiles from one process. To compare two builds, as a gate does, group by
//! function or package, and look for a new and a gone row of the same size:
//!
//! ```sh
//! leakdiff base.pb.gz new.pb.gz --by function --sort abs
//! leakdiff base.pb.gz new.pb.gz --by package
//! ```
//!
//! ## How it is decided
//!
//! Both profiles have a build ID (of their first mapping), and the two differ. Functions with the same name match.
//! For the rest, closure numbers, type arguments, vendor prefixes, hashes and spellings of Go versions are ignored;
//! `--exact-names` turns that off.
//!
//! ## Example
//!
//! ```text
//! warning[different-build]: heap2.pb.gz: not the same build as heap1.pb.gz: functions are matched by name; renamed or newly inlined ones show as new and gone
//! ```

use crate::diff::Diff;
use crate::model::{Code, Page, Warning};

use super::{Guard, pairs};

const CODE: Code = Code::DifferentBuild;
pub(super) const GUARD: Guard = Guard { page: Page::new(CODE.as_str(), include_str!("different_build.rs")), check };

fn check(diff: &Diff) -> Vec<Warning> {
    let mut warnings = Vec::new();
    for (before, after) in pairs(diff) {
        let is_known = !before.build_id.is_empty() && !after.build_id.is_empty();
        if is_known && before.build_id != after.build_id {
            let message = format!(
                "not the same build as {}: functions are matched by name; renamed or newly inlined \
                 ones show as new and gone",
                before.label
            );
            warnings.push(Warning::about(&after.label, CODE, message));
        }
    }
    warnings
}
