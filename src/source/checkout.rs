//! The repository around the working folder.
//!
//! In: the working folder. Out: a [`Checkout`], and whether a file is in it.
//! Invariant: nothing but `go.mod` is read; what is not there or cannot be read is absent, never an error.

use std::env;
use std::path::{Path, PathBuf};

use crate::model::{Checkout, Module};

use super::{Files, LONGEST_TEXT};

/// What marks the root of a repository.
const MARKS: &[&str] = &[".git", ".hg", ".jj", ".svn"];

/// Whether a folder is the root of a repository.
pub(super) fn is_root(folder: &Path) -> bool {
    MARKS.iter().any(|mark| folder.join(mark).exists())
}

/// The repository that the working folder lies in; where there is none, the folder of its Go module, or the working
/// folder itself.
pub fn checkout(files: &Files) -> Checkout {
    env::current_dir().map_or_else(|_| Checkout::default(), |folder| checkout_around(&folder, files))
}

/// The repository that a folder lies in.
pub fn checkout_around(folder: &Path, files: &Files) -> Checkout {
    let module = folder.ancestors().find_map(|folder| {
        let text = files.small(&folder.join("go.mod"), LONGEST_TEXT)?;
        Some((folder, module_path(&String::from_utf8_lossy(&text))?))
    });
    let root = folder.ancestors().find(|folder| is_root(folder)).or(module.as_ref().map(|(folder, _)| *folder));
    let root = root.unwrap_or(folder);
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
