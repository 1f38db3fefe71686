//! The screen as characters.
//!
//! In: a [`Screen`], an area. Out: a buffer of cells. Invariant: the numbers of a column end at one place; what has no room is
//! cut, never wrapped into something else. The only user of ratatui beside the terminal.

use std::io::Write;

use ratatui::buffer::Buffer;
use ratatui::layout::{Alignment, Constraint, Layout, Rect};
use ratatui::style::{Color, Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Cell, Clear, Paragraph, Row, StatefulWidget, Table, TableState, Widget, Wrap};

use crate::model::name;
use crate::report::{self, Ascii, Report, Suspect, Trend, sparkline, terminal};
use crate::stats::{Course, Verdict};
use crate::units::{Scale, format, format_signed, format_span};

use super::{Screen, View};

/// The most suspects above the rows.
const SUSPECTS: u16 = 5;
/// Values in the shape of a series.
const STEPS: usize = 12;
/// Columns from which there is room for what is there now and for the shape of the series.
const WIDE: u16 = 100;

/// What the keys do.
const KEYS: &[(&str, &str)] = &[
    ("up down, PgUp PgDn", "select a function"),
    ("Enter", "its heaviest stack"),
    ("s", "sort by growth, slope, size or name"),
    ("/", "show only functions and files that hold a text; Esc shows all"),
    ("m", "the next metric"),
    ("r", "take a snapshot now"),
    ("w", "write the report, a page to explore in a browser"),
    ("q", "leave"),
];

impl Screen {
    /// Draws what is on it.
    pub fn draw(&mut self, area: Rect, buffer: &mut Buffer) {
        let suspects = self.report.as_ref().map_or(0, |report| report.suspects.len());
        let suspects = (suspects as u16).min(SUSPECTS).min(area.height / 4);
        let above = if suspects > 0 { suspects + 2 } else { 0 };
        let [title, total, status, leaks, rows, keys] = Layout::vertical([
            Constraint::Length(1),
            Constraint::Length(1),
            Constraint::Length(1),
            Constraint::Length(above),
            Constraint::Min(0),
            Constraint::Length(1),
        ])
        .areas(area);
        Line::styled(safe(&self.title), bold()).render(title, buffer);
        if let Some(report) = &self.report {
            Line::raw(total_line(report)).render(total, buffer);
            draw_suspects(report, usize::from(suspects), leaks, buffer);
        }
        Line::styled(safe(&self.status), Style::new().add_modifier(Modifier::DIM)).render(status, buffer);
        self.draw_rows(rows, buffer);
        self.footer().render(keys, buffer);
        match self.view {
            View::Table => {}
            View::Stack => self.draw_stack(area, buffer),
            View::Help => draw_help(area, buffer),
        }
        if !self.look.color {
            for cell in &mut buffer.content {
                (cell.fg, cell.bg) = (Color::Reset, Color::Reset);
            }
        }
        if self.look.is_ascii {
            for cell in buffer.content.iter_mut().filter(|cell| !cell.symbol().is_ascii()) {
                let plain = ascii(cell.symbol());
                cell.set_char(plain);
            }
        }
    }

    fn footer(&self) -> Line<'static> {
        if self.is_typing {
            return Line::raw(format!("/{}_   Enter: done   Esc: show all", safe(&self.filter)));
        }
        let filter = if self.filter.is_empty() { String::new() } else { format!(":{}", safe(&self.filter)) };
        Line::raw(format!(
            "s sort:{}  / filter{filter}  m metric  Enter stack  w write  r now  ? keys  q quit",
            self.order.word()
        ))
    }

    fn draw_rows(&mut self, area: Rect, buffer: &mut Buffer) {
        let Some(report) = &self.report else { return };
        let columns = Columns::of(report, area.width);
        let rows: Vec<Row<'static>> = self.rows().iter().map(|row| columns.row(report, row)).collect();
        let empty = rows.is_empty();
        let table = Table::new(rows, columns.widths())
            .header(columns.heading())
            .column_spacing(2)
            .row_highlight_style(Style::new().add_modifier(Modifier::REVERSED));
        let mut state = TableState::new().with_selected(Some(self.selected));
        StatefulWidget::render(table, area, buffer, &mut state);
        if empty && area.height > 1 {
            let text = if self.filter.is_empty() { "nothing changed" } else { "no function holds this text" };
            Line::raw(text).render(Rect { y: area.y + 1, height: 1, ..area }, buffer);
        }
        self.page = usize::from(area.height.saturating_sub(1));
    }

    fn draw_stack(&self, area: Rect, buffer: &mut Buffer) {
        let Some(row) = self.selected_row() else { return };
        let mut lines = vec![Line::styled(safe(&row.name), bold())];
        if let Some(frame) = &row.responsible {
            lines.push(Line::raw(format!("← {}", safe(&place(frame)))));
        }
        lines.push(Line::raw(""));
        match &row.stack {
            Some(stack) => lines.extend(stack.iter().map(|name| Line::raw(safe(name)))),
            None => lines.push(Line::raw("no stack")),
        }
        popup(" heaviest stack, callers below ", lines, area, buffer);
    }
}

