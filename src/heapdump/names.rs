//! What an address of a dump is called.
//!
//! In: a dump, and the program that wrote it where there is one. Out: the variable an address lies in, with those that lead
//! to it where it has no symbol of its own; functions; types; whose code a function is. Invariant: a program that did not
//! write the dump names nothing in it.
//! Knows nothing of who holds what.

use crate::model::hash::HashMap;
use crate::model::name::{self, Origin};

use super::Error;
use super::binary::Binary;
use super::dump::Dump;
use super::heap::word;

/// Names for a dump.
pub(super) struct Names<'a> {
    binary: Option<&'a Binary<'a>>,
    /// What was added to the addresses of the program when it was loaded.
    slide: u64,
    /// Pointers from the segments into the segments: where each leads to, and where it stands, by the first.
    statics: Vec<(u64, u64)>,
    /// Functions that are on stacks, by where their code begins.
    on_stacks: HashMap<u64, &'a str>,
    /// From the first to the end of the last function.
    text: std::ops::Range<u64>,
    /// The types that the dump names itself.
    types: &'a HashMap<u64, std::borrow::Cow<'a, str>>,
    itabs: &'a HashMap<u64, u64>,
}

/// A place in a variable: its symbol, and the offset in it; where the variable leads to what has no symbol, also the offset
/// there, and so on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place<'a> {
    pub symbol: &'a str,
    /// Where the variable lies in the program, and its bytes.
    pub address: u64,
    pub size: u64,
    pub offsets: Vec<u64>,
}

impl<'a> Names<'a> {
    /// Those of a dump.
    ///
    /// # Errors
    /// A program that did not write it.
    pub fn new(dump: &'a Dump<'a>, binary: Option<&'a Binary<'a>>) -> Result<Self, Error> {
        let slide = binary.map_or(Ok(0), |binary| slide(dump, binary))?;
        let frames = || dump.stacks.iter().flat_map(|stack| &stack.frames);
        let on_stacks: HashMap<u64, &str> = frames().map(|frame| (frame.entry, &*frame.function)).collect();
        let text = match binary {
            Some(binary) => shifted(binary.text(), slide),
            None => {
                let first = on_stacks.keys().min().copied().unwrap_or_default();
                let last = on_stacks.keys().max().copied().unwrap_or_default();
                first..last.saturating_add(1)
            }
        };
        let names =
            Self { binary, slide, statics: statics(dump), on_stacks, text, types: &dump.types, itabs: &dump.itabs };
        names.agrees(dump).map(|()| names)
    }

    /// Refuses a program whose functions are called otherwise than on the stacks of the dump.
    fn agrees(&self, dump: &Dump<'_>) -> Result<(), Error> {
        let Some(binary) = self.binary else { return Ok(()) };
        // Type arguments and what assembly is called by are left out on stacks.
        let plain = |name: &str| {
            let name = name.strip_suffix(".abi0").unwrap_or(name);
            name.split('[').next().unwrap_or_default().to_owned()
        };
        let frames = dump.stacks.iter().flat_map(|stack| &stack.frames);
        for frame in frames {
            let found = binary.function(frame.entry.wrapping_sub(self.slide)).map_or("nothing", |found| found.name);
            if plain(found) != plain(&frame.function) {
                let cause = format!("where the dump has {}, it has {found}", frame.function);
                return Err(Error::OtherBinary { cause });
            }
        }
        Ok(())
    }

    pub fn has_binary(&self) -> bool {
        self.binary.is_some()
    }

    pub fn binary(&self) -> Option<&'a Binary<'a>> {
        self.binary
    }

    /// The address in the program of one in the dump.
    pub fn unslid(&self, address: u64) -> u64 {
        address.wrapping_sub(self.slide)
    }

    /// The address in the dump of one in the program.
    pub fn slid(&self, address: u64) -> u64 {
        address.wrapping_add(self.slide)
    }

    /// How far behind the first descriptor of a type that at an address lies, or that of an interface table.
    pub fn type_offset(&self, address: u64) -> Option<u64> {
        let address = self.itabs.get(&address).copied().unwrap_or(address);
        self.binary?.type_offset(self.unslid(address))
    }

