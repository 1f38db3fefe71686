//! The source of functions with the growth of each line beside it, as pprof's `list`, but signed.
//!
//! In: functions with sums by line, the text of their files, a report for what stands around them. Out: text.
//! Invariant: no line is wider than the width, and no byte of a profile or of a source file reaches the terminal
//! unescaped. Every line that holds anything is shown, also where its text is not to be had.

use std::collections::BTreeMap;
use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use crate::model::Series;
use crate::model::name;
use crate::rows::list::{Function, Line, MARGIN};
use crate::units::{format, format_signed};

use super::escape::terminal;
use super::fit::{cut, shorten, wrap};
use super::paint::{Ink, paint};
use super::table::{section, write_header, write_warnings};
use super::{Report, Style};

/// A file of source code.
pub struct Source {
    /// Where it was found.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// What is listed.
pub struct Listing {
    /// The functions, in order.
    pub functions: Vec<Function>,
    /// The files that were found, by the name that the functions have for them.
    pub sources: BTreeMap<String, Source>,
}

/// Writes all functions with the header of the report above and its warnings below.
///
/// # Errors
/// Those of `out`.
pub fn write_list(listing: &Listing, report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    write_header(report, style, out)?;
    let builds: Vec<_> = report.inputs.iter().filter_map(|input| input.build_id.as_ref()).collect();
    if builds.first() != builds.last() {
        let note = "note: the builds differ. The source is to be that of the newest; what the oldest held is counted \
                    at the numbers that its lines had, which may be other lines here.";
        writeln!(out, "{}", wrap(note, style.width))?;
    }
    let numbers = Numbers::new(listing, report, style);
    for function in &listing.functions {
        writeln!(out)?;
        write_function(function, listing.sources.get(&function.file), &numbers, style, out)?;
    }
    section(out, |out| write_warnings(report, style, out))
}

/// How values are written, and the columns they take.
struct Numbers<'a> {
    unit: &'a str,
    style: &'a Style,
    is_single: bool,
    flat: usize,
    cum: usize,
    line: usize,
}

impl<'a> Numbers<'a> {
    fn new(listing: &Listing, report: &'a Report, style: &'a Style) -> Self {
        let is_single = report.is_state();
        let mut numbers = Self { unit: &report.metric.unit, style, is_single, flat: 0, cum: 0, line: 0 };
        let [flat, cum] = numbers.headings();
        let lines = || listing.functions.iter().flat_map(|function| &function.lines);
        let widest = |series: fn(&Line) -> &Series, heading: &str| {
            let widths = lines().map(|line| numbers.cell(series(line)).width());
            widths.chain([heading.width()]).max().unwrap_or(0)
        };
        let last = lines().map(|line| line.number.saturating_add(MARGIN)).max().unwrap_or(0);
        (numbers.flat, numbers.cum, numbers.line) =
            (widest(|line| &line.flat, flat), widest(|line| &line.cum, cum), last.to_string().len().max(4));
        numbers
    }

    fn headings(&self) -> [&'static str; 2] {
        if self.is_single { ["FLAT", "CUM"] } else { ["FLAT Δ", "CUM Δ"] }
    }

    fn value(&self, series: &Series) -> String {
        let write = if self.is_single { format } else { format_signed };
        write(series.delta(), self.unit, self.style.scale)
    }

    /// A value, or a dot where neither snapshot holds anything.
    fn cell(&self, series: &Series) -> String {
        if series.is_zero() { ".".to_owned() } else { self.value(series) }
    }

    fn colored(&self, series: Option<&Series>, width: usize) -> String {
        let text = series.map_or(".".to_owned(), |series| self.cell(series));
        let gap = " ".repeat(width.saturating_sub(text.width()));
        let ink = match series.map_or(0, Series::delta) {
            0 => Ink::Dim,
            growth if growth > 0 => Ink::Red,
            _ => Ink::Blue,
        };
        // The values of one snapshot are no growth.
        let is_plain = self.is_single && series.is_some_and(|series| !series.is_zero());
        format!("{gap}{}", if is_plain { text } else { paint(&text, ink, self.style) })
    }
}

fn write_function(
    function: &Function,
    source: Option<&Source>,
    numbers: &Numbers<'_>,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let room = style.width.unwrap_or(usize::MAX);
    let title = shorten(&terminal(&function.name), room);
    writeln!(out, "{}", paint(&title, Ink::Bold, style))?;
    let file = terminal(&function.file);
    let place = match source {
        Some(source) if source.path != function.file => format!("in {file}, read from {}", terminal(&source.path)),
        Some(_) => format!("in {file}"),
        None if file.is_empty() => "in a file that the profile does not name".to_owned(),
        None => format!(
            "in {file}, which was not found: --source-path DIR says where it is, --trim-path PREFIX what to take off its path"
        ),
    };
    writeln!(out, "{}", wrap(&place, style.width))?;
    writeln!(out, "flat {}, cum {}", numbers.value(&function.flat), numbers.value(&function.cum))?;

    let text: Vec<&str> = source.map_or(Vec::new(), |source| source.text.lines().collect());
    if source.is_some()
        && let Some(doubt) = doubt(function, &text)
    {
        writeln!(out, "{}", wrap(&doubt, style.width))?;
    }
    let [flat, cum] = numbers.headings();
    let heading = format!("{flat:>0$}  {cum:>1$}  {2:>3$}", numbers.flat, numbers.cum, "LINE", numbers.line);
    writeln!(out, "{}", paint(&heading, Ink::Dim, style))?;
    let room = room.saturating_sub(numbers.flat + numbers.cum + numbers.line + 6);
    for (number, line) in lines(function, text.len()) {
        let flat = numbers.colored(line.map(|line| &line.flat), numbers.flat);
        let cum = numbers.colored(line.map(|line| &line.cum), numbers.cum);
        let label = if number > 0 { number.to_string() } else { "?".to_owned() };
        let text = usize::try_from(number.saturating_sub(1))
            .ok()
            .and_then(|index| text.get(index))
            .copied()
            .unwrap_or_default();
        let text = cut(terminal(expand_tabs(text).trim_end()).as_ref(), room);
        let text = if line.is_some() { text } else { paint(&text, Ink::Dim, style) };
        let row = format!("{flat}  {cum}  {label:>0$}  {text}", numbers.line);
        writeln!(out, "{}", row.trim_end())?;
    }
    Ok(())
}

