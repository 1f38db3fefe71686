//! The small tables of a profile being written: strings, functions, locations, mappings.
//!
//! In: ids of the run, as samples name them. Out: ids of the file, then the tables themselves.
//! Invariant: only what is named is written, numbered from 1 in the order of naming; the main binary is mapping 1.
//! Hidden frames are left out here as everywhere else.

use std::sync::Arc;

use prost::encoding::{WireType, encode_key, encode_varint, message};

use crate::diff::Diff;
use crate::load::proto;
use crate::model::hash::HashMap;
use crate::model::{FunctionId, LabelValue, LabelsId, LocationId, MappingId};

use super::field;

/// Tables that grow as samples are written.
pub(super) struct Tables<'a> {
    diff: &'a Diff,
    strings: Vec<Arc<str>>,
    string_ids: HashMap<Arc<str>, i64>,
    functions: Vec<proto::Function>,
    function_ids: HashMap<FunctionId, u64>,
    locations: Vec<proto::Location>,
    /// For each location of the run its id in the file; 0 when not named yet.
    location_ids: Vec<u64>,
    mappings: Vec<proto::Mapping>,
    mapping_ids: HashMap<MappingId, usize>,
    next_start: u64,
}

/// Mappings are laid out one after the other, this far apart.
const GAP: u64 = 1 << 20;

impl<'a> Tables<'a> {
    /// Tables with the main binary of the newest input in them.
    pub fn new(diff: &'a Diff) -> Self {
        let empty: Arc<str> = Arc::from("");
        let mut tables = Self {
            diff,
            strings: vec![empty.clone()],
            string_ids: HashMap::from_iter([(empty, 0)]),
            functions: Vec::new(),
            function_ids: HashMap::default(),
            locations: Vec::new(),
            location_ids: vec![0; diff.symbols.location_count()],
            mappings: Vec::new(),
            mapping_ids: HashMap::default(),
            next_start: GAP,
        };
        tables.push_main();
        tables
    }

    /// The main binary comes first, whether or not the first sample lies in it.
    fn push_main(&mut self) {
        let Some(header) = self.diff.snapshots.last().map(|newest| &newest.header) else { return };
        let symbols = &self.diff.symbols;
        let is_main = |id: &MappingId| {
            let mapping = symbols.mapping(*id);
            symbols.str(mapping.file) == header.binary && symbols.str(mapping.build_id) == header.build_id
        };
        self.next_start = header.memory_start;
        if let Some(id) = symbols.locations().filter_map(|location| location.mapping).find(is_main) {
            self.mapping(id);
        } else if !header.binary.is_empty() || !header.build_id.is_empty() {
            let (filename, build_id) = (self.string(&header.binary), self.string(&header.build_id));
            self.push_mapping(proto::Mapping { filename, build_id, ..proto::Mapping::default() }, 0);
        } else {
            self.next_start = GAP;
        }
    }

    /// The index of a text in the string table.
    pub fn string(&mut self, text: &str) -> i64 {
        if let Some(id) = self.string_ids.get(text) {
            return *id;
        }
        let text: Arc<str> = Arc::from(text);
        let id = self.strings.len() as i64;
        self.strings.push(text.clone());
        self.string_ids.insert(text, id);
        id
    }

    /// The id of a location; `None` when all its frames are hidden.
    pub fn location(&mut self, id: LocationId) -> Option<u64> {
        let known = self.location_ids[id.index()];
        if known != 0 {
            return Some(known);
        }
        let visible = self.diff.keys.visible_lines(id);
        if visible.is_empty() {
            return None;
        }
        let location = self.diff.symbols.location(id);
        let mapping = location.mapping.map(|mapping| self.mapping(mapping));
        let (mapping_id, start) = mapping.map_or((0, 0), |at| (self.mappings[at].id, self.mappings[at].memory_start));
        let lines = visible.iter().filter_map(|line| location.lines.get(*line as usize));
        let line = lines
            .map(|line| proto::Line {
                function_id: line.function.map_or(0, |function| self.function(function)),
                line: line.line,
                column: line.column,
            })
            .collect();
        let number = self.locations.len() as u64 + 1;
        let address = start.wrapping_add(location.address);
        self.locations.push(proto::Location { id: number, mapping_id, address, line, is_folded: location.is_folded });
        self.location_ids[id.index()] = number;
        Some(number)
    }

    fn function(&mut self, id: FunctionId) -> u64 {
        if let Some(known) = self.function_ids.get(&id) {
            return *known;
        }
        let symbols = &self.diff.symbols;
        let function = symbols.function(id);
        let number = self.functions.len() as u64 + 1;
        let function = proto::Function {
            id: number,
            name: self.string(symbols.str(function.spelled)),
            system_name: self.string(symbols.str(function.system_name)),
            filename: self.string(symbols.str(function.file)),
            start_line: function.start_line,
        };
        self.functions.push(function);
        self.function_ids.insert(id, number);
        number
    }

    /// The position of a mapping in the table.
    fn mapping(&mut self, id: MappingId) -> usize {
        if let Some(known) = self.mapping_ids.get(&id) {
            return *known;
        }
        let symbols = &self.diff.symbols;
        let mapping = symbols.mapping(id);
        let (filename, build_id) = (self.string(symbols.str(mapping.file)), self.string(symbols.str(mapping.build_id)));
        let message = proto::Mapping { filename, build_id, file_offset: mapping.offset, ..proto::Mapping::default() };
        let at = self.push_mapping(message, mapping.size);
        self.mapping_ids.insert(id, at);
        at
    }

    /// Places a mapping behind those there are. Names stand in the file, so that no reader looks for the binary.
    fn push_mapping(&mut self, mapping: proto::Mapping, size: u64) -> usize {
        let start = self.next_start;
        self.next_start = start.wrapping_add(size).wrapping_add(GAP) / GAP * GAP;
        self.mappings.push(proto::Mapping {
            id: self.mappings.len() as u64 + 1,
            memory_start: start,
            memory_limit: start.wrapping_add(size),
            has_functions: true,
            has_filenames: true,
            has_line_numbers: true,
            has_inline_frames: true,
            ..mapping
        });
        self.mappings.len() - 1
    }

    /// The labels of a set.
    pub fn labels(&mut self, id: LabelsId) -> Vec<proto::Label> {
        let symbols = &self.diff.symbols;
        let message = |label: &crate::model::Label| {
            let key = self.string(symbols.str(label.key));
            match label.value {
                LabelValue::Text(text) => {
                    let str = self.string(symbols.str(text));
                    proto::Label { key, str, ..proto::Label::default() }
                }
                LabelValue::Number(num, unit) => {
                    let num_unit = self.string(symbols.str(unit));
                    proto::Label { key, num, num_unit, ..proto::Label::default() }
                }
            }
        };
        symbols.labels(id).iter().map(message).collect()
    }

    /// Writes the tables.
    pub fn encode(&self, wire: &mut Vec<u8>) {
        self.mappings.iter().for_each(|mapping| message::encode(field::MAPPING, mapping, wire));
        self.locations.iter().for_each(|location| message::encode(field::LOCATION, location, wire));
        self.functions.iter().for_each(|function| message::encode(field::FUNCTION, function, wire));
        for text in &self.strings {
            encode_key(field::STRING_TABLE, WireType::LengthDelimited, wire);
            encode_varint(text.len() as u64, wire);
            wire.extend_from_slice(text.as_bytes());
        }
    }
}
