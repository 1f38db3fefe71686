//! What other questions and formats cost, as ratios to the table that is the default.
//!
//! In: a pair. Out: a table. Each is a whole process, in the same run as the default.

use std::path::PathBuf;

use crate::measure::{Cost, median, process};
use crate::{leakdiff, peak_bytes};

/// What is asked beside the pair; the first is the default.
const MODES: &[&[&str]] = &[
    &[],
    &["-n", "0", "-f", "json"],
    &["-f", "svg"],
    &["-f", "html"],
    &["-f", "folded"],
    &["--by", "line"],
    &["--by", "stack"],
    &["--focus", "f1"],
    &["--sort", "cum"],
    &["check", "--max-growth", "1TiB"],
];

/// Prints what each takes.
pub fn print(pair: Option<&(String, [PathBuf; 2])>) {
    const RUNS: usize = 5;
    let Some((name, pair)) = pair else { return };
    println!("\n| {name} | time | x default | peak memory |\n|---|---:|---:|---:|");
    let mut default = None;
    for mode in MODES {
        let mut command = leakdiff();
        command.args(*mode).args(pair);
        let costs: Vec<Cost> = (0..RUNS).map(|_| process(&mut command)).collect();
        let seconds = median(costs).seconds;
        let default = *default.get_or_insert(seconds);
        let peak = peak_bytes(&command) as f64 / f64::from(1 << 20);
        let asked = if mode.is_empty() { "default".to_owned() } else { format!("`{}`", mode.join(" ")) };
        println!("| {asked} | {seconds:.2} s | {:.2} | {peak:.0} MiB |", seconds / default);
    }
}
