//! A fleet's ranking as Markdown and as CSV.
//!
//! In: a report of a fleet. Out: a table for a ticket; rows for other programs. Invariant: CSV has integers in bytes, and one row for
//! each function and suspect.

use std::io::{self, Write};

use crate::units::format_signed;

use super::super::escape::{markdown, spreadsheet};
use super::super::{Style, header};
use super::{FleetReport, FleetRow};

/// Writes the header and two tables.
///
/// # Errors
/// Those of `out`.
pub fn write_fleet_markdown(report: &FleetReport, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "**{}**\n", markdown(&report.fleet.headline()))?;
    for (heading, rows) in [("Suspects", &report.suspects), ("Growth by function", &report.rows)] {
        if rows.is_empty() {
            continue;
        }
        writeln!(out, "{heading}:\n")?;
        writeln!(out, "| growth | per host and hour | z | hosts | by chance | function | since build | most on |")?;
        writeln!(out, "| ---: | ---: | ---: | ---: | ---: | :--- | :--- | :--- |")?;
        for row in rows {
            let bytes = |value: i64| markdown(&format_signed(value, "bytes", style.scale));
            let title = row.title.map_or(String::new(), |title| format!("{}: ", markdown(title)));
            let build = row.first_build.as_deref().map(markdown).unwrap_or_default();
            let most = row.top_hosts.first().map(|host| markdown(&host.host)).unwrap_or_default();
            writeln!(
                out,
                "| {} | {} | {:.1} | {} of {} | {:.1} | {title}{} | {build} | {most} |",
                bytes(row.growth),
                bytes(row.per_host_hour),
                row.z,
                row.hosts.growing,
                row.hosts.all,
                row.hosts.by_chance,
                markdown(&row.name),
            )?;
        }
        writeln!(out)?;
    }
    for warning in &report.warnings {
        writeln!(out, "- {}", markdown(&header::warning(warning)))?;
    }
    Ok(())
}

/// The columns of CSV.
#[cfg(feature = "csv")]
const COLUMNS: &[&str] = &[
    "code",
    "name",
    "file",
    "line",
    "growth",
    "per_host_hour",
    "low",
    "high",
    "z",
    "hosts_growing",
    "hosts_by_chance",
    "hosts",
    "first_build",
    "responsible",
    "top_host",
    "top_host_delta",
    "fingerprint",
];

/// Writes suspects, then functions, which have no code.
///
/// # Errors
/// Those of `out`.
#[cfg(feature = "csv")]
pub fn write_fleet_csv(report: &FleetReport, _: &Style, out: &mut dyn Write) -> io::Result<()> {
    let mut rows = csv::Writer::from_writer(out);
    rows.write_record(COLUMNS)?;
    for row in report.suspects.iter().chain(&report.rows) {
        rows.write_record(record(row))?;
    }
    rows.flush()
}

#[cfg(feature = "csv")]
fn record(row: &FleetRow) -> [String; 17] {
    let text = |text: &Option<String>| text.as_deref().map(safe).unwrap_or_default();
    let top = row.top_hosts.first();
    [
        row.code.unwrap_or_default().to_owned(),
        safe(&row.name),
        text(&row.file),
        row.line.map(|line| line.to_string()).unwrap_or_default(),
        row.growth.to_string(),
        row.per_host_hour.to_string(),
        row.low.to_string(),
        row.high.to_string(),
        row.z.to_string(),
        row.hosts.growing.to_string(),
        row.hosts.by_chance.to_string(),
        row.hosts.all.to_string(),
        text(&row.first_build),
        text(&row.responsible),
        top.map(|host| safe(&host.host)).unwrap_or_default(),
        top.map(|host| host.delta.to_string()).unwrap_or_default(),
        row.fingerprint.clone(),
    ]
}

/// Text that no program for tables takes for a formula.
#[cfg(feature = "csv")]
fn safe(text: &str) -> String {
    spreadsheet(text).into_owned()
}
