//! Which functions of one build are those of another that are spelled or filed differently there.
//!
//! In: functions of one normal form, told apart by their exact names (and files), each with the builds it stands in.
//! Out: pairs of the same. Invariant: what stands in one build together is never paired, unless nothing tells which of
//! several left over on both sides belong together; the order of the input changes nothing.
//! Knows nothing of values.

use std::collections::BTreeMap;

use smallvec::SmallVec;

use crate::model::hash::{HashMap, HashSet};
use crate::model::name::{components, is_placeholder};

/// The builds that a function stands in, in their order.
pub(super) type Builds = SmallVec<[u32; 2]>;

/// One function.
#[derive(Debug)]
pub(super) struct Candidate<'a> {
    /// Its number.
    pub id: u32,
    pub name: &'a str,
    /// Its file, as the profile states it.
    pub file: &'a str,
    pub builds: Builds,
}

/// The folders of each build that hold source: two that exist side by side are no checkouts of one another.
#[derive(Debug, Default)]
pub(super) struct Folders(HashSet<(u32, String)>);

impl Folders {
    /// Adds those above a file.
    pub fn add(&mut self, file: &str, builds: &Builds) {
        let parts = components(file);
        let parts = &parts[parts.len().saturating_sub(LONGEST_TAIL)..];
        for length in 1..parts.len() {
            let folder = parts[..length].join("/");
            self.0.extend(builds.iter().map(|build| (*build, folder.clone())));
        }
    }

    fn is_in(&self, folder: &[String], builds: &Builds) -> bool {
        let folder = folder.join("/");
        !folder.is_empty() && builds.iter().any(|build| self.0.contains(&(*build, folder.clone())))
    }
}

/// The pairs among functions of one normal form. With `folders` they are told apart by their files, else by name only.
pub(super) fn partners(mut candidates: Vec<Candidate<'_>>, folders: Option<&Folders>) -> Vec<(u32, u32)> {
    candidates.sort_by(|a, b| natural(a.name).cmp(&natural(b.name)).then_with(|| a.file.cmp(b.file)));
    let mut builds: Vec<u32> = candidates.iter().flat_map(|candidate| candidate.builds.iter().copied()).collect();
    builds.sort_unstable();
    builds.dedup();
    let mut pairs = Vec::new();
    let mut seen: Vec<Candidate<'_>> = Vec::new();
    for build in builds {
        let is_new = |candidate: &Candidate<'_>| candidate.builds.first() == Some(&build);
        let (new, later): (Vec<_>, Vec<_>) = candidates.into_iter().partition(is_new);
        candidates = later;
        let open: Vec<usize> = (0..seen.len()).filter(|at| !seen[*at].builds.contains(&build)).collect();
        let found = match folders {
            Some(folders) => by_file(&seen, &open, &new, folders),
            None => by_name(&seen, &open, &new),
        };
        for (known, other) in &found {
            pairs.push((seen[*known].id, new[*other].id));
        }
        join(&mut seen, new, &found);
    }
    pairs
}

/// Takes up what is new: what has a partner goes on in it, with the newer file.
fn join<'a>(seen: &mut Vec<Candidate<'a>>, new: Vec<Candidate<'a>>, found: &[(usize, usize)]) {
    let partners: HashMap<usize, usize> = found.iter().map(|(known, other)| (*other, *known)).collect();
    for (number, candidate) in new.into_iter().enumerate() {
        let Some(known) = partners.get(&number) else {
            seen.push(candidate);
            continue;
        };
        let known = &mut seen[*known];
        known.builds.extend(candidate.builds);
        known.builds.sort_unstable();
        known.builds.dedup();
        known.file = candidate.file;
    }
}

/// Whether no build has both.
fn may_be_one(a: &Candidate<'_>, b: &Candidate<'_>) -> bool {
    !a.builds.iter().any(|build| b.builds.contains(build))
}

/// As many on both sides: in the order of their numbers, which is that of the source. Otherwise all may be any.
fn by_name(seen: &[Candidate<'_>], open: &[usize], new: &[Candidate<'_>]) -> Vec<(usize, usize)> {
    let builds: HashSet<u32> = new.iter().flat_map(|other| other.builds.iter().copied()).collect();
    let is_apart = |known: &usize| !seen[*known].builds.iter().any(|build| builds.contains(build));
    let open: Vec<usize> = open.iter().copied().filter(is_apart).collect();
    match (open.first(), open.len() == new.len()) {
        (None, _) => Vec::new(),
        _ if new.is_empty() => Vec::new(),
        (Some(_), true) => open.into_iter().zip(0..).collect(),
        (Some(first), false) => {
            let others = (0..new.len()).map(|other| (*first, other));
            others.chain(open[1..].iter().map(|known| (*known, 0))).collect()
        }
    }
}

