//! What a stack looks like: `bufio.NewReaderSize < net/http.(*Transport).dialConn`.
//!
//! In: the text of a pattern. Out: its elements. Invariant: names are in normal form, as those of profiles are made, so that
//! a pattern matches in every Go version; a test over the table sees to it. Knows nothing of diffs.
//!
//! ```text
//! a < b        b calls a directly
//! a << b       b stands somewhere above a
//! ^ a          a is where it was allocated (frames of the runtime, of slices and of maps before it do not count)
//! a $          a is where the goroutine started
//! ^ a {48}     and the blocks have 48 bytes
//! ^ a {doubling}  and the stack allocates one size after the other, each up to twice the one before, as append does
//! ^ a {deferred}  and the blocks are records of deferred calls that have not run
//! net/http.*   any function of a name like that; a package stands for its functions
//! @app @dep @std  code of the program itself, of a dependency, of the standard library
//! ```

use crate::model::Glob;
use crate::model::name::{Origin, package_end};

/// What one frame has to be.
#[derive(Debug, Clone)]
pub(crate) enum Element {
    /// A function of this name.
    Name(&'static str),
    /// A function whose name or package is like this.
    Like(Glob),
    /// Code from here.
    From(Origin),
}

impl Element {
    fn parse(text: &'static str) -> Result<Self, String> {
        match text {
            "@app" => return Ok(Self::From(Origin::Application)),
            "@dep" => return Ok(Self::From(Origin::Dependency)),
            "@std" => return Ok(Self::From(Origin::Standard)),
            _ if text.starts_with('@') => return Err(format!("{text} is neither @app, @dep nor @std")),
            _ if text.is_empty() => return Err("an element is missing".to_owned()),
            _ => {}
        }
        if text.contains(['^', '<', '{', '}', '$']) {
            return Err(format!("{text} is no name: marks stand between spaces"));
        }
        let receivers = text.matches("(*").count();
        if text.matches('*').count() > receivers || is_package(text) {
            let glob = Glob::new(text).ok_or_else(|| format!("{text} is no pattern"))?;
            return Ok(Self::Like(glob));
        }
        Ok(Self::Name(text))
    }
}

/// Whether a text without stars names a package: no dot in its last element, or none but that of a version, `yaml.v3`.
fn is_package(text: &str) -> bool {
    let is_version = |function: &str| {
        let digits = function.strip_prefix('v').unwrap_or_default();
        !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
    };
    package_end(text).is_none_or(|end| is_version(&text[end + 1..]))
}

/// How an element stands to the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Link {
    /// It calls it.
    Calls,
    /// It stands somewhere above it.
    Above,
}

/// What the blocks have to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Blocks {
    /// Anything.
    Any,
    /// Of this many bytes.
    Size(i64),
    /// Of one size after the other, as an array that grows.
    Doubling,
    /// Records of deferred calls.
    Deferred,
}

/// What a stack looks like.
#[derive(Debug, Clone)]
pub(crate) struct Pattern {
    pub first: Element,
    pub further: Vec<(Link, Element)>,
    pub is_leaf: bool,
    pub is_root: bool,
    pub blocks: Blocks,
}

impl Pattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &'static str) -> Result<Self, String> {
        let mut tokens = text.split_whitespace().peekable();
        let is_leaf = tokens.next_if_eq(&"^").is_some();
        let first = Element::parse(tokens.next().unwrap_or_default())?;
        let mut pattern = Self { first, further: Vec::new(), is_leaf, is_root: false, blocks: Blocks::Any };
        while let Some(token) = tokens.next() {
            let link = match token {
                "<" => Link::Calls,
                "<<" => Link::Above,
                "$" if tokens.peek().is_none() => {
                    pattern.is_root = true;
                    break;
                }
                _ if token.starts_with('{') && is_leaf => {
                    pattern.blocks = Blocks::parse(token)?;
                    continue;
                }
                _ if token.starts_with('{') => return Err("blocks are those of the leaf: begin with ^".to_owned()),
                other => return Err(format!("{other} stands where < or << is needed")),
            };
            pattern.further.push((link, Element::parse(tokens.next().unwrap_or_default())?));
        }
        Ok(pattern)
    }
}

impl Blocks {
    fn parse(token: &str) -> Result<Self, String> {
        let inside = token.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).ok_or("a { without a }")?;
        Ok(match inside {
            "doubling" => Self::Doubling,
            "deferred" => Self::Deferred,
            size => Self::Size(size.parse().map_err(|_| format!("{size} is no size of a block"))?),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnose::signature::SIGNATURES;
    use crate::diff::normalize::normal_form;

    #[test]
    fn names_are_normal() {
        for text in SIGNATURES.iter().flat_map(|signature| signature.patterns()) {
            let pattern = Pattern::parse(text).expect(text);
            let elements = std::iter::once(&pattern.first).chain(pattern.further.iter().map(|(_, element)| element));
            for element in elements {
                if let Element::Name(name) = element {
                    assert_eq!(*name, normal_form(name, ""), "{text}");
                }
            }
        }
    }

    #[test]
    fn a_package_stands_for_its_functions() {
        for (text, function) in [
            ("net/http", "net/http.(*Transport).dialConn"),
            ("google.golang.org/grpc", "google.golang.org/grpc.NewClient"),
            ("gopkg.in/yaml.v3", "gopkg.in/yaml%2ev3.Unmarshal"),
            ("github.com/robfig/cron/v3", "github.com/robfig/cron/v3.New"),
        ] {
            match Pattern::parse(text).expect("a pattern").first {
                Element::Like(glob) => assert!(glob.matches(function), "{text}"),
                other => panic!("{text}: {other:?}"),
            }
        }
        let name = Pattern::parse("golang.org/x/sync/errgroup.(*Group).Go").expect("a pattern").first;
        assert!(matches!(name, Element::Name(_)), "{name:?}");
    }

    #[test]
    fn links_and_marks_are_read() {
        let pattern = Pattern::parse("^ a.B {48} < c.D << @app $").expect("a pattern");
        assert!(pattern.is_leaf && pattern.is_root);
        assert_eq!(pattern.blocks, Blocks::Size(48));
        assert_eq!(pattern.further.iter().map(|(link, _)| *link).collect::<Vec<_>>(), [Link::Calls, Link::Above]);
        assert!(matches!(pattern.further[1].1, Element::From(Origin::Application)));
    }

    #[test]
    fn what_is_no_pattern_is_told() {
        for text in ["", "a.B <", "< a.B", "a.B c.D", "@who", "^ a.B {x}", "a.B {48}", "^ a.B {48", "^a.B", "a.B<c.D"] {
            assert!(Pattern::parse(text).is_err(), "{text}");
        }
    }
}
