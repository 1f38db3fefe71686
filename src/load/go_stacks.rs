//! Dumps of Go's goroutines: `/debug/pprof/goroutine?debug=2`, a crash, or SIGQUIT.
//!
//! In: per goroutine a header with its state, two lines per frame, and who created it. Out: the metric `goroutine` in
//! counts, one sample per goroutine, its stack as the text has it (without `runtime.gopark` and the like).
//! Invariant: what stands between a header and the next empty line is understood or an error; what a crash prints
//! around it is passed over. Source: `runtime/traceback.go`, read with Go 1.27.
//!
//! Labels of a sample:
//! - `state`: what it does or waits for, as Go spells it: `chan receive`, `IO wait`, `select`, `running`
//! - `wait`: for how long, a number of whole `minutes`, absent below one
//! - `created by`: the function with the `go` statement; `created at`: its `file:line`
//! - `locked to`: `thread`, for goroutines that called `runtime.LockOSThread`
//! - `leaked`: `true`, where the collector proved that it cannot wake
//! - `synctest bubble`: a number
//! - the goroutine's own labels, from Go 1.27 on

use super::Format;
use super::text::{self, Grammar, Tables, decimal, quoted};

/// How it is recognised and decoded.
pub(super) const FORMAT: Format =
    Format { name: "Go, goroutine dump (debug=2)", recognises, decode: text::decode::<GoStacks> };

/// How a crash begins.
const CRASHES: &[&str] =
    &["panic: ", "fatal error: ", "SIG", "runtime: ", "runtime stack:", "[signal ", "unexpected fault address"];

fn recognises(beginning: &str) -> bool {
    let mut lines = beginning.trim_start().lines();
    match CRASHES.iter().any(|start| beginning.starts_with(start)) {
        true => lines.any(|line| Header::parse(line).is_some()),
        false => lines.next().is_some_and(|line| Header::parse(line).is_some()),
    }
}

#[derive(Default)]
struct GoStacks {
    has_metric: bool,
    within: Within,
    awaits: Option<Awaits>,
}

/// Where in the text a line stands.
#[derive(Default, PartialEq, Eq)]
enum Within {
    /// Between goroutines.
    #[default]
    Nothing,
    /// Directly after a header.
    Header,
    /// In a stack.
    Stack,
    /// In the stack of the goroutine that created it, which `GODEBUG=tracebackancestors` adds.
    Ancestor,
}

/// Whose file and line the next line has.
enum Awaits {
    Frame(String),
    Creator(String),
}

impl Grammar for GoStacks {
    fn line(&mut self, line: &str, tables: &mut Tables) -> Result<(), String> {
        if !self.has_metric {
            self.has_metric = true;
            tables.metrics(&[("goroutine", "count")]);
            tables.period("goroutine", "count", 1);
        }
        if let Some(awaits) = self.awaits.take() {
            return place_of(awaits, line, tables);
        }
        if let Some(header) = Header::parse(line) {
            self.end_goroutine(tables)?;
            self.within = Within::Header;
            return header.push(tables);
        }
        match (&self.within, line) {
            (Within::Nothing, _) => Ok(()),
            _ if line.trim().is_empty() || line.starts_with("exit status ") => self.end_goroutine(tables),
            (Within::Ancestor, _) => Ok(()),
            _ if line.starts_with("[originating from goroutine ") => {
                self.within = Within::Ancestor;
                Ok(())
            }
            _ => {
                self.within = Within::Stack;
                self.awaits = awaits(line);
                Ok(())
            }
        }
    }

    fn end(mut self, _is_cut: bool, tables: &mut Tables) -> Result<(), String> {
        if self.awaits.is_some() || self.within == Within::Header {
            return Err(text::cut_record());
        }
        self.end_goroutine(tables)
    }
}

impl GoStacks {
    fn end_goroutine(&mut self, tables: &mut Tables) -> Result<(), String> {
        match std::mem::take(&mut self.within) {
            Within::Nothing => Ok(()),
            Within::Header | Within::Stack | Within::Ancestor => tables.end_sample(&[1]),
        }
    }
}

