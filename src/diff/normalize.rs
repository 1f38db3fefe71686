//! Function names without what a toolchain or a rebuild changes in them.
//!
//! In: a function name as a profile spells it. Out: the spelling under which it is compared with other snapshots.
//! Invariant: idempotent; names that the rules do not touch come back as they are.
//! The spellings were read off profiles of Go 1.22 to 1.27.

use std::borrow::Cow;

use crate::model::name::{is_native, package_end};

/// How much two snapshots may differ in the spelling of one function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spelling {
    /// Names are compared byte by byte.
    Exact,
    /// One build made all snapshots: the numbers of closures mean the same everywhere.
    SameBuild,
    /// Several builds: an edit can renumber the closures of a function.
    AcrossBuilds,
}

/// The spelling under which `name` is compared.
///
/// ```
/// use leakdiff::diff::normalize::{Spelling, normalize};
/// let across = |name| normalize(name, Spelling::AcrossBuilds).into_owned();
/// assert_eq!(across("a.F.func1.2"), across("a.F.func3.1"));
/// assert_eq!(across("a.Caller.F.func1"), across("a.F.func1"));
/// assert_eq!(across("a.(*Cache[go.shape.struct { x int }]).Put"), "a.(*Cache[...]).Put");
/// assert_eq!(across("app/vendor/github.com/x/y.F"), "github.com/x/y.F");
/// assert_eq!(across("net/http.(*http2ClientConn).readLoop"), "net/http/internal/http2.(*ClientConn).readLoop");
/// assert_eq!(across("app::run::h0123456789abcdef"), "app::run");
/// ```
pub fn normalize(name: &str, spelling: Spelling) -> Cow<'_, str> {
    if spelling == Spelling::Exact {
        return Cow::Borrowed(name);
    }
    if is_native(name) {
        return Cow::Borrowed(native(name));
    }
    let mut text = Cow::Borrowed(name);
    apply(&mut text, elide_type_arguments);
    apply(&mut text, strip_vendor);
    apply(&mut text, unbundle_http2);
    apply(&mut text, unmove);
    if spelling == Spelling::AcrossBuilds {
        apply(&mut text, renumber_closures);
    }
    text
}

/// Replaces `text` where a rule has something to say.
fn apply(text: &mut Cow<'_, str>, rule: fn(&str) -> Option<String>) {
    if let Some(changed) = rule(text) {
        *text = Cow::Owned(changed);
    }
}

/// `[go.shape.struct { ... }]` names the layout of a type argument, which changes with every field added to it.
/// What begins with a bracket has no type arguments: it is a binary without symbols, such as `[libc.so.6]`.
fn elide_type_arguments(name: &str) -> Option<String> {
    let start = name.find('[').filter(|start| *start > 0)?;
    let mut kept = String::with_capacity(name.len());
    let mut depth = 0_usize;
    kept.push_str(&name[..start]);
    for character in name[start..].chars() {
        match character {
            '[' => {
                if depth == 0 {
                    kept.push_str("[...]");
                }
                depth += 1;
            }
            ']' => depth = depth.saturating_sub(1),
            other if depth == 0 => kept.push(other),
            _ => {}
        }
    }
    (kept != name).then_some(kept)
}

/// A vendored package is the package.
fn strip_vendor(name: &str) -> Option<String> {
    let head = name.find(['(', '[']).unwrap_or(name.len());
    match name[..head].rfind("/vendor/") {
        Some(at) => Some(name[at + "/vendor/".len()..].to_owned()),
        None => name.strip_prefix("vendor/").map(str::to_owned),
    }
}

/// HTTP/2 stands in three places: bundled in `net/http` with an `http2` prefix on every name (up to Go 1.26), in
/// `net/http/internal/http2` (from Go 1.27), and in `golang.org/x/net/http2`.
fn unbundle_http2(name: &str) -> Option<String> {
    const HOME: &str = "net/http/internal/http2.";
    if let Some(rest) = name.strip_prefix("golang.org/x/net/http2.") {
        return Some(format!("{HOME}{rest}"));
    }
    let bundled = name.strip_prefix("net/http.")?;
    let (open, rest) = ["(*http2", "http2"].iter().find_map(|prefix| {
        bundled.strip_prefix(prefix).map(|rest| (prefix.strip_suffix("http2").unwrap_or_default(), rest))
    })?;
    Some(format!("{HOME}{open}{rest}"))
}

