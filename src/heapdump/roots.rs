//! What keeps objects alive, in the order in which it is asked.
//!
//! In: a dump and its names. Out: the pointers of each phase with the root that they belong to. Invariant: what the user wrote
//! is asked before what the runtime holds on its behalf, and what is surely a pointer before what only may be one; a root is
//! called the same in every dump of one program.
//! Knows nothing of what is reached from there.

use crate::model::hash::HashMap;
use crate::model::name;

use super::dump::{Dump, Stack};
use super::heap::word;
use super::names::{Names, is_runtime};

/// What kind of root holds something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A variable of a package.
    Global,
    /// A stack.
    Goroutine,
    /// What is to be finalized.
    Finalizer,
    /// What runs when a time has come.
    Timer,
    /// What the runtime holds otherwise.
    Other,
}

/// The number of a root.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct RootId(pub u32);

/// A root. Two dumps of one program call it the same.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Root {
    pub kind: Kind,
    /// What the user wrote: a variable or a function; else where it lies.
    pub name: String,
    /// What is to be said of it beside its name: what a goroutine waits for.
    pub state: String,
    /// How the name is related to it.
    pub relation: Relation,
}

/// How a root is related to what it is named by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Relation {
    /// It is this variable, function or place.
    Is,
    /// A goroutine that is in this function.
    In,
    /// A goroutine that this function has started.
    StartedIn,
}

impl Root {
    fn of(kind: Kind, name: impl Into<String>) -> Self {
        Self { kind, name: name.into(), state: String::new(), relation: Relation::Is }
    }

    /// Whether it is the goroutine that wrote the dump: what it holds, it holds no longer.
    pub fn is_dumping(&self) -> bool {
        self.kind == Kind::Goroutine && self.state == DUMPING
    }

    /// Whether the runtime holds for others what this root holds: the next function of somebody's on the path says more.
    pub fn is_on_behalf(&self) -> bool {
        matches!(self.kind, Kind::Global | Kind::Other | Kind::Goroutine) && is_runtime(&self.name)
    }
}

/// The roots met so far.
#[derive(Debug, Default)]
pub(super) struct Roots {
    pub all: Vec<Root>,
    ids: HashMap<Root, RootId>,
}

impl Roots {
    /// The number of a root.
    pub fn id(&mut self, root: Root) -> RootId {
        if let Some(id) = self.ids.get(&root) {
            return *id;
        }
        let id = RootId(self.all.len() as u32);
        self.ids.insert(root.clone(), id);
        self.all.push(root);
        id
    }

    pub fn get(&self, id: RootId) -> &Root {
        &self.all[id.0 as usize]
    }
}

/// A pointer of a root.
#[derive(Debug, Clone, Copy)]
pub(super) struct Start {
    pub pointer: u64,
    pub root: RootId,
    /// The address of the variable's word; 0 where it is none.
    pub word: u64,
    /// Which field of its variable the word is, from 1 on; 0 in large variables, which are arrays.
    pub field: u32,
}

/// How many phases there are, each exhausted before the next begins.
pub(super) const PHASES: usize = 5;

/// The pointers of one phase.
pub(super) fn starts(phase: usize, dump: &Dump<'_>, names: &Names<'_>, roots: &mut Roots) -> Vec<Start> {
    let mut starts = Vec::new();
    match phase {
        0 => variables(dump, names, roots, false, &mut starts),
        1 => frames(dump, names, roots, &mut starts, sure_words),
        2 => {
            variables(dump, names, roots, true, &mut starts);
            pending(dump, names, roots, &mut starts);
        }
        // What the runtime's own goroutines have left in their frames is nobody's.
        3 => frames(dump, names, roots, &mut starts, unsure_words),
        _ => finalizers(dump, names, roots, &mut starts),
    }
    starts
}

/// The pointers in variables: those of the runtime, or all others.
fn variables(dump: &Dump<'_>, names: &Names<'_>, roots: &mut Roots, of_runtime: bool, starts: &mut Vec<Start>) {
    for segment in &dump.segments {
        let (mut last, mut root) = (None, None);
        /// The largest variable whose words are taken for fields.
        const LARGEST_STRUCT: u64 = 512;
        for offset in segment.fields {
            let Some(pointer) = word(segment.contents, offset).filter(|pointer| *pointer != 0) else { continue };
            if !dump.heap.may_hold(pointer) {
                continue;
            }
            let address = segment.address.wrapping_add(offset as u64);
            let place = names.place(address);
            let outer = place.as_ref().filter(|place| place.size <= LARGEST_STRUCT);
            let field = outer.and_then(|place| place.offsets.first()).map_or(0, |offset| *offset as u32 + 1);
            let name = match place {
                Some(place) => place.symbol.to_owned(),
                // The same in every process, wherever the segments were loaded.
                None => format!("{}+{offset:#x}", if segment.is_bss { "bss" } else { "data" }),
            };
            if is_runtime(&name) != of_runtime {
                continue;
            }
            if last.as_ref() != Some(&name) {
                root = Some(roots.id(Root::of(Kind::Global, name.clone())));
                last = Some(name);
            }
            if let Some(root) = root {
                starts.push(Start { pointer, root, word: address, field });
            }
        }
    }
}

