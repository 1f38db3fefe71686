//! The table for a terminal: header, top rows, what is not shown, total, warnings.
//!
//! In: a report, a width and whether to colour. Out: text. Invariant: no line is wider than the width (down to 60
//! columns), and no byte of the profile reaches the terminal unescaped.
//! Two layouts: one line per row where there is room, else each number under its neighbour.

use std::io::{self, Write};

use comfy_table::{Attribute, Cell, CellAlignment, Color, ContentArrangement, LineStyle, Table};
use unicode_width::UnicodeWidthStr;

use crate::analyze::Status;
use crate::units::{Scale, format, format_signed, thousands};

use super::escape::terminal;
use super::fit::{fit_name, fit_path, join, pad, shorten, wrap};
use super::header;
use super::{Change, Report, Row, Style};

/// Room that function and place need for the layout with one line per row.
const WIDE: usize = 64;
/// Least room for a name.
const NARROWEST: usize = 16;
/// Columns between two columns.
const GAP: usize = 2;
/// Columns before the values of the header.
const INDENT: usize = 8;

/// Writes the report as a table.
pub(super) fn write(report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    write_header(report, style, out)?;
    writeln!(out)?;
    if report.rows.is_empty() {
        writeln!(out, "{}", wrap(&nothing(report), style.width))?;
    } else {
        writeln!(out, "{}", table(report, style).trim_fmt())?;
    }
    if !report.warnings.is_empty() {
        writeln!(out)?;
    }
    for warning in &report.warnings {
        let input = warning.input.as_ref().map_or(String::new(), |input| format!("{input}: "));
        let text = format!("warning[{}]: {input}{}", warning.code.as_str(), warning.message);
        writeln!(out, "{}", wrap(&terminal(&text), style.width))?;
    }
    Ok(())
}

fn write_header(report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
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
    writeln!(out, "{}", join(metric.split(' '), " ", style.width, INDENT))?;
    let total = header::total(report, style.scale);
    let total: Vec<&str> = total.iter().map(String::as_str).collect();
    let first = format!("{:<7} {}", "total", total[0]);
    writeln!(out, "{}", join(std::iter::once(&*first).chain(total[1..].iter().copied()), "   ", style.width, INDENT))
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
        0 if report.inputs.len() > 1 && report.remainder.rows == 0 => "Nothing to compare: no samples.".to_owned(),
        _ => format!("No {} grew ({rows}; --sort abs shows what changed, -n 0 shows all).", report.by),
    }
}

/// One row as texts.
struct Texts {
    growth: String,
    relative: String,
    from_to: String,
    steps: Option<String>,
    objects: String,
    per_object: String,
    name: String,
    place: String,
    caller: Option<(String, String)>,
    status: Status,
}

fn texts(report: &Report, row: &Row, scale: Scale) -> Texts {
    let unit = &report.metric.unit;
    let is_single = report.inputs.len() < 2;
    let responsible = row.responsible.as_ref().filter(|frame| frame.function != row.name);
    let caller = responsible.map(|frame| {
        let mark = if frame.via == "sibling" { "← likely " } else { "← " };
        (format!("{mark}{}", terminal(&frame.function)), place(frame.file.as_deref(), frame.line))
    });
    Texts {
        growth: if is_single {
            format(row.flat.after, unit, scale)
        } else {
            format_signed(row.flat.delta, unit, scale)
        },
        relative: if is_single { share(row.flat.after, report.total.after) } else { header::relative(row.flat) },
        from_to: if is_single { format(row.cum.after, unit, scale) } else { header::from_to(row.flat, unit, scale) },
        steps: row.steps.as_ref().map(|steps| steps_text(steps, unit, scale)),
        objects: row.objects.map_or(String::new(), |objects| objects_text(objects, is_single)),
        per_object: row.objects.map_or(String::new(), |objects| per_object(row.flat, objects, unit, scale)),
        name: terminal(&row.name).into_owned(),
        place: place(row.file.as_deref(), row.line),
        caller,
        status: row.status,
    }
}

fn share(part: i64, whole: i64) -> String {
    if whole == 0 { "-".to_owned() } else { format!("{:.1}%", part as f64 / whole as f64 * 100.0) }
}

fn place(file: Option<&str>, line: Option<i64>) -> String {
    match (file, line) {
        (Some(file), Some(line)) => format!("{}:{line}", terminal(file)),
        (Some(file), None) => terminal(file).into_owned(),
        (None, _) => String::new(),
    }
}

/// The growth of each step, `+8.2 +28.1 MiB`, or for a long series its shape.
fn steps_text(values: &[i64], unit: &str, scale: Scale) -> String {
    const MOST: usize = 4;
    const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    if values.len() <= MOST + 1 {
        let step = |pair: &[i64]| format_signed(pair[1] - pair[0], unit, scale);
        return values.windows(2).map(step).collect::<Vec<_>>().join(", ");
    }
    let (low, high) =
        values.iter().fold((i64::MAX, i64::MIN), |(low, high), value| (low.min(*value), high.max(*value)));
    let bar = |value: &i64| BARS[((value - low) as f64 / (high - low).max(1) as f64 * 7.0).round() as usize];
    values.iter().map(bar).collect()
}

fn objects_text(objects: Change, is_single: bool) -> String {
    let value = if is_single { objects.after } else { objects.delta };
    let sign = if value > 0 && !is_single { "+" } else { "" };
    match value.unsigned_abs() {
        0..100_000 => format!("{sign}{}", thousands(value)),
        100_000..10_000_000 => format!("{sign}{}k", thousands(value / 1_000)),
        _ => format!("{sign}{}M", thousands(value / 1_000_000)),
    }
}

