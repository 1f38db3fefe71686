//! A profile written in a few lines:
//!
//! ```text
//! Profile::new().stack("store.grow|store.Put@/src/store/put.go:17;main.main", [1, 4096, 1, 4096]).bytes(4096)
//! ```
//!
//! A stack is written leaf first, `;` between locations, `|` between the functions inlined into one location (innermost
//! first). A function may be followed by `@file:line`. A location may begin with `0x1000 ` to state its address, and
//! may be an address alone, without symbols. Equal texts are one location.

use std::collections::HashMap;
use std::io::Write;
use std::ops::Range;

use flate2::{Compression, write::GzEncoder};
use prost::Message;

use super::wire;

/// The sample types of a Go heap profile, in Go's order.
pub const GO_HEAP: &[(&str, &str)] =
    &[("alloc_objects", "count"), ("alloc_space", "bytes"), ("inuse_objects", "count"), ("inuse_space", "bytes")];

/// A profile under construction. `proto` is the message itself, for what no method can say.
#[derive(Debug, Clone, Default)]
pub struct Profile {
    pub proto: wire::Profile,
    strings: HashMap<String, i64>,
    functions: HashMap<(String, String), u64>,
    locations: HashMap<(u64, String), u64>,
    mapping: u64,
}

impl Profile {
    /// A Go heap profile without samples, taken with the usual sampling rate.
    pub fn new() -> Self {
        Self::bare().types(GO_HEAP).period("space", "bytes", 512 << 10)
    }

    /// A profile with a string table and nothing else.
    pub fn bare() -> Self {
        let mut profile = Self::default();
        profile.string("");
        profile
    }

    /// Sets the sample types: `(type, unit)` each.
    pub fn types(mut self, types: &[(&str, &str)]) -> Self {
        self.proto.sample_type = types.iter().map(|(name, unit)| self.value_type(name, unit)).collect();
        self
    }

    /// Adds a sample: a stack, leaf first, and one value per sample type.
    pub fn stack(mut self, stack: &str, values: impl AsRef<[i64]>) -> Self {
        let frames = stack.split(';').filter(|frame| !frame.is_empty());
        let location_id = frames.map(|frame| self.location(frame)).collect();
        self.proto.sample.push(wire::Sample { location_id, value: values.as_ref().to_vec(), label: Vec::new() });
        self
    }

    /// Gives the last sample Go's label for the size of the sampled blocks.
    pub fn bytes(self, size: i64) -> Self {
        self.number("bytes", size, "bytes")
    }

    /// Gives the last sample a label that is a number.
    pub fn number(mut self, key: &str, num: i64, unit: &str) -> Self {
        let label = wire::Label { key: self.string(key), num, num_unit: self.string(unit), ..Default::default() };
        self.last_sample().label.push(label);
        self
    }

    /// Gives the last sample a label that is text.
    pub fn label(mut self, key: &str, value: &str) -> Self {
        let label = wire::Label { key: self.string(key), str: self.string(value), ..Default::default() };
        self.last_sample().label.push(label);
        self
    }

    /// Adds a mapping; the locations of the stacks that follow lie in it.
    pub fn mapping(mut self, file: &str, build_id: &str, addresses: Range<u64>) -> Self {
        self.mapping = self.proto.mapping.len() as u64 + 1;
        let mapping = wire::Mapping {
            id: self.mapping,
            memory_start: addresses.start,
            memory_limit: addresses.end,
            filename: self.string(file),
            build_id: self.string(build_id),
            ..Default::default()
        };
        self.proto.mapping.push(mapping);
        self
    }

    /// States the build of the main binary, by way of a mapping.
    pub fn build_id(self, build_id: &str) -> Self {
        self.mapping("/srv/app", build_id, 0x40_0000..0x80_0000)
    }

    /// States when the profile was taken.
    pub fn time(mut self, nanos: i64) -> Self {
        self.proto.time_nanos = nanos;
        self
    }

    /// States the span of time that the profile covers.
    pub fn duration(mut self, nanos: i64) -> Self {
        self.proto.duration_nanos = nanos;
        self
    }

