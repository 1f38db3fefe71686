//! The verdict of a gate as text for a terminal: what was decided, each limit in a line, each breach with its culprits,
//! and where it did not pass the suspects.
//!
//! In: a report with its verdict, a width and whether to colour. Out: text. Invariant: no line is wider than the width,
//! but for names of functions cut to fit; colour is never the only sign; no byte of the profile reaches the terminal
//! unescaped.

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use crate::check::Outcome;
use crate::stats;
use crate::units::{format, format_range, format_signed};

use super::escape::terminal;
use super::fit::{fit_path, join, pad, shorten, wrap};
use super::paint::{Ink, paint};
use super::ruling::growth;
use super::site::{self, Detail, Site};
#[cfg(feature = "table")]
use super::table;
use super::verdict::UNMATCHED;
use super::{Breach, Check, Culprit, Report, Style, Unmatched, Verdict, header};

/// Columns before what a breach is about.
const INDENT: usize = 6;

/// Culprits that are shown of a breach: more is for a page.
const CULPRITS: usize = 3;

/// Writes the verdict.
#[cfg(feature = "table")]
pub(super) fn write(report: &Report, verdict: &Verdict, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let gate = Gate { report, verdict, style };
    gate.headline(out)?;
    if let Some(config) = &verdict.config {
        gate.indented(&terminal(&format!("with the configuration {config}")), out)?;
    }
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
        table::section(out, |out| table::write_suspects(report, style, out))?;
    }
    table::section(out, |out| {
        if verdict.result != Outcome::Pass {
            table::write_goroutines(report, style, out)?;
            table::write_aside(report, style, out)?;
        }
        table::write_warnings(report, style, out)
    })
}

/// A word for how something ended.
pub(crate) fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Pass => "PASS",
        Outcome::Fail => "FAIL",
        Outcome::Inconclusive => "INCONCLUSIVE",
    }
}

/// How many limits were exceeded, in a sentence.
fn count(verdict: &Verdict) -> String {
    let exceeded: Vec<&Breach> = verdict.breaches.iter().filter(|breach| breach.reason.is_none()).collect();
    let real = exceeded.iter().filter(|breach| breach.outcome == Outcome::Fail).count();
    let limits = |count: usize| if count == 1 { "limit" } else { "limits" };
    let checked = verdict.checks.iter().filter(|check| !check.is_unmatched()).count();
    let other = if checked < verdict.checks.len() { "other " } else { "" };
    let unchecked = verdict.breaches.iter().filter(|breach| breach.reason.is_some_and(|reason| reason != UNMATCHED));
    let reasons: Vec<&str> = unchecked.map(|breach| breach.message.as_str()).collect();
    let unsure = match exceeded.len() - real {
        0 => String::new(),
        _ if real == 0 => ", perhaps by chance".to_owned(),
        unsure => format!(", {unsure} of which perhaps by chance"),
    };
    match (reasons.first(), exceeded.len()) {
        (Some(reason), 0) if reasons.len() == verdict.checks.len() => format!("nothing was checked: {reason}"),
        (Some(reason), _) => format!("{} of {checked} {other}limits had nothing to check: {reason}", reasons.len()),
        (None, 0) if checked == 0 => "there is no other limit".to_owned(),
        (None, 0) if checked == 1 => format!("the {other}limit holds"),
        (None, 0) => format!("all {checked} {other}limits hold"),
        (None, exceeded) => format!("{exceeded} of {checked} {other}{} exceeded{unsure}", limits(checked)),
    }
}

/// Which limits matched nothing, in a sentence; `None` where all did.
fn unmatched(verdict: &Verdict) -> Option<String> {
    let Verdict { unmatched, limits, .. } = verdict;
    let text = |unmatched: &Unmatched| match &unmatched.nearest[..] {
        [] => format!("'{}'", unmatched.scope),
        [last] => format!("'{}' (nearest is {last})", unmatched.scope),
        nearest => format!("'{}' (nearest are {})", unmatched.scope, nearest.join(", ")),
    };
    let lost: Vec<String> = unmatched.iter().map(text).collect();
    let noun = if *limits == 1 { "limit" } else { "limits" };
    (!lost.is_empty()).then(|| format!("{} of {limits} {noun} matched nothing: {}", lost.len(), lost.join(", ")))
}

