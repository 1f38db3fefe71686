//! Which patterns a stack matches.
//!
//! In: patterns and the keys of a diff. Out: for any stack the numbers of the patterns it matches.
//! Invariant: names are compared once for each key, whatever the number of stacks; a stack costs its depth.

use rustc_hash::FxHashMap;

use crate::diff::{KeyId, Keys};
use crate::model::Glob;
use crate::model::name::{self, Origin};

use super::pattern::{Blocks, Element, Link, Pattern};

/// How far above a frame another is looked for: the deepest stacks that Go records. It bounds what a stack of a
/// hundred thousand frames costs.
const FURTHEST: usize = 1024;

/// The number of an element: equal elements of different patterns have one.
type ElementId = u16;

/// A pattern by the numbers of its elements.
#[derive(Debug)]
struct Compiled {
    first: ElementId,
    further: Vec<(Link, ElementId)>,
    is_leaf: bool,
    is_root: bool,
    blocks: Blocks,
}

/// What is known of the blocks of a stack beside its frames.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::analyze) struct Allocated {
    /// Their size in bytes; 0 when not stated.
    pub size: i64,
    /// Whether the stack allocates one size after the other.
    pub is_doubling: bool,
    /// Whether they are records of deferred calls.
    pub is_deferred: bool,
}

/// Patterns ready to be held against stacks.
#[derive(Debug)]
pub(in crate::analyze) struct Matcher {
    patterns: Vec<Compiled>,
    /// The patterns that begin with an element.
    beginning: Vec<Vec<u16>>,
    /// For each key the elements that it is, in ascending order.
    elements_of: Vec<Box<[ElementId]>>,
    /// For each key whether it is a part of the runtime.
    is_runtime: Vec<bool>,
}

impl Matcher {
    /// Compares the names of all keys with all elements of the patterns. `more` are names of frames that stacks may have
    /// beside them, numbered after the keys.
    pub fn new(patterns: &[Pattern], keys: &Keys, more: &[&str]) -> Self {
        let mut elements = Elements::default();
        let compiled: Vec<Compiled> = patterns.iter().map(|pattern| elements.compile(pattern)).collect();
        let mut beginning = vec![Vec::new(); elements.count];
        for (number, pattern) in compiled.iter().enumerate() {
            beginning[usize::from(pattern.first)].push(number as u16);
        }
        let key_ids = || (0..keys.len() as u32).map(KeyId);
        Self {
            elements_of: key_ids()
                .map(|key| elements.of_name(&keys.key(key).canonical, keys.origin(key)))
                .chain(more.iter().map(|name| elements.of_name(name, Origin::Standard)))
                .collect(),
            is_runtime: key_ids()
                .map(|key| is_runtime(&keys.key(key).canonical))
                .chain(more.iter().map(|name| is_runtime(name)))
                .collect(),
            patterns: compiled,
            beginning,
        }
    }

    /// Appends the patterns that a stack with such blocks matches to `matched`, in ascending order.
    pub fn matches(&self, stack: &[KeyId], blocks: Allocated, matched: &mut Vec<u16>) {
        let from = matched.len();
        let is_no_runtime = |key: &KeyId| !self.is_runtime[key.index()];
        let leaf = stack.iter().position(is_no_runtime).unwrap_or(0);
        for (at, key) in stack.iter().enumerate() {
            for element in &self.elements_of[key.index()] {
                for number in &self.beginning[usize::from(*element)] {
                    let pattern = &self.patterns[usize::from(*number)];
                    let has_blocks = match pattern.blocks {
                        Blocks::Any => true,
                        Blocks::Size(size) => size == blocks.size,
                        Blocks::Doubling => blocks.is_doubling,
                        Blocks::Deferred => blocks.is_deferred,
                    };
                    if has_blocks && (!pattern.is_leaf || at == leaf) && self.goes_on(pattern, &stack[at..], 0) {
                        matched.push(*number);
                    }
                }
            }
        }
        matched[from..].sort_unstable();
        let mut kept = from;
        for next in from..matched.len() {
            if kept == from || matched[kept - 1] != matched[next] {
                matched[kept] = matched[next];
                kept += 1;
            }
        }
        matched.truncate(kept);
    }

    /// Whether the elements from number `next` on follow above the first frame of `stack`.
    fn goes_on(&self, pattern: &Compiled, stack: &[KeyId], next: usize) -> bool {
        let above = &stack[1..];
        match pattern.further.get(next) {
            None => !pattern.is_root || above.is_empty(),
            Some((Link::Calls, element)) => {
                above.first().is_some_and(|key| self.is(*key, *element)) && self.goes_on(pattern, above, next + 1)
            }
            Some((Link::Above, element)) => (0..above.len().min(FURTHEST))
                .any(|at| self.is(above[at], *element) && self.goes_on(pattern, &above[at..], next + 1)),
        }
    }

    fn is(&self, key: KeyId, element: ElementId) -> bool {
        self.elements_of[key.index()].binary_search(&element).is_ok()
    }
}

fn is_runtime(name: &str) -> bool {
    let package = name::package(name);
    package == "runtime" || package.starts_with("internal/runtime/")
}

/// The different elements of all patterns.
#[derive(Default)]
struct Elements {
    count: usize,
    names: FxHashMap<String, ElementId>,
    origins: Vec<(Origin, ElementId)>,
    globs: Vec<(Glob, ElementId)>,
}

impl Elements {
    fn compile(&mut self, pattern: &Pattern) -> Compiled {
        Compiled {
            first: self.number(&pattern.first),
            further: pattern.further.iter().map(|(link, element)| (*link, self.number(element))).collect(),
            is_leaf: pattern.is_leaf,
            is_root: pattern.is_root,
            blocks: pattern.blocks,
        }
    }

    fn number(&mut self, element: &Element) -> ElementId {
        let next = self.count as ElementId;
        let number = match element {
            Element::Name(name) => *self.names.entry(name.clone()).or_insert(next),
            Element::From(origin) => {
                let known = self.origins.iter().find(|(known, _)| known == origin).map(|(_, number)| *number);
                known.unwrap_or_else(|| {
                    self.origins.push((*origin, next));
                    next
                })
            }
            Element::Like(glob) => {
                let known = self.globs.iter().find(|(known, _)| known.text() == glob.text()).map(|(_, number)| *number);
                known.unwrap_or_else(|| {
                    self.globs.push((glob.clone(), next));
                    next
                })
            }
        };
        self.count += usize::from(number == next);
        number
    }

    fn of_name(&self, name: &str, origin: Origin) -> Box<[ElementId]> {
        let by_name = self.names.get(name).copied();
        let by_origin = self.origins.iter().filter(|(known, _)| origin == *known).map(|(_, number)| *number);
        let package = name::package(name);
        let is_like = |(glob, _): &&(Glob, ElementId)| glob.matches_parts(name, &package);
        let by_glob = self.globs.iter().filter(is_like).map(|(_, number)| *number);
        let mut elements: Vec<ElementId> = by_name.into_iter().chain(by_origin).chain(by_glob).collect();
        elements.sort_unstable();
        elements.into_boxed_slice()
    }
}
