//! What the name of a Rust or C++ function says of where it belongs.
//!
//! In: names as these toolchains spell them, mangled or not. Out: the outermost crate or namespace.
//! Invariant: pure text, total on any input. Knows nothing of Go and of profiles.
//!
//! The mangling of C++: <https://itanium-cxx-abi.github.io/cxx-abi/abi.html#mangling>, and that of Rust:
//! <https://doc.rust-lang.org/rustc/symbol-mangling/v0.html>.

/// What has a name of its own although it stands in parentheses.
const ANONYMOUS: &str = "(anonymous namespace)";

/// The outermost crate or namespace; empty when the name has none.
pub(super) fn root(name: &str) -> &str {
    if let Some(root) = mangled_root(name) {
        return root;
    }
    let name = qualified(name);
    match name.strip_prefix('<') {
        // `<alloc::vec::Vec<T> as core::clone::Clone>::clone`; a type without a path is none of a crate.
        Some(inside) => match inside.split_once(" as ") {
            Some((of_type, of_trait)) if first(of_type).is_empty() => first(of_trait),
            _ => first(inside),
        },
        None => first(name),
    }
}

/// The name of a function of C++ without what it returns and what it takes.
pub(super) fn qualified(name: &str) -> &str {
    let (mut start, mut depth) = (0, 0_usize);
    let mut skipped = 0;
    for (at, character) in name.char_indices() {
        if at < skipped {
            continue;
        }
        let rest = &name[at..];
        let is_word = !name[..at].ends_with(|before: char| before.is_alphanumeric() || before == '_');
        match character {
            '(' if rest.starts_with(ANONYMOUS) => skipped = at + ANONYMOUS.len(),
            '(' if depth == 0 && !name[start..at].is_empty() && !name[..at].trim_end().ends_with("decltype") => {
                return &name[start..at];
            }
            'o' if depth == 0 && is_word && is_operator(rest) => return &name[start..at],
            ' ' if depth == 0 && rest.starts_with(" [") => return &name[start..at],
            ' ' if depth == 0 => start = at + 1,
            '<' | '(' | '{' => depth += 1,
            '>' if name[..at].ends_with('-') => {}
            '>' | ')' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    &name[start..]
}

/// The last part of a path, with its type arguments.
pub(super) fn last(path: &str) -> &str {
    let mut depth = 0_usize;
    let mut start = 0;
    for (at, byte) in path.bytes().enumerate() {
        match byte {
            b'<' | b'(' | b'{' | b'[' => depth += 1,
            b'>' | b')' | b'}' | b']' => depth = depth.saturating_sub(1),
            b':' if depth == 0 => start = at + 1,
            _ => {}
        }
    }
    &path[start..]
}

/// Whether a function copies or moves a value for who calls it: constructors and assignments of C++ that take their own
/// type, `Clone` of Rust. Compilers write most of them.
pub(super) fn is_copy(name: &str) -> bool {
    if name.starts_with('<') {
        return name.ends_with(" as core::clone::Clone>::clone")
            || name.ends_with(" as core::clone::Clone>::clone_from");
    }
    let path = qualified(name);
    let Some((_, after)) = name.split_once(path) else { return false };
    // Of an operator the path ends with that of its class.
    let (class, arguments) = match path.strip_suffix("::") {
        Some(class) => (class, after.strip_prefix("operator=")),
        None => {
            let class = path.strip_suffix(last(path)).and_then(|class| class.strip_suffix("::")).unwrap_or_default();
            let is_constructor = last(class).split('<').next() == Some(last(path));
            (class, is_constructor.then_some(after))
        }
    };
    let argument = arguments.and_then(|arguments| arguments.strip_prefix('(')?.split_once(')')).map(|(first, _)| first);
    let takes = |by: &str| argument.is_some_and(|argument| argument.strip_suffix(by) == Some(class));
    !class.is_empty() && (takes(" const&") || takes("&&") || takes("&"))
}

/// Whether an operator is named here: `operator new`, `operator<<`, `operator()`.
fn is_operator(rest: &str) -> bool {
    let after = rest.strip_prefix("operator").and_then(|after| after.chars().next());
    after.is_some_and(|after| !after.is_alphanumeric() && after != '_' && after != ':')
}

/// The first part of a path that has several.
fn first(path: &str) -> &str {
    const MARKS: &[&str] = &["&", "*", "(", "[", "<", " ", "dyn ", "mut ", "const ", "impl "];
    let mut path = path;
    if path.starts_with(ANONYMOUS) {
        return ANONYMOUS;
    }
    while let Some(rest) = MARKS.iter().find_map(|mark| path.strip_prefix(mark)) {
        path = rest;
    }
    let Some(end) = path.find([':', '<', '>', ' ', ',', ')', ']', ';']) else { return "" };
    let mut depth = 0_usize;
    let arguments = path[end..].find(|character| {
        depth += usize::from(character == '<');
        depth -= usize::from(character == '>' && depth > 0);
        depth == 0 && character != '>'
    });
    match arguments {
        Some(after) if path[end + after..].starts_with("::") => &path[..end],
        _ => "",
    }
}

/// The outermost crate or namespace of a mangled name.
pub(super) fn mangled_root(name: &str) -> Option<&str> {
    match name.strip_prefix("_R") {
        Some(path) => crate_of(path),
        None => namespace_of(name.strip_prefix("_Z")?),
    }
}

/// `NvMs_NtCs1234_5alloc3vec...`: the crate follows the letters that say what is nested how.
fn crate_of(path: &str) -> Option<&str> {
    let mut path = path;
    loop {
        let tag = path.chars().next()?;
        path = &path[tag.len_utf8()..];
        match tag {
            'C' => return identifier(undisambiguated(path).trim_start_matches("0_")),
            'N' => path = path.get(1..)?,
            'M' | 'X' => path = undisambiguated(path),
            'I' => {}
            _ => return None,
        }
    }
}

/// What follows `s1234_`, if a name begins so.
fn undisambiguated(path: &str) -> &str {
    let number = path.strip_prefix('s').and_then(|rest| rest.split_once('_'));
    number
        .filter(|(digits, _)| digits.chars().all(|digit| digit.is_ascii_alphanumeric()))
        .map_or(path, |(_, rest)| rest)
}

/// `N5store5Cache3putEi`, `NSt6vectorI...`, and of older Rust `N4core3ptr...17h0123456789abcdefE`.
fn namespace_of(encoded: &str) -> Option<&str> {
    let nested = encoded.strip_prefix('N').map(|nested| nested.trim_start_matches(['r', 'V', 'K', 'R', 'O']));
    if nested.unwrap_or(encoded).starts_with("St") {
        return Some("std");
    }
    let first = identifier(nested?)?;
    // `_$LT$alloc..vec..Vec$LT$T$GT$$u20$as...`
    let Some(path) = first.strip_prefix("_$LT$") else { return Some(first) };
    let of_type = path.split("$u20$as$u20$").next().and_then(outermost);
    Some(of_type.or_else(|| outermost(path.split_once("$u20$as$u20$")?.1)).unwrap_or(""))
}

/// The crate of a path of older Rust: `$RF$alloc..vec..Vec`.
fn outermost(path: &str) -> Option<&str> {
    let (first, _) = path.split_once("..")?;
    first.rsplit(['$']).next().filter(|first| !first.is_empty())
}

/// `5alloc`: a length and as many bytes.
fn identifier(encoded: &str) -> Option<&str> {
    let digits = encoded.find(|character: char| !character.is_ascii_digit())?;
    let length: usize = encoded[..digits].parse().ok()?;
    encoded.get(digits..digits.checked_add(length)?)
}

#[cfg(test)]
mod tests {
    use super::{is_copy, root};

    #[test]
    fn what_a_function_returns_and_takes_is_not_where_it_belongs() {
        for (name, expected) in [
            ("void std::vector<Order*, std::allocator<Order*> >::_M_realloc_insert<Order*>(Order*&&)", "std"),
            ("std::vector<int> shop::orders<std::string>(std::string const&)", "shop"),
            ("std::unique_ptr<Order> make_order<Order>(int)", ""),
            ("std::map<int, shop::Page>& shop::Cache::pages()", "shop"),
            ("unsigned long ns::f(int)", "ns"),
            ("ns::T* const& other::f(ns::T)", "other"),
            ("keep(std::vector<int>)", ""),
            ("Cache<ns::Order>::put(int)", "Cache"),
            ("make<ns::Order>(int)", ""),
            ("operator new(unsigned long, std::nothrow_t const&)", ""),
            ("std::ostream& std::operator<< <std::char_traits<char> >(std::ostream&, char const*)", "std"),
            ("bool ns::operator< <int>(ns::A<int> const&)", "ns"),
            ("ns::A::operator std::string() const", "ns"),
            ("ns::A::operator->() const", "ns"),
            ("void (anonymous namespace)::keep<int>(int)", "(anonymous namespace)"),
            ("(anonymous namespace)::keep(std::string)", "(anonymous namespace)"),
            ("shop::(anonymous namespace)::keep(int)", "shop"),
            (
                "decltype (::new ((void*)(0)) Order((declval<int>)())) std::construct_at<Order, int>(Order*, int&&)",
                "std",
            ),
            ("shop::load()::{lambda(int)#1}::operator()(int) const", "shop"),
            ("ns::f [clone .cold]", "ns"),
            ("vtable for ns::A", "ns"),
        ] {
            assert_eq!(root(name), expected, "{name}");
        }
    }

    #[test]
    fn crates_of_rust() {
        for (name, expected) in [
            ("<alloc::vec::Vec<T> as core::clone::Clone>::clone", "alloc"),
            ("<T as core::convert::Into<U>>::into", "core"),
            ("<&mut app::Orders as core::iter::Iterator>::next", "app"),
            ("<(dyn core::any::Any + 'static)>::type_id", "core"),
            ("<dyn app::Handler>::call", "app"),
            ("<[app::Order] as alloc::slice::Concat>::concat", "app"),
            ("alloc::slice::<impl [T]>::to_vec", "alloc"),
            ("core::ptr::drop_in_place<alloc::vec::Vec<u8>>", "core"),
            ("core::ops::function::impls::<impl core::ops::function::Fn(A) -> B for &F>::call", "core"),
            ("app::run::{closure#0}", "app"),
            ("app::run::{{closure}}", "app"),
            ("operator::run", "operator"),
        ] {
            assert_eq!(root(name), expected, "{name}");
        }
    }

    #[test]
    fn what_copies_a_value_is_told_from_what_makes_one() {
        for copy in [
            "shop::Basket::Basket(shop::Basket const&)",
            "shop::Basket::Basket(shop::Basket&&)",
            "shop::Cache<int>::Cache(shop::Cache<int> const&)",
            "shop::Basket::operator=(shop::Basket const&)",
            "Order::Order(Order const&)",
            "<basket::shop::Line as core::clone::Clone>::clone",
        ] {
            assert!(is_copy(copy), "{copy}");
        }
        for other in [
            "shop::Basket::Basket(int)",
            "shop::Basket::Basket()",
            "shop::Basket::add(shop::Basket const&)",
            "shop::Server::Server(shop::Config const&)",
            "shop::Basket::operator+(shop::Basket const&)",
            "<basket::shop::Line as core::iter::Iterator>::next",
            "keep(Order const&)",
        ] {
            assert!(!is_copy(other), "{other}");
        }
    }

    #[test]
    fn mangled_names() {
        for (name, expected) in [
            ("_ZN5alloc3vec16Vec$LT$T$C$A$GT$4push17h0123456789abcdefE", "alloc"),
            ("_ZN66_$LT$alloc..vec..Vec$LT$T$GT$$u20$as$u20$core..clone..Clone$GT$5clone17h0123456789abcdefE", "alloc"),
            ("_ZN50_$LT$T$u20$as$u20$core..convert..Into$LT$U$GT$$GT$4into17h0123456789abcdefE", "core"),
            ("_RNvMs_NtCs1234_5alloc3vecINtB4_3VecyE4push", "alloc"),
            ("_RNvCsaBc_3app4main", "app"),
            ("_RNCNvCsaBc_3app4main0B3_", "app"),
            ("_RINvNtC3std3mem8align_ofjE", "std"),
            ("_ZN5store5Cache3putEi", "store"),
            ("_ZNKSt6vectorIiSaIiEE4sizeEv", "std"),
            ("_ZN99999999999999999999", ""),
            ("_Z4keepi", ""),
        ] {
            assert_eq!(root(name), expected, "{name}");
        }
    }
}
