//! Two heap dumps are of different programs
//!
//! ## What was seen
//!
//! The dumps were written by different versions of Go, on different architectures, or by programs whose variables take different
//! room.
//!
//! ## Why it matters
//!
//! Holders are matched by what they are called. Of two builds variables and functions have their names, if each dump is given its
//! own program; here one program names both, or none does. Then a variable of one build is held against whatever lies at its
//! place in the other.
//!
//! ## What to do
//!
//! Compare dumps of one process, or of processes of one build. To look at another build, give its dump alone, with its program.
//!
//! ## How it is decided
//!
//! The dumps state different versions of Go or architectures, or their data or bss segments have different sizes.
//!
//! ## Example
//!
//! ```text
//! warning[dumps-differ]: after.dump: written by another program than the dump before: holders may not be the same
//! ```

use crate::model::{Code, Page, Warning};

const CODE: Code = Code::DumpsDiffer;
/// Its page.
pub const PAGE: Page = Page::new(CODE.as_str(), include_str!("dumps_differ.rs"));

/// A dump is of another program than the one before.
pub fn warning(label: &str) -> Warning {
    Warning::about(label, CODE, "written by another program than the dump before: holders may not be the same")
}
