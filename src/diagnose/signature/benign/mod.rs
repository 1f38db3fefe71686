//! Signatures of what is no leak.

pub(super) mod churn;
pub(super) mod goroutine_high_water;
pub(super) mod one_time_init;
pub(super) mod profiler;
pub(super) mod runtime_own;
pub(super) mod standard_pools;
