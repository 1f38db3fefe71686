//! Goroutine profiles of two forms are compared
//!
//! ## What was seen
//!
//! Two goroutine profiles that follow each other have different forms. There are three: the binary one, which shows the
//! functions of the runtime that park a goroutine; `debug=2`, which has the state of each in words; and `debug=1`, which
//! has neither.
//!
//! ## Why it matters
//!
//! The forms do not show the same goroutines: a dump (`debug=2`) counts those that the runtime started for itself
//! differently, and frames of the runtime and of inlined functions are missing in texts. A few goroutines then seem to
//! come or go that did not, and those that wait in the runtime's own code change their place.
//!
//! What goroutines wait for is told by functions, by words, or with `debug=1` mostly not at all. So places are compared
//! without it: goroutines that wait for different things at one place are one row, with what most of them wait for as far
//! as one of the forms tells. Only `debug=2` tells who created them and how long they wait: where it comes first, nothing
//! is known of the newest.
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
//! A profile with a stack that begins with `runtime.gopark` is binary; failing that, one with the state of a goroutine is
//! of `debug=2`; any other that has stacks is of `debug=1`. Two that follow each other differ.
//!
//! ## Example
//!
//! ```text
//! warning[mixed-forms]: goroutine2.txt has another form than goroutine1.pb.gz: some goroutines are counted differently; fetch both in one form
//! ```

use crate::diff::Diff;
use crate::model::{Code, Page, Warning};
use crate::rows::goroutines::{Form, METRICS, forms};

use super::Guard;

const CODE: Code = Code::MixedForms;
pub(super) const GUARD: Guard = Guard { page: Page::new(CODE.as_str(), include_str!("mixed_forms.rs")), check };

fn check(diff: &Diff) -> Vec<Warning> {
    if !METRICS.contains(&diff.metric().name.as_str()) {
        return Vec::new();
    }
    let changed = |pair: &[(usize, Form)]| {
        let [(before, form), (after, other)] = [pair[0], pair[1]];
        let [one, two] = [before, after].map(|number| diff.snapshots[number].header.label.as_str());
        let what = match [form, other].contains(&Form::Neither) {
            true => "one of them does not tell what goroutines wait for, and places are compared without it",
            false => "some goroutines are counted differently",
        };
        let message = format!("{two} has another form than {one}: {what}; fetch both in one form");
        (form != other).then(|| Warning::about(two, CODE, message))
    };
    forms(diff).windows(2).filter_map(changed).collect()
}
