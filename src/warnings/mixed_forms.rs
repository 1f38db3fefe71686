//! Goroutine profiles have different forms
//!
//! ## What was seen
//!
//! Two successive goroutine profiles have different forms. There are three: binary, with the runtime functions that
//! park a goroutine; `debug=2`, with the state of each goroutine in words; and `debug=1`, with neither.
//!
//! ## Why it matters
//!
//! The forms do not show the same goroutines: a dump (`debug=2`) counts the runtime's own goroutines differently, and
//! text forms omit frames of the runtime and of inlined functions. So a few goroutines seem to come or go that did
//! not, and those that wait in runtime code seem to move.
//!
//! The wait reason comes from functions, from words, or with `debug=1` mostly not at all. So locations are compared
//! without it: goroutines that wait for different reasons at one location share a row, which shows the most frequent
//! known reason. Only `debug=2` says who created them and how long they wait; if it is the older form, this is
//! unknown for the newest profile.
//!
//! ## What to do
//!
//! Fetch both in the same form. Binary shows the wait reason best; `debug=2` also shows the creator:
//!
//! ```sh
//! curl -so goroutine1.pb.gz http://host:6060/debug/pprof/goroutine
//! ```
//!
//! A leak of hundreds of goroutines still shows.
//!
//! ## How it is decided
//!
//! A profile with a stack that begins with `runtime.gopark` is binary; otherwise one with the state of a goroutine is
//! `debug=2`; any other with stacks is `debug=1`. Two successive profiles differ.
//!
//! ## Example
//!
//! ```text
//! warning[mixed-forms]: goroutine2.txt and goroutine1.pb.gz have different forms: some goroutines are counted differently; fetch both in the same form
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
            true => "one of them does not tell what goroutines wait for, so locations are compared without it",
            false => "some goroutines are counted differently",
        };
        let message = format!("{two} and {one} have different forms: {what}; fetch both in the same form");
        (form != other).then(|| Warning::about(two, CODE, message))
    };
    forms(diff).windows(2).filter_map(changed).collect()
}