/// The most components at the end of a path that are compared: no project is nested so deep.
const LONGEST_TAIL: usize = 24;

/// By the longest common tail of their paths, where that is of one file only on each side; then a missing file matches
/// any; then one name that is left on each side is the same whatever its file, if it says anything.
fn by_file(seen: &[Candidate<'_>], open: &[usize], new: &[Candidate<'_>], folders: &Folders) -> Vec<(usize, usize)> {
    let path = |candidate: &Candidate<'_>| {
        let parts = components(candidate.file);
        parts[parts.len().saturating_sub(LONGEST_TAIL)..].to_vec()
    };
    let mut old_left: Vec<(usize, Vec<String>)> = open.iter().map(|known| (*known, path(&seen[*known]))).collect();
    let mut new_left: Vec<(usize, Vec<String>)> =
        new.iter().enumerate().map(|(other, candidate)| (other, path(candidate))).collect();
    let fits = |known: usize, old: &[String], other: usize, path: &[String], length: usize| {
        let (old_root, new_root) = (&old[..old.len() - length], &path[..path.len() - length]);
        let is_elsewhere = folders.is_in(old_root, &new[other].builds) || folders.is_in(new_root, &seen[known].builds);
        may_be_one(&seen[known], &new[other]) && (old_root == new_root || !is_elsewhere)
    };
    let mut found = Vec::new();
    let longest = new_left.iter().map(|(_, path)| path.len()).max().unwrap_or(0);
    for length in (1..=longest).rev() {
        let (old_tails, new_tails) = (by_tail(&old_left, length), by_tail(&new_left, length));
        let single = |at: &[usize]| at.first().copied().filter(|_| at.len() == 1);
        let pairs = old_tails.iter().filter_map(|(tail, old)| {
            let ((known, old), (other, path)) = (&old_left[single(old)?], &new_left[single(new_tails.get(tail)?)?]);
            fits(*known, old, *other, path, length).then_some((*known, *other))
        });
        let pairs: BTreeMap<usize, usize> = pairs.collect();
        let others: HashSet<usize> = pairs.values().copied().collect();
        old_left.retain(|(known, _)| !pairs.contains_key(known));
        new_left.retain(|(other, _)| !others.contains(other));
        found.extend(pairs);
    }
    let is_fileless = |candidate: &Candidate<'_>| candidate.file.is_empty();
    let has_fileless = old_left.iter().any(|(known, _)| is_fileless(&seen[*known]))
        || new_left.iter().any(|(other, _)| is_fileless(&new[*other]));
    match (&old_left[..], &new_left[..]) {
        ([(known, _)], [(other, _)]) if has_fileless || !is_placeholder(new[*other].name) => {
            found.extend(may_be_one(&seen[*known], &new[*other]).then_some((*known, *other)));
        }
        ([first, rest @ ..], [other, ..]) if has_fileless => {
            found.extend(new_left.iter().map(|(other, _)| (first.0, *other)));
            found.extend(rest.iter().map(|(known, _)| (*known, other.0)));
        }
        _ => {}
    }
    found
}

/// Where the paths stand that end in so many components, by these.
fn by_tail(paths: &[(usize, Vec<String>)], length: usize) -> BTreeMap<Vec<String>, Vec<usize>> {
    let mut tails: BTreeMap<Vec<String>, Vec<usize>> = BTreeMap::new();
    for (at, (_, path)) in paths.iter().enumerate().filter(|(_, (_, path))| path.len() >= length) {
        tails.entry(path[path.len() - length..].to_vec()).or_default().push(at);
    }
    tails
}

