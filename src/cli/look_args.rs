//! What may be typed for output wherever there is some: clap's declarations and nothing else.

use clap::Args as ClapArgs;

use crate::{export, report};

/// How output looks, and how much memory it and the profiles may take.
#[derive(Debug, ClapArgs)]
pub(super) struct LookArgs {
    /// Unit of values for people: auto, B, KiB, MiB, GiB, ...
    #[arg(long, value_name = "UNIT", default_value = "auto", help_heading = "Output")]
    pub unit: String,
    /// When to colour
    #[arg(long, value_name = "WHEN", default_value = "auto", help_heading = "Output",
          value_parser = ["auto", "always", "never"])]
    pub color: String,
    /// Columns of the text (default: those of the terminal; as many as needed when piped)
    #[arg(long, value_name = "COLUMNS", help_heading = "Output")]
    pub columns: Option<usize>,
    /// Use ASCII only; other characters of names are printed as numbers
    #[arg(long, help_heading = "Output")]
    pub ascii: bool,

    /// Memory limit of one profile, decompressed [default: 2GiB, or less where memory, a control group or ulimit -v is
    /// smaller]
    #[arg(long, value_name = "SIZE", help_heading = "Memory")]
    pub max_inflated: Option<String>,
    /// Size limit of one output: pictures and pages fold what is too much, other formats fail
    #[arg(long, value_name = "SIZE", default_value = "2GiB", help_heading = "Memory")]
    pub max_output: String,
}

/// The names of all formats: those for people, then those for other tools.
pub(super) fn formats(has_verdict: bool) -> impl Iterator<Item = &'static str> {
    let reports = report::FORMATS.iter().filter(move |format| has_verdict || !format.needs_verdict);
    let reports = reports.map(|format| format.name);
    reports.chain(export::FORMATS.iter().map(|format| format.name))
}
