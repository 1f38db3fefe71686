//! How far reading has come, for who waits at a terminal.
//!
//! In: the inputs of a run. Out: the same inputs, which are counted as they are read; a line on the terminal. Invariant:
//! nothing is shown before half a second has passed, nor where nobody watches.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::load::Input;

use super::Console;

/// What is shorter needs no progress.
const LONG: Duration = Duration::from_millis(500);

/// The line on the terminal, which is gone when reading ends.
pub(super) struct Progress(Option<Line>);

#[derive(Clone)]
struct Line {
    bar: ProgressBar,
    is_shown: Arc<AtomicBool>,
}

impl Progress {
    /// One for a console; none where nobody watches.
    pub fn new(console: &Console<'_>) -> Self {
        let line = || {
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
            let style =
                ProgressStyle::with_template("{spinner} reading profiles: {bytes} in {elapsed} ({bytes_per_sec})");
            let bar = style.map_or(bar.clone(), |style| bar.with_style(style));
            Line { bar, is_shown: Arc::default() }
        };
        Self(console.is_attended.then(line))
    }

    /// The same inputs, counted as they are read.
    pub fn watch(&self, inputs: Vec<Input>) -> Vec<Input> {
        let Some(line) = &self.0 else { return inputs };
        let watched =
            |input: Input| Input { content: Box::new(Watched { content: input.content, line: line.clone() }), ..input };
        inputs.into_iter().map(watched).collect()
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(line) = &self.0 {
            line.bar.finish_and_clear();
        }
    }
}

struct Watched {
    content: Box<dyn Read + Send>,
    line: Line,
}

impl Read for Watched {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.content.read(buffer)?;
        let Line { bar, is_shown } = &self.line;
        bar.inc(count as u64);
        if bar.elapsed() >= LONG && !is_shown.swap(true, Ordering::Relaxed) {
            bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        Ok(count)
    }
}
