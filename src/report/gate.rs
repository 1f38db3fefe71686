//! The verdict of a gate as text for a terminal: what was decided, each limit in a line, each breach with its culprits,
//! and where it did not pass the suspects.
//!
//! In: a report with its verdict, a width and whether to colour. Out: text. Invariant: no line is wider than the width,
//! but for names of functions cut to fit; colour is never the only sign; no byte of the profile reaches the terminal
//! unescaped.

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use crate::analyze;
use crate::check::Outcome;
use crate::units::{format, format_range, format_signed};

use super::escape::terminal;
use super::fit::{fit_name, fit_path, join, pad, shorten, wrap};
use super::ruling::growth;
use super::{Breach, Check, Culprit, Report, Style, Verdict, header, table};

/// Columns before what a breach is about.
const INDENT: usize = 6;

/// Culprits that are shown of a breach: more is for a page.
const CULPRITS: usize = 3;

/// Writes the verdict.
pub(super) fn write(report: &Report, verdict: &Verdict, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let gate = Gate { report, verdict, style };
    gate.headline(out)?;
    writeln!(out)?;
    gate.checks(out)?;
    for breach in &verdict.breaches {
        writeln!(out)?;
        gate.breach(breach, out)?;
    }
    if !verdict.allowed.is_empty() {
        writeln!(out)?;
        gate.allowed(out)?;
    }
    if verdict.result != Outcome::Pass {
        table::write_suspects(report, style, out)?;
        table::write_goroutines(report, style, out)?;
    }
    table::write_warnings(report, style, out)
}

/// A word for how something ended.
pub(super) fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Pass => "PASS",
        Outcome::Fail => "FAIL",
        Outcome::Inconclusive => "INCONCLUSIVE",
    }
}

/// How many limits were exceeded, in a sentence.
pub(super) fn count(verdict: &Verdict) -> String {
    let exceeded = verdict.breaches.len();
    let real = verdict.breaches.iter().filter(|breach| breach.outcome == Outcome::Fail).count();
    let limits = |count: usize| if count == 1 { "limit" } else { "limits" };
    let checked = verdict.checks.len();
    let unsure = match exceeded - real {
        0 => String::new(),
        _ if real == 0 => ", which may be noise".to_owned(),
        unsure => format!(", {unsure} of which may be noise"),
    };
    match exceeded {
        0 if checked == 1 => "the limit holds".to_owned(),
        0 => format!("all {checked} limits hold"),
        exceeded => format!("{exceeded} of {checked} {} exceeded{unsure}", limits(checked)),
    }
}

/// What was compared with what.
pub(super) fn compared(report: &Report) -> String {
    let labels: Vec<&str> = report.inputs.iter().map(|input| input.label.as_str()).collect();
    match labels.as_slice() {
        [first, .., last] => format!("{first} → {last}"),
        labels => labels.join(""),
    }
}

struct Gate<'a> {
    report: &'a Report,
    verdict: &'a Verdict,
    style: &'a Style,
}

