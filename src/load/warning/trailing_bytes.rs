//! Bytes stand after the end of a gzip stream
//!
//! ## What was seen
//!
//! The compressed profile is whole, and more bytes follow it that are no gzip stream.
//!
//! ## Why it matters
//!
//! Usually not at all: a line end that a script added, or zeros that fill a block. But what follows is not part of what
//! is compared. If it was meant to be, something is missing.
//!
//! ## What to do
//!
//! Nothing, where the totals are those that you expect. Otherwise look at how the file came to be: whether two files
//! were joined, or a download was written over an older, longer file. `gzip -t` says the same of it:
//!
//! ```sh
//! gzip -t heap1.pb.gz
//! curl -so heap1.pb.gz 'http://host:6060/debug/pprof/heap?gc=1'
//! ```
//!
//! ## How it is decided
//!
//! After the checksum of a gzip stream the next two bytes are not `1f 8b`, with which a further one would begin. What
//! follows is passed over, as gunzip does. A stream that ends before its checksum is an error.
//!
//! ## Example
//!
//! ```text
//! warning[trailing-bytes]: heap1.pb.gz: what stands after the end of the gzip stream is passed over
//! ```

use crate::model::{Code, Page};

/// Its code.
pub const CODE: Code = Code::TrailingBytes;
/// Its page.
pub const PAGE: Page = Page::new(CODE.as_str(), include_str!("trailing_bytes.rs"));
/// What is said of an input.
pub const MESSAGE: &str = "what stands after the end of the gzip stream is passed over";
