//! A recording with its truth, and what is asked of it.

use std::path::PathBuf;

use serde_json::Value;

use crate::support::{fixture, json};

/// A recording: a service with six heaps and goroutines of the first and last moment, or a kernel with two.
pub struct Recording {
    pub name: String,
    folder: PathBuf,
    truth: Value,
}

/// What is given to the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mode {
    TwoHeaps,
    Series,
    TwoHeapsAndGoroutines,
    SeriesAndGoroutines,
    Goroutines,
}

impl Mode {
    pub const ALL: [Self; 5] =
        [Self::TwoHeaps, Self::Series, Self::TwoHeapsAndGoroutines, Self::SeriesAndGoroutines, Self::Goroutines];

    /// As the truth of a recording spells it.
    pub fn name(self) -> &'static str {
        match self {
            Self::TwoHeaps => "two heaps",
            Self::Series => "series",
            Self::TwoHeapsAndGoroutines => "two heaps + goroutines",
            Self::SeriesAndGoroutines => "series + goroutines",
            Self::Goroutines => "goroutines",
        }
    }

    fn has_goroutines(self) -> bool {
        !matches!(self, Self::TwoHeaps | Self::Series)
    }
}

/// The function that a closure stands in: to a reader they are one.
pub fn parent(name: &str) -> &str {
    leakdiff::model::name::enclosing(name).unwrap_or(name)
}

impl Recording {
    /// All of them.
    pub fn all() -> Vec<Self> {
        let folders = std::fs::read_dir(fixture("corpus")).expect("recordings").flatten().map(|entry| entry.path());
        let mut all: Vec<Self> = folders
            .filter(|folder| folder.is_dir())
            .map(|folder| {
                let truth = std::fs::read(folder.join("truth.json")).expect("a truth");
                let truth = serde_json::from_slice(&truth).expect("JSON");
                let name = folder.file_name().expect("a name").to_string_lossy().into_owned();
                Self { name, folder, truth }
            })
            .collect();
        all.sort_by(|a, b| a.name.cmp(&b.name));
        all
    }

    pub fn is_leak(&self) -> bool {
        self.truth["is_leak"] == true
    }

    fn is_kernel(&self) -> bool {
        !self.folder.join("heap.6.pb.gz").is_file()
    }

    /// The modes that can show it.
    pub fn modes(&self) -> impl Iterator<Item = Mode> {
        Mode::ALL.into_iter().filter(|mode| {
            let is_there = match mode {
                Mode::Goroutines => self.is_kernel(),
                Mode::TwoHeapsAndGoroutines => true,
                Mode::TwoHeaps | Mode::Series | Mode::SeriesAndGoroutines => !self.is_kernel(),
            };
            is_there && self.truth["cannot_show"][mode.name()].is_null()
        })
    }

    /// The report of a mode; of a series with the heaps of these numbers.
    pub fn report_of(&self, mode: Mode, heaps: &[u8]) -> Value {
        let path = |name: &str| self.folder.join(name).to_string_lossy().into_owned();
        let goroutines = ["goroutine.first.pb.gz", "goroutine.last.pb.gz"].map(path);
        let mut args: Vec<String> = match mode {
            Mode::Goroutines => [&["goroutines".to_owned()][..], &goroutines].concat(),
            _ => heaps.iter().map(|number| path(&format!("heap.{number}.pb.gz"))).collect(),
        };
        if mode.has_goroutines() && mode != Mode::Goroutines {
            args.push("--goroutines".to_owned());
            args.extend(goroutines);
        }
        args.push("--exact-names".to_owned());
        json(&args.iter().map(String::as_str).collect::<Vec<_>>())
    }

    pub fn report(&self, mode: Mode) -> Value {
        let heaps: &[u8] = match mode {
            Mode::Series | Mode::SeriesAndGoroutines => &[1, 2, 3, 4, 5, 6],
            _ if self.is_kernel() => &[1, 2],
            _ => &[1, 6],
        };
        self.report_of(mode, heaps)
    }

    /// Whether a suspect, or what was set aside, names a function that leads to the bug.
    pub fn is_function(&self, suspect: &Value) -> bool {
        let function = suspect["responsible"]["function"].as_str().unwrap_or_default();
        let accepted = self.truth["accept_functions"].as_array().expect("functions").iter();
        !function.is_empty() && accepted.filter_map(Value::as_str).any(|name| parent(name) == parent(function))
    }

    /// Whether a suspect has a code that is right in this mode.
    pub fn is_code(&self, suspect: &Value, mode: Mode) -> bool {
        let of = |key: &str| self.truth[key].as_array().cloned().unwrap_or_default();
        let alone = if mode.has_goroutines() { Vec::new() } else { of("codes_of_heaps_alone") };
        of("expected_codes").iter().chain(&alone).any(|code| suspect["code"] == *code)
    }
}

pub fn list<'a>(report: &'a Value, key: &str) -> &'a [Value] {
    report[key].as_array().map_or(&[], Vec::as_slice)
}

/// Whether a suspect says more than that something grew and that more snapshots would tell.
pub fn accuses(suspect: &Value) -> bool {
    let is_open = matches!(suspect["trend"]["verdict"].as_str(), Some("undecided" | "stopped" | "fluctuating"));
    suspect["confidence"] != "low" || !is_open
}
