//! Where the source of a program lies: the repository that a run works in.
//!
//! In: what `source` found around the working folder. Out: plain values.
//! Invariant: paths have `/` between their elements, on every system. Knows no file system.

/// Most bytes of a path of source code, which is as long as Linux takes. Longer ones belong to no file.
pub const LONGEST_PATH: usize = 4096;

/// A repository with the source of a program.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Checkout {
    /// Its root, an absolute path.
    pub root: String,
    /// The Go module that the working folder belongs to.
    pub module: Option<Module>,
}

/// A Go module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Module {
    /// Its path, as its `go.mod` has it.
    pub path: String,
    /// Its folder relative to the root of the repository; empty for the root.
    pub folder: String,
}

impl Module {
    /// The path of one of its files relative to the root of the repository.
    pub fn file(&self, inside: &str) -> String {
        if self.folder.is_empty() { inside.to_owned() } else { format!("{}/{inside}", self.folder) }
    }
}
