//! A chain of pointers, walked type by type.
//!
//! In: a chain, and the types of a program. Out: a label for each object of it. Invariant: a step that is not described ends
//! what is known, until a descriptor of a type stands in memory again; no chain is walked in more than a bounded number of
//! steps for each object.
//! Knows nothing of how debug information is encoded.

use crate::load::heap_dump::Object;

use super::super::chain::{Chain, Link};
use super::super::dump::Dump;
use super::super::heap::word;
use super::super::names::Names;
use super::Label;
use super::dwarf::{Dwarf, Member, Shape, TypeRef};
use super::words::{behind_part, is_part, short};

/// The types of a program and its dump.
pub(in crate::heapdump) struct Types<'a> {
    dump: &'a Dump<'a>,
    names: &'a Names<'a>,
    dwarf: Option<Dwarf<'a>>,
}

/// Memory of a known type.
#[derive(Debug, Clone, Copy)]
struct Typed {
    /// Where it begins.
    base: u64,
    of: TypeRef,
    /// Whether it is a part of a map or a channel.
    is_part: bool,
}

/// A pointer in memory of a known type.
struct Leaf {
    /// The fields that lead to it, each with its dot.
    path: String,
    /// What it is called: the type of a map, of a channel.
    name: String,
    /// Whether it is inside of a `sync.Map`.
    is_sync_map: bool,
    to: Target,
}

/// What a pointer leads to.
enum Target {
    /// A value of this type.
    Value(TypeRef),
    /// An array of values of this type; its length stands behind the pointer.
    Elements(TypeRef),
    /// Bytes; their number stands behind the pointer.
    Text,
    /// A value whose type stands before the pointer.
    Dynamic,
    /// Anything.
    Unknown,
}

/// The deepest field.
const DEEPEST: usize = 32;
/// The largest slot that may begin with the descriptor of its type, and the smallest.
const WITH_HEADER: std::ops::RangeInclusive<usize> = 513..=32 << 10;

impl<'a> Types<'a> {
    /// Those of a dump.
    pub fn new(dump: &'a Dump<'a>, names: &'a Names<'a>) -> Self {
        let sections = names.binary().and_then(|binary| binary.debug());
        Self { dump, names, dwarf: sections.map(Dwarf::new) }
    }

    /// A label for each object of a chain.
    pub fn labels(&self, chain: &Chain<'_>) -> Vec<Label> {
        let mut labels = Vec::with_capacity(chain.links.len());
        let (mut typed, mut holder) = (self.variable(chain), None);
        for link in &chain.links {
            let at = match holder {
                Some(Object { address, .. }) => address.wrapping_add(link.offset as u64),
                None => chain.entry.word,
            };
            let (label, next) = self.step(typed, at, link, holder.as_ref());
            labels.push(label);
            typed = next;
            holder = Some(link.object);
        }
        labels
    }

    /// The variable that a chain begins in; what has no symbol is reached through the variables that lead there.
    fn variable(&self, chain: &Chain<'_>) -> Option<Typed> {
        let place = self.names.place(chain.entry.word)?;
        let of = self.dwarf.as_ref()?.variable(place.address)?;
        let mut typed = Typed { base: self.names.slid(place.address), of, is_part: false };
        let (last, before) = place.offsets.split_last()?;
        for offset in before {
            let leaf = self.leaf(typed.of, *offset)?;
            let Target::Value(of) = leaf.to else { return None };
            typed = Typed { base: 0, of, ..typed };
        }
        // The address of the word itself is that of the dump.
        typed.base = chain.entry.word.wrapping_sub(*last);
        Some(typed)
    }

    /// What an object is to which a pointer at `at` leads, and the type of its memory.
    fn step(
        &self,
        typed: Option<Typed>,
        at: u64,
        link: &Link<'_>,
        holder: Option<&Object<'_>>,
    ) -> (Label, Option<Typed>) {
        let leaf = typed.and_then(|typed| Some((typed, self.leaf(typed.of, at.wrapping_sub(typed.base))?)));
        let Some((typed, leaf)) = leaf else { return self.by_descriptor(link) };
        let is_boxed = leaf.path.is_empty() && matches!(leaf.to, Target::Dynamic);
        let field = if typed.is_part && !is_boxed { behind_part(&leaf.path) } else { Some(leaf.path.as_str()) };
        let is_inside = typed.is_part && field.is_none();
        let field = field.unwrap_or_default().to_owned();
        let Some((name, type_name, of)) = self.target(&leaf, at, link, holder) else {
            let (label, typed) = self.by_descriptor(link);
            return (Label { field, is_part: is_inside, ..label }, typed);
        };
        if leaf.is_sync_map {
            let typed = of.map(|of| Typed { base: link.pointer, of: self.refined(of, link), is_part: true });
            let name = "[sync.Map]".to_owned();
            return (Label { field, type_name: "sync.Map".to_owned(), name, is_part: false }, typed);
        }
        // A value that a part of a sync.Map leads to by way of an interface of its own.
        let is_part = is_part(&type_name.replace('*', "")) || typed.is_part && type_name == "*interface {}";
        let next = of.map(|of| {
            let of = self.refined(of, link);
            Typed { base: link.pointer, of, is_part: is_part || self.is_made_of_parts(of) }
        });
        (Label { field, name, type_name, is_part: is_inside || is_part }, next)
    }

