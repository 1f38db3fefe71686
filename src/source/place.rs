//! Small texts found where the user works, and the day.
//!
//! In: a path or the name of a file. Out: its text; today's date. Nothing is interpreted.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use jiff::civil::Date;

use super::Error;

/// The path of the file of this name in the current folder, or in the nearest one above that has it.
pub fn find_upwards(name: &str) -> Option<String> {
    let here = std::env::current_dir().ok()?;
    let depth = here.ancestors().count();
    let up = |levels: usize| std::iter::repeat_n("..", levels).collect::<PathBuf>().join(name);
    let found = (0..depth).map(up).find(|path| path.is_file())?;
    found.to_str().map(str::to_owned)
}

/// The text of a file; `None` when there is no such file.
///
/// # Errors
/// When it is there and cannot be read, or is not text.
pub fn read_text(path: &str) -> Result<Option<String>, Error> {
    let mut bytes = Vec::new();
    if Path::new(path).is_dir() {
        return Err(Error::Directory { input: path.to_owned() });
    }
    match File::open(path).and_then(|mut file| file.read_to_end(&mut bytes)) {
        Ok(_) => String::from_utf8(bytes).map(Some).map_err(|_| Error::NotText { input: path.to_owned() }),
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(cause) => Err(Error::Unreadable { input: path.to_owned(), cause }),
    }
}

/// Today's date in UTC.
pub fn today() -> Date {
    jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date()
}
