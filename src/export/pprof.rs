//! A diff as a pprof profile: gzipped `profile.proto` whose values are after minus before.
//!
//! In: a diff. Out: one profile with all common metrics, the one compared being its default. `go tool pprof -top`
//! shows of it what it shows of the inputs with `-diff_base`. Samples keep their labels (so the block sizes), their
//! functions with file and start line, their lines, binaries and build ids; a sample that did not change is left out.
//! Invariant: the samples add up to after minus before; loading what was written gives the same samples again. With
//! one input the values are that input's.
//! Together with `load` the only user of prost. Samples are written as they come; no profile is built in memory.

mod tables;

use std::io::{self, Write};

use flate2::{Compression, GzBuilder};
use hashbrown::HashTable;
use prost::encoding::{int64, message};

use crate::diff::Diff;
use crate::load::proto;
use crate::model::Metric;
use crate::model::hash::Hasher;
use crate::units;

use super::Options;
use tables::Tables;

/// Field numbers of `Profile`.
mod field {
    pub const SAMPLE_TYPE: u32 = 1;
    pub const SAMPLE: u32 = 2;
    pub const MAPPING: u32 = 3;
    pub const LOCATION: u32 = 4;
    pub const FUNCTION: u32 = 5;
    pub const STRING_TABLE: u32 = 6;
    pub const TIME_NANOS: u32 = 9;
    pub const DURATION_NANOS: u32 = 10;
    pub const PERIOD_TYPE: u32 = 11;
    pub const PERIOD: u32 = 12;
    pub const COMMENT: u32 = 13;
    pub const DEFAULT_SAMPLE_TYPE: u32 = 14;
}

/// How many bytes are collected before they are compressed.
const CHUNK: usize = 1 << 16;

/// Writes all common metrics of a diff.
pub(super) fn write(diff: &Diff, _: &Options, out: &mut dyn Write) -> io::Result<()> {
    // No time and no name: the same input gives the same bytes.
    let mut gzip = GzBuilder::new().mtime(0).write(out, Compression::default());
    let mut wire = Vec::with_capacity(CHUNK + 4096);
    let mut tables = Tables::new(diff);
    for common in &diff.metrics {
        let value_type = value_type(&mut tables, &common.metric);
        message::encode(field::SAMPLE_TYPE, &value_type, &mut wire);
    }
    let changes = Changes::new(diff);
    for (index, (snapshot, row)) in changes.rows.iter().enumerate() {
        let values = changes.values(index);
        if values.iter().all(|value| *value == 0) {
            continue;
        }
        let snapshot = &diff.snapshots[*snapshot as usize];
        let sample = proto::Sample {
            location_id: snapshot.stack(*row as usize).iter().filter_map(|id| tables.location(*id)).collect(),
            value: values.to_vec(),
            label: tables.labels(snapshot.labels(*row as usize)),
        };
        message::encode(field::SAMPLE, &sample, &mut wire);
        if wire.len() >= CHUNK {
            gzip.write_all(&wire)?;
            wire.clear();
        }
    }
    header(diff, &mut tables, &mut wire);
    tables.encode(&mut wire);
    gzip.write_all(&wire)?;
    gzip.finish().map(drop)
}

