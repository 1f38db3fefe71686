//! What the samples of a heap dump stand for, and which calls of their stacks a profile has.
//!
//! In: sizes and numbers of sampled objects, stacks. Out: a rate, bytes, calls. Invariant: as Go's own profiles have them.
//! Source: `runtime/pprof` (`scaleHeapSample`, `protomem.go`), Go 1.22 to 1.27.

use super::records::Call;

/// The bytes that a sampled object of this size stands for.
pub fn scaled(size: u64, rate: f64) -> f64 {
    let size = size as f64;
    if rate <= 1.0 || size == 0.0 { size } else { size / -(-size / rate).exp_m1() }
}

/// The rate of the profiler, which no record states: that for which the samples, by size and number, add up to the heap. By
/// bisection, as their sum grows with the rate.
pub fn fitted_rate(sampled: impl Iterator<Item = (u64, u64)> + Clone, heap: f64) -> f64 {
    let sum = |rate: f64| -> f64 { sampled.clone().map(|(size, count)| scaled(size, rate) * count as f64).sum() };
    let (mut low, mut high) = (1.0, f64::from(1_u32 << 30));
    if sum(high) <= heap {
        return high;
    }
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if sum(middle) < heap { low = middle } else { high = middle }
    }
    low
}

/// The calls of a stack that a profile has, with their places in it: not those of the runtime at the leaf, nor where every
/// goroutine begins.
pub fn profiled<'a>(calls: &'a [Call<'_>]) -> impl Iterator<Item = (usize, &'a Call<'a>)> {
    let is_begin = calls.last().is_some_and(|last| last.function == "runtime.goexit");
    let end = calls.len() - usize::from(is_begin);
    let inner = calls.iter().take(end).take_while(|call| call.function.starts_with("runtime.")).count();
    // A stack of nothing else stays whole.
    let start = if inner < end { inner } else { 0 };
    calls.iter().enumerate().take(end).skip(start)
}
