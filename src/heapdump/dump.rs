//! A dump, taken apart: its objects, what can hold them, and which of them were sampled.
//!
//! In: the bytes of a dump. Out: a [`Dump`] that borrows from them. Invariant: what a damaged dump still tells is kept, and
//! what is missing is told; without one whole object, or without anything that could hold one, there is no answer.
//! Knows no names but those that stand in the dump.

use std::borrow::Cow;

use crate::load::heap_dump::{Broken, Bucket, Frame, Goroutine, MAGIC, MEM_STATS, Params, Record, Records, Segment};
use crate::model::hash::HashMap;

use super::Error;
use super::heap::{Heap, HeapBuilder};

/// A heap dump of Go.
#[derive(Debug)]
pub struct Dump<'a> {
    /// What it is of.
    pub(crate) params: Params<'a>,
    /// Why it ends before its end, where it does.
    pub(crate) broken: Option<Broken>,
    /// `runtime.MemStats` without the pauses, where it has them.
    pub(crate) stats: Option<Box<[u64; MEM_STATS]>>,
    pub(super) heap: Heap<'a>,
    pub(super) stacks: Vec<Stack<'a>>,
    pub(super) segments: Vec<Segment<'a>>,
    /// Where the runtime's records of threads lie.
    pub(super) threads: Vec<u64>,
    pub(super) finalizers: Vec<Finalizer>,
    pub(super) others: Vec<(Cow<'a, str>, u64)>,
    /// The names of types by where their descriptors lie.
    pub(super) types: HashMap<u64, Cow<'a, str>>,
    /// The types of interface tables.
    pub(super) itabs: HashMap<u64, u64>,
    pub(super) buckets: Vec<Bucket<'a>>,
    pub(super) samples: Vec<Sample>,
}

/// What tells builds of a program apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Build {
    version: String,
    architecture: String,
    /// Of each of its segments whether it is bss, and its bytes; none where the dump ends before them.
    segments: Vec<(bool, usize)>,
}

/// A goroutine with its frames, the leaf first.
#[derive(Debug)]
pub(super) struct Stack<'a> {
    pub goroutine: Goroutine<'a>,
    pub frames: Vec<Frame<'a>>,
    /// What its deferred calls and panics point to.
    pub pending: Vec<u64>,
}

/// A finalizer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Finalizer {
    pub object: u64,
    pub closure: u64,
    pub code: u64,
}

/// An object that the memory profiler sampled.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sample {
    pub address: u64,
    /// The number of the bucket in the dump's own count.
    pub bucket: u64,
}

impl<'a> Dump<'a> {
    /// Takes a dump apart.
    ///
    /// # Errors
    /// What is no dump, of another kind of machine, or has nothing in it that an answer could be made of.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Error> {
        let mut records = Records::new(bytes).ok_or(Error::NoDump)?;
        let mut parts = Parts::default();
        let broken = loop {
            let offset = records.offset();
            match records.read() {
                Ok(Record::End) => break None,
                Ok(record) => parts.take(record, offset)?,
                Err(broken) => break Some(broken),
            }
        };
        parts.finish(bytes, broken)
    }

    /// The slots of the heap, also those that nothing holds.
    pub fn objects(&self) -> usize {
        self.heap.len()
    }

    /// How many goroutines it has.
    pub fn goroutines(&self) -> usize {
        self.stacks.len()
    }

    /// What it is a dump of.
    pub fn build(&self) -> Build {
        let Params { version, architecture, .. } = &self.params;
        let segments = self.segments.iter().map(|segment| (segment.is_bss, segment.contents.len())).collect();
        Build { version: version.clone().into_owned(), architecture: architecture.clone().into_owned(), segments }
    }

    /// When it was taken, in seconds since 1970: when the collection before it ended.
    pub fn seconds(&self) -> Option<f64> {
        const LAST_COLLECTION: usize = 22;
        let nanos = self.stats.as_ref()?[LAST_COLLECTION];
        (nanos > 0).then_some(nanos as f64 / 1e9)
    }

    /// How many of its objects the profiler has sampled.
    pub fn sampled(&self) -> usize {
        self.samples.len()
    }
}

