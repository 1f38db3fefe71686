//! Which rows are shown, and in which order.
//!
//! In: a report, a filter, an order. Out: its rows. Invariant: the order is total, so that rows do not change places by chance.

use std::cmp::Reverse;

use crate::model::name;
use crate::report::{Report, Row};

/// What the rows are ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// What grew most.
    Growth,
    /// What grows fastest now.
    Slope,
    /// What is largest now.
    Now,
    /// The name.
    Name,
}

impl Order {
    /// The order after it.
    #[must_use]
    pub fn next(self) -> Self {
        match self {
            Order::Growth => Order::Slope,
            Order::Slope => Order::Now,
            Order::Now => Order::Name,
            Order::Name => Order::Growth,
        }
    }

    /// What it is called.
    pub fn word(self) -> &'static str {
        match self {
            Order::Growth => "growth",
            Order::Slope => "slope",
            Order::Now => "size",
            Order::Name => "name",
        }
    }
}

/// The rows that hold a text in a name or file, whatever its case, in an order.
pub(super) fn rows<'a>(report: &'a Report, filter: &str, order: Order) -> Vec<&'a Row> {
    let wanted = filter.to_lowercase();
    let holds = |text: &str| text.to_lowercase().contains(&wanted);
    let is_shown = |row: &&Row| {
        let responsible = row.responsible.as_ref();
        let files = [row.file.as_deref(), responsible.and_then(|frame| frame.file.as_deref())];
        let names = [Some(row.name.as_str()), responsible.map(|frame| frame.function.as_str())];
        wanted.is_empty() || files.into_iter().chain(names).flatten().any(holds)
    };
    let mut rows: Vec<&Row> = report.rows.iter().filter(is_shown).collect();
    // Those that are equal stay as the report has them.
    match order {
        Order::Growth => rows.sort_by_key(|row| Reverse(row.flat.delta)),
        Order::Slope => rows.sort_by_key(|row| Reverse(row.trend.and_then(|trend| trend.slope_per_hour))),
        Order::Now => rows.sort_by_key(|row| Reverse(row.flat.after)),
        // As they are shown.
        Order::Name => rows.sort_by(|a, b| name::short(&a.name).cmp(&name::short(&b.name))),
    }
    rows
}
