//! Simulated series: what a sampling profiler sees of memory that behaves in a known way.
//!
//! A sample stands for half a MiB, as at Go's default rate. What is kept for good comes as a Poisson process along the true
//! curve; what is held for a time is a level of samples, each of which is gone at the next snapshot with a probability, and
//! replaced by others so that the level stays what it is meant to be.

use leakdiff::stats::{Change, Course, Curve};

/// Bytes that a sample stands for.
pub const SAMPLE: i64 = 512 << 10;

/// SplitMix64 (Steele, Lea and Flood 2014): small, and the same everywhere.
pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// In [0, 1).
    fn uniform(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A number of events of which so many are expected.
    fn poisson(&mut self, mean: f64) -> i64 {
        let (limit, mut product, mut count) = ((-mean).exp(), self.uniform(), 0);
        while product > limit {
            product *= self.uniform();
            count += 1;
        }
        count
    }

    fn binomial(&mut self, count: i64, chance: f64) -> i64 {
        (0..count).filter(|_| self.uniform() < chance).count() as i64
    }
}

/// How memory truly behaves over the time from 0 to 1.
#[derive(Debug, Clone, Copy)]
pub struct Truth {
    pub name: &'static str,
    /// The part of all that is kept for good that has come by a time.
    pub kept: fn(f64) -> f64,
    /// How many samples are held for a while at a time, as a part of those kept for good.
    pub held: fn(f64) -> f64,
}

fn nothing(_: f64) -> f64 {
    0.0
}

fn saturating(time: f64, constant: f64) -> f64 {
    -(-time / constant).exp_m1() / -(-1.0 / constant).exp_m1()
}

pub const STEADY: Truth = Truth { name: "leak", kept: |time| time, held: nothing };
pub const UNDER_TURNOVER: Truth = Truth { name: "leak beside turnover", kept: |time| time, held: |_| 0.5 };
pub const LATE: Truth =
    Truth { name: "leak from the middle on", kept: |time| (2.0 * time - 1.0).max(0.0), held: nothing };
pub const FASTER: Truth =
    Truth { name: "leak, load doubles", kept: |time| (time + (time - 0.5).max(0.0)) / 1.5, held: nothing };
pub const AFTER_WARM_UP: Truth =
    Truth { name: "warm-up, then a leak", kept: |time| 0.4 * (time / 0.1).min(1.0) + 0.6 * time, held: nothing };
pub const SLOW_CACHE: Truth = Truth { name: "cache, fills in T/2", kept: |time| saturating(time, 0.5), held: nothing };
pub const CACHE: Truth = Truth { name: "cache, fills in T/4", kept: |time| saturating(time, 0.25), held: nothing };
pub const STEP: Truth = Truth { name: "warm-up", kept: |time| (time / 0.3).min(1.0), held: nothing };
pub const SAW: Truth = Truth { name: "saw-tooth", kept: nothing, held: |time| (time * 2.7) % 1.0 + 0.1 };
pub const FULL: Truth = Truth { name: "full cache", kept: nothing, held: |_| 1.0 };
pub const DOUBLED: Truth =
    Truth { name: "load doubles, no leak", kept: nothing, held: |time| if time > 0.45 { 1.0 } else { 0.5 } };

/// What a profiler sees of it: values in bytes, the part kept of what was allocated, and whether the change is real.
pub struct Seen {
    pub values: Vec<i64>,
    pub times: Vec<f64>,
    pub kept: Option<f64>,
    pub change: Change,
}

/// A series of so many snapshots, ten minutes apart, in which `samples` are kept for good or held in all.
pub fn seen(truth: &Truth, snapshots: usize, samples: f64, chance: &mut Chance) -> Seen {
    /// What is held is gone at the next snapshot so often.
    const GONE: f64 = 0.6;
    let time = |at: usize| at as f64 / (snapshots - 1) as f64;
    let (mut kept, mut held, mut first) = (0, 0, 0);
    let (mut allocated, mut values) = (0, Vec::new());
    for at in 0..snapshots {
        if at > 0 {
            let came = chance.poisson(samples * ((truth.kept)(time(at)) - (truth.kept)(time(at - 1))));
            kept += came;
            allocated += came;
        }
        let level = samples * (truth.held)(time(at));
        // Fewer may be held than before: then more than usual has gone.
        let stays = if at == 0 { 0.0 } else { (level / (held as f64).max(1.0)).min(1.0) * (1.0 - GONE) };
        let rest = chance.binomial(held, stays);
        first = if at == 0 { 0 } else { chance.binomial(first, stays) };
        let new = chance.poisson((level - level.min(held as f64) * stays.min(1.0)).max(0.0));
        held = rest + new;
        if at == 0 {
            first = held;
        } else {
            allocated += new;
        }
        values.push(kept + held);
    }
    let growth = values[snapshots - 1] - values[0];
    let (came, went) = (values[snapshots - 1] - first, values[0] - first);
    let z = growth as f64 / ((came + went) as f64).max(1.0).sqrt();
    Seen {
        values: values.iter().map(|value| value * SAMPLE).collect(),
        times: (0..snapshots).map(|at| at as f64 * 600.0).collect(),
        kept: (allocated > 0).then(|| growth as f64 / allocated as f64),
        change: if z.abs() > 1.645 { Change::Real } else { Change::Noise },
    }
}

/// What is said of it.
pub fn said(seen: &Seen) -> Course {
    let Seen { values, times, kept, change } = seen;
    let curve = Curve { values, times, sample: SAMPLE as f64, kept: *kept, change: *change };
    curve.trend().course
}
