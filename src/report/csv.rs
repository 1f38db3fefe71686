//! CSV after RFC 4180: one line per row, integers in base units. Rows that are not
//! shown are not there either: `-n 0` writes all, and then the flat columns add up to the total. `evidence` and its numbers
//! are of `flat_delta`; those of `cum_delta` are there where the rows are sorted by it.

use std::io::{self, Write};

use super::{Evidence, Report, Row, Style, escape};

const COLUMNS: &[&str] = &[
    "name",
    "file",
    "line",
    "status",
    "unit",
    "flat_before",
    "flat_after",
    "flat_delta",
    "cum_before",
    "cum_after",
    "cum_delta",
    "objects_before",
    "objects_after",
    "objects_delta",
    "kept_ratio",
    "evidence",
    "z",
    "low",
    "high",
    "responsible",
    "responsible_file",
    "responsible_line",
    "responsible_via",
    "fingerprint",
    "cum_evidence",
    "cum_z",
    "cum_low",
    "cum_high",
    "trend",
    "slope_per_hour",
    "slope_low",
    "slope_high",
];

/// Writes the rows as CSV.
pub(super) fn write(report: &Report, _: &Style, out: &mut dyn Write) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(COLUMNS)?;
    for row in &report.rows {
        csv.write_record(record(report, row))?;
    }
    csv.flush()
}

fn record(report: &Report, row: &Row) -> Vec<String> {
    let text = |text: &str| escape::spreadsheet(text).into_owned();
    let optional = |value: Option<i64>| value.map_or(String::new(), |value| value.to_string());
    let evidence = |evidence: &Option<Evidence>| {
        let evidence = evidence.as_ref();
        [
            evidence.map_or(String::new(), |evidence| word(&evidence.verdict)),
            evidence.and_then(|evidence| evidence.z).map_or(String::new(), |z| z.to_string()),
            optional(evidence.map(|evidence| evidence.low)),
            optional(evidence.map(|evidence| evidence.high)),
        ]
    };
    let (function, file, line, via) = match &row.responsible {
        Some(frame) => (text(&frame.function), frame.file.as_deref().map(text), frame.line, word(&frame.via)),
        None => (String::new(), None, None, String::new()),
    };
    let mut record = vec![
        text(&row.name),
        row.file.as_deref().map(text).unwrap_or_default(),
        optional(row.line),
        word(&row.status),
        text(&report.metric.unit),
    ];
    for change in [&Some(row.flat), &Some(row.cum), &row.objects] {
        record.extend([change.map(|c| c.before), change.map(|c| c.after), change.map(|c| c.delta)].map(optional));
    }
    record.push(row.kept_ratio.map_or(String::new(), |ratio| ratio.to_string()));
    record.extend(evidence(&row.evidence));
    record.extend([function, file.unwrap_or_default(), optional(line), via, row.fingerprint.clone()]);
    record.extend(evidence(&row.cum_evidence));
    record.push(row.trend.map_or(String::new(), |trend| trend.word().to_owned()));
    record.extend(
        [
            row.trend.and_then(|trend| trend.slope_per_hour),
            row.trend.and_then(|trend| trend.low),
            row.trend.and_then(|trend| trend.high),
        ]
        .map(optional),
    );
    record
}

/// The word that JSON has for it.
fn word(value: &impl serde::Serialize) -> String {
    let value = serde_json::to_value(value).ok();
    value.and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}
