//! The file that `-o` names.
//!
//! In: a path and what writes to it. Out: the file. Invariant: a regular file is there whole or as it was before.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

use anyhow::{Result, bail};

use crate::source::Location;

/// Refuses outputs that would destroy an input, or one another.
///
/// # Errors
/// The first output that does.
pub(super) fn refuse_overwriting<'a>(
    outputs: impl IntoIterator<Item = &'a str>,
    inputs: impl IntoIterator<Item = &'a Location>,
) -> Result<()> {
    let file = |path: &str| -> Option<PathBuf> {
        let is_special = fs::metadata(path).is_ok_and(|metadata| !metadata.is_file());
        (!is_special).then(|| fs::canonicalize(path).unwrap_or_else(|_| PathBuf::from(path)))
    };
    let inputs = inputs.into_iter().filter(|input| input.path != "-");
    let inputs: Vec<PathBuf> = inputs.filter_map(|input| file(&input.path)).collect();
    let mut written: Vec<PathBuf> = Vec::new();
    for output in outputs {
        let Some(path) = file(output) else { continue };
        if inputs.contains(&path) {
            bail!("{output} is an input: writing would destroy it; name another file");
        }
        if written.contains(&path) {
            bail!("{output} is to be written twice: name another file for one of them");
        }
        written.push(path);
    }
    Ok(())
}

/// Writes a file whole or not at all: what was there stays until the new content is complete. Devices and pipes, and
/// files in folders that take no new ones, are written as they are.
pub(super) fn write_file(path: &str, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let is_special = fs::metadata(path).is_ok_and(|metadata| !metadata.is_file());
    let partial = format!("{path}.partial");
    let (target, file) = match File::create_new(&partial) {
        Ok(file) if !is_special => (&*partial, file),
        Ok(_) => {
            fs::remove_file(&partial)?;
            (path, File::create(path)?)
        }
        Err(_) => (path, File::create(path)?),
    };
    let mut out = BufWriter::new(file);
    let written = write(&mut out).and_then(|()| out.flush());
    match written {
        Ok(()) if target != path => fs::rename(target, path),
        Err(error) if target != path => fs::remove_file(target).and(Err(error)),
        written => written,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_there_stays_when_writing_fails() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("leak.json").display().to_string();
        write_file(&path, |out| out.write_all(b"old")).expect("the first is written");
        let failing = |out: &mut dyn Write| out.write_all(b"new").and(Err(io::Error::other("full")));
        assert!(write_file(&path, failing).is_err());
        assert_eq!(fs::read(&path).expect("it is there"), b"old");
        assert_eq!(fs::read_dir(folder.path()).expect("the folder").count(), 1, "nothing else is left behind");
    }

    #[test]
    fn devices_are_written_as_they_are() {
        write_file("/dev/null", |out| out.write_all(b"text")).expect("a device takes it");
        assert!(!fs::metadata("/dev/null").expect("it is there").is_file());
    }
}
