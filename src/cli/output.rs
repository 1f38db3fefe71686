//! What a run writes: standard output, and the files of `-o`.
//!
//! In: targets, and what writes to them. Out: bytes there.
//! Invariant: a regular file is there whole or as it was before, with its mode and owner; what was read is never written
//! over; all that can be written is, before what cannot is told.

use std::fs::{self, File, Metadata};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use tempfile::NamedTempFile;

use crate::report::{Ascii, Style};
use crate::source::Files;

use super::bounded::Bounded;
use super::request::Look;
use super::target::Target;
use super::{Console, is_closed_pipe, tell};

/// Refuses outputs that would destroy what was read, or one another.
///
/// # Errors
/// The first output that does.
pub(super) fn refuse_overwriting<'a>(outputs: impl IntoIterator<Item = &'a Path>, files: &Files) -> Result<()> {
    let mut written: Vec<PathBuf> = Vec::new();
    for output in outputs {
        if files.were_read(output) {
            bail!("{} is an input: writing would destroy it; name another file", output.display());
        }
        // What cannot be found is told when it is written.
        let Ok(Destination::Regular(path)) = Destination::of(output) else { continue };
        let path = fs::canonicalize(folder_of(&path)).map_or(path.clone(), |folder| folder.join(file_name(&path)));
        if written.contains(&path) {
            bail!("{} is to be written twice: name another file for one of them", output.display());
        }
        written.push(path);
    }
    Ok(())
}

/// Refuses outputs whose folder is missing: told before anything is waited for.
///
/// # Errors
/// The first output that could not be written.
pub(super) fn refuse_missing_folders<'a>(outputs: impl IntoIterator<Item = &'a Path>) -> Result<()> {
    let missing = outputs.into_iter().find(|output| !folder_of(output).is_dir());
    missing.map_or(Ok(()), |output| bail!("{}: cannot be written: there is no such folder", output.display()))
}

/// Writes all targets. What cannot be written does not keep the others from it.
///
/// # Errors
/// The last target that could not be written; those before it are told on standard error.
pub(super) fn write_all(
    targets: &[Target],
    look: &Look,
    files: &Files,
    console: &mut Console<'_>,
    mut write: impl FnMut(&Target, &Style, &mut dyn Write) -> io::Result<()>,
) -> Result<()> {
    let mut last = Ok(());
    for target in targets {
        let style = look.style(target, console);
        let is_ascii = look.is_ascii && target.format.is_text();
        let written = write_target(target, files, console, |out| {
            let mut out = Bounded::new(out, look.most_bytes);
            if is_ascii { write(target, &style, &mut Ascii::new(out)) } else { write(target, &style, &mut out) }
        });
        if written.is_err()
            && let Err(earlier) = std::mem::replace(&mut last, written)
        {
            tell(&earlier, console);
        }
    }
    last
}

/// Writes the one output of a command that has formats of its own, as text or for other programs: to a file, or to standard
/// output.
///
/// # Errors
/// When it cannot be written, or would destroy what was read.
pub(super) fn write_one(
    (path, is_text): (Option<&Path>, bool),
    look: &Look,
    files: &Files,
    console: &mut Console<'_>,
    write: impl FnOnce(&Style, &mut dyn Write) -> io::Result<()>,
) -> Result<()> {
    refuse_overwriting(path, files)?;
    let mut style = look.style_of_console(console);
    let Some(path) = path else {
        return print(&mut console.stdout, |out| match look.is_ascii && is_text {
            true => write(&style, &mut Ascii::new(out)),
            false => write(&style, out),
        });
    };
    // What the console is like says nothing of files.
    (style.width, style.color) = (look.columns, look.color.unwrap_or(false));
    write_file(path, |out| write(&style, out))
}

fn write_target(
    target: &Target,
    files: &Files,
    console: &mut Console<'_>,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<()> {
    // Sources are read after the outputs were looked at first.
    let written = refuse_overwriting([target.destination()], files).and_then(|()| match &target.path {
        None => print(&mut console.stdout, write),
        Some(path) => write_file(path, write),
    });
    // A reader that has seen enough (`leakdiff ... | head`) is success.
    written.or_else(|error| if is_closed_pipe(&error) { Ok(()) } else { Err(error) })
}

/// Makes a folder, with those above it, where it is not there.
///
/// # Errors
/// When it cannot be made.
pub(super) fn create_folder(path: &Path) -> Result<()> {
    fs::create_dir_all(path).with_context(|| format!("{}: this folder cannot be made", path.display()))
}

