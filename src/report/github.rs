//! GitHub annotations: workflow commands that a runner reads from the output of a step.
//!
//! In: a report with a verdict. Out: lines such as `::error file=cart.go,line=12,title=max-growth 5MiB::It grew.`
//! Invariant: every command is one line, whatever the profile holds; at most ten of a level, which is what GitHub shows
//! of a step: the tenth says how many more there are. A culprit whose source is not in the repository has no file.
//!
//! The format: <https://docs.github.com/actions/reference/workflow-commands-for-github-actions>.

use std::io::{self, Write};

use super::escape::terminal;
use super::finding::{Finding, findings, summary};
use super::{Outcome, Report, Style};

/// The most annotations of one level that GitHub shows of a step.
const MOST: usize = 10;

/// Writes the findings as workflow commands, and what the whole came to as a notice.
pub(super) fn write(report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let Some(verdict) = &report.verdict else { return Ok(()) };
    let findings = findings(report);
    for (outcome, level) in [(Outcome::Fail, "error"), (Outcome::Inconclusive, "warning")] {
        let of_level: Vec<&Finding<'_>> = findings.iter().filter(|finding| finding.breach.outcome == outcome).collect();
        let shown = if of_level.len() > MOST { MOST - 1 } else { of_level.len() };
        for finding in &of_level[..shown] {
            command(out, level, finding.place(), &finding.title(), &finding.message(style.scale))?;
        }
        if of_level.len() > shown {
            let more = format!("{} more, in the other outputs of this run", of_level.len() - shown);
            command(out, level, None, "leakdiff check", &more)?;
        }
    }
    command(out, "notice", None, "leakdiff check", &summary(verdict))
}

fn command(out: &mut dyn Write, level: &str, place: Option<(&str, i64)>, title: &str, message: &str) -> io::Result<()> {
    write!(out, "::{level} ")?;
    if let Some((file, line)) = place {
        write!(out, "file={},line={line},", property(&terminal(file)))?;
    }
    writeln!(out, "title={}::{}", property(title), data(message))
}

/// The text of a command: what would end its line or start an escape is escaped.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property, where also the characters count that separate properties.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
