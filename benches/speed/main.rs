//! Speed and memory as ratios to yardsticks in the same run: the floor (inflate both files once and touch every byte once,
//! on two threads, as whoever decodes a protobuf must: byte after byte, cutting them into integers), another program that
//! does the same, and `go tool pprof -top -diff_base`.
//!
//! `cargo bench --bench speed` measures; with `GO=/path/to/go` also against pprof (minutes on the large pairs) and on a pair
//! that a service recorded; with `FLOOR=/path/to/program` also against what `$FLOOR run BASE NEW` takes.
//! `cargo bench --bench speed -- small fixture` measures only what is named: pairs, `modes`, `scale`, `holders`
//! (heap dumps, with `GO`). Prints the tables of
//! BENCHMARKS.md, and draws docs/scaling.svg.

#![allow(clippy::print_stdout)] // The tables are what this program is for.

mod generate;
mod holders;
mod measure;
mod modes;
mod scale;
mod service;

use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::Command;

use flate2::bufread::MultiGzDecoder;
use generate::Size;
use leakdiff::report::{FORMATS, Report, Style};
use leakdiff::{compare, diff, load};
use measure::{Cost, closure, median, process};

const PAIRS: &[Size] = &[
    Size { name: "large", samples: 1_000_000, functions: 16_000, depth: (18, 34), all_change: false },
    Size { name: "changed", samples: 1_000_000, functions: 20_000, depth: (12, 44), all_change: true },
    Size { name: "small", samples: 7_000, functions: 2_500, depth: (8, 20), all_change: false },
];

