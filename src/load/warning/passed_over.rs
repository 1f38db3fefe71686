//! Files of a folder were not compared
//!
//! ## What was seen
//!
//! A folder, a pattern or a list of several files holds more than the profiles that are compared: files that are no
//! profile, profiles of something else, the same profiles in another form, goroutines of other moments.
//!
//! ## Why it matters
//!
//! What is passed over is no part of any number. A profile that you meant to compare and that stands in this list is
//! missing: it may be damaged, or of another kind than you think.
//!
//! ## What to do
//!
//! Nothing, if these files are not meant. Else say which files to compare, one by one:
//!
//! ```sh
//! leakdiff heap1.pb.gz heap2.pb.gz --goroutines g1.pb.gz g2.pb.gz
//! ```
//!
//! `leakdiff inspect FILE` says what a file is and what is wrong with it.
//!
//! ## How it is decided
//!
//! By what the files hold, never by their names. Heaps are compared where there are any, in the order of their times.
//! Goroutine profiles stand beside them (`--goroutines`) where each is of the moment of a heap: no further from it than a
//! quarter of the time to the next heap. Where there are several forms of them, those are taken that state their times. In a gate
//! (`leakdiff check`) a damaged profile is an error and not passed over, and so it is where files are named one by one.
//!
//! ## Example
//!
//! ```text
//! warning[passed-over]: not compared: notes.txt (text)
//! ```

use std::collections::BTreeMap;

use crate::model::{Code, Page, Warning};

const CODE: Code = Code::PassedOver;
/// Its page.
pub const PAGE: Page = Page::new(CODE.as_str(), include_str!("passed_over.rs"));

/// The most files that are named for one reason.
const MOST: usize = 10;

/// These files, each with the reason, were passed over; `None` where there are none.
pub fn passed_over(files: &[(String, String)]) -> Option<Warning> {
    let mut by_reason: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (file, reason) in files {
        by_reason.entry(reason).or_default().push(file);
    }
    let part = |(reason, files): (&&str, &Vec<&str>)| {
        let named = files.iter().take(MOST).copied().collect::<Vec<_>>().join(", ");
        match files.len().saturating_sub(MOST) {
            0 => format!("{named} ({reason})"),
            more => format!("{named} and {more} more ({reason})"),
        }
    };
    let parts: Vec<String> = by_reason.iter().map(part).collect();
    (!parts.is_empty()).then(|| Warning::general(CODE, format!("not compared: {}", parts.join("; "))))
}
