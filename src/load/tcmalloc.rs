//! Heap profiles in text form of gperftools and old tcmalloc: samples (`heap_v2`, `heapz_v2`), every allocation
//! (`heapprofile`), growth of the address space (`growthz`) and `fragmentationz`.
//!
//! In: a header, one line per record. Out: `objects` and `space`, or all four metrics of Go
//! where the header tells allocated from in use. Invariant: records are sums by stack over objects of many sizes, so
//! that there is no label `bytes`: a mean would change from one snapshot to the next.
//! Which metrics there are, and how samples are scaled, is as google/pprof decides it (`profile/legacy_profile.go`).

use super::text::{HeapHeader, Native, Tables, Values};

/// The records under way.
pub(super) struct Tcmalloc {
    totals: Values,
    sum: Values,
    has_alloc: bool,
    /// Mean bytes between samples; 1 where nothing was left out.
    period: i64,
}

impl Tcmalloc {
    /// Reads the header.
    pub fn begin(header: &str, tables: &mut Tables) -> Result<Self, String> {
        let HeapHeader { totals, kind, number } = HeapHeader::parse(header)?;
        let differs = |alloc: i64, inuse: i64| alloc != inuse && alloc != 0;
        let differ =
            differs(totals.alloc.objects, totals.inuse.objects) || differs(totals.alloc.bytes, totals.inuse.bytes);
        let (period, has_alloc) = match kind {
            "heap_v2" | "heapz_v2" => (number, differ),
            "heapprofile" => (1, differ),
            "growth" | "growthz" | "fragmentation" | "fragmentationz" => (1, false),
            _ => return Err(format!("unknown kind of heap profile {kind:?}")),
        };
        let inuse = [("objects", "count"), ("space", "bytes")];
        let both = [
            ("alloc_objects", "count"),
            ("alloc_space", "bytes"),
            ("inuse_objects", "count"),
            ("inuse_space", "bytes"),
        ];
        tables.metrics(if has_alloc { &both } else { &inuse });
        tables.period("space", "bytes", period);
        Ok(Self { totals, sum: Values::default(), has_alloc, period })
    }

    /// Reads a record.
    pub fn line(&mut self, line: &str, native: &Native, tables: &mut Tables) -> Result<(), String> {
        let (values, addresses) = line.split_once('@').ok_or("neither a record nor the head of a section")?;
        let values = Values::of_record(values, self.period)?;
        self.sum = self.sum.plus(values);
        native.push(addresses, tables)?;
        let (inuse, alloc) = (values.inuse.unsampled(self.period), values.alloc.unsampled(self.period));
        let values = [alloc.objects, alloc.bytes, inuse.objects, inuse.bytes];
        tables.end_sample(if self.has_alloc { &values } else { &values[2..] })
    }

    /// Compares the records with the header.
    pub fn end(self, tables: &mut Tables) {
        self.sum.compare_with_header(self.totals, tables);
    }
}
