//! What the texts of C and C++ allocators share: bare addresses, the list of mapped binaries at the end, and the symbols
//! that jeprof and gperftools' pprof put in front with `--raw`.
//!
//! In: lines. Out: for those of a section, that it was taken; at the end, locations with mappings and names.
//! Invariant: a line of a section that says nothing useful is passed over, as all readers of these texts do.

use crate::load::proto;
use crate::model::hash::HashMap;

use super::Tables;
use super::heap::{addresses, hexadecimal};

/// The sections of a text under way.
#[derive(Default)]
pub(in crate::load) struct Native {
    section: Section,
    /// What stands behind each address of the symbol section: calls, the outermost first, between `--`.
    symbols: HashMap<u64, Box<str>>,
    mappings: Vec<proto::Mapping>,
    files: Vec<(String, String)>,
    binary: String,
}

#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Section {
    #[default]
    Records,
    Symbols,
    Mappings,
}

impl Native {
    /// Takes the line if it belongs to a section, or opens or ends one.
    pub fn takes(&mut self, line: &str, tables: &mut Tables) -> bool {
        if line.contains("MAPPED_LIBRARIES:") || line.contains("--- Memory map:") {
            self.section = Section::Mappings;
            return true;
        }
        if self.section != Section::Mappings && line.starts_with("---") {
            self.section = if line.starts_with("--- symbol") { Section::Symbols } else { Section::Records };
            return true;
        }
        match self.section {
            Section::Records => return false,
            Section::Symbols => self.symbol(line, tables),
            Section::Mappings => self.mapping(line, tables),
        }
        true
    }

    fn symbol(&mut self, line: &str, tables: &mut Tables) {
        if let Some(binary) = line.strip_prefix("binary=") {
            self.binary = binary.trim().to_owned();
        } else if let Some((address, names)) = line.split_once(char::is_whitespace)
            && let Some(address) = hexadecimal(address)
        {
            // Names of two characters and their dashes become a line of a location.
            tables.charge(64 + 16 * names.len());
            self.symbols.insert(address, names.trim().into());
        }
    }

    fn mapping(&mut self, line: &str, tables: &mut Tables) {
        if let Some((mapping, file, build_id)) = parse_mapping(line) {
            tables.charge(256 + line.len());
            self.mappings.push(mapping);
            self.files.push((file.to_owned(), build_id.to_owned()));
        }
    }

    /// Adds the frames of a record to the sample under way.
    pub fn push(&self, text: &str, tables: &mut Tables) -> Result<(), String> {
        for address in addresses(text) {
            let location = tables.address(address?.saturating_sub(1));
            tables.push(location);
        }
        Ok(())
    }

    /// Completes the locations.
    #[expect(clippy::indexing_slicing, reason = "counted up to the length")]
    pub fn end(self, tables: &mut Tables) {
        let Self { symbols, mappings, files, binary, .. } = self;
        let mut ranges = Vec::with_capacity(mappings.len());
        for (mapping, (file, build_id)) in mappings.iter().zip(&files) {
            ranges.push((mapping.memory_start, mapping.memory_limit, tables.mapping(*mapping, file, build_id)));
        }
        if ranges.is_empty() && !binary.is_empty() {
            tables.mapping(proto::Mapping { memory_limit: u64::MAX, ..Default::default() }, &binary, "");
            ranges.push((0, u64::MAX, 1));
        }
        ranges.sort_unstable();
        for index in 0..tables.locations().len() {
            let address = tables.locations()[index].address;
            let before = ranges.partition_point(|(start, ..)| *start <= address);
            let mapping = before.checked_sub(1).map(|at| ranges[at]).filter(|(_, limit, _)| address < *limit);
            // Symbols are asked for at the address of the record or inside the call.
            let names = symbols.get(&address).or_else(|| symbols.get(&(address + 1)));
            let names = names.into_iter().flat_map(|names| names.rsplit("--")).filter(|name| !name.starts_with("0x"));
            let functions: Vec<u64> = names.map(|name| tables.function(without_address(name), "")).collect();
            let location = &mut tables.locations()[index];
            location.mapping_id = mapping.map_or(0, |(.., id)| id);
            let line = |function_id| proto::Line { function_id, ..Default::default() };
            location.line = functions.into_iter().map(line).collect();
        }
    }
}

/// A name without the address that pprof appends to tell apart functions of one name: `main<0000000000003481>`.
fn without_address(name: &str) -> &str {
    let name = name.trim();
    let address = name.strip_suffix('>').and_then(|name| name.rsplit_once('<'));
    let is_address = |digits: &str| digits.len() == 16 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    address.filter(|(_, digits)| is_address(digits)).map_or(name, |(name, _)| name)
}

/// Reads a line of `/proc/PID/maps`, or `START-END: FILE (@OFFSET) BUILD_ID`; gives mapping, file and build id.
/// `None` for other lines, and for mappings that hold no code.
fn parse_mapping(line: &str) -> Option<(proto::Mapping, &str, &str)> {
    let hex = |text: &str| u64::from_str_radix(text.strip_prefix("0x").unwrap_or(text), 16).ok();
    let (range, rest) = line.trim().split_once(char::is_whitespace)?;
    let (start, end) = range.trim_end_matches(':').split_once('-')?;
    let mut mapping = proto::Mapping { memory_start: hex(start)?, memory_limit: hex(end)?, ..Default::default() };
    let (permissions, after) = rest.trim().split_once(char::is_whitespace).unwrap_or((rest.trim(), ""));
    let has_permissions = permissions.bytes().all(|byte| b"-rwxps".contains(&byte));
    if has_permissions && !permissions.contains('x') {
        return None;
    }
    if has_permissions && let Some((offset, after)) = after.trim().split_once(char::is_whitespace) {
        let (_device, after) = after.trim().split_once(char::is_whitespace)?;
        let (_inode, file) = after.trim().split_once(char::is_whitespace).unwrap_or_default();
        mapping.file_offset = hex(offset)?;
        return Some((mapping, file.trim(), ""));
    }
    let mut words = rest.split_ascii_whitespace().skip(usize::from(has_permissions));
    let file = words.next().unwrap_or_default();
    let mut build_id = words.next().unwrap_or_default();
    if let Some(offset) = build_id.strip_prefix("(@").and_then(|word| word.strip_suffix(')')) {
        mapping.file_offset = hex(offset)?;
        build_id = words.next().unwrap_or_default();
    }
    Some((mapping, file, build_id))
}
