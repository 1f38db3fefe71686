//! `--update-baseline`: the newest snapshot becomes the recorded baseline.
//!
//! In: a diff, the path of the baseline. Out: the file, and in words how it differs from the one that was there.
//! Invariant: the file is there whole or as it was before, and what is no baseline is not replaced.

use std::io::{self, Cursor};
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::diff::{self, Diff, Stacks};
use crate::export::write_baseline;
use crate::load::{self, Input, Limits};
use crate::model::Status;
use crate::report::{terminal, warning_text};
use crate::source::Files;
use crate::units::{Scale, format, format_signed, thousands};

use super::bounded::Bounded;
use super::output::write_file;

/// The baseline that is to be replaced, if there is one.
///
/// # Errors
/// When the file holds something else.
pub(super) fn recorded(path: &Path, limits: Limits) -> Result<Option<String>> {
    /// Bytes that show what a file is.
    const BEGINNING: u64 = 128 << 10;
    // It is read to be replaced: that is not remembered.
    let files = Files::new(Box::new(io::empty()));
    let beginning = files.start(path, BEGINNING)?;
    if beginning.is_some_and(|bytes| !bytes.is_empty() && !load::is_baseline(&String::from_utf8_lossy(&bytes))) {
        bail!(
            "{} is not a leakdiff baseline: --update-baseline would replace it; choose another file, or remove this one",
            path.display()
        );
    }
    Ok(files.text(path, limits.inflated)?)
}

/// Writes the newest snapshot of a diff as a baseline, and says what that changed.
pub(super) fn record(diff: &Diff, path: &Path, limits: Limits, most_bytes: u64) -> Result<String> {
    let mut text = Vec::new();
    write_baseline(diff, diff.snapshots.len().saturating_sub(1), &mut Bounded::new(&mut text, most_bytes))
        .with_context(|| format!("{}: cannot be written", path.display()))?;
    let change = match recorded(path, limits)? {
        None => "a new file".to_owned(),
        Some(was) if was.as_bytes() == text => "nothing changed".to_owned(),
        Some(was) if was.is_empty() => "a new file".to_owned(),
        Some(was) => change(was.as_bytes(), &text, limits)
            .unwrap_or_else(|error| format!("replaces an unreadable file ({error})")),
    };
    write_file(path, |out| out.write_all(&text))?;
    Ok(terminal(&format!("baseline {}: {change}", path.display())).into_owned())
}

/// How two baselines differ: the total of each metric, and how many stacks came, went and changed.
fn change(was: &[u8], is: &[u8], limits: Limits) -> Result<String> {
    let input = |label: &str, text: &[u8]| Input::new(label, Cursor::new(text.to_vec()));
    let loaded = load::load(vec![input("the old baseline", was), input("the new baseline", is)], limits)?;
    let diff = diff::diff(loaded, &diff::Options::default())?;
    let metrics: Vec<usize> = (0..diff.metrics.len()).collect();
    let mut parts = Vec::new();
    for metric in &metrics {
        let (totals, metric) = (diff.totals(*metric), &diff.metrics[*metric].metric);
        if let [before, after] = totals[..]
            && before != after
        {
            let after_text = format(after, &metric.unit, Scale::Auto);
            let delta = format_signed(after - before, &metric.unit, Scale::Auto);
            parts.push(format!("{} {after_text} ({delta})", metric.name));
        }
    }
    let stacks = Stacks::new(&diff, &metrics);
    let status = |stack: &u32| {
        let values = stacks.values(*stack as usize);
        let magnitude = |side: fn(&(i64, i64)) -> i64| values.iter().map(|value| side(value).unsigned_abs()).max();
        match (magnitude(|value| value.0), magnitude(|value| value.1)) {
            (Some(0), _) => Status::New,
            (_, Some(0)) => Status::Gone,
            _ if values.iter().all(|(before, after)| before == after) => Status::Same,
            _ => Status::Grown,
        }
    };
    let all: Vec<Status> = stacks.live().iter().map(status).collect();
    for (wanted, word) in [(Status::New, "new"), (Status::Gone, "gone"), (Status::Grown, "changed")] {
        let count = all.iter().filter(|status| **status == wanted).count();
        if count > 0 {
            let noun = if count == 1 { "stack" } else { "stacks" };
            parts.push(format!("{} {noun} {word}", thousands(count as i64)));
        }
    }
    parts.extend(diff.warnings.iter().map(warning_text));
    Ok(parts.join(", "))
}