/// What a line of a stack announces; nothing, where it is a remark about frames that are not there.
fn awaits(line: &str) -> Option<Awaits> {
    if line.starts_with(char::is_whitespace) || (line.starts_with("...") && line.ends_with("elided...")) {
        return None;
    }
    Some(match line.strip_prefix("created by ") {
        Some(creator) => Awaits::Creator(creator.split(" in goroutine ").next().unwrap_or_default().to_owned()),
        // Arguments hold no parentheses; names may.
        None => Awaits::Frame(line.rsplit_once('(').map_or(line, |(name, _)| name).to_owned()),
    })
}

/// Takes the line `file:line +0xOFFSET` below a function, which is indented. C functions may have `pc=0xADDRESS` alone.
fn place_of(awaits: Awaits, line: &str, tables: &mut Tables) -> Result<(), String> {
    if !line.starts_with(char::is_whitespace) {
        return Err("file and line of the function above are missing".to_owned());
    }
    let trimmed = line.trim();
    let end = [" +0x", " fp=0x", " pc=0x"].iter().filter_map(|mark| trimmed.find(mark)).min().unwrap_or(trimmed.len());
    let place = &trimmed[..end];
    let (file, number) = match place.rsplit_once(':') {
        Some((file, number)) => (file, decimal(number).ok_or_else(|| format!("{number:?} is not a line number"))?),
        None if place.starts_with("pc=0x") => ("", 0),
        None => return Err(format!("{place:?} is not of the form file:line")),
    };
    match awaits {
        Awaits::Frame(name) => {
            let function = tables.function(&name, file);
            let location = tables.frame(0, function, number);
            tables.push(location);
        }
        Awaits::Creator(name) => {
            tables.label("created by", &name);
            tables.label("created at", place);
        }
    }
    Ok(())
}

/// The first line of a goroutine: `goroutine 7 [chan receive, 12 minutes, locked to thread] {tenant: acme}:`.
struct Header<'a> {
    /// What stands in the brackets.
    state: &'a str,
    /// What stands in the braces.
    labels: &'a str,
}

impl<'a> Header<'a> {
    fn parse(line: &'a str) -> Option<Self> {
        let rest = line.strip_prefix("goroutine ")?.trim_end().strip_suffix(':')?;
        let (number, rest) = rest.split_once('[')?;
        decimal(number.split(' ').next()?)?;
        let (state, rest) = rest.split_once(']')?;
        let labels = match rest {
            "" => "",
            _ => rest.strip_prefix(" {")?.strip_suffix('}')?,
        };
        Some(Self { state, labels })
    }

    fn push(&self, tables: &mut Tables) -> Result<(), String> {
        let mut parts = self.state.split(", ");
        let state = parts.next().unwrap_or_default();
        let state = state.strip_suffix(" (scan)").unwrap_or(state);
        let (state, is_leaked) = match state.strip_suffix(" (leaked)") {
            Some(state) => (state, true),
            None => (state, false),
        };
        tables.label("state", state);
        if is_leaked {
            tables.label("leaked", "true");
        }
        for part in parts {
            if let Some(minutes) = part.strip_suffix(" minutes").and_then(decimal) {
                tables.number_label("wait", minutes, "minutes");
            } else if let Some(bubble) = part.strip_prefix("synctest bubble ").and_then(decimal) {
                tables.number_label("synctest bubble", bubble, "");
            } else if let Some(what) = part.strip_prefix("locked to ") {
                tables.label("locked to", what);
            }
        }
        let mut rest = self.labels;
        while !rest.is_empty() {
            let (key, value, after) = label(rest).ok_or("labels that are not of the form key: value")?;
            tables.label(&key, &value);
            rest = after;
        }
        Ok(())
    }
}

/// One label, `key: value`, and what follows; each side is in quotes where Go found that it needs them.
fn label(text: &str) -> Option<(String, String, &str)> {
    let word = |text: &'_ str| -> Option<(String, usize)> {
        match quoted(text) {
            Some((word, rest)) => Some((word, text.len() - rest.len())),
            None if text.starts_with('"') => None,
            None => {
                let end = text.find([':', ',']).unwrap_or(text.len());
                Some((text[..end].to_owned(), end))
            }
        }
    };
    let (key, end) = word(text)?;
    let text = text[end..].strip_prefix(": ")?;
    let (value, end) = word(text)?;
    let rest = &text[end..];
    Some((key, value, if rest.is_empty() { rest } else { rest.strip_prefix(", ")? }))
}
