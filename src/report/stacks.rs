//! The heaviest stacks of each row: whole, leaf first.
//!
//! In: a report whose rows carry their stacks. Out: lines below the table. Invariant: no line is wider than the width; where
//! no stacks were asked for, nothing is written.

use std::io::{self, Write};
use std::sync::Arc;

use serde::Serialize;

use crate::diff::Diff;
use crate::rows::{self, heaviest};
use crate::units::{format, format_signed};

use super::paint::{Ink, paint};
use super::resolve::DEEPEST;
use super::site::{Detail, Site, painted};
use super::{Change, Report, Style};

/// A stack of a row.
#[derive(Debug, Clone, Serialize)]
pub struct RowStack {
    /// What the whole stack holds.
    pub value: Change,
    /// Its names, leaf first.
    #[serde(serialize_with = "super::resolve::names")]
    pub stack: Vec<Arc<str>>,
}

impl Report {
    /// Gives each row its heaviest stacks, at most so many.
    pub fn add_stacks(&mut self, diff: &Diff, rows: &[rows::Row], most: usize) {
        let stacks = heaviest::heaviest(diff, rows, most);
        for (row, stacks) in self.rows.iter_mut().zip(stacks) {
            let resolved = |heavy: heaviest::Heavy| RowStack {
                value: Change::from(&heavy.value),
                stack: diff.stack_keys(heavy.entry).take(DEEPEST).map(|key| diff.keys.key(key).name.clone()).collect(),
            };
            row.stacks = Some(stacks.into_iter().map(resolved).collect());
        }
    }
}

/// Columns before a frame.
const INDENT: usize = 4;

/// Writes the stacks of all rows, each under the name of its row.
pub(super) fn write(report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let rows: Vec<_> =
        report.rows.iter().filter(|row| row.stacks.as_ref().is_some_and(|all| !all.is_empty())).collect();
    if rows.is_empty() {
        return Ok(());
    }
    let room = style.width.unwrap_or(usize::MAX);
    let value = |change: Change| match report.is_state() {
        true => format(change.after, &report.metric.unit, style.scale),
        false => format_signed(change.delta, &report.metric.unit, style.scale),
    };
    writeln!(out, "{}", paint("HEAVIEST STACKS", Ink::Bold, style))?;
    for row in rows {
        writeln!(out, "{}", function(&row.name, room, None, style))?;
        for stack in row.stacks.iter().flatten() {
            writeln!(out, "  {}", value(stack.value))?;
            for name in &stack.stack {
                let name = function(name, room.saturating_sub(INDENT), Some(Ink::Plain), style);
                writeln!(out, "{}{name}", " ".repeat(INDENT))?;
            }
        }
    }
    Ok(())
}

fn function(name: &str, room: usize, ink: Option<Ink>, style: &Style) -> String {
    painted(&Site::of_function(name, None, None).fitted(room, Detail::Full), ink, style)
}
