//! What the arguments mean together: domain values, checked, before any file is opened.
//!
//! In: [`DiffArgs`]. Out: a [`Request`]. No input or output is opened.

use anyhow::{Context, Result, anyhow, bail};
use regex::Regex;

use crate::compare;
use crate::diff::{self, Filter, Granularity, TagFilter, Width};
use crate::export;
use crate::load::Limits;
use crate::model::Glob;
use crate::report::{self, Style};
use crate::rows::Sort;
use crate::source::code::Places;
use crate::source::{HEAP, Location};
use crate::stats::Regime;
use crate::units::{self, Scale};

use super::Console;
use super::args::{DiffArgs, FlameArgs, ListArgs};
use super::beside::beside;
use super::gather::Gathering;
use super::inputs::{Inputs, inputs};
use super::limits::{limits, size};
use super::look_args::LookArgs;
use super::offered::LABEL;
use super::pattern::pattern;
use super::process::Process;
use super::target::{Format, Target, checked, targets};
use super::view_args::ViewArgs;
use super::wait_args::Wait;

/// One comparison, ready to run.
pub(super) struct Request {
    pub inputs: Vec<Location>,
    /// What is made of the inputs, where they are many files.
    pub gathering: Option<Gathering>,
    /// What is fetched from an input that is a URL without a profile.
    pub profile: &'static str,
    /// When snapshots of the process that is the input are taken, where they are.
    pub wait: Option<Wait>,
    /// Goroutine profiles before and after, or none.
    pub goroutines: Vec<Location>,
    pub limits: Limits,
    pub diff: diff::Options,
    /// For a format that shows `top` rows; see [`Request::rows_of`].
    pub analyze: compare::Options,
    /// How many rows are wanted, where the user says; 0 for all.
    pub top: Option<usize>,
    /// How many stacks of each row are wanted.
    pub stacks: Option<usize>,
    /// What is written, at least one.
    pub targets: Vec<Target>,
    /// Whether what a browser shows is opened there.
    pub opens: bool,
    pub export: export::Options,
    /// What is known beside the profiles.
    pub process: Process,
    /// The function that the picture is to start at.
    pub flame_root: Option<String>,
    pub look: Look,
}

/// How text is to look, as far as the user says.
pub(super) struct Look {
    pub scale: Scale,
    /// `None` leaves it to the console.
    pub color: Option<bool>,
    pub columns: Option<usize>,
    /// Whether text is to be ASCII.
    pub is_ascii: bool,
    /// The most bytes that one output may take.
    pub most_bytes: u64,
}

/// The fewest columns that a table is made for: numbers and the ends of a name.
const NARROWEST: usize = 40;

impl Look {
    /// Checks the unit, when to colour, and the size of an output.
    pub fn new(args: &LookArgs) -> Result<Self> {
        let scale = units::parse_scale(&args.unit)
            .ok_or_else(|| anyhow!("--unit {}: no such unit; try auto, B, KiB, MiB or GiB", args.unit))?;
        let color = match args.color.as_str() {
            "always" => Some(true),
            "never" => Some(false),
            _ => None,
        };
        let most_bytes = size("--max-output", &args.max_output)?;
        Ok(Self { scale, color, columns: args.columns, is_ascii: args.ascii, most_bytes })
    }

    /// How it looks on standard output.
    pub fn style_of_console(&self, console: &Console<'_>) -> Style {
        self.style(&Target { path: None, format: Format::Report(&report::FORMATS[0]) }, console)
    }

    /// How it looks where it is written. What the console is like says nothing of files.
    pub fn style(&self, target: &Target, console: &Console<'_>) -> Style {
        let is_file = target.path.is_some();
        let width = self.columns.or(console.width.filter(|_| !is_file));
        let of_console = console.color.unwrap_or(console.width.is_some()) && !is_file;
        Style {
            // None are as many as it needs.
            width: width.filter(|columns| *columns > 0).map(|columns| columns.max(NARROWEST)),
            color: self.color.unwrap_or(of_console),
            scale: self.scale,
        }
    }
}

/// One listing, ready to run.
pub(super) struct ListRequest {
    pub pattern: Regex,
    pub places: Places,
    pub request: Request,
}

