//! What the name of a function and the path of its file say: package, short name, file relative to its package.
//!
//! In: names as Go, Rust and C++ toolchains spell them. Out: parts of them.
//! Invariant: pure text, total on any input; a name that fits no pattern comes back whole.
//! Knows nothing of profiles.

mod allocator;
mod demangle;
mod native;
mod path;
mod scope;

use std::borrow::Cow;

pub use allocator::{is_allocator, is_allocator_binary};
pub use demangle::demangle;
pub use path::components;
pub use scope::{is_go, is_local, is_placeholder};

/// The package of a function: a Go import path, or the outermost crate or namespace of a Rust or C++ name.
/// Empty when the name has none.
///
/// ```
/// use leakdiff::model::name::package;
/// assert_eq!(package("github.com/acme/shop/store.(*Cache[go.shape.string]).Put"), "github.com/acme/shop/store");
/// assert_eq!(package("gopkg.in/yaml%2ev3.Unmarshal"), "gopkg.in/yaml.v3");
/// assert_eq!(package("<alloc::vec::Vec<T> as core::clone::Clone>::clone"), "alloc");
/// assert_eq!(package("void std::vector<Order>::push_back(Order&&)"), "std");
/// assert_eq!(package("main"), "");
/// ```
pub fn package(name: &str) -> Cow<'_, str> {
    if is_native(name) {
        return Cow::Borrowed(native::root(name));
    }
    match package_end(name) {
        Some(end) => unescape(&name[..end]),
        None => Cow::Borrowed(""),
    }
}

/// The name without the directories of its import path: `store.(*Cache[...]).Put`.
pub fn short(name: &str) -> Cow<'_, str> {
    if is_native(name) {
        return Cow::Borrowed(name);
    }
    let path = &name[..go_head(name)];
    let last = path.rfind('/').map_or(0, |slash| slash + 1);
    // `v2` alone would say nothing.
    let is_version = path[last..].strip_prefix('v').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    let start = match path[..last.saturating_sub(1)].rfind('/') {
        Some(slash) if is_version => slash + 1,
        None if is_version => 0,
        _ => last,
    };
    unescape(&name[start..])
}

/// Whether the name is spelled with `::`, as in Rust and C++, or mangled as there.
pub fn is_native(name: &str) -> bool {
    // `<[T] as alloc::slice::Concat>::concat` has a bracket of its own; Go has those of type arguments.
    let head = name.find('[').filter(|_| !name.starts_with('<')).unwrap_or(name.len());
    name[..head].contains("::") || native::mangled_root(name).is_some()
}

/// Where the import path and receiver-less part may hold slashes: before the first bracket.
fn go_head(name: &str) -> usize {
    name.find(['(', '[', '*', ' ', '<']).unwrap_or(name.len())
}

/// Where the import path of a Go function ends: at the dot before the rest of its name. `None` when it has none.
pub fn package_end(name: &str) -> Option<usize> {
    let head = go_head(name);
    let element = name[..head].rfind('/').map_or(0, |slash| slash + 1);
    name[element..head].find('.').map(|dot| element + dot).filter(|end| *end > 0)
}

/// The function of Go's that a closure stands in, or that the wrapper of a `go` or `defer` statement does: these are called by
/// its name and a suffix. `None` for what is neither.
///
/// ```
/// use leakdiff::model::name::enclosing;
///
/// assert_eq!(enclosing("main.(*Server).Run.func1.2"), Some("main.(*Server).Run"));
/// assert_eq!(enclosing("main.(*Server).Run.gowrap1"), Some("main.(*Server).Run"));
/// assert_eq!(enclosing("main.(*Table).function"), None);
/// ```
pub fn enclosing(name: &str) -> Option<&str> {
    let from = package_end(name)? + 1;
    let is_closure = |at: &usize, suffix: &str| {
        let next = name[at + suffix.len()..].chars().next();
        next.is_none_or(|next| next.is_ascii_digit() || matches!(next, '.' | '-' | '['))
    };
    let first =
        |suffix: &str| name[from..].match_indices(suffix).map(|(at, _)| from + at).find(|at| is_closure(at, suffix));
    let ends = [".func", ".gowrap", ".deferwrap", "-fm"].into_iter().filter_map(first);
    ends.min().map(|end| &name[..end])
}

/// Go escapes dots (and a few others) in the last element of an import path as `%2e`.
fn unescape(text: &str) -> Cow<'_, str> {
    if text.contains("%2e") { Cow::Owned(text.replace("%2e", ".")) } else { Cow::Borrowed(text) }
}