    /// What a pointer leads to: in few words, its type, and that where it is described.
    fn target(
        &self,
        leaf: &Leaf,
        at: u64,
        link: &Link<'_>,
        holder: Option<&Object<'_>>,
    ) -> Option<(String, String, Option<TypeRef>)> {
        let beside = |offset: i64| self.word_beside(at, offset, holder);
        match leaf.to {
            Target::Value(of) => {
                let (words, name) = self.name_of_value(of, &leaf.name);
                Some((words, name, Some(of)))
            }
            Target::Elements(of) => {
                let size = self.read(of).map_or(0, |of| of.size);
                let name = format!("[]{}", self.name(of));
                let words = viewed(&short(&name), link, beside(8).and_then(|length| length.checked_mul(size)));
                Some((words, name, Some(of)))
            }
            Target::Text => Some((viewed("string", link, beside(8)), "string".to_owned(), None)),
            Target::Dynamic => {
                let (name, of) = self.dynamic(beside(-8)?)?;
                Some((short(&name), name, of))
            }
            Target::Unknown => None,
        }
    }

    /// A node of a trie is an entry or an inner node, which its first byte tells.
    fn refined(&self, of: TypeRef, link: &Link<'_>) -> TypeRef {
        let is_entry = link.object.contents.first().is_some_and(|byte| *byte == 1);
        let dwarf = self.dwarf.as_ref();
        dwarf.and_then(|dwarf| dwarf.of_trie(&self.name(of), is_entry)).unwrap_or(of)
    }

    /// The type that stands in an object itself: slots of some sizes begin with its descriptor.
    fn by_descriptor(&self, link: &Link<'_>) -> (Label, Option<Typed>) {
        let is_typed = WITH_HEADER.contains(&link.object.contents.len());
        let found = word(link.object.contents, 0).filter(|_| is_typed).and_then(|descriptor| self.dynamic(descriptor));
        let Some((name, of)) = found else { return (Label::default(), None) };
        let is_part = is_part(&name);
        let typed = of.map(|of| Typed { base: link.object.address.wrapping_add(8), of, is_part });
        let words = if is_part { "[map]".to_owned() } else { short(&name) };
        (Label { name: words, type_name: name, is_part: false, ..Label::default() }, typed)
    }

    /// The type whose descriptor or interface table lies at an address: its name, and it where it is described.
    fn dynamic(&self, descriptor: u64) -> Option<(String, Option<TypeRef>)> {
        let of = self.dwarf.as_ref().zip(self.names.type_offset(descriptor));
        let of = of.and_then(|(dwarf, offset)| dwarf.described(offset));
        let described = of.map(|of| self.name(of)).filter(|name| !name.is_empty());
        let name = described.or_else(|| self.names.type_name(descriptor))?;
        // An interface holds a pointer as it is, and anything else by a pointer to it.
        let pointee = of.and_then(|of| match self.read(of)?.shape {
            Shape::Pointer(to) => to,
            _ => None,
        });
        Some((name, pointee.or(of)))
    }

    /// What a value is called that a pointer leads to: `leaf` is what the pointer itself is called.
    fn name_of_value(&self, of: TypeRef, leaf: &str) -> (String, String) {
        if leaf.starts_with("map[") {
            return ("[map]".to_owned(), leaf.to_owned());
        }
        if leaf.contains("chan ") {
            return (short(leaf), leaf.to_owned());
        }
        let name = self.name(of);
        // What a map is made of is called by that.
        if name.is_empty() || is_part(&name) {
            (String::new(), name)
        } else {
            (format!("*{}", short(&name)), format!("*{name}"))
        }
    }

    fn is_made_of_parts(&self, of: TypeRef) -> bool {
        is_part(&self.name(of))
    }

    fn name(&self, of: TypeRef) -> String {
        self.read(of).map_or(String::new(), |of| of.name.clone())
    }

