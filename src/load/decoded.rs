//! A decoded profile with the ids of its file, the same whatever format it came in.
//!
//! In: what a format's decoder found. Out: tables and columns for `fold`, which checks them and gives ids that hold for
//! the run. Invariant: every sample has one stack, one label set and one value per metric.
//! Knows no format; the small tables have the shapes of pprof's schema, and labels are kept as they stand on its wire.

use prost::Message;

use crate::model::hash::HashMap;
use crate::model::{Code, MemStats, Metric};

use super::error::Problem;
use super::proto;
use super::window::reason;

/// One profile with the ids of its file.
#[derive(Default)]
pub(super) struct Decoded {
    /// What format it came in.
    pub format: &'static str,
    /// Whether it was compressed.
    pub is_gzip: bool,
    pub sample_types: Vec<proto::ValueType>,
    pub samples: Samples,
    pub mappings: Vec<proto::Mapping>,
    pub locations: Vec<proto::Location>,
    pub functions: Vec<proto::Function>,
    pub strings: Strings,
    pub drop_frames: i64,
    pub keep_frames: i64,
    pub time_nanos: Option<i64>,
    pub duration_nanos: i64,
    pub period_type: Option<proto::ValueType>,
    pub period: i64,
    pub comments: Vec<i64>,
    pub default_sample_type: i64,
    pub mem_stats: Option<MemStats>,
    /// Whether it says that the profiler was off.
    pub is_off: bool,
    /// Of a recorded baseline, the most that one of the stacks folded together holds of each metric.
    pub baseline: Option<Vec<i64>>,
    /// What two sample types are two moments of, where the input is a comparison.
    pub compared: Option<proto::ValueType>,
    /// Whether the format has room for one metric alone.
    pub has_one_metric: bool,
    /// What is survivable but should be said of this input.
    pub warnings: Vec<(Code, String)>,
}

/// The samples as columns.
#[derive(Default)]
pub(super) struct Samples {
    /// Location slots of all stacks, leaf first, one stack after the other.
    pub slots: Vec<u32>,
    /// Where the stack of each sample ends in `slots`.
    pub stack_ends: Vec<u32>,
    /// One column per sample type.
    pub values: Vec<Vec<i64>>,
    /// Label set of each sample: an index into `label_sets`.
    pub labels: Vec<u32>,
    /// The distinct label sets as they stand on the wire: the label messages, each after its length (4 bytes).
    pub label_sets: Vec<Box<[u8]>>,
    /// Location ids of 2^31 and more; slot 2^31 + i is the i-th.
    pub wide_ids: Vec<u64>,
    wide_slots: HashMap<u64, u32>,
    label_ids: HashMap<Box<[u8]>, u32>,
    /// The values of the sample under way.
    pub row: Vec<i64>,
    /// The labels of the sample under way, as in `label_sets`.
    pub row_labels: Vec<u8>,
}

/// The string table: one run of text and where each string ends.
#[derive(Default)]
pub(super) struct Strings {
    text: String,
    ends: Vec<usize>,
    /// Whether some string was not UTF-8.
    pub has_invalid: bool,
}

/// Most sample types of one profile: producers have up to a dozen.
pub(super) const MOST_SAMPLE_TYPES: usize = 1000;

const WIDE: u64 = 1 << 31;

