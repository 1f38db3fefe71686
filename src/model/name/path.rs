//! Paths of source files without what a machine, a release or a bundler puts into them.
//!
//! In: a path as a profile states it. Out: its components, comparable between builds.
//! Invariant: pure text, total on any input. Knows nothing of functions.

use std::sync::LazyLock;

use regex::Regex;

/// A version at the end of the name of a folder, or the whole of it: `lodash@4.17.21`, `python3.11`, `build-7`, `v2`,
/// a commit's hash.
static VERSION: LazyLock<Regex> = LazyLock::new(|| {
    let version =
        r"^(?:(?<stem>.*?)(?:[-_@]v?\d[\w.+-]*|\d+(?:\.\d+)+|[-_@.][0-9a-f]{7,40})|v?\d[\d.]*|[0-9a-f]{7,40})$";
    #[expect(clippy::expect_used, reason = "a constant, which the tests compile")]
    Regex::new(version).expect("a pattern")
});

/// The hash of its content in a file's name: `app.3f2a.js`, `index-BKx3f9a2.js`, `chunk-3QZ7K2LM.mjs`.
static CONTENT_HASH: LazyLock<Regex> = LazyLock::new(|| {
    let hash = r"^(?<stem>.+?)(?:\.[0-9a-f]{4,64}|[-.][0-9a-f]{6,64}|-[A-Z0-9]{8}|[-.][\w-]{8,10})(?<rest>(?:\.chunk|\.bundle|\.min)?\.\w+)$";
    #[expect(clippy::expect_used, reason = "a constant, which the tests compile")]
    Regex::new(hash).expect("a pattern")
});

/// The components of a path from the root on: version folders and the hashes of contents are left out, so that two
/// builds of one file end alike.
///
/// ```
/// use leakdiff::model::name::components;
/// assert_eq!(components("/srv/build-7/dist/app.3f2a.js"), ["srv", "build", "dist", "app.js"]);
/// assert_eq!(components("C:\\w\\12\\lib\\python3.11\\queue.py"), ["C:", "w", "lib", "python", "queue.py"]);
/// assert_eq!(components("webpack://shop/./src/cart.ts?1f2e"), ["shop", "src", "cart.ts"]);
/// ```
pub fn components(path: &str) -> Vec<String> {
    let path = path.split_once("://").map_or(path, |(_, rest)| rest);
    let path = path.split('?').next().unwrap_or(path);
    let mut parts: Vec<&str> = path.split(['/', '\\']).filter(|part| !matches!(*part, "" | ".")).collect();
    let Some(base) = parts.pop() else { return Vec::new() };
    let folders = parts.into_iter().map(without_version).filter(|folder| !folder.is_empty());
    folders.map(str::to_owned).chain([without_content_hash(base)]).collect()
}

fn without_version(folder: &str) -> &str {
    let found = VERSION.captures(folder);
    found.map_or(folder, |found| found.name("stem").map_or("", |stem| stem.as_str()))
}

fn without_content_hash(base: &str) -> String {
    let is_hash = |text: &str| text.contains(|character: char| character.is_ascii_digit());
    match CONTENT_HASH.captures(base) {
        Some(found) if is_hash(&base[found["stem"].len()..base.len() - found["rest"].len()]) => {
            format!("{}{}", &found["stem"], &found["rest"])
        }
        _ => base.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_of_contents_do_not_show() {
        for (base, expected) in [
            ("app.3f2a.js", "app.js"),
            ("app.3f2a9c1b.chunk.js", "app.chunk.js"),
            ("index-BKx3f9a2.js", "index.js"),
            ("chunk-3QZ7K2LM.mjs", "chunk.mjs"),
            ("main.5d41402abc4b2a76.js", "main.js"),
            ("orders.js", "orders.js"),
            ("order-handler.js", "order-handler.js"),
            ("user.service.ts", "user.service.ts"),
            ("v2.py", "v2.py"),
        ] {
            assert_eq!(without_content_hash(base), expected, "{base}");
        }
    }

    #[test]
    fn version_folders_do_not_show() {
        for (folder, expected) in [
            ("lodash@4.17.21", "lodash"),
            ("python3.11", "python"),
            ("build-7", "build"),
            ("v2", ""),
            ("1.4.0", ""),
            ("3f2a9c1b", ""),
            ("src", "src"),
            ("lib64", "lib64"),
            ("node_modules", "node_modules"),
        ] {
            assert_eq!(without_version(folder), expected, "{folder}");
        }
    }
}
