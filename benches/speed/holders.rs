//! Heap dumps: how long it takes to tell who holds what, beside reading the file once, and how much memory.
//!
//! A program of Go writes the dump (`dump/main.go`; `GO` names the go command): ten million small objects in a map and a list.

use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::measure::{closure, median, process};

/// Items of the map; three objects each.
const ITEMS: &[usize] = &[300_000, 3_300_000];

/// Prints a line for each size, where there is a go command.
pub fn print() {
    let Some(go) = std::env::var_os("GO").map(PathBuf::from) else {
        println!("\nheap dumps: not measured, as GO names no go command");
        return;
    };
    println!("\n| dump | objects | read once | holders | x read | peak / file | bytes an object beyond the file |");
    println!("|---|---:|---:|---:|---:|---:|---:|");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let program = folder.path().join("dump");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/speed/dump");
    let mut build = Command::new(&go);
    build.args(["build", "-trimpath", "-o"]).arg(&program).arg("main.go").current_dir(source);
    build.env("GOTOOLCHAIN", "local").env("GOFLAGS", "-mod=mod").env("GO111MODULE", "off");
    assert!(build.status().is_ok_and(|status| status.success()), "the program that dumps is built");
    for items in ITEMS {
        let dump = folder.path().join(format!("{items}.dump"));
        let mut written = Command::new(&program);
        written.arg("-items").arg(items.to_string()).arg("-o").arg(&dump);
        assert!(written.status().is_ok_and(|status| status.success()), "a dump is written");
        println!("{}", line(&dump, &program));
        std::fs::remove_file(&dump).expect("the dump can be removed");
    }
}

fn line(dump: &Path, program: &Path) -> String {
    let told = leakdiff(dump, program).args(["-f", "json"]).output().expect("leakdiff runs");
    let report: serde_json::Value = serde_json::from_slice(&told.stdout).expect("a report");
    let objects = report["objects"]["after"].as_f64().expect("a number");
    let bytes = std::fs::metadata(dump).expect("the dump").len() as f64;
    let read = median((0..3).map(|_| closure(|| read_once(dump)).0).collect());
    let held = median((0..3).map(|_| process(&mut leakdiff(dump, program))).collect());
    let peak = held.peak_bytes as f64;
    format!(
        "| {:.0} MB | {:.1} M | {:.2} s | {:.2} s | {:.1} | {:.2} | {:.0} |",
        bytes / 1e6,
        objects / 1e6,
        read.seconds,
        held.seconds,
        held.seconds / read.seconds,
        peak / bytes,
        (peak - bytes) / objects,
    )
}

fn leakdiff(dump: &Path, program: &Path) -> Command {
    let mut command = crate::leakdiff();
    command.arg("holders").arg(dump).arg("--bin").arg(program);
    command
}

/// Reads a file and looks at every byte: a sum, so that none can be left out.
fn read_once(path: &Path) -> u64 {
    let mut file = BufReader::with_capacity(1 << 20, std::fs::File::open(path).expect("the dump"));
    let (mut block, mut sum) = (vec![0; 1 << 20], 0_u64);
    loop {
        match file.read(&mut block).expect("a readable dump") {
            0 => return sum,
            count => sum = block[..count].iter().fold(sum, |sum, byte| sum.wrapping_add(u64::from(*byte))),
        }
    }
}
