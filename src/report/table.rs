//! The table for a terminal: header, top rows, what is not shown, total, warnings.
//!
//! In: a report, a width and whether to colour. Out: text. Invariant: no line is wider than the width (down to 60
//! columns), and no byte of the profile reaches the terminal unescaped.
//! Two layouts: one line per row where there is room, else each number under its neighbour.

use std::io::{self, Write};

use comfy_table::{Attribute, Cell, CellAlignment, Color, ContentArrangement, LineStyle, Table};
use unicode_width::UnicodeWidthStr;

use crate::model::Status;

use crate::model::name::{self, Origin};

use super::escape::terminal;
use super::fit::{fit_name, fit_path, join, pad, shorten, wrap};
use super::gate;
use super::header;
use super::texts::{Headings, Texts, texts, totals};
use super::{Report, Style, absence, aside, process, suspect};

/// Room that function and place need for the layout with one line per row.
const WIDE: usize = 64;
/// Least room for a name.
const NARROWEST: usize = 16;
/// Columns between two columns.
const GAP: usize = 2;
/// Columns before the values of the header.
const INDENT: usize = 8;
/// Columns before the lines about a suspect but the first.
const SUSPECT: usize = 3;

/// Writes the report as a table.
pub(super) fn write(report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    if let Some(verdict) = &report.verdict {
        return gate::write(report, verdict, style, out);
    }
    write_header(report, style, out)?;
    process::write(report, style, out)?;
    writeln!(out)?;
    if report.rows.is_empty() {
        writeln!(out, "{}", wrap(&nothing(report), style.width))?;
    } else {
        writeln!(out, "{}", table(report, style).trim_fmt())?;
    }
    write_suspects(report, style, out)?;
    write_goroutines(report, style, out)?;
    write_warnings(report, style, out)
}

/// Writes the warnings, and where to read more about them.
pub(super) fn write_warnings(report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let Some(explain) = header::explain(&report.warnings) else { return Ok(()) };
    writeln!(out)?;
    for warning in &report.warnings {
        let text = header::warning(warning);
        writeln!(out, "{}", wrap(&terminal(&text), style.width))?;
    }
    writeln!(out, "{}", wrap(&format!("for more: {explain}"), style.width))
}

/// Writes what was compared and what it comes to.
pub(super) fn write_header(report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let labels: Vec<String> = report.inputs.iter().map(|input| terminal(&input.label).into_owned()).collect();
    let longest = labels.iter().map(|label| label.width()).max().unwrap_or(0);
    let room = label_room(style.width).map_or(longest, |room| room.min(longest));
    let names = input_names(report.inputs.len());
    for (index, (input, label)) in report.inputs.iter().zip(&labels).enumerate() {
        let label = format!("{:<7} {}", names[index], pad(&shorten(label, room), room));
        let later = header::later(report, index).map_or(String::new(), |later| format!("  {later}"));
        let time = format!("{}{later}", header::time(input.time_nanos));
        writeln!(
            out,
            "{}",
            join(
                [label.trim_end(), &time],
                &" ".repeat(2 + label.width() - label.trim_end().width()),
                style.width,
                INDENT
            )
        )?;
    }
    let metric = format!("{:<7} {}", "metric", terminal(&header::metric(report)));
    let room = style.width.map_or(usize::MAX, |width| width.saturating_sub(INDENT));
    let words: Vec<String> = metric.split(' ').map(|word| shorten(word, room)).collect();
    writeln!(out, "{}", join(words.iter().map(String::as_str), " ", style.width, INDENT))?;
    let others = header::other_metrics(report).map(|others| ("others", others));
    let filters = header::filters(report).map(|filters| ("filters", filters));
    let sampling = header::sampling(report).map(|sampling| ("samples", sampling));
    for (heading, text) in others.into_iter().chain(filters).chain(sampling) {
        let words = text.split(' ').filter(|word| !word.is_empty()).map(|word| shorten(&terminal(word), room));
        let words: Vec<String> = words.collect();
        let line =
            join(words.iter().map(String::as_str), " ", style.width.map(|width| width.saturating_sub(INDENT)), 0);
        writeln!(out, "{heading:<7} {}", line.replace('\n', &format!("\n{}", " ".repeat(INDENT))))?;
    }
    let total = header::total(report, style.scale);
    let total: Vec<&str> = total.iter().map(String::as_str).collect();
    let first = format!("{:<7} {}", "total", total[0]);
    writeln!(out, "{}", join(std::iter::once(&*first).chain(total[1..].iter().copied()), "   ", style.width, INDENT))?;
    match header::trend(report, style.scale) {
        Some(trend) => {
            let line = format!("{:<7} {trend}", "trend");
            writeln!(out, "{}", join(line.split(' '), " ", style.width, INDENT))
        }
        None => Ok(()),
    }
}