fn draw_help(area: Rect, buffer: &mut Buffer) {
    let line = |(key, what): &(&str, &str)| Line::raw(format!("{key:<20}{what}"));
    popup(" keys ", KEYS.iter().map(line).collect(), area, buffer);
}

/// A box over the middle of the screen.
fn popup(title: &'static str, lines: Vec<Line<'static>>, area: Rect, buffer: &mut Buffer) {
    let [_, area, _] =
        Layout::horizontal([Constraint::Percentage(5), Constraint::Min(0), Constraint::Percentage(5)]).areas(area);
    let height = (lines.len() as u16).saturating_add(2).min(area.height);
    let area = Rect { y: area.y + (area.height - height) / 2, height, ..area };
    Clear.render(area, buffer);
    let block = Block::bordered().title(title).title_bottom(" any key closes this ");
    Paragraph::new(lines).wrap(Wrap { trim: false }).block(block).render(area, buffer);
}

/// `inuse_space  30.0 MiB → 35.6 MiB  +5.5 MiB  growing +1.7 MiB per second  6 snapshots in 1 min`.
fn total_line(report: &Report) -> String {
    let unit = &report.metric.unit;
    let total = report.total;
    let inputs = report.inputs.len();
    let snapshots = if inputs == 1 { "1 snapshot".to_owned() } else { format!("{inputs} snapshots") };
    let after = format(total.after, unit, Scale::Auto);
    let name = safe(&report.metric.name);
    if inputs < 2 {
        return format!("{name}  {after}  {snapshots}: the next shows what grows");
    }
    let before = format(total.before, unit, Scale::Auto);
    let course = report.trend.map_or(String::new(), |trend| format!("  {}", course(report, &trend)));
    let times = report.inputs.first().zip(report.inputs.last());
    let span = times.and_then(|(first, last)| u64::try_from(last.time_nanos? - first.time_nanos?).ok());
    let span = span.map_or(String::new(), |span| format!(" in {}", format_span(span)));
    let delta = format_signed(total.delta, unit, Scale::Auto);
    format!("{name}  {before} → {after}  {delta}{course}  {snapshots}{span}")
}

/// `growing +1.7 MiB per second`, or the word alone.
fn course(report: &Report, trend: &Trend) -> String {
    let rate = trend.rate(report).filter(|_| trend.verdict == Course::Growing);
    let rate = rate.map_or(String::new(), |rate| {
        format!(" {} per {}", format_signed(rate.value, &report.metric.unit, Scale::Auto), rate.per)
    });
    format!("{}{rate}", trend.word())
}

fn draw_suspects(report: &Report, most: usize, area: Rect, buffer: &mut Buffer) {
    if most == 0 {
        return;
    }
    let more = report.suspects.len() - most.min(report.suspects.len());
    let heading = if more > 0 { format!("LIKELY LEAKS ({more} more)") } else { "LIKELY LEAKS".to_owned() };
    let lines = report.suspects.iter().take(most).enumerate().map(|(index, suspect)| leak(report, index + 1, suspect));
    let lines: Vec<Line<'static>> = std::iter::once(Line::styled(heading, bold())).chain(lines).collect();
    Paragraph::new(lines).render(area, buffer);
}

/// `1  +17.6 MiB  growing      Goroutines wait to send on a channel  quote.(*Client).fetch (quote.go:36)`.
fn leak(report: &Report, number: usize, suspect: &Suspect) -> Line<'static> {
    let unit = if suspect.metric.is_some() { "count" } else { &report.metric.unit };
    let delta = format_signed(suspect.delta, unit, Scale::Auto);
    let who = suspect.responsible.as_ref().map(place);
    let who = who.or_else(|| suspect.rows.first().map(|row| name::short(&row.name).into_owned())).unwrap_or_default();
    let color = if suspect.trend.verdict == Course::Growing { Color::Red } else { Color::Yellow };
    Line::from(vec![
        Span::raw(format!("{number}  {delta:>11}  ")),
        Span::styled(format!("{:<11}  ", suspect.trend.word()), Style::new().fg(color)),
        Span::styled(safe(&who), bold()),
        Span::raw(format!("  {}", suspect.title)),
    ])
}

