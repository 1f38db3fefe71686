//! Source code: the files that a profile names, found on this machine.
//!
//! In: a function, its file as the profile spells it, where to look. Out: the text of the file and where it was found.
//! Invariant: only regular files of a size that source code has are read; what is not found is `None`.
//! Knows nothing of what is on which line.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::model::name::{Origin, origin};

/// Where to look for source files.
#[derive(Debug, Clone, Default)]
pub struct Places {
    /// Folders that the paths of a profile lie in; the current one when there is none.
    pub folders: Vec<String>,
    /// What to take off the beginning of a path.
    pub prefixes: Vec<String>,
}

/// Most bytes of a file of source code.
const MOST_BYTES: u64 = 32 << 20;

/// The text of a function's file, and the path where it was found.
pub fn find(function: &str, file: &str, places: &Places) -> Option<(String, String)> {
    let paths = candidates(function, file, places, &Toolchain::here());
    paths.into_iter().find_map(|path| Some((path.display().to_string(), read(&path)?)))
}

fn read(path: &Path) -> Option<String> {
    // A path from a profile may name a device that never ends.
    let metadata = std::fs::metadata(path).ok()?;
    if !metadata.is_file() || metadata.len() > MOST_BYTES {
        return None;
    }
    let mut bytes = Vec::new();
    File::open(path).ok()?.take(MOST_BYTES).read_to_end(&mut bytes).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// Where a Go toolchain keeps the source of its standard library and of the modules it has downloaded.
struct Toolchain {
    roots: Vec<PathBuf>,
    modules: Vec<PathBuf>,
}

impl Toolchain {
    fn here() -> Self {
        let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let roots =
            variable("GOROOT").into_iter().chain([PathBuf::from("/usr/local/go"), PathBuf::from("/usr/lib/go")]);
        let below = |name: &str, rest: &str| variable(name).map(|folder| folder.join(rest));
        let modules = [variable("GOMODCACHE"), below("GOPATH", "pkg/mod"), below("HOME", "go/pkg/mod")];
        Self { roots: roots.collect(), modules: modules.into_iter().flatten().collect() }
    }
}

/// The paths that a file may have here, the likeliest first.
///
/// The path itself if it is absolute; without a prefix, in each folder; there also without its first directories, for
/// code of the user's own. A path with fewer directories says less, and for code of others it would find the user's.
fn candidates(function: &str, file: &str, places: &Places, toolchain: &Toolchain) -> Vec<PathBuf> {
    if file.is_empty() {
        return Vec::new();
    }
    let file = file.replace('\\', "/");
    let mut paths = Vec::new();
    if Path::new(&file).is_absolute() {
        paths.push(PathBuf::from(&file));
    }
    let trimmed = places.prefixes.iter().find_map(|prefix| without_prefix(&file, prefix)).unwrap_or(&file);
    let relative = trimmed.trim_start_matches('/');
    let here = [".".to_owned()];
    let folders = if places.folders.is_empty() { &here[..] } else { &places.folders };
    let origin = origin(function, &file);
    let suffixes = || std::iter::successors(Some(relative), |path| path.split_once('/').map(|(_, rest)| rest));
    for folder in folders.iter().map(Path::new) {
        match origin {
            Origin::Application => paths.extend(suffixes().map(|suffix| folder.join(suffix))),
            Origin::Standard => paths.push(folder.join(relative)),
            Origin::Dependency => {
                paths.push(folder.join(relative));
                paths.push(folder.join("vendor").join(without_version(relative)));
            }
        }
    }
    match origin {
        Origin::Standard => {
            let inside = file.rsplit_once("/src/").map_or(relative, |(_, inside)| inside);
            paths.extend(toolchain.roots.iter().map(|root| root.join("src").join(inside)));
        }
        Origin::Dependency => {
            let inside = file.rsplit_once("/pkg/mod/").map_or(relative, |(_, inside)| inside);
            paths.extend(toolchain.modules.iter().map(|modules| modules.join(escape_capitals(inside))));
        }
        Origin::Application => {}
    }
    paths
}

/// What follows a prefix of whole path elements.
fn without_prefix<'a>(path: &'a str, prefix: &str) -> Option<&'a str> {
    let rest = path.strip_prefix(prefix.trim_end_matches('/'))?;
    rest.strip_prefix('/')
}

/// `github.com/acme/lib@v1.2.3/x.go` as it is called in a vendor directory: without the version.
fn without_version(path: &str) -> String {
    let versionless = |element: &str| element.split_once('@').map_or(element, |(name, _)| name).to_owned();
    path.split('/').map(versionless).collect::<Vec<_>>().join("/")
}

/// The module cache spells capitals `!a`, for file systems that do not tell them apart.
fn escape_capitals(path: &str) -> String {
    if path.contains('!') {
        return path.to_owned();
    }
    let mut escaped = String::with_capacity(path.len());
    // Only the path of the module is spelled so, not that of the file inside of it.
    let module = path.find('@').unwrap_or(0);
    for character in path[..module].chars() {
        if character.is_ascii_uppercase() {
            escaped.push('!');
        }
        escaped.push(character.to_ascii_lowercase());
    }
    escaped + &path[module..]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(function: &str, file: &str, folders: &[&str], prefixes: &[&str]) -> Vec<String> {
        let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        let places = Places { folders: texts(folders), prefixes: texts(prefixes) };
        let toolchain = Toolchain { roots: vec!["/go".into()], modules: vec!["/mod".into()] };
        let found = candidates(function, file, &places, &toolchain);
        found.iter().map(|path| path.display().to_string()).collect()
    }

    #[test]
    fn own_code_is_found_below_the_folders() {
        let (function, file) = ("example.com/shop/store.Put", "example.com/shop/store/put.go");
        let below = ["src/example.com/shop/store/put.go", "src/shop/store/put.go", "src/store/put.go", "src/put.go"];
        assert_eq!(paths(function, file, &["src"], &[]), below);
        assert_eq!(paths(function, file, &["src"], &["example.com/shop"]), ["src/store/put.go", "src/put.go"]);
        assert_eq!(paths(function, file, &["src"], &["example.com/sh"])[0], below[0]);
        assert_eq!(
            paths(function, "/ci/shop/put.go", &[], &["/ci/"]),
            ["/ci/shop/put.go", "./shop/put.go", "./put.go"]
        );
        assert_eq!(paths(function, "", &[], &[]), Vec::<String>::new());
    }

    #[test]
    fn code_of_others_is_not_taken_for_ones_own() {
        assert_eq!(
            paths("net/http.Get", "net/http/client.go", &["a"], &[]),
            ["a/net/http/client.go", "/go/src/net/http/client.go"]
        );
        let (function, file) = ("github.com/Acme/lib.F", "github.com/Acme/lib@v1.2.3/F.go");
        let expected = [
            "a/github.com/Acme/lib@v1.2.3/F.go",
            "a/vendor/github.com/Acme/lib/F.go",
            "/mod/github.com/!acme/lib@v1.2.3/F.go",
        ];
        assert_eq!(paths(function, file, &["a"], &[]), expected);
    }

    #[test]
    fn only_regular_files_are_read() {
        assert_eq!(read(Path::new("/dev/zero")), None);
        assert_eq!(read(Path::new("src")), None);
        assert!(read(Path::new("src/lib.rs")).is_some_and(|text| text.starts_with("//!")));
    }
}