/// How many more goroutines there are, and what of them the rows do not show.
pub(super) fn write_goroutines(report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    match report.goroutines.as_ref().map(|goroutines| goroutines.sentence(style.scale)) {
        Some(sentence) => writeln!(out, "{}", wrap(&sentence, style.width)),
        None => Ok(()),
    }
}

/// What is wrong, how much, where, and what to do.
pub(super) fn write_suspects(report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let suspects = suspect::listed(report);
    if let Some(absence) = absence::absence(report, style.scale) {
        writeln!(out, "\n{}", wrap(&terminal(&absence), style.width))?;
    }
    if suspects.is_empty() {
        return write_aside(report, style, out);
    }
    writeln!(out, "\nSuspects")?;
    for (number, suspect) in suspects.iter().enumerate() {
        for (line, text) in suspect.lines(report, style.scale).iter().enumerate() {
            let mark = if line == 0 { format!("{:>2} ", number + 1) } else { " ".repeat(SUSPECT) };
            let text = terminal(text);
            let width = style.width.map(|width| width.saturating_sub(SUSPECT));
            writeln!(
                out,
                "{mark}{}",
                join(text.split(' '), " ", width, 0).replace('\n', &format!("\n{}", " ".repeat(SUSPECT)))
            )?;
        }
    }
    if let Some(caution) = suspect::caution(report, &suspects) {
        writeln!(out, "{}", wrap(&caution, style.width))?;
    }
    write_aside(report, style, out)
}

/// What is no suspect, and why.
fn write_aside(report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let asides = aside::listed(report);
    if asides.is_empty() {
        return Ok(());
    }
    writeln!(out, "\nNot leaks")?;
    for text in asides {
        let width = style.width.map(|width| width.saturating_sub(SUSPECT));
        let text = join(terminal(&text).split(' '), " ", width, 0);
        writeln!(out, "{}{}", " ".repeat(SUSPECT), text.replace('\n', &format!("\n{}", " ".repeat(SUSPECT))))?;
    }
    Ok(())
}

/// Columns for labels: what a time and the distance to another leave, or all where they would leave too little.
fn label_room(width: Option<usize>) -> Option<usize> {
    const TIME: usize = 50;
    const LEAST: usize = 24;
    width.map(|width| match width.saturating_sub(TIME) {
        room if room >= LEAST => room.min(60),
        _ => width.saturating_sub(INDENT),
    })
}

fn input_names(count: usize) -> Vec<String> {
    match count {
        1 => vec!["profile".to_owned()],
        2 => vec!["before".to_owned(), "after".to_owned()],
        count => (1..=count).map(|number| format!("#{number}")).collect(),
    }
}

fn nothing(report: &Report) -> String {
    let rows = header::more_rows(report);
    match report.total.delta {
        0 if report.remainder.rows == 0 => match report.inputs.len() {
            1 => "Nothing to show: no samples.".to_owned(),
            _ => "Nothing to compare: no samples.".to_owned(),
        },
        _ if report.inputs.len() < 2 => format!("No {} holds anything ({rows}; -n 0 shows all).", report.by),
        _ => {
            let (verb, or) = match report.sort {
                "shrink" => ("shrank", "--sort abs shows what changed, "),
                "abs" => ("changed", ""),
                "objects" if report.total_objects.is_some() => {
                    ("holds more objects", "--sort abs shows what changed, ")
                }
                _ => ("grew", "--sort abs shows what changed, "),
            };
            format!("No {} {verb} ({rows}; {or}-n 0 shows all).", report.by)
        }
    }
}

