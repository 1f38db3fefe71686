//! The profiles are of two builds
//!
//! ## What was seen
//!
//! The build ids of the main binaries differ.
//!
//! ## Why it matters
//!
//! Functions are matched by name. One that was renamed, moved to another package or inlined elsewhere is shown as gone
//! under the old name and as new under the new one, with nothing leaked. With `--by line`, a line that moved does the
//! same; with `--by address` everything does. Two builds are also two processes, so that sampling noise does not
//! cancel between them.
//!
//! ## What to do
//!
//! To find a leak over time, take both profiles from one process. To compare two builds, which is what a gate does, keep
//! to functions or packages, and look for pairs of a new and a gone row of the same size:
//!
//! ```sh
//! leakdiff base.pb.gz new.pb.gz --by function --sort abs
//! leakdiff base.pb.gz new.pb.gz --by package
//! ```
//!
//! ## How it is decided
//!
//! Both profiles state a build id (that of their first mapping), and the two differ. Functions that have the same name in
//! both are the same. Of what is left over, numbers of closures, type arguments, vendor prefixes, hashes and spellings of
//! Go versions do not count. `--exact-names` turns that off.
//!
//! ## Example
//!
//! ```text
//! warning[different-build]: heap2.pb.gz: this is another build than heap1.pb.gz: functions are matched by name; renamed or newly inlined ones show as new and gone
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
                "this is another build than {}: functions are matched by name; renamed or newly inlined \
                 ones show as new and gone",
                before.label
            );
            warnings.push(Warning::about(&after.label, CODE, message));
        }
    }
    warnings
}