/// Packages that moved behind an `internal` wall, and functions that were renamed, with the newer spelling second.
const MOVED: &[(&str, &str)] = &[
    ("sync.(*Mutex).lockSlow", "internal/sync.(*Mutex).lockSlow"),
    ("sync.(*Mutex).unlockSlow", "internal/sync.(*Mutex).unlockSlow"),
    ("sync.runtime_SemacquireMutex", "internal/sync.runtime_SemacquireMutex"),
    ("strconv.FormatInt", "internal/strconv.FormatInt"),
    ("strconv.Itoa", "internal/strconv.Itoa"),
    ("strconv.AppendInt", "internal/strconv.AppendInt"),
    ("strconv.formatBits", "internal/strconv.formatBits"),
    ("bytes.makeSlice", "bytes.growSlice"),
    ("context.propagateCancel", "context.(*cancelCtx).propagateCancel"),
];

fn unmove(name: &str) -> Option<String> {
    MOVED.iter().find(|(old, _)| *old == name).map(|(_, new)| (*new).to_owned())
}

/// Suffixes of compiler-made functions that carry a number.
const NUMBERED: &[&str] = &["func", "gowrap", "deferwrap", "range"];

/// Closures are numbered in the order of the source, so that one more above shifts the rest: `F.func2.1`, `F.gowrap1`,
/// `F-range1`. The number goes, the nesting stays. Up to Go 1.26 the closure of a function that was inlined carries the
/// names of both, `Outer.Inner.func1`, afterwards only its own, `Inner.func1`: the outer ones go.
fn renumber_closures(name: &str) -> Option<String> {
    let end = package_end(name)?;
    let elements = split_elements(&name[end + 1..]);
    let Some(first) = elements.iter().position(|element| unnumbered(element).1) else {
        return name.strip_suffix("-fm").map(str::to_owned);
    };
    let named = &elements[..first];
    let keeps = match named {
        [.., receiver, _] if receiver.starts_with('(') => 2,
        [] => 0,
        _ => 1,
    };
    let mut kept = name[..end].to_owned();
    for element in &named[named.len() - keeps..] {
        kept.push('.');
        kept.push_str(if element.is_empty() || *element == "glob" { "init" } else { element });
    }
    for element in &elements[first..] {
        kept.push('.');
        kept.push_str(&if is_number(element) { "func".to_owned() } else { unnumbered(element).0 });
    }
    (kept != name).then_some(kept)
}

/// A closure's name with the package it was written in: up to Go 1.26 a closure that was inlined into another package
/// carries the name of that one. `None` when the name is not that of a closure, or is at home already.
pub(super) fn rehome(normalized: &str, home: &str) -> Option<String> {
    let end = package_end(normalized)?;
    let is_closure = split_elements(&normalized[end + 1..]).iter().any(|element| NUMBERED.contains(element));
    (is_closure && &normalized[..end] != home).then(|| format!("{home}{}", &normalized[end..]))
}

