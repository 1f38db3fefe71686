//! A flame graph in the style of Brendan Gregg's FlameGraph: bottom up, red for growth and blue for shrinkage.
//!
//! In: a diff. Out: what inferno draws of its folded stacks. Invariant: widths are values after, as that picture has
//! them; colours are changes of a stack's last frame. Knows nothing of our own picture (see `svg.rs`).

use std::io::{self, Write};

use inferno::flamegraph::color::{BasicPalette, Palette};
use inferno::flamegraph::{Direction, Options as Flame, from_lines};

use super::{Options, folded};
use crate::diff::Diff;
use crate::model::Metric;

/// Draws the compared metric of a diff.
///
/// # Errors
/// When there is nothing after, when a value is negative, or when `out` fails.
pub(super) fn write(diff: &Diff, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let mut stacks = Vec::new();
    folded::write(diff, options, &mut stacks)?;
    let stacks = String::from_utf8(stacks).map_err(io::Error::other)?;
    let after = |line: &str| line.rsplit_once(' ').is_some_and(|(_, after)| after != "0");
    if !stacks.lines().any(after) {
        let message = format!(
            "there is nothing of {} after, so that the classic style has nothing to draw; leave out --style classic",
            diff.metric().name
        );
        return Err(io::Error::new(io::ErrorKind::InvalidData, message));
    }
    from_lines(&mut look(diff, options), stacks.lines(), out)
}

fn look(diff: &Diff, options: &Options) -> Flame<'static> {
    let metric = diff.metric();
    let mut look = Flame::default();
    // Of a difference only the background has this colour.
    let is_plain_memory = metric.is_memory() && diff.snapshots.len() == 1;
    look.colors = Palette::Basic(if is_plain_memory { BasicPalette::Mem } else { BasicPalette::Hot });
    look.deterministic = true;
    look.title = options.title.clone().unwrap_or_else(|| title(diff, metric));
    look.subtitle = (diff.snapshots.len() > 1)
        .then(|| "Width: value after. Red grew, blue shrank: the change of the last function of a stack.".to_owned());
    look.notes = options.warnings.iter().map(|warning| warning.message.as_str()).collect::<Vec<_>>().join(" ");
    look.count_name.clone_from(&metric.unit);
    look.name_type = "Function:".to_owned();
    look.reverse_stack_order = options.inverted;
    look.direction = if options.inverted { Direction::Inverted } else { Direction::Straight };
    look
}

fn title(diff: &Diff, metric: &Metric) -> String {
    match &diff.snapshots[..] {
        [oldest, .., newest] => {
            format!("Change of {}: {} → {}", metric.name, oldest.header.label, newest.header.label)
        }
        [only] => format!("{} of {}", metric.name, only.header.label),
        [] => metric.name.clone(),
    }
}