/// Hands over the words of a frame.
type Words = fn(&Stack<'_>, &mut dyn FnMut(u64));

/// The words of stacks.
fn frames(dump: &Dump<'_>, names: &Names<'_>, roots: &mut Roots, starts: &mut Vec<Start>, words: Words) {
    for stack in &dump.stacks {
        let root = roots.id(of_goroutine(stack, names));
        starts.push(Start { pointer: stack.goroutine.address, root, word: 0, field: 0 });
        words(stack, &mut |pointer| {
            if dump.heap.may_hold(pointer) {
                starts.push(Start { pointer, root, word: 0, field: 0 });
            }
        });
    }
}

/// What the compiler says are pointers.
fn sure_words(stack: &Stack<'_>, take: &mut dyn FnMut(u64)) {
    for frame in &stack.frames {
        frame.fields.filter_map(|offset| word(frame.contents, offset)).for_each(&mut *take);
    }
}

/// All others: variables whose address was taken stand in no list, so that what they hold would seem to be held by nothing.
fn unsure_words(stack: &Stack<'_>, take: &mut dyn FnMut(u64)) {
    if stack.goroutine.is_system {
        return;
    }
    for frame in &stack.frames {
        (0..frame.contents.len()).step_by(8).filter_map(|offset| word(frame.contents, offset)).for_each(&mut *take);
    }
}

/// What goroutines hold beside their frames, and roots without a kind.
fn pending(dump: &Dump<'_>, names: &Names<'_>, roots: &mut Roots, starts: &mut Vec<Start>) {
    for stack in &dump.stacks {
        let root = roots.id(of_goroutine(stack, names));
        let pointers = stack.pending.iter().copied().chain([stack.goroutine.context]);
        starts.extend(pointers.map(|pointer| Start { pointer, root, word: 0, field: 0 }));
    }
    for (description, pointer) in &dump.others {
        let root = roots.id(Root::of(Kind::Other, description.clone().into_owned()));
        starts.push(Start { pointer: *pointer, root, word: 0, field: 0 });
    }
}

fn finalizers(dump: &Dump<'_>, names: &Names<'_>, roots: &mut Roots, starts: &mut Vec<Start>) {
    for finalizer in &dump.finalizers {
        let name = names.function(finalizer.code).or_else(|| names.closure(finalizer.code));
        let name = name.map_or_else(|| format!("{:#x}", names.unslid(finalizer.code)), str::to_owned);
        let root = roots.id(Root::of(Kind::Finalizer, name));
        let pointers = [finalizer.object, finalizer.closure];
        starts.extend(pointers.map(|pointer| Start { pointer, root, word: 0, field: 0 }));
    }
}

/// What the compiler calls the function that it wraps around a `go` statement with arguments.
const WRAPPER: &str = ".gowrap";
/// What the goroutine waits for that writes the dump.
const DUMPING: &str = "dumping heap";

/// A goroutine: by the innermost function of the program's on its stack; where there is none, by the one that started it; where
/// that is not known, by the function that it began in.
fn of_goroutine(stack: &Stack<'_>, names: &Names<'_>) -> Root {
    const WAITING: u64 = 4;
    let state = match &*stack.goroutine.wait_reason {
        "" if stack.goroutine.status == WAITING => "waiting",
        "" => "running",
        reason => reason,
    };
    let functions = || stack.frames.iter().map(|frame| &*frame.function);
    let own = functions().find(|function| names.is_own(function));
    let creator = || names.function(stack.goroutine.creator).filter(|creator| names.is_own(creator));
    let is_begun = |function: &&str| !is_runtime(function) && !function.contains(WRAPPER);
    let begun = || functions().rfind(is_begun).or_else(|| functions().rfind(|function| !is_runtime(function)));
    let begun = || begun().or_else(|| functions().next_back());
    let (name, relation) = match own {
        // The call was made part of the function that the compiler wraps around it.
        Some(own) if own.contains(WRAPPER) => (name::enclosing(own).unwrap_or(own), Relation::StartedIn),
        Some(own) => (own, Relation::In),
        None => match creator() {
            Some(creator) => (creator, Relation::StartedIn),
            None => match begun().unwrap_or("runtime.goexit") {
                wrapper if wrapper.contains(WRAPPER) => {
                    (name::enclosing(wrapper).unwrap_or(wrapper), Relation::StartedIn)
                }
                begun => (begun, Relation::In),
            },
        },
    };
    Root { kind: Kind::Goroutine, name: name.to_owned(), state: state.to_owned(), relation }
}
