//! The types that the debug information of a Go program describes.
//!
//! In: the debug sections of a program. Out: types of variables, of descriptors, and what each consists of. Invariant: what is
//! damaged has no type; a type is read when it is asked for, and once.
//! Knows no dump.

use std::borrow::Cow;
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use gimli::{
    Attribute, AttributeValue, DW_AT_byte_size, DW_AT_data_member_location, DW_AT_location, DW_AT_name, DW_AT_type,
    DW_TAG_member, DW_TAG_typedef, DW_TAG_variable, DebugInfoOffset, DwAt, EndianSlice, LittleEndian, Operation,
    UnitOffset,
};
use object::{Object, ObjectSection};

use crate::model::hash::HashMap;

type Reader<'a> = EndianSlice<'a, LittleEndian>;
type Entry<'a> = gimli::DebuggingInformationEntry<Reader<'a>>;

/// The debug sections of a program, decompressed.
#[derive(Debug)]
pub(in crate::heapdump) struct Sections<'a>(gimli::DwarfSections<Cow<'a, [u8]>>);

impl<'a> Sections<'a> {
    /// Those of a program; `None` where it has none.
    pub fn of(file: &object::File<'a>) -> Option<Self> {
        file.section_by_name(".debug_info")?;
        let load = |id: gimli::SectionId| {
            let section = file.section_by_name(id.name());
            let data = section.and_then(|section| section.uncompressed_data().ok());
            Ok::<_, gimli::Error>(data.unwrap_or(Cow::Borrowed(&[])))
        };
        gimli::DwarfSections::load(load).ok().map(Self)
    }
}

/// A type in the debug information.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct TypeRef {
    unit: usize,
    offset: usize,
}

/// What a type is.
#[derive(Debug)]
pub(super) struct Type {
    pub name: String,
    pub size: u64,
    pub shape: Shape,
}

/// What a type consists of.
#[derive(Debug)]
pub(super) enum Shape {
    Struct(Vec<Member>),
    /// Of elements of this type.
    Array(TypeRef),
    /// To this type, or to anything.
    Pointer(Option<TypeRef>),
    Other,
}

/// A field.
#[derive(Debug)]
pub(super) struct Member {
    pub name: String,
    pub offset: u64,
    pub of: TypeRef,
}

/// The attribute of a type that says where its descriptor lies, from `runtime.types` on. Source: `cmd/internal/dwarf`.
const GO_RUNTIME_TYPE: DwAt = DwAt(0x2904);

/// A compilation unit. Nothing is needed of its lines, which may have been left out.
struct Unit<'a> {
    header: gimli::UnitHeader<Reader<'a>>,
    abbreviations: Arc<gimli::Abbreviations>,
}

/// What `sync.Map` is made of from Go 1.24 on: a node begins with a byte that tells whether it is an entry or an inner node.
const TRIE_NODE: &str = "internal/sync.node[";
const OF_TRIES: [&str; 2] = ["internal/sync.entry[", "internal/sync.indirect["];

/// The types of a program.
pub(super) struct Dwarf<'a> {
    dwarf: gimli::Dwarf<Reader<'a>>,
    units: Vec<Unit<'a>>,
    /// By the address of the variable.
    variables: HashMap<u64, TypeRef>,
    /// By where the descriptor lies, from `runtime.types` on.
    described: HashMap<u64, TypeRef>,
    /// Entries and inner nodes of the tries that `sync.Map` is made of, by name.
    of_tries: HashMap<String, TypeRef>,
    read: RefCell<HashMap<TypeRef, Option<Rc<Type>>>>,
}

impl<'a> Dwarf<'a> {
    /// Finds the variables and types.
    pub fn new(sections: &'a Sections<'_>) -> Self {
        let dwarf = sections.0.borrow(|section| EndianSlice::new(section, LittleEndian));
        let mut units = Vec::new();
        let mut headers = dwarf.units();
        while let Ok(Some(header)) = headers.next() {
            let abbreviations = dwarf.abbreviations(&header).ok();
            units.extend(abbreviations.map(|abbreviations| Unit { header, abbreviations }));
        }
        let (variables, described, of_tries) = Default::default();
        let mut found = Self { dwarf, units, variables, described, of_tries, read: RefCell::default() };
        for unit in 0..found.units.len() {
            found.index(unit);
        }
        found
    }

    fn index(&mut self, number: usize) {
        let unit = &self.units[number];
        let mut entries = unit.header.entries(&unit.abbreviations);
        while let Ok(Some(entry)) = entries.next_dfs() {
            if entry.tag() == DW_TAG_variable {
                let address = entry.attr_value(DW_AT_location).and_then(|location| address(location, unit));
                if let Some((address, of)) = address.zip(self.type_of(number, entry)) {
                    self.variables.insert(address, of);
                }
                continue;
            }
            let of = TypeRef { unit: number, offset: entry.offset().0 };
            if let Some(descriptor) = entry.attr(GO_RUNTIME_TYPE).and_then(number_of) {
                self.described.insert(descriptor, of);
            }
            if entry.tag() == gimli::DW_TAG_structure_type {
                let name = self.name(entry);
                if OF_TRIES.iter().any(|begin| name.starts_with(begin)) {
                    self.of_tries.insert(plain(&name), of);
                }
            }
        }
    }

    /// The type of the variable at an address.
    pub fn variable(&self, address: u64) -> Option<TypeRef> {
        self.variables.get(&address).copied()
    }

