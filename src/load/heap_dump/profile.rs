//! The samples in a heap dump, as a heap profile.
//!
//! In: a dump. Out: the four metrics of Go's heap profile, with the size of the objects as the label `bytes`. Invariant: what is
//! in use is counted from the sampled objects that are there, not from the profiler's counters, which are behind where no
//! collection preceded the dump. The rate of the profiler stands in no record: it is that for which the samples add up to
//! the heap. Inlined calls bear the name of what they were inlined into, where no other stack tells theirs.
//! Knows nothing of what the objects are held by.

use std::borrow::Cow;

use crate::load::decoded::Decoded;
use crate::load::error::Problem;
use crate::load::foreign::bare_heap_dump;
use crate::load::text::{Pair, Tables};
use crate::load::window::Window;
use crate::model::MemStats;
use crate::model::hash::HashMap;

use super::ends_early;
use super::records::{Broken, Bucket, Call, MEM_STATS, Record, Records};
use super::sampling::{fitted_rate, profiled};

/// What the format is called.
pub(in crate::load) const NAME: &str = "Go heap dump";

/// Decodes a dump.
pub(in crate::load) fn decode(window: &mut Window) -> Result<Decoded, Problem> {
    let dump = window.rest()?;
    let mut parts = Parts::default();
    let mut records = Records::new(&dump).ok_or_else(|| Problem::Malformed("not a heap dump of Go".to_owned()))?;
    let broken = loop {
        match records.read() {
            Ok(Record::End) => break None,
            Ok(record) => parts.take(record),
            Err(broken) => break Some(broken),
        }
    };
    parts.finish(broken)
}

/// What was read so far.
#[derive(Default)]
struct Parts<'a> {
    objects: u64,
    bytes: u64,
    segment: u64,
    version: Cow<'a, str>,
    stats: Option<Box<[u64; MEM_STATS]>>,
    buckets: Vec<Bucket<'a>>,
    /// How many sampled objects of each bucket there are.
    alive: HashMap<u64, u64>,
}

impl<'a> Parts<'a> {
    fn take(&mut self, record: Record<'a>) {
        match record {
            Record::Object(object) => {
                self.objects += 1;
                self.bytes = self.bytes.saturating_add(object.contents.len() as u64);
            }
            Record::Params(params) => self.version = params.version,
            Record::Segment(segment) if !segment.is_bss => self.segment = segment.address,
            Record::MemStats(stats) => self.stats = Some(stats),
            Record::Bucket(bucket) => self.buckets.push(bucket),
            Record::Sample { bucket, .. } => *self.alive.entry(bucket).or_default() += 1,
            _ => {}
        }
    }

    fn finish(self, broken: Option<Broken>) -> Result<Decoded, Problem> {
        if self.objects == 0 {
            return Err(bare_heap_dump());
        }
        let mut tables = Tables::default();
        tables.metrics(&[
            ("alloc_objects", "count"),
            ("alloc_space", "bytes"),
            ("inuse_objects", "count"),
            ("inuse_space", "bytes"),
        ]);
        let heap = self.stats.as_ref().map_or(self.bytes, |stats| mem_stats(stats).heap_alloc);
        let alive = |bucket: &Bucket<'_>| self.alive.get(&bucket.id).copied().unwrap_or_default();
        let sampled: Vec<(u64, u64)> = self.buckets.iter().map(|bucket| (bucket.size, alive(bucket))).collect();
        let period = likely_rate(&sampled, heap);
        tables.period("space", "bytes", period);
        if let Some(stats) = &self.stats {
            let stats = mem_stats(stats);
            tables.time(i64::try_from(stats.last_gc).unwrap_or_default());
            tables.mem_stats(stats);
        }
        if let Some(broken) = broken {
            tables.warn(ends_early::CODE, ends_early::message(broken));
        }
        let names = outermost(&self.buckets);
        for bucket in &self.buckets {
            push(bucket, alive(bucket), period, &names, &mut tables)?;
        }
        Ok(tables.into_decoded())
    }
}

