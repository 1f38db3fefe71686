//! What a profile costs in memory beyond its bytes, once its references are followed.
//!
//! In: a decoded profile, and what it has cost so far. Out: an error where that is more than is allowed. A location of a
//! few bytes can stand in a stack many times and hold many inlined calls, so that the frames are the product of the two;
//! a name can stand at many functions and lines, each of which is shown, compared and sorted by it.
//! Invariant: stacks without inlined calls cost no more than was counted when they were read.

use crate::model::hash::HashMap;

use super::Limits;
use super::decoded::Decoded;
use super::error::Problem;
use super::proto;

/// Most frames of one stack: a thousand times the deepest that runtimes record.
const DEEPEST: u64 = 1 << 20;
/// Bytes that an inlined call costs wherever it stands in a stack: its share of a line of text, of a baseline, of a tree.
const INLINED_COST: u64 = 32;
/// Copies of a function's name on the way to the reader: as it is spelled, shown, compared, and of its row.
const NAME_COPIES: u64 = 6;
/// Bytes that a line of a location costs where each line is a row, with a name of usual length.
const LINE_COST: u64 = 128;

/// Refuses a profile that has cost `spent` bytes so far and costs more than is allowed in all, or has a stack of more
/// than [`DEEPEST`] frames.
pub(super) fn check(decoded: &Decoded, limits: Limits, spent: u64) -> Result<(), Problem> {
    let symbols = symbols(decoded);
    if spent.saturating_add(symbols) > limits.inflated {
        return Err(Problem::TooLarge { limit: limits.inflated });
    }
    check_stacks(decoded, limits)
}

/// What functions and lines cost by their names.
fn symbols(decoded: &Decoded) -> u64 {
    let length = |index: i64| decoded.strings.get(index).map_or(0, str::len) as u64;
    let name = |function: &proto::Function| length(function.name).max(length(function.system_name));
    let names: HashMap<u64, u64> = decoded.functions.iter().map(|function| (function.id, name(function))).collect();
    let of_functions =
        decoded.functions.iter().map(|function| NAME_COPIES * (name(function) + length(function.filename)));
    let of_line = |line: &proto::Line| {
        let name = names.get(&line.function_id).copied().unwrap_or(0);
        LINE_COST + NAME_COPIES * name.saturating_sub(LINE_COST)
    };
    let of_lines = decoded.locations.iter().flat_map(|location| &location.line).map(of_line);
    of_functions.chain(of_lines).fold(0, u64::saturating_add)
}

/// Refuses stacks that are too deep, or that are too much together, with all inlined calls.
fn check_stacks(decoded: &Decoded, limits: Limits) -> Result<(), Problem> {
    let samples = &decoded.samples;
    let starts = std::iter::once(&0).chain(&samples.stack_ends);
    let deepest = samples.stack_ends.iter().zip(starts.clone()).map(|(end, start)| end - start).max().unwrap_or(0);
    let most_inlined = decoded.locations.iter().map(|location| location.line.len()).max().unwrap_or(0).max(1) as u64;
    let most_frames = limits.inflated / INLINED_COST;
    let may_be_many = samples.slots.len() as u64 * (most_inlined - 1) > most_frames;
    if u64::from(deepest) * most_inlined <= DEEPEST && !may_be_many {
        return Ok(());
    }
    let lines = |location: &proto::Location| (location.id, location.line.len().max(1) as u64);
    let lines: HashMap<u64, u64> = decoded.locations.iter().map(lines).collect();
    let mut all = 0;
    for (sample, (end, start)) in samples.stack_ends.iter().zip(starts).enumerate() {
        let stack = &samples.slots[*start as usize..*end as usize];
        let frames: u64 = stack.iter().filter_map(|slot| lines.get(&samples.location_id(*slot))).sum();
        all += frames.saturating_sub(stack.len() as u64);
        if frames > DEEPEST {
            let cause = format!("its stack has {frames} frames, more than the limit of {DEEPEST}");
            return Err(Problem::Part { part: format!("sample {}", sample + 1), cause });
        }
        if all > most_frames {
            return Err(Problem::TooManyFrames { limit: most_frames });
        }
    }
    Ok(())
}