/// The mean size of the objects that came or went, or where their number is the same, of those that are there. Nothing
/// where fewer objects hold more than before: no size of an object explains that.
fn per_object(flat: Change, objects: Change, unit: &str, scale: Scale) -> String {
    let (value, count) = if objects.delta == 0 { (flat.after, objects.after) } else { (flat.delta, objects.delta) };
    let mean = (count != 0 && (value > 0) == (count > 0)).then(|| value / count);
    mean.map_or(String::new(), |mean| format(mean, unit, scale))
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
        widest(&|row| row.steps.as_ref().map_or(0, |steps| steps.width())),
        widest(&|row| row.objects.width()).max(7),
        widest(&|row| row.per_object.width()).max(5),
    ];
    let wide_room = style.width.map(|width| width.saturating_sub(numbers.iter().sum::<usize>() + GAP * 6));
    match wide_room {
        Some(room) if room < WIDE => stacked(report, &rows, &totals, &headings, style),
        room => wide(report, &rows, &totals, &headings, style, room),
    }
}

struct Headings {
    growth: &'static str,
    relative: &'static str,
    from_to: &'static str,
    subject: String,
    steps: bool,
    objects: bool,
}

impl Headings {
    fn new(report: &Report) -> Self {
        let is_single = report.inputs.len() < 2;
        Self {
            growth: if is_single { "FLAT" } else { "GROWTH" },
            relative: "%",
            from_to: if is_single { "CUM" } else { "BEFORE → AFTER" },
            subject: if report.by == "stack" { "LEAF OF STACK".to_owned() } else { report.by.to_uppercase() },
            steps: report.inputs.len() > 2,
            objects: report.total_objects.is_some(),
        }
    }
}

/// The lines under the rows: what is not shown, and the total.
fn totals(report: &Report, scale: Scale) -> Vec<Texts> {
    let unit = &report.metric.unit;
    let is_single = report.inputs.len() < 2;
    let line = |change: Change, objects: Option<Change>, name: String| Texts {
        growth: if is_single { format(change.after, unit, scale) } else { format_signed(change.delta, unit, scale) },
        relative: if is_single { share(change.after, report.total.after) } else { header::relative(change) },
        from_to: if is_single { String::new() } else { header::from_to(change, unit, scale) },
        steps: None,
        objects: objects.map_or(String::new(), |objects| objects_text(objects, is_single)),
        per_object: String::new(),
        name,
        place: String::new(),
        caller: None,
        status: Status::Same,
    };
    let mut lines = Vec::new();
    let rest = &report.remainder;
    if rest.rows > 0 || rest.delta != 0 || rest.after != 0 {
        let change = Change { before: rest.before, after: rest.after, delta: rest.delta };
        lines.push(line(change, None, header::more_rows(report)));
    }
    lines.push(line(report.total, report.total_objects, "TOTAL".to_owned()));
    lines
}

fn new_table(right_aligned: usize, headings: Vec<String>, style: &Style) -> Table {
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

fn colored(text: String, status: Status) -> Cell {
    let cell = Cell::new(text);
    match status {
        Status::New | Status::Grown => cell.fg(Color::Red),
        Status::Shrunk | Status::Gone => cell.fg(Color::Blue),
        Status::Same => cell,
    }
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
    let place_room = room.map_or(longest_place, |room| longest_place.min(room * 2 / 5));
    let name_room = room.map(|room| room - place_room);
    let has_place = longest_place > 0;
    let named = |name: &str| name_room.map_or(name.to_owned(), |room| fit_name(name, room));
    let placed = |place: &str| fit_path(place, place_room);

    let mut columns = vec![headings.growth.to_owned(), headings.relative.to_owned(), headings.from_to.to_owned()];
    columns.extend(headings.steps.then(|| "STEPS".to_owned()));
    columns.extend(headings.objects.then(|| "OBJECTS".to_owned()));
    columns.extend(headings.objects.then(|| "B/OBJ".to_owned()));
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
    let growth = all().map(|row| row.growth.width().max(row.relative.width())).max().unwrap_or(0).max(6);
    let middle = all().map(|row| row.from_to.width().max(objects(row).width())).max().unwrap_or(0).max(15);
    let width = style.width.unwrap_or(usize::MAX);
    let room = width.saturating_sub(growth + middle + 2 * GAP).max(NARROWEST);

    let mut first = vec![headings.growth, headings.from_to].into_iter().map(str::to_owned).collect::<Vec<_>>();
    first[0].push_str("\n%");
    if headings.objects {
        first[1].push_str("\nOBJECTS × B/OBJ");
    }
    first.push(format!("{}\nFILE:LINE", headings.subject));
    let mut table = new_table(2, first, style);
    for row in all() {
        let objects = objects(row);
        let middle = if objects.is_empty() { row.from_to.clone() } else { format!("{}\n{objects}", row.from_to) };
        let mut name = vec![fit_name(&row.name, room)];
        name.extend((!row.place.is_empty()).then(|| fit_path(&row.place, room)));
        if let Some((caller, place)) = &row.caller {
            name.push(fit_name(caller, room));
            name.extend((!place.is_empty()).then(|| format!("  {}", fit_path(place, room - 2))));
        }
        name.extend(row.steps.as_ref().map(|steps| shorten(&format!("steps {steps}"), room)));
        table.add_row(vec![
            colored(format!("{}\n{}", row.growth, row.relative), row.status),
            Cell::new(middle),
            Cell::new(name.join("\n")),
        ]);
    }
    debug_assert_eq!(report.rows.len(), rows.len());
    table
}
