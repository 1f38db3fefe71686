//! A recorded baseline: the JSON that `export::write_baseline` writes.
//!
//! In: its text. Out: a profile whose stacks are those of the lines, by canonical name, without files, lines or
//! addresses; what was folded together is a sample without a stack for each block size.
//! Invariant: its totals are those of the profile it was recorded from; whatever does not fit together is an error.

use serde::Deserialize;

use super::text::{self, Grammar, Tables, Whole};
use super::{Format, decoded::MOST_SAMPLE_TYPES};

/// How it is recognised and decoded.
pub(super) const FORMAT: Format =
    Format { name: "a baseline of leakdiff", recognises: is_baseline, decode: text::decode::<Baseline> };

/// Whether a text that begins so is a recorded baseline, whole or not.
pub fn is_baseline(beginning: &str) -> bool {
    // Tools that lay JSON out anew may put other keys before it.
    let mut after = beginning.split("\"leakdiff_baseline\"").skip(1);
    beginning.trim_start().starts_with('{') && after.any(|rest| rest.trim_start().starts_with(':'))
}

/// The version of the layout that is read.
const VERSION: u32 = 1;

#[derive(Default)]
struct Baseline {
    text: Whole,
}

/// The file.
#[derive(Deserialize)]
struct Content {
    leakdiff_baseline: u32,
    period: Option<Period>,
    #[serde(default)]
    default_metric: String,
    metrics: Vec<Metric>,
    stacks: Vec<Line>,
    #[serde(default)]
    rest: Vec<Rest>,
}

#[derive(Deserialize)]
struct Period {
    r#type: String,
    unit: String,
    value: i64,
}

#[derive(Deserialize)]
struct Metric {
    name: String,
    unit: String,
}

#[derive(Deserialize)]
struct Line {
    stack: Vec<String>,
    size: i64,
    values: Vec<i64>,
}

#[derive(Deserialize)]
struct Rest {
    size: i64,
    values: Vec<i64>,
    largest: Vec<i64>,
}

impl Grammar for Baseline {
    fn line(&mut self, line: &str, tables: &mut Tables) -> Result<(), String> {
        self.text.line(line, tables);
        Ok(())
    }

    fn end(self, _: bool, tables: &mut Tables) -> Result<(), String> {
        let content: Content = self.text.parse()?;
        drop(self.text);
        if content.leakdiff_baseline != VERSION {
            let version = content.leakdiff_baseline;
            return Err(format!("this is a baseline of version {version}; this leakdiff reads version {VERSION}"));
        }
        fill(&content, tables)
    }
}

fn fill(content: &Content, tables: &mut Tables) -> Result<(), String> {
    let width = content.metrics.len();
    if width == 0 || width > MOST_SAMPLE_TYPES {
        return Err(format!("it declares {width} metrics"));
    }
    let metrics: Vec<(&str, &str)> = content.metrics.iter().map(|metric| (&*metric.name, &*metric.unit)).collect();
    tables.metrics(&metrics);
    tables.default_metric(&content.default_metric);
    if let Some(Period { r#type, unit, value }) = &content.period {
        tables.period(r#type, unit, *value);
    }
    let fits = |what: &str, index: usize, values: &[i64]| match values.len() {
        count if count == width => Ok(()),
        count => Err(format!("{what} {} has {count} values, where {width} are expected", index + 1)),
    };
    for (index, Line { stack, size, values }) in content.stacks.iter().enumerate() {
        fits("stack", index, values)?;
        for name in stack {
            let function = tables.function(name, "");
            let location = tables.frame(0, function, 0);
            tables.push(location);
        }
        end_sample(tables, *size, values)?;
    }
    let mut largest = vec![0; width];
    for (index, rest) in content.rest.iter().enumerate() {
        fits("rest", index, &rest.values)?;
        fits("rest", index, &rest.largest)?;
        end_sample(tables, rest.size, &rest.values)?;
        largest.iter_mut().zip(&rest.largest).for_each(|(largest, value)| *largest = (*value).max(*largest));
    }
    tables.baseline(largest);
    Ok(())
}

fn end_sample(tables: &mut Tables, size: i64, values: &[i64]) -> Result<(), String> {
    if size != 0 {
        tables.number_label("bytes", size, "bytes");
    }
    tables.end_sample(values)
}
