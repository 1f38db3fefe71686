//! Heap dumps of Go (`runtime/debug.WriteHeapDump`).
//!
//! In: a dump. Out: its records.
//! Knows nothing of what the objects are held by.

mod cursor;
pub mod ends_early;
pub(super) mod profile;
mod records;
mod sampling;

pub use records::{
    Broken, Bucket, Frame, Goroutine, MAGIC, MEM_STATS, Object, Params, Record, Records, Segment, object_at,
};
pub use sampling::{fitted_rate, profiled, scaled};

use std::io::Read;

use super::envelope::{self, Opened};
use super::error::Problem;
use super::{Error, Input, Limits};
use crate::model::called;

/// All bytes of a dump, or of the program that wrote it; what is compressed is decompressed.
///
/// # Errors
/// What cannot be read, or is larger than the limit.
pub fn read(input: Input, limits: Limits) -> Result<Vec<u8>, Error> {
    let Input { label, path, content } = input;
    bytes(content, limits).map_err(|problem| Error { input: called(&label, &path), problem })
}

fn bytes(content: Box<dyn Read + Send>, limits: Limits) -> Result<Vec<u8>, Problem> {
    let Opened { content, is_gzip, .. } = envelope::open(content)?;
    let mut bytes = Vec::new();
    let read = content.take(limits.inflated.saturating_add(1)).read_to_end(&mut bytes);
    let inflated = bytes.len() as u64;
    if inflated > limits.inflated {
        return Err(Problem::TooLarge { limit: limits.inflated });
    }
    match read {
        Ok(_) => Ok(bytes),
        // A dump that ends early still tells something.
        Err(error) if is_gzip && error.kind() == std::io::ErrorKind::UnexpectedEof && !bytes.is_empty() => Ok(bytes),
        Err(error) if is_gzip && error.raw_os_error().is_none() => {
            Err(Problem::DamagedGzip { inflated, cause: error.to_string() })
        }
        Err(cause) => Err(Problem::Unreadable { cause }),
    }
}
