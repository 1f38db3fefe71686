//! A file found where the user works, a variable of the environment, and the day.
//!
//! In: the name of a file. Out: its path; today's date. Nothing is opened.
//! Invariant: what lies outside of the user's repository, home or file system is not found.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use jiff::civil::Date;

use super::checkout::is_root;

/// The path of the file of this name in the current folder, or in the nearest one above that has it. The search ends
/// with the repository's root, the home folder, or where another file system or a folder of all users begins.
pub fn find_upwards(name: &str) -> Option<PathBuf> {
    let here = env::current_dir().ok()?;
    let home = env::var_os("HOME").and_then(|home| fs::canonicalize(home).ok());
    let levels = searched(&here, home.as_deref());
    let up = |levels: usize| std::iter::repeat_n("..", levels).collect::<PathBuf>().join(name);
    (0..levels).map(up).find(|path| path.is_file())
}

/// How many folders are searched, from this one upwards.
fn searched(here: &Path, home: Option<&Path>) -> usize {
    let folders: Vec<&Path> = here.ancestors().collect();
    let is_last = |pair: &[&Path]| {
        is_root(pair[0]) || Some(pair[0]) == home || device(pair[0]) != device(pair[1]) || is_everybodys(pair[1])
    };
    folders.windows(2).position(is_last).map_or(folders.len(), |last| last + 1)
}

/// Whether all users of the machine put files there, as into `/tmp`: everybody may, and nobody may remove another's.
#[cfg(unix)]
fn is_everybodys(folder: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    const STICKY_AND_WRITABLE: u32 = 0o1002;
    fs::metadata(folder).is_ok_and(|metadata| metadata.mode() & STICKY_AND_WRITABLE == STICKY_AND_WRITABLE)
}

/// Whether all users of the machine may put files there. Only Unix has such folders above those of users.
#[cfg(not(unix))]
fn is_everybodys(_: &Path) -> bool {
    false
}

/// The file system that a folder lies in.
#[cfg(unix)]
fn device(folder: &Path) -> Option<u64> {
    use std::os::unix::fs::MetadataExt;
    fs::metadata(folder).ok().map(|metadata| metadata.dev())
}

/// The file system that a folder lies in.
#[cfg(not(unix))]
fn device(folder: &Path) -> Option<std::ffi::OsString> {
    let first = folder.components().next();
    fs::metadata(folder).ok().and(first).map(|drive| drive.as_os_str().to_owned())
}

/// Whether there is a file of this path.
pub fn is_there(path: &Path) -> bool {
    path.exists()
}

/// Whether there is a file of this path, and no folder.
pub fn is_file_at(path: &Path) -> bool {
    path.is_file()
}

/// The value of a variable of the environment, where it is set and text.
pub fn variable(name: &str) -> Option<String> {
    env::var(name).ok()
}

/// Today's date in UTC.
pub fn today() -> Date {
    jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_search_ends_at_the_repository_or_the_home() {
        let folder = tempfile::tempdir().expect("a folder");
        let deep = folder.path().join("home/work/repository/package");
        fs::create_dir_all(&deep).expect("folders");
        let home = folder.path().join("home");
        assert_eq!(searched(&deep, Some(&home)), 4);
        fs::create_dir(deep.with_file_name(".git")).expect("a folder");
        assert_eq!(searched(&deep, Some(&home)), 2);
        assert_eq!(searched(Path::new("/"), None), 1);
    }

    #[cfg(unix)]
    #[test]
    fn the_search_ends_below_a_folder_of_all_users() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("a folder");
        let deep = folder.path().join("mine/package");
        fs::create_dir_all(&deep).expect("folders");
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o1777)).expect("a mode");
        assert_eq!(searched(&deep, None), 2);
    }
}
