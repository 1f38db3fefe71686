//! Goroutine profiles of two forms are compared
//!
//! ## What was seen
//!
//! Of two goroutine profiles that follow each other, one shows the functions of the runtime that park a goroutine, as the
//! binary form does, and the other does not, as texts do.
//!
//! ## Why it matters
//!
//! The forms do not show the same goroutines: a dump (`debug=2`) counts those that the runtime started for itself
//! differently, and frames of the runtime and of inlined functions are missing in texts. A few goroutines then seem to
//! come or go that did not, and those that wait in the runtime's own code change their place.
//!
//! ## What to do
//!
//! Fetch both in one form. The binary one tells most of what goroutines wait for; `debug=2` tells who created them:
//!
//! ```sh
//! curl -so goroutine1.pb.gz http://host:6060/debug/pprof/goroutine
//! ```
//!
//! A leak of hundreds shows all the same.
//!
//! ## How it is decided
//!
//! Some stack of the one begins with `runtime.gopark`, and none of the other does, though it has stacks.
//!
//! ## Example
//!
//! ```text
//! warning[mixed-forms]: goroutine2.txt has another form than goroutine1.pb.gz: some goroutines are counted differently; fetch both in one form
//! ```

use crate::analyze::goroutines::{METRICS, is_parked};
use crate::diff::Diff;
use crate::model::{Code, Page, Warning};

use super::Guard;

const CODE: Code = Code::MixedForms;
pub(super) const GUARD: Guard = Guard { page: Page::new(CODE.as_str(), include_str!("mixed_forms.rs")), check };

fn check(diff: &Diff) -> Vec<Warning> {
    if !METRICS.contains(&diff.metric().name.as_str()) {
        return Vec::new();
    }
    let forms = diff.snapshots.iter().filter(|snapshot| !snapshot.is_empty()).map(|snapshot| {
        let shows_runtime = (0..snapshot.len()).any(|row| is_parked(diff, snapshot.stack(row)));
        (snapshot.header.label.as_str(), shows_runtime)
    });
    let forms: Vec<(&str, bool)> = forms.collect();
    let changed = forms.windows(2).filter(|pair| pair[0].1 != pair[1].1);
    let warning = |pair: &[(&str, bool)]| {
        let message = format!(
            "{} has another form than {}: some goroutines are counted differently; fetch both in one form",
            pair[1].0, pair[0].0
        );
        Warning::about(pair[1].0, CODE, message)
    };
    changed.map(warning).collect()
}
