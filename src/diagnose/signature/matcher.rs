//! Which patterns a stack matches.
//!
//! In: patterns and the keys of a diff. Out: for any stack the numbers of the patterns it matches.
//! Invariant: names are compared once for each key, whatever the number of stacks; a stack costs its depth, and only
//! patterns whose elements it all has are looked for in it.

use rayon::prelude::*;

use crate::diff::{KeyId, Keys};
use crate::model::Glob;
use crate::model::hash::HashMap;
use crate::model::name::{self, Origin};

use super::pattern::{Blocks, Element, Link, Pattern};

/// How far above a frame another is looked for: the deepest stacks that Go records. It bounds what a stack of a
/// hundred thousand frames costs.
const FURTHEST: usize = 1024;

/// The number of an element: equal elements of different patterns have one.
type ElementId = u16;

/// The number of a set of elements that some key is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct SetId(u32);

/// The number of a union of such sets, in one walk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct UnionId(u32);

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
pub(crate) struct Allocated {
    /// Their size in bytes; 0 when not stated.
    pub size: i64,
    /// Whether the stack allocates one size after the other.
    pub is_doubling: bool,
    /// Whether they are records of deferred calls.
    pub is_deferred: bool,
}

impl Blocks {
    /// Whether blocks are what is asked for.
    fn are(self, blocks: Allocated) -> bool {
        match self {
            Self::Any => true,
            Self::Size(size) => size == blocks.size,
            Self::Doubling => blocks.is_doubling,
            Self::Deferred => blocks.is_deferred,
        }
    }
}

impl Compiled {
    fn elements(&self) -> impl Iterator<Item = ElementId> {
        std::iter::once(self.first).chain(self.further.iter().map(|(_, element)| *element))
    }
}

/// A set of elements, a bit for each.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Elements(Box<[u64]>);

impl Elements {
    fn none(count: usize) -> Self {
        Self(vec![0; count.div_ceil(64)].into())
    }

    fn insert(&mut self, element: ElementId) {
        self.0[usize::from(element) / 64] |= 1 << (element % 64);
    }

    fn has(&self, element: ElementId) -> bool {
        self.0[usize::from(element) / 64] & (1 << (element % 64)) != 0
    }

    fn add(&mut self, others: &Self) {
        for (word, other) in self.0.iter_mut().zip(&others.0) {
            *word |= other;
        }
    }

    fn iter(&self) -> impl Iterator<Item = ElementId> {
        let words = self.0.iter().enumerate();
        words.flat_map(|(at, word)| {
            let bits = std::iter::successors(Some(*word), |rest| Some(rest & rest.wrapping_sub(1)));
            bits.take_while(|rest| *rest != 0)
                .map(move |rest| (at * 64) as ElementId + rest.trailing_zeros() as ElementId)
        })
    }
}

/// The different sets of elements that keys are, also together.
#[derive(Debug, Default)]
struct Sets {
    list: Vec<Elements>,
    numbers: HashMap<Elements, SetId>,
}

impl Sets {
    fn number(&mut self, set: Elements) -> SetId {
        *self.numbers.entry(set).or_insert_with_key(|set| {
            self.list.push(set.clone());
            SetId(self.list.len() as u32 - 1)
        })
    }

    fn get(&self, set: SetId) -> &Elements {
        &self.list[set.0 as usize]
    }
}

/// Patterns ready to be held against stacks.
#[derive(Debug)]
pub(crate) struct Matcher {
    patterns: Vec<Compiled>,
    /// The patterns that begin with an element, in ascending order.
    beginning: Vec<Vec<u16>>,
    sets: Sets,
    /// For each key the number of its set.
    set_of: Vec<SetId>,
    /// For each key whether it is a part of the runtime.
    is_runtime: Vec<bool>,
}

