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
    env::current_dir().map_or_else(|_| Checkout::default(), |folder| around(&folder))
}

fn around(folder: &Path) -> Checkout {
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

    fn write(folder: &Path, path: &str, text: &str) {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(path, text).expect("written");
    }

    #[test]
    fn a_module_in_a_folder_of_a_repository() {
        let place = tempfile::tempdir().expect("a folder");
        write(place.path(), ".git/HEAD", "");
        write(place.path(), "services/shop/go.mod", "// The shop.\nmodule example.com/shop // v1\n\ngo 1.25\n");
        write(place.path(), "services/shop/cmd/api/main.go", "package main\n");
        let found = around(&place.path().join("services/shop/cmd"));
        let module = Module { path: "example.com/shop".to_owned(), folder: "services/shop".to_owned() };
        assert_eq!(found, Checkout { root: with_slashes(place.path()), module: Some(module) });
        assert!(is_file(&found, "services/shop/cmd/api/main.go"));
        assert!(!is_file(&found, "services/shop/cmd/api"), "a folder is no file");
        assert!(!is_file(&Checkout::default(), "main.go"));
    }

    #[test]
    fn without_a_repository_the_module_is_the_root() {
        let place = tempfile::tempdir().expect("a folder");
        write(place.path(), "go.mod", "module \"example.com/tool\"\n");
        write(place.path(), "cmd/main.go", "");
        let found = around(&place.path().join("cmd"));
        assert_eq!(found.root, with_slashes(place.path()));
        assert_eq!(found.module, Some(Module { path: "example.com/tool".to_owned(), folder: String::new() }));
    }

    #[test]
    fn module_lines() {
        assert_eq!(module_path("module example.com/a\n").as_deref(), Some("example.com/a"));
        assert_eq!(module_path("go 1.25\nmodule\t`example.com/a`\r\n").as_deref(), Some("example.com/a"));
        assert_eq!(module_path("modules example.com/a\n"), None);
        assert_eq!(module_path("// module example.com/a\n"), None);
    }
}
