//! Native addresses to names, from binaries and debug files that lie on this machine.
//!
//! In: what was loaded, and someone who opens the files that are asked for. Out: the same snapshots, whose addresses have
//! the calls that stand there, inlined ones too. Invariant: no value changes; a binary of another build names nothing;
//! one binary is in memory at a time. Opens no file itself and does not know which files the user permits.

mod apply;
mod binary;
mod frames;
mod segments;
mod symbols;
mod warning;

use std::collections::BTreeMap;
use std::io::{Read, Seek};

use crate::load::Loaded;
use crate::model::{LocationId, Mapping, MappingId, StringId, Symbols, Warning};

use binary::Binary;
pub use warning::PAGES;
use warning::{binary_mismatch, no_debug_info};

/// What a binary is read from: a file, or bytes in memory.
pub trait Content: Read + Seek + Send {}

impl<T: Read + Seek + Send> Content for T {}

/// A file that was opened.
pub struct Opened {
    /// What it is called.
    pub path: String,
    /// Its content.
    pub content: Box<dyn Content>,
    /// Whether the user named it for just this mapping, so that it is odd where it does not fit.
    pub is_expected: bool,
}

/// A file that would help.
#[derive(Debug, Clone, Copy)]
pub enum Wanted<'a> {
    /// The binary that a profile says was mapped.
    Binary {
        /// Its path where the program ran.
        file: &'a str,
        /// Its build id in hexadecimal digits; empty where the profile has none.
        build_id: &'a str,
        /// Whether it is the program itself, not a library.
        is_main: bool,
    },
    /// The debug information that was split off a binary.
    DebugFile {
        /// The path of the binary on this machine.
        binary: &'a str,
        /// The build id of the binary in hexadecimal digits; empty where it has none.
        build_id: &'a str,
        /// The name that the binary gives of its debug file (`.gnu_debuglink`); empty where it gives none.
        link: &'a str,
    },
}

/// Opens all files that may be the one that is wanted, the likeliest first.
pub type Open<'a> = dyn FnMut(Wanted<'_>) -> Vec<Opened> + 'a;

/// Most bytes of debug information of one binary that are read where nothing else is said.
pub const MOST_BYTES: u64 = 2 << 30;

/// The addresses of one binary without a name: those of each of its mappings.
type Places = Vec<(Mapping, Vec<(LocationId, u64)>)>;

/// Names what has no name. `most_bytes` bounds the debug information of one binary that is in memory at a time; where
/// there is more, its symbol table serves.
pub fn symbolize(loaded: &mut Loaded, most_bytes: u64, open: &mut Open<'_>) {
    for ((file, build_id), places) in nameless(&loaded.symbols) {
        let file = loaded.symbols.str(file).to_owned();
        let build_id = loaded.symbols.str(build_id).to_owned();
        let is_main = loaded.snapshots.iter().any(|snapshot| snapshot.header.binary == file);
        let wanted = Wanted::Binary { file: &file, build_id: &build_id, is_main };
        let mut refused = Vec::new();
        for candidate in open(wanted) {
            let Opened { path, content, is_expected } = candidate;
            let fitting =
                Binary::read(&path, content).and_then(|binary| binary.fits(&build_id, &places).map(|()| binary));
            match fitting {
                Ok(binary) => {
                    let (found, remark) = frames::of(binary, &places, most_bytes, open);
                    apply::name(loaded, found);
                    loaded.warnings.extend(remark.map(|reason| no_debug_info::warning(&path, &reason)));
                    refused.clear();
                    break;
                }
                Err(reason) if is_expected => refused.push(binary_mismatch::warning(&path, &reason)),
                Err(_) => {}
            }
        }
        loaded.warnings.extend::<Vec<Warning>>(refused);
    }
    apply::tell_functions(loaded);
}

/// The addresses without a name, by binary: file and build id.
fn nameless(symbols: &Symbols) -> BTreeMap<(StringId, StringId), Places> {
    let mut by_mapping: BTreeMap<MappingId, Vec<(LocationId, u64)>> = BTreeMap::new();
    for (index, location) in symbols.locations().enumerate() {
        if let Some(mapping) = location.mapping.filter(|_| location.lines.is_empty()) {
            by_mapping.entry(mapping).or_default().push((LocationId(index as u32), location.address));
        }
    }
    let mut by_binary: BTreeMap<(StringId, StringId), Places> = BTreeMap::new();
    for (mapping, addresses) in by_mapping {
        let mapping = *symbols.mapping(mapping);
        by_binary.entry((mapping.file, mapping.build_id)).or_default().push((mapping, addresses));
    }
    by_binary.retain(|(file, build_id), _| *file != StringId::EMPTY || *build_id != StringId::EMPTY);
    by_binary
}
