//! The binaries and debug files of a profile, as far as the user permits to open them.
//!
//! In: what `--bin` and `--debug-dir` name, and a file that is wanted. Out: the files that may be it, opened. Invariant: a
//! path that a profile states is opened only where the user says so (`--bin auto`), and below a folder of the user's only
//! where it stays in there; only regular files are opened. Nothing is interpreted.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::path::{Component, Path, PathBuf};

use super::{Error, Files};

/// Where the system's debug files lie.
const OF_THE_SYSTEM: &str = "/usr/lib/debug";
/// What the kernel appends to the path of a mapped file that is no longer there.
const DELETED: &str = " (deleted)";

/// What the user permits.
#[derive(Debug, Clone, Default)]
pub struct Binaries {
    named: Vec<PathBuf>,
    folders: Vec<PathBuf>,
    /// Whether what profiles name is opened.
    is_auto: bool,
}

/// A file that was opened.
pub struct Found {
    /// Its path.
    pub path: PathBuf,
    /// It.
    pub file: File,
    /// Whether the user named it for just what was wanted.
    pub is_expected: bool,
}

impl Binaries {
    /// Takes the values of `--bin`, of which `auto` permits what profiles name, and of `--debug-dir`.
    ///
    /// # Errors
    /// A file that is not there, and a folder that is none.
    pub fn new(named: Vec<PathBuf>, folders: Vec<PathBuf>) -> Result<Self, Error> {
        let is_word = |path: &PathBuf| path.as_os_str() == "auto" && !path.exists();
        let is_auto = named.iter().any(is_word);
        let named: Vec<PathBuf> = named.into_iter().filter(|path| !is_word(path)).collect();
        let input = |path: &Path| path.display().to_string();
        for path in &named {
            match fs::metadata(path) {
                Ok(metadata) if metadata.is_dir() => return Err(Error::Directory { input: input(path) }),
                Ok(_) => {}
                Err(cause) => return Err(Error::Unreadable { input: input(path), cause }),
            }
        }
        if let Some(path) = folders.iter().find(|path| !path.is_dir()) {
            return Err(Error::NoFiles { input: input(path), is_folder: false });
        }
        Ok(Self { named, folders, is_auto })
    }

    /// Whether anything is permitted.
    pub fn is_empty(&self) -> bool {
        self.named.is_empty() && self.folders.is_empty() && !self.is_auto
    }

    /// The files that may be the binary that was mapped from `file` with this build id, the likeliest first.
    pub fn binary(&self, file: &str, build_id: &str, is_main: bool, files: &Files) -> Vec<Found> {
        let file = Path::new(file.strip_suffix(DELETED).unwrap_or(file));
        let has_name = |path: &&PathBuf| file.file_name().is_some_and(|name| path.file_name() == Some(name));
        let namesakes: Vec<&PathBuf> = self.named.iter().filter(has_name).collect();
        let is_alone = self.named.len() == 1 && is_main;
        let mut paths: Vec<(PathBuf, bool)> = namesakes.iter().map(|path| ((*path).clone(), true)).collect();
        let may_be = |path: &&PathBuf| !has_name(path) && (is_alone || !build_id.is_empty());
        paths.extend(self.named.iter().filter(may_be).map(|path| (path.clone(), is_alone)));
        for folder in &self.folders {
            let by_id = by_build_id(folder, build_id);
            let below = below(folder, file).into_iter().chain(file.file_name().map(|name| folder.join(name)));
            paths.extend(by_id.into_iter().map(|path| (path, false)).chain(below.map(|path| (path, true))));
        }
        if self.is_auto && file.is_absolute() {
            paths.push((file.to_owned(), true));
        }
        open(paths, files)
    }

    /// The files that may hold the debug information of a binary on this machine, the likeliest first.
    pub fn debug_file(&self, binary: &str, build_id: &str, link: &str, files: &Files) -> Vec<Found> {
        let binary = Path::new(binary);
        let folders = || self.folders.iter().map(PathBuf::as_path).chain([Path::new(OF_THE_SYSTEM)]);
        let mut paths: Vec<PathBuf> = folders().flat_map(|folder| by_build_id(folder, build_id)).collect();
        let own = binary.parent().unwrap_or(Path::new(""));
        if let Some(name) = plain_name(link) {
            paths.extend([own.join(name), own.join(".debug").join(name)]);
            let absolute = fs::canonicalize(own).unwrap_or_default();
            let below = |folder: &Path| below(folder, &absolute.join(name)).into_iter().chain([folder.join(name)]);
            paths.extend(folders().flat_map(below));
        }
        if let Some(name) = binary.file_name() {
            let mut bundle = name.to_owned();
            bundle.push(".dSYM/Contents/Resources/DWARF");
            let mut debug = name.to_owned();
            debug.push(".debug");
            let beside = |folder: &Path| [folder.join(&bundle).join(name), folder.join(&debug)];
            paths.extend([own].into_iter().chain(self.folders.iter().map(PathBuf::as_path)).flat_map(beside));
        }
        open(paths.into_iter().map(|path| (path, false)), files)
    }
}

/// Where gdb, elfutils and distributions put a debug file, and the binary itself, by its build id.
fn by_build_id(folder: &Path, build_id: &str) -> Vec<PathBuf> {
    let build_id = build_id.to_lowercase();
    let is_id = build_id.len() > 2 && build_id.bytes().all(|byte| byte.is_ascii_hexdigit());
    let Some((first, rest)) = build_id.split_at_checked(2).filter(|_| is_id) else { return Vec::new() };
    let of_id = folder.join(".build-id").join(first);
    // As debuginfod keeps them.
    let cached = folder.join(&build_id);
    vec![of_id.join(format!("{rest}.debug")), of_id.join(rest), cached.join("debuginfo"), cached.join("executable")]
}

/// The place of a path below a folder: what would lead out of it has none.
fn below(folder: &Path, path: &Path) -> Option<PathBuf> {
    let mut inside = folder.to_owned();
    for part in path.components() {
        match part {
            Component::Normal(part) => inside.push(part),
            Component::RootDir | Component::CurDir | Component::Prefix(_) => {}
            Component::ParentDir => return None,
        }
    }
    Some(inside)
}

/// A name without folders.
fn plain_name(name: &str) -> Option<&OsStr> {
    let path = Path::new(name);
    path.file_name().filter(|file| *file == path.as_os_str())
}

/// Those that are regular files and can be read, each once.
fn open(paths: impl IntoIterator<Item = (PathBuf, bool)>, files: &Files) -> Vec<Found> {
    let mut seen = Vec::new();
    let mut found = Vec::new();
    for (path, is_expected) in paths {
        if !seen.contains(&path)
            && let Some(file) = files.regular(&path)
        {
            found.push(Found { path: path.clone(), file, is_expected });
            seen.push(path);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_leads_out_of_a_folder() {
        let place = |path: &str| below(Path::new("/debug"), Path::new(path));
        assert_eq!(place("/usr/bin/app"), Some(PathBuf::from("/debug/usr/bin/app")));
        assert_eq!(place("/usr/../../etc/passwd"), None);
        assert_eq!(plain_name("../secret"), None);
        assert_eq!(plain_name("app.debug"), Some(OsStr::new("app.debug")));
        assert!(by_build_id(Path::new("/debug"), "../../etc").is_empty());
        assert!(by_build_id(Path::new("/debug"), "é123").is_empty());
    }
}
