//! A text does not say what its numbers count
//!
//! ## What was seen
//!
//! The input is a text of folded stacks, whose numbers have no name and no unit.
//!
//! ## Why it matters
//!
//! The numbers are taken for bytes in use. Where they are something else, such as samples or bytes ever allocated, growth
//! of them is no leak, and the units of the report are wrong.
//!
//! ## What to do
//!
//! Make sure that the tool that wrote it was asked for bytes in use:
//!
//! ```sh
//! asprof -e alloc --live --total -o collapsed -f heap1.folded PID
//! heaptrack_print -f trace.zst -F heap1.folded --flamegraph-cost-type peak
//! ```
//!
//! A file that leakdiff wrote (`-o growth.folded`) has the metric that was compared.
//!
//! ## How it is decided
//!
//! Every text of folded stacks has this warning: the format has no place for a metric.
//!
//! ## Example
//!
//! ```text
//! warning[unstated-metric]: heap1.folded: folded stacks do not say what they count: taken for bytes in use
//! ```

use crate::model::{Code, Page};

/// Its code.
pub const CODE: Code = Code::UnstatedMetric;
/// Its page.
pub const PAGE: Page = Page::new(CODE.as_str(), include_str!("unstated_metric.rs"));
/// What is said.
pub const MESSAGE: &str = "folded stacks do not say what they count: taken for bytes in use";
