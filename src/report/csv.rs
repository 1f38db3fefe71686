//! CSV after RFC 4180: one line per row, integers in base units, the fields of [`COLUMNS`]. Rows that are not shown are not
//! there either: `-n 0` writes all, and then the flat columns add up to the total. `evidence` and its numbers are of
//! `flat_delta`; those of `cum_delta` are there where the rows are sorted by it.

use std::io::{self, Write};

use super::columns::COLUMNS;
use super::{Report, Style};

/// Writes the rows as CSV.
pub(super) fn write(report: &Report, _: &Style, out: &mut dyn Write) -> io::Result<()> {
    let fields = || COLUMNS.iter().flat_map(|column| column.fields);
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(fields().map(|field| field.name))?;
    for row in &report.rows {
        csv.write_record(fields().map(|field| (field.value)(report, row)))?;
    }
    csv.flush()
}