/// `quote.(*Client).fetch (quote.go:36)`.
fn place(frame: &report::Responsible) -> String {
    let file = frame.file.as_deref().map(|file| file.rsplit('/').next().unwrap_or(file));
    let line = frame.line.map_or(String::new(), |line| format!(":{line}"));
    let place = file.map_or(String::new(), |file| format!(" ({file}{line})"));
    format!("{}{place}", name::short(&frame.function))
}

/// Which columns there is room for.
struct Columns {
    is_wide: bool,
    is_state: bool,
}

impl Columns {
    fn of(report: &Report, width: u16) -> Self {
        Self { is_wide: width >= WIDE, is_state: report.inputs.len() < 2 }
    }

    fn widths(&self) -> Vec<Constraint> {
        let number = Constraint::Length(10);
        let mut widths =
            if self.is_state { vec![number] } else { vec![number, Constraint::Length(14), Constraint::Length(11)] };
        if self.is_wide && !self.is_state {
            widths.insert(1, number);
            widths.push(Constraint::Length(STEPS as u16));
        }
        widths.push(Constraint::Fill(1));
        widths
    }

    fn heading(&self) -> Row<'static> {
        let mut cells = if self.is_state {
            vec![right("NOW")]
        } else {
            vec![right("GROWTH"), right("SLOPE"), Cell::new("HISTORY")]
        };
        if self.is_wide && !self.is_state {
            cells.insert(1, right("NOW"));
            cells.push(Cell::new("COURSE"));
        }
        cells.push(Cell::new("FUNCTION"));
        Row::new(cells).style(bold())
    }

    fn row(&self, report: &Report, row: &report::Row) -> Row<'static> {
        let unit = &report.metric.unit;
        let now = right(&format(row.flat.after, unit, Scale::Auto));
        let mut cells = Vec::new();
        if self.is_state {
            cells.push(now);
        } else {
            let growth = right(&format_signed(row.flat.delta, unit, Scale::Auto));
            cells.push(growth.style(Style::new().fg(color(row))));
            if self.is_wide {
                cells.push(now);
            }
            let rate = row.trend.and_then(|trend| trend.rate(report)).filter(|rate| rate.value != 0);
            let rate = rate.map(|rate| {
                let per = rate.per.get(..1).filter(|_| rate.per != "minute").unwrap_or("min");
                format!("{}/{per}", format_signed(rate.value, unit, Scale::Auto))
            });
            cells.push(right(&rate.unwrap_or_default()));
            cells.push(Cell::new(row.trend.map_or("", |trend| trend.word())));
            if self.is_wide {
                let steps = row.steps.as_deref().unwrap_or_default();
                cells.push(Cell::new(sparkline(&steps[steps.len().saturating_sub(STEPS)..])));
            }
        }
        let who = row.responsible.as_ref().filter(|frame| frame.function != row.name);
        let who = who.map_or(String::new(), |frame| format!("  ← {}", place(frame)));
        let own = Span::styled(safe(&name::short(&row.name)), bold());
        cells.push(Cell::new(Line::from(vec![own, Span::raw(safe(&who))])));
        Row::new(cells)
    }
}

/// Red is growth that is certain, yellow what is likely, and without colour what may be noise.
fn color(row: &report::Row) -> Color {
    let verdict = row.evidence.as_ref().map(|evidence| evidence.verdict);
    match verdict {
        _ if row.flat.delta <= 0 => Color::Reset,
        Some(Verdict::Exact | Verdict::Certain) => Color::Red,
        Some(Verdict::Likely) => Color::Yellow,
        Some(Verdict::Noise) | None => Color::Reset,
    }
}

/// What stands for a character of ours where there are none beyond ASCII.
fn ascii(symbol: &str) -> char {
    match symbol {
        "│" => '|',
        "┌" | "┐" | "└" | "┘" => '+',
        other => {
            let mut plain = Vec::new();
            // Memory takes all that is written.
            let _ = Ascii::new(&mut plain).write_all(other.as_bytes());
            plain.first().map_or('?', |byte| char::from(*byte))
        }
    }
}

fn right(text: &str) -> Cell<'static> {
    Cell::new(Line::raw(text.to_owned()).alignment(Alignment::Right))
}

fn bold() -> Style {
    Style::new().add_modifier(Modifier::BOLD)
}

fn safe(text: &str) -> String {
    terminal(text).into_owned()
}