fn table(report: &Report, style: &Style) -> Table {
    let rows: Vec<Texts> = report.rows.iter().map(|row| texts(report, row, style.scale)).collect();
    let totals = totals(report, style.scale);
    let all = || rows.iter().chain(&totals);
    let widest = |text: &dyn Fn(&Texts) -> usize| all().map(text).max().unwrap_or(0);
    let headings = Headings::new(report);
    let numbers = [
        widest(&|row| row.growth.width()).max(headings.growth.width()),
        widest(&|row| row.relative.width()).max(headings.relative.width()),
        widest(&|row| row.from_to.width()).max(headings.from_to.width()),
        if headings.steps {
            widest(&|row| row.steps.as_ref().map_or(0, |steps| steps.width())).max(5) + GAP
        } else {
            0
        },
        widest(&|row| row.objects.width()).max(7),
        widest(&|row| row.per_object.width()).max(5),
        if headings.kept { 4 + GAP } else { 0 },
        if headings.evidence { widest(&|row| row.evidence.width()).max("EVIDENCE".len()) + GAP } else { 0 },
    ];
    let wide_room = style.width.map(|width| width.saturating_sub(numbers.iter().sum::<usize>() + GAP * 6));
    match wide_room {
        Some(room) if room < WIDE => stacked(report, &rows, &totals, &headings, style),
        room => wide(report, &rows, &totals, &headings, style, room),
    }
}

/// The rows of a table.
pub(super) type Rows = Table;

