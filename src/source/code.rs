//! Source code: the files that a profile names, found on this machine.
//!
//! In: a function, its file as the profile spells it, where to look. Out: the text of the file and where it was found.
//! Invariant: a profile is no reason to open a file: only regular ones are read, of a size that source code has, below
//! the folders of the user, the module around the working folder, a Go installation or a module cache; what is not found
//! is `None`. Knows nothing of what is on which line.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use crate::model::LONGEST_PATH;
use crate::model::name::{Origin, origin};

use super::Files;
use super::checkout::checkout;

/// Where to look for source files.
#[derive(Debug, Clone, Default)]
pub struct Places {
    /// Folders that the paths of a profile lie in; the current one when there is none.
    pub folders: Vec<PathBuf>,
    /// What to take off the beginning of a path.
    pub prefixes: Vec<String>,
}

/// Most bytes of a file of source code.
const MOST_BYTES: u64 = 32 << 20;

/// Looks for source files in one set of places.
pub struct Finder<'a> {
    files: &'a Files,
    places: Places,
    roots: Roots,
}

impl<'a> Finder<'a> {
    /// Looks in these places, in the repository around the working folder, and where Go keeps its source.
    pub fn new(places: Places, files: &'a Files) -> Self {
        let roots = Roots::here(&places, files);
        Self { files, places, roots }
    }

    /// The whole path of a function's file, which is not opened.
    pub fn locate(&self, function: &str, file: &str) -> Option<String> {
        let paths = candidates(function, file, &self.places, &self.roots);
        let found = paths.into_iter().find(|path| fs::metadata(path).is_ok_and(|file| file.is_file()))?;
        fs::canonicalize(found).ok()?.to_str().map(str::to_owned)
    }

    /// The path of a function's file and its text.
    pub fn find(&self, function: &str, file: &str) -> Option<(String, String)> {
        let paths = candidates(function, file, &self.places, &self.roots);
        paths.into_iter().find_map(|path| {
            let text = self.files.small(&path, MOST_BYTES)?;
            Some((path.display().to_string(), String::from_utf8_lossy(&text).into_owned()))
        })
    }
}

/// The folders below which source may be read.
struct Roots {
    /// Those of the user, each as it was named and as it is without links.
    own: Vec<PathBuf>,
    /// Of Go installations.
    installations: Vec<PathBuf>,
    /// Of modules that Go has downloaded.
    modules: Vec<PathBuf>,
}

impl Roots {
    fn here(places: &Places, files: &Files) -> Self {
        let variable = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let usual = [PathBuf::from("/usr/local/go"), PathBuf::from("/usr/lib/go")];
        let below = |name: &str, rest: &str| variable(name).map(|folder| folder.join(rest));
        let modules = [variable("GOMODCACHE"), below("GOPATH", "pkg/mod"), below("HOME", "go/pkg/mod")];
        let own = if places.folders.is_empty() { vec![checkout(files).root.into()] } else { places.folders.clone() };
        let spellings = |folder: &PathBuf| [std::path::absolute(folder).ok(), fs::canonicalize(folder).ok()];
        Self {
            own: own.iter().filter(|folder| !folder.as_os_str().is_empty()).flat_map(spellings).flatten().collect(),
            installations: variable("GOROOT").into_iter().chain(usual).collect(),
            modules: modules.into_iter().flatten().collect(),
        }
    }

    /// Whether a path that a profile has whole may be read: what the user keeps there, or what an installation of Go or a
    /// module cache has, which show themselves by what else lies in them.
    fn hold(&self, path: &str) -> bool {
        let all = self.own.iter().chain(&self.installations).chain(&self.modules);
        let is_installation = |root: &str| {
            let version = fs::symlink_metadata(Path::new(root).join("VERSION"));
            version.is_ok_and(|version| version.is_file()) && Path::new(root).join("src/runtime/proc.go").is_file()
        };
        let is_cache = |root: &str| Path::new(root).join("pkg/mod/cache/download").is_dir();
        let is_below = |mark: &str, is_root: &dyn Fn(&str) -> bool| {
            path.rsplit_once(mark).is_some_and(|(root, _)| !root.is_empty() && is_root(root))
        };
        all.into_iter().any(|root| Path::new(path).starts_with(root))
            || is_below("/src/", &is_installation)
            || is_below("/pkg/mod/", &is_cache)
    }
}