/// Writes a file whole or not at all.
///
/// # Errors
/// When it cannot be written: then what was there stays.
pub(super) fn write_file(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<()> {
    let written = Destination::of(path).and_then(|destination| match destination {
        // Standard error may be a file that others write to as well: what is there stays.
        Destination::InPlace(path) => write_buffered(File::options().append(true).open(path)?, write),
        Destination::Regular(path) => replace(&path, write),
    });
    written.with_context(|| format!("{}: cannot be written", path.display()))
}

/// Writes to standard output.
///
/// # Errors
/// When it cannot be written, as where it is closed.
pub(super) fn print(out: impl Write, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<()> {
    write_buffered(out, write).context("standard output: cannot be written")
}

fn write_buffered(out: impl Write, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let mut out = BufWriter::new(out);
    write(&mut out)?;
    out.flush()
}

/// Where the bytes of an output go.
enum Destination {
    /// To no regular file: a device, a pipe, what is open already.
    InPlace(PathBuf),
    /// To a regular file, which need not be there; its path behind all links.
    Regular(PathBuf),
}

impl Destination {
    fn of(path: &Path) -> io::Result<Self> {
        /// As many as Linux follows.
        const MOST_LINKS: usize = 40;
        let mut path = path.to_owned();
        for _ in 0..MOST_LINKS {
            if is_descriptor(&path) {
                return Ok(Self::InPlace(path));
            }
            match fs::symlink_metadata(&path) {
                Ok(metadata) if metadata.is_symlink() => path = folder_of(&path).join(fs::read_link(&path)?),
                Ok(metadata) if metadata.is_dir() => return Err(io::ErrorKind::IsADirectory.into()),
                Ok(metadata) if !metadata.is_file() => return Ok(Self::InPlace(path)),
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                Ok(_) | Err(_) => return Ok(Self::Regular(path)),
            }
        }
        Err(io::Error::other("its links lead in a circle"))
    }
}

/// Whether an output, through whatever links, is a regular file below a folder.
pub(super) fn is_below(folder: &Path, output: &Path) -> bool {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let Ok(Destination::Regular(path)) = Destination::of(output) else { return false };
    match (fs::canonicalize(folder), fs::canonicalize(folder_of(&path))) {
        (Ok(folder), Ok(target)) => target.starts_with(folder),
        // Where a folder is missing, nothing can be written: that is told with the path.
        _ => true,
    }
}

/// Whether a path stands for what the process has open. A new file in its place would not reach who opened it.
fn is_descriptor(path: &Path) -> bool {
    fs::canonicalize(folder_of(path)).is_ok_and(|folder| folder.starts_with("/proc") && folder.ends_with("fd"))
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn file_name(path: &Path) -> &Path {
    path.file_name().map_or(path, Path::new)
}

/// Writes beside a file and takes its place when all is written. What a killed run leaves behind has a name of its own,
/// which is in nobody's way.
fn replace(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let was = match File::options().write(true).open(path) {
        // Whoever may not write to it may not replace it.
        Ok(file) => Some(file.metadata()?),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(error),
    };
    let mut file = beside(path, was.is_some())?;
    if let Some(was) = &was {
        keep(was, file.as_file())?;
    }
    write_buffered(&mut file, write)?;
    // Some file systems tell only here that they are full.
    file.as_file().sync_all()?;
    file.persist(path).map(drop).map_err(|error| error.error)
}

/// A new file beside another: for its owner only where it takes over a mode, else as all new files are.
fn beside(path: &Path, has_mode: bool) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".leakdiff-").suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // The mask of the process is taken off.
        builder.permissions(fs::Permissions::from_mode(if has_mode { 0o600 } else { 0o666 }));
    }
    #[cfg(not(unix))]
    let _ = has_mode;
    // Its name is made by chance, and no part of what is told.
    builder.tempfile_in(folder_of(path)).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => io::Error::other("there is no such folder"),
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            io::Error::other("its folder takes no new files")
        }
        kind => kind.into(),
    })
}

/// Gives a file the mode of another, and its owner where that is allowed.
fn keep(was: &Metadata, file: &File) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt, fchown};
        // The owner first: to change it takes bits of the mode away.
        let _ = fchown(file, Some(was.uid()), None);
        let _ = fchown(file, None, Some(was.gid()));
    }
    file.set_permissions(was.permissions())
}
