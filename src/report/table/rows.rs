//! The rows of the table: figures on the left, the function and who is responsible on the right.
//!
//! In: a report, a width and whether to colour. Out: text. Invariant: one line a row where there is room for it, two in a
//! narrow terminal, and no line is wider than the width down to 60 columns.

use comfy_table::{Cell, CellAlignment, ContentArrangement, Table};
use unicode_width::UnicodeWidthStr;

use crate::model::Status;
use crate::stats::Verdict;

use super::super::columns::{self, Cells, Column, Line, WHERE};
use super::super::paint::{Ink, paint};
use super::super::site::{self, Detail, Piece, Site};
use super::super::{Report, Row, Style};

/// The narrowest terminal with one line a row.
const ONE_LINE: usize = 100;
/// Least room for a name.
const NARROWEST: usize = 16;
/// Columns between two columns.
const GAP: usize = 2;

/// The table, with the rows that are not shown and the total below.
pub(super) fn table(report: &Report, style: &Style) -> Table {
    let cells = Cells::new(report, style.scale);
    let totals = columns::totals(report);
    let lines: Vec<Line<'_>> = columns::rows(report).chain(totals).collect();
    let mut figures: Vec<(&Column, Vec<String>)> = columns::figures(report, style.width)
        .map(|column| (column, lines.iter().map(|line| (column.text)(&cells, line)).collect()))
        .collect();
    figures.retain(|(_, texts)| texts.iter().any(|text| !text.is_empty()));
    let width_of = |(column, texts): &(&Column, Vec<String>)| {
        let widest = texts.iter().map(|text| text.width()).max().unwrap_or(0);
        widest.max((column.heading)(report).width()) + GAP
    };
    let taken: usize = figures.iter().map(width_of).sum();
    let room = style.width.map_or(usize::MAX, |width| width.saturating_sub(taken).max(NARROWEST));
    let sites = Sites::new(report, style, room);

    let headings = figures.iter().map(|(column, _)| (column.heading)(report)).chain([(WHERE.heading)(report)]);
    // The shapes of a series begin at one column.
    let right_aligned = figures.iter().filter(|(column, _)| column.class != "trend").count();
    let mut table = new_table(right_aligned, headings.map(str::to_owned).collect(), style);
    for (index, line) in lines.iter().enumerate() {
        let ink = line.row.map_or(Ink::Plain, |row| ink(report, row));
        let figure = |(column, texts): &(&Column, Vec<String>)| {
            let text = &texts[index];
            let is_dim = ink == Ink::Dim;
            Cell::new(if column.class == "growth" || is_dim { paint(text, ink, style) } else { text.clone() })
        };
        let mut row: Vec<Cell> = figures.iter().map(figure).collect();
        row.push(Cell::new(match line.row {
            Some(row) => sites.text(row, ink),
            None => line.name.clone().into_owned(),
        }));
        table.add_row(row);
    }
    table
}

/// The colour of what a row grew by: how sure that is.
fn ink(report: &Report, row: &Row) -> Ink {
    match (row.standing(report), row.proof(report).map(|proof| proof.verdict)) {
        (Status::Same, _) => Ink::Plain,
        _ if report.is_state() => Ink::Plain,
        (_, Some(Verdict::Noise)) => Ink::Dim,
        (Status::Shrunk | Status::Gone, _) => Ink::Blue,
        (Status::New | Status::Grown, Some(Verdict::Likely)) => Ink::Yellow,
        (Status::New | Status::Grown, _) => Ink::Red,
    }
}

/// How the functions are written.
struct Sites<'a> {
    report: &'a Report,
    style: &'a Style,
    room: usize,
    is_one_line: bool,
    /// Names that stand for more than one row.
    twice: Vec<&'a str>,
    most: Detail,
}

