//! Symbols: the one table of strings, functions, locations, mappings and label sets of a run.
//!
//! In: the small tables of each profile, folded in one file after the other. Out: ids that mean the same in every
//! snapshot of the run, so that stacks of different files are compared by number.
//! Invariant: equal content has one id; ids are never reused or removed.
//! Knows nothing of files, formats or stacks (a stack is a row of a [`super::Snapshot`]).

use std::sync::Arc;

use crate::model::hash::HashMap;

/// Declares a `u32` index into one table of [`Symbols`].
macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);

        impl $name {
            /// The position in its table.
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }
    };
}

id! {
    /// A string. Id 0 is the empty string.
    StringId
}
id! {
    /// A function.
    FunctionId
}
id! {
    /// A place in the program: an address with the calls inlined there.
    LocationId
}
id! {
    /// A mapped binary or library.
    MappingId
}
id! {
    /// A set of labels. Id 0 is the empty set.
    LabelsId
}

impl StringId {
    /// The empty string: "not stated" everywhere in a profile.
    pub const EMPTY: StringId = StringId(0);
}

impl LabelsId {
    /// No labels.
    pub const NONE: LabelsId = LabelsId(0);
}

/// A function as the profile describes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Function {
    /// Name for people: demangled, where the profile has it mangled. Empty when it states none.
    pub name: StringId,
    /// Name as the profile spells it.
    pub spelled: StringId,
    /// Name as the linker knows it.
    pub system_name: StringId,
    /// Source file as the compiler recorded it.
    pub file: StringId,
    /// Line on which the function starts; 0 when not stated.
    pub start_line: i64,
}

/// A mapped binary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Mapping {
    /// Path of the binary.
    pub file: StringId,
    /// Build id, empty when not stated.
    pub build_id: StringId,
    /// Length of the mapping rounded up to whole 4 KiB pages.
    pub size: u64,
    /// Offset of the mapping in the file.
    pub offset: u64,
}

/// One call at a location. The first line of a location is the innermost inlined call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Line {
    /// The function, or `None` where the producer left it out.
    pub function: Option<FunctionId>,
    /// Line number; 0 when not stated.
    pub line: i64,
    /// Column; 0 when not stated.
    pub column: i64,
}

/// A place in the program.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Location {
    /// The binary it lies in.
    pub mapping: Option<MappingId>,
    /// Address relative to the start of the mapping, so that address space randomisation does not show.
    pub address: u64,
    /// Whether several addresses were folded into this one.
    pub is_folded: bool,
    /// The calls at this place, innermost first. Empty when it has no symbols.
    pub lines: Vec<Line>,
}

/// One label of a sample.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Label {
    /// Its key.
    pub key: StringId,
    /// Its value.
    pub value: LabelValue,
}

/// What a label says.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum LabelValue {
    /// Text.
    Text(StringId),
    /// A number with its unit (empty when not stated).
    Number(i64, StringId),
}

/// The symbol tables of a run.
#[derive(Debug)]
pub struct Symbols {
    strings: Interner<Arc<str>>,
    functions: Interner<Function>,
    mappings: Interner<Mapping>,
    locations: Interner<Arc<Location>>,
    label_sets: Interner<Arc<[Label]>>,
}

impl Default for Symbols {
    fn default() -> Self {
        let mut symbols = Self {
            strings: Interner::default(),
            functions: Interner::default(),
            mappings: Interner::default(),
            locations: Interner::default(),
            label_sets: Interner::default(),
        };
        symbols.intern_str("");
        symbols.intern_labels(&[]);
        symbols
    }
}

impl Symbols {
    /// The id of a text, which is added when new.
    pub fn intern_str(&mut self, text: &str) -> StringId {
        match self.strings.ids.get(text) {
            Some(id) => StringId(*id),
            None => StringId(self.strings.intern(Arc::from(text))),
        }
    }

    /// The id of a function, which is added when new.
    pub fn intern_function(&mut self, function: Function) -> FunctionId {
        FunctionId(self.functions.intern(function))
    }

    /// The id of a mapping, which is added when new.
    pub fn intern_mapping(&mut self, mapping: Mapping) -> MappingId {
        MappingId(self.mappings.intern(mapping))
    }

