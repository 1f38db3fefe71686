//! The repository around the working folder.
//!
//! In: the working folder. Out: a [`Checkout`], and whether a file is in it.
//! Invariant: nothing but `go.mod` is read; what is not there or cannot be read is absent, never an error.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use crate::model::{Checkout, Module};

/// What marks the root of a repository.
const MARKS: &[&str] = &[".git", ".hg", ".jj", ".svn"];

/// The repository that the working folder lies in; where there is none, the folder of its Go module, or the working
/// folder itself.
pub fn checkout() -> Checkout {
    env::current_dir().map_or_else(|_| Checkout::default(), |folder| checkout_around(&folder))
}

/// The repository that a folder lies in.
pub fn checkout_around(folder: &Path) -> Checkout {
    let module = folder.ancestors().find_map(|folder| {
        let text = fs::read_to_string(folder.join("go.mod")).ok()?;
        Some((folder, module_path(&text)?))
    });
    let is_root = |folder: &&Path| MARKS.iter().any(|mark| folder.join(mark).exists());
    let root = folder.ancestors().find(is_root).or(module.as_ref().map(|(folder, _)| *folder)).unwrap_or(folder);
    let module = module.and_then(|(folder, path)| {
        let folder = with_slashes(folder.strip_prefix(root).ok()?);
        Some(Module { path, folder })
    });
    Checkout { root: with_slashes(root), module }
}

/// Whether a path relative to the root of the repository is a file there.
pub fn is_file(checkout: &Checkout, path: &str) -> bool {
    !checkout.root.is_empty() && PathBuf::from(&checkout.root).join(path).is_file()
}

fn with_slashes(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

/// The path that the `module` line of a `go.mod` states.
fn module_path(text: &str) -> Option<String> {
    let mut lines = text.lines().map(|line| line.split("//").next().unwrap_or("").trim());
    let stated =
        lines.find_map(|line| line.strip_prefix("module").filter(|rest| rest.starts_with([' ', '\t', '"', '`'])));
    let path = stated?.trim().trim_matches(['"', '`']);
    (!path.is_empty()).then(|| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn module_lines() {
        assert_eq!(module_path("module example.com/a\n").as_deref(), Some("example.com/a"));
        assert_eq!(module_path("go 1.25\nmodule\t`example.com/a`\r\n").as_deref(), Some("example.com/a"));
        assert_eq!(module_path("modules example.com/a\n"), None);
        assert_eq!(module_path("// module example.com/a\n"), None);
    }
}