/// The lines to show: those around what holds anything as far as the file goes, and all that hold anything.
fn lines(function: &Function, length: usize) -> Vec<(i64, Option<&Line>)> {
    let last = function.lines.last().map_or(0, |line| line.number.saturating_add(MARGIN)).min(length as i64);
    let mut shown = Vec::new();
    let mut next = function.first;
    for line in &function.lines {
        shown.extend((next..line.number.min(last + 1)).map(|number| (number, None)));
        shown.push((line.number, Some(line)));
        next = next.max(line.number.saturating_add(1));
    }
    shown.extend((next..=last).map(|number| (number, None)));
    shown
}

/// Why the file that was read may not be the one that was compiled. A Go function is declared where the profile says.
fn doubt(function: &Function, text: &[&str]) -> Option<String> {
    let last = function.lines.last().map_or(0, |line| line.number);
    if last > text.len() as i64 {
        return Some(format!(
            "warning: this file has {} lines only: it is another version, or another file",
            text.len()
        ));
    }
    let at = usize::try_from(function.declared - 1).ok().filter(|_| function.file.ends_with(".go"))?;
    let name = declared_name(&function.name)?;
    let is_there = text.get(at).is_some_and(|line| line.contains("func") && line.contains(name));
    let message = format!("warning: line {} does not declare {name}: this is another version, or another file", at + 1);
    (!is_there).then(|| terminal(&message).into_owned())
}

/// The name that a Go function has where it is declared; `None` for what the compiler makes or names.
fn declared_name(function: &str) -> Option<&str> {
    let whole = function.split('[').next().unwrap_or(function);
    let inside = name::package_end(whole).map(|end| &whole[end + 1..])?;
    let name = inside.rsplit('.').next().filter(|name| !name.starts_with(|first: char| first.is_ascii_digit()))?;
    let parts = inside.split('.').filter(|part| !part.starts_with('(')).count();
    let is_method = inside.starts_with('(') || parts == 2;
    let is_plain = !name.is_empty() && name.chars().all(|character| character.is_alphanumeric() || character == '_');
    let is_made = ["func", "gowrap", "deferwrap", "init"].iter().any(|made| name.starts_with(made)) || parts > 2;
    (is_plain && !is_made && (parts == 1 || is_method)).then_some(name)
}

fn expand_tabs(line: &str) -> String {
    const STOP: usize = 4;
    let mut expanded = String::with_capacity(line.len());
    for (index, part) in line.split('\t').enumerate() {
        if index > 0 {
            expanded.extend(std::iter::repeat_n(' ', STOP - expanded.width() % STOP));
        }
        expanded.push_str(part);
    }
    expanded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tabs_stop_every_four_columns() {
        assert_eq!(expand_tabs("\ta\tb\t\tc"), "    a   b       c");
        assert_eq!(expand_tabs("内\tb"), "内  b");
    }

    #[test]
    fn names_of_the_compiler_are_declared_nowhere() {
        assert_eq!(declared_name("example.com/shop/store.(*Cache[...]).Put"), None, "a name after type arguments");
        assert_eq!(declared_name("example.com/shop/store.(*Cache).Put"), Some("Put"));
        assert_eq!(declared_name("example.com/shop/store.Cache.Put"), Some("Put"));
        assert_eq!(declared_name("main.main"), Some("main"));
        for made in ["main.main.func1", "main.init.0", "main.run.gowrap1", "main.(*T).Run-fm", "main.f.g.h", "f"] {
            assert_eq!(declared_name(made), None, "{made}");
        }
    }

    #[test]
    fn lines_are_shown_as_far_as_the_file_goes() {
        let line = |number| Line { number, flat: Series(vec![0, 1]), cum: Series(vec![0, 1]) };
        let mut function = Function {
            name: "f".into(),
            file: "f.go".into(),
            declared: 0,
            first: 3,
            flat: Series(vec![0, 1]),
            cum: Series(vec![0, 1]),
            lines: vec![line(0), line(5), line(7)],
        };
        let numbers = |function: &Function, length| lines(function, length).iter().map(|(n, _)| *n).collect::<Vec<_>>();
        assert_eq!(numbers(&function, 100), [0, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
        assert_eq!(numbers(&function, 8), [0, 3, 4, 5, 6, 7, 8]);
        assert_eq!(numbers(&function, 4), [0, 3, 4, 5, 7]);
        assert_eq!(numbers(&function, 0), [0, 5, 7], "without its text");
        function.lines.push(line(i64::MAX));
        assert_eq!(numbers(&function, 6), [0, 3, 4, 5, 6, 7, i64::MAX]);
    }
}
