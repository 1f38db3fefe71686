//! A table of what is growing that fills the terminal and follows a series of snapshots.
//!
//! In: reports, one after the other, and the keys that are pressed. Out: what is on the screen, and what is asked for.
//! Invariant: what is selected stays selected by its name when a new report comes; no text of a profile reaches the terminal
//! unescaped. Takes no snapshots, and knows no clock.

mod draw;
mod list;
mod terminal;

pub use list::Order;
pub use terminal::{Event, Key, Terminal};

use crate::report::{Report, Row};

/// What the user asks for with a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// To leave.
    Quit,
    /// A new snapshot, now.
    Refresh,
    /// Another metric, of this name.
    Metric(String),
    /// The report as a page.
    Write,
}

/// What is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum View {
    /// The suspects and the rows.
    Table,
    /// The heaviest stack of the row that is selected.
    Stack,
    /// What the keys do.
    Help,
}

/// How it looks.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    /// Whether in colour.
    pub color: bool,
    /// Whether without characters beyond ASCII.
    pub is_ascii: bool,
}

/// What is on the screen, and what was chosen there.
pub struct Screen {
    look: Look,
    /// What is watched.
    title: String,
    /// The newest report, once there is one.
    report: Option<Report>,
    /// What is being done, or what went wrong.
    status: String,
    order: Order,
    filter: String,
    /// Whether the filter is being typed.
    is_typing: bool,
    view: View,
    /// The place of the row that is selected, among those shown.
    selected: usize,
    /// How many rows are shown at a time.
    page: usize,
}

impl Screen {
    /// Of something that is called so; nothing is known of it yet.
    pub fn new(title: String, look: Look) -> Self {
        Self {
            look,
            title,
            report: None,
            status: String::new(),
            order: Order::Growth,
            filter: String::new(),
            is_typing: false,
            view: View::Table,
            selected: 0,
            page: 1,
        }
    }

    /// Shows a newer report.
    pub fn update(&mut self, report: Report) {
        let selected = self.selected_row().map(|row| row.fingerprint.clone());
        self.report = Some(report);
        let place = self.rows().iter().position(|row| Some(&row.fingerprint) == selected.as_ref());
        self.selected = place.unwrap_or(self.selected);
        self.stay_inside();
    }

    /// Says what is being done, or what went wrong.
    pub fn say(&mut self, status: String) {
        self.status = status;
    }

    /// Takes a key.
    pub fn press(&mut self, key: Key) -> Option<Action> {
        if key == Key::Interrupt {
            return Some(Action::Quit);
        }
        if self.is_typing {
            self.type_filter(key);
            self.stay_inside();
            return None;
        }
        if self.view != View::Table {
            self.view = View::Table;
            return (key == Key::Char('q')).then_some(Action::Quit);
        }
        let page = self.page.max(1);
        match key {
            Key::Char('q') => return Some(Action::Quit),
            Key::Escape if self.filter.is_empty() => return Some(Action::Quit),
            Key::Escape => self.filter.clear(),
            Key::Char('r') => return Some(Action::Refresh),
            Key::Char('w') => return self.report.as_ref().map(|_| Action::Write),
            Key::Char('m') => return self.next_metric().map(Action::Metric),
            Key::Char('s') => self.order = self.order.next(),
            Key::Char('/') => self.is_typing = true,
            Key::Char('?' | 'h') => self.view = View::Help,
            Key::Enter if self.selected_row().is_some() => self.view = View::Stack,
            Key::Up | Key::Char('k') => self.selected = self.selected.saturating_sub(1),
            Key::Down | Key::Char('j') => self.selected += 1,
            Key::PageUp => self.selected = self.selected.saturating_sub(page),
            Key::PageDown => self.selected += page,
            Key::Home => self.selected = 0,
            Key::End => self.selected = usize::MAX,
            _ => {}
        }
        self.stay_inside();
        None
    }

    fn type_filter(&mut self, key: Key) {
        match key {
            Key::Enter => self.is_typing = false,
            Key::Escape => {
                self.is_typing = false;
                self.filter.clear();
            }
            Key::Backspace => drop(self.filter.pop()),
            Key::Char(character) => self.filter.push(character),
            _ => {}
        }
    }

    fn stay_inside(&mut self) {
        self.selected = self.selected.min(self.rows().len().saturating_sub(1));
    }

    /// The rows that the filter lets through, in the order chosen.
    fn rows(&self) -> Vec<&Row> {
        self.report.as_ref().map_or(Vec::new(), |report| list::rows(report, &self.filter, self.order))
    }

    fn selected_row(&self) -> Option<&Row> {
        self.rows().get(self.selected).copied()
    }

    /// The metric after the one that is shown, of all that there are.
    fn next_metric(&self) -> Option<String> {
        let metric = &self.report.as_ref()?.metric;
        let mut all: Vec<&String> = metric.others.iter().chain([&metric.name]).collect();
        all.sort();
        let at = all.iter().position(|name| **name == metric.name)?;
        all.get((at + 1) % all.len()).map(|name| (*name).clone()).filter(|name| *name != metric.name)
    }
}
