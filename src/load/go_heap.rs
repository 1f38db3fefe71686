//! Go's heap profile in text form: `/debug/pprof/heap?debug=1`.
//!
//! In: its lines. Out: the four metrics of the binary form, with the size of the objects as the label `bytes`, and the
//! memory statistics at its end. Invariant: the same heap gives the same numbers and stacks as in binary form. Go sums
//! samples by stack and size, so that bytes / objects is the exact size, and scales them up here, not in the runtime.
//! Source: `runtime/pprof` (`writeHeapInternal`, `protomem.go`), read with Go 1.27.

use crate::model::MemStats;

use super::Format;
use super::text::{self, GoFrames, Grammar, HeapHeader, Tables, Values};

/// How it is recognised and decoded.
pub(super) const FORMAT: Format = Format {
    name: "Go, text (debug=1)",
    recognises: |beginning| HeapHeader::kind(beginning) == Some("heap"),
    decode: text::decode::<GoHeap>,
};

#[derive(Default)]
struct GoHeap {
    totals: Option<Values>,
    sum: Values,
    period: i64,
    record: Option<Values>,
    frames: GoFrames,
    stats: Option<MemStats>,
}

impl Grammar for GoHeap {
    fn line(&mut self, line: &str, tables: &mut Tables) -> Result<(), String> {
        if self.totals.is_none() {
            return self.header(line, tables);
        }
        if let Some(stats) = &mut self.stats {
            return text::set_mem_stat(stats, line);
        }
        if line.trim() == "# runtime.MemStats" {
            self.stats = Some(MemStats::default());
            return self.end_record(tables);
        }
        match line {
            _ if line.trim().is_empty() => self.end_record(tables),
            _ if GoFrames::is_frame(line) && self.record.is_some() => self.frames.push(line, tables),
            _ if line.starts_with('#') => Ok(()),
            _ => {
                self.end_record(tables)?;
                self.begin_record(line)
            }
        }
    }

    fn end(mut self, is_cut: bool, tables: &mut Tables) -> Result<(), String> {
        if self.record.is_some() && (is_cut || self.frames.has_comments()) {
            return Err(text::cut_record());
        }
        self.end_record(tables)?;
        self.sum.compare_with_header(self.totals.unwrap_or_default(), tables);
        if let Some(stats) = self.stats {
            tables.mem_stats(stats);
            tables.time(i64::try_from(stats.last_gc).unwrap_or_default());
        }
        Ok(())
    }
}

impl GoHeap {
    fn header(&mut self, line: &str, tables: &mut Tables) -> Result<(), String> {
        let header = HeapHeader::parse(line)?;
        self.totals = Some(header.totals);
        // Go writes twice its rate, for old readers' sake.
        self.period = header.number / 2;
        tables.metrics(&[
            ("alloc_objects", "count"),
            ("alloc_space", "bytes"),
            ("inuse_objects", "count"),
            ("inuse_space", "bytes"),
        ]);
        tables.period("space", "bytes", self.period);
        if header.number == 0 {
            tables.profiling_off();
        }
        Ok(())
    }

    fn begin_record(&mut self, line: &str) -> Result<(), String> {
        let (values, addresses) = line.split_once('@').ok_or("neither a record nor a comment")?;
        let values = Values::of_record(values, self.period)?;
        self.sum = self.sum.plus(values);
        self.record = Some(values);
        self.frames.begin(addresses)
    }

    fn end_record(&mut self, tables: &mut Tables) -> Result<(), String> {
        let Some(Values { inuse, alloc }) = self.record.take() else { return Ok(()) };
        self.frames.end(tables);
        let of = if alloc.objects == 0 { inuse } else { alloc };
        if of.objects != 0 {
            tables.number_label("bytes", of.bytes / of.objects, "");
        }
        let (inuse, alloc) = (inuse.unsampled(self.period), alloc.unsampled(self.period));
        tables.end_sample(&[alloc.objects, alloc.bytes, inuse.objects, inuse.bytes])
    }
}
