//! The nouns of leakdiff: symbols, snapshots, metrics, warnings and the pages that explain them.
//!
//! In: what `load` decoded. Out: plain values that every later room reads.
//! Invariant: ids index the one [`Symbols`] of the run and mean the same in every snapshot.
//! Knows no I/O, no wire format and no formatting.

mod checkout;
mod fingerprint;
pub(crate) mod folded;
mod glob;
pub mod hash;
mod mem_stats;
mod metric;
pub mod name;
mod page;
mod resident;
mod series;
mod snapshot;
mod symbols;
pub mod text;
mod warning;

pub use checkout::{Checkout, LONGEST_PATH, Module};
pub use fingerprint::fingerprint;
pub use glob::Glob;
pub use mem_stats::MemStats;
pub use metric::{Amount, Kind, Metric, State};
pub use page::Page;
pub use resident::Resident;
pub use series::{Series, Status};
pub(crate) use snapshot::SharedStacks;
pub use snapshot::{Header, Run, Snapshot, SnapshotBuilder, called};
pub use symbols::{
    Function, FunctionId, Label, LabelValue, LabelsId, Line, Location, LocationId, Mapping, MappingId, StringId,
    Symbols,
};
pub use warning::{Code, Warning};
