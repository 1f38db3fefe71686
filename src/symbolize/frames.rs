//! The calls at addresses of one binary: from its debug information, else from its symbols.
//!
//! In: a binary that fits, addresses in its mappings. Out: for each location the calls that stand there, the innermost
//! inlined one first. Invariant: what is not known has no calls; damaged debug information is as good as none.

use std::borrow::Cow;

use addr2line::gimli::{self, EndianSlice, RunTimeEndian};
use addr2line::{Context, FrameIter};
use object::{CompressedFileRange, Object, ObjectSection};

use crate::model::LocationId;

use super::binary::Binary;
use super::segments;
use super::symbols;
use super::{Open, Places, Wanted};

/// One call.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Call {
    /// Its function as the linker or the debug information spells it.
    pub name: String,
    /// Its source file; empty where it is not known.
    pub file: String,
    /// Its line; 0 where it is not known.
    pub line: u32,
    /// Its column; 0 where it is not known.
    pub column: u32,
}

/// Addresses as the binary has them, in ascending order, each with its location and the calls found there.
pub(super) type Found = Vec<(u64, LocationId, Vec<Call>)>;

/// Most calls at one address: a compiler that inlines deeper is not known.
const DEEPEST: usize = 1000;

/// The calls at all places, and what the binary lacks.
pub(super) fn of(binary: Binary, places: &Places, most_bytes: u64, open: &mut Open<'_>) -> (Found, Option<String>) {
    let mut found: Found = Vec::new();
    for (mapping, addresses) in places {
        let own = addresses.iter().filter_map(|(location, address)| {
            Some((segments::address(&binary.segments, mapping, *address)?, *location, Vec::new()))
        });
        found.extend(own);
    }
    found.sort_unstable_by_key(|(address, location, _)| (*address, *location));
    let debug = if binary.has_debug { None } else { debug_file(&binary, open) };
    let with_debug = debug.as_ref().unwrap_or(&binary);
    let remark = match with_debug.has_debug {
        true => from_debug_information(with_debug, most_bytes, &mut found).err(),
        false => Some(missing(&binary)),
    };
    for binary in debug.iter().chain([&binary]) {
        symbols::name(binary, &mut found);
    }
    (found, remark)
}

/// The file with the debug information of a binary that has none itself.
fn debug_file(binary: &Binary, open: &mut Open<'_>) -> Option<Binary> {
    let wanted = Wanted::DebugFile { binary: &binary.path, build_id: &binary.build_id, link: &binary.link };
    let read = open(wanted).into_iter().filter_map(|opened| Binary::read(&opened.path, opened.content).ok());
    read.into_iter().find(|debug| debug.has_debug && debug.belongs_to(binary))
}

/// What a binary without debug information lacks, and where it may be.
fn missing(binary: &Binary) -> String {
    match (binary.is_mach, binary.link.as_str()) {
        (true, _) => {
            "a program of macOS has its debug information beside it: make it with dsymutil and keep the folder \
                      APP.dSYM next to APP"
                .to_owned()
        }
        (false, "") => {
            "build it with debug information (-g, of Rust debug = \"line-tables-only\") and do not strip it".to_owned()
        }
        (false, link) => format!("it was split off to {link}: give the folder with --debug-dir"),
    }
}

fn from_debug_information(binary: &Binary, most_bytes: u64, found: &mut Found) -> Result<(), String> {
    let damaged = |error: &dyn std::fmt::Display| format!("its debug information is damaged: {error}");
    let object = object::File::parse(&binary.content).map_err(|error| damaged(&error))?;
    let mut rest = most_bytes;
    let mut section = |id: gimli::SectionId| section(&object, id, &mut rest);
    let sections = gimli::DwarfSections::load(&mut section)?;
    let endian = if object.is_little_endian() { RunTimeEndian::Little } else { RunTimeEndian::Big };
    let dwarf = sections.borrow(|section: &Cow<'_, [u8]>| EndianSlice::new(section, endian));
    let context = Context::from_dwarf(dwarf).map_err(|error| damaged(&error))?;
    for (address, _, calls) in found.iter_mut() {
        if let Ok(frames) = context.find_frames(*address).skip_all_loads() {
            *calls = collect(frames);
        }
    }
    Ok(())
}

/// The calls of an address that have a name.
fn collect<'ctx>(mut frames: FrameIter<'ctx, EndianSlice<'ctx, RunTimeEndian>>) -> Vec<Call> {
    let mut calls = Vec::new();
    while let Ok(Some(frame)) = frames.next() {
        let Some(name) = frame.function.and_then(|function| function.raw_name().ok().map(Cow::into_owned)) else {
            continue;
        };
        let place = frame.location.unwrap_or(addr2line::Location { file: None, line: None, column: None });
        calls.push(Call {
            name,
            file: place.file.unwrap_or_default().to_owned(),
            line: place.line.unwrap_or_default(),
            column: place.column.unwrap_or_default(),
        });
        if calls.len() == DEEPEST {
            break;
        }
    }
    calls
}

/// The sections that calls are read from; the others describe variables and macros.
const NEEDED: &[gimli::SectionId] = &[
    gimli::SectionId::DebugAbbrev,
    gimli::SectionId::DebugAddr,
    gimli::SectionId::DebugAranges,
    gimli::SectionId::DebugInfo,
    gimli::SectionId::DebugLine,
    gimli::SectionId::DebugLineStr,
    gimli::SectionId::DebugRanges,
    gimli::SectionId::DebugRngLists,
    gimli::SectionId::DebugStr,
    gimli::SectionId::DebugStrOffsets,
];

/// A section, inflated; empty where there is none or it is not needed.
fn section<'data>(
    object: &impl Object<'data>,
    id: gimli::SectionId,
    rest: &mut u64,
) -> Result<Cow<'data, [u8]>, String> {
    let section = NEEDED.contains(&id).then(|| object.section_by_name(id.name())).flatten();
    let Some(section) = section else { return Ok(Cow::Borrowed(&[])) };
    let unreadable = |error: object::Error| format!("its section {} cannot be read: {error}", id.name());
    let range: CompressedFileRange = section.compressed_file_range().map_err(unreadable)?;
    *rest = rest.checked_sub(range.uncompressed_size).ok_or("its debug information is larger than the limit")?;
    section.uncompressed_data().map_err(unreadable)
}
