//! Where in the repository the source of a culprit lies.
//!
//! In: a function, the path of its source as the profile has it, the repository. Out: a path relative to its root.
//! Invariant: the path is one of a file that is there, and never leads out of the repository; a file of the Go
//! installation, of the module cache or of a vendor directory has none.
//! Opens nothing: whether a file is there is asked of who knows.

use crate::model::name::{Origin, is_native, origin, package, strip_vendor};
use crate::model::{Checkout, LONGEST_PATH};

use super::Verdict;

impl Verdict {
    /// Finds the sources of all culprits in the repository. `is_file` tells whether a path relative to its root is a
    /// file.
    pub fn locate(&mut self, checkout: &Checkout, is_file: &dyn Fn(&str) -> bool) {
        for culprit in self.breaches.iter_mut().flat_map(|breach| &mut breach.culprits) {
            let function = culprit.responsible.as_ref().map_or(&culprit.name, |frame| &frame.function);
            let source = culprit.source_path.as_deref();
            culprit.repository_path = source.and_then(|path| repository_path(function, path, checkout, is_file));
        }
        let manifest = checkout.module.as_ref().map(|module| module.file("go.mod"));
        self.manifest = manifest.filter(|path| is_file(path));
    }
}

/// The path of a function's source in the repository.
///
/// Profiles name it by its place on the machine that built the program, or with `-trimpath` by its import path. Where
/// that machine had the repository in another folder, the package of the function leads to it; where there is none
/// (`main`, other languages), the longest ending of the path that is a file of the repository does.
pub(super) fn repository_path(
    function: &str,
    source_path: &str,
    checkout: &Checkout,
    is_file: &dyn Fn(&str) -> bool,
) -> Option<String> {
    if source_path.len() > LONGEST_PATH {
        return None;
    }
    let path = source_path.replace('\\', "/");
    if origin(function, &path) != Origin::Application || is_versioned(&path) {
        return None;
    }
    let below = |folder: &str| Some(path.strip_prefix(folder)?.strip_prefix('/')?.to_owned());
    let mut candidates = vec![below(checkout.root.trim_end_matches('/'))];
    if let Some(module) = &checkout.module {
        candidates.push(below(&module.path).map(|inside| module.file(&inside)));
        candidates.push(in_package(function, &path, &module.path).map(|inside| module.file(&inside)));
    }
    if is_native(function) || matches!(&*package(function), "main" | "") {
        let ending = |(slash, _)| Some(path[slash + 1..].to_owned());
        candidates.push(Some(path.clone()));
        candidates.extend(path.match_indices('/').map(ending));
    }
    candidates.into_iter().flatten().find(|path| is_inside(path) && is_file(path))
}

/// The file in the folder that the package of its function stands for, relative to the module.
fn in_package(function: &str, path: &str, module: &str) -> Option<String> {
    let package = package(function);
    let package = strip_vendor(&package);
    // Tests outside their package are compiled as another one.
    let package = package.strip_suffix("_test").unwrap_or(package);
    let folder = package.strip_prefix(module)?;
    let file = path.rsplit('/').next()?;
    match folder.strip_prefix('/') {
        Some(folder) => Some(format!("{folder}/{file}")),
        None => folder.is_empty().then(|| file.to_owned()),
    }
}

/// Whether the path lies in a module cache: `tool@v1.2.3/main.go`.
fn is_versioned(path: &str) -> bool {
    let has_digit = |(at, mark): (usize, &str)| path[at + mark.len()..].starts_with(|c: char| c.is_ascii_digit());
    path.match_indices("@v").any(has_digit)
}

/// Whether the path is a plain relative one, without steps upward.
fn is_inside(path: &str) -> bool {
    !path.is_empty() && !path.contains([':', '\0']) && path.split('/').all(|part| !matches!(part, "" | "." | ".."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Module;

    const FILES: &[&str] =
        &["shop/cart/cart.go", "shop/cart/cart_test.go", "shop/cmd/api/main.go", "shop/root.go", "app/src/main.rs"];

    fn found(function: &str, path: &str) -> Option<String> {
        let module = Module { path: "example.com/shop".to_owned(), folder: "shop".to_owned() };
        let checkout = Checkout { root: "/home/ci/checkout".to_owned(), module: Some(module) };
        repository_path(function, path, &checkout, &|path| FILES.contains(&path))
    }

    #[test]
    fn however_the_program_was_built() {
        let cart = Some("shop/cart/cart.go".to_owned());
        let add = "example.com/shop/cart.(*Cart).Add";
        assert_eq!(found(add, "/home/ci/checkout/shop/cart/cart.go"), cart, "built here");
        assert_eq!(found(add, "example.com/shop/cart/cart.go"), cart, "with -trimpath");
        assert_eq!(found(add, "/src/cart/cart.go"), cart, "in another folder");
        assert_eq!(found(add, "C:\\agent\\shop\\cart\\cart.go"), cart, "on another system");
        let main = Some("shop/cmd/api/main.go".to_owned());
        assert_eq!(found("main.main", "/home/ci/checkout/shop/cmd/api/main.go"), main);
        assert_eq!(found("main.main", "example.com/shop/cmd/api/main.go"), main);
        assert_eq!(found("main.main", "/build/shop/cmd/api/main.go"), main);
        assert_eq!(found("example.com/shop.Open", "/src/root.go").as_deref(), Some("shop/root.go"));
        assert_eq!(found("example.com/shop/cart_test.TestAdd", "/src/cart/cart_test.go").as_deref(), Some(FILES[1]));
        assert_eq!(found("app::run", "app/src/main.rs").as_deref(), Some("app/src/main.rs"));
        assert_eq!(found("app::run", "/build/app/src/main.rs").as_deref(), Some("app/src/main.rs"));
    }

    #[test]
    fn what_is_not_of_the_repository_has_no_path() {
        assert_eq!(found("net/http.(*Transport).dialConn", "/usr/local/go/src/net/http/transport.go"), None);
        assert_eq!(found("main.run", "/go/pkg/mod/example.com/shop@v1.2.3/cmd/api/main.go"), None);
        assert_eq!(found("github.com/x/y.F", "/go/pkg/mod/github.com/x/y@v1.0.0/root.go"), None);
        assert_eq!(found("github.com/x/y.F", "/src/root.go"), None, "another package, whatever its file is called");
        assert_eq!(
            found("example.com/shopping/cart.Add", "/src/cart/cart.go"),
            None,
            "a longer name is another module"
        );
        assert_eq!(found("example.com/shop/gone.F", "/src/gone/gone.go"), None, "not there any more");
        assert_eq!(found("example.com/shop/cart.F", "<autogenerated>"), None);
    }

    #[test]
    fn nothing_leads_out_of_the_repository() {
        let all = |_: &str| true;
        let checkout = Checkout { root: "/home/ci".to_owned(), module: None };
        for path in ["..", "main.go/..", "", "C:\\", "a\0b/..", "/home/ci/.."] {
            assert_eq!(repository_path("main.main", path, &checkout, &all), None, "{path}");
        }
        let inside = repository_path("main.main", "/home/ci/../../etc/passwd", &checkout, &all);
        assert_eq!(inside.as_deref(), Some("etc/passwd"), "what is asked for is below the root");
        let ending = repository_path("main.main", "/home/ci/../a/main.go", &checkout, &all);
        assert_eq!(ending.as_deref(), Some("a/main.go"));
        assert_eq!(repository_path("main.main", "/x/main.go", &Checkout::default(), &|_| false), None);
    }
}