impl ListRequest {
    /// Checks the arguments of a listing together.
    pub fn new(args: ListArgs) -> Result<Self> {
        let pattern = pattern("list", &args.pattern, &args.diff)?;
        let mut request = Request::new(DiffArgs { by: "function".to_owned(), ..args.diff })?;
        let text = &report::FORMATS[0];
        if request.targets.iter().any(|target| target.format.name() != text.name) {
            bail!("a listing is written as text: -o takes a name that ends in .{}", text.endings[0]);
        }
        // The rows of the report are not shown.
        request.top = Some(1);
        Ok(Self { pattern, places: Places { folders: args.source_path, prefixes: args.trim_path }, request })
    }
}

impl Request {
    /// Checks the arguments of a flame graph together.
    pub fn flame(args: FlameArgs) -> Result<Self> {
        let mut request = Self::with_default(args.diff, "svg")?;
        for target in &request.targets {
            if let Format::Report(format) = target.format {
                let names: Vec<&str> = export::FORMATS.iter().map(|format| format.name).collect();
                bail!("a flame graph is written as {}, not as {}", names.join(", "), format.name);
            }
        }
        request.export.style = named(export::Style::ALL, &args.style).unwrap_or_default();
        if request.export.style == export::Style::Classic {
            refuse_for_classic(&request, args.width.as_deref())?;
        }
        request.export.width = args.width.and_then(|width| named(Width::ALL, &width)).unwrap_or_default();
        request.export.inverted = args.inverted;
        request.export.title = args.title;
        if let Some(frame) = args.flame_root {
            request.diff.filter.show_from = Some(frame_pattern(&frame)?);
            request.flame_root = Some(frame);
        }
        Ok(request)
    }

    /// Checks the arguments of a page together.
    pub fn page(args: DiffArgs) -> Result<Self> {
        Self::with_default(args, "html")
    }

    /// Checks the arguments together.
    pub fn new(args: DiffArgs) -> Result<Self> {
        Self::with_default(args, report::FORMATS[0].name)
    }

    /// How the rows of a format are chosen. A page shows what shrank beside what grew.
    pub fn rows_of(&self, format: &report::Format) -> compare::Options {
        let sort = if self.is_growth_first(format) { Sort::Abs } else { self.analyze.sort };
        compare::Options { sort, top: Some(self.top.unwrap_or(format.rows)).filter(|top| *top > 0), ..self.analyze }
    }

    /// Whether the rows of a format are chosen by the size of their change, and shown by growth.
    pub fn is_growth_first(&self, format: &report::Format) -> bool {
        format.is_page && self.analyze.sort == Sort::Growth
    }

