//! Patterns for functions and packages: `github.com/acme/**`, `store.(*Cache).*`, `main.main`.
//!
//! In: the text of a pattern. Out: which frames of a diff it matches.
//! Invariant: `*` stands for anything within a path element, `**` also across elements; everything else for itself.

use std::fmt;

use regex::Regex;

use crate::diff::{Diff, Key};
use crate::model::name;

/// A pattern for functions and packages.
#[derive(Debug, Clone)]
pub struct Glob {
    text: String,
    pattern: Regex,
}

impl Glob {
    /// Reads a pattern; `None` when it is empty or longer than can be compiled.
    ///
    /// A pattern is held against the whole name of a function and against its package, so that a package stands for its
    /// functions; `path/**` is everything in the package `path` and below it.
    pub fn new(text: &str) -> Option<Self> {
        let text = text.trim();
        let mut pattern = String::from("^(?s:");
        let mut rest = text.strip_suffix("/**").unwrap_or(text);
        while let Some(at) = rest.find('*') {
            pattern.push_str(&regex::escape(&rest[..at]));
            let is_double = rest[at..].starts_with("**");
            pattern.push_str(if is_double { ".*" } else { "[^/]*" });
            rest = &rest[at + if is_double { 2 } else { 1 }..];
        }
        pattern.push_str(&regex::escape(rest));
        // In the package, or below it.
        pattern.push_str(if text.ends_with("/**") { ")(?:/.*)?$" } else { ")$" });
        let pattern = Regex::new(&pattern).ok().filter(|_| !text.is_empty())?;
        Some(Self { text: text.to_owned(), pattern })
    }

    /// As the user wrote it.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether it matches a function of this name, or its package.
    pub fn matches(&self, function: &str) -> bool {
        self.pattern.is_match(function) || self.pattern.is_match(&name::package(function))
    }

    fn matches_key(&self, key: &Key) -> bool {
        [&key.normalized, &key.canonical, &key.name].iter().any(|name| self.matches(name))
    }

    /// For each key of a diff whether it matches.
    pub(super) fn keys(&self, diff: &Diff) -> Vec<bool> {
        diff.keys.iter().map(|key| self.matches_key(key)).collect()
    }
}

impl PartialEq for Glob {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl fmt::Display for Glob {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, name: &str) -> bool {
        Glob::new(pattern).expect("a pattern").matches(name)
    }

    #[test]
    fn one_star_stays_within_an_element() {
        assert!(matches("github.com/acme/*.Put", "github.com/acme/store.Put"));
        assert!(!matches("github.com/acme/*.Put", "github.com/acme/shop/store.Put"));
        assert!(matches("github.com/acme/**.Put", "github.com/acme/shop/store.Put"));
        assert!(matches("**.Put", "github.com/acme/shop/store.Put"));
        assert!(matches("github.com/acme/store.(*Cache).Put", "github.com/acme/store.(*Cache).Put"));
    }

    #[test]
    fn a_package_stands_for_its_functions() {
        assert!(matches("github.com/acme/store", "github.com/acme/store.(*Cache).Put"));
        assert!(!matches("github.com/acme/store", "github.com/acme/store/disk.Put"));
        assert!(matches("net/http", "net/http.(*Transport).dialConn"));
        assert!(matches("tokio", "tokio::runtime::spawn"));
        assert!(matches("github.com/acme/store.**", "github.com/acme/store.Put"));
    }

    #[test]
    fn two_stars_at_the_end_are_the_package_and_what_is_below() {
        assert!(matches("github.com/acme/**", "github.com/acme.Put"));
        assert!(matches("github.com/acme/**", "github.com/acme/shop/store.Put"));
        assert!(!matches("github.com/acme/**", "github.com/acmeish/shop.Put"));
        assert!(!matches("github.com/acme/**", "other.com/github.com/acme/x.Put"));
    }

    #[test]
    fn nothing_is_no_pattern() {
        assert!(Glob::new(" ").is_none());
    }
}
