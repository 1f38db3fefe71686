//! Builds the tables of a decoded profile from text, which has no ids of its own.
//!
//! In: names, places, labels and values as they come. Out: a [`Decoded`] profile, each name and place in it once.
//! Invariant: ids run from 1 without gaps, and every id that is used is defined; what is kept in memory is counted.
//! Knows no format.

use prost::Message;

use crate::load::decoded::Decoded;
use crate::load::proto;
use crate::model::hash::HashMap;
use crate::model::{Code, MemStats};

/// The tables under way.
pub(in crate::load) struct Tables {
    decoded: Decoded,
    strings: HashMap<Box<str>, i64>,
    functions: HashMap<(i64, i64), u64>,
    places: HashMap<Place, u64>,
    /// Whether some text was not UTF-8.
    pub has_invalid: bool,
    cost: usize,
}

/// What tells one location from another.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Place {
    address: u64,
    function: u64,
    line: i64,
}

impl Default for Tables {
    fn default() -> Self {
        let mut tables = Self {
            decoded: Decoded::default(),
            strings: HashMap::default(),
            functions: HashMap::default(),
            places: HashMap::default(),
            has_invalid: false,
            cost: 0,
        };
        tables.string("");
        tables
    }
}

/// Bytes that a string, function or place takes in the tables and in the maps that find it again.
const ENTRY_COST: usize = 256;
/// Bytes that a sample takes beside its locations and values.
const SAMPLE_COST: usize = 128;

impl Tables {
    /// What was kept since this was last asked, in bytes.
    pub fn take_cost(&mut self) -> usize {
        std::mem::take(&mut self.cost)
    }

    /// Counts what a grammar keeps itself.
    pub fn charge(&mut self, bytes: usize) {
        self.cost += bytes;
    }

    /// Declares what the values of a sample are: name and unit of each.
    pub fn metrics(&mut self, metrics: &[(&str, &str)]) {
        self.decoded.sample_types = metrics.iter().map(|(name, unit)| self.value_type(name, unit)).collect();
    }

    /// Declares what the period counts and how many of it lie between two samples.
    pub fn period(&mut self, name: &str, unit: &str, period: i64) {
        self.decoded.period_type = Some(self.value_type(name, unit));
        self.decoded.period = period;
    }

    /// States that the format has room for one metric alone.
    pub fn one_metric(&mut self) {
        self.decoded.has_one_metric = true;
    }

    /// States that the two sample types are one metric, before and after.
    pub fn comparison(&mut self, (name, unit): (&str, &str)) {
        self.decoded.compared = Some(self.value_type(name, unit));
    }

