//! The records of a heap dump of Go, as `runtime/debug.WriteHeapDump` writes them.
//!
//! In: the whole dump in memory. Out: its records one after the other, borrowed from it. Invariant: no length is believed
//! that does not fit into what is left, and every list that is handed out was walked to its end; what ends early or has a
//! record of an unknown kind says where.
//! Knows nothing of what the records mean together. Source: `runtime/heapdump.go`, Go 1.22 to 1.27.

use std::borrow::Cow;
use std::fmt;

use super::cursor::{Cursor, Wrong};

/// The first line of a dump. It has not changed since Go 1.7.
pub const MAGIC: &[u8] = b"go1.7 heap dump\n";

/// One record.
#[derive(Debug, Clone)]
pub enum Record<'a> {
    /// What the dump is of.
    Params(Params<'a>),
    /// A slot of the heap.
    Object(Object<'a>),
    /// A root that has no kind of its own.
    OtherRoot {
        /// What it is.
        description: Cow<'a, str>,
        /// The object that it holds.
        address: u64,
    },
    /// A type that some interface holds.
    Type {
        /// Where its descriptor lies.
        address: u64,
        /// Its name, which is often cut at the dot.
        name: Cow<'a, str>,
    },
    /// Which type an interface table is of.
    Itab {
        /// The table.
        address: u64,
        /// The descriptor of the type.
        of: u64,
    },
    /// A goroutine; its frames follow.
    Goroutine(Goroutine<'a>),
    /// A frame of the goroutine before it, the leaf first.
    Frame(Frame<'a>),
    /// A call that the goroutine before it has deferred, or a panic of it: what they hold.
    Pending {
        /// The pointers.
        pointers: [u64; 2],
    },
    /// A data or bss segment.
    Segment(Segment<'a>),
    /// A finalizer, or one that is about to run.
    Finalizer {
        /// What is to be finalized.
        object: u64,
        /// The closure that does so.
        closure: u64,
        /// The code of the closure.
        code: u64,
    },
    /// The statistics of the runtime, in the order of `runtime.MemStats`; pauses left out.
    MemStats(Box<[u64; MEM_STATS]>),
    /// A stack of the memory profiler.
    Bucket(Bucket<'a>),
    /// An object that the profiler sampled.
    Sample {
        /// Where the program's part of the object begins.
        address: u64,
        /// The bucket of its stack.
        bucket: u64,
    },
    /// A thread of the system: where the runtime's record of it lies.
    Thread {
        /// The record.
        address: u64,
    },
    /// The end.
    End,
}

/// How many of the numbers of `runtime.MemStats` stand before the pauses.
pub const MEM_STATS: usize = 24;

/// What a dump is of.
#[derive(Debug, Clone)]
pub struct Params<'a> {
    /// Whether its words are big-endian.
    pub is_big_endian: bool,
    /// Bytes of a pointer.
    pub pointer_size: u64,
    /// `GOARCH`.
    pub architecture: Cow<'a, str>,
    /// The version of Go.
    pub version: Cow<'a, str>,
}

/// A slot of the allocator: where it begins, and what it holds.
#[derive(Debug, Clone, Copy)]
pub struct Object<'a> {
    /// Where the slot begins.
    pub address: u64,
    /// All bytes of the slot.
    pub contents: &'a [u8],
    /// Where pointers stand in them.
    pub fields: Fields<'a>,
}

/// A goroutine.
#[derive(Debug, Clone)]
pub struct Goroutine<'a> {
    /// Where the runtime's record of it lies.
    pub address: u64,
    /// Where that of the thread lies that runs it; 0 where none does.
    pub machine: u64,
    /// Where the `go` statement stands that started it.
    pub creator: u64,
    /// Whether it is one of the runtime's own.
    pub is_system: bool,
    /// Its status: `_Gwaiting` is 4.
    pub status: u64,
    /// What it waits for.
    pub wait_reason: Cow<'a, str>,
    /// The context of the closure that it runs.
    pub context: u64,
}

/// A frame of a stack.
#[derive(Debug, Clone)]
pub struct Frame<'a> {
    /// Its bytes.
    pub contents: &'a [u8],
    /// Where pointers stand in them.
    pub fields: Fields<'a>,
    /// Where the code of its function begins.
    pub entry: u64,
    /// Its function.
    pub function: Cow<'a, str>,
}

/// The data or the bss segment.
#[derive(Debug, Clone, Copy)]
pub struct Segment<'a> {
    /// Whether it is bss.
    pub is_bss: bool,
    /// Where it begins.
    pub address: u64,
    /// Its bytes.
    pub contents: &'a [u8],
    /// Where pointers stand in them.
    pub fields: Fields<'a>,
}

