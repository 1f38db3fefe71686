//! A quantity over the snapshots of a run.
//!
//! In: its values, oldest first. Out: what changed. Invariant: values are integers in the base unit of their metric.

/// A quantity in every snapshot, oldest first. With one snapshot, before is 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Series(pub Vec<i64>);

impl Series {
    /// The value in the oldest of several snapshots.
    pub fn before(&self) -> i64 {
        if self.0.len() > 1 { self.0[0] } else { 0 }
    }

    /// The value in the newest snapshot.
    pub fn after(&self) -> i64 {
        self.0.last().copied().unwrap_or(0)
    }

    /// After minus before.
    pub fn delta(&self) -> i64 {
        self.after() - self.before()
    }

    /// Whether it is 0 in every snapshot.
    pub fn is_zero(&self) -> bool {
        self.0.iter().all(|value| *value == 0)
    }
}

/// How a row stands after compared with before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Nothing before, something after.
    New,
    /// More after than before.
    Grown,
    /// Less after than before.
    Shrunk,
    /// Something before, nothing after.
    Gone,
    /// As much after as before.
    Same,
}

impl Status {
    /// The status of a change from `before` to `after`.
    pub fn of(before: i64, after: i64) -> Self {
        match (before, after) {
            (before, after) if before == after => Status::Same,
            (0, _) => Status::New,
            (_, 0) => Status::Gone,
            (before, after) if after > before => Status::Grown,
            _ => Status::Shrunk,
        }
    }
}