/// The elements of a name after its package, which are separated by dots outside brackets.
fn split_elements(text: &str) -> Vec<&str> {
    let mut depth = 0_usize;
    text.split(|character| {
        match character {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        character == '.' && depth == 0
    })
    .collect()
}

/// One element of a name without the numbers the compiler gave it, and whether it names a closure.
fn unnumbered(element: &str) -> (String, bool) {
    let element = element.strip_suffix("-fm").unwrap_or(element);
    let mut kept = String::with_capacity(element.len());
    let mut is_closure = false;
    for (index, piece) in element.split('-').enumerate() {
        let numbered = NUMBERED.iter().find(|prefix| piece.strip_prefix(**prefix).is_some_and(is_number_or_nothing));
        if index > 0 {
            kept.push('-');
        }
        kept.push_str(numbered.map_or(piece, |prefix| prefix));
        is_closure |= numbered.is_some();
    }
    (kept, is_closure)
}

/// Also nothing, so that a name without its numbers is recognised and normalising it again changes nothing.
fn is_number_or_nothing(text: &str) -> bool {
    text.is_empty() || is_number(text)
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A Rust symbol without its hash; a C++ one without the marks of partial inlining.
fn native(name: &str) -> &str {
    const HASH: usize = "::h0123456789abcdef".len();
    let hashless = name.len().checked_sub(HASH).and_then(|at| name.split_at_checked(at)).and_then(|(stem, tail)| {
        let digits = tail.strip_prefix("::h")?;
        digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then_some(stem)
    });
    let name = hashless.unwrap_or(name);
    let clone =
        [" [clone", ".constprop.", ".isra.", ".part.", ".cold", ".llvm."].iter().filter_map(|mark| name.find(mark));
    &name[..clone.min().unwrap_or(name.len())]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn across(name: &str) -> String {
        normalize(name, Spelling::AcrossBuilds).into_owned()
    }

    #[test]
    fn closures_lose_their_numbers_and_keep_their_nesting() {
        assert_eq!(across("main.F.func1"), "main.F.func");
        assert_eq!(across("main.F.func12.3"), "main.F.func.func");
        assert_eq!(across("main.(*T).Run.gowrap2"), "main.(*T).Run.gowrap");
        assert_eq!(across("main.(*T).Run.deferwrap1"), "main.(*T).Run.deferwrap");
        assert_eq!(across("main.F-range1"), "main.F-range");
        assert_eq!(across("main.F.func1-range2"), "main.F.func-range");
        assert_eq!(across("main.(*T).Handle-fm"), "main.(*T).Handle");
        assert_eq!(across("main.init.0"), "main.init.0");
        assert_eq!(across("main.func1er"), "main.func1er");
        assert_eq!(across("main.glob..func3"), "main.init.func");
    }

    #[test]
    fn closures_of_inlined_functions_carry_their_own_name_only() {
        assert_eq!(across("a/b.Serve.Count.func2"), across("a/b.Count.func1"));
        assert_eq!(across("a/b.(*API).Routes.limited.func1"), across("a/b.limited.func1"));
        assert_eq!(across("a/b.(*API).Routes.func1"), "a/b.(*API).Routes.func");
        assert_eq!(across("e.typeEncoder.typeEncoder.OnceValue[...].func3.func4"), "e.OnceValue[...].func.func");
        assert_eq!(rehome("main.NewHub.func", "a/events").as_deref(), Some("a/events.NewHub.func"));
        assert_eq!(rehome("main.NewHub", "a/events"), None);
        assert_eq!(rehome("a/events.NewHub.func", "a/events"), None);
    }

    #[test]
    fn one_build_keeps_closure_numbers() {
        assert_eq!(normalize("main.F.func1", Spelling::SameBuild), "main.F.func1");
        assert_eq!(normalize("main.G[go.shape.int]", Spelling::SameBuild), "main.G[...]");
    }

    #[test]
    fn type_arguments_nest() {
        assert_eq!(across("a.M[go.shape.map[string]int,go.shape.[]uint8].Put"), "a.M[...].Put");
        assert_eq!(across("a.F[unclosed"), "a.F[...]");
    }

    #[test]
    fn normalising_twice_changes_nothing() {
        for name in [
            "main.F.func1.2",
            "net/http.http2foo",
            "a/vendor/b.F[x]",
            "sync.runtime_SemacquireMutex",
            "x::y",
            "a.(*T).M.G.func1-range2.3",
        ] {
            let once = across(name);
            assert_eq!(across(&once), once, "{name}");
        }
    }

    #[test]
    fn exact_names_are_untouched() {
        let name = "a/vendor/b.F[go.shape.int].func1";
        assert_eq!(normalize(name, Spelling::Exact), name);
    }
}