pub(super) fn new_table(right_aligned: usize, headings: Vec<String>, style: &Style) -> Table {
    let mut table = Table::new();
    table.load_style(comfy_table::presets::NOTHING);
    table.style_mut().header_separator = LineStyle::none().fill('─').junction('─');
    table.set_content_arrangement(ContentArrangement::Disabled);
    if style.color {
        table.enforce_styling();
    } else {
        table.force_no_tty();
    }
    let last = headings.len() - 1;
    table.set_header(headings.into_iter().map(|heading| Cell::new(heading).add_attribute(Attribute::Dim)));
    for (index, column) in table.column_iter_mut().enumerate() {
        // One more column stands between two cells: the junction.
        column.set_padding((0, if index == last { 0 } else { GAP as u16 - 1 }));
        if index < right_aligned {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}

pub(super) fn colored(text: String, status: Status) -> Cell {
    let cell = Cell::new(text);
    match status {
        Status::New | Status::Grown => cell.fg(Color::Red),
        Status::Shrunk | Status::Gone => cell.fg(Color::Blue),
        Status::Same => cell,
    }
}

/// Whether all names can be shown with their import paths: with it on some of them only, they would be hard to compare.
fn all_names_fit(rows: &[Texts], room: usize) -> bool {
    let callers = rows.iter().filter_map(|row| row.caller.as_ref()).map(|(caller, _)| caller);
    let is_standard = |name: &str| name::origin(name, "") == Origin::Standard;
    rows.iter().map(|row| &row.name).chain(callers).all(|name| is_standard(name) || name.width() <= room)
}

/// One line per row, with the place in a column of its own; the accountable caller on a second line.
fn wide(
    report: &Report,
    rows: &[Texts],
    totals: &[Texts],
    headings: &Headings,
    style: &Style,
    room: Option<usize>,
) -> Table {
    let lines = |row: &Texts| -> [String; 2] {
        let (caller, at) = row.caller.clone().unwrap_or_default();
        [caller, at]
    };
    let longest_place = rows.iter().flat_map(|row| [row.place.width(), lines(row)[1].width()]).max().unwrap_or(0);
    let has_place = longest_place > 0;
    let longest_place = if has_place { longest_place.max("FILE:LINE".len()) } else { 0 };
    let place_room = room.map_or(longest_place, |room| longest_place.min(room.saturating_mul(2) / 5));
    let name_room = room.map(|room| room - place_room);
    let whole = name_room.is_none_or(|room| all_names_fit(rows, room));
    let named = |name: &str| name_room.map_or(name.to_owned(), |room| fit_name(name, room, whole));
    let placed = |place: &str| fit_path(place, place_room);

    let mut columns = vec![headings.growth.to_owned(), headings.relative.to_owned(), headings.from_to.to_owned()];
    columns.extend(headings.steps.then(|| "STEPS".to_owned()));
    columns.extend(headings.objects.then(|| "OBJECTS".to_owned()));
    columns.extend(headings.objects.then(|| "B/OBJ".to_owned()));
    columns.extend(headings.kept.then(|| "KEPT".to_owned()));
    columns.extend(headings.evidence.then(|| "EVIDENCE".to_owned()));
    let right_aligned = columns.len();
    columns.push(headings.subject.clone());
    columns.extend(has_place.then(|| "FILE:LINE".to_owned()));
    let mut table = new_table(right_aligned, columns, style);
    for row in rows.iter().chain(totals) {
        let [caller, caller_place] = lines(row);
        let second = |first: String, second: String| {
            if caller.is_empty() { first } else { format!("{first}\n{second}") }
        };
        let mut cells =
            vec![colored(row.growth.clone(), row.status), Cell::new(&row.relative), Cell::new(&row.from_to)];
        cells.extend(headings.steps.then(|| Cell::new(row.steps.as_deref().unwrap_or_default())));
        cells.extend(headings.objects.then(|| Cell::new(&row.objects)));
        cells.extend(headings.objects.then(|| Cell::new(&row.per_object)));
        cells.extend(headings.kept.then(|| Cell::new(&row.kept)));
        cells.extend(headings.evidence.then(|| Cell::new(&row.evidence)));
        cells.push(Cell::new(second(named(&row.name), named(&caller))));
        if has_place {
            cells.push(Cell::new(second(placed(&row.place), placed(&caller_place))));
        }
        table.add_row(cells);
    }
    debug_assert_eq!(report.rows.len(), rows.len());
    table
}

/// Three columns: each number has its neighbour below it, and the name has its place and its caller.
fn stacked(report: &Report, rows: &[Texts], totals: &[Texts], headings: &Headings, style: &Style) -> Table {
    let objects = |row: &Texts| match (&row.objects, &row.per_object) {
        (objects, size) if objects.is_empty() || size.is_empty() => objects.clone(),
        (objects, size) => format!("{objects} × {size}"),
    };
    let all = || rows.iter().chain(totals);
    let growth = all().map(|row| row.growth.width().max(row.relative.width())).max().unwrap_or(0);
    let growth = growth.max(headings.growth.width()).max(if headings.kept { "kept 100%".len() } else { 0 });
    let width = style.width.unwrap_or(usize::MAX);
    let longest = |row: &Texts| row.from_to.width().max(row.evidence.width());
    let narrow = all().map(longest).max().unwrap_or(0) + growth + 2 * GAP + NARROWEST > width;
    // Before and after, and the ends of an interval, have a line each where one line would leave no room for names.
    let from_to = |row: &Texts| if narrow { row.from_to.replacen(" → ", " →\n", 1) } else { row.from_to.clone() };
    let evidence = |row: &Texts| if narrow { row.evidence.replacen('…', "…\n", 1) } else { row.evidence.clone() };
    let widest = |text: String| text.lines().map(|line| line.width()).max().unwrap_or(0);
    let longest = |row: &Texts| widest(from_to(row)).max(widest(evidence(row)));
    let middle = all().map(|row| longest(row).max(objects(row).width())).max();
    let middle = middle.unwrap_or(0).max(15);
    let room = width.saturating_sub(growth + middle + 2 * GAP).max(NARROWEST);

    let whole = all_names_fit(rows, room);
    let mut first = vec![headings.growth, headings.from_to].into_iter().map(str::to_owned).collect::<Vec<_>>();
    first[0].push_str("\n%");
    if headings.objects {
        first[1].push_str("\nOBJECTS × B/OBJ");
    }
    if headings.evidence {
        first[1].push_str("\nEVIDENCE");
    }
    let has_place = rows.iter().any(|row| !row.place.is_empty());
    first.push(if has_place { format!("{}\nFILE:LINE", headings.subject) } else { headings.subject.clone() });
    let mut table = new_table(2, first, style);
    for row in all() {
        let objects = objects(row);
        let middle = [from_to(row), objects, evidence(row)];
        let middle: Vec<String> = middle.into_iter().filter(|line| !line.is_empty()).collect();
        let kept = if row.kept.is_empty() { String::new() } else { format!("\nkept {}", row.kept) };
        let mut name = vec![fit_name(&row.name, room, whole)];
        name.extend((!row.place.is_empty()).then(|| fit_path(&row.place, room)));
        if let Some((caller, place)) = &row.caller {
            name.push(fit_name(caller, room, whole));
            name.extend((!place.is_empty()).then(|| format!("  {}", fit_path(place, room - 2))));
        }
        name.extend(row.steps.as_ref().map(|steps| shorten(&format!("steps {steps}"), room)));
        table.add_row(vec![
            colored(format!("{}\n{}{kept}", row.growth, row.relative), row.status),
            Cell::new(middle.join("\n")),
            Cell::new(name.join("\n")),
        ]);
    }
    debug_assert_eq!(report.rows.len(), rows.len());
    table
}
