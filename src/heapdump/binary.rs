//! The symbols of the program that wrote a dump.
//!
//! In: the bytes of an executable, or of the debug information split off one. Out: which symbol an address lies in, and the
//! names of types. Invariant: addresses are those of the file; nothing of it is run or believed without bounds.
//! Knows no dump.

use object::{Object, ObjectSection, ObjectSymbol, SymbolKind};

use super::Error;
use super::types::Sections;

/// A program, as far as it names what is in a dump.
#[derive(Debug)]
pub struct Binary<'a> {
    file: object::File<'a>,
    /// Its debug information, where it has any.
    debug: Option<Sections<'a>>,
    /// Variables by address.
    data: Vec<Symbol<'a>>,
    /// Functions by address.
    functions: Vec<Symbol<'a>>,
    /// Where the data and the bss segment begin.
    pub(super) segments: [u64; 2],
    /// Where the descriptors of types begin.
    types: Option<u64>,
    /// The module of package main, where the program states it.
    module: Option<String>,
}

/// A symbol.
#[derive(Debug, Clone, Copy)]
pub(super) struct Symbol<'a> {
    pub address: u64,
    pub size: u64,
    pub name: &'a str,
}

impl<'a> Binary<'a> {
    /// Reads the symbols of a program.
    ///
    /// # Errors
    /// What is no program, or has no symbols of Go.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Error> {
        let file = object::File::parse(bytes).map_err(|error| Error::NoBinary { cause: error.to_string() })?;
        let (mut data, mut functions) = (Vec::new(), Vec::new());
        let mut marks = [None; 3];
        for symbol in file.symbols() {
            let Ok(name) = symbol.name() else { continue };
            let found = Symbol { address: symbol.address(), size: symbol.size(), name };
            if let Some(mark) = ["runtime.data", "runtime.bss", "runtime.types"].iter().position(|mark| name == *mark) {
                marks[mark] = Some(found.address);
            }
            match symbol.kind() {
                SymbolKind::Text => functions.push(found),
                SymbolKind::Data | SymbolKind::Unknown if found.size > 0 => data.push(found),
                _ => {}
            }
        }
        let [Some(start), Some(bss), types] = marks else { return Err(Error::Stripped) };
        // Of several symbols at one address the first in the file is taken.
        data.sort_by_key(|symbol| symbol.address);
        functions.sort_by_key(|symbol| symbol.address);
        let module = file.section_by_name(".go.buildinfo").and_then(|section| main_module(section.data().ok()?));
        let debug = Sections::of(&file);
        Ok(Self { file, debug, data, functions, segments: [start, bss], types, module })
    }

    /// The variable that an address lies in.
    pub(super) fn variable(&self, address: u64) -> Option<Symbol<'a>> {
        containing(&self.data, address)
    }

    /// Where the variable of this name lies.
    pub(super) fn address_of(&self, name: &str) -> Option<u64> {
        self.data.iter().find(|symbol| symbol.name == name).map(|symbol| symbol.address)
    }

    /// Where the code of the function of this name begins.
    pub(super) fn entry_of(&self, name: &str) -> Option<u64> {
        self.functions.iter().find(|symbol| symbol.name == name).map(|symbol| symbol.address)
    }

    /// The function that an address lies in.
    pub(super) fn function(&self, address: u64) -> Option<Symbol<'a>> {
        let found = containing(&self.functions, address);
        // Some formats state no sizes.
        let last = || self.functions[..self.functions.partition_point(|it| it.address <= address)].last();
        found.or_else(|| last().copied().filter(|last| last.size == 0))
    }

    /// From the first to the end of the last function.
    pub(super) fn text(&self) -> std::ops::Range<u64> {
        let start = self.functions.first().map_or(0, |first| first.address);
        let end = self.functions.last().map_or(0, |last| last.address.saturating_add(last.size.max(1)));
        start..end
    }

    /// Its debug information.
    pub(super) fn debug(&self) -> Option<&Sections<'a>> {
        self.debug.as_ref()
    }

    /// How far behind the first descriptor of a type an address lies.
    pub(super) fn type_offset(&self, address: u64) -> Option<u64> {
        address.checked_sub(self.types?)
    }

    /// The module of package main.
    pub(super) fn module(&self) -> Option<&str> {
        self.module.as_deref()
    }

    /// The name of the type whose descriptor lies at an address. Source: `internal/abi.Type`, the same in Go 1.22 to 1.27:
    /// flags at byte 20, the offset of the name at byte 40, a name being a byte of flags, its length and its text.
    pub(super) fn type_name(&self, address: u64) -> Option<String> {
        /// Names of generic types are long; what is longer is none.
        const LONGEST: usize = 4096;
        /// Whether the name has a star in front that is not its own.
        const HAS_STAR: u8 = 2;
        let descriptor = self.bytes(address, 48)?;
        let offset = i32::from_le_bytes(descriptor.get(40..44)?.try_into().ok()?);
        let name = self.types?.checked_add(u64::try_from(offset).ok()?)?;
        let (mut length, mut at) = (0_usize, name.checked_add(1)?);
        for shift in [0, 7] {
            let byte = *self.bytes(at, 1)?.first()?;
            length |= usize::from(byte & 0x7f) << shift;
            at = at.wrapping_add(1);
            if byte < 0x80 {
                break;
            }
        }
        let text = std::str::from_utf8(self.bytes(at, length.min(LONGEST) as u64)?).ok()?;
        let has_star = descriptor.get(20)? & HAS_STAR != 0;
        let text = if has_star { text.strip_prefix('*').unwrap_or(text) } else { text };
        let is_name = !text.is_empty() && text.chars().all(|character| !character.is_control());
        is_name.then(|| text.to_owned())
    }

    /// So many bytes at an address, where the file has them.
    fn bytes(&self, address: u64, length: u64) -> Option<&'a [u8]> {
        let mut sections = self.file.sections();
        let section = sections.find(|section| {
            let inside = address.checked_sub(section.address());
            section.address() != 0 && inside.is_some_and(|inside| inside < section.size())
        })?;
        section.data_range(address, length).ok().flatten()
    }
}

fn containing<'a>(symbols: &[Symbol<'a>], address: u64) -> Option<Symbol<'a>> {
    let before = &symbols[..symbols.partition_point(|symbol| symbol.address <= address)];
    let last = before.last()?.address;
    // Of those at one address the one that reaches so far.
    let mut here = before.iter().rev().take_while(|symbol| symbol.address == last);
    here.find(|symbol| address - symbol.address < symbol.size).copied()
}

/// The module of package main in the build information: the line `mod`, its path, its version.
fn main_module(information: &[u8]) -> Option<String> {
    const MARK: &[u8] = b"\nmod\t";
    let at = information.windows(MARK.len()).position(|window| window == MARK)? + MARK.len();
    let rest = &information[at..];
    let end = rest.iter().position(|byte| matches!(byte, b'\t' | b'\n'))?;
    std::str::from_utf8(&rest[..end]).ok().map(str::to_owned)
}
