//! Values are not whole numbers of samples
//!
//! ## What was seen
//!
//! Each value in a heap profile is a whole number of samples, scaled up. With the sampling period stated in this
//! profile, many values are not.
//!
//! ## Why it matters
//!
//! The samples were taken with another period, or the values were changed afterwards. The totals may be wrong by the
//! same factor, and the sampling error is wrong in any case. In Go this happens when a program sets
//! `runtime.MemProfileRate` after its first allocations: the profile states the rate at the time it is written, and
//! old samples are scaled with it.
//!
//! ## What to do
//!
//! Set the rate once, before anything is allocated:
//!
//! ```go
//! func init() { runtime.MemProfileRate = 64 << 10 }
//! ```
//!
//! If another tool rewrote the profile (`-normalize`, a merge of profiles with different rates, an agent), compare
//! the originals.
//!
//! ## How it is decided
//!
//! A block of `S` bytes is sampled with probability `p = 1 - exp(-S / period)`, and `n` samples are written as `n * S
//! / p` bytes. For every sample with a block size (label `bytes`), `n` is computed from `inuse_space`; it is not
//! whole if it is further than 0.02 (and one part in a thousand million of itself) from the nearest whole number. The
//! warning appears if more than 1 % of the values are not whole. Profiles with a period of 1 are exact and not
//! checked.
//!
//! ## Example
//!
//! ```text
//! warning[raw-counts]: heap1.pb.gz: 1 of 1 values are not whole numbers of samples at a period of 524288: the rate was changed while the program ran, or a tool rescaled the profile
//! ```

use crate::diff::Diff;
use crate::model::{Code, LabelsId, Page, Snapshot, Warning};

use super::Guard;

const CODE: Code = Code::RawCounts;
pub(super) const GUARD: Guard = Guard { page: Page::new(CODE.as_str(), include_str!("raw_counts.rs")), check };

const TOLERANCE: f64 = 0.02;

fn check(diff: &Diff) -> Vec<Warning> {
    diff.snapshots.iter().filter_map(|snapshot| check_snapshot(diff, snapshot)).collect()
}

fn check_snapshot(diff: &Diff, snapshot: &Snapshot) -> Option<Warning> {
    let period = snapshot.header.period.filter(|period| *period > 1)?;
    let space = snapshot.metrics.iter().position(|metric| metric.canonical_name() == "inuse_space")?;
    // How many samples a byte stands for, by label set.
    let samples_per_byte = |id: u32| {
        let size = diff.symbols.block_size(LabelsId(id));
        (size > 0).then(|| -(-size as f64 / period as f64).exp_m1() / size as f64)
    };
    let factors: Vec<Option<f64>> = (0..diff.symbols.labels_count() as u32).map(samples_per_byte).collect();
    let (mut checked, mut fractional) = (0, 0);
    for (row, value) in snapshot.column(space).iter().enumerate().filter(|(_, value)| **value != 0) {
        let Some(factor) = factors[snapshot.labels(row).index()] else { continue };
        let samples = *value as f64 * factor;
        checked += 1;
        fractional += usize::from((samples - samples.round()).abs() > TOLERANCE + samples.abs() * 1e-9);
    }
    (fractional * 100 > checked).then(|| {
        let message = format!(
            "{fractional} of {checked} values are not whole numbers of samples at a period of {period}: the rate was \
             changed while the program ran, or a tool rescaled the profile"
        );
        Warning::about(&snapshot.header.label, CODE, message)
    })
}
