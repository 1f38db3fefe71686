//! How much longer it takes, on a terminal.
//!
//! In: what is being done, and how much of how much. Out: a line on standard error that is gone afterwards.
//! Invariant: nothing where it is not seen by a person.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::Console;

/// A bar, as long as it is kept.
pub(super) struct Waiting(ProgressBar);

impl Waiting {
    /// One that is at its beginning.
    pub fn new(console: &Console<'_>, what: &str) -> Self {
        let is_seen = console.width.is_some();
        let target = if is_seen { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(Some(0), target);
        // A template that is none leaves the bar as it is by default.
        if let Ok(style) = ProgressStyle::with_template("{msg}  {bar:30}") {
            bar.set_style(style.progress_chars("━━─"));
        }
        bar.set_message(what.to_owned());
        Self(bar)
    }

    /// Something else is being done.
    pub fn say(&self, what: String) {
        self.0.set_message(what);
        self.0.tick();
    }

    /// So much is left of the whole.
    pub fn left(&self, left: Duration, whole: Duration) {
        let whole = whole.as_millis() as u64;
        self.0.set_length(whole);
        self.0.set_position(whole.saturating_sub(left.as_millis() as u64));
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