/// What was read so far.
#[derive(Default)]
struct Parts<'a> {
    params: Option<Params<'a>>,
    stats: Option<Box<[u64; MEM_STATS]>>,
    heap: HeapBuilder,
    stacks: Vec<Stack<'a>>,
    segments: Vec<Segment<'a>>,
    threads: Vec<u64>,
    finalizers: Vec<Finalizer>,
    others: Vec<(Cow<'a, str>, u64)>,
    types: HashMap<u64, Cow<'a, str>>,
    itabs: HashMap<u64, u64>,
    buckets: Vec<Bucket<'a>>,
    samples: Vec<Sample>,
}

impl<'a> Parts<'a> {
    fn take(&mut self, record: Record<'a>, offset: usize) -> Result<(), Error> {
        match record {
            // The address stands behind the one byte of the tag.
            Record::Object(object) => {
                if !self.heap.push(object.address, offset + 1) {
                    return Err(Error::Address { offset });
                }
            }
            Record::Params(params) => self.params = Some(check(params)?),
            Record::OtherRoot { description, address } => self.others.push((description, address)),
            Record::Type { address, name } => {
                self.types.insert(address, name);
            }
            Record::Itab { address, of } => {
                self.itabs.insert(address, of);
            }
            Record::Goroutine(goroutine) => {
                self.stacks.push(Stack { goroutine, frames: Vec::new(), pending: Vec::new() });
            }
            Record::Frame(frame) => {
                if let Some(stack) = self.stacks.last_mut() {
                    stack.frames.push(frame);
                }
            }
            Record::Pending { pointers } => {
                if let Some(stack) = self.stacks.last_mut() {
                    stack.pending.extend(pointers);
                }
            }
            Record::Segment(segment) => self.segments.push(segment),
            Record::Finalizer { object, closure, code } => {
                self.finalizers.push(Finalizer { object, closure, code });
            }
            Record::MemStats(stats) => self.stats = Some(stats),
            Record::Bucket(bucket) => self.buckets.push(bucket),
            Record::Sample { address, bucket } => self.samples.push(Sample { address, bucket }),
            Record::Thread { address } => self.threads.push(address),
            Record::End => {}
        }
        Ok(())
    }

    fn finish(self, bytes: &'a [u8], broken: Option<Broken>) -> Result<Dump<'a>, Error> {
        let Self { heap, stacks, segments, threads, finalizers, others, types, itabs, buckets, .. } = self;
        let offset = bytes.len().max(MAGIC.len());
        let ended = || broken.unwrap_or(Broken::Early(offset));
        let params = self.params.filter(|_| heap.len() > 0).ok_or_else(|| Error::NoObject { broken: ended() })?;
        if segments.is_empty() && stacks.is_empty() {
            return Err(Error::NoRoots { broken: ended(), objects: heap.len() });
        }
        let mut samples = self.samples;
        samples.sort_unstable_by_key(|sample| (sample.address, sample.bucket));
        let heap = heap.build(bytes);
        let stats = self.stats;
        Ok(Dump {
            params,
            broken,
            stats,
            heap,
            stacks,
            segments,
            threads,
            finalizers,
            others,
            types,
            itabs,
            buckets,
            samples,
        })
    }
}

/// Refuses what no object could be followed in.
fn check(params: Params<'_>) -> Result<Params<'_>, Error> {
    if params.is_big_endian || params.pointer_size != 8 {
        return Err(Error::Machine {
            architecture: params.architecture.into_owned(),
            pointer_size: params.pointer_size,
            is_big_endian: params.is_big_endian,
        });
    }
    Ok(params)
}
