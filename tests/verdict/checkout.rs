//! The repository that is found around a folder.

use std::fs;
use std::path::Path;

use leakdiff::model::{Checkout, Module};
use leakdiff::source::{self, Files, is_file};
use tempfile::TempDir;

fn root_of(place: &TempDir) -> String {
    place.path().to_str().expect("UTF-8").replace('\\', "/")
}

fn write(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    fs::create_dir_all(path.parent().expect("a folder")).expect("made");
    fs::write(path, text).expect("written");
}

fn around(folder: &Path) -> Checkout {
    source::checkout_around(folder, &Files::new(Box::new(std::io::empty())))
}

#[test]
fn a_module_in_a_folder_of_a_repository() {
    let place = tempfile::tempdir().expect("a folder");
    write(place.path(), ".git/HEAD", "");
    write(place.path(), "services/shop/go.mod", "// The shop.\nmodule example.com/shop // v1\n\ngo 1.25\n");
    write(place.path(), "services/shop/cmd/api/main.go", "package main\n");
    let found = around(&place.path().join("services/shop/cmd"));
    let module = Module { path: "example.com/shop".to_owned(), folder: "services/shop".to_owned() };
    assert_eq!(found, Checkout { root: root_of(&place), module: Some(module) });
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
    assert_eq!(found.root, root_of(&place));
    assert_eq!(found.module, Some(Module { path: "example.com/tool".to_owned(), folder: String::new() }));
}