/// The line on top without its verdict: a pass in which limits matched nothing says that first.
pub(super) fn line(verdict: &Verdict, compared: &str) -> (Option<String>, String) {
    let count = format!("{compared}{}", count(verdict));
    match unmatched(verdict) {
        Some(unmatched) if verdict.result == Outcome::Pass => (Some(format!("but {unmatched}")), count),
        Some(unmatched) => (None, format!("{count}; {unmatched}")),
        None => (None, count),
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
        let ink = match outcome {
            Outcome::Pass => Ink::Green,
            Outcome::Fail => Ink::Red,
            Outcome::Inconclusive => Ink::Yellow,
        };
        paint(text, ink, self.style)
    }

    /// Lines that begin with a word that may be coloured, and what follows it, broken to the width.
    fn marked(&self, outcome: Outcome, gap: &str, text: &str, indent: usize) -> String {
        let mark = word(outcome);
        let words: Vec<String> = text.split(' ').map(|word| fit_path(word, self.room(indent))).collect();
        let first = format!("{mark}{gap}{}", words[0]);
        let rest = words[1..].iter().map(String::as_str);
        let lines = join(std::iter::once(first.as_str()).chain(rest), " ", self.style.width, indent);
        format!("{}{}", self.colored(mark, outcome), &lines[mark.len()..])
    }

    fn room(&self, indent: usize) -> usize {
        self.style.width.map_or(usize::MAX, |width| width.saturating_sub(indent).max(16))
    }

    fn headline(&self, out: &mut dyn Write) -> io::Result<()> {
        let result = self.verdict.result;
        let (but, text) = line(self.verdict, &format!("{}: ", compared(self.report)));
        let text = terminal(&text);
        match but {
            None => writeln!(out, "{}", self.marked(result, "  ", &text, INDENT)),
            Some(but) => {
                writeln!(out, "{}", self.marked(result, ", ", &terminal(&but), INDENT))?;
                self.indented(&text, out)
            }
        }
    }

    /// A text below a line that begins with a word, broken to the width.
    fn indented(&self, text: &str, out: &mut dyn Write) -> io::Result<()> {
        let words: Vec<String> = text.split(' ').map(|word| fit_path(word, self.room(INDENT))).collect();
        let first = format!("{}{}", " ".repeat(INDENT), words[0]);
        let words = std::iter::once(first.as_str()).chain(words[1..].iter().map(String::as_str));
        writeln!(out, "{}", join(words, " ", self.style.width, INDENT))
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
                Outcome::Pass if check.is_unmatched() => "-",
                Outcome::Pass => "ok",
                Outcome::Fail => "FAIL",
                Outcome::Inconclusive => "?",
            };
            let limit = format!("{mark:<4}  {}", pad(&shorten(limit, limit_room), limit_room));
            let metric = pad(&shorten(metric, metric_room), metric_room);
            let value = self.value(check);
            let evidence = self.evidence(check);
            let pieces = [limit.as_str(), &metric, &value, &evidence].into_iter().filter(|piece| !piece.is_empty());
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
            _ if check.is_unmatched() => "matched nothing".to_owned(),
            _ if check.reason.is_some() => "not checked".to_owned(),
            "max-total" => format(check.value.after, unit, self.style.scale),
            _ => growth(check.value, unit, self.style.scale),
        }
    }

    /// What the samples say of it, as in the tables: `certain 1.2…3.4 MiB`.
    fn evidence(&self, check: &Check) -> String {
        let (unit, scale) = (&check.metric.unit, self.style.scale);
        match &check.evidence {
            _ if check.reason.is_some() => String::new(),
            None => "error unknown".to_owned(),
            Some(evidence) if evidence.verdict == stats::Verdict::Exact => "exact".to_owned(),
            // Where the limit holds, nothing depends on whether the change is real.
            Some(evidence) if check.outcome == Outcome::Pass => {
                format!("({})", format_range(evidence.low, evidence.high, unit, scale))
            }
            Some(evidence) => header::evidence(evidence, unit, scale),
        }
    }

    fn breach(&self, breach: &Breach, out: &mut dyn Write) -> io::Result<()> {
        let text = format!("{} [{}]", terminal(&breach.message), breach.option);
        writeln!(out, "{}", self.marked(breach.outcome, "  ", &text, INDENT))?;
        for culprit in breach.culprits.iter().take(CULPRITS) {
            self.culprit(breach, culprit, out)?;
        }
        if let Some(advice) = &breach.advice {
            self.indented(&terminal(advice), out)?;
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
        let responsible = culprit.responsible.as_ref().filter(|frame| frame.function != culprit.name);
        let own = Site::of_function(&culprit.name, culprit.file.as_deref(), culprit.line);
        let sites = std::iter::once(own).chain(responsible.map(|frame| Site::of_responsible(frame).pointed_at()));
        let mut lines: Vec<String> =
            sites.map(|site| site::painted(&site.fitted(self.room(indent), Detail::Full), None, self.style)).collect();
        lines.extend(culprit.suspect.as_ref().map(|code| format!("suspect {code}")));
        lines.push(format!("fingerprint {}", culprit.fingerprint));
        for (line, margin) in lines.iter().zip(&mut margins) {
            writeln!(out, "{margin}{line}")?;
        }
        Ok(())
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
