//! A configuration as text.
//!
//! In: a [`Config`]. Out: TOML that reads back as the same. Invariant: keys in the order of the documentation.

use std::borrow::Cow;
use std::fmt::Write;
use std::path::Path;

use super::Config;
use crate::check::{Allow, DEFAULT_ALPHA, Matcher, Outcome};

/// A text as TOML spells it.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// A text as a key, which stands on one line; TOML knows the escapes of JSON, and wants one for one character more.
fn key(text: &str) -> String {
    serde_json::Value::from(text).to_string().replace('\u{7f}', "\\u007f")
}

fn list<'a>(texts: impl IntoIterator<Item = Cow<'a, str>>) -> String {
    let texts: Vec<String> = texts.into_iter().map(|text| quoted(&text)).collect();
    format!("[{}]", texts.join(", "))
}

impl Config {
    /// The configuration as TOML, with the defaults of what is not set where there are any.
    pub fn to_toml(&self) -> String {
        let mut lines: Vec<(&str, Option<String>)> = Vec::new();
        let limit = |limit: &Option<crate::check::Limit>| limit.as_ref().map(|limit| quoted(&limit.to_string()));
        lines.push(("max-growth", limit(&self.max_growth)));
        lines.push(("max-total", limit(&self.max_total)));
        lines.push(("max-objects", limit(&self.max_objects)));
        lines.push(("max-slope", limit(&self.max_slope)));
        lines.push(("per-stack", limit(&self.per_stack)));
        lines.push(("metric", (!self.metric.is_empty()).then(|| list(self.metric.iter().map(|name| name.into())))));
        lines.push(("per-op", self.per_op.map(|work| work.to_string())));
        lines.push(("alpha", Some(format!("{:?}", self.alpha.unwrap_or(DEFAULT_ALPHA)))));
        let path = |path: &Path| quoted(&path.to_string_lossy());
        let on_inconclusive =
            self.on_inconclusive.map(|outcome| if outcome == Outcome::Pass { "pass" } else { "fail" });
        lines.push(("on-inconclusive", on_inconclusive.map(quoted)));
        let unmatched = self.unmatched.map(|outcome| if outcome == Outcome::Fail { "fail" } else { "warn" });
        lines.push(("unmatched", unmatched.map(quoted)));
        lines.push(("baseline", self.baseline.as_deref().map(path)));
        lines.push(("suppressions", self.suppressions.as_deref().map(path)));
        lines.push((
            "output",
            (!self.output.is_empty()).then(|| list(self.output.iter().map(|output| output.to_string_lossy()))),
        ));
        let set = lines.into_iter().filter_map(|(key, value)| value.map(|value| format!("{key} = {value}\n")));
        let mut text: String = set.collect();
        if !self.limits.is_empty() {
            text.push_str("\n[limits]\n");
        }
        for (glob, limit) in &self.limits {
            text.push_str(&format!("{} = {}\n", key(glob.text()), quoted(&limit.to_string())));
        }
        self.allow.iter().for_each(|allow| text.push_str(&entry(allow)));
        text
    }
}

fn entry(allow: &Allow) -> String {
    let (key, value) = match &allow.matcher {
        Matcher::Fingerprint(digits) => ("fingerprint", digits.as_str()),
        Matcher::Pattern(glob) => ("pattern", glob.text()),
        // Stands in a file of its own, which `suppressions` names.
        Matcher::Leak { .. } => return String::new(),
    };
    let mut text = format!("\n[[allow]]\n{key} = {}\nreason = {}\n", quoted(value), quoted(&allow.reason));
    if let Some(expires) = allow.expires {
        // Writing to memory cannot fail.
        let _ = writeln!(text, "expires = {expires}");
    }
    text
}