impl<'a> Sites<'a> {
    fn new(report: &'a Report, style: &'a Style, room: usize) -> Self {
        let mut names: Vec<&str> = report.rows.iter().map(|row| row.name.as_str()).collect();
        names.sort_unstable();
        let twice = names.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]).collect();
        let is_one_line = style.width.is_none_or(|width| width >= ONE_LINE);
        let mut sites = Self { report, style, room, is_one_line, twice, most: Detail::Full };
        // With import paths on some names only they would be hard to compare.
        let all_fit = report.rows.iter().all(|row| sites.parts(row).iter().all(|part| part.fits(&sites, Detail::Full)));
        if !all_fit {
            sites.most = Detail::Place;
        }
        sites
    }

    /// The lines of a row: the function, and below or behind it who is responsible.
    fn parts(&self, row: &Row) -> Vec<Part> {
        let own = Site::of_function(&row.name, row.file.as_deref(), row.line).linked(self.report);
        let responsible =
            columns::responsible(row).map(|frame| Site::of_responsible(frame).linked(self.report).pointed_at());
        let is_place = matches!(self.report.by, "line" | "address" | "stack");
        let is_placed = responsible.is_none() || is_place || self.twice.contains(&row.name.as_str());
        // A row that is a file says so already.
        let own = if is_placed && self.report.by != "file" { own } else { own.without_place() };
        match (responsible, self.is_one_line) {
            (None, _) => vec![Part(vec![own])],
            (Some(frame), true) => vec![Part(vec![own, frame])],
            (Some(frame), false) => vec![Part(vec![own]), Part(vec![frame])],
        }
    }

    fn text(&self, row: &Row, ink: Ink) -> String {
        let ink = (ink == Ink::Dim).then_some(ink);
        let lines = self.parts(row).into_iter().map(|part| site::painted(&part.fitted(self), ink, self.style));
        lines.collect::<Vec<_>>().join("\n")
    }
}

/// What stands on one line: a function, or a function and who is responsible.
struct Part(Vec<Site>);

impl Part {
    fn pieces(&self, detail: Detail) -> Vec<Piece> {
        let Self(sites) = self;
        sites.iter().map(|site| site.pieces(detail)).collect::<Vec<_>>().join(&Piece::new("  ", Ink::Plain))
    }

    fn fits(&self, sites: &Sites<'_>, detail: Detail) -> bool {
        site::width(&self.pieces(detail)) <= sites.room
    }

    fn fitted(&self, sites: &Sites<'_>) -> Vec<Piece> {
        let details = [Detail::Full, Detail::Place, Detail::Line].into_iter().filter(|detail| *detail <= sites.most);
        let mut fitting = details.filter(|detail| self.fits(sites, *detail)).map(|detail| self.pieces(detail));
        fitting.next().unwrap_or_else(|| match &self.0[..] {
            [own, frame] => {
                // Who is responsible says more than where it was allocated.
                let frame = frame.fitted(sites.room * 3 / 5, Detail::Line);
                let mut pieces = own.fitted(sites.room.saturating_sub(site::width(&frame) + GAP), Detail::Line);
                pieces.push(Piece::new(" ".repeat(GAP), Ink::Plain));
                pieces.extend(frame);
                pieces
            }
            sites_here => sites_here.iter().flat_map(|site| site.fitted(sites.room, sites.most)).collect(),
        })
    }
}

/// A table without lines, whose first columns are figures.
pub(in crate::report) fn new_table(right_aligned: usize, headings: Vec<String>, style: &Style) -> Table {
    let mut table = Table::new();
    table.load_style(comfy_table::presets::NOTHING);
    table.set_content_arrangement(ContentArrangement::Disabled);
    table.force_no_tty();
    let last = headings.len() - 1;
    table.set_header(headings.into_iter().map(|heading| Cell::new(paint(&heading, Ink::Dim, style))));
    for (index, column) in table.column_iter_mut().enumerate() {
        // One more column stands between two cells: the junction.
        column.set_padding((0, if index == last { 0 } else { GAP as u16 }));
        if index < right_aligned {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}
