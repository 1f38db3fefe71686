//! Any pattern and any name: a glob matches where the regular expression that it stands for does.
//!
//! The bytes are the pattern, a line feed, the name.

use leakdiff::model::{Glob, name};
use regex::Regex;

/// Holds the pattern against the name.
pub fn run(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let (pattern, function) = text.split_once('\n').unwrap_or((text, "net/http.(*Transport).dialConn"));
    let Some(glob) = Glob::new(pattern) else {
        assert!(pattern.trim().is_empty(), "{pattern:?}");
        return;
    };
    let package = name::package(function);
    let Some(is_match) = expected(glob.text(), function, &package) else { return };
    assert_eq!(glob.matches(function), is_match, "{pattern:?} on {function:?}");
}

/// What the documentation says: the whole name, the package, and for `path/**` the package `path` too. `None` where the
/// expression is too large.
fn expected(pattern: &str, function: &str, package: &str) -> Option<bool> {
    let whole = expression(pattern)?;
    let is_below = match pattern.strip_suffix("/**") {
        Some(path) => expression(path)?.is_match(package),
        None => false,
    };
    Some(whole.is_match(function) || whole.is_match(package) || is_below)
}

fn expression(pattern: &str) -> Option<Regex> {
    let mut text = String::from("(?s)^(?:");
    let mut rest = pattern;
    while !rest.is_empty() {
        let (piece, after) = match (rest.strip_prefix("**"), rest.strip_prefix('*')) {
            (Some(after), _) => (".*".to_owned(), after),
            (None, Some(after)) => ("[^/]*".to_owned(), after),
            (None, None) => {
                let (piece, after) = rest.split_at(rest.find('*').unwrap_or(rest.len()));
                (regex::escape(piece), after)
            }
        };
        text.push_str(&piece);
        rest = after;
    }
    Regex::new(&(text + ")$")).ok()
}
