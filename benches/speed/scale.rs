//! How the time grows with the size of the question, along one axis at a time, as the exponent of a power law.
//!
//! In: nothing. Out: a table, and docs/scaling.svg with a curve for each axis. Starting a process is taken off, as it is the
//! same for all. An exponent of 1 is linear; what has a part that stays lies below.

use std::fmt::Write;
use std::path::PathBuf;
use std::process::Command;

use crate::generate::Size;
use crate::measure::{median, process};
use crate::{generated, leakdiff};

/// The middle of all axes.
const MIDDLE: Size = Size { name: "scale", samples: 20_000, functions: 4_000, depth: (20, 20), all_change: true };

/// One axis: the sizes along it and what each takes, in seconds.
struct Axis {
    name: &'static str,
    points: Vec<(f64, f64)>,
}

impl Axis {
    /// The slope between the two largest sizes, where what stays the same counts least.
    fn last_exponent(&self) -> f64 {
        let [.., (size, seconds), (larger, more)] = self.points[..] else { return f64::NAN };
        (more / seconds).ln() / (larger / size).ln()
    }

    /// The slope of the line through the logarithms, by least squares.
    fn exponent(&self) -> f64 {
        let logs: Vec<(f64, f64)> = self.points.iter().map(|(size, seconds)| (size.ln(), seconds.ln())).collect();
        let count = logs.len() as f64;
        let mean = |value: fn(&(f64, f64)) -> f64| logs.iter().map(value).sum::<f64>() / count;
        let (x, y) = (mean(|log| log.0), mean(|log| log.1));
        let (mut both, mut square) = (0.0, 0.0);
        for log in &logs {
            both += (log.0 - x) * (log.1 - y);
            square += (log.0 - x).powi(2);
        }
        both / square
    }
}

/// Prints the exponents, and draws the curves.
pub fn print() {
    let start = seconds(leakdiff().arg("--version"));
    let time = |command: &mut Command| (seconds(command) - start).max(1e-4);
    let of_pair = |size: Size| time(leakdiff().args(generated(size)));
    let along = |name, sizes: &[u64], at: fn(u64) -> Size| Axis {
        name,
        points: sizes.iter().map(|size| (*size as f64, of_pair(at(*size)))).collect(),
    };
    let middle = generated(MIDDLE);
    let rows =
        |shown: &u64| (*shown as f64, time(leakdiff().args(["-n", &shown.to_string(), "-f", "json"]).args(&middle)));
    let files = |count: &u64| {
        let series: Vec<&PathBuf> = middle.iter().cycle().take(*count as usize).collect();
        (*count as f64, time(leakdiff().args(series)))
    };
    let axes = [
        along("samples", &[1_000, 10_000, 100_000, 1_000_000], |samples| Size { name: "samples", samples, ..MIDDLE }),
        along("depth", &[8, 32, 128, 512], |depth| Size { name: "depth", depth: (depth, depth), ..MIDDLE }),
        along("functions", &[1_000, 10_000, 100_000], |functions| Size { name: "functions", functions, ..MIDDLE }),
        Axis { name: "rows shown", points: [10, 100, 1_000, 4_000].iter().map(rows).collect() },
        Axis { name: "files", points: [2, 8, 32, 128].iter().map(files).collect() },
    ];
    println!("\n| axis | from | to | time | exponent | at the end |\n|---|---:|---:|---:|---:|---:|");
    for axis in &axes {
        let [(from, least), .., (to, most)] = axis.points[..] else { continue };
        let exponents = [axis.exponent(), axis.last_exponent()].map(|exponent| format!("{exponent:.2}")).join(" | ");
        println!("| {} | {from} | {to} | {least:.3} s to {most:.3} s | {exponents} |", axis.name);
    }
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/scaling.svg");
    std::fs::write(path, picture(&axes)).expect("the picture can be written");
}

fn seconds(command: &mut Command) -> f64 {
    const RUNS: usize = 5;
    median((0..RUNS).map(|_| process(command)).collect()).seconds
}

/// Both logarithmic: how many times the smallest size, and how many times its time.
fn picture(axes: &[Axis]) -> String {
    const COLOURS: [&str; 5] = ["#0b62a8", "#b5471f", "#2d7d3a", "#7a3e9d", "#6b5b00"];
    const WIDTH: f64 = 560.0;
    const HEIGHT: f64 = 460.0;
    const DECADE: f64 = 120.0;
    let place = |size: f64, time: f64| (60.0 + size.log10() * DECADE, HEIGHT - 50.0 - time.log10() * DECADE);
    let mut svg = format!(
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {WIDTH} {HEIGHT}' font-family='sans-serif' font-size='13'>\n<rect width='{WIDTH}' height='{HEIGHT}' fill='#fff'/>\n"
    );
    for decade in 0..=3 {
        let (x, y) = place(10_f64.powi(decade), 10_f64.powi(decade));
        let label = 10_i32.pow(decade as u32);
        let _ = writeln!(
            svg,
            "<path d='M{x:.1} 50V{:.1}M60 {y:.1}H{:.1}' stroke='#ddd'/>\n<text x='{x:.1}' y='{:.1}' text-anchor='middle'>{label}×</text>\n<text x='52' y='{:.1}' text-anchor='end'>{label}×</text>",
            HEIGHT - 50.0,
            60.0 + 3.0 * DECADE,
            HEIGHT - 30.0,
            y + 4.0
        );
    }
    let ((x, y), (far, high)) = (place(1.0, 1.0), place(1000.0, 1000.0));
    let _ = writeln!(
        svg,
        "<path d='M{x:.1} {y:.1}L{far:.1} {high:.1}' stroke='#999' stroke-dasharray='4 4'/>\n<text x='60' y='30'>Time against size, both as multiples of the smallest; dashed: linear</text>"
    );
    for (number, (axis, colour)) in axes.iter().zip(COLOURS).enumerate() {
        let (size, time) = axis.points[0];
        let points = axis.points.iter().map(|point| place(point.0 / size, point.1 / time));
        let path: Vec<String> = points.map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
        let _ = writeln!(
            svg,
            "<polyline points='{}' fill='none' stroke='{colour}' stroke-width='2'/>\n<text x='{:.1}' y='{:.1}' fill='{colour}'>{} ({:.2})</text>",
            path.join(" "),
            70.0 + 3.0 * DECADE,
            70 + 20 * number,
            axis.name,
            axis.exponent()
        );
    }
    svg.push_str("</svg>\n");
    svg
}
