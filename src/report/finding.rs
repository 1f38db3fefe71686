//! What a gate objects to, one by one: every culprit of every breach, in the words that annotations are made of.
//!
//! In: a report with a verdict. Out: [`Finding`]s with fingerprint, place and plain text.
//! Invariant: no two findings of a report have the same fingerprint; a fingerprint depends on what is limited and on who
//! grew, not on values, lines or the size of the limit; a name takes at most [`LONGEST`]
//! characters.
//! Knows no format, and escapes only what a terminal would obey.

use std::collections::BTreeMap;

use crate::model::fingerprint;
use crate::model::name;
use crate::units::{Scale, format_signed};

use super::escape::terminal;
use super::gate::line;
use super::{Breach, Check, Culprit, Evidence, Outcome, Report, Responsible, Verdict};

/// The most characters of a name or path.
const LONGEST: usize = 400;

/// A culprit of a breach, or a breach that names none.
pub(super) struct Finding<'a> {
    pub breach: &'a Breach,
    pub culprit: Option<&'a Culprit>,
    /// What to do about the suspect that the culprit belongs to.
    pub fix: Option<&'static str>,
    /// 16 hexadecimal digits.
    pub fingerprint: String,
}

/// All findings: the worst breach first, in it the largest culprit.
pub(super) fn findings<'a>(report: &'a Report) -> Vec<Finding<'a>> {
    let breaches = report.verdict.iter().flat_map(|verdict| &verdict.breaches);
    let pairs = breaches.flat_map(|breach| {
        let culprits = breach.culprits.iter().map(Some);
        culprits.chain(breach.culprits.is_empty().then_some(None)).map(move |culprit| (breach, culprit))
    });
    let fix = |code: &str| Some(report.suspects.iter().find(|suspect| suspect.code == code)?.fix);
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut finding = |breach: &'a Breach, culprit: Option<&'a Culprit>| {
        let who = culprit.map_or("", |culprit| &culprit.fingerprint);
        let what = [breach.option, &breach.scope, &breach.metric.name, who];
        let times = seen.entry(fingerprint(what)).or_default();
        *times += 1;
        let count = times.to_string();
        let fingerprint = fingerprint(what.into_iter().chain((*times > 1).then_some(count.as_str())));
        let fix = culprit.and_then(|culprit| fix(culprit.suspect.as_deref()?));
        Finding { breach, culprit, fix, fingerprint }
    };
    pairs.map(|(breach, culprit)| finding(breach, culprit)).collect()
}

impl Finding<'_> {
    /// The file in the repository and the line, where it has one.
    pub fn place(&self) -> Option<(&str, i64)> {
        let culprit = self.culprit?;
        let line = culprit.responsible.as_ref().map_or(culprit.line, |frame| frame.line);
        Some((culprit.repository_path.as_deref()?, line.filter(|line| *line > 0).unwrap_or(1)))
    }

    /// A few words: which limit, and who.
    pub fn title(&self) -> String {
        let limit = format!("{} {}", self.breach.option, safe(&self.breach.limit));
        match self.culprit {
            Some(culprit) => format!("{limit}: {}", safe(&name::short(accountable(culprit)))),
            None => limit,
        }
    }

    /// What was exceeded, what this culprit has to do with it, what would settle it, which leak it is and what to do.
    pub fn message(&self, scale: Scale) -> String {
        let mut sentences = vec![safe_sentence(&self.breach.message)];
        sentences.extend(self.culprit.map(|culprit| share(self.breach, culprit, scale)));
        sentences.extend(self.breach.advice.as_deref().map(safe_sentence));
        let code = self.culprit.and_then(|culprit| culprit.suspect.as_deref()).map(safe);
        sentences.extend(code.map(|code| format!("suspect {code}, see leakdiff explain {code}")));
        sentences.extend(self.fix.map(|fix| format!("fix: {fix}")));
        sentences.join("; ")
    }
}

/// A name or path that no terminal obeys and that does not fill it.
pub(super) fn safe(text: &str) -> String {
    bounded(text, LONGEST)
}

/// A sentence, which may name several things.
pub(super) fn safe_sentence(text: &str) -> String {
    bounded(text, 4 * LONGEST)
}

fn bounded(text: &str, most: usize) -> String {
    let text = terminal(text);
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.into_owned(),
    }
}

/// The function to look at.
pub(super) fn accountable(culprit: &Culprit) -> &str {
    culprit.responsible.as_ref().map_or(&culprit.name, |frame| &frame.function)
}

/// `+6.8 MiB of it in store.(*Cache).Put, on behalf of shop.Handle`
fn share(breach: &Breach, culprit: &Culprit, scale: Scale) -> String {
    let amount = format_signed(culprit.delta, &breach.metric.unit, scale);
    let function = safe(&name::short(&culprit.name));
    match other(culprit) {
        Some(frame) => {
            let likely = frame.likely();
            let owner = safe(&name::short(&frame.function));
            format!("{amount} of it in {function}, {likely}on behalf of {owner}")
        }
        None => format!("{amount} of it in {function}"),
    }
}

/// The accountable frame, where it is another function.
pub(super) fn other(culprit: &Culprit) -> Option<&Responsible> {
    culprit.responsible.as_ref().filter(|frame| frame.function != culprit.name)
}

/// How a check is told from the others: `max-growth 5MiB|10% (total, inuse_space)`.
pub(super) fn check_name(check: &Check) -> String {
    format!("{} {} ({}, {})", check.option, safe(&check.limit), safe(&check.scope), safe(&check.metric.name))
}

/// `certain, 95% interval +4.1 MiB to +8.3 MiB`.
pub(super) fn evidence(evidence: &Evidence, unit: &str, scale: Scale) -> String {
    let word = serde_json::to_value(evidence.verdict).ok();
    let word = word.as_ref().and_then(|word| word.as_str()).unwrap_or("unknown");
    let bound = |value| format_signed(value, unit, scale);
    match evidence.z {
        Some(_) => format!("{word}, 95% interval {} to {}", bound(evidence.low), bound(evidence.high)),
        None => word.to_owned(),
    }
}

/// How the gate ended, in words: `failed: 2 of 3 limits exceeded`.
pub(super) fn summary(verdict: &Verdict) -> String {
    let state = match verdict.result {
        Outcome::Pass => "passed",
        Outcome::Fail => "failed",
        Outcome::Inconclusive => "inconclusive",
    };
    match line(verdict, "") {
        (Some(but), text) => format!("{state}, {}; {}", safe_sentence(&but), safe_sentence(&text)),
        (None, text) => format!("{state}: {}", safe_sentence(&text)),
    }
}

/// ` (store/cache.go:12)`, as far as known.
pub(super) fn place(file: Option<&str>, line: Option<i64>) -> String {
    let line = line.map_or(String::new(), |line| format!(":{line}"));
    file.map_or(String::new(), |file| format!(" ({}{line})", safe(file)))
}
