//! Several files by one name: a folder, or a pattern that the shell left alone.
//!
//! In: what the user named. Out: the files that it stands for, in the order of their names. Invariant: a name that is a file
//! is that file, whatever characters it has; hidden files of a folder are left out. Nothing is opened.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use super::{Error, Location};

/// The files that a name stands for; `None` where it is that of one file.
///
/// # Errors
/// A folder that cannot be read, and a folder or pattern without any file.
pub fn several(name: &OsStr) -> Result<Option<Vec<PathBuf>>, Error> {
    let path = Path::new(name);
    // The ? before its parameters is no pattern.
    if Location::parse(name).url().is_some() {
        return Ok(None);
    }
    let input = || path.display().to_string();
    let files = if path.is_dir() {
        let unreadable = |cause| Error::Unreadable { input: input(), cause };
        let entries = fs::read_dir(path).map_err(unreadable)?;
        entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>().map_err(unreadable)?
    } else {
        let pattern = name.to_str().filter(|text| !path.exists() && text.contains(['*', '?', '[']));
        let Some(pattern) = pattern else { return Ok(None) };
        let Ok(found) = glob::glob(pattern) else { return Ok(None) };
        found.flatten().collect()
    };
    let is_hidden = |file: &Path| file.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
    let mut files: Vec<PathBuf> = files.into_iter().filter(|file| file.is_file() && !is_hidden(file)).collect();
    files.sort();
    if files.is_empty() { Err(Error::NoFiles { input: input(), is_folder: path.is_dir() }) } else { Ok(Some(files)) }
}

/// All files below a folder, at any depth, in the order of their paths; hidden ones and what links to a folder are left out.
///
/// # Errors
/// A folder that cannot be read.
pub fn files_below(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let unreadable = |cause| Error::Unreadable { input: folder.display().to_string(), cause };
        for entry in fs::read_dir(&folder).map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            let kind = entry.file_type().map_err(unreadable)?;
            let path = entry.path();
            if entry.file_name().as_encoded_bytes().starts_with(b".") {
                continue;
            }
            if kind.is_dir() {
                folders.push(path);
            } else if path.is_file() {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}

/// The same files, each once, whatever links lead to it.
pub fn distinct(locations: Vec<Location>) -> Vec<Location> {
    let mut known = BTreeSet::new();
    let is_new = |location: &Location| match fs::canonicalize(&location.path) {
        Ok(path) => known.insert(path),
        // What is not there is told when it is opened.
        Err(_) => true,
    };
    locations.into_iter().filter(is_new).collect()
}
