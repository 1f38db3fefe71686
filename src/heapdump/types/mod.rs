//! What the objects on a path are: fields and types.
//!
//! In: a chain of pointers from a root to an object. Out: for each object the field that leads to it and its type, as far as the
//! debug information of the program or its descriptors of types tell. Invariant: what a map, a channel, an interface is made of
//! is told as that; of memory nothing is handed out but names of types and sizes.
//! Knows nothing of who holds how much.

mod dwarf;
mod walk;
mod words;

pub(super) use dwarf::Sections;
pub(super) use walk::Types;

/// What is known of an object on a path.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Label {
    /// The field of the holder that leads to it, with its dot.
    pub field: String,
    /// What to call it; empty where its type is not known.
    pub name: String,
    /// Its type.
    pub type_name: String,
    /// Whether it is part of what is before it: of a map, of a channel.
    pub is_part: bool,
}