/// The file of a function without what depends on where it was built: for Go its import path and the file's own name,
/// for Rust and C++ the part from the crate or the source root on.
///
/// ```
/// use leakdiff::model::name::relative_file;
/// let file = "/home/ci/build-7/shop/store/cache.go";
/// assert_eq!(relative_file("example.com/shop/store.Put", file), "example.com/shop/store/cache.go");
/// assert_eq!(relative_file("net/http.Get", "/usr/local/go/src/net/http/client.go"), "net/http/client.go");
/// assert_eq!(relative_file("time.newTimer", "/usr/local/go/src/runtime/time.go"), "runtime/time.go");
/// assert_eq!(relative_file("main.main", "/home/ci/build-7/shop/main.go"), "main.go");
/// assert_eq!(relative_file("tokio::spawn", "/root/.cargo/registry/src/x-1/tokio-1.2/src/a.rs"), "tokio-1.2/src/a.rs");
/// ```
pub fn relative_file(function: &str, file: &str) -> String {
    let file = file.replace('\\', "/");
    let base = file.rsplit('/').next().unwrap_or(&file);
    let is_go = base.ends_with(".go") || base.ends_with(".s");
    if is_go && !is_native(function) {
        let package = package(function);
        let package = strip_vendor(&package);
        return match package {
            "" | "main" if is_absolute(&file) => base.to_owned(),
            "" | "main" => strip_version(&file),
            package => standard_file(package, &file).unwrap_or_else(|| format!("{package}/{base}")),
        };
    }
    native_file(&file).to_owned()
}

/// The standard library links functions into other packages: `time.newTimer` stands in `runtime/time.go`. So there the
/// path below `src` counts, which is the same on every machine, not the package.
fn standard_file(package: &str, file: &str) -> Option<String> {
    let inside = match file.rsplit_once("/src/") {
        Some((_, inside)) => inside,
        None if is_absolute(file) => return None,
        None => file,
    };
    (is_go_standard(package) && inside.contains('/')).then(|| inside.to_owned())
}

fn is_go_standard(package: &str) -> bool {
    package.split('/').next().is_some_and(|first| GO_STANDARD.contains(&first))
}

fn is_absolute(file: &str) -> bool {
    file.starts_with('/') || file.as_bytes().get(1) == Some(&b':')
}

/// `github.com/acme/tool@v1.2.3/main.go` without the version.
fn strip_version(file: &str) -> String {
    match file.split_once('@') {
        Some((module, rest)) => match rest.split_once('/') {
            Some((_, inside)) => format!("{module}/{inside}"),
            None => file.to_owned(),
        },
        None => file.to_owned(),
    }
}

/// An import path without the vendor directory it was found in.
pub fn strip_vendor(package: &str) -> &str {
    match package.rsplit_once("/vendor/") {
        Some((_, vendored)) => vendored,
        None => package.strip_prefix("vendor/").unwrap_or(package),
    }
}

/// Directories that hold sources of others, each followed by this many elements that depend on the machine.
const NATIVE_ROOTS: &[(&str, usize)] = &[("/registry/src/", 1), ("/git/checkouts/", 2), ("/rustc/", 1), ("rustc/", 1)];

fn native_file(file: &str) -> &str {
    for (root, skipped) in NATIVE_ROOTS {
        if let Some((_, rest)) = file.split_once(root) {
            return (0..*skipped).fold(rest, |rest, _| rest.split_once('/').map_or(rest, |(_, rest)| rest));
        }
    }
    if !is_absolute(file) || file.starts_with("/usr/") {
        return file;
    }
    let source_root = file.rfind("/src/").or_else(|| file.rfind("/include/"));
    let from = source_root.or_else(|| file.rfind('/')).unwrap_or(0);
    match file[..from].rfind('/') {
        Some(parent) => &file[parent + 1..],
        None => file.trim_start_matches('/'),
    }
}

/// Where code comes from, as far as its name and file tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// The user's own code.
    Application,
    /// A library the user's code depends on.
    Dependency,
    /// The standard library or the runtime of the language, or the allocator.
    Standard,
}

