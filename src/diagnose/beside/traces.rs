//! What ties heap growth to goroutines that became more: functions that stand in both, or that started the goroutines.
//!
//! In: the suspects of a goroutine diff; stacks of a heap. Out: a [`Tie`]. Invariant: functions are compared by their names in
//! every build; only those of the program count.
//!
//! A goroutine that waits holds what it allocated, which has its functions on the stack, and what its creator allocated for
//! it. Who created it is told by the form `debug=2`; else a goroutine that begins in a closure was created by the function
//! around it.

use crate::diagnose::Suspect;
use crate::diff::normalize::normal_form;
use crate::diff::{Diff, KeyId};
use crate::model::hash::HashSet;
use crate::model::name::{self, Origin, enclosing};

use crate::rows::goroutines::tell;

/// How heap growth is tied to goroutines, the closest last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Tie {
    /// It was allocated in the package that the goroutines began in.
    Package,
    /// It was allocated below a function that the goroutines are in as well, such as one that wraps all handlers.
    Caller,
    /// It was allocated by what created the goroutines.
    Creator,
    /// It was allocated by goroutines that began in the same function of the program.
    Own,
}

/// The functions of goroutines that became more.
#[derive(Debug, Default)]
pub(super) struct Traces {
    beginnings: HashSet<String>,
    functions: HashSet<String>,
    creators: HashSet<String>,
    packages: HashSet<String>,
}

impl Traces {
    /// Those of a suspect of a goroutine diff.
    pub fn new(diff: &Diff, suspect: &Suspect) -> Self {
        let mut traces = Self::default();
        for (entry, _) in &suspect.stacks {
            let application = applications(diff, *entry);
            if let Some(outermost) = application.last() {
                traces.packages.insert(name::package(outermost).into_owned());
            }
            let beginning = beginning(diff, *entry);
            traces.creators.extend(beginning.and_then(enclosing).map(str::to_owned));
            traces.beginnings.extend(beginning.map(str::to_owned));
            traces.functions.extend(application.into_iter().map(str::to_owned));
        }
        let stacks: HashSet<usize> = suspect.stacks.iter().map(|(entry, _)| diff.stack_of(*entry)).collect();
        let newest = diff.snapshots.len() - 1;
        for (row, entry) in diff.entry_of_row(newest).iter().enumerate() {
            if stacks.contains(&diff.stack_of(*entry as usize)) {
                let told = tell(diff, diff.snapshots[newest].labels(row));
                let creator = told.creator.map(|(name, _)| normal_form(&name, "").into_owned());
                traces.creators.extend(creator);
            }
        }
        traces
    }

    /// What ties most of a suspect's growth to these goroutines.
    pub fn tie(&self, heap: &Diff, suspect: &Suspect) -> Option<Tie> {
        let whole: i64 = suspect.stacks.iter().map(|(_, growth)| growth).sum();
        let mut tied: Vec<(Tie, i64)> =
            suspect.stacks.iter().filter_map(|(entry, growth)| Some((self.of_stack(heap, *entry)?, *growth))).collect();
        tied.sort_unstable_by_key(|(tie, _)| std::cmp::Reverse(*tie));
        let mut sum = 0;
        tied.into_iter().find_map(|(tie, growth)| {
            sum += growth;
            (sum.saturating_mul(2) > whole).then_some(tie)
        })
    }

    fn of_stack(&self, heap: &Diff, entry: usize) -> Option<Tie> {
        let application = applications(heap, entry);
        let has = |names: &HashSet<String>| application.iter().any(|name| names.contains(*name));
        let package = application.first().map(|owner| name::package(owner));
        match () {
            () if beginning(heap, entry).is_some_and(|name| self.beginnings.contains(name)) => Some(Tie::Own),
            () if has(&self.creators) => Some(Tie::Creator),
            () if has(&self.functions) => Some(Tie::Caller),
            () if package.is_some_and(|package| self.packages.contains(&*package)) => Some(Tie::Package),
            () => None,
        }
    }
}

/// The function that a goroutine began in, where it is one of the program, by its name in every build.
fn beginning(diff: &Diff, entry: usize) -> Option<&str> {
    let root = diff.stack_keys(entry).next_back().filter(|root| diff.keys.origin(*root) == Origin::Application);
    root.map(|root| diff.keys.key(root).canonical.as_str()).filter(|name| *name != "main.main")
}

/// The functions of the program on a stack, leaf first, by their names in every build.
pub(super) fn applications(diff: &Diff, entry: usize) -> Vec<&str> {
    let is_application = |key: &KeyId| diff.keys.origin(*key) == Origin::Application;
    diff.stack_keys(entry).filter(is_application).map(|key| diff.keys.key(key).canonical.as_str()).collect()
}
