//! Is a change real, or can sampling alone have made it?

/// What the samples say of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Nothing was sampled: the change is what it is.
    Exact,
    /// Sampling makes a change like this less than once in a thousand rows called so.
    Certain,
    /// Sampling makes a change like this in at most one of twenty rows called so.
    Likely,
    /// Sampling alone may have made it.
    Noise,
}