/// First elements of the import paths of Go's standard library.
const GO_STANDARD: &[&str] = &[
    "archive",
    "bufio",
    "builtin",
    "bytes",
    "cmd",
    "cmp",
    "compress",
    "container",
    "context",
    "crypto",
    "database",
    "debug",
    "embed",
    "encoding",
    "errors",
    "expvar",
    "flag",
    "fmt",
    "go",
    "hash",
    "html",
    "image",
    "index",
    "internal",
    "io",
    "iter",
    "log",
    "maps",
    "math",
    "mime",
    "net",
    "os",
    "path",
    "plugin",
    "reflect",
    "regexp",
    "runtime",
    "simd",
    "slices",
    "sort",
    "strconv",
    "strings",
    "structs",
    "sync",
    "syscall",
    "testing",
    "text",
    "time",
    "unicode",
    "unique",
    "unsafe",
    "weak",
];

/// Crates and namespaces that come with the toolchain or the allocator.
const NATIVE_STANDARD: &[&str] =
    &["alloc", "core", "std", "hashbrown", "__gnu_cxx", "__cxxabiv1", "tcmalloc", "jemalloc", "tikv_jemallocator"];

/// C functions that a program or a thread begins in.
const ENTRIES: &[&str] = &["_start", "__libc_start_main", "start_thread", "clone", "clone3"];

/// Import paths of modules that the Go project keeps outside the standard library.
const GO_EXTENDED: &[&str] = &["golang.org/x/", "google.golang.org/"];

/// Where a function comes from.
///
/// A dependency is told by its file lying in a module cache (`@version`), a vendor directory, the external repositories
/// of a Bazel workspace or a crate registry. What copies a value is the language's: who asked for the copy has it.
pub fn origin(name: &str, file: &str) -> Origin {
    if !file.ends_with(".go") && (ENTRIES.contains(&name) || is_allocator(name, file)) {
        return Origin::Standard;
    }
    if is_native(name) {
        return native_origin(name, file);
    }
    if let Some(origin) = native_library(file).or_else(|| script_library(name, file)) {
        return origin;
    }
    let package = package(name);
    if package == "main" {
        return Origin::Application;
    }
    if is_go_standard(&package) || package.starts_with("vendor/") {
        return Origin::Standard;
    }
    let has_version =
        |(at, _)| file[at..].strip_prefix("@v").is_some_and(|tail| tail.starts_with(|c: char| c.is_ascii_digit()));
    let is_foreign =
        file.match_indices("@v").any(has_version) || file.contains("/vendor/") || package.contains("/vendor/");
    // Bazel compiles the modules of others from there.
    let is_foreign =
        is_foreign || file.starts_with("external/") || (file.contains("/execroot/") && file.contains("/external/"));
    let is_extended = GO_EXTENDED.iter().any(|prefix| package.starts_with(prefix));
    if is_foreign || is_extended { Origin::Dependency } else { Origin::Application }
}

/// Parts of the function around them, which compilers of Python make functions of their own.
const COMPREHENSIONS: &[&str] = &["<listcomp>", "<dictcomp>", "<setcomp>", "<genexpr>"];

/// Whose a file is that lies where package managers of Python, JavaScript, Ruby and PHP put those of others, or that is part
/// of the interpreter; `None` of any other.
fn script_library(name: &str, file: &str) -> Option<Origin> {
    const FOLDERS: &[&str] = &["/site-packages/", "/dist-packages/", "/node_modules/", "/gems/"];
    const OF_JAVA: &[&str] = &["java.", "javax.", "jdk.", "sun.", "kotlin.", "scala."];
    let is_of_java = !name.contains(['/', '(']) && OF_JAVA.iter().any(|package| name.starts_with(package));
    let is_standard = is_of_java
        || COMPREHENSIONS.contains(&name)
        || file.starts_with("node:")
        || file.starts_with("<frozen ")
        || file.starts_with("<internal:");
    match is_standard {
        true => Some(Origin::Standard),
        false => FOLDERS.iter().any(|folder| file.contains(folder)).then_some(Origin::Dependency),
    }
}

/// Whose a file is that lies where Rust and C++ have those of others; `None` of any other. Short debug information has no
/// crates and namespaces in names, so that only the file tells.
fn native_library(file: &str) -> Option<Origin> {
    let is_native = [".rs", ".h", ".hpp", ".c", ".cc", ".cpp", ".tcc"].iter().any(|ending| file.ends_with(ending));
    match is_native {
        true if file.contains("/rustc/") || file.starts_with("/usr/include/c++/") => Some(Origin::Standard),
        true if file.contains("/registry/src/") || file.contains("/git/checkouts/") => Some(Origin::Dependency),
        true if file.starts_with("/usr/include/") || file.starts_with("/usr/lib/") => Some(Origin::Dependency),
        _ => None,
    }
}