    /// The id of a location, which is added when new.
    pub fn intern_location(&mut self, location: Location) -> LocationId {
        match self.locations.ids.get(&location) {
            Some(id) => LocationId(*id),
            None => LocationId(self.locations.intern(Arc::new(location))),
        }
    }

    /// Says what stands at a location that had no name. From here on two ids may be of one place, which changes no sum.
    pub fn name_location(&mut self, id: LocationId, location: Location) {
        let location = Arc::new(location);
        self.locations.ids.entry(location.clone()).or_insert(id.0);
        self.locations.items[id.index()] = location;
    }

    /// The id of a set of labels in the order given, which is added when new.
    pub fn intern_labels(&mut self, labels: &[Label]) -> LabelsId {
        match self.label_sets.ids.get(labels) {
            Some(id) => LabelsId(*id),
            None => LabelsId(self.label_sets.intern(Arc::from(labels))),
        }
    }

    /// The text of a string.
    pub fn str(&self, id: StringId) -> &str {
        &self.strings.items[id.index()]
    }

    /// A function.
    pub fn function(&self, id: FunctionId) -> &Function {
        &self.functions.items[id.index()]
    }

    /// A mapping.
    pub fn mapping(&self, id: MappingId) -> &Mapping {
        &self.mappings.items[id.index()]
    }

    /// A location.
    pub fn location(&self, id: LocationId) -> &Location {
        &self.locations.items[id.index()]
    }

    /// A set of labels.
    pub fn labels(&self, id: LabelsId) -> &[Label] {
        &self.label_sets.items[id.index()]
    }

    /// The size in bytes of the blocks that a sample with these labels stands for: Go's `bytes` label. 0 when not stated.
    pub fn block_size(&self, labels: LabelsId) -> i64 {
        let size = |label: &Label| match label.value {
            LabelValue::Number(size, _) if self.str(label.key) == "bytes" => Some(size),
            _ => None,
        };
        self.labels(labels).iter().find_map(size).unwrap_or(0)
    }

    /// How many locations there are; ids run from 0 to one less.
    pub fn location_count(&self) -> usize {
        self.locations.items.len()
    }

    /// How many functions there are; ids run from 0 to one less.
    pub fn function_count(&self) -> usize {
        self.functions.items.len()
    }

    /// How many label sets there are; ids run from 0 to one less.
    pub fn labels_count(&self) -> usize {
        self.label_sets.items.len()
    }

    /// Every function in the order of its id.
    pub fn functions(&self) -> impl ExactSizeIterator<Item = &Function> {
        self.functions.items.iter()
    }

    /// Every location in the order of its id.
    pub fn locations(&self) -> impl ExactSizeIterator<Item = &Location> {
        self.locations.items.iter().map(Arc::as_ref)
    }
}

/// Items in the order they came, each with its index as id.
#[derive(Debug)]
struct Interner<T> {
    items: Vec<T>,
    ids: HashMap<T, u32>,
}

impl<T> Default for Interner<T> {
    fn default() -> Self {
        Self { items: Vec::new(), ids: HashMap::default() }
    }
}

impl<T: Clone + Eq + std::hash::Hash> Interner<T> {
    #[expect(clippy::expect_used, reason = "inputs are bounded far below")]
    fn intern(&mut self, item: T) -> u32 {
        let next = u32::try_from(self.items.len()).expect("fewer than 2^32 symbols fit in memory");
        *self.ids.entry(item).or_insert_with_key(|item| {
            self.items.push(item.clone());
            next
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_content_has_one_id() {
        let mut symbols = Symbols::default();
        let name = symbols.intern_str("main.main");
        assert_eq!(symbols.intern_str("main.main"), name);
        let function = Function { name, spelled: name, system_name: name, file: StringId::EMPTY, start_line: 3 };
        let id = symbols.intern_function(function);
        assert_eq!(symbols.intern_function(function), id);
        assert_ne!(symbols.intern_function(Function { start_line: 4, ..function }), id);
        assert_eq!(symbols.str(symbols.function(id).name), "main.main");
    }

    #[test]
    fn id_zero_is_nothing() {
        let mut symbols = Symbols::default();
        assert_eq!(symbols.intern_str(""), StringId::EMPTY);
        assert_eq!(symbols.intern_labels(&[]), LabelsId::NONE);
    }
}