fn value_type(tables: &mut Tables<'_>, metric: &Metric) -> proto::ValueType {
    proto::ValueType { r#type: tables.string(&metric.name), unit: tables.string(&metric.unit) }
}

/// Everything but samples and tables.
fn header(diff: &Diff, tables: &mut Tables<'_>, wire: &mut Vec<u8>) {
    let [oldest, .., newest] = &diff.snapshots[..] else {
        if let [only] = &diff.snapshots[..] {
            times(only.header.time_nanos, only.header.duration_nanos, wire);
            sampling(diff, tables, wire);
        }
        return;
    };
    let span = newest.header.time_nanos.zip(oldest.header.time_nanos).map_or(0, |(to, from)| to.saturating_sub(from));
    times(newest.header.time_nanos, span.max(0), wire);
    sampling(diff, tables, wire);
    let input = |side: &str, header: &crate::model::Header| {
        let time = header.time_nanos.and_then(units::format_time).unwrap_or_else(|| "time not stated".to_owned());
        format!("{side}: {} ({time})", header.label)
    };
    let comments = [
        format!("difference, after minus before, by {} {}", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION")),
        input("before", &oldest.header),
        input("after", &newest.header),
    ];
    for comment in comments {
        int64::encode(field::COMMENT, &tables.string(&comment), wire);
    }
}

fn times(time: Option<i64>, duration: i64, wire: &mut Vec<u8>) {
    if let Some(time) = time {
        int64::encode(field::TIME_NANOS, &time, wire);
    }
    if duration != 0 {
        int64::encode(field::DURATION_NANOS, &duration, wire);
    }
}

/// The newest input's period and remarks, the filters in effect, and the metric compared as the one to show.
fn sampling(diff: &Diff, tables: &mut Tables<'_>, wire: &mut Vec<u8>) {
    let Some(newest) = diff.snapshots.last() else { return };
    if let Some(period_type) = &newest.header.period_type {
        let value_type = value_type(tables, period_type);
        message::encode(field::PERIOD_TYPE, &value_type, wire);
    }
    if let Some(period) = newest.header.period {
        int64::encode(field::PERIOD, &period, wire);
    }
    int64::encode(field::DEFAULT_SAMPLE_TYPE, &tables.string(&diff.metric().name), wire);
    let filters = diff.filters.iter().map(|(option, text)| format!("filter: --{option} {text}"));
    for comment in newest.header.comments.iter().cloned().chain(filters) {
        int64::encode(field::COMMENT, &tables.string(&comment), wire);
    }
}

/// After minus before of every stack of locations with one set of labels.
struct Changes {
    /// Snapshot and row where each was seen first.
    rows: Vec<(u32, u32)>,
    values: Vec<i64>,
    width: usize,
    hasher: Hasher,
}

impl Changes {
    fn new(diff: &Diff) -> Self {
        let width = diff.metrics.len();
        let mut changes = Self { rows: Vec::new(), values: Vec::new(), width, hasher: Hasher::default() };
        let mut table: HashTable<u32> = HashTable::new();
        let count = diff.snapshots.len();
        for (index, snapshot) in diff.snapshots.iter().enumerate() {
            let sign = match index {
                newest if newest + 1 == count => 1,
                0 => -1,
                _ => continue,
            };
            let mut columns: Vec<_> = (0..width).map(|metric| diff.row_values(metric, index)).collect();
            for row in 0..snapshot.len() {
                let at = changes.intern(diff, &mut table, (index as u32, row as u32));
                for (value, column) in changes.values[at * width..].iter_mut().zip(&mut columns) {
                    *value += sign * column.next().unwrap_or_default();
                }
            }
        }
        changes
    }

    fn intern(&mut self, diff: &Diff, table: &mut HashTable<u32>, row: (u32, u32)) -> usize {
        let content = |(snapshot, row): (u32, u32)| {
            let snapshot = &diff.snapshots[snapshot as usize];
            (snapshot.stack(row as usize), snapshot.labels(row as usize))
        };
        let (rows, hasher) = (&self.rows, &self.hasher);
        let hash = hasher.hash(content(row));
        if let Some(known) = table.find(hash, |other| content(rows[*other as usize]) == content(row)) {
            return *known as usize;
        }
        table.insert_unique(hash, rows.len() as u32, |other| hasher.hash(content(rows[*other as usize])));
        self.rows.push(row);
        self.values.extend(std::iter::repeat_n(0, self.width));
        self.rows.len() - 1
    }

    fn values(&self, index: usize) -> &[i64] {
        &self.values[index * self.width..(index + 1) * self.width]
    }
}
