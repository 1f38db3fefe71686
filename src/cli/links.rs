//! The files on this machine that a report's functions are in, for a terminal that follows links.
//!
//! In: a report. Out: paths by function and file. Invariant: nothing is opened; a file that is not here has no link.

use std::collections::BTreeMap;

use crate::model::name;
use crate::report::Report;
use crate::source::Files;
use crate::source::code::{Finder, Places};

/// Where the source of what the report shows lies here.
pub(super) fn sources(report: &Report, files: &Files) -> BTreeMap<(String, String), String> {
    let finder = Finder::new(Places::default(), files);
    let rows = report.rows.iter().map(|row| (&row.name, &row.file));
    let of_rows = report.rows.iter().filter_map(|row| row.responsible.as_ref());
    let frames = of_rows.chain(report.suspects.iter().filter_map(|suspect| suspect.responsible.as_ref()));
    let shown = rows.chain(frames.map(|frame| (&frame.function, &frame.file)));
    let found = shown.filter_map(|(function, file)| {
        let file = file.as_ref()?;
        let whole = whole(function, file);
        let path = whole.and_then(|whole| finder.locate(function, &whole)).or_else(|| finder.locate(function, file));
        Some(((function.clone(), file.clone()), path?))
    });
    found.collect()
}

/// The path of a file with all of the folders that its package tells: a report has the last of them only.
fn whole(function: &str, file: &str) -> Option<String> {
    let package = &function[..name::package_end(function)?];
    let base = file.rsplit('/').next().unwrap_or(file);
    package.contains('/').then(|| format!("{package}/{base}"))
}
