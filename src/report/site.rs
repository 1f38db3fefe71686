//! A function and its place in the columns there are: whole, else by what tells it apart.
//!
//! In: a name, a file, a line, and the room for them. Out: pieces of text, safe for a terminal, and no wider than that.
//! Invariant: what is left out first says least: directories, then the import path, then the file, then the middle of the name.

use unicode_width::UnicodeWidthStr;

use crate::model::name;

use super::Style;
use super::escape::terminal;
use super::fit::{fit_path, shorten};
use super::paint::{Ink, link, paint};
use super::{Report, Responsible, sentence};

/// The most columns of a name or a path: what fits on no screen is not laid out.
const MOST: usize = 4096;

/// A function and its place.
#[derive(Debug, Clone)]
pub(super) struct Site {
    /// What stands before it: an arrow, `likely`.
    mark: String,
    name: String,
    file: String,
    line: Option<i64>,
    /// The file on this machine.
    path: Option<String>,
}

/// How much of a site is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Detail {
    /// The name without its import path, and the line.
    Line,
    /// And the end of the path of the file.
    Place,
    /// All of it.
    Full,
}

/// Text, and how it stands out.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    text: String,
    ink: Ink,
    /// The file that it leads to.
    path: Option<String>,
}

impl Piece {
    /// Text that leads nowhere.
    pub fn new(text: impl Into<String>, ink: Ink) -> Self {
        Self { text: text.into(), ink, path: None }
    }
}

impl Site {
    fn new(mark: String, name: &str, file: Option<&str>, line: Option<i64>) -> Self {
        let shown = |text: &str| shorten(&terminal(text), MOST);
        Self { mark, name: shown(name), file: file.map_or(String::new(), shown), line, path: None }
    }

    /// A function with its place, as far as that is known.
    pub fn of_function(name: &str, file: Option<&str>, line: Option<i64>) -> Self {
        Self::new(String::new(), name, file, line)
    }

    /// The function that is responsible, with `likely` where it was told from other stacks.
    pub fn of_responsible(frame: &Responsible) -> Self {
        Self::new(frame.likely().to_owned(), &frame.function, frame.file.as_deref(), frame.line)
    }

    /// The same after an arrow.
    pub fn pointed_at(self) -> Self {
        Self { mark: format!("← {}", self.mark), ..self }
    }

    /// The same with the file on this machine, where the report knows it.
    pub fn linked(self, report: &Report) -> Self {
        let path = report.sources.get(&(self.name.clone(), self.file.clone())).cloned();
        Self { path, ..self }
    }

    /// The same without its place.
    pub fn without_place(self) -> Self {
        Self { file: String::new(), line: None, path: None, ..self }
    }

    /// It in so much detail.
    pub fn pieces(&self, detail: Detail) -> Vec<Piece> {
        let name = if detail == Detail::Full { self.name.as_str().into() } else { name::short(&self.name) };
        let line = self.line.map_or(String::new(), |line| format!(":{line}"));
        let place = match detail {
            Detail::Line if self.file.is_empty() => String::new(),
            Detail::Line => line,
            Detail::Place if self.file.is_empty() => String::new(),
            Detail::Place => format!("  {}{line}", sentence::tail(&self.file)),
            Detail::Full if self.file.is_empty() => String::new(),
            Detail::Full => format!("  {}{line}", self.file),
        };
        let package = name::package_end(&name).map_or(0, |end| end + 1);
        let (package, own) = name.split_at(package);
        let place = Piece { path: self.path.clone(), ..Piece::new(place, Ink::Plain) };
        let name = [(&*self.mark, Ink::Plain), (package, Ink::Dim), (own, Ink::Bold)];
        let pieces = name.map(|(text, ink)| Piece::new(text, ink)).into_iter().chain([place]);
        pieces.filter(|piece| !piece.text.is_empty()).collect()
    }

    /// It in `room` columns, in so much detail as fits and is asked for.
    pub fn fitted(&self, room: usize, most: Detail) -> Vec<Piece> {
        let details = [Detail::Full, Detail::Place, Detail::Line].into_iter().filter(|detail| *detail <= most);
        let mut fitting = details.map(|detail| self.pieces(detail)).filter(|pieces| width(pieces) <= room);
        fitting.next().unwrap_or_else(|| {
            // Of a file nothing can be left out but what stands before it.
            let name = name::short(&self.name);
            let bare = room.saturating_sub(self.mark.width());
            let text = if name.contains('/') { fit_path(&name, bare) } else { shorten(&name, bare) };
            vec![Piece::new(shorten(&self.mark, room), Ink::Plain), Piece::new(text, Ink::Bold)]
        })
    }
}

/// How many columns pieces take.
pub(super) fn width(pieces: &[Piece]) -> usize {
    pieces.iter().map(|piece| piece.text.width()).sum()
}

/// Pieces as one text, in their inks; all in one where that is given.
pub(super) fn painted(pieces: &[Piece], ink: Option<Ink>, style: &Style) -> String {
    let painted = |piece: &Piece| {
        let text = paint(&piece.text, ink.unwrap_or(piece.ink), style);
        piece.path.as_ref().map_or(text.clone(), |path| link(&text, path))
    };
    pieces.iter().map(painted).collect()
}