fn main() {
    if let Some(command) = std::env::args().skip_while(|argument| argument != PEAK).nth(1) {
        let paths: Vec<String> = std::env::args().skip_while(|argument| argument != PEAK).skip(2).collect();
        println!("{}", process(Command::new(command).args(paths)).peak_bytes);
        return;
    }
    let wanted: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let is_wanted = |name: &str| wanted.is_empty() || wanted.iter().any(|wanted| wanted == name);
    let mut pairs: Vec<(String, [PathBuf; 2])> = Vec::new();
    for size in PAIRS.iter().filter(|size| is_wanted(size.name)) {
        pairs.push((size.name.to_owned(), generated(*size)));
    }
    if is_wanted("fixture") {
        let fixture = |number| Path::new("fixtures/http-body").join(format!("heap{number}.pb.gz"));
        pairs.push(("fixture".to_owned(), [fixture(1), fixture(3)]));
    }
    if is_wanted("service")
        && let Some(pair) = service::recorded()
    {
        pairs.push(("service".to_owned(), pair));
    }
    println!(
        "| pair | gzipped | raw | floor | leakdiff | x floor | x other floor | pprof | pprof / leakdiff | peak memory | x raw | pprof |"
    );
    println!("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
    for (name, pair) in &pairs {
        println!("{}", whole(name, pair));
    }
    println!("\n| pair | floor, both files | load one | load both | diff | analyze | render | all | all / floor |");
    println!("|---|---:|---:|---:|---:|---:|---:|---:|---:|");
    for (name, pair) in &pairs {
        println!("{}", parts(name, pair));
    }
    if is_wanted("modes") {
        modes::print(pairs.iter().rfind(|(name, _)| name != "fixture"));
    }
    if is_wanted("scale") {
        scale::print();
    }
    if is_wanted("holders") {
        holders::print();
    }
}

/// The program that is measured.
fn leakdiff() -> Command {
    Command::new(env!("CARGO_BIN_EXE_leakdiff"))
}

/// Makes this program measure the memory of another and print it: a child inherits the peak of who starts it, so it must
/// be started by a process that has used little itself.
const PEAK: &str = "--peak-of";

fn peak_bytes(command: &Command) -> u64 {
    let mut small = Command::new(std::env::current_exe().expect("this program has a path"));
    small.arg(PEAK).arg(command.get_program()).args(command.get_args());
    let output = small.output().expect("this program starts");
    String::from_utf8_lossy(&output.stdout).trim().parse().expect("it prints a number")
}

/// The pair of a size, made on first use and kept beside the build.
fn generated(size: Size) -> [PathBuf; 2] {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("speed");
    std::fs::create_dir_all(&folder).expect("the build folder is writable");
    [false, true].map(|second| {
        let Size { name, samples, functions, depth: (shallowest, deepest), .. } = size;
        let number = 1 + u8::from(second);
        let path = folder.join(format!("{name}-{samples}-{functions}-{shallowest}-{deepest}-{number}.pb.gz"));
        if !path.exists() {
            let partial = path.with_extension("partial");
            generate::write(size, second, &partial).expect("the pair can be written");
            std::fs::rename(&partial, &path).expect("the pair can be named");
        }
        path
    })
}

/// How many runs are enough for the size of a pair.
fn runs(pair: &[PathBuf; 2]) -> usize {
    const LARGE: u64 = 4 << 20;
    if gzipped(pair) > LARGE { 5 } else { 40 }
}

fn gzipped(pair: &[PathBuf; 2]) -> u64 {
    pair.iter().map(|path| path.metadata().map_or(0, |metadata| metadata.len())).sum()
}

/// The whole program against the yardsticks.
fn whole(name: &str, pair: &[PathBuf; 2]) -> String {
    let runs = runs(pair);
    let mut floors = Vec::new();
    let mut ours = Vec::new();
    let mut command = leakdiff();
    command.args(pair);
    for _ in 0..runs {
        floors.push(closure(|| floor(pair)).0);
        ours.push(process(&mut command));
    }
    let raw = floor(pair);
    let other =
        other_floor(pair, runs).map_or("-".to_owned(), |floor| format!("{:.2}", median(ours.clone()).seconds / floor));
    let (floor, mut ours) = (median(floors), median(ours));
    ours.peak_bytes = peak_bytes(&command);
    let pprof = pprof(pair, if runs < 10 { 1 } else { 5 });
    let (pprof_time, faster, pprof_peak) = match pprof {
        Some(pprof) => {
            (seconds(pprof.seconds), format!("{:.0}x", pprof.seconds / ours.seconds), mebibytes(pprof.peak_bytes))
        }
        None => ("-".to_owned(), "-".to_owned(), "-".to_owned()),
    };
    format!(
        "| {name} | {} | {} | {} | {} | {:.2} | {} | {pprof_time} | {faster} | {} | {:.2} | {pprof_peak} |",
        mebibytes(gzipped(pair)),
        mebibytes(raw),
        seconds(floor.seconds),
        seconds(ours.seconds),
        ours.seconds / floor.seconds,
        other,
        mebibytes(ours.peak_bytes),
        ours.peak_bytes as f64 / raw as f64,
    )
}

/// Inflates both files and cuts their bytes into integers, side by side; returns how many bytes there were.
fn floor(pair: &[PathBuf; 2]) -> u64 {
    let touch = |path: &Path| {
        let compressed = std::fs::File::open(path).expect("the profile is readable");
        let mut inflated = MultiGzDecoder::new(BufReader::with_capacity(128 << 10, compressed));
        let mut block = vec![0; 128 << 10];
        let (mut length, mut integer, mut sum) = (0, 0_u64, 0_u64);
        while let Ok(count @ 1..) = inflated.read(&mut block) {
            length += count as u64;
            for byte in &block[..count] {
                integer = integer << 7 | u64::from(byte & 0x7f);
                if *byte < 0x80 {
                    sum = sum.wrapping_add(integer);
                    integer = 0;
                }
            }
        }
        std::hint::black_box(sum);
        length
    };
    std::thread::scope(|scope| {
        let threads = pair.each_ref().map(|path| scope.spawn(move || touch(path)));
        threads.into_iter().map(|thread| thread.join().expect("the thread ends")).sum()
    })
}

/// What another program takes to inflate and touch both files, where `FLOOR` names one.
fn other_floor(pair: &[PathBuf; 2], runs: usize) -> Option<f64> {
    let mut command = Command::new(std::env::var_os("FLOOR")?);
    command.arg("run").args(pair);
    Some(median((0..runs).map(|_| process(&mut command)).collect()).seconds)
}

/// `go tool pprof` on the same question, where `GO` names a Go toolchain.
fn pprof(pair: &[PathBuf; 2], runs: usize) -> Option<Cost> {
    let go = std::env::var_os("GO")?;
    let mut command = Command::new(go);
    command.args(["tool", "pprof", "-top", "-symbolize=none"]).arg(format!("-diff_base={}", pair[0].display()));
    command.arg(&pair[1]).env("GOTOOLCHAIN", "local");
    Some(median((0..runs).map(|_| process(&mut command)).collect()))
}

/// Each room by itself, in this process.
fn parts(name: &str, pair: &[PathBuf; 2]) -> String {
    let runs = runs(pair);
    let mut costs: [Vec<Cost>; 6] = Default::default();
    for _ in 0..runs {
        costs[0].push(closure(|| floor(pair)).0);
        let (cost, _) = closure(|| load::load(read(&pair[1..]), load::Limits::default()).expect("the profile loads"));
        costs[1].push(cost);
        let (cost, loaded) = closure(|| load::load(read(pair), load::Limits::default()).expect("the pair loads"));
        costs[2].push(cost);
        let (cost, diff) = closure(|| diff::diff(loaded, &diff::Options::default()).expect("the pair compares"));
        costs[3].push(cost);
        let (cost, analysis) = closure(|| compare::compare(&diff, None, compare::Options::default()));
        costs[4].push(cost);
        let (cost, ()) = closure(|| {
            let report = Report::new(&diff, &analysis);
            (FORMATS[0].write)(&report, &Style::default(), &mut Vec::new()).expect("memory takes the table");
        });
        costs[5].push(cost);
    }
    let [floor, one, load, diff, analyze, render] = costs.map(|costs| median(costs).seconds);
    let all = load + diff + analyze + render;
    let texts = [floor, one, load, diff, analyze, render, all].map(seconds).join(" | ");
    format!("| {name} | {texts} | {:.2} |", all / floor)
}

fn read(paths: &[PathBuf]) -> Vec<load::Input> {
    let input = |path: &PathBuf| load::Input {
        label: path.display().to_string(),
        path: path.display().to_string(),
        content: Box::new(std::fs::File::open(path).expect("the profile is readable")),
    };
    paths.iter().map(input).collect()
}

fn seconds(value: f64) -> String {
    if value < 1.0 { format!("{:.1} ms", value * 1e3) } else { format!("{value:.2} s") }
}

fn mebibytes(bytes: u64) -> String {
    format!("{:.1} MiB", bytes as f64 / f64::from(1 << 20))
}