    /// The variable that an address of a segment lies in. What the compiler laid out for `var v = &T{...}` has no symbol:
    /// it belongs to the variable that leads there.
    pub fn place(&self, address: u64) -> Option<Place<'a>> {
        /// As many variables as lead to one another in that way; more is a circle.
        const MOST: usize = 8;
        let binary = self.binary?;
        let (mut at, mut offsets) = (address, Vec::new());
        for _ in 0..MOST {
            let unslid = self.unslid(at);
            if let Some(symbol) = binary.variable(unslid).filter(|symbol| !is_unnamed(symbol.name)) {
                offsets.push(unslid - symbol.address);
                offsets.reverse();
                return Some(Place { symbol: symbol.name, address: symbol.address, size: symbol.size, offsets });
            }
            let before = self.statics.partition_point(|(target, _)| *target <= at);
            let (target, source) = *self.statics[..before].last()?;
            offsets.push(at - target);
            at = source;
        }
        None
    }

    /// Where the variable of this name lies in the dump.
    pub fn variable(&self, name: &str) -> Option<u64> {
        self.binary?.address_of(name).map(|address| address.wrapping_add(self.slide))
    }

    /// The function whose code begins at an address.
    #[inline]
    pub fn closure(&self, code: u64) -> Option<&'a str> {
        if !self.text.contains(&code) {
            return None;
        }
        match self.binary {
            Some(binary) => {
                let found = binary.function(self.unslid(code))?;
                (found.address == self.unslid(code)).then_some(found.name)
            }
            None => self.on_stacks.get(&code).copied(),
        }
    }

    /// The function that an address of code lies in.
    pub fn function(&self, code: u64) -> Option<&'a str> {
        self.binary?.function(self.unslid(code)).map(|found| found.name)
    }

    /// The name of the type whose descriptor, or whose interface table, lies at an address.
    pub fn type_name(&self, address: u64) -> Option<String> {
        let address = self.itabs.get(&address).copied().unwrap_or(address);
        let of_binary = self.binary.and_then(|binary| binary.type_name(self.unslid(address)));
        // The dump's own names often end at the dot.
        of_binary.or_else(|| self.types.get(&address).filter(|name| !name.ends_with('.')).map(|name| name.to_string()))
    }

    /// Whether a function is the program's own, as far as its name and the program's module tell.
    pub fn is_own(&self, function: &str) -> bool {
        if name::origin(function, "") != Origin::Application {
            return false;
        }
        let package = name::package(function);
        match self.binary.and_then(Binary::module) {
            // A workspace has several modules: what shares the owner of the main one is no library of others.
            Some(module) => package == "main" || owner(&package) == owner(module),
            None => true,
        }
    }
}

/// The first element of an import path, with the second where the first is a host.
fn owner(path: &str) -> &str {
    let first = path.find('/').unwrap_or(path.len());
    let second = path[(first + 1).min(path.len())..].find('/').map_or(path.len(), |at| first + 1 + at);
    if path[..first].contains('.') { &path[..second] } else { &path[..first] }
}

/// Whether a symbol is one of the compiler's for data without a name.
fn is_unnamed(symbol: &str) -> bool {
    symbol.contains("..stmp_") || symbol.contains("..stkobj") || symbol.starts_with("go:")
}

/// Whether a name is of the runtime of Go, which holds things on behalf of others.
pub(super) fn is_runtime(name: &str) -> bool {
    ["runtime.", "runtime/", "internal/runtime/"].iter().any(|prefix| name.starts_with(prefix))
}

fn shifted(range: std::ops::Range<u64>, by: u64) -> std::ops::Range<u64> {
    range.start.wrapping_add(by)..range.end.wrapping_add(by)
}

/// What was added to the addresses of a program. Both segments have to lie where it says.
fn slide(dump: &Dump<'_>, binary: &Binary<'_>) -> Result<u64, Error> {
    let start = |is_bss| dump.segments.iter().find(|segment| segment.is_bss == is_bss).map(|segment| segment.address);
    let [data, bss] = binary.segments;
    let slides = [(start(false), data), (start(true), bss)];
    let mut slides = slides.into_iter().filter_map(|(found, stated)| Some(found?.wrapping_sub(stated)));
    // A dump that ends early may have no segments.
    let Some(first) = slides.next() else { return Ok(slide_of_frames(dump, binary)) };
    if slides.any(|other| other != first) {
        return Err(Error::OtherBinary { cause: "its variables lie elsewhere".to_owned() });
    }
    Ok(first)
}

/// The same by where a function on a stack lies, and where the program has it.
fn slide_of_frames(dump: &Dump<'_>, binary: &Binary<'_>) -> u64 {
    let frames = dump.stacks.iter().flat_map(|stack| &stack.frames);
    let mut slides = frames.filter_map(|frame| Some(frame.entry.wrapping_sub(binary.entry_of(&frame.function)?)));
    slides.next().unwrap_or_default()
}

/// Pointers from the segments into the segments, by where they lead to.
fn statics(dump: &Dump<'_>) -> Vec<(u64, u64)> {
    let is_inside = |pointer: u64| {
        let within = |from: u64, length: usize| pointer.wrapping_sub(from) < length as u64;
        dump.segments.iter().any(|segment| within(segment.address, segment.contents.len()))
    };
    let mut found = Vec::new();
    for segment in &dump.segments {
        for offset in segment.fields {
            if let Some(pointer) = word(segment.contents, offset).filter(|pointer| is_inside(*pointer)) {
                found.push((pointer, segment.address.wrapping_add(offset as u64)));
            }
        }
    }
    found.sort_unstable();
    found
}
