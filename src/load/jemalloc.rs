//! jemalloc's heap profile: `heap_v2/PERIOD`, as `prof.dump` and `opt.prof_final` write it.
//!
//! In: the header with its totals, then per stack a line `@ addresses` and one with counts for each thread and for all
//! (`t*`). Out: `inuse_objects` and `inuse_space`, and the two of allocation where `opt.prof_accum` counted them.
//! Invariant: only the counts for all threads are taken, so that nothing counts twice. As with tcmalloc, there is no
//! label `bytes`. Samples are scaled up as jeprof does for this version of the format; jemalloc 5.3 prepares its counts
//! (`opt.prof_unbias`) for just that formula.

use super::Format;
use super::text::{self, Grammar, Native, Tables, Values, decimal};

/// How it is recognised and decoded.
pub(super) const FORMAT: Format = Format {
    recognises: |beginning| Native::records(beginning).starts_with("heap_v2/"),
    decode: text::decode::<Jemalloc>,
};

#[derive(Default)]
struct Jemalloc {
    native: Native,
    period: Option<i64>,
    totals: Option<Values>,
    sum: Values,
    records: i64,
    within: Within,
}

/// Where in the text a line stands.
#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Within {
    /// Above the first stack.
    #[default]
    Totals,
    /// Below the addresses of a stack, above its counts for all threads.
    Stack,
    /// Below those.
    Threads,
}

impl Grammar for Jemalloc {
    fn line(&mut self, line: &str, tables: &mut Tables) -> Result<(), String> {
        let line = line.trim();
        if self.native.takes(line, tables) {
            let has_ended = self.native.is_past_records();
            return if has_ended { self.stack_has_counts() } else { Ok(()) };
        }
        if line.is_empty() || line.starts_with('#') {
            return Ok(());
        }
        let Some(period) = self.period else {
            let period = line.strip_prefix("heap_v2/").and_then(decimal);
            self.period = Some(period.ok_or("this is no header of the form heap_v2/PERIOD")?);
            return Ok(());
        };
        if let Some(addresses) = line.strip_prefix('@') {
            self.stack_has_counts()?;
            self.within = Within::Stack;
            return self.native.push(addresses, tables);
        }
        let (thread, counts) = line.split_once(": ").ok_or("this is neither a stack nor the counts of a thread")?;
        match (self.within, thread) {
            (Within::Totals, "t*") => self.totals(Values::parse(counts)?, period, tables),
            (Within::Stack, "t*") => self.record(Values::parse(counts)?, period, tables),
            (_, "t*") => Err("counts for all threads stand twice".to_owned()),
            (_, thread) if thread.starts_with('t') => Ok(()),
            _ => Err("this is neither a stack nor the counts of a thread".to_owned()),
        }
    }

    fn end(self, is_cut: bool, tables: &mut Tables) -> Result<(), String> {
        self.stack_has_counts()?;
        if is_cut && !self.native.is_past_records() {
            return Err(text::cut_record());
        }
        let totals = self.totals.ok_or("the text ends before the totals of all threads")?;
        self.native.end(tables);
        // Each count is rounded by itself, the total too.
        self.sum.compare_with_header(totals, self.records, tables);
        Ok(())
    }
}

impl Jemalloc {
    fn stack_has_counts(&self) -> Result<(), String> {
        match self.within {
            Within::Stack => Err("the stack above has no counts for all threads (t*)".to_owned()),
            Within::Totals | Within::Threads => Ok(()),
        }
    }

    fn has_alloc(&self) -> bool {
        self.totals.is_some_and(|totals| totals.alloc.objects != 0)
    }

    fn totals(&mut self, totals: Values, period: i64, tables: &mut Tables) -> Result<(), String> {
        if self.totals.is_some() {
            return Err("totals for all threads stand twice".to_owned());
        }
        self.totals = Some(totals);
        let metrics = [
            ("alloc_objects", "count"),
            ("alloc_space", "bytes"),
            ("inuse_objects", "count"),
            ("inuse_space", "bytes"),
        ];
        tables.metrics(if self.has_alloc() { &metrics } else { &metrics[2..] });
        tables.period("space", "bytes", period);
        Ok(())
    }

    fn record(&mut self, values: Values, period: i64, tables: &mut Tables) -> Result<(), String> {
        self.within = Within::Threads;
        self.sum = self.sum.plus(values);
        self.records += 1;
        let (inuse, alloc) = (values.inuse.unsampled(period), values.alloc.unsampled(period));
        let values = [alloc.objects, alloc.bytes, inuse.objects, inuse.bytes];
        tables.end_sample(if self.has_alloc() { &values } else { &values[2..] })
    }
}