    /// Checks the arguments together. `default` is the format of standard output where the user names none.
    fn with_default(args: DiffArgs, default: &str) -> Result<Self> {
        let look = Look::new(&args.look)?;
        let (goroutines, heaps) = beside(&args.goroutines)?;
        let ViewArgs { base, stacks, brief, open } = args.view;
        let alone = [base.into_iter().collect(), args.inputs, heaps].concat();
        let Inputs { locations: inputs, sides, is_found } = inputs(&alone, &args.before, &args.after)?;
        let takes_goroutines = goroutines.is_empty();
        let gathering = Gathering { is_found, takes_goroutines, ..Gathering::default() };
        let (by, label) = granularity(&args.by);
        let limits = limits(args.look.max_inflated.as_deref(), inputs.len() + goroutines.len())?;
        Ok(Self {
            process: Process::new(&args.process, inputs.len())?,
            limits,
            gathering: gathering.of(&inputs, &sides),
            wait: args.wait.resolve(&inputs)?,
            inputs,
            profile: HEAP,
            goroutines,
            opens: open,
            targets: checked(
                targets(args.format.as_deref(), &args.output, default)?,
                args.format.is_some(),
                brief,
                open,
            )?,
            export: export::Options { scale: look.scale, most_bytes: look.most_bytes, ..export::Options::default() },
            look,
            flame_root: None,
            top: args.top,
            stacks,
            analyze: compare::Options {
                sort: named(Sort::ALL, &args.sort).unwrap_or_default(),
                regime: regime(args.same_process, args.independent),
                ranks_noise: args.all,
                reaches: args.reaches.as_deref().map(reached).transpose()?,
                ..compare::Options::default()
            },
            diff: diff::Options {
                sample_index: args.sample_index,
                by,
                label,
                sides,
                exact_names: args.exact_names,
                keeps_idle: false,
                is_one_process: is_one_process(args.same_process, args.independent),
                app: args.app.iter().map(|app| glob("--app", app)).collect::<Result<_>>()?,
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
        })
    }
}

/// What rows stand for, and the key of the label where that is what they do.
fn granularity(text: &str) -> (Granularity, String) {
    match text.strip_prefix(LABEL) {
        Some(key) => (Granularity::Label, key.to_owned()),
        None => (named(Granularity::ALL, text).unwrap_or_default(), String::new()),
    }
}

/// The value of `--reaches`: bytes, or a bare number in the unit of the metric.
fn reached(text: &str) -> Result<i64> {
    let value = text.parse::<u64>().map_or_else(|_| size("--reaches", text), Ok)?;
    i64::try_from(value).with_context(|| format!("--reaches {text}: too large"))
}

/// The regime that the user forces.
pub(super) fn regime(same_process: bool, independent: bool) -> Option<Regime> {
    match (same_process, independent) {
        (true, _) => Some(Regime::SameProcess),
        (_, true) => Some(Regime::Independent),
        _ => None,
    }
}

/// Whether the snapshots are of one process, where the user says so.
pub(super) fn is_one_process(same_process: bool, independent: bool) -> Option<bool> {
    (same_process || independent).then_some(same_process)
}

/// What FlameGraph's picture has no way to show is an error, so that nobody reads one thing for the other.
fn refuse_for_classic(request: &Request, width: Option<&str>) -> Result<()> {
    if let Some(width) = width.filter(|width| *width != "after") {
        bail!("--width {width}: the classic style draws the value after only; leave out --width or --style classic");
    }
    if let Some(target) = request.targets.iter().find(|target| target.format.name() != "svg") {
        bail!("--style classic is a picture (.svg), not {}; leave out --style classic", target.format.name());
    }
    if request.look.scale != Scale::Auto {
        bail!("--unit: the classic style prints whole numbers only; leave out --unit or --style classic");
    }
    Ok(())
}

pub(super) fn named<T: Copy>(table: &[(&str, T)], name: &str) -> Option<T> {
    table.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
}

fn regex(option: &str, pattern: Option<String>) -> Result<Option<Regex>> {
    let compile = |pattern: String| Regex::new(&pattern).with_context(|| format!("{option} is not a valid pattern"));
    pattern.filter(|pattern| !pattern.is_empty()).map(compile).transpose()
}

fn glob(option: &str, text: &str) -> Result<Glob> {
    Glob::new(text).ok_or_else(|| anyhow!("{option} is empty; write for example 'github.com/acme/**'"))
}

fn tag_filter(option: &str, text: Option<String>) -> Result<Option<TagFilter>> {
    let parse = |text: String| TagFilter::parse(&text).with_context(|| format!("{option} is not a valid pattern"));
    text.filter(|text| !text.is_empty()).map(parse).transpose()
}

/// A function's name as the user sees it, as a pattern for the names in a profile: whole, or without the directories of
/// its import path; `[...]` stands for whatever type arguments are there.
fn frame_pattern(frame: &str) -> Result<Regex> {
    let name = regex::escape(frame).replace(r"\[\.\.\.\]", r"\[.*\]");
    Regex::new(&format!("(?:^|/){name}(?:::h[0-9a-f]{{16}})?$")).context("--flame-root is too long")
}

#[cfg(test)]
mod tests {
    use super::frame_pattern;

    #[test]
    fn a_frame_is_named_as_it_is_shown() {
        let matches = |frame: &str, name: &str| frame_pattern(frame).expect("a pattern").is_match(name);
        assert!(matches("store.(*Cache[...]).Put", "github.com/acme/store.(*Cache[go.shape.string]).Put"));
        assert!(matches("github.com/acme/store.Put", "github.com/acme/store.Put"));
        assert!(matches("app::run", "app::run::h0123456789abcdef"));
        assert!(!matches("store.Put", "github.com/acme/store.PutAll"));
        assert!(!matches("Put", "store.Put"));
    }
}
