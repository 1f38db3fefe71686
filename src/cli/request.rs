//! What the arguments mean together: domain values, checked, before any file is opened.
//!
//! In: [`DiffArgs`]. Out: a [`Request`]. No I/O.

use anyhow::{Context, Result, anyhow, bail};
use regex::Regex;

use crate::analyze::{self, Sort};
use crate::diff::{self, Filter, Granularity, TagFilter};
use crate::load::Limits;
use crate::report::{FORMATS, Format};
use crate::source::Location;
use crate::units::{self, Scale};

use super::args::DiffArgs;

/// One comparison, ready to run.
pub(super) struct Request {
    pub inputs: Vec<Location>,
    pub limits: Limits,
    pub diff: diff::Options,
    pub analyze: analyze::Options,
    /// The rows are chosen by the size of the change, and shown by growth.
    pub growth_first: bool,
    pub format: &'static Format,
    pub output: Option<String>,
    pub scale: Scale,
    /// `None` leaves it to the console.
    pub color: Option<bool>,
    pub columns: Option<usize>,
}

impl Request {
    /// Checks the arguments together.
    pub fn new(args: DiffArgs) -> Result<Self> {
        let format = format(args.format.as_deref(), args.output.as_deref())?;
        let sort = named(Sort::ALL, &args.sort).unwrap_or_default();
        let growth_first = format.is_explored && sort == Sort::Growth;
        Ok(Self {
            inputs: args.inputs.iter().map(|input| Location::parse(input)).collect(),
            limits: Limits { inflated: size("--max-inflated", &args.max_inflated)? },
            format,
            scale: units::parse_scale(&args.unit)
                .ok_or_else(|| anyhow!("--unit {}: no such unit; try auto, B, KiB, MiB or GiB", args.unit))?,
            color: match args.color.as_str() {
                "always" => Some(true),
                "never" => Some(false),
                _ => None,
            },
            columns: args.columns,
            analyze: analyze::Options {
                sort: if growth_first { Sort::Abs } else { sort },
                top: Some(args.top.unwrap_or(format.rows)).filter(|top| *top > 0),
            },
            growth_first,
            diff: diff::Options {
                sample_index: args.sample_index,
                by: named(Granularity::ALL, &args.by).unwrap_or_default(),
                exact_names: args.exact_names,
                filter: Filter {
                    focus: regex("--focus", args.focus)?,
                    ignore: regex("--ignore", args.ignore)?,
                    hide: regex("--hide", args.hide)?,
                    show: regex("--show", args.show)?,
                    show_from: regex("--show-from", args.show_from)?,
                    tag_focus: tag_filter("--tagfocus", args.tagfocus)?,
                    tag_ignore: tag_filter("--tagignore", args.tagignore)?,
                },
            },
            output: args.output.filter(|output| output != "-"),
        })
    }

    /// As [`Request::new`], for a page where neither a format nor a file is named.
    pub fn report(mut args: DiffArgs) -> Result<Self> {
        if args.format.is_none() && args.output.as_ref().is_none_or(|output| output == "-") {
            args.format = Some("html".to_owned());
        }
        Self::new(args)
    }
}

fn named<T: Copy>(table: &[(&str, T)], name: &str) -> Option<T> {
    table.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
}

fn regex(option: &str, pattern: Option<String>) -> Result<Option<Regex>> {
    let compile = |pattern: String| Regex::new(&pattern).with_context(|| format!("{option} is not a valid pattern"));
    pattern.filter(|pattern| !pattern.is_empty()).map(compile).transpose()
}

fn tag_filter(option: &str, text: Option<String>) -> Result<Option<TagFilter>> {
    let parse = |text: String| TagFilter::parse(&text).with_context(|| format!("{option} is not a valid pattern"));
    text.filter(|text| !text.is_empty()).map(parse).transpose()
}

fn size(option: &str, text: &str) -> Result<u64> {
    units::parse_bytes(text).ok_or_else(|| anyhow!("{option} {text}: not a size; write for example 512MiB or 4GiB"))
}

/// The format asked for, else the one the file's ending stands for, else the first.
fn format(name: Option<&str>, output: Option<&str>) -> Result<&'static Format> {
    if let Some(name) = name {
        return FORMATS.iter().find(|format| format.name == name).ok_or_else(|| anyhow!("no format is called {name}"));
    }
    let Some(output) = output.filter(|output| *output != "-") else { return Ok(&FORMATS[0]) };
    let file = output.rsplit(['/', '\\']).next().unwrap_or(output);
    let matches = |format: &&Format| format.endings.iter().any(|ending| file.ends_with(&format!(".{ending}")));
    match FORMATS.iter().find(matches) {
        Some(format) => Ok(format),
        None => {
            let endings: Vec<String> =
                FORMATS.iter().flat_map(|format| format.endings).map(|ending| format!(".{ending}")).collect();
            bail!("-o {output}: its ending names no format; use {} or give --format", endings.join(", "))
        }
    }
}
