//! Function names without what toolchains, rebuilds and other processes change in them.
//!
//! In: a function name as a profile spells it, and its file. Out: its normal form, under which it is looked for in
//! another build. Invariant: idempotent; names that the rules do not touch come back as they are, and each rule touches
//! only names of its own language.
//! The spellings of Go were read off profiles of Go 1.22 to 1.27.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;

use crate::model::name::{is_go, is_native, package_end};

/// The name of a function in every build.
///
/// ```
/// use leakdiff::diff::normalize::normal_form;
/// let go = |name| normal_form(name, "").into_owned();
/// assert_eq!(go("a.F.func1.2"), go("a.F.func3.1"));
/// assert_eq!(go("a.Caller.F.func1"), go("a.F.func1"));
/// assert_eq!(go("a.(*Cache[go.shape.struct { x int }]).Put"), "a.(*Cache[...]).Put");
/// assert_eq!(go("app/vendor/github.com/x/y.F"), "github.com/x/y.F");
/// assert_eq!(go("net/http.(*http2ClientConn).readLoop"), "net/http/internal/http2.(*ClientConn).readLoop");
/// assert_eq!(normal_form("app::run::h0123456789abcdef", ""), "app::run");
/// assert_eq!(normal_form("com.shop.Cart$$Lambda$27/0x8b8c38.apply", "Cart.java"), "com.shop.Cart$$Lambda.apply");
/// assert_eq!(normal_form("-[ImageCache store:]", ""), "-[ImageCache store:]");
/// ```
pub fn normal_form<'a>(name: &'a str, file: &str) -> Cow<'a, str> {
    if !is_go(name, file) {
        return without_generated_numbers(native(name));
    }
    // Without a file, names of Java look like those of Go.
    let mut text = if file.is_empty() { without_generated_numbers(name) } else { Cow::Borrowed(name) };
    if has_type_arguments(name, file) {
        apply(&mut text, elide_type_arguments);
    }
    for rule in [strip_vendor, unbundle_http2, unmove, renumber_closures] {
        apply(&mut text, rule);
    }
    text
}

/// The name as it is shown where that is enough to know it by: without the text of type arguments and without a hash.
pub fn brief<'a>(name: &'a str, file: &str) -> Cow<'a, str> {
    let mut text = Cow::Borrowed(without_hash(name));
    if has_type_arguments(name, file) {
        apply(&mut text, elide_type_arguments);
    }
    text
}

/// The normal form that version 0.1 made of a name, whatever its language: fingerprints of that version contain it.
pub fn normal_form_0_1(name: &str) -> Cow<'_, str> {
    if is_native(name) {
        return Cow::Borrowed(native(name));
    }
    let mut text = Cow::Borrowed(name);
    for rule in [elide_type_arguments, strip_vendor, unbundle_http2, unmove, renumber_closures] {
        apply(&mut text, rule);
    }
    text
}

/// Numbers that a Java virtual machine gives to the classes it makes while it runs, in the spellings of its versions and
/// of profilers.
static GENERATED: LazyLock<Regex> = LazyLock::new(|| {
    let generated = concat!(
        r"(\$\$Lambda)(?:\$\d+)?(?:[/+](?:0x)?[0-9a-f]+|\.0x[0-9a-f]+)?",
        r"|(Generated(?:Serialization)?(?:Method|Constructor)Accessor)\d+",
        r"|(\$Proxy)\d+",
        r"|(LambdaForm\$\w+)[/+.]0x[0-9a-f]+",
        r"|(\$\$\w*(?:FastClassBy|EnhancerBy|CGLIB)\w*\$\$)[0-9a-f]+",
    );
    #[expect(clippy::expect_used, reason = "a constant, which the tests compile")]
    Regex::new(generated).expect("a pattern")
});

fn without_generated_numbers(name: &str) -> Cow<'_, str> {
    // Most names need no pattern.
    let may_be_generated = name.contains('$') || name.contains("Accessor");
    if may_be_generated { GENERATED.replace_all(name, "$1$2$3$4$5") } else { Cow::Borrowed(name) }
}

/// Replaces `text` where a rule has something to say.
fn apply(text: &mut Cow<'_, str>, rule: fn(&str) -> Option<String>) {
    if let Some(changed) = rule(text) {
        *text = Cow::Owned(changed);
    }
}

/// Whether a name of Go holds type arguments, rather than being a type itself: the compiler spells their shapes, and a
/// traceback leaves them out.
fn has_type_arguments(name: &str, file: &str) -> bool {
    let marks = ["[go.shape.", "[...]"];
    let is_listed = || marks.iter().any(|mark| name.contains(mark)) || file.ends_with(".go");
    is_go(name, file) && package_end(name).is_some_and(|end| name[end..].contains('[')) && is_listed()
}