    /// States the sampling period and what it counts.
    pub fn period(mut self, name: &str, unit: &str, period: i64) -> Self {
        self.proto.period_type = Some(self.value_type(name, unit));
        self.proto.period = period;
        self
    }

    /// Takes the statement of the sampling period away.
    pub fn without_period(mut self) -> Self {
        self.proto.period_type = None;
        self.proto.period = 0;
        self
    }

    /// States the sample type to show first.
    pub fn default_type(mut self, name: &str) -> Self {
        self.proto.default_sample_type = self.string(name);
        self
    }

    /// States which frames are internals of the allocator.
    pub fn drop_frames(mut self, pattern: &str) -> Self {
        self.proto.drop_frames = self.string(pattern);
        self
    }

    /// States exceptions to `drop_frames`.
    pub fn keep_frames(mut self, pattern: &str) -> Self {
        self.proto.keep_frames = self.string(pattern);
        self
    }

    /// Adds a comment.
    pub fn comment(mut self, text: &str) -> Self {
        let index = self.string(text);
        self.proto.comment.push(index);
        self
    }

    /// Changes the message itself.
    pub fn edit(mut self, change: impl FnOnce(&mut wire::Profile)) -> Self {
        change(&mut self.proto);
        self
    }

    /// The index of a string in the table, where it is added when it is new.
    pub fn string(&mut self, text: &str) -> i64 {
        let table = &mut self.proto.string_table;
        *self.strings.entry(text.to_owned()).or_insert_with(|| {
            table.push(text.to_owned());
            table.len() as i64 - 1
        })
    }

    /// The id of a function, which is added when it is new.
    pub fn function(&mut self, name: &str, file: &str) -> u64 {
        let key = (name.to_owned(), file.to_owned());
        if let Some(id) = self.functions.get(&key) {
            return *id;
        }
        let id = self.proto.function.len() as u64 + 1;
        let (name, filename) = (self.string(name), self.string(file));
        self.proto.function.push(wire::Function { id, name, system_name: name, filename, start_line: 0 });
        self.functions.insert(key, id);
        id
    }

    /// The id of a location written as in a stack, which is added when it is new.
    pub fn location(&mut self, frame: &str) -> u64 {
        let key = (self.mapping, frame.to_owned());
        if let Some(id) = self.locations.get(&key) {
            return *id;
        }
        let id = self.proto.location.len() as u64 + 1;
        let (address, lines) = match frame.strip_prefix("0x") {
            Some(rest) => {
                let (digits, lines) = rest.split_once(' ').unwrap_or((rest, ""));
                (u64::from_str_radix(digits, 16).expect("a hexadecimal address"), lines)
            }
            None => (0x40_1000 + 16 * id, frame),
        };
        let line = lines.split('|').filter(|line| !line.is_empty()).map(|line| self.line(line)).collect();
        let location = wire::Location { id, mapping_id: self.mapping, address, line, is_folded: false };
        self.proto.location.push(location);
        self.locations.insert(key, id);
        id
    }

    /// The profile as protobuf.
    pub fn encode(&self) -> Vec<u8> {
        self.proto.encode_to_vec()
    }

    /// The profile as protobuf in a gzip stream, as Go writes it.
    pub fn gzip(&self) -> Vec<u8> {
        gzip(&self.encode())
    }

    fn line(&mut self, text: &str) -> wire::Line {
        let (name, place) = text.split_once('@').unwrap_or((text, ""));
        let (file, line) = place.rsplit_once(':').unwrap_or((place, "0"));
        let line = line.parse().unwrap_or_else(|_| panic!("no line number in {text}"));
        wire::Line { function_id: self.function(name, file), line, column: 0 }
    }

    fn value_type(&mut self, name: &str, unit: &str) -> wire::ValueType {
        wire::ValueType { r#type: self.string(name), unit: self.string(unit) }
    }

    fn last_sample(&mut self) -> &mut wire::Sample {
        self.proto.sample.last_mut().expect("a sample to give the label to")
    }
}

/// A gzip stream of these bytes.
pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).expect("writing to memory");
    encoder.finish().expect("writing to memory")
}