impl Decoded {
    /// What it counts, as far as its tables hold together.
    pub fn metrics(&self) -> Vec<Metric> {
        let text = |index: i64| self.strings.get(index).unwrap_or_default().to_owned();
        let metric = |of: &proto::ValueType| Metric { name: text(of.r#type), unit: text(of.unit) };
        self.sample_types.iter().take(MOST_SAMPLE_TYPES).map(metric).collect()
    }
}

impl Samples {
    /// How many samples there are.
    pub fn len(&self) -> usize {
        self.stack_ends.len()
    }

    /// The location id that a slot stands for.
    #[expect(clippy::indexing_slicing, reason = "numbers that were handed out here")]
    pub fn location_id(&self, slot: u32) -> u64 {
        match u64::from(slot) {
            narrow if narrow < WIDE => narrow,
            wide => self.wide_ids[(wide - WIDE) as usize],
        }
    }

    /// The slot that stands for a location id.
    #[inline]
    pub fn slot(&mut self, id: u64) -> u32 {
        if id < WIDE { id as u32 } else { self.wide_slot(id) }
    }

    #[cold]
    fn wide_slot(&mut self, id: u64) -> u32 {
        *self.wide_slots.entry(id).or_insert_with(|| {
            self.wide_ids.push(id);
            (WIDE + self.wide_ids.len() as u64 - 1) as u32
        })
    }

    /// Ends the sample under way: its slots, its `row` and its `row_labels` are complete.
    pub fn end_row(&mut self) -> Result<(), String> {
        if self.row.len() > MOST_SAMPLE_TYPES {
            return Err(format!("it has {} values, more than the limit of {MOST_SAMPLE_TYPES}", self.row.len()));
        }
        if self.values.is_empty() {
            self.values = vec![Vec::new(); self.row.len()];
        }
        if self.row.is_empty() || self.row.len() != self.values.len() {
            return Err(format!("it has {} values, where {} are expected", self.row.len(), self.values.len().max(1)));
        }
        for (column, value) in self.values.iter_mut().zip(&self.row) {
            column.push(*value);
        }
        let end = u32::try_from(self.slots.len()).map_err(|_| "the stacks hold over 2^32 locations".to_owned())?;
        self.stack_ends.push(end);
        let labels = self.label_set();
        self.labels.push(labels);
        Ok(())
    }

    /// The number of the label set of the row under way. Neighbouring samples often share it.
    #[expect(clippy::indexing_slicing, reason = "numbers that were handed out here")]
    fn label_set(&mut self) -> u32 {
        if let Some(last) = self.labels.last()
            && *self.label_sets[*last as usize] == *self.row_labels
        {
            return *last;
        }
        if let Some(id) = self.label_ids.get(self.row_labels.as_slice()) {
            return *id;
        }
        let id = self.label_sets.len() as u32;
        let set: Box<[u8]> = self.row_labels.as_slice().into();
        self.label_sets.push(set.clone());
        self.label_ids.insert(set, id);
        id
    }

    /// The labels of one set.
    #[expect(clippy::indexing_slicing, reason = "numbers that were handed out here")]
    pub fn decode_labels(&self, set: usize) -> Result<Vec<proto::Label>, Problem> {
        let mut labels = Vec::new();
        let mut rest = &self.label_sets[set][..];
        while let Some((length, after)) = rest.split_first_chunk() {
            let (body, after) = after.split_at(u32::from_le_bytes(*length) as usize);
            labels.push(proto::Label::decode(body).map_err(|error| {
                let sample = self.labels.iter().position(|labels| *labels as usize == set).unwrap_or_default();
                Problem::Part { part: format!("sample {}: label", sample + 1), cause: reason(&error) }
            })?);
            rest = after;
        }
        Ok(labels)
    }
}

impl Strings {
    /// Adds a string; what is not UTF-8 in it is replaced.
    pub fn push(&mut self, bytes: &[u8]) {
        self.make_room(bytes.len());
        match std::str::from_utf8(bytes) {
            Ok(text) => self.text.push_str(text),
            Err(_) => {
                self.has_invalid = true;
                self.text.push_str(&String::from_utf8_lossy(bytes));
            }
        }
        self.ends.push(self.text.len());
    }

    /// Makes room for so many more bytes: of a large text not, as usual, for as many again.
    fn make_room(&mut self, bytes: usize) {
        const LARGE: usize = 16 << 20;
        let (length, capacity) = (self.text.len(), self.text.capacity());
        if length > LARGE && bytes > capacity - length {
            self.text.reserve_exact(bytes.max(length / 8));
        }
    }

    /// How many strings there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// The string at `index`, or `None` when the table has no such entry.
    #[expect(clippy::indexing_slicing, reason = "numbers that were handed out here")]
    pub fn get(&self, index: i64) -> Option<&str> {
        let index = usize::try_from(index).ok()?;
        let end = *self.ends.get(index)?;
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        Some(&self.text[start..end])
    }
}

/// The error for a file that holds more than one profile.
pub(super) fn concatenated() -> Problem {
    Problem::Malformed("two profiles stand one after the other in this file; give them as two files".to_owned())
}
