//! Signatures of contexts and timers.

pub(super) mod context_after_func;
pub(super) mod context_custom_parent;
pub(super) mod context_not_cancelled;
pub(super) mod context_timeout_not_cancelled;
pub(super) mod context_values;
pub(super) mod ticker_not_stopped;
pub(super) mod time_after;
pub(super) mod time_tick;
pub(super) mod timer_not_stopped;
