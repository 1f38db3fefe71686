//! jemalloc's heap profile: `heap_v2/PERIOD`, as `prof.dump` and `opt.prof_final` write it.
//!
//! In: the header with its totals, then per stack a line `@ addresses` and one with counts for each thread and for all
//! (`t*`). Out: `inuse_objects` and `inuse_space`, and the two of allocation where `opt.prof_accum` counted them.
//! Invariant: only the counts for all threads are taken, so that nothing counts twice. As with tcmalloc, there is no
//! label `bytes`. Samples are scaled up as jeprof does for this version of the format; jemalloc 5.3 prepares its counts
//! (`opt.prof_unbias`) for just that formula, so that records and totals add up only once they are scaled up.

use super::text::{Native, Tables, Values, decimal};
use super::warning::incomplete;

/// The records under way.
pub(super) struct Jemalloc {
    period: i64,
    totals: Option<Values>,
    /// The most bytes in use that the records can stand for.
    most_bytes: f64,
    within: Within,
}

/// Where in the text a line stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    /// Above the first stack.
    Totals,
    /// Below the addresses of a stack, above its counts for all threads.
    Stack,
    /// Below those.
    Threads,
}

/// Whether a text that begins so has this header.
pub(super) fn is_header(beginning: &str) -> bool {
    beginning.starts_with("heap_v2/")
}

impl Jemalloc {
    /// Reads the header.
    pub fn begin(header: &str) -> Result<Self, String> {
        let period = header.strip_prefix("heap_v2/").and_then(decimal);
        let period = period.ok_or("not a header of the form heap_v2/PERIOD")?;
        Ok(Self { period, totals: None, most_bytes: 0.0, within: Within::Totals })
    }

    /// Reads the addresses or the counts of a stack, or totals.
    pub fn line(&mut self, line: &str, native: &Native, tables: &mut Tables) -> Result<(), String> {
        if let Some(addresses) = line.strip_prefix('@') {
            self.stack_has_counts()?;
            self.within = Within::Stack;
            return native.push(addresses, tables);
        }
        let (thread, counts) = line.split_once(": ").ok_or("neither a stack nor the counts of a thread")?;
        match (self.within, thread) {
            (Within::Totals, "t*") => self.totals(Values::of_record(counts, self.period)?, tables),
            (Within::Stack, "t*") => self.record(Values::of_record(counts, self.period)?, tables),
            (_, "t*") => Err("counts for all threads appear twice".to_owned()),
            (_, thread) if thread.starts_with('t') => Ok(()),
            _ => Err("neither a stack nor the counts of a thread".to_owned()),
        }
    }

    /// Refuses a stack without its counts.
    pub fn stack_has_counts(&self) -> Result<(), String> {
        match self.within {
            Within::Stack => Err("the stack above has no counts for all threads (t*)".to_owned()),
            Within::Totals | Within::Threads => Ok(()),
        }
    }

    /// Compares the records with the totals.
    pub fn end(self, tables: &mut Tables) -> Result<(), String> {
        let totals = self.totals.ok_or("the text ends before the totals of all threads")?;
        let (least, _) = totals.inuse.range_of_bytes(self.period);
        /// What sums of numbers of 53 bits may lose.
        const PRECISION: f64 = 1e-9;
        if self.most_bytes < least * (1.0 - PRECISION) {
            let stated = totals.inuse.unsampled(self.period).bytes;
            tables.warn(incomplete::CODE, incomplete::bytes(self.most_bytes as i64, stated));
        }
        Ok(())
    }

    fn has_alloc(&self) -> bool {
        self.totals.is_some_and(|totals| totals.alloc.objects != 0)
    }

    fn totals(&mut self, totals: Values, tables: &mut Tables) -> Result<(), String> {
        if self.totals.is_some() {
            return Err("totals for all threads appear twice".to_owned());
        }
        self.totals = Some(totals);
        let metrics = [
            ("alloc_objects", "count"),
            ("alloc_space", "bytes"),
            ("inuse_objects", "count"),
            ("inuse_space", "bytes"),
        ];
        tables.metrics(if self.has_alloc() { &metrics } else { &metrics[2..] });
        tables.period("space", "bytes", self.period);
        Ok(())
    }

    fn record(&mut self, values: Values, tables: &mut Tables) -> Result<(), String> {
        self.within = Within::Threads;
        self.most_bytes += values.inuse.range_of_bytes(self.period).1;
        let (inuse, alloc) = (values.inuse.unsampled(self.period), values.alloc.unsampled(self.period));
        let values = [alloc.objects, alloc.bytes, inuse.objects, inuse.bytes];
        tables.end_sample(if self.has_alloc() { &values } else { &values[2..] })
    }
}
