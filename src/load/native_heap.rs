//! Heap profiles in text form of C and C++ allocators: gperftools and old tcmalloc, and jemalloc.
//!
//! In: maybe symbols, a header, records, a list of mapped binaries. Out: as the allocator of the header has it.
//! Invariant: which allocator it is, is told by the header and not by the beginning: symbols in front of it may be long.

use super::Format;
use super::jemalloc::{self, Jemalloc};
use super::tcmalloc::Tcmalloc;
use super::text::{self, Grammar, HeapHeader, Native, Tables};

/// How it is recognised and decoded.
pub(super) const FORMAT: Format = Format {
    name: "gperftools or jemalloc, text",
    recognises: |beginning| {
        let has_sections = beginning.starts_with("--- symbol") || beginning.starts_with("--- heap");
        has_sections || jemalloc::is_header(beginning) || HeapHeader::kind(beginning).is_some()
    },
    decode: text::decode::<NativeHeap>,
};

#[derive(Default)]
struct NativeHeap {
    native: Native,
    records: Option<Records>,
    is_within_record: bool,
}

/// Header and records of the text, as one of the allocators writes them.
enum Records {
    Tcmalloc(Tcmalloc),
    Jemalloc(Jemalloc),
}

impl Grammar for NativeHeap {
    fn line(&mut self, line: &str, tables: &mut Tables) -> Result<(), String> {
        let line = line.trim();
        self.is_within_record = false;
        if self.native.takes(line, tables) {
            return match &self.records {
                Some(Records::Jemalloc(records)) => records.stack_has_counts(),
                _ => Ok(()),
            };
        }
        if line.is_empty() || line.starts_with('#') {
            return Ok(());
        }
        self.is_within_record = self.records.is_some();
        match &mut self.records {
            None => self.records = Some(Records::begin(line, tables)?),
            Some(Records::Tcmalloc(records)) => records.line(line, &self.native, tables)?,
            Some(Records::Jemalloc(records)) => records.line(line, &self.native, tables)?,
        }
        Ok(())
    }

    fn end(self, is_cut: bool, tables: &mut Tables) -> Result<(), String> {
        let records = self.records.ok_or("the text ends before the heap profile begins")?;
        if let Records::Jemalloc(records) = &records {
            records.stack_has_counts()?;
        }
        if is_cut && self.is_within_record {
            return Err(text::cut_record());
        }
        self.native.end(tables);
        match records {
            Records::Tcmalloc(records) => records.end(tables),
            Records::Jemalloc(records) => return records.end(tables),
        }
        Ok(())
    }
}

impl Records {
    fn begin(header: &str, tables: &mut Tables) -> Result<Self, String> {
        match jemalloc::is_header(header) {
            true => Jemalloc::begin(header).map(Self::Jemalloc),
            false => Tcmalloc::begin(header, tables).map(Self::Tcmalloc),
        }
    }
}