/// A name split at its numbers, so that `func10` comes after `func9`.
fn natural(name: &str) -> Vec<(&str, u64)> {
    let mut parts = Vec::new();
    let mut rest = name;
    while !rest.is_empty() {
        let text = rest.find(|character: char| character.is_ascii_digit()).unwrap_or(rest.len());
        let digits = rest[text..].find(|character: char| !character.is_ascii_digit()).unwrap_or(rest.len() - text);
        parts.push((&rest[..text], rest[text..text + digits].parse().unwrap_or(u64::MAX)));
        rest = &rest[text + digits..];
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The pairs among functions given as name, file and builds; by file, or by name only.
    fn pairs(functions: &[(&str, &str, &[u32])], by_file: bool) -> Vec<(u32, u32)> {
        let candidate = |(id, (name, file, builds)): (usize, &(&'static str, &'static str, &[u32]))| Candidate {
            id: id as u32,
            name,
            file,
            builds: builds.iter().copied().collect(),
        };
        let functions: Vec<(&'static str, &'static str, &[u32])> = functions
            .iter()
            .map(|(name, file, builds)| (&*name.to_string().leak(), &*file.to_string().leak(), *builds))
            .collect();
        let candidates: Vec<Candidate<'_>> = functions.iter().enumerate().map(candidate).collect();
        let mut folders = Folders::default();
        candidates.iter().for_each(|candidate| folders.add(candidate.file, &candidate.builds));
        let mut pairs = partners(candidates, by_file.then_some(&folders));
        pairs.sort_unstable();
        pairs
    }

    #[test]
    fn closures_left_over_are_paired_in_the_order_of_the_source() {
        let functions: &[(&str, &str, &[u32])] =
            &[("F.func9", "", &[0]), ("F.func10", "", &[0]), ("F.func11", "", &[1]), ("F.func12", "", &[1])];
        assert_eq!(pairs(functions, false), [(0, 2), (1, 3)]);
    }

    #[test]
    fn of_more_closures_than_before_any_may_be_any() {
        let functions: &[(&str, &str, &[u32])] = &[("F.func1", "", &[0]), ("F.func2", "", &[1]), ("F.func3", "", &[1])];
        assert_eq!(pairs(functions, false), [(0, 1), (0, 2)]);
    }

    #[test]
    fn what_stands_in_one_build_together_stays_apart() {
        let functions: &[(&str, &str, &[u32])] = &[("F.func1", "", &[0, 2]), ("F.func2", "", &[1, 2])];
        assert_eq!(pairs(functions, false), []);
    }

    #[test]
    fn another_checkout_is_the_same_file() {
        let functions: &[(&str, &str, &[u32])] = &[
            ("(anonymous)", "/home/ci/a/src/orders/index.js", &[0]),
            ("(anonymous)", "/home/ci/a/src/images/index.js", &[0]),
            ("(anonymous)", "/srv/app/src/images/index.js", &[1]),
            ("(anonymous)", "/srv/app/src/orders/index.js", &[1]),
        ];
        assert_eq!(pairs(functions, true), [(0, 3), (1, 2)]);
    }

    #[test]
    fn files_that_only_end_alike_are_not_guessed_among() {
        let functions: &[(&str, &str, &[u32])] = &[
            ("(anonymous)", "/home/me/a/index.js", &[0]),
            ("(anonymous)", "/home/me/b/index.js", &[0]),
            ("(anonymous)", "/srv/x/index.js", &[1]),
        ];
        assert_eq!(pairs(functions, true), []);
    }

    #[test]
    fn folders_of_one_checkout_are_not_each_other() {
        let functions: &[(&str, &str, &[u32])] = &[
            ("(anonymous)", "/app/orders/index.js", &[0]),
            ("(anonymous)", "/app/images/index.js", &[1]),
            ("(anonymous)", "/app/orders/list.js", &[0, 1]),
        ];
        assert_eq!(pairs(functions, true), []);
    }

    #[test]
    fn a_name_left_over_once_on_each_side_moved_unless_it_says_nothing() {
        let functions: &[(&str, &str, &[u32])] = &[("handle", "/app/a.js", &[0]), ("handle", "/app/b.js", &[1])];
        assert_eq!(pairs(functions, true), [(0, 1)]);
        let functions: &[(&str, &str, &[u32])] = &[("<lambda>", "/app/a.py", &[0]), ("<lambda>", "/app/b.py", &[1])];
        assert_eq!(pairs(functions, true), []);
        let functions: &[(&str, &str, &[u32])] = &[("<lambda>", "/app/a.py", &[0]), ("<lambda>", "", &[1])];
        assert_eq!(pairs(functions, true), [(0, 1)]);
    }
}