/// The rate of the profiler, of which the samples give an estimate: rates are powers of two more often than not.
fn likely_rate(sampled: &[(u64, u64)], heap: u64) -> i64 {
    /// Rates that are no power of two are told apart from the next where the estimate is that good.
    const MOST_OFF: f64 = 0.35;
    let count: u64 = sampled.iter().map(|(_, count)| count).sum();
    // Three standard deviations of the number of samples.
    let off = (3.0 / (count.max(1) as f64).sqrt()).min(MOST_OFF);
    let fitted = fitted_rate(sampled.iter().copied(), heap as f64);
    if fitted <= 1.0 {
        return 1;
    }
    let near = fitted.log2().round().exp2();
    if (fitted / near).ln().abs() < off { near as i64 } else { fitted.round() as i64 }
}

/// The functions of lines that stand outermost in some function: there the name is right.
fn outermost<'a>(buckets: &'a [Bucket<'a>]) -> HashMap<(&'a str, u64), &'a str> {
    let mut names = HashMap::default();
    for bucket in buckets {
        for (index, call) in bucket.calls.iter().enumerate() {
            if is_outermost(&bucket.calls, index) {
                names.insert((&*call.file, call.line), &*call.function);
            }
        }
    }
    names
}

/// Whether a call is the one that others of its name were inlined into.
fn is_outermost(calls: &[Call<'_>], index: usize) -> bool {
    let name = |at: usize| calls.get(at).map(|call| &call.function);
    name(index) != name(index + 1)
}

fn push(
    bucket: &Bucket<'_>,
    alive: u64,
    period: i64,
    names: &HashMap<(&str, u64), &str>,
    tables: &mut Tables,
) -> Result<(), Problem> {
    let whole = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
    let pair = |count: u64| {
        let bytes = count.checked_mul(bucket.size).and_then(|bytes| i64::try_from(bytes).ok());
        let bytes =
            bytes.ok_or_else(|| Problem::Malformed("a count of this heap dump does not fit in 64 bits".to_owned()))?;
        Ok(Pair { objects: whole(count), bytes }.unsampled(period))
    };
    let (inuse, alloc): (Pair, Pair) = (pair(alive)?, pair(bucket.allocs.max(alive))?);
    for (index, call) in profiled(&bucket.calls) {
        let inlined = (!is_outermost(&bucket.calls, index)).then(|| names.get(&(&*call.file, call.line)).copied());
        let function = tables.function(inlined.flatten().unwrap_or(&call.function), &call.file);
        let location = tables.frame(0, function, whole(call.line));
        tables.push(location);
    }
    tables.number_label("bytes", whole(bucket.size), "");
    let values = [alloc.objects, alloc.bytes, inuse.objects, inuse.bytes];
    tables.end_sample(&values).map_err(Problem::Malformed)
}

/// The counters in the order of the dump.
fn mem_stats(stats: &[u64; MEM_STATS]) -> MemStats {
    let [
        alloc,
        total_alloc,
        sys,
        _,
        mallocs,
        frees,
        heap_alloc,
        heap_sys,
        heap_idle,
        heap_inuse,
        heap_released,
        heap_objects,
        stack_inuse,
        stack_sys,
        mspan_inuse,
        mspan_sys,
        mcache_inuse,
        mcache_sys,
        buck_hash_sys,
        gc_sys,
        other_sys,
        next_gc,
        last_gc,
        _,
    ] = *stats;
    MemStats {
        alloc,
        total_alloc,
        sys,
        mallocs,
        frees,
        heap_alloc,
        heap_sys,
        heap_idle,
        heap_inuse,
        heap_released,
        heap_objects,
        stack_inuse,
        stack_sys,
        mspan_inuse,
        mspan_sys,
        mcache_inuse,
        mcache_sys,
        buck_hash_sys,
        gc_sys,
        other_sys,
        next_gc,
        last_gc,
        ..MemStats::default()
    }
}
