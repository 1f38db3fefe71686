//! There are bytes after the end of the gzip stream
//!
//! ## What was seen
//!
//! The gzip stream of the profile is complete, and more bytes follow it.
//!
//! ## Why it matters
//!
//! Usually it does not: a script added a newline, or zeros fill a block. But these bytes are not compared. If they
//! were meant to be, something is missing.
//!
//! ## What to do
//!
//! Nothing, if the totals are as expected. Otherwise check how the file was written: perhaps two files were joined,
//! or a download overwrote a longer file. `gzip -t` reports it too:
//!
//! ```sh
//! gzip -t heap1.pb.gz
//! curl -so heap1.pb.gz 'http://host:6060/debug/pprof/heap?gc=1'
//! ```
//!
//! ## How it is decided
//!
//! The two bytes after the checksum of a gzip stream are not `1f 8b`, the start of another stream. The rest is
//! ignored, as gunzip does. A stream that ends before its checksum is an error.
//!
//! ## Example
//!
//! ```text
//! warning[trailing-bytes]: heap1.pb.gz: the bytes after the gzip stream are ignored
//! ```

use crate::model::{Code, Page};

/// Its code.
pub const CODE: Code = Code::TrailingBytes;
/// Its page.
pub const PAGE: Page = Page::new(CODE.as_str(), include_str!("trailing_bytes.rs"));
/// What is said of an input.
pub const MESSAGE: &str = "the bytes after the gzip stream are ignored";
