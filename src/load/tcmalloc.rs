//! Heap profiles in text form of gperftools and old tcmalloc: samples (`heap_v2`, `heapz_v2`), every allocation
//! (`heapprofile`), growth of the address space (`growthz`) and `fragmentationz`.
//!
//! In: a header, one line per record, a list of mapped binaries. Out: `objects` and `space`, or all four metrics of Go
//! where the header tells allocated from in use. Invariant: records are sums by stack over objects of many sizes, so
//! that there is no label `bytes`: a mean would change from one snapshot to the next.
//! Which metrics there are, and how samples are scaled, is as google/pprof decides it (`profile/legacy_profile.go`).

use super::Format;
use super::text::{self, Grammar, HeapHeader, Native, Tables, Values};

/// How it is recognised and decoded.
pub(super) const FORMAT: Format = Format {
    recognises: |beginning| {
        let records = Native::records(beginning);
        let has_symbols = beginning.starts_with("--- symbol") || beginning.starts_with("--- heap");
        has_symbols || HeapHeader::kind(records).is_some()
    },
    decode: text::decode::<Tcmalloc>,
};

#[derive(Default)]
struct Tcmalloc {
    native: Native,
    totals: Option<Values>,
    sum: Values,
    has_alloc: bool,
    /// Mean bytes between samples; 1 where nothing was left out.
    period: i64,
    is_within_record: bool,
}

impl Grammar for Tcmalloc {
    fn line(&mut self, line: &str, tables: &mut Tables) -> Result<(), String> {
        let line = line.trim();
        self.is_within_record = false;
        if self.native.takes(line, tables) || line.is_empty() || line.starts_with('#') {
            return Ok(());
        }
        if self.totals.is_none() {
            return self.header(line, tables);
        }
        self.is_within_record = true;
        self.record(line, tables)
    }

    fn end(self, is_cut: bool, tables: &mut Tables) -> Result<(), String> {
        let totals = self.totals.ok_or("the text ends before the heap profile begins")?;
        if is_cut && self.is_within_record {
            return Err(text::cut_record());
        }
        self.native.end(tables);
        self.sum.compare_with_header(totals, 0, tables);
        Ok(())
    }
}

impl Tcmalloc {
    fn header(&mut self, line: &str, tables: &mut Tables) -> Result<(), String> {
        let HeapHeader { totals, kind, number } = HeapHeader::parse(line)?;
        let differs = |alloc: i64, inuse: i64| alloc != inuse && alloc != 0;
        let differ =
            differs(totals.alloc.objects, totals.inuse.objects) || differs(totals.alloc.bytes, totals.inuse.bytes);
        (self.period, self.has_alloc) = match kind {
            "heap_v2" | "heapz_v2" => (number, differ),
            "heapprofile" => (1, differ),
            "growth" | "growthz" | "fragmentation" | "fragmentationz" => (1, false),
            _ => return Err(format!("{kind:?} is no known kind of heap profile")),
        };
        self.totals = Some(totals);
        let inuse = [("objects", "count"), ("space", "bytes")];
        let both = [
            ("alloc_objects", "count"),
            ("alloc_space", "bytes"),
            ("inuse_objects", "count"),
            ("inuse_space", "bytes"),
        ];
        tables.metrics(if self.has_alloc { &both } else { &inuse });
        tables.period("space", "bytes", self.period);
        Ok(())
    }

    fn record(&mut self, line: &str, tables: &mut Tables) -> Result<(), String> {
        let (values, addresses) = line.split_once('@').ok_or("this is neither a record nor the head of a section")?;
        let values = Values::parse(values)?;
        self.sum = self.sum.plus(values);
        self.native.push(addresses, tables)?;
        let (inuse, alloc) = (values.inuse.unsampled(self.period), values.alloc.unsampled(self.period));
        let values = [alloc.objects, alloc.bytes, inuse.objects, inuse.bytes];
        tables.end_sample(if self.has_alloc { &values } else { &values[2..] })
    }
}