/// A stack of the memory profiler, with raw counts.
#[derive(Debug, Clone)]
pub struct Bucket<'a> {
    /// Its number.
    pub id: u64,
    /// Bytes of an object.
    pub size: u64,
    /// The calls, the leaf first. Inlined ones bear the name of the function that they were inlined into.
    pub calls: Vec<Call<'a>>,
    /// Sampled allocations.
    pub allocs: u64,
}

/// A call of a stack.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Call<'a> {
    /// The function, or what it was inlined into.
    pub function: Cow<'a, str>,
    /// Its file.
    pub file: Cow<'a, str>,
    /// The line.
    pub line: u64,
}

/// Where pointers stand in some memory: offsets in bytes.
#[derive(Debug, Clone, Copy, Default)]
pub struct Fields<'a>(pub(super) &'a [u8]);

impl Iterator for Fields<'_> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        // It was walked once: kinds are one byte, and an offset follows each.
        let mut cursor = Cursor { bytes: self.0, at: 0 };
        if cursor.varint().ok()? == 0 {
            return None;
        }
        let offset = cursor.varint().ok()?;
        self.0 = self.0.get(cursor.at..)?;
        usize::try_from(offset).ok()
    }
}

/// Why there is no next record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Broken {
    /// The dump ends in the record that begins here.
    Early(usize),
    /// A record of an unknown kind begins here.
    Unknown {
        /// Where.
        offset: usize,
        /// Its kind.
        tag: u64,
    },
    /// A number of more than 64 bits stands in the record that begins here.
    Number(usize),
}

impl fmt::Display for Broken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Early(offset) => write!(formatter, "ends early, in the record at byte {offset}"),
            Self::Unknown { offset, tag } => {
                write!(
                    formatter,
                    "cannot be read from byte {offset} on, where a record of the unknown kind {tag} begins"
                )
            }
            Self::Number(offset) => {
                write!(formatter, "is damaged at byte {offset}, where a number does not fit in 64 bits")
            }
        }
    }
}

/// The records of a dump.
#[derive(Debug, Clone)]
pub struct Records<'a> {
    cursor: Cursor<'a>,
}

impl<'a> Records<'a> {
    /// Those of a whole dump; `None` of what does not begin as one.
    pub fn new(dump: &'a [u8]) -> Option<Self> {
        dump.starts_with(MAGIC).then_some(Self { cursor: Cursor { bytes: dump, at: MAGIC.len() } })
    }

    /// Where the next record begins.
    pub fn offset(&self) -> usize {
        self.cursor.at
    }

    /// The next record.
    ///
    /// # Errors
    /// Where the dump is damaged from there on.
    pub fn read(&mut self) -> Result<Record<'a>, Broken> {
        let start = self.cursor.at;
        let result = self.cursor.record();
        result.map_err(|what| match what {
            Wrong::Early => Broken::Early(start),
            Wrong::Number => Broken::Number(start),
            Wrong::Tag(tag) => Broken::Unknown { offset: start, tag },
        })
    }
}

/// The object whose address stands at `offset` of the dump, as [`Records`] found it: the end of its fields is known to be there.
#[inline]
pub fn object_at(dump: &[u8], offset: usize) -> Option<Object<'_>> {
    let mut cursor = Cursor { bytes: dump, at: offset };
    let (address, contents) = (cursor.varint().ok()?, cursor.memory().ok()?);
    Some(Object { address, contents, fields: Fields(dump.get(cursor.at..)?) })
}
