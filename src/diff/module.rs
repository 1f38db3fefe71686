//! Which code is the program's own, where no file tells.
//!
//! In: the keys and stacks of a run. Out: which keys are of other modules after all. Invariant: where files are stated, or
//! where nothing is called from package main, nothing is inferred.
//! Knows nothing of the user's own word on it.
//!
//! With files a dependency lies in a module cache or a vendor directory. Without, a Go program still shows whose it is:
//! package main calls the packages of its own module more than those of any other.

use std::cmp::Reverse;

use crate::model::hash::HashMap;
use crate::model::name::{self, Origin};
use crate::model::{LocationId, Snapshot};

use super::key::{Key, KeyId, Keys};

/// Hosts that have a directory for each owner.
const FORGES: &[&str] = &["github.com", "gitlab.com", "bitbucket.org", "codeberg.org"];

/// Says of the keys of other owners than that of the main module that they are dependencies.
pub(super) fn infer(keys: &mut Keys, snapshots: &[Snapshot]) {
    let has_file = |key: &Key| !key.file.is_empty() && owner(&key.canonical).is_some();
    if keys.iter().any(has_file) {
        return;
    }
    if let Some(own) = main_owner(keys, snapshots) {
        keys.set_dependencies(|key| owner(&key.canonical).is_some_and(|owner| owner != own));
    }
}

/// What a key says of whose the program is.
#[derive(Clone, Copy)]
enum Role<'a> {
    /// It is of package main.
    Main,
    /// It is of a package that this owner may have.
    Of(&'a str),
    /// Nothing.
    Other,
}

/// The owner of most packages that package main calls.
fn main_owner(keys: &Keys, snapshots: &[Snapshot]) -> Option<String> {
    let roles: Vec<Role<'_>> = (0..keys.len() as u32).map(|key| role(keys, KeyId(key))).collect();
    let mut called: HashMap<&str, usize> = HashMap::default();
    for snapshot in snapshots {
        for stack in (0..snapshot.len()).map(|row| snapshot.stack(row)) {
            if let Some(owner) = called_by_main(keys, &roles, stack) {
                *called.entry(owner).or_default() += 1;
            }
        }
    }
    let most = called.into_iter().max_by_key(|(owner, stacks)| (*stacks, Reverse(*owner)));
    most.map(|(owner, _)| owner.to_owned())
}

fn role(keys: &Keys, id: KeyId) -> Role<'_> {
    let name: &str = &keys.key(id).canonical;
    match name::package(name) == "main" {
        true => Role::Main,
        false if keys.origin(id) == Origin::Application => owner(name).map_or(Role::Other, Role::Of),
        false => Role::Other,
    }
}

/// The owner of the package that is entered from package main in a stack: from its last frame, since libraries for
/// command lines stand between the first ones.
fn called_by_main<'a>(keys: &Keys, roles: &[Role<'a>], stack: &[LocationId]) -> Option<&'a str> {
    let mut called = None;
    for key in keys.of_stack(stack) {
        match roles[key.index()] {
            Role::Main => return called,
            Role::Of(owner) => called = Some(owner),
            Role::Other => {}
        }
    }
    None
}

/// Who owns the package of a function: the host of its import path, and on a forge the next element too. `None` for
/// packages without a host.
fn owner(function: &str) -> Option<&str> {
    if name::is_native(function) {
        return None;
    }
    let path = &function[..name::package_end(function)?];
    let host = path.split('/').next().filter(|host| host.contains('.'))?;
    let end = match FORGES.contains(&host) {
        true => path.match_indices('/').nth(1).map_or(path.len(), |(at, _)| at),
        false => host.len(),
    };
    Some(&path[..end])
}

#[cfg(test)]
mod tests {
    use super::owner;

    #[test]
    fn owners_are_hosts_and_directories_of_forges() {
        assert_eq!(owner("github.com/acme/shop/store.(*Cache).Put"), Some("github.com/acme"));
        assert_eq!(owner("github.com/acme.Put"), Some("github.com/acme"));
        assert_eq!(owner("go.uber.org/zap.New"), Some("go.uber.org"));
        for none in ["main.main", "net/http.Get", "shop/store.Put", "tokio::spawn", ""] {
            assert_eq!(owner(none), None, "{none}");
        }
    }
}
