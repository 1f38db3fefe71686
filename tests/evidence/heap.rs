//! A heap whose every block is known, and what a profiler sees of it.
//!
//! A block of `S` bytes is sampled on its own with the probability `1 - exp(-S / R)`, as Go's does; what is sampled
//! stays sampled for its life. Values are written as Go writes them: scaled, truncated.

use crate::support::Profile;

/// The profiler's mean number of bytes between two samples.
pub const RATE: f64 = 524_288.0;

/// A generator of random numbers with a seed (SplitMix64).
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Between 0 and 1, neither included.
    pub fn unit(&mut self) -> f64 {
        ((self.next() >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    }

    pub fn below(&mut self, bound: u64) -> u64 {
        (self.unit() * bound as f64) as u64
    }

    /// How many of `count` things happen that each happen with the probability `chance`.
    pub fn binomial(&mut self, count: u64, chance: f64) -> u64 {
        if chance >= 1.0 || chance <= 0.0 {
            return if chance >= 1.0 { count } else { 0 };
        }
        let (mut happened, mut at) = (0, 0.0);
        loop {
            // The gap to the next one is geometric.
            at += (self.unit().ln() / (-chance).ln_1p()).floor() + 1.0;
            if at > count as f64 {
                return happened;
            }
            happened += 1;
        }
    }
}

/// Blocks of one size allocated by one function, as they are at two moments.
#[derive(Debug, Clone, Copy)]
pub struct Site {
    /// Bytes per block.
    pub size: u64,
    /// Blocks there at first.
    pub before: u64,
    /// Of those, how many are freed in between.
    pub freed: u64,
    /// Blocks that are allocated in between and stay.
    pub stays: u64,
    /// Blocks that are allocated and freed in between.
    pub passes: u64,
}

impl Site {
    /// What was there before, after, and by how much it grew, in bytes.
    pub fn growth(&self) -> i64 {
        (self.stays as i64 - self.freed as i64) * self.size as i64
    }

    fn chance(&self) -> f64 {
        1.0 - (-(self.size as f64) / RATE).exp()
    }
}

/// The name of the function of a site.
pub fn name(site: usize) -> String {
    format!("main.site{site}")
}

/// Scales counts as Go does.
fn scaled(samples: u64, site: &Site) -> [i64; 2] {
    let blocks = samples as f64 / site.chance();
    [blocks as i64, (blocks * site.size as f64) as i64]
}

fn add(profile: Profile, index: usize, site: &Site, inuse: u64, allocated: u64) -> Profile {
    if allocated == 0 {
        return profile;
    }
    let ([alloc_objects, alloc_space], [objects, space]) = (scaled(allocated, site), scaled(inuse, site));
    let stack = format!("{};main.main", name(index));
    profile.stack(&stack, [alloc_objects, alloc_space, objects, space]).bytes(site.size as i64)
}

/// Two snapshots of one process.
pub fn one_process(sites: &[Site], random: &mut Random) -> [Profile; 2] {
    let empty = |time: i64| Profile::new().build_id("b1").time(time * 1_000_000_000);
    let (mut before, mut after) = (empty(1_000), empty(1_600));
    for (index, site) in sites.iter().enumerate() {
        let mut draw = |blocks: u64| random.binomial(blocks, site.chance());
        let (kept, freed) = (draw(site.before - site.freed), draw(site.freed));
        let (stays, passes) = (draw(site.stays), draw(site.passes));
        before = add(before, index, site, kept + freed, kept + freed);
        after = add(after, index, site, kept + stays, kept + freed + stays + passes);
    }
    [before, after]
}

/// A snapshot of each of two processes.
pub fn two_processes(sites: &[Site], random: &mut Random) -> [Profile; 2] {
    let empty = |build, time: i64| Profile::new().build_id(build).time(time * 1_000_000_000);
    let (mut before, mut after) = (empty("b1", 1_000), empty("b2", 1_600));
    for (index, site) in sites.iter().enumerate() {
        let (old, new) = (site.before, site.before - site.freed + site.stays);
        let (old, new) = (random.binomial(old, site.chance()), random.binomial(new, site.chance()));
        before = add(before, index, site, old, old);
        after = add(after, index, site, new, new);
    }
    [before, after]
}

/// A run of a build that holds what each site had before; where runs differ by more than their samples, each site by
/// this share of it, up or down.
pub fn run(sites: &[Site], build: &str, wobble: f64, random: &mut Random) -> Profile {
    let mut profile = Profile::new().build_id(build).time(1_000_000_000_000);
    for (index, site) in sites.iter().enumerate() {
        // The sum of twelve uniform numbers is as good as normal.
        let normal = (0..12).map(|_| random.unit()).sum::<f64>() - 6.0;
        let blocks = (site.before as f64 * (1.0 + wobble * normal)).max(0.0).round() as u64;
        let samples = random.binomial(blocks, site.chance());
        profile = add(profile, index, site, samples, samples);
    }
    profile
}