    fn read(&self, of: TypeRef) -> Option<std::rc::Rc<super::dwarf::Type>> {
        self.dwarf.as_ref()?.read(of)
    }

    /// The word so many bytes beside a pointer.
    fn word_beside(&self, at: u64, offset: i64, holder: Option<&Object<'_>>) -> Option<u64> {
        let address = at.wrapping_add_signed(offset);
        match holder {
            Some(holder) => word(holder.contents, usize::try_from(address.checked_sub(holder.address)?).ok()?),
            None => self.dump.word_at(address),
        }
    }

    /// The pointer at an offset of memory of a type, or of an array of it.
    fn leaf(&self, of: TypeRef, offset: u64) -> Option<Leaf> {
        let (mut at, mut offset, mut path, mut is_sync_map) = (of, offset, String::new(), false);
        for _ in 0..DEEPEST {
            let read = self.read(at)?;
            if read.size > 0 {
                offset %= read.size;
            }
            let leaf = |to: Target| Some(Leaf { path: path.clone(), name: read.name.clone(), is_sync_map, to });
            match &read.shape {
                Shape::Pointer(Some(to)) => return leaf(Target::Value(*to)),
                Shape::Pointer(None) => return leaf(Target::Unknown),
                Shape::Array(element) => at = *element,
                Shape::Struct(members) => {
                    let member = members.iter().rfind(|member| member.offset <= offset)?;
                    match kind(&read.name, members) {
                        Some(Known::Text) => return leaf(Target::Text),
                        Some(Known::Interface) => return leaf(Target::Dynamic),
                        Some(Known::Slice) => {
                            let Shape::Pointer(Some(element)) = self.read(member.of)?.shape else { return None };
                            return leaf(Target::Elements(element));
                        }
                        None => {}
                    }
                    if let Some(to) = self.hidden(&read.name, members, &member.name) {
                        if !is_sync_map {
                            path.push_str(&format!(".{}", member.name));
                        }
                        return Some(Leaf { path, name: String::new(), is_sync_map, to });
                    }
                    is_sync_map |= read.name == "sync.Map";
                    if !is_sync_map {
                        path.push('.');
                        path.push_str(&member.name);
                    }
                    (at, offset) = (member.of, offset - member.offset);
                }
                Shape::Other => return None,
            }
        }
        None
    }
}

impl Types<'_> {
    /// What a field leads to that is a pointer to anything, and of which the struct tells what it is.
    fn hidden(&self, name: &str, members: &[Member], field: &str) -> Option<Target> {
        let member = |name: &str| members.iter().find(|member| member.name == name);
        if name.starts_with("sync/atomic.Pointer[") && field == "v" {
            // Its first field takes no room and is an array of such pointers.
            let Shape::Array(pointer) = self.read(members.first()?.of)?.shape else { return None };
            let Shape::Pointer(Some(to)) = self.read(pointer)?.shape else { return None };
            return Some(Target::Value(to));
        }
        if name.starts_with("hchan<") && field == "buf" {
            // Who waits for it has a pointer to an element.
            let first = self.member_of(member("recvq")?.of, "first")?;
            let Shape::Pointer(Some(waiting)) = self.read(first)?.shape else { return None };
            let Shape::Pointer(element) = self.read(self.member_of(waiting, "elem")?)?.shape else { return None };
            return element.map(Target::Elements);
        }
        None
    }

    fn member_of(&self, of: TypeRef, name: &str) -> Option<TypeRef> {
        let read = self.read(of)?;
        let Shape::Struct(members) = &read.shape else { return None };
        members.iter().find(|member| member.name == name).map(|member| member.of)
    }
}

/// Structs that the language knows.
enum Known {
    Text,
    Slice,
    Interface,
}

fn kind(name: &str, members: &[Member]) -> Option<Known> {
    let fields: Vec<&str> = members.iter().map(|member| member.name.as_str()).collect();
    match fields[..] {
        ["str", "len"] => Some(Known::Text),
        ["array", "len", "cap"] => Some(Known::Slice),
        ["tab" | "_type", "data"] if name != "runtime.itab" => Some(Known::Interface),
        _ => None,
    }
}

/// What is held by a view of it: so many bytes of it are seen, where that is less than half.
fn viewed(name: &str, link: &Link<'_>, seen: Option<u64>) -> String {
    let whole = link.object.contents.len() as u64;
    match seen {
        Some(seen) if seen > 0 && seen < whole / 2 => format!("{name} ({seen} B of {whole} B)"),
        _ => name.to_owned(),
    }
}
