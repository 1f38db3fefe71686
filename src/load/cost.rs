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
/// How many bytes of names in stacks cost one: they are hashed and written, and not kept.
const NAMES_PER_BYTE: u64 = 8;
/// Copies of a function's name on the way to the reader: as it is spelled, shown, compared, and of its row.
const NAME_COPIES: u64 = 6;
/// Bytes that a line of a location costs where each line is a row, with a name of usual length.
const LINE_COST: u64 = 128;

/// Refuses a profile that has cost `spent` bytes so far and costs more than is allowed in all, or has a stack of more
/// than [`DEEPEST`] frames.
pub(super) fn check(decoded: &Decoded, limits: Limits, spent: u64) -> Result<(), Problem> {
    let names = Names::new(decoded);
    if spent.saturating_add(names.cost(decoded)) > limits.inflated {
        return Err(Problem::TooLarge { limit: limits.inflated });
    }
    check_stacks(decoded, &names, limits)
}

/// How long the name of each function is.
struct Names(HashMap<u64, u64>);

impl Names {
    fn new(decoded: &Decoded) -> Self {
        let length = |index: i64| decoded.strings.get(index).map_or(0, str::len) as u64;
        let name = |function: &proto::Function| length(function.name).max(length(function.system_name));
        let with_file = |function: &proto::Function| name(function) + length(function.filename);
        Self(decoded.functions.iter().map(|function| (function.id, with_file(function))).collect())
    }

    fn of(&self, line: &proto::Line) -> u64 {
        self.0.get(&line.function_id).copied().unwrap_or(0)
    }

    /// What functions and lines cost by their names.
    fn cost(&self, decoded: &Decoded) -> u64 {
        let of_functions = self.0.values().map(|length| NAME_COPIES * length);
        let of_line = |line: &proto::Line| LINE_COST + NAME_COPIES * self.of(line).saturating_sub(LINE_COST);
        let of_lines = decoded.locations.iter().flat_map(|location| &location.line).map(of_line);
        of_functions.chain(of_lines).fold(0, u64::saturating_add)
    }

    /// What a location costs wherever it stands in a stack, and how many frames it is there.
    fn in_stack(&self, location: &proto::Location) -> (u64, u64) {
        let frames = location.line.len().max(1) as u64;
        let names: u64 = location.line.iter().map(|line| self.of(line)).sum();
        (INLINED_COST * (frames - 1) + names / NAMES_PER_BYTE, frames)
    }
}

/// Refuses stacks that are too deep, or that are too much together, with all inlined calls and names.
#[expect(clippy::indexing_slicing, reason = "the ends of stacks lie in the slots")]
fn check_stacks(decoded: &Decoded, names: &Names, limits: Limits) -> Result<(), Problem> {
    let samples = &decoded.samples;
    let locations: HashMap<u64, (u64, u64)> =
        decoded.locations.iter().map(|location| (location.id, names.in_stack(location))).collect();
    let most = |part: fn(&(u64, u64)) -> u64| locations.values().map(part).max().unwrap_or(0);
    let starts = std::iter::once(&0).chain(&samples.stack_ends);
    let deepest = samples.stack_ends.iter().zip(starts.clone()).map(|(end, start)| end - start).max().unwrap_or(0);
    let may_be_much = (samples.slots.len() as u64).saturating_mul(most(|(cost, _)| *cost)) > limits.inflated;
    if u64::from(deepest).saturating_mul(most(|(_, frames)| *frames).max(1)) <= DEEPEST && !may_be_much {
        return Ok(());
    }
    let mut all = 0_u64;
    for (sample, (end, start)) in samples.stack_ends.iter().zip(starts).enumerate() {
        let stack = &samples.slots[*start as usize..*end as usize];
        let of_slots = stack.iter().filter_map(|slot| locations.get(&samples.location_id(*slot)));
        let (cost, frames) = of_slots.fold((0, 0), |(cost, frames), more| (cost + more.0, frames + more.1));
        if frames > DEEPEST {
            let cause = format!("its stack has {frames} frames, more than the limit of {DEEPEST}");
            return Err(Problem::Part { part: format!("sample {}", sample + 1), cause });
        }
        all = all.saturating_add(cost);
        if all > limits.inflated {
            return Err(Problem::TooManyFrames { limit: limits.inflated });
        }
    }
    Ok(())
}