impl Gate<'_> {
    fn colored(&self, text: &str, outcome: Outcome) -> String {
        let color = match outcome {
            Outcome::Pass => 32,
            Outcome::Fail => 31,
            Outcome::Inconclusive => 33,
        };
        if self.style.color { format!("\u{1b}[1;{color}m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    /// Lines that begin with a word that may be coloured, broken to the width.
    fn marked(&self, outcome: Outcome, text: &str, indent: usize) -> String {
        let mark = word(outcome);
        let words: Vec<String> = text.split(' ').map(|word| fit_path(word, self.room(indent))).collect();
        let first = format!("{mark}  {}", words[0]);
        let rest = words[1..].iter().map(String::as_str);
        let lines = join(std::iter::once(first.as_str()).chain(rest), " ", self.style.width, indent);
        format!("{}{}", self.colored(mark, outcome), &lines[mark.len()..])
    }

    fn room(&self, indent: usize) -> usize {
        self.style.width.map_or(usize::MAX, |width| width.saturating_sub(indent).max(16))
    }

    fn headline(&self, out: &mut dyn Write) -> io::Result<()> {
        let text = format!("{}: {}", terminal(&compared(self.report)), count(self.verdict));
        writeln!(out, "{}", self.marked(self.verdict.result, &text, INDENT))
    }

    fn checks(&self, out: &mut dyn Write) -> io::Result<()> {
        let checks = &self.verdict.checks;
        let limits: Vec<String> = checks.iter().map(|check| terminal(&limit(check)).into_owned()).collect();
        let metrics: Vec<String> = checks.iter().map(|check| terminal(&self.measured(check)).into_owned()).collect();
        let widest = |texts: &[String]| texts.iter().map(|text| text.width()).max().unwrap_or(0);
        let room = self.room(INDENT) / 2;
        let (limit_room, metric_room) = (widest(&limits).min(room), widest(&metrics).min(room));
        for ((check, limit), metric) in checks.iter().zip(&limits).zip(&metrics) {
            let mark = match check.outcome {
                Outcome::Pass => "ok",
                Outcome::Fail => "FAIL",
                Outcome::Inconclusive => "?",
            };
            let limit = format!("{mark:<4}  {}", pad(&shorten(limit, limit_room), limit_room));
            let metric = pad(&shorten(metric, metric_room), metric_room);
            let value = self.value(check);
            let evidence = self.evidence(check);
            let pieces = [limit.as_str(), &metric, &value, &evidence];
            let line = join(pieces, "  ", self.style.width, INDENT);
            writeln!(out, "{}{}", self.colored(mark, check.outcome), &line[mark.len()..])?;
        }
        Ok(())
    }

    /// The metric, and what it was compared with where that is not the same for all.
    fn measured(&self, check: &Check) -> String {
        let bases = || self.verdict.checks.iter().filter_map(|check| check.base.as_ref());
        match &check.base {
            Some(base) if bases().any(|other| other != base) => format!("{} since {base}", check.metric.name),
            _ => check.metric.name.clone(),
        }
    }

    fn value(&self, check: &Check) -> String {
        let unit = &check.metric.unit;
        match check.option {
            "max-total" => format(check.value.after, unit, self.style.scale),
            _ => growth(check.value, unit, self.style.scale),
        }
    }

    /// What the samples say of it, as in the tables: `certain 1.2…3.4 MiB`.
    fn evidence(&self, check: &Check) -> String {
        let (unit, scale) = (&check.metric.unit, self.style.scale);
        match &check.evidence {
            None => "error unknown".to_owned(),
            Some(evidence) if evidence.verdict == analyze::Verdict::Exact => "exact".to_owned(),
            // Where the limit holds, nothing depends on whether the change is real.
            Some(evidence) if check.outcome == Outcome::Pass => {
                format!("({})", format_range(evidence.low, evidence.high, unit, scale))
            }
            Some(evidence) => header::evidence(evidence, unit, scale),
        }
    }

    fn breach(&self, breach: &Breach, out: &mut dyn Write) -> io::Result<()> {
        let text = format!("{} [{}]", terminal(&breach.message), breach.option);
        writeln!(out, "{}", self.marked(breach.outcome, &text, INDENT))?;
        for culprit in breach.culprits.iter().take(CULPRITS) {
            self.culprit(breach, culprit, out)?;
        }
        if let Some(advice) = &breach.advice {
            let words: Vec<&str> = advice.split(' ').collect();
            let indent = " ".repeat(INDENT);
            let first = format!("{indent}{}", words[0]);
            let words = std::iter::once(first.as_str()).chain(words[1..].iter().copied());
            writeln!(out, "{}", join(words, " ", self.style.width, INDENT))?;
        }
        Ok(())
    }

    fn culprit(&self, breach: &Breach, culprit: &Culprit, out: &mut dyn Write) -> io::Result<()> {
        let signed = |delta| format_signed(delta, &breach.metric.unit, self.style.scale);
        let widest =
            breach.culprits.iter().take(CULPRITS).map(|culprit| signed(culprit.delta).width()).max().unwrap_or(0);
        let indent = INDENT + widest + 2;
        let growth = signed(culprit.delta);
        let growth = format!("{}{}{growth}", " ".repeat(INDENT), " ".repeat(widest - growth.width()));
        let margin = " ".repeat(indent);
        let mut margins = std::iter::once(format!("{growth}  ")).chain(std::iter::repeat(margin.clone()));
        let mut lines = self.frame(&terminal(&culprit.name), culprit.file.as_deref(), culprit.line, indent);
        if let Some(frame) = culprit.responsible.as_ref().filter(|frame| frame.function != culprit.name) {
            let likely = if frame.via == "sibling" { "likely " } else { "" };
            let name = format!("← {likely}{}", terminal(&frame.function));
            lines.extend(self.frame(&name, frame.file.as_deref(), frame.line, indent));
        }
        lines.extend(culprit.suspect.as_ref().map(|code| format!("suspect {code}")));
        lines.push(format!("fingerprint {}", culprit.fingerprint));
        for (line, margin) in lines.iter().zip(&mut margins) {
            writeln!(out, "{margin}{line}")?;
        }
        Ok(())
    }

    /// A function and where it stands, in one line or two.
    fn frame(&self, name: &str, file: Option<&str>, line: Option<i64>, indent: usize) -> Vec<String> {
        let room = self.room(indent);
        let place = match (file, line) {
            (Some(file), Some(line)) => format!("{}:{line}", terminal(file)),
            (Some(file), None) => terminal(file).into_owned(),
            (None, _) => String::new(),
        };
        match place {
            place if place.is_empty() => vec![fit_name(name, room, true)],
            place if name.width() + 2 + place.width() <= room => vec![format!("{name}  {place}")],
            place => vec![fit_name(name, room, true), format!("  {}", fit_path(&place, room - 2))],
        }
    }

    fn allowed(&self, out: &mut dyn Write) -> io::Result<()> {
        let metric = &self.report.metric;
        for allowed in &self.verdict.allowed {
            let growth = format_signed(allowed.delta, &metric.unit, self.style.scale);
            let suspect = allowed.suspect.map_or(String::new(), |code| format!("suspect {code}, "));
            let (entry, reason) = (&allowed.entry, &allowed.reason);
            let text = format!("allowed: {growth} of {} by {suspect}{entry} ({reason})", metric.name);
            writeln!(out, "{}", wrap(&terminal(&text), self.style.width))?;
        }
        Ok(())
    }
}

/// The limit as it would be written on the command line.
fn limit(check: &Check) -> String {
    match check.option {
        "limit" => format!("limit {}={}", check.scope, check.limit),
        option => format!("{option} {}", check.limit),
    }
}