    /// The type whose descriptor lies so far behind `runtime.types`.
    pub fn described(&self, offset: u64) -> Option<TypeRef> {
        self.described.get(&offset).copied()
    }

    /// What a node of a trie of `internal/sync` is, by its name and whether it is an entry.
    pub fn of_trie(&self, node: &str, is_entry: bool) -> Option<TypeRef> {
        let arguments = node.strip_prefix(TRIE_NODE)?;
        let [entry, inner] = OF_TRIES;
        self.of_tries.get(&plain(&format!("{}{arguments}", if is_entry { entry } else { inner }))).copied()
    }

    /// What a type is; another name for it has its own name and all else of that.
    pub fn read(&self, of: TypeRef) -> Option<Rc<Type>> {
        if let Some(known) = self.read.borrow().get(&of) {
            return known.clone();
        }
        let read = self.resolve(of).map(Rc::new);
        self.read.borrow_mut().insert(of, read.clone());
        read
    }

    fn resolve(&self, of: TypeRef) -> Option<Type> {
        /// As many names as a type has; more is a circle.
        const MOST_NAMES: usize = 16;
        let mut at = of;
        let mut name = None;
        for _ in 0..MOST_NAMES {
            let unit = self.units.get(at.unit)?;
            let entry = unit.header.entry(&unit.abbreviations, UnitOffset(at.offset)).ok()?;
            let own = self.name(&entry);
            let name = name.get_or_insert(own);
            if entry.tag() == DW_TAG_typedef {
                at = self.type_of(at.unit, &entry)?;
                continue;
            }
            let shape = self.shape(at, &entry);
            // Pointers state no size.
            let stated = entry.attr(DW_AT_byte_size).and_then(number_of);
            let size = stated.unwrap_or(if matches!(shape, Shape::Pointer(_)) { 8 } else { 0 });
            return Some(Type { name: std::mem::take(name), size, shape });
        }
        None
    }

    fn shape(&self, at: TypeRef, entry: &Entry<'a>) -> Shape {
        match entry.tag() {
            gimli::DW_TAG_structure_type => Shape::Struct(self.members(at)),
            gimli::DW_TAG_array_type => self.type_of(at.unit, entry).map_or(Shape::Other, Shape::Array),
            gimli::DW_TAG_pointer_type => Shape::Pointer(self.type_of(at.unit, entry)),
            _ => Shape::Other,
        }
    }

    fn members(&self, at: TypeRef) -> Vec<Member> {
        let mut members = Vec::new();
        self.children(at, |entry| {
            if entry.tag() == DW_TAG_member
                && let Some(of) = self.type_of(at.unit, entry)
            {
                let offset = entry.attr(DW_AT_data_member_location).and_then(number_of).unwrap_or(0);
                members.push(Member { name: self.name(entry), offset, of });
            }
        });
        members.sort_by_key(|member| member.offset);
        members
    }

    fn children(&self, at: TypeRef, mut take: impl FnMut(&Entry<'a>)) {
        let Some(unit) = self.units.get(at.unit) else { return };
        let entries = unit.header.entries_at_offset(&unit.abbreviations, UnitOffset(at.offset));
        let Ok(mut entries) = entries else {
            return;
        };
        let mut is_first = true;
        while let Ok(Some(entry)) = entries.next_dfs() {
            if !is_first && entry.depth() < 1 {
                return;
            }
            if !is_first && entry.depth() == 1 {
                take(entry);
            }
            is_first = false;
        }
    }

    fn name(&self, entry: &Entry<'a>) -> String {
        let name = match entry.attr_value(DW_AT_name) {
            Some(AttributeValue::String(name)) => Some(name),
            Some(AttributeValue::DebugStrRef(offset)) => self.dwarf.string(offset).ok(),
            _ => None,
        };
        name.and_then(|name| name.to_string().ok()).unwrap_or_default().to_owned()
    }

    fn type_of(&self, unit: usize, entry: &Entry<'a>) -> Option<TypeRef> {
        match entry.attr_value(DW_AT_type)? {
            AttributeValue::UnitRef(offset) => Some(TypeRef { unit, offset: offset.0 }),
            AttributeValue::DebugInfoRef(offset) => self.reference(offset),
            _ => None,
        }
    }

    fn reference(&self, offset: DebugInfoOffset) -> Option<TypeRef> {
        let begin = |unit: &Unit<'a>| unit.header.offset().0;
        let unit = self.units.partition_point(|unit| begin(unit) <= offset.0).checked_sub(1)?;
        let inside = offset.to_unit_offset(&self.units[unit].header)?;
        Some(TypeRef { unit, offset: inside.0 })
    }
}

/// The name of a generic type whose instances share their code, which is all that some are described by.
fn plain(name: &str) -> String {
    name.replace("go.shape.", "")
}

fn number_of(attribute: &Attribute<Reader<'_>>) -> Option<u64> {
    match attribute.value() {
        AttributeValue::Addr(address) => Some(address),
        _ => attribute.udata_value(),
    }
}

/// Where a variable of a package lies.
fn address(location: AttributeValue<Reader<'_>>, unit: &Unit<'_>) -> Option<u64> {
    let AttributeValue::Exprloc(expression) = location else { return None };
    match expression.operations(unit.header.encoding()).next().ok()?? {
        Operation::Address { address } => Some(address),
        _ => None,
    }
}
