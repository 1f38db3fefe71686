//! Go's count profiles in text form: goroutine, goroutineleak, threadcreate or a program's own, with `debug=1`.
//!
//! In: `NAME profile: total N`, then per stack `COUNT @ addresses`, labels, and a comment per frame. Out: one metric, NAME
//! in counts. Invariant: labels are kept. The runtime's own frames at the leaf (`runtime.gopark` and what called it) have
//! addresses but no names in this form, and are left out where the others have names.
//! Source: `runtime/pprof` (`printCountProfile`), read with Go 1.27.

use super::Format;
use super::text::{self, GoFrames, Grammar, Tables, decimal, quoted};
use super::warning::incomplete;

/// How it is recognised and decoded.
pub(super) const FORMAT: Format = Format {
    name: "Go, text (debug=1)",
    recognises: |beginning| beginning.lines().next().is_some_and(|line| header(line).is_some()),
    decode: text::decode::<GoCounts>,
};

#[derive(Default)]
struct GoCounts {
    total: Option<i64>,
    sum: i64,
    record: Option<i64>,
    frames: GoFrames,
}

/// Name and total of a profile.
fn header(line: &str) -> Option<(&str, i64)> {
    let (name, total) = line.trim_end().split_once(" profile: total ")?;
    let is_name = !name.is_empty() && !name.contains(char::is_whitespace);
    is_name.then(|| Some((name, decimal(total)?)))?
}

impl Grammar for GoCounts {
    fn line(&mut self, line: &str, tables: &mut Tables) -> Result<(), String> {
        if self.total.is_none() {
            let (name, total) = header(line).ok_or("not a header of the form NAME profile: total N")?;
            self.total = Some(total);
            tables.metrics(&[(name, "count")]);
            tables.period(name, "count", 1);
            return Ok(());
        }
        match line.strip_prefix("# labels: ") {
            Some(labels) if self.record.is_some() => return push_labels(labels, tables),
            _ => {}
        }
        match line {
            _ if line.trim().is_empty() => self.end_record(tables),
            _ if GoFrames::is_frame(line) && self.record.is_some() => self.frames.push(line, tables),
            _ if line.starts_with('#') => Ok(()),
            _ => {
                self.end_record(tables)?;
                self.begin_record(line)
            }
        }
    }

    fn end(mut self, is_cut: bool, tables: &mut Tables) -> Result<(), String> {
        if self.record.is_some() && (is_cut || self.frames.has_comments()) {
            return Err(text::cut_record());
        }
        self.end_record(tables)?;
        let total = self.total.unwrap_or_default();
        if self.sum < total {
            tables.warn(incomplete::CODE, incomplete::counts(self.sum, total));
        }
        Ok(())
    }
}

impl GoCounts {
    fn begin_record(&mut self, line: &str) -> Result<(), String> {
        let malformed = "neither a record of the form COUNT @ ADDRESSES nor a comment";
        let (count, addresses) = line.split_once('@').ok_or(malformed)?;
        let count = decimal(count.trim()).ok_or(malformed)?;
        self.sum = self.sum.saturating_add(count);
        self.record = Some(count);
        self.frames.begin(addresses)
    }

    fn end_record(&mut self, tables: &mut Tables) -> Result<(), String> {
        let Some(count) = self.record.take() else { return Ok(()) };
        self.frames.end(tables);
        tables.end_sample(&[count])
    }
}

/// Reads `{"key":"value", "key":"value"}`.
fn push_labels(text: &str, tables: &mut Tables) -> Result<(), String> {
    let labels = text.trim().strip_prefix('{').and_then(|text| text.strip_suffix('}'));
    let mut rest = labels.ok_or("labels without braces")?;
    while !rest.is_empty() {
        let label = || {
            let (key, rest) = quoted(rest)?;
            let (value, rest) = quoted(rest.strip_prefix(':')?)?;
            Some((key, value, rest))
        };
        let (key, value, after) = label().ok_or("labels that are not of the form \"key\":\"value\"")?;
        tables.label(&key, &value);
        rest = after.trim_start_matches([',', ' ']);
    }
    Ok(())
}