/// `[go.shape.struct { ... }]` names the layout of a type argument, which changes with every field added to it.
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
    let Some(first) = (0..elements.len()).find(|at| is_closure(&elements, *at)) else {
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

/// Whether the element at a position names what the compiler made. A closure stands inside of a function: what comes
/// right after the package or a receiver is the name that somebody gave.
fn is_closure(elements: &[&str], at: usize) -> bool {
    let is_inside = at > 0 && !elements[at - 1].starts_with('(');
    match unnumbered(elements[at]).1 {
        Some(Made::Function) => is_inside,
        Some(Made::Part) => true,
        None => false,
    }
}

/// A closure's name with the package it was written in: up to Go 1.26 a closure that was inlined into another package
/// carries the name of that one. `None` when the name is not that of a closure, or is at home already.
pub(super) fn rehome(normalized: &str, home: &str) -> Option<String> {
    let end = package_end(normalized)?;
    let elements = split_elements(&normalized[end + 1..]);
    let is_closure = (0..elements.len()).any(|at| is_closure(&elements, at));
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

/// What the compiler made a function of.
enum Made {
    /// A function of its own: `func1`.
    Function,
    /// A part of the function whose name it follows: `F-range1`.
    Part,
}

/// One element of a name without the numbers the compiler gave it, and what it made.
fn unnumbered(element: &str) -> (String, Option<Made>) {
    let element = element.strip_suffix("-fm").unwrap_or(element);
    let mut kept = String::with_capacity(element.len());
    let mut made = None;
    for (index, piece) in element.split('-').enumerate() {
        let numbered = NUMBERED.iter().find(|prefix| piece.strip_prefix(**prefix).is_some_and(is_number_or_nothing));
        if index > 0 {
            kept.push('-');
        }
        kept.push_str(numbered.map_or(piece, |prefix| prefix));
        if numbered.is_some() {
            made = if index == 0 { Some(Made::Function) } else { made.or(Some(Made::Part)) };
        }
    }
    (kept, made)
}

/// Also nothing, so that a name without its numbers is recognised and normalising it again changes nothing.
fn is_number_or_nothing(text: &str) -> bool {
    text.is_empty() || is_number(text)
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A Rust symbol without its hash; a C or C++ one without the marks of clones that the compiler made of it.
fn native(name: &str) -> &str {
    let name = without_hash(name);
    let marks = [" [clone", ".constprop.", ".isra.", ".part.", ".llvm.", ".cold"];
    // A method of another language may well be called cold.
    let marks = if is_native(name) { &marks[..] } else { &marks[..marks.len() - 1] };
    let clone = marks.iter().filter_map(|mark| name.find(mark)).filter(|at| *at > 0);
    &name[..clone.min().unwrap_or(name.len())]
}

/// A Rust symbol without the hash that tells instances of one generic function apart, and changes with every build.
fn without_hash(name: &str) -> &str {
    const HASH: usize = "::h0123456789abcdef".len();
    let hashless = name.len().checked_sub(HASH).and_then(|at| name.split_at_checked(at)).and_then(|(stem, tail)| {
        let digits = tail.strip_prefix("::h")?;
        digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then_some(stem)
    });
    hashless.unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn across(name: &str) -> String {
        normal_form(name, "").into_owned()
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
    fn a_function_that_is_called_func1_keeps_its_name() {
        for name in ["main.func1", "main.(*T).func2", "a/b.gowrap1", "main.(*T).range3"] {
            assert_eq!(across(name), name);
        }
        assert_eq!(across("main.(*T).func2.func1"), "main.(*T).func2.func");
        assert_eq!(across("main.func1.func2"), "main.func1.func");
    }

    #[test]
    fn type_arguments_nest() {
        assert_eq!(across("a.M[go.shape.map[string]int,go.shape.[]uint8].Put"), "a.M[...].Put");
        assert_eq!(normal_form("a.F[int].G", "/src/a.go"), "a.F[...].G");
    }

    #[test]
    fn rules_of_go_touch_names_of_go_only() {
        for (name, file) in [
            ("-[ImageCache store:]", "/src/ImageCache.m"),
            ("+[Order new]", ""),
            ("operator new[](unsigned long)", ""),
            ("byte[]", ""),
            ("java.lang.byte[]", ""),
            ("System.Collections.Generic.List`1[System.String].Add", ""),
            ("Shop.Cart[System.Int32].Put", "Cart.cs"),
            ("$mapval. ([]uint8)", ""),
            ("map[string][]uint8", ""),
            ("F.func1", "/app/f.js"),
            ("vendor/queue.func1", "/app/queue.py"),
        ] {
            assert_eq!(normal_form(name, file), name);
            assert_eq!(brief(name, file), name);
        }
    }

    #[test]
    fn classes_that_a_virtual_machine_makes_lose_their_numbers() {
        for (name, expected) in [
            ("com/shop/Cart$$Lambda$27/0x00000008010b8c38.apply", "com/shop/Cart$$Lambda.apply"),
            ("com.shop.Cart$$Lambda$27/1234567890.apply", "com.shop.Cart$$Lambda.apply"),
            ("com.shop.Cart$$Lambda.0x00007f8c1c0.apply", "com.shop.Cart$$Lambda.apply"),
            ("com.shop.Cart$$Lambda+0x00007f8c1c0.apply", "com.shop.Cart$$Lambda.apply"),
            (
                "jdk.internal.reflect.GeneratedMethodAccessor12.invoke",
                "jdk.internal.reflect.GeneratedMethodAccessor.invoke",
            ),
            ("com.sun.proxy.$Proxy45.find", "com.sun.proxy.$Proxy.find"),
            (
                "java.lang.invoke.LambdaForm$DMH/0x0000000801.invokeStatic",
                "java.lang.invoke.LambdaForm$DMH.invokeStatic",
            ),
            ("shop.Cart$$EnhancerBySpringCGLIB$$1a2b3c.add", "shop.Cart$$EnhancerBySpringCGLIB$$.add"),
            ("shop.Cart$Item.price", "shop.Cart$Item.price"),
        ] {
            assert_eq!(normal_form(name, ""), expected);
            assert_eq!(normal_form(expected, ""), expected);
        }
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
            "main.func1.func2",
            "keep.constprop.0",
        ] {
            let once = across(name);
            assert_eq!(across(&once), once, "{name}");
        }
    }
}