impl Matcher {
    /// Compares the names of all keys with all elements of the patterns. `more` are names of frames that stacks may have
    /// beside them, numbered after the keys.
    pub fn new(patterns: &[Pattern], keys: &Keys, more: &[&str]) -> Self {
        let mut names = Names::default();
        let compiled: Vec<Compiled> = patterns.iter().map(|pattern| names.compile(pattern)).collect();
        let mut beginning = vec![Vec::new(); names.count];
        for (number, pattern) in compiled.iter().enumerate() {
            beginning[usize::from(pattern.first)].push(number as u16);
        }
        let mut sets = Sets::default();
        let of_keys = (0..keys.len() as u32).map(KeyId).map(|key| (keys.key(key).canonical.as_str(), keys.origin(key)));
        let frames: Vec<(&str, Origin)> = of_keys.chain(more.iter().map(|name| (*name, Origin::Standard))).collect();
        let of_frame = |(name, origin): &(&str, Origin)| (names.of_name(name, *origin), is_runtime(name));
        let of_frames: Vec<(Elements, bool)> = frames.par_iter().with_min_len(256).map(of_frame).collect();
        Self {
            is_runtime: of_frames.iter().map(|(_, is_runtime)| *is_runtime).collect(),
            set_of: of_frames.into_iter().map(|(set, _)| sets.number(set)).collect(),
            sets,
            patterns: compiled,
            beginning,
        }
    }

    /// Whether there are names for all elements of any pattern.
    pub fn is_possible(&self) -> bool {
        let mut present = Elements::none(self.beginning.len());
        self.sets.list.iter().for_each(|set| present.add(set));
        self.patterns.iter().any(|pattern| pattern.elements().all(|element| present.has(element)))
    }

    /// A walk over stacks, which remembers what they have in common.
    pub fn walk(&self) -> Walk<'_> {
        Walk { matcher: self, unions: Vec::new(), grown: HashMap::default() }
    }

    /// The set of elements that a key is.
    pub fn set_of(&self, key: KeyId) -> SetId {
        self.set_of[key.index()]
    }

    /// The set of all elements that some keys are.
    pub fn set_of_all(&mut self, keys: &[KeyId]) -> SetId {
        match keys {
            [key] => self.set_of(*key),
            _ => {
                let mut all = Elements::none(self.beginning.len());
                keys.iter().for_each(|key| all.add(self.sets.get(self.set_of(*key))));
                self.sets.number(all)
            }
        }
    }

    /// The patterns of which all elements are among these, in ascending order.
    fn candidates(&self, present: &Elements) -> Vec<u16> {
        let beginning = present.iter().flat_map(|element| &self.beginning[usize::from(element)]).copied();
        let has_all = |number: &u16| self.patterns[usize::from(*number)].elements().all(|one| present.has(one));
        let mut candidates: Vec<u16> = beginning.filter(has_all).collect();
        candidates.sort_unstable();
        candidates
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
        self.sets.get(self.set_of(key)).has(element)
    }
}

/// A set of elements that stand in a stack, and the patterns that need no others.
#[derive(Debug)]
struct Union {
    present: Elements,
    candidates: Vec<u16>,
    /// Those of them that ask for the blocks.
    asking: Vec<u16>,
    /// Whether all of them ask for the leaf alone.
    is_of_leaf: bool,
}

/// Stacks held against patterns one after the other. What stands in a stack is a union of few sets: each is made once.
#[derive(Debug)]
pub(crate) struct Walk<'a> {
    matcher: &'a Matcher,
    /// The first is that of no frame.
    unions: Vec<Union>,
    /// The number of a union with the elements of one more set.
    grown: HashMap<(u32, SetId), u32>,
}

/// The most unions that are remembered: no stacks are meant to have more, and those made to do so cost what they cost.
const MOST_UNIONS: usize = 1 << 12;