/// A path with slashes and without steps upward, which lead nowhere from a folder that is not known.
fn plain(path: &str) -> String {
    let path = path.replace('\\', "/");
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    let root = if path.starts_with('/') { "/" } else { "" };
    format!("{root}{}", parts.join("/"))
}

/// The paths that a file may have here, the likeliest first.
///
/// The path itself if it is absolute and may be read; without a prefix, in each folder; there also without its first directories, for
/// code of the user's own. A path with fewer directories says less, and for code of others it would find the user's.
fn candidates(function: &str, file: &str, places: &Places, roots: &Roots) -> Vec<PathBuf> {
    if file.is_empty() || file.len() > LONGEST_PATH {
        return Vec::new();
    }
    let file = plain(file);
    let mut paths = Vec::new();
    if Path::new(&file).is_absolute() && roots.hold(&file) {
        paths.push(PathBuf::from(&file));
    }
    let trimmed = places.prefixes.iter().find_map(|prefix| without_prefix(&file, prefix)).unwrap_or(&file);
    let relative = trimmed.trim_start_matches('/');
    let here = [PathBuf::from(".")];
    let folders = if places.folders.is_empty() { &here[..] } else { &places.folders };
    let origin = origin(function, &file);
    let suffixes = || std::iter::successors(Some(relative), |path| path.split_once('/').map(|(_, rest)| rest));
    for folder in folders {
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
            paths.extend(roots.installations.iter().map(|root| root.join("src").join(inside)));
        }
        Origin::Dependency => {
            let inside = file.rsplit_once("/pkg/mod/").map_or(relative, |(_, inside)| inside);
            paths.extend(roots.modules.iter().map(|modules| modules.join(escape_capitals(inside))));
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
        let folders: Vec<PathBuf> = folders.iter().map(PathBuf::from).collect();
        let places = Places { folders, prefixes: prefixes.iter().map(|prefix| (*prefix).to_owned()).collect() };
        let folders = |folder: &str| vec![PathBuf::from(folder)];
        let roots = Roots { own: folders("/home/me/shop"), installations: folders("/go"), modules: folders("/mod") };
        let found = candidates(function, file, &places, &roots);
        found.iter().map(|path| path.display().to_string()).collect()
    }

    #[test]
    fn own_code_is_found_below_the_folders() {
        let (function, file) = ("example.com/shop/store.Put", "example.com/shop/store/put.go");
        let below = ["src/example.com/shop/store/put.go", "src/shop/store/put.go", "src/store/put.go", "src/put.go"];
        assert_eq!(paths(function, file, &["src"], &[]), below);
        assert_eq!(paths(function, file, &["src"], &["example.com/shop"]), ["src/store/put.go", "src/put.go"]);
        assert_eq!(paths(function, file, &["src"], &["example.com/sh"])[0], below[0]);
        assert_eq!(paths(function, "/ci/shop/put.go", &[], &["/ci/"]), ["./shop/put.go", "./put.go"]);
        assert_eq!(paths(function, "", &[], &[]), Vec::<String>::new());
    }

    #[test]
    fn a_whole_path_is_read_only_where_the_user_keeps_source() {
        let first = |function: &str, file: &str| paths(function, file, &["src"], &[]).swap_remove(0);
        assert_eq!(first("store.Put", "/home/me/shop/store/put.go"), "/home/me/shop/store/put.go");
        assert_eq!(first("net/http.Get", "/go/src/net/http/client.go"), "/go/src/net/http/client.go");
        let elsewhere =
            ["/etc/shadow", "/home/me/shop/../../you/x.go", "/home/me/shopping/x.go", "../../../etc/shadow"];
        for file in elsewhere {
            let found = paths("store.Put", file, &["src"], &[]);
            assert!(found.iter().all(|path| path.starts_with("src/") && !path.contains("..")), "{file}: {found:?}");
        }
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
}
