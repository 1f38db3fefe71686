//! Patterns for functions and packages: `github.com/acme/**`, `store.(*Cache).*`, `main.main`.
//!
//! In: the text of a pattern. Out: whether it matches a name. Invariant: `*` stands for anything within a path element
//! (the star of a pointer receiver too), `**` also across elements; everything else for itself.
//! Knows nothing of profiles.

use std::fmt;
use std::ops::Range;

use super::name;

/// A pattern for functions and packages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Glob {
    text: String,
    tokens: Vec<Token>,
    /// How many bytes stand before the first star, but for a slash at their end: most names differ there.
    prefix: usize,
    /// The longest piece that stands for itself, in the text: whatever matches holds it.
    literal: Range<usize>,
}

/// What a piece of a pattern stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token {
    /// This byte.
    Byte(u8),
    /// Any bytes but a slash.
    Within,
    /// Any bytes.
    Across,
}

impl Glob {
    /// Reads a pattern; `None` when it is empty.
    ///
    /// A pattern is held against the whole name of a function and against its package, so that a package stands for its
    /// functions; `path/**` is everything in the package `path` and below it.
    ///
    /// ```
    /// use leakdiff::model::Glob;
    /// let matches = |pattern, name| Glob::new(pattern).unwrap().matches(name);
    /// assert!(matches("github.com/acme/**", "github.com/acme/shop/store.Put"));
    /// assert!(matches("github.com/acme/**", "github.com/acme.Put"));
    /// assert!(matches("net/http", "net/http.(*Transport).dialConn"));
    /// assert!(matches("net/http.(*Transport).dial*", "net/http.(*Transport).dialConn"));
    /// assert!(!matches("github.com/acme/*.Put", "github.com/acme/shop/store.Put"));
    /// assert!(matches("tokio", "tokio::runtime::spawn"));
    /// ```
    pub fn new(text: &str) -> Option<Self> {
        let text = text.trim();
        let mut tokens = Vec::with_capacity(text.len());
        let mut rest = text.as_bytes();
        while let [first, after @ ..] = rest {
            let (token, after) = match (first, after) {
                (b'*', [b'*', after @ ..]) => (Token::Across, after),
                (b'*', after) => (Token::Within, after),
                (byte, after) => (Token::Byte(*byte), after),
            };
            tokens.push(token);
            rest = after;
        }
        let mut at = 0;
        let pieces = text.split('*').map(|piece| {
            let start = at;
            at += piece.len() + 1;
            // `path/**` is `path` too, so that the slash before a star may be missing.
            start..start + piece.trim_end_matches('/').len()
        });
        let pieces: Vec<Range<usize>> = pieces.collect();
        let prefix = pieces.first().map_or(0, |piece| piece.end);
        let literal = pieces.into_iter().max_by_key(ExactSizeIterator::len).unwrap_or_default();
        (!tokens.is_empty()).then(|| Self { text: text.to_owned(), tokens, prefix, literal })
    }

    /// As the user wrote it.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether it matches a function of this name, or its package.
    pub fn matches(&self, function: &str) -> bool {
        self.matches_parts(function, &name::package(function))
    }

    /// The same, where the package of the function is known.
    pub(crate) fn matches_parts(&self, function: &str, package: &str) -> bool {
        let (prefix, literal) = (&self.text[..self.prefix], &self.text[self.literal.clone()]);
        if ![function, package].iter().any(|name| name.starts_with(prefix) && name.contains(literal)) {
            return false;
        }
        if is_match(&self.tokens, function) {
            return true;
        }
        let below = match &self.tokens[..] {
            [path @ .., Token::Byte(b'/'), Token::Across] => path,
            tokens => tokens,
        };
        is_match(&self.tokens, package) || (below.len() < self.tokens.len() && is_match(below, package))
    }
}

/// Whether a pattern matches a whole text.
fn is_match(tokens: &[Token], text: &str) -> bool {
    // What stands before the first star and after the last one needs no search, and tells most names apart.
    let is_byte = |(token, byte): &(&Token, &u8)| **token == Token::Byte(**byte);
    let before = tokens.iter().zip(text.as_bytes()).take_while(is_byte).count();
    let (tokens, text) = (&tokens[before..], &text.as_bytes()[before..]);
    let after = tokens.iter().rev().zip(text.iter().rev()).take_while(is_byte).count();
    let (tokens, text) = (&tokens[..tokens.len() - after], &text[..text.len() - after]);
    match tokens {
        [] => text.is_empty(),
        [Token::Across] => true,
        [Token::Within] => !text.contains(&b'/'),
        [Token::Byte(_), ..] | [.., Token::Byte(_)] => false,
        tokens => search(tokens, text),
    }
}

/// All places in the pattern that can be reached are followed side by side, so that no pattern takes long.
fn search(tokens: &[Token], text: &[u8]) -> bool {
    let mut reached = vec![false; tokens.len() + 1];
    let mut next = reached.clone();
    reached[0] = true;
    let skip_stars = |reached: &mut [bool]| {
        for (at, token) in tokens.iter().enumerate() {
            reached[at + 1] |= reached[at] && !matches!(token, Token::Byte(_));
        }
    };
    skip_stars(&mut reached);
    for byte in text {
        next.fill(false);
        for (at, token) in tokens.iter().enumerate().filter(|(at, _)| reached[*at]) {
            match token {
                Token::Byte(wanted) => next[at + 1] |= wanted == byte,
                Token::Within => next[at] |= *byte != b'/',
                Token::Across => next[at] = true,
            }
        }
        skip_stars(&mut next);
        if !next.contains(&true) {
            return false;
        }
        std::mem::swap(&mut reached, &mut next);
    }
    reached[tokens.len()]
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
        assert!(!matches("github.com/acme/shop.Put*ut", "github.com/acme/shop.Put"), "no byte stands for two");
        assert!(matches("github.com/acme/**.Put", "github.com/acme/shop/store.Put"));
        assert!(matches("**.Put", "github.com/acme/shop/store.Put"));
        assert!(matches("github.com/acme/store.(*Cache).Put", "github.com/acme/store.(*Cache).Put"));
    }

    #[test]
    fn a_package_stands_for_its_functions() {
        assert!(matches("github.com/acme/store", "github.com/acme/store.(*Cache).Put"));
        assert!(!matches("github.com/acme/store", "github.com/acme/store/disk.Put"));
        assert!(matches("github.com/acme/store.**", "github.com/acme/store.Put"));
        assert!(matches("gopkg.in/yaml.v3", "gopkg.in/yaml%2ev3.Unmarshal"));
        assert!(matches("alloc", "<alloc::vec::Vec<T> as core::clone::Clone>::clone"));
    }

    #[test]
    fn two_stars_at_the_end_are_the_package_and_what_is_below() {
        assert!(matches("github.com/acme/**", "github.com/acme.Put"));
        assert!(!matches("github.com/acme/**", "github.com/acmeish/shop.Put"));
        assert!(!matches("github.com/acme/**", "other.com/github.com/acme/x.Put"));
    }

    #[test]
    fn many_stars_take_no_time() {
        assert!(!matches(&"*a".repeat(200), &"a".repeat(5_000).replace("aa", "ab")));
        assert!(Glob::new(" ").is_none());
    }
}
