//! A metric: what one column of a profile counts, and in which unit.
//!
//! In: the `sample_type` of a profile. Out: names that compare equal where producers mean the same thing.

use serde::Serialize;

/// A sample type: `inuse_space` in `bytes`, `goroutine` in `count`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Metric {
    /// The type as the producer spelled it.
    pub name: String,
    /// The unit as the producer spelled it.
    pub unit: String,
}

impl Metric {
    /// The name under which metrics of different producers are compared: tcmalloc's and jemalloc's `space` and
    /// `objects` are Go's `inuse_space` and `inuse_objects`.
    pub fn canonical_name(&self) -> &str {
        match self.name.as_str() {
            "space" => "inuse_space",
            "objects" => "inuse_objects",
            name => name,
        }
    }

    /// Whether a user who writes `name` means this metric: exact, or without the `inuse_` prefix as in pprof.
    pub fn answers_to(&self, name: &str) -> bool {
        let bare = |name: &str| name.strip_prefix("inuse_").unwrap_or(name).to_owned();
        self.name == name || bare(&self.name) == bare(name)
    }
}