fn native_origin(name: &str, file: &str) -> Origin {
    if NATIVE_STANDARD.contains(&&*package(name)) || file.contains("/rustc/") || native::is_copy(name) {
        Origin::Standard
    } else if file.contains("/registry/src/") || file.contains("/git/checkouts/") || file.starts_with("/usr/") {
        Origin::Dependency
    } else {
        Origin::Application
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_names_keep_package_and_receiver() {
        assert_eq!(short("github.com/acme/shop/store.(*Cache).Put"), "store.(*Cache).Put");
        assert_eq!(short("main.main"), "main.main");
        assert_eq!(short("encoding/json/v2.Unmarshal"), "json/v2.Unmarshal");
        assert_eq!(short("github.com/x/y/v9.(*Client).Get"), "y/v9.(*Client).Get");
        assert_eq!(short("example.com/a.F[github.com/x/y.T]"), "a.F[github.com/x/y.T]");
        assert_eq!(short("tokio::runtime::spawn"), "tokio::runtime::spawn");
    }

    #[test]
    fn checkout_directories_do_not_show() {
        let in_one = relative_file("example.com/shop/a.F", "/home/ci/1/shop/a/f.go");
        let in_another = relative_file("example.com/shop/a.F", "C:\\agent\\shop\\a\\f.go");
        assert_eq!(in_one, in_another);
        assert_eq!(relative_file("main.run", "example.com/shop/cmd/api/main.go"), "example.com/shop/cmd/api/main.go");
        assert_eq!(relative_file("a/vendor/github.com/x/y.F", "/b/vendor/github.com/x/y/z.go"), "github.com/x/y/z.go");
        assert_eq!(relative_file("app::run", "/home/u/app/src/main.rs"), "app/src/main.rs");
    }

    #[test]
    fn linked_functions_stand_where_they_are_written() {
        assert_eq!(relative_file("time.newTimer", "runtime/time.go"), "runtime/time.go");
        assert_eq!(relative_file("reflect.unsafe_New", "C:\\go\\src\\runtime\\malloc.go"), "runtime/malloc.go");
        assert_eq!(relative_file("net._C2func_getaddrinfo", "_cgo_gotypes.go"), "net/_cgo_gotypes.go");
        assert_eq!(relative_file("time.Sleep", "/sdk/time.go"), "time/time.go");
    }

    #[test]
    fn origins() {
        let origin_of = |name| origin(name, "");
        assert_eq!(origin_of("net/http.Get"), Origin::Standard);
        assert_eq!(origin_of("example.com/shop.F"), Origin::Application);
        assert_eq!(origin_of("main.main"), Origin::Application);
        assert_eq!(origin("github.com/x/y.F", "/go/pkg/mod/github.com/x/y@v1.0.0/f.go"), Origin::Dependency);
        assert_eq!(origin("example.com/shop.F", "/home/me@vm/shop/f.go"), Origin::Application);
        assert_eq!(origin("main.run", "/go/pkg/mod/example.com/tool@v1.2.3/main.go"), Origin::Application);
        assert_eq!(origin("clone_config", "/src/config.c"), Origin::Application);
        assert_eq!(origin("operator new(unsigned long)", ""), Origin::Standard);
        assert_eq!(origin("app::run", "/home/u/app/src/main.rs"), Origin::Application);
        assert_eq!(origin("to_vec", "/rustc/0123/library/alloc/src/slice.rs"), Origin::Standard);
        assert_eq!(origin("spawn", "/root/.cargo/registry/src/x/tokio-1.0.0/src/task.rs"), Origin::Dependency);
        assert_eq!(origin("remember", "/home/u/app/src/main.rs"), Origin::Application);
        assert_eq!(origin("load", "/usr/src/app/server.js"), Origin::Application);
        assert_eq!(origin("get", "/app/node_modules/got/index.js"), Origin::Dependency);
        assert_eq!(origin("compileFunction", "node:internal/vm"), Origin::Standard);
        assert_eq!(origin("java.util.ArrayList.grow", ""), Origin::Standard);
        assert_eq!(origin("<listcomp>", "/app/basket.py"), Origin::Standard);
        assert_eq!(origin_of("core::ptr::drop"), Origin::Standard);
        assert_eq!(origin_of("operator new(unsigned long, std::nothrow_t const&)"), Origin::Standard);
    }
}