    fn value_type(&mut self, name: &str, unit: &str) -> proto::ValueType {
        proto::ValueType { r#type: self.string(name), unit: self.string(unit) }
    }

    /// States the moment, in nanoseconds since 1970.
    pub fn time(&mut self, nanos: i64) {
        self.decoded.time_nanos = Some(nanos);
    }

    /// States that the profiler was off.
    pub fn profiling_off(&mut self) {
        self.decoded.is_off = true;
    }

    /// States the metric to show first.
    pub fn default_metric(&mut self, name: &str) {
        self.decoded.default_sample_type = self.string(name);
    }

    /// States that this is a recorded baseline, and the most that one of the stacks folded together holds of each metric.
    pub fn baseline(&mut self, largest_folded: Vec<i64>) {
        self.decoded.baseline = Some(largest_folded);
    }

    /// States the memory of the process.
    pub fn mem_stats(&mut self, stats: MemStats) {
        self.decoded.mem_stats = Some(stats);
    }

    /// Says something of the input that its reader should know.
    pub fn warn(&mut self, code: Code, message: String) {
        self.decoded.warnings.push((code, message));
    }

    /// Defines a mapped binary and returns its id.
    pub fn mapping(&mut self, mut mapping: proto::Mapping, file: &str, build_id: &str) -> u64 {
        mapping.id = self.decoded.mappings.len() as u64 + 1;
        mapping.filename = self.string(file);
        mapping.build_id = self.string(build_id);
        let id = mapping.id;
        self.decoded.mappings.push(mapping);
        self.cost += ENTRY_COST;
        id
    }

    /// The location of a frame with a name; `function` is an id, `address` may be 0.
    pub fn frame(&mut self, address: u64, function: u64, line: i64) -> u64 {
        self.location(Place { address, function, line })
    }

    /// The location of a frame without a name.
    pub fn address(&mut self, address: u64) -> u64 {
        self.location(Place { address, function: 0, line: 0 })
    }

    fn location(&mut self, place: Place) -> u64 {
        if let Some(id) = self.places.get(&place) {
            return *id;
        }
        let id = self.decoded.locations.len() as u64 + 1;
        let Place { address, function, line } = place;
        let line = (function != 0).then(|| proto::Line { function_id: function, line, ..Default::default() });
        let line = line.into_iter().collect();
        self.decoded.locations.push(proto::Location { id, address, line, ..Default::default() });
        self.places.insert(place, id);
        self.cost += ENTRY_COST;
        id
    }

    /// All locations so far, to complete them with what comes late in a text.
    pub fn locations(&mut self) -> &mut [proto::Location] {
        &mut self.decoded.locations
    }

    /// The id of a function; `file` may be empty.
    pub fn function(&mut self, name: &str, file: &str) -> u64 {
        let key = (self.string(name), self.string(file));
        if let Some(id) = self.functions.get(&key) {
            return *id;
        }
        let id = self.decoded.functions.len() as u64 + 1;
        let (name, filename) = key;
        let function = proto::Function { id, name, system_name: name, filename, ..Default::default() };
        self.decoded.functions.push(function);
        self.functions.insert(key, id);
        self.cost += ENTRY_COST;
        id
    }

    /// Adds a frame to the sample under way, whose leaf comes first.
    pub fn push(&mut self, location: u64) {
        let samples = &mut self.decoded.samples;
        let slot = samples.slot(location);
        samples.slots.push(slot);
        self.cost += 8;
    }

    /// Adds a label with text to the sample under way.
    pub fn label(&mut self, key: &str, value: &str) {
        let label = proto::Label { key: self.string(key), str: self.string(value), ..Default::default() };
        self.push_label(&label);
    }

    /// Adds a label with a number to the sample under way.
    pub fn number_label(&mut self, key: &str, num: i64, unit: &str) {
        let label = proto::Label { key: self.string(key), num, num_unit: self.string(unit), ..Default::default() };
        self.push_label(&label);
    }

    fn push_label(&mut self, label: &proto::Label) {
        let labels = &mut self.decoded.samples.row_labels;
        labels.extend_from_slice(&(label.encoded_len() as u32).to_le_bytes());
        // A vector has room.
        let _ = label.encode(labels);
    }

    /// Ends the sample under way with one value per metric.
    pub fn end_sample(&mut self, values: &[i64]) -> Result<(), String> {
        let samples = &mut self.decoded.samples;
        samples.row.extend_from_slice(values);
        let sets = samples.label_sets.len();
        let ended = samples.end_row();
        if samples.label_sets.len() > sets {
            self.cost += ENTRY_COST + 2 * samples.row_labels.len();
        }
        samples.row.clear();
        samples.row_labels.clear();
        self.cost += SAMPLE_COST + 8 * values.len();
        ended
    }

    fn string(&mut self, text: &str) -> i64 {
        if let Some(index) = self.strings.get(text) {
            return *index;
        }
        let index = self.decoded.strings.len() as i64;
        self.decoded.strings.push(text.as_bytes());
        self.strings.insert(text.into(), index);
        self.cost += ENTRY_COST + 2 * text.len();
        index
    }

    /// The finished profile.
    pub fn into_decoded(mut self) -> Decoded {
        self.decoded.strings.has_invalid = self.has_invalid;
        self.decoded
    }
}