impl Walk<'_> {
    /// Appends the patterns that a stack with such blocks matches to `matched`, in ascending order.
    pub fn matches(&mut self, stack: &[KeyId], blocks: Allocated, matched: &mut Vec<u16>) {
        let matcher = self.matcher;
        let union = self.union(stack.iter().map(|key| matcher.set_of(*key)));
        self.matches_in(union, stack, blocks, matched);
    }

    /// As [`Walk::matches`], given the union of what stands in the stack.
    pub fn matches_in(&self, union: UnionId, stack: &[KeyId], blocks: Allocated, matched: &mut Vec<u16>) {
        let matcher = self.matcher;
        let is_no_runtime = |key: &KeyId| !matcher.is_runtime[key.index()];
        let leaf = stack.iter().position(is_no_runtime).unwrap_or(0);
        for number in &self.unions[union.0 as usize].candidates {
            let pattern = &matcher.patterns[usize::from(*number)];
            let mut begins = match pattern.is_leaf {
                true => leaf..leaf + 1,
                false if pattern.is_root && pattern.further.is_empty() => stack.len().saturating_sub(1)..stack.len(),
                false => 0..stack.len(),
            };
            if pattern.blocks.are(blocks)
                && begins.any(|at| matcher.is(stack[at], pattern.first) && matcher.goes_on(pattern, &stack[at..], 0))
            {
                matched.push(*number);
            }
        }
    }

    /// Whether a stack of which this is the union may match a pattern, with blocks of which nothing is known.
    pub fn may_match(&self, union: UnionId) -> bool {
        !self.unions[union.0 as usize].candidates.is_empty()
    }

    /// Whether patterns have to see no more of a stack of which this is the union, after the frames of `keys`.
    pub fn has_seen_enough(&self, union: UnionId, keys: &[KeyId]) -> bool {
        let is_no_runtime = |key: &KeyId| !self.matcher.is_runtime[key.index()];
        self.unions[union.0 as usize].is_of_leaf && keys.iter().any(is_no_runtime)
    }

    /// Whether it may match one that asks for such blocks.
    pub fn may_match_blocks(&self, union: UnionId, blocks: Allocated) -> bool {
        let mut asking = self.unions[union.0 as usize].asking.iter();
        asking.any(|number| self.matcher.patterns[usize::from(*number)].blocks.are(blocks))
    }

    /// The union of what stands in a stack, given the sets of its frames. Good until the next one is asked for.
    pub fn union(&mut self, sets: impl Iterator<Item = SetId>) -> UnionId {
        if self.unions.is_empty() || self.unions.len() > MOST_UNIONS {
            self.grown.clear();
            self.unions.clear();
            let present = Elements::none(self.matcher.beginning.len());
            self.unions.push(Union { candidates: Vec::new(), present, asking: Vec::new(), is_of_leaf: true });
        }
        let (mut union, mut last) = (0, None);
        for set in sets {
            // Most frames are as the one before: code of the program, or of a library.
            if last != Some(set) {
                union = self.with(union, set);
                last = Some(set);
            }
        }
        UnionId(union)
    }

    fn with(&mut self, union: u32, set: SetId) -> u32 {
        if let Some(known) = self.grown.get(&(union, set)) {
            return *known;
        }
        let mut present = self.unions[union as usize].present.clone();
        present.add(self.matcher.sets.get(set));
        let known = self.unions.iter().position(|union| union.present == present);
        let number = known.unwrap_or_else(|| {
            let candidates = self.matcher.candidates(&present);
            let asks = |number: &u16| self.matcher.patterns[usize::from(*number)].blocks != Blocks::Any;
            let asking = candidates.iter().copied().filter(asks).collect();
            let is_of_leaf = candidates.iter().all(|number| {
                let pattern = &self.matcher.patterns[usize::from(*number)];
                pattern.is_leaf && !pattern.is_root && pattern.further.is_empty()
            });
            self.unions.push(Union { candidates, present, asking, is_of_leaf });
            self.unions.len() - 1
        });
        self.grown.insert((union, set), number as u32);
        number as u32
    }
}

/// Whether a function is a part of the language: of the runtime, or a generic one that does what the program could write
/// in its place.
fn is_runtime(name: &str) -> bool {
    let package = name::package(name);
    matches!(&*package, "runtime" | "slices" | "maps") || package.starts_with("internal/runtime/")
}

/// The different elements of all patterns, by what they ask of a name.
#[derive(Default)]
struct Names {
    count: usize,
    names: HashMap<&'static str, ElementId>,
    origins: Vec<(Origin, ElementId)>,
    globs: Vec<(Glob, ElementId)>,
}

impl Names {
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
            Element::Name(name) => *self.names.entry(name).or_insert(next),
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

    fn of_name(&self, name: &str, origin: Origin) -> Elements {
        let mut elements = Elements::none(self.count);
        if let Some(element) = self.names.get(name) {
            elements.insert(*element);
        }
        for (_, element) in self.origins.iter().filter(|(known, _)| *known == origin) {
            elements.insert(*element);
        }
        let package = name::package(name);
        for (_, element) in self.globs.iter().filter(|(glob, _)| glob.matches_parts(name, &package)) {
            elements.insert(*element);
        }
        elements
    }
}
