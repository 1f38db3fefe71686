//! How deep the stacks of a profile are once inlined calls are written out.
//!
//! In: a decoded profile. Out: an error when its stacks are out of proportion to the file. A location of a few bytes can
//! stand in a stack many times, and hold many inlined calls: the frames are the product of the two.
//! Invariant: stacks without inlined calls never exceed the bound on all frames, since each frame takes a byte or more.

use crate::model::hash::HashMap;

use super::Limits;
use super::decoded::Decoded;
use super::error::Problem;

/// Most frames of one stack: a thousand times the deepest that runtimes record.
const DEEPEST: u64 = 1 << 20;

/// Refuses stacks of more than [`DEEPEST`] frames, and more frames in all than bytes are allowed.
pub(super) fn check(decoded: &Decoded, limits: Limits) -> Result<(), Problem> {
    let samples = &decoded.samples;
    let starts = std::iter::once(&0).chain(&samples.stack_ends);
    let deepest = samples.stack_ends.iter().zip(starts.clone()).map(|(end, start)| end - start).max().unwrap_or(0);
    let most_inlined = decoded.locations.iter().map(|location| location.line.len()).max().unwrap_or(0).max(1) as u64;
    let may_be_many = samples.slots.len() as u64 * most_inlined > limits.inflated;
    if u64::from(deepest) * most_inlined <= DEEPEST && !may_be_many {
        return Ok(());
    }
    let lines = |location: &super::proto::Location| (location.id, location.line.len().max(1) as u64);
    let lines: HashMap<u64, u64> = decoded.locations.iter().map(lines).collect();
    let mut all = 0;
    for (sample, (end, start)) in samples.stack_ends.iter().zip(starts).enumerate() {
        let stack = &samples.slots[*start as usize..*end as usize];
        let frames: u64 = stack.iter().filter_map(|slot| lines.get(&samples.location_id(*slot))).sum();
        all += frames;
        if frames > DEEPEST {
            let cause = format!("its stack has {frames} frames, more than the limit of {DEEPEST}");
            return Err(Problem::Part { part: format!("sample {}", sample + 1), cause });
        }
        if all > limits.inflated {
            return Err(Problem::TooManyFrames { limit: limits.inflated });
        }
    }
    Ok(())
}
