//! Nothing names the variables of a heap dump
//!
//! ## What was seen
//!
//! A heap dump was read without the program that wrote it.
//!
//! ## Why it matters
//!
//! A dump has the names of functions on stacks, but not of variables, closures and types. Variables are called by where they
//! lie (`data+0x1a40`, `bss+0x88`), the objects on a path by their sizes.
//!
//! ## What to do
//!
//! Give the program, or a copy that has its symbols only:
//!
//! ```sh
//! leakdiff holders before.dump after.dump --bin ./app
//! objcopy --only-keep-debug app app.debug
//! ```
//!
//! A program that was linked with `-ldflags=-s` has no symbols. One that is built from the same source with the same flags and
//! the same Go version, but without `-s`, has all variables at the same addresses, and names what is in the dump.
//!
//! ## How it is decided
//!
//! No `--bin` was given. A program that does not belong to the dump is an error: its segments lie elsewhere, or a function on
//! a stack has another name there.
//!
//! ## Example
//!
//! ```text
//! warning[dump-without-program]: after.dump: variables have no names; give the program that wrote it: --bin APP
//! ```

use crate::model::{Code, Page, Warning};

const CODE: Code = Code::DumpWithoutProgram;
/// Its page.
pub const PAGE: Page = Page::new(CODE.as_str(), include_str!("dump_without_program.rs"));

/// A dump was given without its program.
pub fn warning(label: &str) -> Warning {
    Warning::about(label, CODE, "variables have no names; give the program that wrote it: --bin APP")
}
