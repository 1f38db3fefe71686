//! What can be wrong with a heap dump, or with the binary that is to name what is in it.
//!
//! Invariant: each says what to do, where anything can be done. Which file it is of, the caller says.

use thiserror::Error;

use crate::load::heap_dump::Broken;

/// Why a dump gives no answer.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Error {
    /// It is none.
    #[error("not a heap dump of Go (debug.WriteHeapDump)")]
    NoDump,
    /// Not one object is whole.
    #[error("the heap dump {broken}: there is not one whole object in it")]
    NoObject {
        /// Where it ends.
        broken: Broken,
    },
    /// It ends among its objects.
    #[error("the heap dump {broken}: {objects} objects were read, but what holds them stands after the last object")]
    NoRoots {
        /// Where it ends.
        broken: Broken,
        /// How many objects were whole.
        objects: usize,
    },
    /// An address has more bits than addresses have, or there are more objects than are counted.
    #[error("the heap dump is damaged: the object at byte {offset} has an address that none can have")]
    Address {
        /// Where the object stands in the dump.
        offset: usize,
    },
    /// It was written on a machine whose dumps are not read.
    #[error("this heap dump is of {architecture} ({}-bit{}): only 64-bit little-endian dumps are read", pointer_size * 8, if *is_big_endian { ", big-endian" } else { "" })]
    Machine {
        /// `GOARCH`.
        architecture: String,
        /// Bytes of a pointer.
        pointer_size: u64,
        /// Whether its words are big-endian.
        is_big_endian: bool,
    },
    /// It is no binary.
    #[error("not a program that can be read: {cause}")]
    NoBinary {
        /// What is wrong with it.
        cause: String,
    },
    /// It has no symbols.
    #[error("this program has no symbols of Go: it was linked without them (-ldflags=-s), or is none of Go")]
    Stripped,
    /// It is another one.
    #[error("this program is not the one that was dumped: {cause}")]
    OtherBinary {
        /// What does not agree.
        cause: String,
    },
}

impl Error {
    /// What the user can do about it.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Error::NoDump => Some("write one with runtime/debug.WriteHeapDump(file.Fd())"),
            Error::NoObject { .. } | Error::NoRoots { .. } => {
                Some("the disk may have been full, or the process was stopped while it wrote: take the dump again")
            }
            Error::Address { .. } | Error::NoBinary { .. } | Error::Machine { .. } => None,
            Error::Stripped => Some(
                "build the same source with the same flags but without -s: its addresses are the same, \
                 and it can name what is in this dump",
            ),
            Error::OtherBinary { .. } => Some(
                "give the program that wrote the dump, or one built from the same source with the same flags and Go version",
            ),
        }
    }
}
